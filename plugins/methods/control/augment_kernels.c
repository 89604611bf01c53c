/* augment_kernels.c - see augment_kernels.h. */
#include "augment_kernels.h"

const control_kernels *control_kernels_at(int level) {
    switch (level) {
    case CONTROL_SSE2:
        return &control_kernels_sse2;
#ifdef __x86_64__
    case CONTROL_AVX2:
        return __builtin_cpu_supports("avx2") ? &control_kernels_avx2 : NULL;
    case CONTROL_AVX512:
        return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                       __builtin_cpu_supports("avx512vnni")
                   ? &control_kernels_avx512
                   : NULL;
#endif
    default:
        return NULL;
    }
}

const control_kernels *control_kernels_best(void) {
    const control_kernels *best = NULL;

    for (int level = 0; level < CONTROL_LEVELS; level++)
        if (control_kernels_at(level))
            best = control_kernels_at(level);
    return best;
}
