/* augment_vec.h - vectors of floats, integers and bytes at the level that is being
 * compiled.
 *
 * augment_sse2.c, augment_avx2.c and augment_avx512.c set AUGMENT_LEVEL and the
 * compiler's target and then include the loops.  There are W lanes of 32 bits, 2 W of 16
 * and 4 W of 8.  No operation depends on W but for where its lanes lie. */
#ifndef CONTROL_AUGMENT_VEC_H
#define CONTROL_AUGMENT_VEC_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#ifndef AUGMENT_LEVEL
#define AUGMENT_LEVEL 0
#endif

#define VFN static inline __attribute__((always_inline, unused))

enum { VECTOR = 16 << AUGMENT_LEVEL, W = VECTOR / 4 };
typedef float vf __attribute__((vector_size(VECTOR)));
typedef int32_t vi __attribute__((vector_size(VECTOR)));
typedef int16_t vh __attribute__((vector_size(VECTOR)));
typedef uint16_t vu __attribute__((vector_size(VECTOR)));
typedef uint8_t vb __attribute__((vector_size(VECTOR)));

#if AUGMENT_LEVEL == 2

#include <immintrin.h>
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
VFN vm vlt(vf a, vf b) {
    return _mm512_cmp_ps_mask(a, b, _CMP_LT_OQ);
}
VFN vm veq(vf a, vf b) {
    return _mm512_cmp_ps_mask(a, b, _CMP_EQ_OQ);
}
VFN vf vselect(vm m, vf a, vf b) {
    return _mm512_mask_blend_ps(m, b, a);
}
/* Bytes in lanes of 32 bits. */
VFN vi vbytes_int(const uint8_t *p) {
    return (vi)_mm512_cvtepu8_epi32(_mm_loadu_si128((const void *)p));
}
VFN vf vfloat(vi x) {
    return _mm512_cvtepi32_ps((__m512i)x);
}
/* To the nearest whole number, which is 0 to 255. */
VFN void vstore_bytes(uint8_t *p, vf x) {
    _mm_storeu_si128((void *)p, _mm512_cvtepi32_epi8(_mm512_cvtps_epi32(x)));
}
/* sum + a b, lane by lane of 16 bits, neighbours added. */
VFN vi vdot(vi sum, vi a, vi b) {
    return (vi)_mm512_dpwssd_epi32((__m512i)sum, (__m512i)a, (__m512i)b);
}
/* a and then b in lanes of 16 bits, clamped. */
VFN vh vnarrow(vi a, vi b) {
    const __m512i order = _mm512_setr_epi64(0, 2, 4, 6, 1, 3, 5, 7);
    const __m512i both = _mm512_packs_epi32((__m512i)a, (__m512i)b);

    return (vh)_mm512_permutexvar_epi64(order, both);
}
/* (a b + 2^14) >> 15 */
VFN vh vmulr(vh a, vh b) {
    return (vh)_mm512_mulhrs_epi16((__m512i)a, (__m512i)b);
}
/* Bytes in lanes of 16 bits, and back. */
VFN vu vbytes_short(const uint8_t *p) {
    return (vu)_mm512_cvtepu8_epi16(_mm256_loadu_si256((const void *)p));
}
VFN void vstore_short(uint8_t *p, vu x) {
    _mm256_storeu_si256((void *)p, _mm512_cvtepi16_epi8((__m512i)x));
}

#elif AUGMENT_LEVEL == 1

#include <immintrin.h>
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
VFN vf vselect(vm m, vf a, vf b) {
    return _mm256_blendv_ps(b, a, (__m256)m);
}
VFN vi vbytes_int(const uint8_t *p) {
    return (vi)_mm256_cvtepu8_epi32(_mm_loadl_epi64((const void *)p));
}
VFN vf vfloat(vi x) {
    return _mm256_cvtepi32_ps((__m256i)x);
}
VFN __m128i vpack(__m256i x) {
    const __m256i both = _mm256_permute4x64_epi64(_mm256_packus_epi16(x, x), 0x08);

    return _mm256_castsi256_si128(both);
}
VFN void vstore_bytes(uint8_t *p, vf x) {
    const __m256i whole = _mm256_cvtps_epi32(x);
    const __m256i shorts = _mm256_permute4x64_epi64(_mm256_packs_epi32(whole, whole), 8);

    _mm_storel_epi64((void *)p, vpack(shorts));
}
VFN vi vdot(vi sum, vi a, vi b) {
    return sum + (vi)_mm256_madd_epi16((__m256i)a, (__m256i)b);
}
VFN vh vnarrow(vi a, vi b) {
    const __m256i both = _mm256_packs_epi32((__m256i)a, (__m256i)b);

    return (vh)_mm256_permute4x64_epi64(both, 0xd8);
}
VFN vh vmulr(vh a, vh b) {
    return (vh)_mm256_mulhrs_epi16((__m256i)a, (__m256i)b);
}
VFN vu vbytes_short(const uint8_t *p) {
    return (vu)_mm256_cvtepu8_epi16(_mm_loadu_si128((const void *)p));
}
VFN void vstore_short(uint8_t *p, vu x) {
    _mm_storeu_si128((void *)p, vpack((__m256i)x));
}

#else

#ifdef __SSE2__
#include <emmintrin.h>
#endif
typedef vi vm;

VFN vf vset(float x) {
    return (vf){x, x, x, x};
}
VFN vf vselect(vm m, vf a, vf b) {
    return (vf)((m & (vi)a) | (~m & (vi)b));
}
VFN vi vbytes_int(const uint8_t *p) {
    return (vi){p[0], p[1], p[2], p[3]};
}
VFN vf vfloat(vi x) {
    return __builtin_convertvector(x, vf);
}
/* Adding 1.5 x 2^23 leaves no place for a fraction: the sum is rounded to even. */
VFN void vstore_bytes(uint8_t *p, vf x) {
    const vi whole = (vi)(x + 0x1.8p23f);

    for (int i = 0; i < W; i++)
        p[i] = (uint8_t)whole[i];
}
VFN vu vbytes_short(const uint8_t *p) {
    return (vu){p[0], p[1], p[2], p[3], p[4], p[5], p[6], p[7]};
}
VFN void vstore_short(uint8_t *p, vu x) {
    for (int i = 0; i < 2 * W; i++)
        p[i] = (uint8_t)x[i];
}
#ifdef __SSE2__
VFN vf vmax(vf a, vf b) {
    return _mm_max_ps(a, b);
}
VFN vf vmin(vf a, vf b) {
    return _mm_min_ps(a, b);
}
VFN vi vdot(vi sum, vi a, vi b) {
    return sum + (vi)_mm_madd_epi16((__m128i)a, (__m128i)b);
}
VFN vh vnarrow(vi a, vi b) {
    return (vh)_mm_packs_epi32((__m128i)a, (__m128i)b);
}
/* What SSSE3 does in one instruction: the high half, doubled, and two bits of the low. */
VFN vh vmulr(vh a, vh b) {
    const vu high = (vu)_mm_mulhi_epi16((__m128i)a, (__m128i)b);
    const vu low = (vu)a * (vu)b;

    return (vh)((high << 1) + (low >> 15) + ((low >> 14) & 1));
}
#else
VFN vf vmax(vf a, vf b) {
    return vselect(a > b, a, b);
}
VFN vf vmin(vf a, vf b) {
    return vselect(a < b, a, b);
}
VFN vi vdot(vi sum, vi a, vi b) {
    for (int i = 0; i < W; i++)
        sum[i] += (int16_t)a[i] * (int16_t)b[i] + (a[i] >> 16) * (b[i] >> 16);
    return sum;
}
VFN vh vnarrow(vi a, vi b) {
    vh out;

    for (int i = 0; i < 2 * W; i++) {
        const int32_t x = i < W ? a[i] : b[i - W];
        out[i] = (int16_t)(x < INT16_MIN ? INT16_MIN : x > INT16_MAX ? INT16_MAX : x);
    }
    return out;
}
VFN vh vmulr(vh a, vh b) {
    for (int i = 0; i < 2 * W; i++)
        a[i] = (int16_t)((a[i] * b[i] + 0x4000) >> 15);
    return a;
}
#endif

#endif

#if AUGMENT_LEVEL < 2
VFN vm vlt(vf a, vf b) {
    return a < b;
}
VFN vm veq(vf a, vf b) {
    return a == b;
}
#endif
VFN vf vabs(vf x) {
    return (vf)((vi)x & 0x7fffffff);
}
VFN vf vbytes(const uint8_t *p) {
    return vfloat(vbytes_int(p));
}
VFN vi vload(const int32_t *p) {
    vi v;
    memcpy(&v, p, sizeof(v));
    return v;
}
VFN void vstore(int32_t *p, vi v) {
    memcpy(p, &v, sizeof(v));
}
VFN vu vload_u(const uint16_t *p) {
    vu v;
    memcpy(&v, p, sizeof(v));
    return v;
}
VFN void vstore_u(uint16_t *p, vu v) {
    memcpy(p, &v, sizeof(v));
}
VFN vb vload_b(const uint8_t *p) {
    vb v;
    memcpy(&v, p, sizeof(v));
    return v;
}

#endif
