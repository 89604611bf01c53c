/* talk_print.c - an episode as a conversation.
 *
 * Prompts repeat: every agent is asked the same question, and every round quotes the
 * last. So a line is printed where it is first said, and "..." stands where it is said
 * again. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <accord/rng.h>

#include "base/mem.h"
#include "report/lines.h"
#include "report/map.h"
#include "report/sheet.h"
#include "report/talk.h"

typedef struct talk {
    const accord_talk *lines;
    const char *ep;
    accord_buf *out;
    accord_err *err;
    const json_t *task; /* what the manifest says of it */
    accord_map said;    /* hashes of lines that stand above */
    accord_talk_call *calls;
    size_t n_calls;
} talk;

static const char *text_of(const json_t *j, const char *key) {
    const char *text = json_string_value(json_object_get(j, key));

    return text ? text : "";
}

static double number_of(const json_t *j, const char *key) {
    return accord_report_real(json_object_get(j, key));
}

static bool is(const json_t *j, const char *k, const char *ep) {
    return strcmp(text_of(j, "k"), k) == 0 && strcmp(text_of(j, "ep"), ep) == 0;
}

/* True when the n bytes at `line` were said before; they are now.  Indentation does not
 * count: quoting may add it. */
static accord_code said(talk *t, const char *line, size_t n, bool *before) {
    uint64_t key = 0xcbf29ce484222325u;
    uint32_t *slot;

    while (n > 0 && *line == ' ') {
        line++;
        n--;
    }
    for (size_t i = 0; i < n; i++)
        key = (key ^ (unsigned char)line[i]) * 0x100000001b3u;
    accord_code rc = accord_map_at(&t->said, accord_rng_mix(key), &slot, t->err);
    *before = !rc && *slot != ACCORD_MAP_NEW;
    if (!rc)
        *slot = 0;
    return rc;
}

/* The length of a quoting mark at the start of a line, or 0: "Peer 2: ", "Answer: ". */
static size_t mark_length(const char *line) {
    if (strncmp(line, "Answer: ", 8) == 0)
        return 8;
    if (strncmp(line, "Peer ", 5) != 0)
        return 0;
    size_t digits = strspn(line + 5, "0123456789");
    return digits && strncmp(line + 5 + digits, ": ", 2) == 0 ? digits + 7 : 0;
}

static void put(talk *t, const char *indent, const char *text, size_t n) {
    char *line = accord_xalloc(n + 1);

    memcpy(line, text, n);
    accord_buf_puts(t->out, indent);
    accord_report_clean(t->out, line, true);
    accord_buf_puts(t->out, "\n");
    free(line);
}

/* A prompt's message: what is new of it, "..." for the rest.  A message that only repeats
 * is not printed at all. */
static accord_code print_message(talk *t, const char *role, const char *text) {
    bool gap = false;   /* something was left out since the last line */
    bool quote = false; /* the last line ends in "..." already */
    bool headed = false;

    while (*text) {
        size_t n = strcspn(text, "\n");
        size_t mark = mark_length(text);
        bool before;
        accord_code rc = said(t, text + mark, n - mark, &before);
        if (rc)
            return rc;
        if (before && mark == 0) {
            gap |= n > 0 && !quote;
        } else {
            if (!headed)
                accord_buf_printf(t->out, "  to it, as %s:\n", role);
            if (gap)
                accord_buf_puts(t->out, "  | ...\n");
            put(t, "  | ", text, before ? mark : n);
            if (before) {
                t->out->n--; /* "Peer 2: ..." says whose words they are */
                accord_buf_puts(t->out, "...\n");
            }
            headed = true;
            quote = before;
            gap = false;
        }
        text += n + (text[n] == '\n');
    }
    return ACCORD_OK;
}

static accord_code print_reply(talk *t, const char *text) {
    while (*text) {
        size_t n = strcspn(text, "\n");
        bool before;
        accord_code rc = said(t, text, n, &before);
        if (rc)
            return rc;
        put(t, "    ", text, n);
        text += n + (text[n] == '\n');
    }
    return ACCORD_OK;
}

static void print_head(talk *t, const accord_talk_call *c) {
    const json_t *any = c->account ? c->account : c->words;
    const json_t *tokens = json_object_get(c->account, "tokens");
    double sample = number_of(any, "sample");

    accord_buf_puts(t->out, "\n");
    accord_report_clean(t->out, text_of(any, "role"), false);
    accord_buf_printf(t->out, " %.0f, round %.0f", number_of(any, "agent"),
                      number_of(any, "round"));
    if (sample > 0)
        accord_buf_printf(t->out, ", sample %.0f", sample);
    if (c->account) {
        const json_t *us = json_object_get(c->account, "us");
        char took[32];
        accord_report_duration(took, accord_report_real(json_array_get(us, 2)) / 1e3);
        accord_buf_puts(t->out, "  (");
        accord_report_clean(t->out, text_of(c->account, "model"), false);
        if (c->words)
            accord_buf_printf(t->out, ", temperature %g",
                              number_of(c->words, "temperature"));
        accord_buf_printf(t->out, ", %.0f + %.0f tokens, %s",
                          accord_report_real(json_array_get(tokens, 0)),
                          accord_report_real(json_array_get(tokens, 1)), took);
        if (strcmp(text_of(c->account, "finish"), "stop") != 0)
            accord_buf_printf(t->out, ", finish: %s", text_of(c->account, "finish"));
        accord_buf_puts(t->out, ")");
    }
    accord_buf_puts(t->out, "\n");
}

static accord_code print_call(talk *t, const accord_talk_call *c) {
    const json_t *messages = json_object_get(c->words, "messages");
    accord_code rc = ACCORD_OK;

    print_head(t, c);
    for (size_t i = 0; !rc && i < json_array_size(messages); i++) {
        const json_t *message = json_array_get(messages, i);
        rc = print_message(t, text_of(message, "role"), text_of(message, "text"));
    }
    const char *error = text_of(c->account, "error");
    if (*error) {
        accord_buf_printf(t->out, "  failed: %s: ", error);
        accord_report_clean(t->out, text_of(c->words, "message"), false);
        accord_buf_puts(t->out, "\n");
    } else if (!rc && c->words) {
        accord_buf_puts(t->out, "  it says:\n");
        rc = print_reply(t, text_of(c->words, "reply"));
    }
    return rc;
}

/* The candidates of a kind, or the one with `index`.  A line of the journal has a canon,
 * one of text.jsonl has the words. */
static void print_candidates(talk *t, bool rounds, double index) {
    const char *gap = "\n";

    for (size_t i = 0; i < t->lines->n; i++) {
        const json_t *j = t->lines->lines[i].json;
        bool round = strcmp(text_of(j, "kind"), "round") == 0;
        double at = number_of(j, "index");
        if (!is(j, "cand", t->ep) || !json_object_get(j, "canon") || round != rounds ||
            (rounds && (at < index || at > index)))
            continue;
        accord_buf_puts(t->out, gap);
        if (!rounds)
            accord_report_clean(t->out, text_of(j, "kind"), false);
        accord_buf_printf(t->out, "%s %.0f: ", rounds ? "after round" : "", at);
        gap = "";
        const char *canon = text_of(j, "canon");
        accord_report_clean(t->out, *canon ? canon : "no answer", false);
        accord_buf_printf(t->out, "  (score %g)\n", number_of(j, "score"));
    }
}

static void print_parts(talk *t, const json_t *ep) {
    const json_t *names = json_object_get(t->task, "parts");
    const json_t *parts = json_object_get(ep, "parts");

    for (size_t i = 0; i < json_array_size(parts) && i < json_array_size(names); i++) {
        const char *name = json_string_value(json_array_get(names, i));
        double value = accord_report_real(json_array_get(parts, i));
        accord_buf_printf(t->out, "%s%s ", i ? ", " : " (", name ? name : "?");
        if (isnan(value))
            accord_buf_puts(t->out, "n/a");
        else
            accord_buf_printf(t->out, "%g", value);
    }
    if (json_array_size(parts) && json_array_size(names))
        accord_buf_puts(t->out, ")");
}

/* What was gained in how many steps; a question has no steps worth a word. */
static void print_gain(talk *t, const json_t *ep, bool acts) {
    const char *score = text_of(t->task, "score");

    accord_buf_puts(t->out, ", ");
    accord_report_clean(t->out, acts && *score ? score : "score", false);
    accord_buf_printf(t->out, " %g", number_of(ep, "score"));
    print_parts(t, ep);
    if (acts)
        accord_buf_printf(
            t->out, " in %.0f steps%s", number_of(ep, "steps"),
            strcmp(text_of(ep, "end"), "truncated") == 0 ? ", to the limit of time" : "");
}

static void print_actions(talk *t) {
    for (size_t i = 0; i < t->lines->n; i++) {
        const json_t *j = t->lines->lines[i].json;
        if (is(j, "actions", t->ep))
            accord_buf_printf(t->out,
                              "actions: %.0f of %.0f x %s, recorded (--frames DIR shows "
                              "what they did)\n",
                              number_of(j, "steps"), number_of(j, "width"),
                              text_of(j, "type"));
    }
}

static void print_verdict(talk *t, bool acts) {
    char took[32];

    for (size_t i = 0; i < t->lines->n; i++) {
        const json_t *j = t->lines->lines[i].json;
        if (is(j, "action", t->ep)) {
            accord_buf_puts(t->out, "\nfinal answer:\n");
            for (const char *p = text_of(j, "text"); *p;) {
                size_t n = strcspn(p, "\n");
                put(t, "    ", p, n);
                p += n + (p[n] == '\n');
            }
        }
    }
    for (size_t i = 0; i < t->lines->n; i++) {
        const json_t *j = t->lines->lines[i].json;
        if (!is(j, "ep", t->ep))
            continue;
        accord_buf_printf(t->out, "\nverdict: %s", text_of(j, "outcome"));
        print_gain(t, j, acts);
        if (*text_of(j, "canon")) {
            accord_buf_puts(t->out, ", read as ");
            accord_report_clean(t->out, text_of(j, "canon"), false);
        }
        if (*text_of(j, "note")) {
            accord_buf_puts(t->out, ", by ");
            accord_report_clean(t->out, text_of(j, "note"), false);
        }
        accord_report_duration(took, number_of(j, "us") / 1e3);
        accord_buf_printf(t->out, "; %s", took);
        if (*text_of(j, "error")) {
            accord_buf_puts(t->out, "\nerror: ");
            accord_report_clean(t->out, text_of(j, "error"), false);
        }
        accord_buf_puts(t->out, "\n");
        print_actions(t);
        return;
    }
    accord_buf_puts(t->out, "\nnot finished\n");
}

static accord_code print_episode(talk *t, bool acts) {
    accord_code rc = accord_talk_calls(t->lines, t->ep, &t->calls, &t->n_calls, t->err);

    for (size_t i = 0; !rc && i < t->n_calls; i++) {
        const json_t *own = t->calls[i].account ? t->calls[i].account : t->calls[i].words;
        const accord_talk_call *next = i + 1 < t->n_calls ? &t->calls[i + 1] : NULL;
        double round = number_of(own, "round");
        rc = print_call(t, &t->calls[i]);
        if (!next ||
            number_of(next->account ? next->account : next->words, "round") > round)
            print_candidates(t, true, round);
    }
    print_candidates(t, false, 0);
    if (!rc)
        print_verdict(t, acts);
    return rc;
}

static bool seen_before(const accord_talk *t, size_t i) {
    const char *ep = text_of(t->lines[i].json, "ep");

    for (size_t k = 0; k < i; k++)
        if (strcmp(text_of(t->lines[k].json, "ep"), ep) == 0)
            return true;
    return false;
}

accord_code accord_talk_print(const accord_talk *lines, const accord_rundir *run,
                              const accord_run_cell *cell, accord_buf *out,
                              accord_err *err) {
    const json_t *task = accord_rundir_task(run, cell->task);
    bool acts = accord_rundir_acts(run, cell->task);
    accord_code rc = ACCORD_OK;

    for (size_t i = 0; !rc && i < lines->n; i++) {
        const char *ep = text_of(lines->lines[i].json, "ep");
        if (seen_before(lines, i))
            continue;
        talk t = {.lines = lines, .ep = ep, .out = out, .err = err, .task = task};
        accord_buf_printf(out, "%s/%s/%llu  ", cell->task, cell->method,
                          (unsigned long long)cell->seed);
        accord_report_clean(out, ep, false);
        accord_buf_puts(out, "\n");
        rc = print_episode(&t, acts);
        accord_buf_puts(out, "\n");
        accord_map_fini(&t.said);
        free(t.calls);
    }
    return rc;
}
