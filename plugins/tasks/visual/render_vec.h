/* render_vec.h - W floats at once, at the level that is being compiled.
 *
 * render_sse2.c, render_avx2.c and render_avx512.c set RENDER_LEVEL and the compiler's
 * target and then include the renderer's loops.  Only operations that IEEE 754 rounds
 * exactly are offered, and no sum over lanes: so all levels give the same bits. */
#ifndef ACCORD_VISUAL_RENDER_VEC_H
#define ACCORD_VISUAL_RENDER_VEC_H

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#ifndef RENDER_LEVEL
#define RENDER_LEVEL 0
#endif

#define VFN static inline __attribute__((always_inline, unused))

#if RENDER_LEVEL == 2

#include <immintrin.h>
enum { W = 16 };
typedef float vf __attribute__((vector_size(64)));
typedef int32_t vi __attribute__((vector_size(64)));
typedef __mmask16 vm;

VFN vf vset(float x) {
    return _mm512_set1_ps(x);
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
VFN vf vfloor(vf x) {
    return _mm512_roundscale_ps(x, _MM_FROUND_TO_NEG_INF | _MM_FROUND_NO_EXC);
}
VFN vf vabs(vf x) {
    return _mm512_abs_ps(x);
}
VFN vm vlt(vf a, vf b) {
    return _mm512_cmp_ps_mask(a, b, _CMP_LT_OQ);
}
VFN vm veq(vf a, vf b) {
    return _mm512_cmp_ps_mask(a, b, _CMP_EQ_OQ);
}
VFN vm vsame(vi a, int b) {
    return _mm512_cmpeq_epi32_mask((__m512i)a, _mm512_set1_epi32(b));
}
VFN vm vand(vm a, vm b) {
    return (vm)(a & b);
}
VFN vm vor(vm a, vm b) {
    return (vm)(a | b);
}
VFN vm vandnot(vm a, vm not_b) {
    return (vm)(a & ~not_b);
}
VFN vf vselect(vm m, vf a, vf b) {
    return _mm512_mask_blend_ps(m, b, a);
}
VFN vi viselect(vm m, vi a, vi b) {
    return (vi)_mm512_mask_blend_epi32(m, (__m512i)b, (__m512i)a);
}
VFN unsigned vbits(vm m) {
    return m;
}
VFN vm vmask(unsigned bits) {
    return (vm)bits;
}
VFN vf vbytes(const uint8_t *p) {
    return _mm512_cvtepi32_ps(_mm512_cvtepu8_epi32(_mm_loadu_si128((const void *)p)));
}
VFN vi vint(vf x) {
    return (vi)_mm512_cvttps_epi32(x);
}
VFN void vstore_bytes(uint8_t *p, vf x) {
    _mm_storeu_si128((void *)p, _mm512_cvtusepi32_epi8(_mm512_cvttps_epi32(x)));
}

#elif RENDER_LEVEL == 1

#include <immintrin.h>
enum { W = 8 };
typedef float vf __attribute__((vector_size(32)));
typedef int32_t vi __attribute__((vector_size(32)));
typedef vi vm;

VFN vf vset(float x) {
    return _mm256_set1_ps(x);
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
VFN vf vfloor(vf x) {
    return _mm256_floor_ps(x);
}
VFN vf vselect(vm m, vf a, vf b) {
    return _mm256_blendv_ps(b, a, (__m256)m);
}
VFN unsigned vbits(vm m) {
    return (unsigned)_mm256_movemask_ps((__m256)m);
}
VFN vf vbytes(const uint8_t *p) {
    return _mm256_cvtepi32_ps(_mm256_cvtepu8_epi32(_mm_loadl_epi64((const void *)p)));
}
VFN vi vint(vf x) {
    return (vi)_mm256_cvttps_epi32(x);
}

#else

#ifdef __SSE2__
#include <emmintrin.h>
#endif
enum { W = 4 };
typedef float vf __attribute__((vector_size(16)));
typedef int32_t vi __attribute__((vector_size(16)));
typedef vi vm;

VFN vf vset(float x) {
    return (vf){x, x, x, x};
}
VFN vf vselect(vm m, vf a, vf b) {
    return (vf)((m & (vi)a) | (~m & (vi)b));
}
#ifdef __SSE2__
VFN vf vmax(vf a, vf b) {
    return _mm_max_ps(a, b);
}
VFN vf vmin(vf a, vf b) {
    return _mm_min_ps(a, b);
}
VFN vf vsqrt(vf x) {
    return _mm_sqrt_ps(x);
}
VFN unsigned vbits(vm m) {
    return (unsigned)_mm_movemask_ps((__m128)m);
}
VFN vi vint(vf x) {
    return (vi)_mm_cvttps_epi32(x);
}
#else
VFN vf vmax(vf a, vf b) {
    return vselect(a > b, a, b);
}
VFN vf vmin(vf a, vf b) {
    return vselect(a < b, a, b);
}
VFN vf vsqrt(vf x) {
    return (vf){sqrtf(x[0]), sqrtf(x[1]), sqrtf(x[2]), sqrtf(x[3])};
}
VFN unsigned vbits(vm m) {
    return (m[0] & 1u) | (m[1] & 2u) | (m[2] & 4u) | (m[3] & 8u);
}
VFN vi vint(vf x) {
    return __builtin_convertvector(x, vi);
}
#endif
VFN vf vfloor(vf x) {
    vf whole = __builtin_convertvector(vint(x), vf);
    return whole - (vf)((whole > x) & (vi)vset(1));
}
VFN vf vbytes(const uint8_t *p) {
    return (vf){p[0], p[1], p[2], p[3]};
}

#endif

#if RENDER_LEVEL < 2
VFN vf vabs(vf x) {
    return (vf)((vi)x & ((vi){0} + 0x7fffffff));
}
VFN vm vlt(vf a, vf b) {
    return a < b;
}
VFN vm veq(vf a, vf b) {
    return a == b;
}
VFN vm vsame(vi a, int b) {
    return a == b;
}
VFN vm vand(vm a, vm b) {
    return a & b;
}
VFN vm vor(vm a, vm b) {
    return a | b;
}
VFN vm vandnot(vm a, vm not_b) {
    return a & ~not_b;
}
VFN vi viselect(vm m, vi a, vi b) {
    return (m & a) | (~m & b);
}
VFN vm vmask(unsigned bits) {
#if RENDER_LEVEL == 1
    const vi bit = {1, 2, 4, 8, 16, 32, 64, 128};
#else
    const vi bit = {1, 2, 4, 8};
#endif
    return (((vi){0} + (int32_t)bits) & bit) == bit;
}
VFN void vstore_bytes(uint8_t *p, vf x) {
    vi n = vint(x);
    for (int i = 0; i < W; i++)
        p[i] = (uint8_t)n[i];
}
#endif

/* To be called when the loops are done: code compiled for the plain CPU, such as
 * MuJoCo's, runs half as fast while the upper halves of the registers are in use. */
VFN void vdone(void) {
#if RENDER_LEVEL > 0
    _mm256_zeroupper();
#endif
}

VFN vf vload(const float *p) {
    vf v;
    memcpy(&v, p, sizeof v);
    return v;
}
VFN void vstore(float *p, vf v) {
    memcpy(p, &v, sizeof v);
}
VFN vi viload(const int32_t *p) {
    vi v;
    memcpy(&v, p, sizeof v);
    return v;
}
VFN void vistore(int32_t *p, vi v) {
    memcpy(p, &v, sizeof v);
}
VFN vi viset(int32_t x) {
    return (vi){0} + x;
}
VFN bool vany(vm m) {
    return vbits(m) != 0;
}
VFN vf vclamp(vf x, float lo, float hi) {
    return vmin(vmax(x, vset(lo)), vset(hi));
}
/* Whole numbers by rounding halves up. */
VFN vf vround(vf x) {
    return vfloor(x + vset(0.5f));
}

/* x to the power n, by squaring. */
VFN vf vpower(vf x, int n) {
    vf y = vset(1);
    for (; n > 1; n >>= 1) {
        if (n & 1)
            y = y * x;
        x = x * x;
    }
    return n ? y * x : y;
}

#endif
