/* kernels_avx512.c - the kernels for CPUs that have AVX-512 (F and DQ). */
#ifdef __x86_64__

/* What these declare is compiled for the plain CPU. */
#include <immintrin.h>
#include <math.h>
#include <string.h>

#include "nn/kernels_levels.h"

#ifdef __clang__
#pragma clang attribute push(__attribute__((target("avx512f,avx512dq,avx2,fma"))), \
                             apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx512f,avx512dq,avx2,fma")
#endif

#define KERNELS_LEVEL 2
#include "nn/kernels_table.h"

const accord_kernels accord_kernels_avx512 = KERNELS_TABLE("avx512");

#ifdef __clang__
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif

#endif
