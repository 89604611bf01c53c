/* kernels_levels.h - the tables of all levels.  Private to kernels.c and them. */
#ifndef ACCORD_POCKET_KERNELS_LEVELS_H
#define ACCORD_POCKET_KERNELS_LEVELS_H

#include "kernels.h"

extern const struct pocket_kernels pocket_kernels_sse2, pocket_kernels_avx2,
    pocket_kernels_avx512, pocket_kernels_vnni;

#endif
