/* render_sse2.c - the renderer's loops at the level that every x86-64 CPU has. */
#define RENDER_LEVEL 0
#include "render_table.h"

const struct render_kernels render_sse2 = RENDER_TABLE;
