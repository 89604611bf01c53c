/* kernels_avx2.c - for CPUs that have AVX2. */
#ifdef __x86_64__

/* What these declare is compiled for the plain CPU. */
#include <immintrin.h>
#include <math.h>
#include <string.h>

#include "kernels_levels.h"

#ifdef __clang__
#pragma clang attribute push(__attribute__((target("avx2"))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx2")
#endif

#define POCKET_STEP 2
enum { GROUPS = 1, ROWS = 4 };
typedef __m256i vw;

static inline vw splat(int32_t x) {
    return _mm256_set1_epi32(x);
}
static inline vw dot(vw sum, vw w, vw x) {
    return _mm256_add_epi32(sum, _mm256_madd_epi16(w, x));
}
static inline vw widen(const uint16_t *p) {
    return _mm256_slli_epi32(_mm256_cvtepu16_epi32(_mm_loadu_si128((const void *)p)), 16);
}
static inline void narrow(void *to, const vw *q) {
    __m256i pairs = _mm256_packs_epi32(q[0], q[1]); /* 0 1 0 1 in quarters of 8 bytes */
    _mm256_storeu_si256(to, _mm256_permute4x64_epi64(pairs, 0xd8));
}

#include "kernels_level.h"

const struct pocket_kernels pocket_kernels_avx2 = POCKET_TABLE("avx2");

#ifdef __clang__
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif

#endif
