/* replay.c - the ring of episodes; see replay.h. */
#include "replay.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

accord_code econ_replay_init(econ_replay *r, const econ_config *c, accord_nn_err *err) {
    *r = (econ_replay){.capacity = c->buffer,
                       .width = c->width,
                       .max_rows = 1 + ECON_MAX_STAGES * (3 * c->n + 1)};
    r->episode = calloc(r->capacity, sizeof(*r->episode));
    r->table = calloc((size_t)r->capacity * r->max_rows, r->width * sizeof(*r->table));
    if (!r->episode || !r->table)
        return accord_nn_fail(err, ACCORD_E_NOMEM, "out of memory for %u episodes",
                              r->capacity);
    return ACCORD_OK;
}

void econ_replay_free(econ_replay *r) {
    free(r->episode);
    free(r->table);
    *r = (econ_replay){0};
}

static bool finite_all(const double *x, size_t n) {
    for (size_t i = 0; i < n; i++)
        if (!isfinite(x[i]))
            return false;
    return true;
}

static bool finite_floats(const float *x, size_t n) {
    for (size_t i = 0; i < n; i++)
        if (!isfinite(x[i]))
            return false;
    return true;
}

static bool in_square(const float unit[2]) {
    return unit[0] >= 0 && unit[0] <= 1 && unit[1] >= 0 && unit[1] <= 1;
}

/* Embeddings that an episode borrows, each pointer once. */
struct pointers {
    const float *at[1 + ECON_MAX_STAGES * (3 * ECON_MAX_AGENTS + 1)];
    uint32_t n;
};

static int32_t row_of(struct pointers *p, const float *x) {
    if (!x)
        return 0;
    for (uint32_t i = 1; i < p->n; i++)
        if (p->at[i] == x)
            return (int32_t)i;
    p->at[p->n] = x;
    return (int32_t)p->n++;
}

static accord_code copy_stage(econ_episode *e, uint32_t s, const econ_stage *stage,
                              const econ_config *c, struct pointers *p,
                              accord_nn_err *err) {
    for (uint32_t i = 0; i < c->n; i++) {
        if (!in_square(stage->action[i].unit))
            return accord_nn_fail(
                err, ACCORD_E_ARG,
                "stage %u: the action of executor %u is outside of its box", s + 1, i);
        if (!finite_all(stage->reward[i], ECON_REWARDS))
            return accord_nn_fail(err, ACCORD_E_ARG,
                                  "stage %u: a reward of executor %u is not finite",
                                  s + 1, i);
        e->view[s][i][0] = row_of(p, stage->view[i].question);
        e->view[s][i][1] = row_of(p, stage->view[i].strategy);
        e->view[s][i][2] = row_of(p, stage->view[i].commitment);
        memcpy(e->unit[s][i], stage->action[i].unit, sizeof(e->unit[s][i]));
        memcpy(e->reward[s][i], stage->reward[i], sizeof(e->reward[s][i]));
    }
    if (isinf(stage->team) ||
        (c->n_clusters > 1 && !finite_all(stage->cluster_reward, c->n_clusters)))
        return accord_nn_fail(err, ACCORD_E_ARG,
                              "stage %u: a reward of the team is not finite", s + 1);
    e->team[s] = stage->team;
    if (c->n_clusters > 1)
        memcpy(e->cluster_reward[s], stage->cluster_reward, sizeof(e->cluster_reward[s]));
    e->commitment[s] = row_of(p, stage->commitment);
    return ACCORD_OK;
}

accord_code econ_replay_add(econ_replay *r, const econ_config *c,
                            const econ_stage *stages, uint32_t n_stages,
                            accord_nn_err *err) {
    struct pointers p = {.n = 1};
    econ_episode e = {.stages = n_stages};

    if (n_stages < 1 || n_stages > ECON_MAX_STAGES)
        return accord_nn_fail(err, ACCORD_E_ARG, "an episode of %u stages", n_stages);
    for (uint32_t s = 0; s < n_stages; s++) {
        accord_code rc = copy_stage(&e, s, &stages[s], c, &p, err);
        if (rc)
            return rc;
    }
    for (uint32_t i = 1; i < p.n; i++)
        if (!finite_floats(p.at[i], r->width))
            return accord_nn_fail(err, ACCORD_E_ARG, "an embedding is not finite");
    e.rows = p.n;
    float *table = r->table + (size_t)r->next * r->max_rows * r->width;
    for (uint32_t i = 1; i < p.n; i++)
        memcpy(table + (size_t)i * r->width, p.at[i], r->width * sizeof(*table));
    r->episode[r->next] = e;
    r->next = (r->next + 1) % r->capacity;
    r->stored += r->stored < r->capacity;
    return ACCORD_OK;
}

static bool episode_fits(const econ_episode *e, const econ_replay *r,
                         const econ_config *c) {
    bool good = e->stages >= 1 && e->stages <= ECON_MAX_STAGES && e->rows >= 1 &&
                e->rows <= r->max_rows;

    for (uint32_t s = 0; good && s < e->stages; s++) {
        good = e->commitment[s] >= 0 && (uint32_t)e->commitment[s] < e->rows &&
               !isinf(e->team[s]) && finite_all(e->cluster_reward[s], ECON_MAX_CLUSTERS);
        for (uint32_t i = 0; good && i < c->n; i++) {
            good = in_square(e->unit[s][i]) && finite_all(e->reward[s][i], ECON_REWARDS);
            for (int k = 0; good && k < 3; k++)
                good = e->view[s][i][k] >= 0 && (uint32_t)e->view[s][i][k] < e->rows;
        }
    }
    return good;
}

accord_code econ_replay_check(const econ_replay *r, const econ_config *c,
                              accord_nn_err *err) {
    bool good = r->stored <= r->capacity && r->next < r->capacity;

    for (uint32_t i = 0; good && i < r->stored; i++)
        good = episode_fits(&r->episode[i], r, c) &&
               finite_floats(r->table + (size_t)i * r->max_rows * r->width,
                             (size_t)r->episode[i].rows * r->width);
    return good ? ACCORD_OK
                : accord_nn_fail(err, ACCORD_E_CONFIG,
                                 "the checkpoint's episodes hold values that cannot be");
}
