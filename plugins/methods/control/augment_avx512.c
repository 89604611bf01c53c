/* augment_avx512.c - the loops of the augmentations for CPUs that have AVX-512. */
#ifdef __x86_64__

/* What these declare is compiled for the plain CPU. */
#include <immintrin.h>
#include <string.h>

#include "augment_kernels.h"

#ifdef __clang__
#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512vnni"))), \
                             apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx512f,avx512bw,avx512vnni")
#endif

#define AUGMENT_LEVEL 2
#include "augment_table.h"

const control_kernels control_kernels_avx512 = AUGMENT_TABLE;

#ifdef __clang__
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif

#endif
