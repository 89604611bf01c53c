/* conv.h - two-dimensional convolution of plain float arrays: the seam behind which a
 * library stands (oneDNN, or im2col with OpenBLAS).
 *
 * A plan is made once per geometry and kept by the caller; it holds what the library
 * prepared and its scratch memory, so running it allocates nothing.  [any], but a plan by
 * one thread at a time.  Arrays are in the usual order:
 *   x [batch][in][height][width]        w [out][in][kernel][kernel]      b [out]
 *   y [batch][out][out_h][out_w], out_h = (height + 2 pad - kernel) / stride + 1
 *   y[n][o][i][j] = b[o] + sum over c, u, v of
 *                   x[n][c][i stride + u - pad][j stride + v - pad] w[o][c][u][v]
 * with 0 outside of x (cross-correlation, as every library of the field has it). */
#ifndef ACCORD_CONV_H
#define ACCORD_CONV_H

#include <stdbool.h>
#include <stdint.h>

#include <accord/plugin.h>

typedef struct accord_conv accord_conv;

typedef struct accord_conv_shape {
    uint32_t batch, in, height, width;
    uint32_t out, kernel, stride, pad;
    bool relu; /* y = max(0, ...) in the same pass */
} accord_conv_shape;

enum {
    ACCORD_CONV_BEST,   /* oneDNN where configured */
    ACCORD_CONV_ONEDNN, /* ACCORD_E_UNSUPPORTED where not configured */
    ACCORD_CONV_IM2COL
};

/* Output size along one side, 0 when the kernel does not fit. */
uint32_t accord_conv_out(uint32_t size, uint32_t kernel, uint32_t stride, uint32_t pad);

/* A plan, the caller's to destroy.  ACCORD_E_ARG for a shape without output,
 * ACCORD_E_NOMEM. */
accord_code accord_conv_create(const accord_conv_shape *shape, int backend,
                               accord_conv **out, accord_err *err);
void accord_conv_destroy(accord_conv *plan);
/* "onednn" or "im2col". */
const char *accord_conv_backend(const accord_conv *plan);

/* y from x, w, b; b may be NULL. */
void accord_conv_forward(accord_conv *plan, float *y, const float *x, const float *w,
                         const float *b);
/* With `relu`, the first thing of a backward pass: dy = 0 where y is 0.  The other two
 * read the result. */
void accord_conv_relu_back(accord_conv *plan, float *dy, const float *y);
/* dx = or, with `add`, += the gradient by x. */
void accord_conv_back_data(accord_conv *plan, float *dx, const float *dy, const float *w,
                           bool add);
/* dw and db (may be NULL) += the gradients by w and b. */
void accord_conv_back_weights(accord_conv *plan, float *dw, float *db, const float *dy,
                              const float *x);

#endif
