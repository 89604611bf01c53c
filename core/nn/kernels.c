/* kernels.c - which level this CPU has. */
#include "nn/kernels.h"

#include "nn/kernels_levels.h"

#ifdef __x86_64__
const accord_kernels *accord_kernels_at(int level) {
    switch (level) {
    case ACCORD_KERNELS_SSE2:
        return &accord_kernels_sse2;
    case ACCORD_KERNELS_AVX2:
        return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")
                   ? &accord_kernels_avx2
                   : NULL;
    case ACCORD_KERNELS_AVX512:
        return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
                       accord_kernels_at(ACCORD_KERNELS_AVX2)
                   ? &accord_kernels_avx512
                   : NULL;
    default:
        return NULL;
    }
}
#else
const accord_kernels *accord_kernels_at(int level) {
    return level == ACCORD_KERNELS_SSE2 ? &accord_kernels_sse2 : NULL;
}
#endif

const accord_kernels *accord_kernels_best(void) {
    int level = ACCORD_KERNELS_LEVELS - 1;

    while (!accord_kernels_at(level))
        level--;
    return accord_kernels_at(level);
}
