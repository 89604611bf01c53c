/* grade_read.c - see grade.h. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "run/describe.h"
#include "run/grade.h"

/* ---- lines ------------------------------------------------------------------------- */

static accord_code take_line(const char *path, uint64_t line, const char *raw, size_t n,
                             accord_grade_line take, void *ctx, accord_err *err) {
    json_error_t why;
    json_t *object = json_loadb(raw, n, 0, &why);
    accord_code rc;

    if (json_is_object(object))
        rc = take(ctx, object, raw, n, err);
    else
        rc = accord_fail(err, ACCORD_E_CONFIG, "%s",
                         object ? "expected an object" : why.text);
    json_decref(object);
    if (rc)
        accord_err_context(err, "%s, line %llu", path, (unsigned long long)line);
    return rc;
}

accord_code accord_grade_lines(const char *path, accord_grade_line take, void *ctx,
                               accord_err *err) {
    accord_code rc = ACCORD_OK;
    char *raw = NULL;
    size_t size = 0;
    ssize_t n;

    FILE *f = fopen(path, "re");
    if (!f)
        return accord_fail(err, ACCORD_E_IO, "cannot open %s: %s", path, strerror(errno));
    for (uint64_t line = 1; !rc && (n = getline(&raw, &size, f)) > 0; line++)
        if (raw[n - 1] == '\n')
            rc = take_line(path, line, raw, (size_t)n, take, ctx, err);
    if (!rc && ferror(f))
        rc = accord_fail(err, ACCORD_E_IO, "cannot read %s: %s", path, strerror(errno));
    free(raw);
    fclose(f);
    return rc;
}

/* ---- names ------------------------------------------------------------------------- */

bool accord_grade_name_read(const char *ep, accord_grade_name *out) {
    char *end;

    *out = (accord_grade_name){0};
    if (!ep || strncmp(ep, "eval/", 5) != 0)
        return false;
    out->step = strtoull(ep + 5, &end, 10);
    if (*end != '/')
        return false;
    const char *mode = end + 1;
    size_t n = strcspn(mode, "/");
    if (n >= sizeof(out->mode) || mode[n] != '/')
        return false;
    memcpy(out->mode, mode, n);
    const char *item = strchr(mode + n + 1, '/');
    out->item = item ? item + 1 : NULL;
    return item != NULL;
}

static char *candidate_key(const char *ep, const char *kind, int64_t index) {
    return accord_xasprintf("%s\t%s\t%lld", ep, kind, (long long)index);
}

const char *accord_grade_text(const accord_grade_files *f, const char *ep,
                              const char *kind, int64_t index) {
    if (!kind)
        return json_string_value(json_object_get(f->texts, ep));
    char *key = candidate_key(ep, kind, index);
    const char *text = json_string_value(json_object_get(f->texts, key));
    free(key);
    return text;
}

accord_graded_ep *accord_grade_find(const accord_grade_files *f, const char *ep) {
    const json_t *at = ep ? json_object_get(f->at, ep) : NULL;

    return at ? &f->eps[json_integer_value(at)] : NULL;
}

/* ---- the journal ------------------------------------------------------------------- */

static const char *text_of(const json_t *object, const char *key) {
    const char *text = json_string_value(json_object_get(object, key));

    return text ? text : "";
}

static accord_code find_or_add(accord_grade_files *f, const char *ep,
                               accord_graded_ep **out, accord_err *err) {
    *out = accord_grade_find(f, ep);
    if (*out)
        return ACCORD_OK;
    accord_code rc = accord_grow(&f->eps, f->n, &f->cap, sizeof(*f->eps), err);
    if (rc)
        return rc;
    accord_describe_put(f->at, ep, json_integer((json_int_t)f->n));
    *out = &f->eps[f->n++];
    **out = (accord_graded_ep){0};
    return ACCORD_OK;
}

/* What outcome.c needs to name a failure. */
static void take_call(accord_graded_ep *e, const json_t *line) {
    const char *error = text_of(line, "error");
    const char *finish = text_of(line, "finish");

    e->timeouts += strcmp(error, "timeout") == 0;
    e->api_errors += strcmp(error, "api") == 0;
    if (*error == '\0')
        e->finish = strcmp(finish, "length") == 0    ? ACCORD_FINISH_LENGTH
                    : strcmp(finish, "refused") == 0 ? ACCORD_FINISH_REFUSED
                                                     : ACCORD_FINISH_STOP;
}

static void take_ending(accord_grade_files *f, accord_graded_ep *e,
                        const accord_grade_name *name, const json_t *line) {
    json_int_t last = json_integer_value(json_object_get(f->last, name->mode));

    e->index = (uint64_t)json_integer_value(json_object_get(line, "index"));
    e->step = name->step;
    e->line = f->line;
    e->ended = true;
    if (!json_object_get(f->last, name->mode) || name->step > (uint64_t)last)
        accord_describe_put(f->last, name->mode, json_integer((json_int_t)name->step));
}

static accord_code take_journal(void *ctx, const json_t *line, const char *raw, size_t n,
                                accord_err *err) {
    accord_grade_files *f = ctx;
    const char *kind = text_of(line, "k");
    const char *ep = text_of(line, "ep");
    bool call = strcmp(kind, "call") == 0;
    bool ending = strcmp(kind, "ep") == 0;
    accord_grade_name name;
    accord_graded_ep *e;

    f->line++;
    if (strcmp(kind, "mark") == 0)
        f->finished = strcmp(text_of(line, "what"), "done") == 0;
    if (!(call || ending) || !accord_grade_name_read(ep, &name))
        return ACCORD_OK;
    accord_code rc = find_or_add(f, ep, &e, err);
    if (rc)
        return rc;
    if (call)
        take_call(e, line);
    else
        take_ending(f, e, &name, line);
    return ACCORD_OK;
}

/* ---- the texts --------------------------------------------------------------------- */

static accord_code take_text(void *ctx, const json_t *line, const char *raw, size_t n,
                             accord_err *err) {
    accord_grade_files *f = ctx;
    const char *kind = text_of(line, "k");
    const char *ep = text_of(line, "ep");
    json_t *text = json_object_get(line, "text");

    if (strncmp(ep, "eval/", 5) != 0)
        return ACCORD_OK;
    bool action = strcmp(kind, "action") == 0;
    bool candidate = strcmp(kind, "cand") == 0;
    if ((action || candidate) && !json_is_string(text))
        return accord_fail(err, ACCORD_E_CONFIG, "an answer of %s without its text", ep);
    if (action) {
        accord_describe_put(f->texts, ep, json_incref(text));
    } else if (candidate) {
        char *key = candidate_key(ep, text_of(line, "kind"),
                                  json_integer_value(json_object_get(line, "index")));
        accord_describe_put(f->texts, key, json_incref(text));
        free(key);
    }
    return ACCORD_OK;
}

accord_code accord_grade_files_read(const char *cell_dir, accord_grade_files *out,
                                    accord_err *err) {
    char *journal = accord_xasprintf("%s/journal.jsonl", cell_dir);
    char *text = accord_xasprintf("%s/text.jsonl", cell_dir);

    *out = (accord_grade_files){.texts = accord_describe_must(json_object()),
                                .at = accord_describe_must(json_object()),
                                .last = accord_describe_must(json_object())};
    accord_code rc = accord_file_exists(journal) /* else the cell was not begun */
                         ? accord_grade_lines(journal, take_journal, out, err)
                         : ACCORD_OK;
    if (!rc && out->finished)
        rc = accord_grade_lines(text, take_text, out, err);
    free(journal);
    free(text);
    return rc;
}

void accord_grade_files_fini(accord_grade_files *f) {
    json_decref(f->texts);
    json_decref(f->at);
    json_decref(f->last);
    free(f->eps);
    *f = (accord_grade_files){0};
}
