/* curve.c - see curve.h. */
#include "report/curve.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "report/rundir.h"

static bool votes(const char *kind) {
    return strcmp(kind, "sample") == 0;
}

/* A vote over more samples than there are is not known; a course of rounds that ended
 * stays where it is. */
static bool meets(const accord_row_curve *c, const char *kind, size_t k) {
    return strcmp(c->kind, kind) == 0 && (c->k == k || !votes(kind));
}

static accord_row_curve *find(accord_row_curves *curves, const char *kind, size_t k) {
    for (size_t i = 0; i < curves->n; i++)
        if (meets(&curves->items[i], kind, k))
            return &curves->items[i];
    curves->items =
        accord_xrealloc(curves->items, (curves->n + 1) * sizeof(*curves->items));
    accord_row_curve *c = &curves->items[curves->n++];
    *c = (accord_row_curve){.kind = accord_xstrdup(kind)};
    return c;
}

/* Room for k points; what was there goes on with its last. */
static void lengthen(accord_row_curve *c, size_t k) {
    if (k <= c->k)
        return;
    c->score = accord_xrealloc(c->score, k * sizeof(double));
    c->tokens = accord_xrealloc(c->tokens, k * sizeof(double));
    for (size_t j = c->k; j < k; j++) {
        c->score[j] = c->k ? c->score[c->k - 1] : 0;
        c->tokens[j] = c->k ? c->tokens[c->k - 1] : 0;
    }
    c->k = k;
}

static void add_one(accord_row_curves *curves, const json_t *entry) {
    const char *kind = json_string_value(json_object_get(entry, "kind"));
    const json_t *score = json_object_get(entry, "score");
    const json_t *tokens = json_object_get(entry, "tokens");
    size_t k = json_array_size(score);

    if (!kind || k == 0)
        return;
    accord_row_curve *c = find(curves, kind, k);
    double share = 1 / (double)++c->seeds;
    lengthen(c, k);
    for (size_t j = 0; j < c->k; j++) {
        size_t at = j < k ? j : k - 1;
        double s = accord_report_real(json_array_get(score, at));
        double t = accord_report_real(json_array_get(tokens, at));
        c->score[j] += (s - c->score[j]) * share;
        c->tokens[j] += (t - c->tokens[j]) * share;
    }
}

void accord_row_curves_add(accord_row_curves *curves, const json_t *candidates) {
    for (size_t i = 0; i < json_array_size(candidates); i++)
        add_one(curves, json_array_get(candidates, i));
}

void accord_row_curves_fini(accord_row_curves *curves) {
    for (size_t i = 0; i < curves->n; i++) {
        free(curves->items[i].kind);
        free(curves->items[i].score);
        free(curves->items[i].tokens);
    }
    free(curves->items);
    *curves = (accord_row_curves){0};
}

char *accord_curve_point(const accord_row_curve *c, size_t at) {
    return votes(c->kind) ? accord_xasprintf("maj@%zu", at + 1)
                          : accord_xasprintf("%s@%zu", c->kind, at);
}

void accord_curve_bracket(const accord_row_curve *c, double tokens, size_t *below,
                          size_t *above) {
    *below = *above = c->k;
    for (size_t i = 0; i < c->k; i++) {
        double t = c->tokens[i];
        if (t <= tokens && (*below == c->k || t > c->tokens[*below]))
            *below = i;
        if (t > tokens && (*above == c->k || t < c->tokens[*above]))
            *above = i;
    }
}

/* The entry of a summary that went into the curve. */
static const json_t *entry_of(const accord_row_curve *c, const json_t *mode, size_t *k) {
    const json_t *candidates = json_object_get(mode, "candidates");

    for (size_t i = 0; i < json_array_size(candidates); i++) {
        const json_t *entry = json_array_get(candidates, i);
        const char *kind = json_string_value(json_object_get(entry, "kind"));
        *k = json_array_size(json_object_get(entry, "score"));
        if (kind && *k && meets(c, kind, *k))
            return entry;
    }
    return NULL;
}

accord_code accord_curve_scores(const accord_row_curve *c, size_t at, const json_t *mode,
                                size_t seed, accord_grid *out, bool *found,
                                accord_err *err) {
    const json_t *ids = json_object_get(json_object_get(mode, "items"), "id");
    accord_code rc = ACCORD_OK;
    size_t k = 0;
    const json_t *items = json_object_get(entry_of(c, mode, &k), "items");

    *found = items && json_array_size(items) == json_array_size(ids);
    for (size_t i = 0; !rc && *found && i < json_array_size(ids); i++) {
        const char *id = json_string_value(json_array_get(ids, i));
        const json_t *item = json_array_get(items, i);
        if (json_is_array(item)) /* else one number for all points */
            item = json_array_get(item, at < k ? at : k - 1);
        if (id)
            rc = accord_grid_add(out, id, seed, accord_report_real(item), err);
    }
    return rc;
}
