/* kernels_level.h - products of quantised matrices, and the table of the level that is
 * being compiled.
 *
 * Its file has set the compiler's target, POCKET_STEP (columns that one instruction
 * multiplies), vw (a native vector of int32), splat(int32) and dot(sum, w, x), which adds
 * the products of the bytes (step 4) or int16 (step 2) in each int32 of w and x to sum,
 * and how many GROUPS of 16 outputs and how many ROWS of activations fit the registers.
 */
#ifndef ACCORD_POCKET_KERNELS_LEVEL_H
#define ACCORD_POCKET_KERNELS_LEVEL_H

#include "kernels_float.h"

enum { STEP_BYTES = 64 };

static void kernel_pack(const struct pocket_matrix *m, void *value, float *scale,
                        int32_t *start) {
    size_t rows = (m->rows + LANES - 1) / LANES * LANES, steps = m->columns / POCKET_STEP;
#if POCKET_STEP == 4
    int8_t *to = value;
#else
    int16_t *to = value;
#endif

    for (size_t r = 0; r < rows; r++) {
        int32_t sum = 0;
        for (size_t c = 0; c < m->columns; c++) {
            int8_t w = r < m->rows ? m->value[r * m->columns + c] : (int8_t)0;
            size_t at = (r / LANES * steps + c / POCKET_STEP) * LANES + r % LANES;
            to[at * POCKET_STEP + c % POCKET_STEP] = w;
            sum += w;
        }
        scale[r] = r < m->rows ? m->scale[r] : 0;
        /* At step 4 activations are unsigned, 128 too large. */
        start[r] = POCKET_STEP == 4 ? -128 * sum : 0;
    }
}

VFN vw load(const void *p) {
    vw v;
    memcpy(&v, p, sizeof(v));
    return v;
}

VFN vw spread_of(const char *x) {
    int32_t some;
    memcpy(&some, x, sizeof(some));
    return splat(some);
}

VFN void put_sum(float *out, vw sum, const float *scale, float x_scale) {
    vstore(out, __builtin_convertvector((vi)sum, vf) * (vload(scale) * x_scale));
}

/* out[rows][16 groups] from output 16 g on.  One loop each over all sums, since gcc keeps
 * an array in registers when the loop that runs over it is an innermost one. */
VFN void multiply_block(float *out, const struct pocket_packed *w, size_t g,
                        const char *x, const float *x_scale, const int groups,
                        const int rows) {
    size_t steps = w->columns / POCKET_STEP;
    const char *value = (const char *)w->value + g * steps * STEP_BYTES;
    vw sum[ROWS * GROUPS * PARTS], part[GROUPS * PARTS], spread[ROWS];
    const int n = groups * PARTS;

    UNROLL for (int i = 0; i < rows * n; i++) sum[i] =
        load(w->start + g * LANES + i % n * NATIVE);
    for (size_t s = 0; s < steps; s++) {
        UNROLL for (int i = 0; i < n; i++) part[i] =
            load(value + ((size_t)(i / PARTS) * steps + s) * STEP_BYTES +
                 i % PARTS * sizeof(vw));
        UNROLL for (int r = 0; r < rows; r++) spread[r] =
            spread_of(x + ((size_t)r * steps + s) * sizeof(int32_t));
        UNROLL for (int i = 0; i < rows * n; i++) sum[i] =
            dot(sum[i], part[i % n], spread[i / n]);
    }
    UNROLL for (int i = 0; i < rows * n; i++)
        put_sum(out + (size_t)(i / n) * w->rows + g * LANES + i % n * NATIVE, sum[i],
                w->scale + g * LANES + i % n * NATIVE, x_scale[i / n]);
}

VFN void multiply_groups(float *out, const struct pocket_packed *w, size_t g,
                         const char *x, const float *x_scale, size_t n_x,
                         const int groups) {
    size_t row_bytes = w->columns / POCKET_STEP * sizeof(int32_t), r = 0;

    for (; r + ROWS <= n_x; r += ROWS)
        multiply_block(out + r * w->rows, w, g, x + r * row_bytes, x_scale + r, groups,
                       ROWS);
    for (; r < n_x; r++)
        multiply_block(out + r * w->rows, w, g, x + r * row_bytes, x_scale + r, groups,
                       1);
}

static void kernel_multiply(float *out, const struct pocket_packed *w, const void *x,
                            const float *x_scale, size_t n_x) {
    size_t n = w->rows / LANES, g = 0;

    for (; g + GROUPS <= n; g += GROUPS)
        multiply_groups(out, w, g, x, x_scale, n_x, GROUPS);
    for (; g < n; g++)
        multiply_groups(out, w, g, x, x_scale, n_x, 1);
}

#define POCKET_TABLE(level) \
    { \
        .name = level, .step = POCKET_STEP, .element = 4 / POCKET_STEP, \
        .pack = kernel_pack, .quantise = kernel_quantise, .multiply = kernel_multiply, \
        .norm = kernel_norm, .add = kernel_add, .relu = kernel_relu, \
        .attend = kernel_attend, .weigh = kernel_weigh, .likeliest = kernel_likeliest, \
    }

#endif
