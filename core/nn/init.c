/* init.c - first values of parameters. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <accord/nn.h>
#include <accord/rng.h>
#include <cblas.h>

enum { BLOCK = 32 };

void accord_nn_init_fill(accord_nn_param *p, float value) {
    for (size_t i = 0; p && p->value && i < p->size; i++)
        p->value[i] = value;
}

void accord_nn_init_truncated_normal(accord_nn_param *p, double std, uint64_t *rng) {
    for (size_t i = 0; p && p->value && i < p->size; i++) {
        double x;
        do
            x = accord_rng_normal(rng);
        while (fabs(x) > 2.0);
        p->value[i] = (float)(std * x);
    }
}

/* Makes row v [n] orthogonal to `rows` orthonormal rows, and of length 1. */
static void orthonormalise(double *v, const double *q, size_t rows, size_t n) {
    for (size_t r = 0; r < rows; r++) {
        double dot = cblas_ddot((blasint)n, v, 1, q + r * n, 1);
        cblas_daxpy((blasint)n, -dot, q + r * n, 1, v, 1);
    }
    cblas_dscal((blasint)n, 1.0 / cblas_dnrm2((blasint)n, v, 1), v, 1);
}

/* v [m][n] -= (v q^T) q for the orthonormal rows of q [rows][n]; c is scratch [m][rows].
 */
static void project(double *v, size_t m, const double *q, size_t rows, size_t n,
                    double *c) {
    cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasTrans, (blasint)m, (blasint)rows,
                (blasint)n, 1.0, v, (blasint)n, q, (blasint)n, 0.0, c, (blasint)rows);
    cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, (blasint)m, (blasint)n,
                (blasint)rows, -1.0, c, (blasint)rows, q, (blasint)n, 1.0, v, (blasint)n);
}

/* `rows` <= n orthonormal rows in q[rows][n], by Gram and Schmidt in blocks, every block
 * twice, which is enough for working accuracy (Giraud, Langou, Rozloznik 2005).  Their R
 * has a positive diagonal, which makes the draw uniform. */
static void draw_rows(double *q, size_t rows, size_t n, double *c, uint64_t *rng) {
    for (size_t i = 0; i < rows * n; i++)
        q[i] = accord_rng_normal(rng);
    for (size_t r = 0; r < rows; r += BLOCK) {
        size_t m = rows - r < BLOCK ? rows - r : BLOCK;
        for (int pass = 0; pass < 2; pass++) {
            if (r)
                project(q + r * n, m, q, r, n, c);
            for (size_t i = 0; i < m; i++)
                orthonormalise(q + (r + i) * n, q + r * n, i, n);
        }
    }
}

/* An orthogonal [rows][cols] matrix times gain, element (i, j) at to[i * row_step +
 * j * col_step]. */
static accord_code orthogonal(float *to, size_t rows, size_t cols, size_t row_step,
                              size_t col_step, double gain, uint64_t *rng) {
    size_t few = rows < cols ? rows : cols, many = rows < cols ? cols : rows;
    double *q = malloc((many + BLOCK) * few * sizeof(*q));

    if (!q)
        return ACCORD_E_NOMEM;
    openblas_set_num_threads(1); /* one order of sums, whatever came before */
    draw_rows(q, few, many, q + few * many, rng);
    for (size_t i = 0; i < rows; i++)
        for (size_t j = 0; j < cols; j++)
            to[i * row_step + j * col_step] =
                (float)(gain * (rows < cols ? q[i * many + j] : q[j * many + i]));
    free(q);
    return ACCORD_OK;
}

accord_code accord_nn_init_orthogonal(accord_nn_param *p, double gain, uint64_t *rng) {
    if (!p)
        return ACCORD_OK;
    if (!p->value || p->rank < 2)
        return ACCORD_E_ARG;
    size_t cols = p->size / p->shape[0];
    return orthogonal(p->value, p->shape[0], cols, cols, 1, gain, rng);
}

accord_code accord_nn_init_delta_orthogonal(accord_nn_param *p, double gain,
                                            uint64_t *rng) {
    if (!p)
        return ACCORD_OK;
    if (!p->value || p->rank != 4 || p->shape[2] % 2 == 0 || p->shape[2] != p->shape[3])
        return ACCORD_E_ARG;
    size_t area = p->shape[2] * p->shape[3];
    accord_nn_init_fill(p, 0.0f);
    return orthogonal(p->value + area / 2, p->shape[0], p->shape[1], p->shape[1] * area,
                      area, gain, rng);
}
