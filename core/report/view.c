/* view.c - see view.h. */
#include "report/view.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

static bool belongs(const accord_view *v, const accord_tally_ep *ep) {
    return ep->phase == ACCORD_IN_EVAL && ep->mode == v->mode && ep->step == v->step;
}

static int in_order(const void *a, const void *b, void *tally) {
    const accord_tally_ep *x = *(const accord_tally_ep *const *)a;
    const accord_tally_ep *y = *(const accord_tally_ep *const *)b;

    if (x->index != y->index)
        return x->index < y->index ? -1 : 1;
    int by_item = strcmp(accord_tally_item(tally, x), accord_tally_item(tally, y));
    return by_item ? by_item : (x->visit > y->visit) - (x->visit < y->visit);
}

static uint64_t last_step(const accord_tally *t, uint32_t mode) {
    uint64_t step = 0;

    for (size_t i = 0; i < t->n_eps; i++)
        if (t->eps[i].phase == ACCORD_IN_EVAL && t->eps[i].mode == mode &&
            t->eps[i].step > step)
            step = t->eps[i].step;
    return step;
}

accord_code accord_view_make(const accord_tally *tally, uint32_t mode, uint64_t step,
                             accord_view *out, accord_err *err) {
    *out = (accord_view){.tally = tally, .mode = mode, .step = step};
    if (step == UINT64_MAX)
        out->step = last_step(tally, mode);
    accord_code rc = accord_alloc(tally->n_eps, sizeof(*out->eps), &out->eps, err);
    for (size_t i = 0; !rc && i < tally->n_eps; i++)
        if (belongs(out, &tally->eps[i]))
            out->eps[out->n++] = &tally->eps[i];
    if (!rc)
        qsort_r(out->eps, out->n, sizeof(*out->eps), in_order, (void *)tally);
    return rc;
}

void accord_view_fini(accord_view *v) {
    free(v->eps);
    *v = (accord_view){0};
}

double accord_view_score(const accord_view *v) {
    double sum = 0;

    for (size_t i = 0; i < v->n; i++)
        sum += v->eps[i]->score;
    return v->n ? sum / (double)v->n : (double)NAN;
}
