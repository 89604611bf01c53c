/* render_avx512.c - the renderer's loops for CPUs that have AVX-512 (F and DQ). */
#ifdef __x86_64__

/* What these declare is compiled for the plain CPU. */
#include <immintrin.h>
#include <math.h>
#include <string.h>

#include "render_parts.h"

#ifdef __clang__
#pragma clang attribute push(__attribute__((target("avx512f,avx512dq,avx2"))), \
                             apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx512f,avx512dq,avx2")
#endif

#define RENDER_LEVEL 2
#include "render_table.h"

const struct render_kernels render_avx512 = RENDER_TABLE;

#ifdef __clang__
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif

#endif
