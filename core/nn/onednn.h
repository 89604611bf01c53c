/* onednn.h - oneDNN on the calling thread alone.  It runs on libgomp, whose number of
 * threads belongs to the calling thread; with one no team is made, so nothing stands in
 * the way of a fork or of other threads. */
#ifndef ACCORD_ONEDNN_H
#define ACCORD_ONEDNN_H

#ifdef HAVE_DNNL

#include <dnnl.h>

extern int omp_get_max_threads(void);
extern void omp_set_num_threads(int n);

/* Around every call that makes or runs something; the answer goes to leave(). */
static inline int accord_onednn_enter(void) {
    int threads = omp_get_max_threads();
    omp_set_num_threads(1);
    return threads;
}
static inline void accord_onednn_leave(int threads) {
    omp_set_num_threads(threads);
}

#endif

#endif
