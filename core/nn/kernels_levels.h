/* kernels_levels.h - the tables of all levels. */
#ifndef ACCORD_KERNELS_LEVELS_H
#define ACCORD_KERNELS_LEVELS_H

#include "nn/kernels.h"

extern const accord_kernels accord_kernels_sse2;
#ifdef __x86_64__
extern const accord_kernels accord_kernels_avx2;
extern const accord_kernels accord_kernels_avx512;
#endif

#endif
