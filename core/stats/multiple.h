/* multiple.h - many tests in one table: p-values adjusted for their number.
 *
 * p[m] to out[m], which may be p.  A p that is NaN stays NaN and still counts in m as one
 * that shows nothing: the family is declared before looking. */
#ifndef ACCORD_MULTIPLE_H
#define ACCORD_MULTIPLE_H

#include <stddef.h>

#include "base/err.h"

/* [any] Holm 1979: the risk of any false alarm in the family.  The j-th smallest becomes
 * max over k <= j of min(1, (m - k + 1) p_(k)).  ACCORD_E_NOMEM. */
accord_code accord_multiple_holm(const double *p, size_t m, double *out,
                                 accord_err *err) ACCORD_MUST_CHECK;

/* [any] Benjamini and Hochberg 1995: the share of false alarms among the alarms.  The
 * j-th smallest becomes min over k >= j of min(1, m p_(k) / k).  ACCORD_E_NOMEM. */
accord_code accord_multiple_bh(const double *p, size_t m, double *out,
                               accord_err *err) ACCORD_MUST_CHECK;

#endif
