/* kernels_sse2.c - the kernels at the level that every x86-64 CPU has. */
#define KERNELS_LEVEL 0
#include "nn/kernels_table.h"

const accord_kernels accord_kernels_sse2 = KERNELS_TABLE("sse2");
