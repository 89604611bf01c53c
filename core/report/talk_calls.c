/* talk_calls.c - the calls of an episode, in the order in which they read. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "report/rundir.h"
#include "report/talk.h"

typedef struct gathered {
    accord_talk_call *items;
    size_t n, cap;
} gathered;

static const json_t *any_line(const accord_talk_call *c) {
    return c->account ? c->account : c->words;
}

static const char *text_of(const json_t *j, const char *key) {
    const char *text = json_string_value(json_object_get(j, key));

    return text ? text : "";
}

static int in_order(const void *a, const void *b) {
    const accord_talk_call *x = a;
    const accord_talk_call *y = b;
    static const char *const keys[] = {"round", "agent", "sample", "ord"};

    for (int i = 0; i < 4; i++) {
        double p = accord_report_real(json_object_get(any_line(x), keys[i]));
        double q = accord_report_real(json_object_get(any_line(y), keys[i]));
        if (p < q || p > q)
            return p < q ? -1 : 1;
        if (i == 0 && x->role != y->role)
            return x->role < y->role ? -1 : 1;
    }
    return (x->seen > y->seen) - (x->seen < y->seen);
}

/* The place of a role's first call. */
static size_t role_rank(const gathered *g, const char *role) {
    for (size_t i = 0; i < g->n; i++)
        if (strcmp(text_of(any_line(&g->items[i]), "role"), role) == 0)
            return g->items[i].role;
    return g->n;
}

static accord_code add(gathered *g, const accord_talk *t, size_t i, accord_err *err) {
    const json_t *line = t->lines[i].json;
    bool words = json_object_get(line, "messages") != NULL;

    for (size_t c = 0; c < g->n && words; c++)
        if (strcmp(t->lines[g->items[c].seen].key, t->lines[i].key) == 0) {
            g->items[c].words = line;
            return ACCORD_OK;
        }
    accord_code rc = accord_grow(&g->items, g->n, &g->cap, sizeof(*g->items), err);
    if (rc)
        return rc;
    g->items[g->n] = (accord_talk_call){
        .account = words ? NULL : line,
        .words = words ? line : NULL,
        .role = role_rank(g, text_of(line, "role")),
        .seen = i,
    };
    g->n++;
    return ACCORD_OK;
}

accord_code accord_talk_calls(const accord_talk *t, const char *ep,
                              accord_talk_call **out, size_t *n, accord_err *err) {
    gathered g = {0};
    accord_code rc = ACCORD_OK;

    for (size_t i = 0; !rc && i < t->n; i++)
        if (strcmp(text_of(t->lines[i].json, "k"), "call") == 0 &&
            strcmp(text_of(t->lines[i].json, "ep"), ep) == 0)
            rc = add(&g, t, i, err);
    if (g.n)
        qsort(g.items, g.n, sizeof(*g.items), in_order);
    *out = g.items;
    *n = g.n;
    return rc;
}
