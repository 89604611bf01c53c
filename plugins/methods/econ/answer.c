/* answer.c - see answer.h. */
#include "answer.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_CANON = 4096 };

accord_code econ_answer_read(const econ_reader *r, const char *text, econ_answer *out,
                             accord_err *err) {
    accord_action action = {
        .struct_size = sizeof(action), .kind = ACCORD_TEXT, .text = text};
    char canon[MAX_CANON] = "";

    *out = (econ_answer){.text = text};
    if (!*text)
        return ACCORD_OK;
    accord_code rc = r->canon->canon(r->episode, &action, canon, sizeof(canon), err);
    if (rc || !*canon)
        return rc;
    out->canon = strdup(canon);
    return out->canon ? ACCORD_OK
                      : r->host->fail(r->host, err, ACCORD_E_NOMEM, "out of memory");
}

void econ_answer_fini(econ_answer *a) {
    free(a->canon);
    free(a->own);
    *a = (econ_answer){.text = NULL};
}

bool econ_answer_equal(const econ_answer *a, const econ_answer *b) {
    return a->canon && b->canon && strcmp(a->canon, b->canon) == 0;
}

/* How many of a[n] say what a[i] says; 0 when a[i] is not the first that says so. */
static uint32_t votes(const econ_answer *a, uint32_t n, uint32_t except, uint32_t i) {
    uint32_t sum = 0;

    if (i == except)
        return 0;
    for (uint32_t k = 0; k < n; k++) {
        if (k == except || !econ_answer_equal(&a[k], &a[i]))
            continue;
        if (k < i)
            return 0;
        sum++;
    }
    return sum;
}

static uint32_t most_votes(const econ_answer *a, uint32_t n, uint32_t except) {
    uint32_t most = 0;

    for (uint32_t i = 0; i < n; i++) {
        uint32_t own = votes(a, n, except, i);
        most = own > most ? own : most;
    }
    return most;
}

const econ_answer *econ_plurality(const econ_answer *a, uint32_t n, uint32_t except) {
    uint32_t most = most_votes(a, n, except);

    for (uint32_t i = 0; i < n && most > 0; i++)
        if (votes(a, n, except, i) == most)
            return &a[i];
    return NULL;
}

double econ_plurality_quality(const econ_answer *a, const double *value, uint32_t n,
                              uint32_t except) {
    uint32_t most = most_votes(a, n, except), groups = 0;
    double sum = 0;

    for (uint32_t i = 0; i < n && most > 0; i++)
        if (votes(a, n, except, i) == most) {
            sum += value[i];
            groups++;
        }
    return groups ? sum / groups : 0;
}
