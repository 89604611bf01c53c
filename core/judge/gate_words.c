/* gate_words.c - the verdict of a gate for people, for Markdown and for GitHub's log. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "judge/gate.h"
#include "report/sheet.h"

enum { EXAMPLES = 3 };

const char *accord_gate_word(int verdict) {
    static const char *const words[ACCORD_GATE_N_VERDICTS] = {
        "pass", "regress", "inconclusive", "not comparable"};

    return words[verdict];
}

const char *accord_gated_word(const accord_gated *g) {
    static const char *const words[] = {"pass", "regress", "inconclusive",
                                        "not comparable"};

    return words[g->found];
}

char *accord_gate_place(const accord_gate_row *r) {
    return strcmp(r->mode, "default") == 0 ? accord_xstrdup(r->task)
                                           : accord_xasprintf("%s/%s", r->task, r->mode);
}

bool accord_gate_fails(const accord_gated *g, const accord_gate_row *r) {
    return r->d.verdict == ACCORD_GATE_REGRESS ||
           r->d.verdict == ACCORD_GATE_INCOMPARABLE ||
           (g->how.strict && r->d.verdict == ACCORD_GATE_INCONCLUSIVE);
}

static char *reasons(const accord_gate_row *r) {
    accord_buf b;

    accord_buf_init(&b, 1 << 20);
    for (size_t i = 0; i < r->why.n; i++)
        accord_buf_printf(&b, "%s%s", i ? "; " : "", r->why.items[i]);
    return accord_buf_take(&b);
}

/* What it would take to know, or nothing. */
static char *remedy(const accord_gate_row *r) {
    const accord_decision *d = &r->d;

    if (d->verdict != ACCORD_GATE_INCONCLUSIVE)
        return accord_xstrdup("");
    if (r->x.unit != ACCORD_BY_ITEM && isnan(d->lower))
        return accord_xasprintf("; it takes at least %d training seeds on both sides",
                                r->x.unit == ACCORD_BY_SEED ? ACCORD_ENOUGH_SEEDS : 2);
    if (isnan(d->wanted))
        return accord_xstrdup("; no number of items decides a difference like this one");
    if (r->x.unit == ACCORD_BY_BOTH)
        return accord_xasprintf("; %.1f times as many items and seeds would decide",
                                d->wanted / (double)d->n);
    return accord_xasprintf("; about %.0f %s would decide (there are %zu)", d->wanted,
                            d->by_seed ? "training seeds" : "items", d->n);
}

static char *bounds_text(const accord_gate_row *r) {
    if (isnan(r->d.lower) || isnan(r->d.upper))
        return accord_xstrdup("");
    char *lower = accord_scale_gap(&r->scale, r->d.lower, true);
    char *upper = accord_scale_gap(&r->scale, r->d.upper, true);
    char *text = accord_xasprintf("at least %s, at most %s; ", lower, upper);

    free(lower);
    free(upper);
    return text;
}

char *accord_gate_sentence(const accord_gated *g, const accord_gate_row *r) {
    const accord_decision *d = &r->d;

    if (d->verdict == ACCORD_GATE_INCOMPARABLE)
        return reasons(r);
    char *now = accord_scale_score(&r->scale, d->score);
    char *then = accord_scale_score(&r->scale, d->base);
    char *gain = accord_scale_gap(&r->scale, d->gain, true);
    char *bounds = bounds_text(r);
    char *margin = accord_scale_gap(&r->scale, d->margin, false);
    char *rest = remedy(r);
    char *text =
        d->alike ? accord_xasprintf("%s, the same score on all %zu %s", now, d->n,
                                    d->by_seed ? "training seeds" : "items")
                 : accord_xasprintf("%s, was %s: %s%s (%smargin %s)%s", now, then, gain,
                                    accord_scale_unit(&r->scale), bounds, margin, rest);

    free(now);
    free(then);
    free(gain);
    free(bounds);
    free(margin);
    free(rest);
    return text;
}

static char *headline(const accord_gated *g) {
    accord_buf b;
    bool any = false;

    accord_buf_init(&b, 1 << 16);
    accord_buf_printf(&b, "gate: %s (", accord_gated_word(g));
    for (int v = 0; v < ACCORD_GATE_N_VERDICTS; v++)
        if (g->count[v]) {
            accord_buf_printf(&b, "%s%zu %s", any ? ", " : "", g->count[v],
                              accord_gate_word(v));
            any = true;
        }
    accord_buf_puts(&b, ")");
    return accord_buf_take(&b);
}

/* Some of the items that were lost, with the command for each. */
static void lost_items(const accord_gated *g, const accord_gate_row *r, accord_buf *out) {
    size_t shown = 0;
    accord_buf line;

    accord_buf_init(&line, 1 << 16);
    for (size_t i = 0; r->x.unit != ACCORD_BY_SEED && i < r->x.n_items; i++) {
        if (!((r->scale.higher ? r->x.gain[i] : -r->x.gain[i]) < 0) || shown == EXAMPLES)
            continue;
        accord_buf_clear(&line);
        accord_show_command(&g->run, r->row, r->x.ids[i], &line);
        accord_buf_puts(out, "    lost    ");
        accord_report_clean(out, line.data ? line.data : "", false);
        accord_buf_puts(out, "\n");
        shown++;
    }
    accord_buf_fini(&line);
}

static void row_words(const accord_gated *g, const accord_gate_row *r, accord_buf *out) {
    char *place = accord_gate_place(r);
    char *found = accord_gate_sentence(g, r);
    char *text = accord_xasprintf("%s: %s on %s: %s", accord_gate_word(r->d.verdict),
                                  r->method, place, found ? found : "");

    accord_sentence_write(out, text, 0);
    if (r->d.verdict == ACCORD_GATE_REGRESS)
        lost_items(g, r, out);
    free(text);
    free(found);
    free(place);
}

static void written_words(const accord_gated *g, accord_buf *out) {
    size_t scores = 0;
    char *text;

    for (size_t i = 0; i < g->rows.n; i++)
        scores += g->rows.items[i].scores.n_items * g->rows.items[i].done;
    if (g->found == ACCORD_GATE_OK)
        text =
            accord_xasprintf("%s: %zu rows, %zu scores", g->how.write, g->rows.n, scores);
    else
        text = accord_xasprintf("%s was not written: a baseline of such a run would let "
                                "too much pass",
                                g->how.write);
    accord_sentence_write(out, text, 0);
    free(text);
}

void accord_gated_words(const accord_gated *g, accord_buf *out) {
    if (g->how.write) {
        written_words(g, out);
    } else {
        char *first = headline(g);
        accord_sentence_write(out, first, 0);
        free(first);
        accord_buf_puts(out, "\n");
    }
    for (int v = ACCORD_GATE_N_VERDICTS - 1; v >= 0; v--) /* what passed comes last */
        for (size_t i = 0; i < g->n; i++)
            if (g->items[i].d.verdict == v)
                row_words(g, &g->items[i], out);
    if (g->notes.n)
        accord_buf_puts(out, "\n");
    for (size_t i = 0; i < g->notes.n; i++)
        accord_sentence_write(out, g->notes.items[i], 0);
}

void accord_gated_markdown(const accord_gated *g, accord_buf *out) {
    accord_sheet s = {.n_columns = 4, .left = {true, true, true, true}};
    char *first = headline(g);

    accord_buf_printf(out, "### %s\n\n", first);
    accord_sheet_take(&s, accord_xstrdup("verdict"));
    accord_sheet_take(&s, accord_xstrdup("task"));
    accord_sheet_take(&s, accord_xstrdup("method"));
    accord_sheet_take(&s, accord_xstrdup("found"));
    for (size_t i = 0; i < g->n; i++) {
        const accord_gate_row *r = &g->items[i];
        accord_sheet_take(&s, accord_xstrdup(accord_gate_word(r->d.verdict)));
        accord_sheet_take(&s, accord_gate_place(r));
        accord_sheet_take(&s, accord_xstrdup(r->method));
        accord_sheet_take(&s, accord_gate_sentence(g, r));
    }
    for (size_t i = 0; i < g->notes.n; i++)
        accord_sheet_note(&s, accord_xstrdup(g->notes.items[i]));
    accord_sheet_md(&s, out);
    accord_buf_puts(out, "\n");
    accord_sheet_fini(&s);
    free(first);
}

/* GitHub's workflow commands: %, line ends, and in properties : and , are coded. */
static void command_text(accord_buf *out, const char *text, bool property) {
    for (; *text; text++) {
        unsigned char c = (unsigned char)*text;
        if (c < 0x20 || c == '%' || (property && (c == ':' || c == ',')))
            accord_buf_printf(out, "%%%02X", c);
        else
            accord_buf_add(out, text, 1);
    }
}

void accord_gated_annotations(const accord_gated *g, accord_buf *out) {
    for (size_t i = 0; i < g->n; i++) {
        const accord_gate_row *r = &g->items[i];
        if (r->d.verdict == ACCORD_GATE_PASS)
            continue;
        char *place = accord_gate_place(r);
        char *found = accord_gate_sentence(g, r);
        char *title = accord_xasprintf("accord gate: %s on %s", r->method, place);
        char *text = accord_xasprintf("%s: %s", accord_gate_word(r->d.verdict),
                                      found ? found : "");
        accord_buf_puts(out,
                        accord_gate_fails(g, r) ? "::error title=" : "::warning title=");
        command_text(out, title, true);
        accord_buf_puts(out, "::");
        command_text(out, text, false);
        accord_buf_puts(out, "\n");
        free(text);
        free(title);
        free(found);
        free(place);
    }
}
