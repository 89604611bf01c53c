/* kernels_vec.h - one vector of floats at the level that is being compiled.
 *
 * kernels_sse2.c, kernels_avx2.c and kernels_avx512.c set KERNELS_LEVEL and the
 * compiler's target and then include the loops.  Level 0 is written in the compilers' own
 * vectors and needs no instruction set. */
#ifndef ACCORD_KERNELS_VEC_H
#define ACCORD_KERNELS_VEC_H

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#ifndef KERNELS_LEVEL
#define KERNELS_LEVEL 0
#endif

#define VFN static inline __attribute__((always_inline, unused))

#if KERNELS_LEVEL == 2

#include <immintrin.h>
enum { W = 16 };
typedef float vf __attribute__((vector_size(64)));
typedef int32_t vi __attribute__((vector_size(64)));
typedef __mmask16 vm;

VFN vf vset(float x) {
    return _mm512_set1_ps(x);
}
VFN vf vfma(vf a, vf b, vf c) {
    return _mm512_fmadd_ps(a, b, c);
}
VFN vf vmax(vf a, vf b) {
    return _mm512_max_ps(a, b);
}
VFN vf vmin(vf a, vf b) {
    return _mm512_min_ps(a, b);
}
VFN vf vsqrt(vf x) {
    return _mm512_sqrt_ps(x);
}
VFN vm vgt(vf a, vf b) {
    return _mm512_cmp_ps_mask(a, b, _CMP_GT_OQ);
}
VFN vf vselect(vm m, vf a, vf b) {
    return _mm512_mask_blend_ps(m, b, a);
}
VFN vf vload_n(const float *p, size_t n, float fill) {
    return _mm512_mask_loadu_ps(vset(fill), (vm)((1u << n) - 1), p);
}
VFN void vstore_n(float *p, vf v, size_t n) {
    _mm512_mask_storeu_ps(p, (vm)((1u << n) - 1), v);
}
VFN vf vbytes(const uint8_t *p) {
    return _mm512_cvtepi32_ps(
        _mm512_cvtepu8_epi32(_mm_loadu_si128((const __m128i *)(const void *)p)));
}
VFN __m256 vfold(vf v, bool max) {
    __m256 a = _mm512_castps512_ps256(v), b = _mm512_extractf32x8_ps(v, 1);
    return max ? _mm256_max_ps(a, b) : _mm256_add_ps(a, b);
}

#elif KERNELS_LEVEL == 1

#include <immintrin.h>
enum { W = 8 };
typedef float vf __attribute__((vector_size(32)));
typedef int32_t vi __attribute__((vector_size(32)));
typedef __m256 vm;

VFN vf vset(float x) {
    return _mm256_set1_ps(x);
}
VFN vf vfma(vf a, vf b, vf c) {
    return _mm256_fmadd_ps(a, b, c);
}
VFN vf vmax(vf a, vf b) {
    return _mm256_max_ps(a, b);
}
VFN vf vmin(vf a, vf b) {
    return _mm256_min_ps(a, b);
}
VFN vf vsqrt(vf x) {
    return _mm256_sqrt_ps(x);
}
VFN vm vgt(vf a, vf b) {
    return _mm256_cmp_ps(a, b, _CMP_GT_OQ);
}
VFN vf vselect(vm m, vf a, vf b) {
    return _mm256_blendv_ps(b, a, m);
}
VFN __m256i vfirst(size_t n) {
    return _mm256_cmpgt_epi32(_mm256_set1_epi32((int)n),
                              _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
}
VFN vf vload_n(const float *p, size_t n, float fill) {
    __m256i m = vfirst(n);
    return vselect(_mm256_castsi256_ps(m), _mm256_maskload_ps(p, m), vset(fill));
}
VFN void vstore_n(float *p, vf v, size_t n) {
    _mm256_maskstore_ps(p, vfirst(n), v);
}
VFN vf vbytes(const uint8_t *p) {
    return _mm256_cvtepi32_ps(
        _mm256_cvtepu8_epi32(_mm_loadl_epi64((const __m128i *)(const void *)p)));
}
VFN __m256 vfold(vf v, bool max) {
    return v;
}

#else

enum { W = 4 };
typedef float vf __attribute__((vector_size(16)));
typedef int32_t vi __attribute__((vector_size(16)));
typedef vi vm;

VFN vf vset(float x) {
    return (vf){x, x, x, x};
}
VFN vf vfma(vf a, vf b, vf c) {
    return a * b + c;
}
VFN vm vgt(vf a, vf b) {
    return a > b;
}
VFN vf vselect(vm m, vf a, vf b) {
    return (vf)(((vi)a & m) | ((vi)b & ~m));
}
VFN vf vmax(vf a, vf b) {
    return vselect(a > b, a, b);
}
VFN vf vmin(vf a, vf b) {
    return vselect(a < b, a, b);
}
VFN vf vsqrt(vf x) {
    return (vf){sqrtf(x[0]), sqrtf(x[1]), sqrtf(x[2]), sqrtf(x[3])};
}
VFN vf vload_n(const float *p, size_t n, float fill) {
    vf v = vset(fill);
    memcpy(&v, p, n * sizeof(float));
    return v;
}
VFN void vstore_n(float *p, vf v, size_t n) {
    memcpy(p, &v, n * sizeof(float));
}
VFN vf vbytes(const uint8_t *p) {
    return (vf){p[0], p[1], p[2], p[3]};
}

#endif

/* vmax and vmin give b where one is NaN: a constant comes first, so NaN passes. */

VFN vf vload(const float *p) {
    vf v;
    memcpy(&v, p, sizeof(v));
    return v;
}
VFN void vstore(float *p, vf v) {
    memcpy(p, &v, sizeof(v));
}
VFN vi viset(int32_t x) {
    return (vi)vset(0) + x;
}
/* The nearest integer of a b, |a b| < 2^22, as a float. */
VFN vf vround(vf a, float b) {
    return vfma(a, vset(b), vset(0x1.8p23f)) - 0x1.8p23f;
}
/* The integer in a float. */
VFN vi vinteger(vf whole) {
    return (vi)(whole + 0x1.8p23f) - 0x4b400000;
}
/* p 2^n for n that is whole, -300 < n < 300 and p near 1.  Two factors: each is in range
 * where the product overflows or is denormal. */
#if KERNELS_LEVEL == 2
VFN vf vscale2(vf p, vf n) {
    return _mm512_scalef_ps(p, n);
}
#else
VFN vf vscale2(vf p, vf n) {
    vi whole = vinteger(n), half = whole >> 1;
    return p * (vf)((half + 127) << 23) * (vf)((whole - half + 127) << 23);
}
#endif
VFN vf vabs(vf x) {
    return (vf)((vi)x & 0x7fffffff);
}
VFN vf vcopysign(vf x, vf sign) {
    return (vf)((vi)x | ((vi)sign & (int32_t)0x80000000u));
}
/* x * x - square, exactly: what rounding took from `square`. */
VFN vf vsquare_rest(vf x, vf square) {
#if KERNELS_LEVEL > 0
    return vfma(x, x, -square);
#else
    vf high = (vf)((vi)x & (int32_t)0xfffff000u), low = x - high;
    return ((high * high - square) + 2 * high * low) + low * low;
#endif
}

#if KERNELS_LEVEL > 0
VFN float vreduce(vf v, bool max) {
    __m256 w = vfold(v, max);
    __m128 a = _mm256_castps256_ps128(w), b = _mm256_extractf128_ps(w, 1);

    a = max ? _mm_max_ps(a, b) : _mm_add_ps(a, b);
    b = _mm_movehl_ps(a, a);
    a = max ? _mm_max_ps(a, b) : _mm_add_ps(a, b);
    b = _mm_shuffle_ps(a, a, 1);
    return _mm_cvtss_f32(max ? _mm_max_ss(a, b) : _mm_add_ss(a, b));
}
#else
VFN float vreduce(vf v, bool max) {
    vf w = {v[2], v[3], 0, 0};

    v = max ? vmax(v, w) : v + w;
    return !max ? v[0] + v[1] : v[0] > v[1] ? v[0] : v[1];
}
#endif
VFN float vsum(vf v) {
    return vreduce(v, false);
}
VFN float vlargest(vf v) {
    return vreduce(v, true);
}

#endif
