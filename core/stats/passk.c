/* passk.c - pass@k and pass^k; see passk.h. */
#include "stats/passk.h"

#include <math.h>

/* C(c, k) / C(n, k), k <= n and c <= n: the chance that k draws all come from the c. */
static double all_from(size_t n, size_t c, size_t k) {
    double chance = 1;

    if (k > c)
        return 0;
    for (size_t i = 0; i < k; i++)
        chance *= (double)(c - i) / (double)(n - i);
    return chance;
}

double accord_passk_any(size_t n, size_t c, size_t k) {
    if (k > n || c > n)
        return (double)NAN;
    return 1 - all_from(n, n - c, k);
}

double accord_passk_all(size_t n, size_t c, size_t k) {
    if (k > n || c > n)
        return (double)NAN;
    return all_from(n, c, k);
}
