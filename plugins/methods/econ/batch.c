/* batch.c - episodes side by side; see replay.h. */
#include <stdlib.h>
#include <string.h>

#include <accord/rng.h>

#include "replay.h"

/* Floats of one executor's row: last, action, rewards, its cluster's. */
enum { PER_EXECUTOR = 2 + 2 + ECON_REWARDS + 1, PER_ROW = 4 };

static void lay_out(econ_batch *b, const econ_config *c, size_t rows) {
    float *f = b->floats;
    int32_t *k = b->ints;

    for (uint32_t i = 0; i < c->n; i++) {
        b->last[i] = f;
        b->action[i] = b->last[i] + 2 * rows;
        b->reward[i] = b->action[i] + 2 * rows;
        b->cluster_reward[i] = b->reward[i] + ECON_REWARDS * rows;
        f += PER_EXECUTOR * rows;
        for (int slot = 0; slot < 3; slot++, k += rows)
            b->view[i][slot] = k;
    }
    b->commitment = k;
    b->team = f;
    b->counts = b->team + rows;
    b->goes_on = b->counts + rows;
    b->committed = b->goes_on + rows;
    b->table = b->committed + rows;
}

accord_code econ_batch_init(econ_batch *b, const econ_config *c, const econ_replay *r,
                            accord_nn_err *err) {
    size_t rows = (size_t)c->batch * ECON_MAX_STAGES;
    size_t table = (1 + (size_t)c->batch * r->max_rows) * c->width;

    *b = (econ_batch){0};
    b->floats = calloc((c->n * PER_EXECUTOR + PER_ROW) * rows + table, sizeof(float));
    b->ints = calloc((3 * (size_t)c->n + 1) * rows, sizeof(int32_t));
    b->chosen = calloc(r->capacity, sizeof(*b->chosen));
    if (!b->floats || !b->ints || !b->chosen)
        return accord_nn_fail(err, ACCORD_E_NOMEM, "out of memory for a batch");
    lay_out(b, c, rows);
    return ACCORD_OK;
}

void econ_batch_free(econ_batch *b) {
    free(b->floats);
    free(b->ints);
    free(b->chosen);
    *b = (econ_batch){0};
}

/* The first n of `chosen` become different numbers below `stored`. */
static void choose(uint32_t *chosen, uint32_t n, uint32_t stored, uint64_t *rng) {
    for (uint32_t i = 0; i < stored; i++)
        chosen[i] = i;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t j = i + (uint32_t)accord_rng_below(rng, stored - i);
        uint32_t swap = chosen[i];
        chosen[i] = chosen[j];
        chosen[j] = swap;
    }
}

static void put_executor(econ_batch *b, const econ_episode *e, size_t row, uint32_t s,
                         uint32_t i, int32_t first) {
    for (int slot = 0; slot < 3; slot++) {
        int32_t own = e->view[s][i][slot];
        b->view[i][slot][row] = own ? first + own : 0;
    }
    for (int k = 0; k < 2; k++) {
        b->action[i][2 * row + k] = e->unit[s][i][k];
        b->last[i][2 * row + k] = s ? e->unit[s - 1][i][k] : 0.5f;
    }
    for (int k = 0; k < ECON_REWARDS; k++)
        b->reward[i][ECON_REWARDS * row + k] = (float)e->reward[s][i][k];
}

/* A row that does not count sees nothing; what it comes to is multiplied by 0. */
static void put_padding(econ_batch *b, size_t row, uint32_t i) {
    for (int slot = 0; slot < 3; slot++)
        b->view[i][slot][row] = 0;
    for (int k = 0; k < 2; k++)
        b->action[i][2 * row + k] = b->last[i][2 * row + k] = 0.5f;
    for (int k = 0; k < ECON_REWARDS; k++)
        b->reward[i][ECON_REWARDS * row + k] = 0;
    b->cluster_reward[i][row] = 0;
}

static void put_row(econ_batch *b, const econ_config *c, const econ_episode *e,
                    size_t row, uint32_t s, int32_t first) {
    bool counts = s < e->stages;

    b->counts[row] = counts;
    b->goes_on[row] = s + 1 < e->stages;
    b->team[row] = counts ? (float)e->team[s] : 0;
    b->commitment[row] = counts && e->commitment[s] ? first + e->commitment[s] : 0;
    b->committed[row] = b->commitment[row] != 0;
    b->counted += counts;
    for (uint32_t k = 0, i = 0; k < c->n_clusters; k++)
        for (uint32_t m = 0; m < (c->n_clusters > 1 ? c->cluster[k] : c->n); m++, i++) {
            if (!counts) {
                put_padding(b, row, i);
                continue;
            }
            put_executor(b, e, row, s, i, first);
            b->cluster_reward[i][row] = (float)e->cluster_reward[s][k];
        }
}

void econ_batch_draw(econ_batch *b, const econ_config *c, const econ_replay *r,
                     uint64_t *rng) {
    b->episodes = r->stored < c->batch ? r->stored : c->batch;
    choose(b->chosen, b->episodes, r->stored, rng);
    b->stages = 1;
    for (uint32_t k = 0; k < b->episodes; k++)
        if (r->episode[b->chosen[k]].stages > b->stages)
            b->stages = r->episode[b->chosen[k]].stages;
    b->rows = (size_t)b->episodes * b->stages;
    b->embedded = 1;
    b->counted = 0;
    for (uint32_t k = 0; k < b->episodes; k++) {
        const econ_episode *e = &r->episode[b->chosen[k]];
        const float *own = r->table + (size_t)b->chosen[k] * r->max_rows * r->width;
        size_t more = e->rows - 1;
        memcpy(b->table + b->embedded * r->width, own + r->width,
               more * r->width * sizeof(*own));
        for (uint32_t s = 0; s < b->stages; s++)
            put_row(b, c, e, (size_t)s * b->episodes + k, s, (int32_t)b->embedded - 1);
        b->embedded += more;
    }
}
