/* kernels.c - which level this CPU has. */
#include "kernels.h"

#include "kernels_levels.h"

#ifdef __x86_64__
static int has_avx512(void) {
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("avx512f") &&
           __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") &&
           __builtin_cpu_supports("avx512vl");
}

const struct pocket_kernels *pocket_kernels_at(int level) {
    switch (level) {
    case POCKET_SSE2:
        return &pocket_kernels_sse2;
    case POCKET_AVX2:
        return __builtin_cpu_supports("avx2") ? &pocket_kernels_avx2 : NULL;
    case POCKET_AVX512:
        return has_avx512() ? &pocket_kernels_avx512 : NULL;
    case POCKET_VNNI:
        return has_avx512() && __builtin_cpu_supports("avx512vnni") ? &pocket_kernels_vnni
                                                                    : NULL;
    default:
        return NULL;
    }
}

#else
const struct pocket_kernels *pocket_kernels_at(int level) {
    return level == POCKET_SSE2 ? &pocket_kernels_sse2 : NULL;
}
#endif

const struct pocket_kernels *pocket_kernels_best(void) {
    int level = POCKET_LEVELS - 1;

    while (!pocket_kernels_at(level))
        level--;
    return pocket_kernels_at(level);
}
