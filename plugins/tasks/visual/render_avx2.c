/* render_avx2.c - the renderer's loops for CPUs that have AVX2. */
#ifdef __x86_64__

/* What these declare is compiled for the plain CPU. */
#include <immintrin.h>
#include <math.h>
#include <string.h>

#include "render_parts.h"

#ifdef __clang__
#pragma clang attribute push(__attribute__((target("avx2"))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx2")
#endif

#define RENDER_LEVEL 1
#include "render_table.h"

const struct render_kernels render_avx2 = RENDER_TABLE;

#ifdef __clang__
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif

#endif
