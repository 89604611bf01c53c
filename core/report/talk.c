/* talk.c - finds the lines about an item; see talk.h. */
#include "report/talk.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/text.h"
#include "report/lines.h"

/* What is looked for, and what was seen instead. */
typedef struct search {
    const char *item;
    accord_buf *raw;
    accord_talk *out;
    char **near;
    size_t *distance;
} search;

static void remember_near(search *s, const char *item) {
    size_t d = accord_text_distance(s->item, item);

    if (d >= *s->distance)
        return;
    *s->distance = d;
    free(*s->near);
    *s->near = accord_xstrdup(item);
}

/* What a line is about: the members that make its key, in one text. */
static char *key_of(const json_t *json) {
    static const char *const members[] = {"k",     "ep",     "role", "agent",
                                          "round", "sample", "ord",  "kind",
                                          "index", "name",   "step"};
    const json_t *k = json_object_get(json, "k");
    bool is_ep = json_is_string(k) && strcmp(json_string_value(k), "ep") == 0;
    accord_buf b;

    accord_buf_init(&b, 1 << 20);
    for (size_t i = 0; i < (is_ep ? 2 : sizeof(members) / sizeof(members[0])); i++) {
        const json_t *value = json_object_get(json, members[i]);
        if (json_is_string(value))
            accord_buf_printf(&b, "%s\n", json_string_value(value));
        else
            accord_buf_printf(&b, "%lld\n", (long long)json_integer_value(value));
    }
    return accord_buf_take(&b);
}

accord_code accord_talk_add(accord_talk *t, const char *line, size_t first,
                            accord_err *err) {
    json_t *json = json_loads(line, 0, NULL);
    char *key = key_of(json);

    for (size_t i = first; i < t->n; i++)
        if (strcmp(t->lines[i].key, key) == 0) {
            json_decref(t->lines[i].json);
            free(t->lines[i].key);
            t->lines[i] = (accord_talk_line){json, key};
            return ACCORD_OK;
        }
    accord_code rc = accord_grow(&t->lines, t->n, &t->cap, sizeof(*t->lines), err);
    if (rc) {
        json_decref(json);
        free(key);
        return rc;
    }
    t->lines[t->n++] = (accord_talk_line){json, key};
    return ACCORD_OK;
}

static accord_code keep(search *s, const char *line, size_t first, accord_err *err) {
    if (s->raw) {
        size_t n = strlen(line);
        accord_buf_add(s->raw, line, n);
        if (n && line[n - 1] != '\n')
            accord_buf_puts(s->raw, "\n");
    }
    return accord_talk_add(s->out, line, first, err);
}

static accord_code read_file(search *s, const char *path, accord_err *err) {
    size_t first = s->out->n;
    accord_ep_name name;
    accord_lines lines;
    int more = 1;

    if (!accord_file_exists(path))
        return ACCORD_OK;
    accord_code rc = accord_lines_open(path, &lines, err);
    while (!rc && more) {
        rc = accord_lines_next(&lines, &more, err);
        const char *ep = rc || !more ? NULL : accord_jsonl_text(lines.reader, "ep");
        if (!ep || !accord_ep_name_read(ep, &name))
            continue;
        if (strcmp(name.item, s->item) == 0)
            rc = keep(s, accord_jsonl_raw(lines.reader), first, err);
        else
            remember_near(s, name.item);
    }
    accord_lines_close(&lines);
    return rc;
}

accord_code accord_talk_read(const accord_rundir *run, const accord_run_cell *cell,
                             const char *item, accord_buf *raw, accord_talk *out,
                             char **near, size_t *distance, accord_err *err) {
    static const char *const files[] = {"journal.jsonl", "text.jsonl"};
    search s = {item, raw, out, near, distance};
    char path[PATH_MAX];
    accord_code rc = ACCORD_OK;

    *out = (accord_talk){0};
    for (int f = 0; !rc && f < 2; f++) {
        rc = accord_rundir_file(run, cell, files[f], path, err);
        if (!rc)
            rc = read_file(&s, path, err);
    }
    return rc;
}

accord_code accord_talk_no_item(const char *item, const char *where, const char *near,
                                size_t distance, accord_err *err) {
    bool close = near && distance < strlen(item) / 3 + 2;

    return accord_fail(err, ACCORD_E_NOTFOUND, "no item \"%s\" in %s%s%s%s", item, where,
                       close ? " (did you mean \"" : "", close ? near : "",
                       close ? "\"?)" : "");
}

void accord_talk_fini(accord_talk *t) {
    for (size_t i = 0; i < t->n; i++) {
        json_decref(t->lines[i].json);
        free(t->lines[i].key);
    }
    free(t->lines);
    *t = (accord_talk){0};
}
