/* targets.c - what the values should have been; see losses.h. */
#include <math.h>
#include <stdlib.h>

#include "losses.h"

accord_code econ_targets_init(econ_targets *y, const econ_config *c, accord_nn_err *err) {
    size_t rows = (size_t)c->batch * ECON_MAX_STAGES;
    float *f = calloc((5 * c->n + 1) * rows, sizeof(*f));

    *y = (econ_targets){.memory = f};
    if (!f)
        return accord_nn_fail(err, ACCORD_E_NOMEM, "out of memory for targets");
    for (uint32_t i = 0; i < c->n; i++, f += 5 * rows) {
        y->reward[i] = f;
        y->next[i] = f + rows;
        y->local[i] = f + 2 * rows;
        y->best[i] = f + 3 * rows;
    }
    y->total = f;
    return ACCORD_OK;
}

void econ_targets_free(econ_targets *y) {
    free(y->memory);
    *y = (econ_targets){0};
}

static float reward_of(const econ_config *c, const econ_batch *b, uint32_t i, size_t row,
                       const double alpha[ECON_REWARDS]) {
    double r = 0;

    for (int k = 0; k < ECON_REWARDS; k++)
        r += alpha[k] * (double)b->reward[i][row * ECON_REWARDS + k];
    if (c->n_clusters > 1)
        r = (1 - c->beta) * r + c->beta * (double)b->cluster_reward[i][row];
    return (float)r;
}

/* The rewards alone; what follows is added where there is a next stage. */
static void fill_rewards(econ_targets *y, const econ_config *c, const econ_batch *b,
                         const double alpha[ECON_REWARDS]) {
    for (size_t row = 0; row < b->rows; row++) {
        double mean = 0;
        for (uint32_t i = 0; i < c->n; i++) {
            y->reward[i][row] = y->local[i][row] = reward_of(c, b, i, row, alpha);
            y->next[i][row] = 0;
            mean += (double)y->reward[i][row] / c->n;
        }
        y->total[row] = isnan(b->team[row]) ? (float)mean : b->team[row];
    }
}

/* The best action of the grid, and its value, of each of q's rows [n][G]. */
static void take_best(const float *q, size_t n, econ_tensor *grid, float *best,
                      float *value) {
    size_t size = grid->shape[0];

    for (size_t row = 0; row < n; row++) {
        size_t top = 0;
        for (size_t g = 1; g < size; g++)
            if (q[row * size + g] > q[row * size + top])
                top = g;
        best[2 * row] = grid->data[2 * top];
        best[2 * row + 1] = grid->data[2 * top + 1];
        value[row] = q[row * size + top];
    }
}

/* The stages from the second on, as the targets see them: row r here follows row r. */
static econ_tensor *next_total(econ_targets *y, accord_nn_tape *t, const econ_config *c,
                               const econ_nets *target, const econ_batch *b,
                               econ_tensor *grid) {
    econ_tensor *belief[ECON_MAX_AGENTS];
    econ_team team = {0};
    size_t rows = b->rows - b->episodes;

    econ_unroll(t, c, &target->beliefs, b, belief);
    for (uint32_t i = 0; i < c->n; i++) {
        team.belief[i] = accord_nn_slice(t, belief[i], 0, b->episodes, b->rows);
        econ_tensor *q =
            econ_q_grid(t, &target->beliefs.executor[i], team.belief[i], grid);
        if (accord_nn_tape_check(t, NULL))
            return q;
        take_best(q->data, rows, grid, y->best[i], y->next[i]);
        team.action[i] = accord_nn_input(t, y->best[i], ACCORD_NN_SHAPE(rows, 2));
        team.q[i] = accord_nn_input(t, y->next[i], ACCORD_NN_SHAPE(rows, 1));
    }
    return econ_mix(t, &target->encoder, &target->mixer, c, &team).q_tot;
}

accord_code econ_targets_fill(econ_targets *y, accord_nn_tape *t, const econ_config *c,
                              const econ_nets *target, const econ_batch *b,
                              const double alpha[ECON_REWARDS], econ_tensor *grid,
                              accord_nn_err *err) {
    fill_rewards(y, c, b, alpha);
    if (b->stages == 1)
        return ACCORD_OK;
    bool before = accord_nn_tape_record(t, false);
    econ_tensor *total = next_total(y, t, c, target, b, grid);
    accord_nn_tape_record(t, before);
    accord_code rc = accord_nn_tape_check(t, err);
    if (rc)
        return rc;
    for (size_t row = 0; row < b->rows - b->episodes; row++) {
        float weight = (float)c->discount * b->goes_on[row];
        y->total[row] += weight * total->data[row];
        for (uint32_t i = 0; i < c->n; i++) {
            y->next[i][row] *= weight;
            y->local[i][row] += y->next[i][row];
        }
    }
    return ACCORD_OK;
}
