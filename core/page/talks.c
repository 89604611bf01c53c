/* talks.c - transcripts: which of them a page holds, and how they are written.
 *
 * The files are read twice: once to measure what was said in each episode, once to keep
 * the lines of those that were chosen, so that a long run needs no more memory than the
 * page has transcripts. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <accord/rng.h>

#include "base/file.h"
#include "base/mem.h"
#include "page/escape.h"
#include "page/pages.h"
#include "report/lines.h"
#include "report/talk.h"

/* How often a text stands in the files, at most, where room is reckoned with. */
enum { REPEATS = 4, LEAST_URGENT = 4 };

#define MAX_ONE ((size_t)1 << 26)

static const char *const files[] = {"journal.jsonl", "text.jsonl"};

typedef struct talks {
    accord_page *p;
    accord_map at;      /* from cell and episode to its number */
    accord_talk *lines; /* [n_eps], filled for those that are chosen */
    size_t *texts;      /* [n_eps]: where the lines of text.jsonl begin */
    bool keep;          /* the second reading */
    int full;           /* the urgency from which on there is no room */
    accord_err *err;
} talks;

static uint64_t key_of(uint32_t cell, uint64_t ep) {
    uint64_t key = accord_rng_mix(ep ^ accord_rng_mix(cell + 1));

    return key ? key : 1;
}

/* What a transcript shows; the actions of control are none of it. */
static bool shown(const char *k) {
    static const char *const kinds[] = {"call", "cand", "ep", "action"};

    for (size_t i = 0; k && i < sizeof(kinds) / sizeof(kinds[0]); i++)
        if (strcmp(k, kinds[i]) == 0)
            return true;
    return false;
}

static accord_code take_line(talks *t, uint32_t cell, int file, accord_lines *lines) {
    const char *ep = accord_jsonl_text(lines->reader, "ep");
    uint32_t i = ep ? accord_map_find(&t->at, key_of(cell, accord_tally_key(ep)))
                    : (uint32_t)ACCORD_MAP_NEW;

    if (i == ACCORD_MAP_NEW || !shown(accord_jsonl_text(lines->reader, "k")))
        return ACCORD_OK;
    const char *raw = accord_jsonl_raw(lines->reader);
    if (!t->keep)
        t->p->eps[i].words += file ? strlen(raw) : 0;
    if (!t->keep || !t->p->eps[i].chosen)
        return ACCORD_OK;
    if (!file)
        t->texts[i] = t->lines[i].n + 1;
    return accord_talk_add(&t->lines[i], raw, file ? t->texts[i] : 0, t->err);
}

static accord_code read_cell(talks *t, uint32_t cell) {
    const accord_page_cell *c = &t->p->cells[cell];
    accord_code rc = ACCORD_OK;

    for (int f = t->keep ? 0 : 1; !rc && !c->acts && f < 2; f++) {
        char path[PATH_MAX];
        accord_lines lines;
        int more = 1;
        rc = accord_rundir_file(c->run, c->cell, files[f], path, t->err);
        if (rc || !accord_file_exists(path))
            continue;
        rc = accord_lines_open(path, &lines, t->err);
        while (!rc && more) {
            rc = accord_lines_next(&lines, &more, t->err);
            if (!rc && more)
                rc = take_line(t, cell, f, &lines);
        }
        accord_lines_close(&lines);
    }
    return rc;
}

static accord_code read_all(talks *t, bool keep) {
    accord_code rc = ACCORD_OK;

    t->keep = keep;
    for (uint32_t c = 0; !rc && c < t->p->n_cells; c++)
        rc = read_cell(t, c);
    return rc;
}

/* By urgency while there is room; what is less urgent never takes the place of what no
 * longer fitted.  A page says once what the files repeat for every call, so more is
 * chosen here than may fit, and write_all() holds to the limit. */
static void choose(accord_page *p) {
    size_t room = REPEATS * p->how->max_talk;
    int full = LEAST_URGENT;

    for (size_t i = 0; i < p->n_eps; i++) {
        accord_page_ep *ep = &p->eps[i];
        if (!ep->words)
            continue;
        if (ep->urgency > full || ep->words > room) {
            full = ep->urgency < full ? ep->urgency : full;
            continue;
        }
        ep->chosen = true;
        room -= ep->words;
    }
}

static const char *text_of(const json_t *j, const char *key) {
    return json_string_value(json_object_get(j, key));
}

static double number_of(const json_t *j, const char *key) {
    return accord_report_real(json_object_get(j, key));
}

/* Texts that were said, each once: agents are asked the same question, and a round quotes
 * the last. */
typedef struct texts {
    const char **items;
    size_t n, cap;
} texts;

static accord_code place_of(texts *said, const char *text, size_t *out, accord_err *err) {
    for (*out = 0; *out < said->n; ++*out)
        if (strcmp(said->items[*out], text) == 0)
            return ACCORD_OK;
    accord_code rc =
        accord_grow(&said->items, said->n, &said->cap, sizeof(*said->items), err);
    if (!rc)
        said->items[said->n++] = text;
    return rc;
}

static void write_account(accord_buf *b, const accord_talk_call *c) {
    const json_t *any = c->account ? c->account : c->words;
    const json_t *tokens = json_object_get(c->account, "tokens");
    const json_t *us = json_object_get(c->account, "us");

    accord_json_text(b, "role", text_of(any, "role"));
    accord_json_int(b, "agent", (int64_t)number_of(any, "agent"));
    accord_json_int(b, "round", (int64_t)number_of(any, "round"));
    accord_json_int(b, "sample", (int64_t)number_of(any, "sample"));
    if (c->account) {
        accord_json_text(b, "model", text_of(c->account, "model"));
        accord_json_int(b, "prompt", json_integer_value(json_array_get(tokens, 0)));
        accord_json_int(b, "completion", json_integer_value(json_array_get(tokens, 1)));
        accord_json_int(b, "us", json_integer_value(json_array_get(us, 2)));
        accord_json_text(b, "finish", text_of(c->account, "finish"));
        accord_json_text(b, "error", text_of(c->account, "error"));
    }
    if (c->words) {
        accord_json_real(b, "temperature", number_of(c->words, "temperature"));
        accord_json_text(b, "message", text_of(c->words, "message"));
        accord_json_text(b, "reply", text_of(c->words, "reply"));
    }
}

static accord_code write_call(accord_buf *b, const accord_talk_call *c, texts *said,
                              accord_err *err) {
    const json_t *messages = json_object_get(c->words, "messages");
    accord_code rc = ACCORD_OK;

    accord_json_key(b, NULL);
    accord_buf_puts(b, "{");
    write_account(b, c);
    accord_json_key(b, "asked");
    accord_buf_puts(b, "[");
    for (size_t i = 0; !rc && i < json_array_size(messages); i++) {
        const json_t *message = json_array_get(messages, i);
        const char *text = text_of(message, "text");
        size_t at = 0;
        rc = place_of(said, text ? text : "", &at, err);
        accord_json_text(b, NULL, text_of(message, "role"));
        accord_json_int(b, NULL, (int64_t)at);
    }
    accord_buf_puts(b, "]}");
    return rc;
}

static accord_code write_calls(accord_buf *b, const accord_talk *t, const char *ep,
                               accord_err *err) {
    accord_talk_call *calls = NULL;
    texts said = {0};
    size_t n = 0;

    accord_code rc = accord_talk_calls(t, ep, &calls, &n, err);
    accord_json_key(b, "calls");
    accord_buf_puts(b, "[");
    for (size_t i = 0; !rc && i < n; i++)
        rc = write_call(b, &calls[i], &said, err);
    accord_buf_puts(b, "]");
    accord_json_key(b, "said");
    accord_buf_puts(b, "[");
    for (size_t i = 0; !rc && i < said.n; i++)
        accord_json_text(b, NULL, said.items[i]);
    accord_buf_puts(b, "]");
    free(said.items);
    free(calls);
    return rc;
}

static bool is(const json_t *j, const char *k) {
    const char *kind = text_of(j, "k");

    return kind && strcmp(kind, k) == 0;
}

static void write_candidates(accord_buf *b, const accord_talk *t) {
    accord_json_key(b, "candidates");
    accord_buf_puts(b, "[");
    for (size_t i = 0; i < t->n; i++) {
        const json_t *j = t->lines[i].json;
        if (!is(j, "cand") || !json_object_get(j, "canon"))
            continue;
        accord_json_key(b, NULL);
        accord_buf_puts(b, "{");
        accord_json_text(b, "kind", text_of(j, "kind"));
        accord_json_int(b, "index", (int64_t)number_of(j, "index"));
        accord_json_text(b, "canon", text_of(j, "canon"));
        accord_json_real(b, "score", number_of(j, "score"));
        accord_buf_puts(b, "}");
    }
    accord_buf_puts(b, "]");
}

static void write_parts(accord_buf *b, const json_t *names, const json_t *parts) {
    accord_json_key(b, "parts");
    accord_buf_puts(b, "{");
    for (size_t i = 0; i < json_array_size(parts) && i < json_array_size(names); i++) {
        const char *name = json_string_value(json_array_get(names, i));
        double value = accord_report_real(json_array_get(parts, i));
        if (name && !isnan(value))
            accord_json_real(b, name, value);
    }
    accord_buf_puts(b, "}");
}

static void write_ending(accord_buf *b, const accord_talk *t, const json_t *task) {
    for (size_t i = 0; i < t->n; i++) {
        const json_t *j = t->lines[i].json;
        if (is(j, "action"))
            accord_json_text(b, "final", text_of(j, "text"));
        if (!is(j, "ep"))
            continue;
        accord_json_text(b, "canon", text_of(j, "canon"));
        accord_json_text(b, "note", text_of(j, "note"));
        accord_json_text(b, "error", text_of(j, "error"));
        write_parts(b, json_object_get(task, "parts"), json_object_get(j, "parts"));
    }
}

static const char *episode_name(const accord_talk *t) {
    const char *ep = t->n ? text_of(t->lines[0].json, "ep") : NULL;

    return ep ? ep : "";
}

/* One transcript as a script element; the viewer reads it when it is asked for. */
static accord_code write_talk(talks *t, size_t i) {
    accord_page_ep *ep = &t->p->eps[i];
    const accord_page_cell *cell = &t->p->cells[ep->cell];
    accord_buf json, element;

    accord_buf_init(&json, MAX_ONE);
    accord_buf_init(&element, 6 * MAX_ONE);
    accord_buf_puts(&json, "{");
    accord_code rc = write_calls(&json, &t->lines[i], episode_name(&t->lines[i]), t->err);
    write_candidates(&json, &t->lines[i]);
    write_ending(&json, &t->lines[i], accord_rundir_task(cell->run, cell->cell->task));
    accord_buf_puts(&json, "}");
    if (!rc)
        rc = accord_buf_check(&json, "a transcript", t->err);
    accord_buf_printf(&element, "<script type=\"application/json\" id=\"t%zu\">", i);
    if (!rc)
        accord_page_json(&element, json.data, json.n);
    accord_buf_puts(&element, "</script>\n");
    if (!rc)
        rc = accord_buf_check(&element, "a transcript", t->err);
    ep->chosen =
        ep->urgency <= t->full && t->p->talks.n + element.n <= t->p->how->max_talk;
    if (!ep->chosen && ep->urgency < t->full)
        t->full = ep->urgency;
    if (!rc && ep->chosen)
        accord_buf_add(&t->p->talks, element.data, element.n);
    accord_buf_fini(&json);
    accord_buf_fini(&element);
    return rc;
}

static accord_code write_all(talks *t) {
    accord_page *p = t->p;
    accord_code rc = ACCORD_OK;

    for (size_t i = 0; !rc && i < p->n_eps; i++) {
        if (p->eps[i].chosen)
            rc = write_talk(t, i);
        p->found.talks += p->eps[i].chosen;
        p->found.left_out += p->eps[i].words && !p->eps[i].chosen;
    }
    return rc ? rc : accord_buf_check(&p->talks, "the transcripts", t->err);
}

accord_code accord_page_talks(accord_page *p, accord_err *err) {
    talks t = {.p = p, .full = LEAST_URGENT, .err = err};
    accord_code rc = accord_alloc(p->n_eps, sizeof(*t.lines), &t.lines, err);

    if (!rc)
        rc = accord_alloc(p->n_eps, sizeof(*t.texts), &t.texts, err);
    for (uint32_t i = 0; !rc && i < p->n_eps; i++) {
        uint32_t *at;
        rc = accord_map_at(&t.at, key_of(p->eps[i].cell, p->eps[i].key), &at, err);
        if (!rc)
            *at = i;
    }
    if (!rc)
        rc = read_all(&t, false);
    if (!rc)
        choose(p);
    if (!rc)
        rc = read_all(&t, true);
    if (!rc)
        rc = write_all(&t);
    for (size_t i = 0; t.lines && i < p->n_eps; i++)
        accord_talk_fini(&t.lines[i]);
    free(t.lines);
    free(t.texts);
    accord_map_fini(&t.at);
    return rc;
}
