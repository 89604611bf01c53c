/* metrics.c - see metrics.h. */
#include "report/metrics.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "report/rundir.h"

static accord_code find(accord_row_metrics *m, const char *name, bool training,
                        accord_row_metric **out, accord_err *err) {
    for (size_t i = 0; i < m->n; i++)
        if (m->items[i].training == training && strcmp(m->items[i].name, name) == 0) {
            *out = &m->items[i];
            return ACCORD_OK;
        }
    size_t n = strlen(name) + 1;
    char *copy;
    accord_code rc = accord_grow(&m->items, m->n, &m->cap, sizeof(*m->items), err);
    if (!rc)
        rc = accord_alloc(n, 1, &copy, err);
    if (rc)
        return rc;
    memcpy(copy, name, n);
    *out = &m->items[m->n++];
    **out = (accord_row_metric){.name = copy, .training = training};
    return ACCORD_OK;
}

static accord_code add_seed(accord_row_metric *m, const json_t *numbers,
                            accord_err *err) {
    static const char *const keys[ACCORD_METRIC_VALUES] = {"first", "last", "mean"};

    accord_code rc = accord_grow(&m->seeds, m->n_seeds, &m->cap, sizeof(*m->seeds), err);
    if (rc)
        return rc;
    for (int i = 0; i < ACCORD_METRIC_VALUES; i++) {
        bool has = m->training || i == ACCORD_METRIC_MEAN;
        m->seeds[m->n_seeds].of[i] =
            has ? accord_report_real(json_object_get(numbers, keys[i])) : (double)NAN;
    }
    m->n += accord_report_real(json_object_get(numbers, "n"));
    m->n_seeds++;
    return ACCORD_OK;
}

accord_code accord_metrics_add(accord_row_metrics *m, const json_t *metrics,
                               bool training, accord_err *err) {
    accord_code rc = ACCORD_OK;
    const char *name;
    json_t *numbers;

    json_object_foreach((json_t *)metrics, name, numbers) {
        accord_row_metric *metric;
        if (!rc)
            rc = find(m, name, training, &metric, err);
        if (!rc)
            rc = add_seed(metric, numbers, err);
    }
    return rc;
}

static int by_name(const void *a, const void *b) {
    const accord_row_metric *x = a, *y = b;

    if (x->training != y->training)
        return x->training ? -1 : 1;
    return strcmp(x->name, y->name);
}

void accord_metrics_sort(accord_row_metrics *m) {
    if (m->n)
        qsort(m->items, m->n, sizeof(*m->items), by_name);
}

void accord_metrics_fini(accord_row_metrics *m) {
    for (size_t i = 0; i < m->n; i++) {
        free(m->items[i].name);
        free(m->items[i].seeds);
    }
    free(m->items);
    *m = (accord_row_metrics){0};
}

accord_metric_spread accord_metrics_spread(const accord_row_metric *m, int value) {
    double sum = 0, squares = 0, n = 0;

    for (size_t i = 0; i < m->n_seeds; i++) {
        double x = m->seeds[i].of[value];
        sum += isnan(x) ? 0 : x;
        n += !isnan(x);
    }
    for (size_t i = 0; i < m->n_seeds; i++) {
        double off = m->seeds[i].of[value] - sum / n;
        squares += isnan(m->seeds[i].of[value]) ? 0 : off * off;
    }
    return (accord_metric_spread){n > 0 ? sum / n : (double)NAN,
                                  n > 1 ? sqrt(squares / (n - 1)) : (double)NAN};
}
