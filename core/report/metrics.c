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
    accord_code rc = accord_grow(&m->items, m->n, &m->cap, sizeof(*m->items), err);
    if (rc)
        return rc;
    *out = &m->items[m->n++];
    **out = (accord_row_metric){.name = accord_xstrdup(name), .training = training};
    return ACCORD_OK;
}

static void add_seed(accord_row_metric *m, const json_t *numbers) {
    static const char *const keys[ACCORD_METRIC_VALUES] = {"first", "last", "mean"};

    m->of_seed = accord_xrealloc(m->of_seed,
                                 (m->seeds + 1) * ACCORD_METRIC_VALUES * sizeof(double));
    for (int i = 0; i < ACCORD_METRIC_VALUES; i++) {
        bool has = m->training || i == ACCORD_METRIC_MEAN;
        m->of_seed[m->seeds * ACCORD_METRIC_VALUES + (size_t)i] =
            has ? accord_report_real(json_object_get(numbers, keys[i])) : (double)NAN;
    }
    m->n += accord_report_real(json_object_get(numbers, "n"));
    m->seeds++;
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
            add_seed(metric, numbers);
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
        free(m->items[i].of_seed);
    }
    free(m->items);
    *m = (accord_row_metrics){0};
}

accord_metric_spread accord_metrics_spread(const accord_row_metric *m, int value) {
    const double *x = m->of_seed + value;
    double sum = 0, squares = 0, n = 0;

    for (size_t i = 0; i < m->seeds; i++)
        if (!isnan(x[i * ACCORD_METRIC_VALUES])) {
            sum += x[i * ACCORD_METRIC_VALUES];
            n++;
        }
    for (size_t i = 0; i < m->seeds; i++) {
        double off = x[i * ACCORD_METRIC_VALUES] - sum / n;
        squares += isnan(x[i * ACCORD_METRIC_VALUES]) ? 0 : off * off;
    }
    return (accord_metric_spread){n > 0 ? sum / n : (double)NAN,
                                  n > 1 ? sqrt(squares / (n - 1)) : (double)NAN};
}
