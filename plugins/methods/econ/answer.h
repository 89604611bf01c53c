/* answer.h - a text and its canonical form; pluralities of answers. */
#ifndef ECON_ANSWER_H
#define ECON_ANSWER_H

#include <stdbool.h>

#include <accord/plugin.h>

typedef struct econ_answer {
    const char *text; /* never NULL once read; borrowed, or `own` */
    char *canon;      /* NULL: no answer can be read from the text */
    char *own;        /* the text, where it is a copy */
} econ_answer;

/* Who reads for which episode. */
typedef struct econ_reader {
    const accord_host *host;
    const accord_canon_service *canon;
    accord_episode *episode;
} econ_reader;

/* [worker] Reads `text`, which stays borrowed. */
accord_code econ_answer_read(const econ_reader *r, const char *text, econ_answer *out,
                             accord_err *err);
/* [any] Frees what is the answer's. */
void econ_answer_fini(econ_answer *a);
/* [any] Both can be read and say the same. */
bool econ_answer_equal(const econ_answer *a, const econ_answer *b);

/* [any] The first answer of the largest group of equal ones among a[n], of tied groups
 * of that whose first answer is earliest; NULL without a readable one.  `except` is left
 * out (n: nobody). */
const econ_answer *econ_plurality(const econ_answer *a, uint32_t n, uint32_t except);

/* [any] How good the plurality of a[n] without `except` is: the mean value[] of the
 * first answers of the largest groups, tied groups weighing the same, so that nobody
 * gains by standing earlier; 0 without a readable answer. */
double econ_plurality_quality(const econ_answer *a, const double *value, uint32_t n,
                              uint32_t except);

#endif
