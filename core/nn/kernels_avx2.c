/* kernels_avx2.c - the kernels for CPUs that have AVX2 and FMA. */
#ifdef __x86_64__

/* What these declare is compiled for the plain CPU. */
#include <immintrin.h>
#include <math.h>
#include <string.h>

#include "nn/kernels_levels.h"

#ifdef __clang__
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx2,fma")
#endif

#define KERNELS_LEVEL 1
#include "nn/kernels_table.h"

const accord_kernels accord_kernels_avx2 = KERNELS_TABLE("avx2");

#ifdef __clang__
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif

#endif
