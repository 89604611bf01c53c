/* optim.c - Adam, schedules, clipping. */
#include <math.h>
#include <stdlib.h>

#include "nn/pages.h"
#include "nn/parts.h"

double accord_nn_grad_norm(accord_nn_group group) {
    return sqrt(accord_kernels_best()->sum_squares(group.grad, group.size));
}

double accord_nn_clip_grad(const accord_nn_group *groups, size_t n_groups, double max) {
    const accord_kernels *k = accord_kernels_best();
    double squares = 0.0;

    for (size_t i = 0; i < n_groups; i++)
        squares += k->sum_squares(groups[i].grad, groups[i].size);
    double norm = sqrt(squares);
    if (isfinite(norm) && norm > max)
        for (size_t i = 0; i < n_groups; i++)
            k->scale(groups[i].grad, (float)(max / norm), groups[i].grad, groups[i].size);
    return norm;
}

accord_code accord_nn_adam_create(accord_nn_group group,
                                  const accord_nn_adam_config *config,
                                  accord_nn_adam **out, accord_nn_err *err) {
    *out = NULL;
    if (!group.size || !group.grad)
        return accord_nn_fail(err, ACCORD_E_ARG, "adam: the group is empty");
    if (!(config->beta1 >= 0.0 && config->beta1 < 1.0 && config->beta2 >= 0.0 &&
          config->beta2 < 1.0 && config->eps > 0.0 && config->weight_decay >= 0.0))
        return accord_nn_fail(err, ACCORD_E_ARG,
                              "adam: beta1 %g, beta2 %g, eps %g, weight_decay %g: betas "
                              "are in [0, 1), eps is above 0, the decay not below",
                              config->beta1, config->beta2, config->eps,
                              config->weight_decay);
    accord_nn_adam *o = calloc(1, sizeof(*o));
    float *m = calloc(group.size, sizeof(float)), *v = calloc(group.size, sizeof(float));
    if (!o || !m || !v) {
        free(o);
        free(m);
        free(v);
        return accord_nn_fail(err, ACCORD_E_NOMEM, "out of memory for %zu moments",
                              group.size);
    }
    accord_pages_huge(m, group.size * sizeof(float));
    accord_pages_huge(v, group.size * sizeof(float));
    *o = (accord_nn_adam){.group = group, .config = *config, .m = m, .v = v};
    *out = o;
    return ACCORD_OK;
}

void accord_nn_adam_destroy(accord_nn_adam *o) {
    if (!o)
        return;
    free(o->m);
    free(o->v);
    free(o);
}

/* Parameters that are decayed alike, one after the other, in one call. */
void accord_nn_adam_step(accord_nn_adam *o, double rate) {
    const accord_kernels *k = accord_kernels_best();
    const accord_nn_group *g = &o->group;
    accord_adam_step step = {.lr = rate,
                             .beta1 = o->config.beta1,
                             .beta2 = o->config.beta2,
                             .eps = o->config.eps,
                             .scale = 1.0,
                             .t = ++o->steps};

    for (size_t i = 0, at = 0; i < g->count;) {
        bool decayed = accord_nn_params_at(g->set, g->first + i)->rank > 1;
        size_t n = 0;
        const accord_nn_param *p;
        while (i < g->count && (p = accord_nn_params_at(g->set, g->first + i)) &&
               (p->rank > 1) == decayed) {
            n += p->size;
            i++;
        }
        step.decay = decayed ? o->config.weight_decay : 0.0;
        k->adam(g->value + at, o->m + at, o->v + at, g->grad + at, &step, n);
        at += n;
    }
}

uint64_t accord_nn_adam_steps(const accord_nn_adam *o) {
    return o->steps;
}

double accord_nn_rate(const accord_nn_schedule *s, uint64_t step) {
    const double pi = 3.14159265358979324;

    if (step < s->warmup)
        return s->peak * (double)(step + 1) / (double)s->warmup;
    if (s->shape == ACCORD_NN_RATE_CONSTANT)
        return s->peak;
    if (step >= s->total)
        return s->floor;
    double done = (double)(step - s->warmup) / (double)(s->total - s->warmup);
    double left =
        s->shape == ACCORD_NN_RATE_LINEAR ? 1.0 - done : 0.5 * (1.0 + cos(pi * done));
    return s->floor + (s->peak - s->floor) * left;
}
