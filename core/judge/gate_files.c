/* gate_files.c - the verdict of a gate for programs: JSON, JUnit, Bencher,
 * github-action-benchmark. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "judge/gate.h"
#include "judge/xml.h"

static void row_json(const accord_gated *g, const accord_gate_row *r, accord_buf *b) {
    const accord_decision *d = &r->d;
    char *found = accord_gate_sentence(g, r);

    accord_json_key(b, NULL);
    accord_buf_puts(b, "{");
    accord_json_text(b, "task", r->task);
    accord_json_text(b, "mode", r->mode);
    accord_json_text(b, "method", r->method);
    accord_json_text(b, "verdict", accord_gate_word(d->verdict));
    accord_json_text(b, "found", found);
    if (r->row) {
        accord_json_int(b, "n", (int64_t)d->n);
        accord_json_finite(b, "score", d->score);
        accord_json_finite(b, "baseline", d->base);
        accord_json_finite(b, "gain", d->gain);
        accord_json_finite(b, "lower", d->lower);
        accord_json_finite(b, "upper", d->upper);
        accord_json_finite(b, "p", d->p);
        accord_json_finite(b, "p_holm", d->p_holm);
        accord_json_finite(b, "margin", d->margin);
        accord_json_finite(b, "wanted", d->wanted);
        accord_json_finite(b, "coverage", r->coverage);
    }
    accord_buf_puts(b, "}");
    free(found);
}

void accord_gated_json(const accord_gated *g, accord_buf *b) {
    accord_buf_puts(b, "{");
    accord_json_text(b, "schema", "accord.gate/1");
    accord_json_text(b, "run", g->how.run);
    if (g->how.write) {
        accord_json_text(b, "written", g->found == ACCORD_GATE_OK ? g->how.write : NULL);
    } else {
        accord_json_text(b, "verdict", accord_gated_word(g));
        accord_json_key(b, "rows");
        accord_buf_puts(b, "[");
        for (size_t i = 0; i < g->n; i++)
            row_json(g, &g->items[i], b);
        accord_buf_puts(b, "]");
    }
    accord_json_key(b, "notes");
    accord_buf_puts(b, "[");
    for (size_t i = 0; i < g->notes.n; i++)
        accord_json_text(b, NULL, g->notes.items[i]);
    accord_buf_puts(b, "]}\n");
}

enum { FAILURE, ERROR, SKIPPED, PASSED, N_KINDS };

static int kind_of(const accord_gated *g, const accord_gate_row *r) {
    switch (r->d.verdict) {
    case ACCORD_GATE_REGRESS:
        return FAILURE;
    case ACCORD_GATE_INCOMPARABLE:
        return ERROR;
    case ACCORD_GATE_INCONCLUSIVE:
        return g->how.strict ? FAILURE : SKIPPED;
    default:
        return PASSED;
    }
}

static void test_case(const accord_gated *g, const accord_gate_row *r, accord_buf *out) {
    static const char *const elements[] = {"failure", "error", "skipped"};
    char *place = accord_gate_place(r);
    char *found = accord_gate_sentence(g, r);
    int kind = kind_of(g, r);

    accord_buf_puts(out, "    <testcase");
    accord_xml_attribute(out, "classname", place);
    accord_xml_attribute(out, "name", r->method);
    accord_buf_puts(out, " time=\"0\">\n      ");
    if (kind == PASSED) {
        accord_buf_puts(out, "<system-out>");
        accord_xml_text(out, found ? found : "");
        accord_buf_puts(out, "</system-out>");
    } else {
        accord_buf_printf(out, "<%s", elements[kind]);
        accord_xml_attribute(out, "type", accord_gate_word(r->d.verdict));
        accord_xml_attribute(out, "message", found ? found : "");
        accord_buf_puts(out, "/>");
    }
    accord_buf_puts(out, "\n    </testcase>\n");
    free(found);
    free(place);
}

/* The usual schema knows "skipped" of a suite, not of all suites. */
static void counts(const accord_gated *g, size_t from, size_t to, bool skipped,
                   accord_buf *out) {
    size_t n[N_KINDS] = {0};

    for (size_t i = from; i < to; i++)
        n[kind_of(g, &g->items[i])]++;
    accord_buf_printf(out, " tests=\"%zu\" failures=\"%zu\" errors=\"%zu\"", to - from,
                      n[FAILURE], n[ERROR]);
    if (skipped)
        accord_buf_printf(out, " skipped=\"%zu\"", n[SKIPPED]);
    accord_buf_puts(out, " time=\"0\"");
}

void accord_gated_junit(const accord_gated *g, accord_buf *out) {
    size_t end;

    accord_buf_puts(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                         "<testsuites name=\"accord gate\"");
    counts(g, 0, g->n, false, out);
    accord_buf_puts(out, ">\n");
    for (size_t i = 0; i < g->n; i = end) {
        /* A baseline holds the rows of a task and mode together. */
        for (end = i + 1; end < g->n &&
                          strcmp(g->items[end].task, g->items[i].task) == 0 &&
                          strcmp(g->items[end].mode, g->items[i].mode) == 0;)
            end++;
        char *place = accord_gate_place(&g->items[i]);
        accord_buf_puts(out, "  <testsuite");
        accord_xml_attribute(out, "name", place);
        counts(g, i, end, true, out);
        accord_buf_puts(out, ">\n");
        for (size_t j = i; j < end; j++)
            test_case(g, &g->items[j], out);
        accord_buf_puts(out, "  </testsuite>\n");
        free(place);
    }
    accord_buf_puts(out, "</testsuites>\n");
}

static char *row_name(const accord_row *row) {
    char *place = accord_row_place(row);
    char *name = accord_xasprintf("%s@%s", place, row->method);

    free(place);
    return name;
}

static void measure(accord_buf *b, const char *name, double value, double lo, double hi) {
    if (isnan(value))
        return;
    accord_json_key(b, name);
    accord_buf_puts(b, "{");
    accord_json_real(b, "value", value);
    if (isfinite(lo) && isfinite(hi)) {
        accord_json_real(b, "lower_value", lo);
        accord_json_real(b, "upper_value", hi);
    }
    accord_buf_puts(b, "}");
}

void accord_gated_bmf(const accord_gated *g, accord_buf *b) {
    accord_buf_puts(b, "{");
    for (size_t i = 0; i < g->rows.n; i++) {
        const accord_row *r = &g->rows.items[i];
        if (!r->done)
            continue;
        char *name = row_name(r);
        accord_json_key(b, name);
        accord_buf_puts(b, "{");
        measure(b, "score", r->score.mean, r->score.lo, r->score.hi);
        measure(b, "tokens-per-question", r->prompt + r->completion, (double)NAN,
                (double)NAN);
        measure(b, "cost", r->cost, (double)NAN, (double)NAN);
        accord_buf_puts(b, "}");
        free(name);
    }
    accord_buf_puts(b, "}\n");
}

/* Where less is better the value stands with its sign turned, and says so. */
static void bigger(const accord_gated *g, const accord_row *r, accord_buf *b) {
    const json_t *task = accord_rundir_task(&g->run, r->task);
    const char *score = json_string_value(json_object_get(task, "score"));
    bool turned = json_is_false(json_object_get(task, "higher_is_better"));
    double scale = (turned ? -1 : 1) * (r->share ? 100.0 : 1.0);
    char *name = row_name(r);

    accord_json_key(b, NULL);
    accord_buf_puts(b, "{");
    accord_json_text(b, "name", name);
    char *unit = accord_xasprintf("%s%s%s", turned ? "minus " : "",
                                  score ? score : "score", r->share ? ", %" : "");
    accord_json_text(b, "unit", unit);
    accord_json_real(b, "value", r->score.mean * scale);
    if (isfinite(r->score.lo) && isfinite(r->score.hi)) {
        char *range =
            accord_xasprintf("%.4g .. %.4g", (turned ? r->score.hi : r->score.lo) * scale,
                             (turned ? r->score.lo : r->score.hi) * scale);
        accord_json_text(b, "range", range);
        free(range);
    }
    char *extra = accord_xasprintf("n = %zu, %zu seeds, %.0f tokens a question", r->n,
                                   r->done, r->prompt + r->completion);
    accord_json_text(b, "extra", extra);
    accord_buf_puts(b, "}");
    free(extra);
    free(unit);
    free(name);
}

void accord_gated_bigger(const accord_gated *g, accord_buf *b) {
    accord_buf_puts(b, "[");
    for (size_t i = 0; i < g->rows.n; i++)
        if (g->rows.items[i].done && !isnan(g->rows.items[i].score.mean))
            bigger(g, &g->rows.items[i], b);
    accord_buf_puts(b, "]\n");
}
