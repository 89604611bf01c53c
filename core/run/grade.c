/* grade.c - the child's side of rescore.h: makes the task as it is now, goes through a
 * cell and tells what moved. */
#include <errno.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "run/ask.h"
#include "run/describe.h"
#include "run/grade_parts.h"
#include "run/rescore.h"

static const char *text_of(const json_t *object, const char *key) {
    const char *text = json_string_value(json_object_get(object, key));

    return text ? text : "";
}

static accord_code make_task(accord_grading *g, accord_err *err) {
    accord_instance_setup setup = {
        .role = ACCORD_ROLE_TASK,
        .plugin = g->entry->plugin,
        .name = g->entry->name,
        .params = accord_json_root((json_t *)g->entry->params, text_of(g->order, "file")),
        .services = accord_describe_services,
        .seed = (uint64_t)json_integer_value(json_object_get(g->order, "seed"))};
    const accord_spec *first;

    snprintf(setup.params.path, sizeof(setup.params.path), "/tasks/%s/params",
             g->entry->name);
    accord_ask_note(g->who, "it was created");
    accord_code rc = accord_instance_create(&setup, &g->task, err);
    if (!rc)
        rc = g->task->task->spec(g->task->self, text_of(g->order, "first_mode"), &first,
                                 err);
    return rc ? rc
              : accord_order_make(&g->items, first->n_items[ACCORD_SPLIT_EVAL],
                                  ACCORD_SPLIT_EVAL, err);
}

/* ---- the whole --------------------------------------------------------------------- */

static accord_code take_line(void *ctx, const json_t *line, const char *raw, size_t n,
                             accord_err *err) {
    accord_grading *g = ctx;
    const char *kind = text_of(line, "k");

    g->line++;
    if (strncmp(text_of(line, "ep"), "eval/", 5) == 0) {
        if (strcmp(kind, "ep") == 0)
            return accord_grade_ending(g, line, raw, n, err);
        if (strcmp(kind, "cand") == 0)
            return accord_grade_candidate(g, line, raw, n, err);
    }
    return accord_grade_write(g, raw, n, err);
}

/* The same bytes: what was said stays what was said. */
static accord_code copy_texts(const char *from, const char *to, accord_err *err) {
    char *source = accord_xasprintf("%s/text.jsonl", from);
    char *target = accord_xasprintf("%s/text.jsonl", to);
    FILE *in = fopen(source, "re");
    FILE *out = fopen(target, "we");
    static char block[1 << 16];
    bool bad = !in || !out;

    for (size_t n; !bad && (n = fread(block, 1, sizeof(block), in)) > 0;)
        bad = fwrite(block, 1, n, out) != n;
    bad = bad || ferror(in);
    if (in)
        fclose(in);
    if (out && fclose(out))
        bad = true;
    accord_code rc = bad ? accord_fail(err, ACCORD_E_IO, "cannot copy %s to %s: %s",
                                       source, target, strerror(errno))
                         : ACCORD_OK;
    free(source);
    free(target);
    return rc;
}

static accord_code open_journal(accord_grading *g, const char *from, accord_err *err) {
    const char *to = text_of(g->order, "to");

    if (*to == '\0')
        return ACCORD_OK;
    accord_code rc = accord_mkdirs(to, err);
    if (!rc)
        rc = copy_texts(from, to, err);
    if (rc)
        return rc;
    g->path = accord_xasprintf("%s/journal.jsonl", to);
    g->out = fopen(g->path, "we");
    if (!g->out)
        rc = accord_fail(err, ACCORD_E_IO, "cannot write %s: %s", g->path,
                         strerror(errno));
    return rc;
}

static accord_code close_journal(accord_grading *g, accord_err *err) {
    if (g->out && fclose(g->out))
        return accord_fail(err, ACCORD_E_IO, "cannot write %s: %s", g->path,
                           strerror(errno));
    return ACCORD_OK;
}

static accord_code grade_cell(accord_grading *g, accord_err *err) {
    const char *from = text_of(g->order, "from");
    char *journal = accord_xasprintf("%s/journal.jsonl", from);

    accord_code rc = accord_grade_files_read(from, &g->files, err);
    if (!rc && g->files.finished) {
        rc = make_task(g, err);
        if (!rc)
            rc = open_journal(g, from, err);
        if (!rc)
            rc = accord_grade_lines(journal, take_line, g, err);
        accord_code closed = close_journal(g, err);
        rc = rc ? rc : closed;
    }
    free(journal);
    return rc;
}

static json_t *mean_of(double sum, uint64_t n) {
    double mean = sum / (double)n;

    return isfinite(mean) ? json_real(mean) : json_null();
}

static void tell(const accord_grading *g, json_t *out) {
    json_t *modes = accord_describe_must(json_object());
    const char *mode;
    json_t *at;

    accord_describe_put(out, "finished", json_boolean(g->files.finished));
    json_object_foreach(g->modes, mode, at) {
        const accord_graded_mode *m = &g->sums[json_integer_value(at)];
        accord_describe_put(
            modes, mode,
            json_pack("{s:I, s:o, s:o, s:I, s:I, s:I}", "n", (json_int_t)m->n, "before",
                      mean_of(m->before, m->n), "after", mean_of(m->after, m->n), "moved",
                      (json_int_t)m->moved, "otherwise", (json_int_t)m->otherwise, "kept",
                      (json_int_t)m->kept));
    }
    accord_describe_put(out, "modes", modes);
    accord_describe_put(out, "candidates",
                        json_pack("{s:I, s:I}", "n", (json_int_t)g->candidates, "moved",
                                  (json_int_t)g->moved_candidates));
    accord_describe_put(out, "moves", json_incref(g->moves));
}

static void grading_fini(accord_grading *g) {
    accord_ask_note(g->who, "it was closed");
    accord_instance_destroy(g->task);
    accord_order_fini(&g->items);
    accord_grade_files_fini(&g->files);
    json_decref(g->modes);
    json_decref(g->moves);
    free(g->sums);
    free(g->path);
}

static accord_code answer(json_t *order, json_t *out, accord_err *err) {
    accord_grading g = {.order = order};
    accord_suite *suite;

    accord_code rc = accord_suite_take(json_incref(json_object_get(order, "suite")),
                                       text_of(order, "file"), &suite, err);
    if (rc)
        return rc;
    uint64_t task = (uint64_t)json_integer_value(json_object_get(order, "task"));
    if (task >= suite->n_tasks) {
        accord_suite_destroy(suite);
        return accord_fail(err, ACCORD_E_ARG, ACCORD_GRADE_COMMAND " is not for people");
    }
    g.entry = &suite->tasks[task];
    g.modes = accord_describe_must(json_object());
    g.moves = accord_describe_must(json_array());
    snprintf(g.who, sizeof(g.who), "task %s: plugin %s", g.entry->name, g.entry->plugin);
    rc = grade_cell(&g, err);
    if (!rc)
        tell(&g, out);
    grading_fini(&g);
    accord_suite_destroy(suite);
    return rc;
}

int accord_grade_serve(void) {
    signal(SIGXFSZ, SIG_IGN); /* a full disk is an error of write() */
    return accord_ask_serve(answer);
}
