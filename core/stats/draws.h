/* draws.h - the replicates of a bootstrap, on as many threads as wanted.
 *
 * Replicate r draws from a random stream of its own, made of the seed and r, so that the
 * numbers depend neither on the threads nor on their luck. */
#ifndef ACCORD_DRAWS_H
#define ACCORD_DRAWS_H

#include <stddef.h>
#include <stdint.h>

#include <accord/rng.h>

#include "base/err.h"
#include "stats/stats.h"

typedef struct accord_draws {
    uint64_t seed;
    size_t n;         /* replicates */
    size_t n_threads; /* 0 = one per processor */
} accord_draws;

typedef struct accord_draws_job {
    /* One replicate: [any] writes n_out values to out; `scratch` is this thread's.  A job
     * of which accord_draws_once() is called draws nothing when state is NULL and gives
     * the estimate. */
    void (*one)(const void *data, uint64_t *state, double *scratch, double *out);
    const void *data;
    size_t n_scratch; /* doubles */
    size_t n_out;
} accord_draws_job;

/* [any] Runs how->n replicates: values[n_out][how->n].  ACCORD_E_NOMEM. */
accord_code accord_draws_run(const accord_draws *how, const accord_draws_job *job,
                             double *values, accord_err *err) ACCORD_MUST_CHECK;

/* [any] The estimate: out[n_out].  ACCORD_E_NOMEM. */
accord_code accord_draws_once(const accord_draws_job *job, double *out,
                              accord_err *err) ACCORD_MUST_CHECK;

/* [any] An estimate with what its n replicates say: se is their standard deviation, lo
 * and hi their 2.5 % and 97.5 % points (Efron 1979: percentile interval; interpolated as
 * NumPy does).  Sorts `values`, rising.  se, lo and hi are NaN below two replicates, when
 * a replicate is NaN, and where a bound is not finite. */
accord_stat accord_draws_stat(double estimate, double *values, size_t n);

/* [any] The two-sided p against 0 of n sorted replicates, none NaN:
 * 2 min(#{x <= 0} + 1, #{x >= 0} + 1) / (n + 1), at most 1 (Davison and Hinkley 1997,
 * section 4.4).  NaN when n is 0. */
double accord_draws_p(const double *sorted, size_t n);

/* [any] A number below n, n > 0.  Up to 2^32 by multiplication (Lemire 2019) without its
 * rejection step: no index is more likely than another by over n / 2^32. */
static inline size_t accord_draws_below(uint64_t *state, size_t n) {
    if (n > UINT32_MAX)
        return (size_t)accord_rng_below(state, n);
    return (size_t)(((accord_rng_next(state) >> 32) * n) >> 32);
}

#endif
