/* tally.c - see tally.h. */
#include "report/tally.h"

#include <stdlib.h>
#include <string.h>

#include <accord/rng.h>

#include "base/mem.h"

const char *const accord_outcomes[ACCORD_OUTCOMES] = {
    "correct", "wrong",     "finished", "plugin_crash", "budget",
    "timeout", "api_error", "refused",  "truncated",    "unparsed",
};

/* One line of the journal on its way into the tally. */
typedef struct line {
    accord_lines *from;
    const char *path;
    accord_err *err;
    uint64_t key; /* of the episode */
    accord_ep_name ep;
} line;

const char *accord_tally_item(const accord_tally *t, const accord_tally_ep *ep) {
    return t->items.data + ep->item;
}

uint64_t accord_tally_key(const char *ep) {
    return accord_rng_fold_text(0, ep);
}

size_t accord_names_next(const accord_names *names, const char *last) {
    size_t next = names->n;

    for (size_t i = 0; i < names->n; i++)
        if ((!last || strcmp(names->items[i], last) > 0) &&
            (next == names->n || strcmp(names->items[i], names->items[next]) < 0))
            next = i;
    return next;
}

static accord_code broken(const line *l, const char *what) {
    return accord_fail(l->err, ACCORD_E_CONFIG, "%s:%llu: %s", l->path,
                       (unsigned long long)accord_jsonl_line(l->from->reader), what);
}

static accord_code name_of(accord_names *names, const char *name, uint32_t *out,
                           accord_err *err) {
    for (size_t i = 0; i < names->n; i++)
        if (strcmp(names->items[i], name) == 0) {
            *out = (uint32_t)i;
            return ACCORD_OK;
        }
    accord_code rc =
        accord_grow(&names->items, names->n, &names->cap, sizeof(*names->items), err);
    if (rc)
        return rc;
    *out = (uint32_t)names->n;
    names->items[names->n++] = accord_xstrdup(name);
    return ACCORD_OK;
}

/* The number of a name that the line gives; "" where it gives none. */
static accord_code field_name(const line *l, accord_names *names, const char *field,
                              uint32_t *out) {
    const char *text = accord_jsonl_text(l->from->reader, field);

    return name_of(names, text ? text : "", out, l->err);
}

static uint32_t field_u32(const line *l, const char *field) {
    uint64_t value = accord_lines_uint(l->from, field);

    return value > UINT32_MAX ? UINT32_MAX : (uint32_t)value;
}

/* A count that somebody wrote; nonsense is 0. */
static uint64_t whole(double value) {
    return value > 0 && value < 0x1p53 ? (uint64_t)value : 0;
}

/* Which record a key has: the old one when it was there, else a new one at *n. */
static accord_code place(accord_map *map, uint64_t key, void *items, size_t *n,
                         size_t *cap, size_t size, size_t *at, accord_err *err) {
    uint32_t *slot;

    accord_code rc = accord_map_at(map, key, &slot, err);
    if (!rc && *slot == ACCORD_MAP_NEW) {
        rc = accord_grow(items, *n, cap, size, err);
        if (!rc)
            *slot = (uint32_t)(*n)++;
    }
    if (!rc)
        *at = *slot;
    return rc;
}

static accord_code read_ep_name(line *l) {
    const char *text;

    accord_code rc = accord_jsonl_string(l->from->reader, "ep", &text, l->err);
    if (rc)
        return rc;
    if (!accord_ep_name_read(text, &l->ep))
        return broken(l, "\"ep\" is no episode");
    l->key = accord_tally_key(text);
    return ACCORD_OK;
}

static accord_code add_parts(accord_tally *t, const line *l, size_t at) {
    while ((at + 1) * t->n_parts > t->cap_parts) {
        accord_code rc = accord_grow(&t->parts, t->cap_parts, &t->cap_parts,
                                     sizeof(*t->parts), l->err);
        if (rc)
            return rc;
    }
    if (t->n_parts)
        accord_lines_reals(l->from, "parts", t->parts + at * t->n_parts, t->n_parts);
    return ACCORD_OK;
}

static accord_code read_outcome(const line *l, uint8_t *out) {
    const char *text;

    accord_code rc = accord_jsonl_string(l->from->reader, "outcome", &text, l->err);
    if (rc)
        return rc;
    for (uint8_t i = 0; i < ACCORD_OUTCOMES; i++)
        if (strcmp(text, accord_outcomes[i]) == 0) {
            *out = i;
            return ACCORD_OK;
        }
    return broken(l, "unknown outcome");
}

static accord_code add_ep(accord_tally *t, line *l) {
    size_t at, known = t->n_eps;
    double score;

    accord_code rc = read_ep_name(l);
    if (!rc)
        rc = place(&t->of_ep, l->key, &t->eps, &t->n_eps, &t->cap_eps, sizeof(*t->eps),
                   &at, l->err);
    if (rc)
        return rc;
    accord_tally_ep *ep = &t->eps[at];
    *ep = (accord_tally_ep){.key = l->key, .item = at == known ? t->items.n : ep->item};
    ep->step = l->ep.step;
    ep->visit = l->ep.visit;
    ep->phase = (uint8_t)l->ep.phase;
    ep->index = field_u32(l, "index");
    ep->steps = field_u32(l, "steps");
    ep->us = accord_lines_uint(l->from, "us");
    if (accord_jsonl_number(l->from->reader, "score", &score, NULL) &&
        !accord_jsonl_text(l->from->reader, "score"))
        return broken(l, "an episode without a score");
    ep->score = accord_lines_real(l->from, "score");
    const char *answered = accord_jsonl_text(l->from->reader, "answered");
    ep->answered = answered && strcmp(answered, "true") == 0;
    if (at == known) {
        accord_buf_add(&t->items, l->ep.item, strlen(l->ep.item) + 1);
        rc = accord_buf_check(&t->items, l->path, l->err);
    }
    if (!rc)
        rc = read_outcome(l, &ep->outcome);
    if (!rc)
        rc = name_of(&t->modes, l->ep.mode, &ep->mode, l->err);
    return rc ? rc : add_parts(t, l, at);
}

static accord_code find_group(accord_tally *t, const line *l, uint32_t *out) {
    accord_tally_group g = {.step = l->ep.step, .phase = l->ep.phase};
    size_t at = 0;

    accord_code rc = name_of(&t->modes, l->ep.mode, &g.mode, l->err);
    if (!rc)
        rc = field_name(l, &t->roles, "role", &g.role);
    if (!rc)
        rc = field_name(l, &t->models, "model", &g.model);
    g.agent = field_u32(l, "agent");
    g.round = field_u32(l, "round");
    uint64_t key = accord_rng_fold(accord_rng_fold((uint64_t)g.phase, g.step), g.mode);
    key = accord_rng_fold(accord_rng_fold(key, g.role), g.model);
    key = accord_rng_fold(accord_rng_fold(key, g.agent), g.round);
    if (!rc)
        rc = place(&t->of_group, key, &t->groups, &t->n_groups, &t->cap_groups, sizeof(g),
                   &at, l->err);
    if (!rc)
        t->groups[at] = g;
    *out = (uint32_t)at;
    return rc;
}

/* The request's hash is not part of this key: an episode that was played again and asked
 * something else at the same place made the older call part of no episode. */
static accord_code add_call(accord_tally *t, line *l) {
    double us[3], tokens[2];
    size_t at;

    accord_tally_call call = {0};
    accord_code rc = read_ep_name(l);
    if (!rc)
        rc = find_group(t, l, &call.group);
    if (rc)
        return rc;
    const accord_tally_group *g = &t->groups[call.group];
    uint64_t key = accord_rng_fold_text(l->key, t->roles.items[g->role]);
    key = accord_rng_fold(accord_rng_fold(key, g->agent), g->round);
    key = accord_rng_fold(key, accord_lines_uint(l->from, "sample"));
    key = accord_rng_fold(key, accord_lines_uint(l->from, "ord"));
    rc = place(&t->of_call, key, &t->calls, &t->n_calls, &t->cap_calls, sizeof(call), &at,
               l->err);
    if (rc)
        return rc;
    accord_lines_reals(l->from, "us", us, 3);
    accord_lines_reals(l->from, "tokens", tokens, 2);
    call.ep = l->key;
    call.us = whole(us[2]);
    call.prompt = whole(tokens[0]);
    call.completion = whole(tokens[1]);
    call.failed = accord_jsonl_text(l->from->reader, "error") != NULL;
    t->calls[at] = call;
    return ACCORD_OK;
}

static accord_code add_cand(accord_tally *t, line *l) {
    size_t at;

    accord_tally_cand cand = {0};
    accord_code rc = read_ep_name(l);
    if (!rc)
        rc = field_name(l, &t->kinds, "kind", &cand.kind);
    if (rc)
        return rc;
    const char *canon = accord_jsonl_text(l->from->reader, "canon");
    cand.ep = l->key;
    cand.index = field_u32(l, "index");
    cand.answer = canon && *canon ? accord_rng_fold_text(1, canon) : 0;
    cand.score = accord_lines_real(l->from, "score");
    cand.tokens = accord_lines_real(l->from, "tokens");
    uint64_t key = accord_rng_fold_text(l->key, t->kinds.items[cand.kind]);
    rc = place(&t->of_cand, accord_rng_fold(key, cand.index), &t->cands, &t->n_cands,
               &t->cap_cands, sizeof(cand), &at, l->err);
    if (!rc)
        t->cands[at] = cand;
    return rc;
}

static accord_code add_metric(accord_tally *t, line *l) {
    size_t at;

    accord_tally_metric m = {.phase = ACCORD_IN_TRAIN};
    accord_code rc = ACCORD_OK;
    if (accord_jsonl_text(l->from->reader, "ep")) {
        rc = read_ep_name(l);
        m.ep = l->key;
        m.phase = l->ep.phase;
        m.ep_step = l->ep.step;
    }
    if (!rc)
        rc = name_of(&t->modes, m.ep ? l->ep.mode : "", &m.mode, l->err);
    if (!rc)
        rc = field_name(l, &t->metric_names, "name", &m.name);
    m.step = accord_lines_uint(l->from, "step");
    m.value = accord_lines_real(l->from, "value");
    uint64_t key = accord_rng_fold(accord_rng_fold(m.ep, m.step), m.name);
    if (!rc)
        rc = place(&t->of_metric, key, &t->metrics, &t->n_metrics, &t->cap_metrics,
                   sizeof(m), &at, l->err);
    if (!rc)
        t->metrics[at] = m;
    return rc;
}

static accord_code add_line(accord_tally *t, line *l) {
    const char *k;

    accord_code rc = accord_jsonl_string(l->from->reader, "k", &k, l->err);
    if (rc)
        return rc;
    if (strcmp(k, "ep") == 0)
        return add_ep(t, l);
    if (strcmp(k, "call") == 0)
        return add_call(t, l);
    if (strcmp(k, "cand") == 0)
        return add_cand(t, l);
    if (strcmp(k, "metric") == 0)
        return add_metric(t, l);
    const char *what = accord_jsonl_text(l->from->reader, "what");
    if (strcmp(k, "mark") == 0 && what && strcmp(what, "done") == 0)
        t->done = true;
    return ACCORD_OK; /* marks and evaluations say nothing that the episodes do not */
}

accord_code accord_tally_read(const char *journal, size_t n_parts, accord_tally *out,
                              accord_err *err) {
    accord_lines lines;
    int more = 1;

    *out = (accord_tally){.n_parts = n_parts};
    accord_buf_init(&out->items, (size_t)1 << 32);
    accord_code rc = accord_lines_open(journal, &lines, err);
    line l = {.from = &lines, .path = journal, .err = err};
    while (!rc && more) {
        rc = accord_lines_next(&lines, &more, err);
        if (!rc && more)
            rc = add_line(out, &l);
    }
    accord_lines_close(&lines);
    return rc;
}

static void names_fini(accord_names *names) {
    for (size_t i = 0; i < names->n; i++)
        free(names->items[i]);
    free(names->items);
}

void accord_tally_fini(accord_tally *t) {
    names_fini(&t->modes);
    names_fini(&t->roles);
    names_fini(&t->models);
    names_fini(&t->kinds);
    names_fini(&t->metric_names);
    accord_buf_fini(&t->items);
    free(t->eps);
    free(t->parts);
    free(t->groups);
    free(t->calls);
    free(t->cands);
    free(t->metrics);
    accord_map_fini(&t->of_ep);
    accord_map_fini(&t->of_group);
    accord_map_fini(&t->of_call);
    accord_map_fini(&t->of_cand);
    accord_map_fini(&t->of_metric);
    *t = (accord_tally){0};
}
