/* history_line.c - a run as a line of a history: see history.h. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <accord/sha256.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/mem.h"
#include "judge/fingerprint.h"
#include "judge/history_parts.h"

#define MAX_TEXT ((size_t)1 << 26)

static const char *const units[] = {"item", "seed", "both"};

static int by_text(const void *a, const void *b) {
    const char *const *x = a;
    const char *const *y = b;

    return strcmp(*x, *y);
}

/* Which items a score is of, whatever their order. */
static accord_code hash_items(const accord_grid *g, char hex[65], accord_err *err) {
    const char **ids;
    accord_sha256 s;

    accord_code rc = accord_alloc(g->n_items, sizeof(*ids), &ids, err);
    if (rc)
        return rc;
    for (size_t i = 0; i < g->n_items; i++)
        ids[i] = g->ids[i];
    if (g->n_items > 0)
        qsort(ids, g->n_items, sizeof(*ids), by_text);
    accord_sha256_init(&s);
    for (size_t i = 0; i < g->n_items; i++)
        accord_sha256_update(&s, ids[i], strlen(ids[i]) + 1);
    accord_sha256_hex(&s, hex);
    free(ids);
    return ACCORD_OK;
}

static accord_code row_line(const accord_row *r, accord_buf *b, accord_err *err) {
    char items[65];
    accord_code rc = hash_items(&r->scores, items, err);

    accord_json_key(b, NULL);
    accord_buf_puts(b, "{");
    accord_json_text(b, "task", r->task);
    accord_json_text(b, "mode", r->mode);
    accord_json_text(b, "method", r->method);
    accord_json_text(b, "unit", units[r->unit]);
    accord_json_text(b, "items", rc ? "" : items);
    accord_json_int(b, "n", (int64_t)r->scores.n_items);
    accord_json_int(b, "seeds", (int64_t)r->done);
    accord_json_real(b, "score", r->score.mean);
    accord_json_finite(b, "se", r->score.se);
    accord_json_finite(b, "lo", r->score.lo);
    accord_json_finite(b, "hi", r->score.hi);
    accord_buf_puts(b, "}");
    return rc;
}

static accord_code put_rows(const accord_rows *rows, accord_buf *b,
                            accord_sentences *notes, accord_err *err) {
    accord_code rc = ACCORD_OK;
    size_t n = 0;

    accord_json_key(b, "rows");
    accord_buf_puts(b, "[");
    for (size_t i = 0; !rc && i < rows->n; i++) {
        const accord_row *r = &rows->items[i];
        if (isfinite(r->score.mean)) {
            rc = row_line(r, b, err);
            n++;
            continue;
        }
        char *place = accord_row_place(r);
        accord_sentences_take(
            notes, accord_xasprintf("%s on %s has no finite score and was left out",
                                    r->method, place));
        free(place);
    }
    accord_buf_puts(b, "]");
    if (!rc && n == 0)
        rc = accord_fail(err, ACCORD_E_CONFIG, "the run has no scores");
    return rc;
}

static accord_code put_json(accord_buf *b, const char *key, json_t *value,
                            accord_err *err) {
    char *text = value ? json_dumps(value, JSON_COMPACT | JSON_SORT_KEYS) : NULL;

    json_decref(value);
    if (!text)
        return accord_fail(err, ACCORD_E_NOMEM, "out of memory");
    accord_json_key(b, key);
    accord_buf_puts(b, text);
    free(text);
    return ACCORD_OK;
}

static accord_code put_tasks(const accord_rundir *run, const accord_rows *rows,
                             accord_buf *b, accord_err *err) {
    json_t *tasks = json_object();
    bool bad = !tasks;

    for (size_t i = 0; !bad && i < rows->n; i++) {
        const char *task = rows->items[i].task;
        if (!json_object_get(tasks, task))
            bad = json_object_set_new(tasks, task, accord_fingerprint(run, task));
    }
    if (!bad)
        return put_json(b, "tasks", tasks, err);
    json_decref(tasks);
    return accord_fail(err, ACCORD_E_NOMEM, "out of memory");
}

static void hash_text(const char *text, char hex[65]) {
    accord_sha256 s;

    accord_sha256_init(&s);
    accord_sha256_update(&s, text, strlen(text));
    accord_sha256_hex(&s, hex);
}

/* The same for the same run, told of the same commit: its manifest has the second in
 * which it began, its rows what came of it. */
static accord_code put_identity(const accord_rundir *run, const char *commit,
                                const char *rows, accord_buf *b, accord_err *err) {
    const json_t *suite = json_object_get(run->manifest, "suite");
    const char *name = json_string_value(json_object_get(suite, "suite"));
    char *manifest = json_dumps(run->manifest, JSON_COMPACT | JSON_SORT_KEYS);
    char *config = json_dumps(suite, JSON_COMPACT | JSON_SORT_KEYS);
    char hex[65];

    if (!manifest || !config) {
        free(manifest);
        free(config);
        return accord_fail(err, ACCORD_E_CONFIG, "%s: the manifest has no suite",
                           run->path);
    }
    accord_json_text(b, "schema", ACCORD_HISTORY_SCHEMA);
    accord_json_text(b, "suite", name ? name : "");
    hash_text(config, hex);
    accord_json_text(b, "suite_sha256", hex);
    accord_json_text(b, "run", run->name);
    char *all = accord_xasprintf("%s\n%s\n%s\n%s", run->name, commit ? commit : "",
                                 manifest, rows);
    hash_text(all, hex);
    accord_json_text(b, "id", hex);
    free(all);
    free(config);
    free(manifest);
    return ACCORD_OK;
}

static accord_code put_when(const accord_rundir *run, const accord_history_note *note,
                            accord_buf *b, accord_err *err) {
    const char *made = json_string_value(json_object_get(run->manifest, "created"));
    char date[32];
    accord_code rc = ACCORD_OK;

    if (note->date)
        rc = accord_history_date(note->date, date, err);
    else if (!made || accord_history_date(made, date, NULL))
        accord_utc(date, sizeof(date), 0);
    if (rc)
        return rc;
    accord_json_text(b, "date", date);
    if (note->commit)
        accord_json_text(b, "commit", note->commit);
    return ACCORD_OK;
}

accord_code accord_history_line(const accord_rundir *run, const accord_rows *rows,
                                const accord_history_note *note, accord_buf *out,
                                accord_sentences *notes, accord_err *err) {
    accord_buf b;

    accord_buf_init(&b, MAX_TEXT);
    accord_buf_puts(out, "{");
    /* The comma before the first member of `b` comes when both are put together. */
    accord_code rc = put_rows(rows, &b, notes, err);
    if (!rc)
        rc = accord_buf_check(&b, "the run's scores", err);
    if (!rc)
        rc = put_identity(run, note->commit, b.data, out, err);
    if (!rc)
        rc = put_when(run, note, out, err);
    if (!rc)
        rc = put_tasks(run, rows, out, err);
    if (!rc) {
        accord_buf_puts(out, ",");
        accord_buf_puts(out, b.data);
        accord_buf_puts(out, "}\n");
        rc = accord_buf_check(out, "the run's line", err);
    }
    accord_buf_fini(&b);
    return rc;
}
