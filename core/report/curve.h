/* curve.h - what the candidates of one kind say of a row: vote@k of samples, debate@r of
 * rounds, with the tokens each takes. */
#ifndef ACCORD_CURVE_H
#define ACCORD_CURVE_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "report/grid.h"

/* Averaged over seeds.  Samples make a vote of 1 .. k; anything else goes on from 0 to
 * k - 1, and what ended earlier under one seed keeps its last point there. */
typedef struct accord_row_curve {
    char *kind;
    size_t k, seeds;
    double *score;  /* [k] */
    double *tokens; /* [k], prompt and completion, of a question */
} accord_row_curve;

typedef struct accord_row_curves {
    accord_row_curve *items;
    size_t n;
} accord_row_curves;

/* [main] One more seed: the member "candidates" of a mode's summary. */
void accord_row_curves_add(accord_row_curves *curves, const json_t *candidates);
/* [any] */
void accord_row_curves_fini(accord_row_curves *curves);

/* [any] What a point is called: "maj@3" of samples, else "round@2".  The caller's. */
char *accord_curve_point(const accord_row_curve *c, size_t at);
/* [any] The points whose tokens come nearest to `tokens` from either side; k = none. */
void accord_curve_bracket(const accord_row_curve *c, double tokens, size_t *below,
                          size_t *above);

/* [main] Adds under the number `seed` what each item of a mode's summary scores at a
 * point.  *found is false, and nothing was added, where the summary does not hold it: an
 * older Accord wrote it, or the cell has no such candidates. */
accord_code accord_curve_scores(const accord_row_curve *c, size_t at, const json_t *mode,
                                size_t seed, accord_grid *out, bool *found,
                                accord_err *err) ACCORD_MUST_CHECK;

#endif
