/* passk.h - what k tries out of n samples are worth, without bias.  maj@k is
 * accord_stats_majority(). */
#ifndef ACCORD_PASSK_H
#define ACCORD_PASSK_H

#include <stddef.h>

/* [any] pass@k = 1 - C(n - c, k) / C(n, k): the chance that one of k of the n samples, c
 * of which are correct, is correct (Chen et al. 2021, arXiv 2107.03374).  NaN when k or c
 * is over n. */
double accord_passk_any(size_t n, size_t c, size_t k);

/* [any] pass^k = C(c, k) / C(n, k): that all k are (Yao et al. 2024, arXiv 2406.12045).
 */
double accord_passk_all(size_t n, size_t c, size_t k);

#endif
