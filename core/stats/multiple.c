/* multiple.c - Holm, Benjamini and Hochberg; see multiple.h. */
#include "stats/multiple.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

typedef struct entry {
    double p; /* 1 for NaN */
    size_t i;
} entry;

static int by_p(const void *a, const void *b) {
    entry x, y;

    memcpy(&x, a, sizeof(x));
    memcpy(&y, b, sizeof(y));
    if (x.p < y.p || x.p > y.p)
        return x.p < y.p ? -1 : 1;
    return (x.i > y.i) - (x.i < y.i);
}

/* The entries of p[m] sorted, rising; free() them. */
static accord_code sorted(const double *p, size_t m, entry **out, accord_err *err) {
    accord_code rc = accord_alloc(m, sizeof(**out), out, err);

    if (rc)
        return rc;
    for (size_t i = 0; i < m; i++)
        (*out)[i] = (entry){isnan(p[i]) ? 1 : p[i], i};
    if (m > 1)
        qsort(*out, m, sizeof(**out), by_p);
    return ACCORD_OK;
}

static void put(const double *p, double *out, size_t i, double adjusted) {
    out[i] = isnan(p[i]) ? (double)NAN : adjusted;
}

accord_code accord_multiple_holm(const double *p, size_t m, double *out,
                                 accord_err *err) {
    double highest = 0;
    entry *e;

    accord_code rc = sorted(p, m, &e, err);
    for (size_t k = 0; !rc && k < m; k++) {
        highest = fmax(highest, fmin(1, (double)(m - k) * e[k].p));
        put(p, out, e[k].i, highest);
    }
    free(e);
    return rc;
}

accord_code accord_multiple_bh(const double *p, size_t m, double *out, accord_err *err) {
    double lowest = 1;
    entry *e;

    accord_code rc = sorted(p, m, &e, err);
    for (size_t k = m; !rc && k > 0; k--) {
        lowest = fmin(lowest, (double)m / (double)k * e[k - 1].p);
        put(p, out, e[k - 1].i, lowest);
    }
    free(e);
    return rc;
}
