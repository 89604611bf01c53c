/* kernels_rows.h - the kernels that go along the rows of a matrix. */
#ifndef ACCORD_KERNELS_ROWS_H
#define ACCORD_KERNELS_ROWS_H

#include "nn/kernels_loops.h"

static void kernel_bias(float *y, const float *x, const float *b, size_t rows,
                        size_t cols) {
    for (size_t r = 0; r < rows; r++, y += cols, x += cols)
        EACH(cols, vstore_part(y + i, AT(x) + AT(b), part););
}

/* Rows that are summed in a register before they are added to what stands in memory. */
enum { SUM_ROWS = 128 };

VFN vf vcolumn_sum(const float *x, size_t rows, size_t cols, size_t part) {
    vf a = vset(0), b = vset(0);
    size_t r = 0;

    for (; r + 2 <= rows; r += 2, x += 2 * cols) {
        a += vload_part(x, part, 0);
        b += vload_part(x + cols, part, 0);
    }
    return r < rows ? a + b + vload_part(x, part, 0) : a + b;
}
static void kernel_bias_back(float *sum, const float *x, size_t rows, size_t cols) {
    for (size_t r = 0; r < rows; r += SUM_ROWS, x += SUM_ROWS * cols) {
        size_t n = rows - r < SUM_ROWS ? rows - r : SUM_ROWS;
        EACH(cols, vput(sum + i, vcolumn_sum(x + i, n, cols, part), part, true););
    }
}

VFN float vrow_max(const float *x, size_t n) {
    vf m = vset(-INFINITY);

    EACH(n, m = vmax(m, vload_part(x + i, part, -INFINITY)););
    return vlargest(m);
}
/* y = exp(scale x - max) and the sum of it. */
VFN float vrow_exp(float *y, const float *x, float scale, float max, size_t n) {
    vf s = vset(0);

    EACH(n, {
        vf e = vexp(scale * vload_part(x + i, part, -INFINITY) - max);
        vstore_part(y + i, e, part);
        s += e;
    });
    return vsum(s);
}
/* The sum of exp(x - max) alone. */
VFN float vrow_exp_sum(const float *x, float max, size_t n) {
    vf s = vset(0);

    EACH(n, s += vexp(vload_part(x + i, part, -INFINITY) - max););
    return vsum(s);
}
VFN float vrow_dot(const float *a, const float *b, size_t n) {
    vf s = vset(0);

    EACH(n, s = vfma(AT(a), AT(b), s););
    return vsum(s);
}

static void kernel_softmax(float *y, const float *x, size_t rows, size_t cols) {
    for (size_t r = 0; r < rows; r++, y += cols, x += cols)
        kernel_scale(y, 1.0f / vrow_exp(y, x, 1.0f, vrow_max(x, cols), cols), y, cols);
}
static void kernel_softmax_back(float *dx, const float *dy, const float *y, size_t rows,
                                size_t cols, bool add) {
    for (size_t r = 0; r < rows; r++, dx += cols, dy += cols, y += cols) {
        float mean = vrow_dot(dy, y, cols);
        EACH(cols, vput(dx + i, AT(y) * (AT(dy) - mean), part, add););
    }
}

static void kernel_log_softmax(float *y, const float *x, size_t rows, size_t cols) {
    for (size_t r = 0; r < rows; r++, y += cols, x += cols) {
        float max = vrow_max(x, cols), rest = logf(vrow_exp_sum(x, max, cols));
        EACH(cols, vstore_part(y + i, AT(x) - max - rest, part););
    }
}
static void kernel_log_softmax_back(float *dx, const float *dy, const float *y,
                                    size_t rows, size_t cols, bool add) {
    for (size_t r = 0; r < rows; r++, dx += cols, dy += cols, y += cols) {
        vf s = vset(0);
        EACH(cols, s += AT(dy););
        float total = vsum(s);
        EACH(cols, vput(dx + i, AT(dy) - total * vexp(AT(y)), part, add););
    }
}

static size_t columns_seen(size_t row, size_t cols, size_t first, size_t step) {
    size_t seen = first + row * step;
    return seen < cols ? seen : cols;
}
static void kernel_attend(float *y, const float *x, float scale, size_t rows, size_t cols,
                          size_t first, size_t step) {
    for (size_t r = 0; r < rows; r++, y += cols, x += cols) {
        size_t seen = columns_seen(r, cols, first, step);
        float sum = vrow_exp(y, x, scale, scale * vrow_max(x, seen), seen);
        kernel_scale(y, 1.0f / sum, y, seen);
        memset(y + seen, 0, (cols - seen) * sizeof(float));
    }
}
static void kernel_attend_back(float *dx, const float *dy, const float *y, float scale,
                               size_t rows, size_t cols, size_t first, size_t step) {
    for (size_t r = 0; r < rows; r++, dx += cols, dy += cols, y += cols) {
        size_t seen = columns_seen(r, cols, first, step);
        float mean = vrow_dot(dy, y, seen);
        EACH(seen, vstore_part(dx + i, scale * AT(y) * (AT(dy) - mean), part););
        memset(dx + seen, 0, (cols - seen) * sizeof(float));
    }
}

static void kernel_cross_entropy(float *loss, float *lse, const float *x,
                                 const int32_t *target, size_t rows, size_t cols) {
    for (size_t r = 0; r < rows; r++, x += cols) {
        float max = vrow_max(x, cols), rest = logf(vrow_exp_sum(x, max, cols));
        lse[r] = max + rest;
        loss[r] = target[r] < 0 ? 0 : rest + (max - x[target[r]]);
    }
}
static void kernel_cross_entropy_back(float *dx, const float *dloss, const float *x,
                                      const float *lse, const int32_t *target,
                                      size_t rows, size_t cols, bool add) {
    for (size_t r = 0; r < rows; r++, dx += cols, x += cols) {
        if (target[r] < 0) {
            if (!add)
                memset(dx, 0, cols * sizeof(float));
            continue;
        }
        EACH(cols, vput(dx + i, dloss[r] * vexp(AT(x) - lse[r]), part, add););
        dx[target[r]] -= dloss[r];
    }
}

/* gain * (x - mean) * rstd + bias, the parameters where they are. */
VFN void vrow_norm(float *y, const float *x, float mean, float rstd, const float *gain,
                   const float *bias, size_t n) {
    EACH(n, {
        vf v = (AT(x) - mean) * rstd;
        v = gain ? AT(gain) * v : v;
        vstore_part(y + i, bias ? v + AT(bias) : v, part);
    });
}
static void kernel_layer_norm(float *y, float *mean, float *rstd, const float *x,
                              const float *gain, const float *bias, float eps,
                              size_t rows, size_t cols) {
    for (size_t r = 0; r < rows; r++, y += cols, x += cols) {
        vf s = vset(0), squares = vset(0);
        EACH(cols, s += AT(x););
        mean[r] = vsum(s) / (float)cols;
        const vf m = vset(mean[r]);
        /* What a last, partial vector lacks counts as the mean. */
        EACH(cols, {
            vf d = vload_part(x + i, part, mean[r]) - m;
            squares = vfma(d, d, squares);
        });
        rstd[r] = 1.0f / sqrtf(vsum(squares) / (float)cols + eps);
        vrow_norm(y, x, mean[r], rstd[r], gain, bias, cols);
    }
}

/* What both norms do on the way back: with v = (x - mean) rstd and g = gain dy,
 * dx = rstd (g - v mean(g v) - mean(g)), the last term only in a layer norm. */
typedef struct norm_row {
    float mean, rstd;
    float along; /* mean(g v) */
    float level; /* mean(g) */
} norm_row;

VFN vf vnormed(const norm_row *row, const float *x, size_t part) {
    return (vload_part(x, part, row->mean) - row->mean) * row->rstd;
}
VFN void vrow_means(norm_row *row, const float *dy, const float *x, const float *gain,
                    size_t n) {
    vf along = vset(0), level = vset(0);

    EACH(n, {
        vf g = gain ? AT(gain) * AT(dy) : AT(dy);
        along = vfma(g, vnormed(row, x + i, part), along);
        level += g;
    });
    row->along = vsum(along) / (float)n;
    row->level = vsum(level) / (float)n;
}
VFN void vrow_norm_back(float *dx, const norm_row *row, const float *dy, const float *x,
                        const float *gain, size_t n, bool add) {
    EACH(n, {
        vf g = gain ? AT(gain) * AT(dy) : AT(dy);
        vf v = vnormed(row, x + i, part);
        vf d = (vfma(vset(-row->along), v, g) - row->level) * row->rstd;
        vput(dx + i, d, part, add);
    });
}
VFN void vrow_parameters(float *dgain, float *dbias, const norm_row *row, const float *dy,
                         const float *x, size_t n) {
    if (dgain)
        EACH(n, vput(dgain + i, AT(dy) * vnormed(row, x + i, part), part, true););
    if (dbias)
        EACH(n, vput(dbias + i, AT(dy), part, true););
}

static void kernel_layer_norm_back(float *dx, float *dgain, float *dbias, const float *dy,
                                   const float *x, const float *mean, const float *rstd,
                                   const float *gain, size_t rows, size_t cols,
                                   bool add) {
    for (size_t r = 0; r < rows; r++, dy += cols, x += cols) {
        norm_row row = {.mean = mean[r], .rstd = rstd[r]};
        vrow_parameters(dgain, dbias, &row, dy, x, cols);
        if (!dx)
            continue;
        vrow_means(&row, dy, x, gain, cols);
        vrow_norm_back(dx + r * cols, &row, dy, x, gain, cols, add);
    }
}

static void kernel_rms_norm(float *y, float *rrms, const float *x, const float *gain,
                            float eps, size_t rows, size_t cols) {
    for (size_t r = 0; r < rows; r++, y += cols, x += cols) {
        rrms[r] = 1.0f / sqrtf(vrow_dot(x, x, cols) / (float)cols + eps);
        vrow_norm(y, x, 0, rrms[r], gain, NULL, cols);
    }
}
static void kernel_rms_norm_back(float *dx, float *dgain, const float *dy, const float *x,
                                 const float *rrms, const float *gain, size_t rows,
                                 size_t cols, bool add) {
    for (size_t r = 0; r < rows; r++, dy += cols, x += cols) {
        norm_row row = {.rstd = rrms[r]};
        vrow_parameters(dgain, NULL, &row, dy, x, cols);
        if (!dx)
            continue;
        vrow_means(&row, dy, x, gain, cols);
        row.level = 0;
        vrow_norm_back(dx + r * cols, &row, dy, x, gain, cols, add);
    }
}

#endif
