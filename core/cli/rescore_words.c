/* rescore_words.c - what `accord rescore` found, for people and as JSON. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cli/rescore.h"
#include "judge/sentences.h"
#include "report/sheet.h"

enum { MAX_MOVES = 20 }; /* shown of a cell; --json has all */

static const char *task_of(const accord_rescore *r, uint32_t cell) {
    return r->suite->tasks[r->run->cells[cell].task].name;
}

static const char *method_of(const accord_rescore *r, uint32_t cell) {
    return r->suite->methods[r->run->cells[cell].method].name;
}

static const json_t *entry_of(const accord_rescore *r, uint32_t cell) {
    return json_object_get(json_object_get(r->described, "tasks"), task_of(r, cell));
}

static char *score_text(const accord_rescore *r, uint32_t cell, const json_t *score) {
    const json_t *entry = entry_of(r, cell);
    double max = json_number_value(json_object_get(entry, "max"));
    double min = json_number_value(json_object_get(entry, "min"));
    const accord_scale scale = {.share = min >= 0 && min <= 0 && max >= 1 && max <= 1};

    return accord_scale_score(&scale, json_is_number(score) ? json_number_value(score)
                                                            : (double)NAN);
}

/* ---- the totals -------------------------------------------------------------------- */

static void heading(accord_sheet *s) {
    static const char *const names[] = {"task",  "method",         "seed",
                                        "n",     "before",         "after",
                                        "moved", "read otherwise", "kept"};

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        s->left[s->n_columns++] = i < 2;
        accord_sheet_take(s, accord_xstrdup(names[i]));
    }
}

static void take_count(accord_sheet *s, const json_t *mode, const char *key) {
    accord_sheet_take(s, accord_xasprintf("%lld", (long long)json_integer_value(
                                                      json_object_get(mode, key))));
}

static void total(const accord_rescore *r, uint32_t cell, const char *mode,
                  const json_t *sums, accord_sheet *s) {
    bool plain = strcmp(mode, "default") == 0;

    accord_sheet_take(s, accord_xasprintf("%s%s%s", task_of(r, cell), plain ? "" : "/",
                                          plain ? "" : mode));
    accord_sheet_take(s, accord_xstrdup(method_of(r, cell)));
    accord_sheet_take(
        s, accord_xasprintf("%llu", (unsigned long long)r->run->cells[cell].seed));
    take_count(s, sums, "n");
    accord_sheet_take(s, score_text(r, cell, json_object_get(sums, "before")));
    accord_sheet_take(s, score_text(r, cell, json_object_get(sums, "after")));
    take_count(s, sums, "moved");
    take_count(s, sums, "otherwise");
    take_count(s, sums, "kept");
}

static void left_out(const accord_rescore *r, uint32_t cell, accord_sheet *s) {
    accord_sheet_note(s, accord_xasprintf("left out: %s/%s/%llu was never finished",
                                          task_of(r, cell), method_of(r, cell),
                                          (unsigned long long)r->run->cells[cell].seed));
}

static void totals(const accord_rescore *r, json_t *const *found, accord_buf *out) {
    accord_sheet s = {0};
    json_int_t n = 0, moved = 0;

    heading(&s);
    for (uint32_t i = 0; i < r->run->n_cells; i++) {
        const json_t *candidates = json_object_get(found[i], "candidates");
        const char *mode;
        json_t *sums;
        n += json_integer_value(json_object_get(candidates, "n"));
        moved += json_integer_value(json_object_get(candidates, "moved"));
        json_object_foreach(json_object_get(found[i], "modes"), mode, sums)
            total(r, i, mode, sums, &s);
        if (!json_is_true(json_object_get(found[i], "finished")))
            left_out(r, i, &s);
    }
    if (n)
        accord_sheet_note(&s,
                          accord_xasprintf("of %lld answers on the way (samples, rounds) "
                                           "%lld moved",
                                           (long long)n, (long long)moved));
    accord_sheet_text(&s, out);
    accord_sheet_fini(&s);
}

/* ---- the moves --------------------------------------------------------------------- */

static char *side_text(const accord_rescore *r, uint32_t cell, const json_t *side) {
    const char *outcome = json_string_value(json_object_get(side, "outcome"));
    char *score = score_text(r, cell, json_object_get(side, "score"));
    char *text = accord_xasprintf("%s (%s)", outcome ? outcome : "?", score);

    free(score);
    return text;
}

static void move_words(const accord_rescore *r, uint32_t cell, const json_t *move,
                       const char *shown, accord_buf *out) {
    const char *item = json_string_value(json_object_get(move, "item"));
    char *before = side_text(r, cell, json_object_get(move, "before"));
    char *after = side_text(r, cell, json_object_get(move, "after"));

    accord_buf_puts(out, "  ");
    accord_report_clean(out, item ? item : "?", false);
    accord_buf_printf(out, ": %s -> %s\n    accord show ", before, after);
    accord_shell_word(out, shown);
    accord_buf_printf(out, " --cell %s/%s/%llu --item ", task_of(r, cell),
                      method_of(r, cell), (unsigned long long)r->run->cells[cell].seed);
    accord_shell_word(out, item ? item : "?");
    accord_buf_puts(out, "\n");
    free(before);
    free(after);
}

static void moves(const accord_rescore *r, uint32_t cell, const json_t *list,
                  const char *shown, accord_buf *out) {
    size_t n = json_array_size(list);

    if (n == 0)
        return;
    accord_buf_printf(out, "\n%s %s, seed %llu: %zu moved\n", task_of(r, cell),
                      method_of(r, cell), (unsigned long long)r->run->cells[cell].seed,
                      n);
    for (size_t i = 0; i < n && i < MAX_MOVES; i++)
        move_words(r, cell, json_array_get(list, i), shown, out);
    if (n > MAX_MOVES)
        accord_buf_printf(out, "  and %zu more (--json has all)\n", n - MAX_MOVES);
}

void accord_cli_rescore_words(const accord_rescore *r, json_t *const *found,
                              const char *shown, accord_buf *out) {
    totals(r, found, out);
    for (uint32_t i = 0; i < r->run->n_cells; i++)
        moves(r, i, json_object_get(found[i], "moves"), shown, out);
}

/* ---- JSON -------------------------------------------------------------------------- */

void accord_cli_rescore_data(const accord_rescore *r, json_t *const *found,
                             accord_buf *out) {
    accord_buf_puts(out, "{\"schema\":\"accord.rescore/1\"");
    accord_json_text(out, "run", r->run->dir);
    accord_json_key(out, "cells");
    accord_buf_puts(out, "[");
    for (uint32_t i = 0; i < r->run->n_cells; i++) {
        char *text = json_dumps(found[i], JSON_COMPACT);
        accord_buf_puts(out, i ? ",\n{" : "\n{");
        accord_json_text(out, "task", task_of(r, i));
        accord_json_text(out, "method", method_of(r, i));
        accord_json_int(out, "seed", (int64_t)r->run->cells[i].seed);
        if (text)
            accord_buf_printf(out, ",%s", text + 1); /* its own closing brace */
        else
            out->failed = out->no_memory = true;
        free(text);
    }
    accord_buf_puts(out, "]}\n");
}
