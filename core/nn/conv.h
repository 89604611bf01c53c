/* conv.h - two-dimensional convolutions of plain float arrays, one after the other: the
 * seam behind which a library stands (oneDNN, or im2col with OpenBLAS).
 *
 * A plan is made once per geometry and kept by the caller; it holds what the library
 * prepared and its scratch memory, so running it allocates nothing.  [any], but a plan by
 * one thread at a time.  Layers are run together because libraries have memory layouts of
 * their own: only what goes in and comes out of the whole has the usual order,
 *   x [batch][in][height][width]     w[l] [out][in][kernel][kernel]      b[l] [out]
 *   y [batch][out][out_h][out_w], out_h = (height + 2 pad - kernel) / stride + 1
 * with `in` of a layer `out` of the one before, and
 *   y[n][o][i][j] = b[o] + sum over c, u, v of
 *                   x[n][c][i stride + u - pad][j stride + v - pad] w[o][c][u][v]
 * with 0 outside of x (cross-correlation, as every library of the field has it). */
#ifndef ACCORD_CONV_H
#define ACCORD_CONV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <accord/plugin.h>

enum { ACCORD_CONV_LAYERS = 16 };

typedef struct accord_conv accord_conv;

typedef struct accord_conv_layer {
    uint32_t out, kernel, stride, pad;
    bool relu; /* max(0, ...) in the same pass */
} accord_conv_layer;

typedef struct accord_conv_shape {
    uint32_t batch, in, height, width;
    uint32_t n_layers; /* 1 .. ACCORD_CONV_LAYERS */
    accord_conv_layer layers[ACCORD_CONV_LAYERS];
} accord_conv_shape;

enum {
    ACCORD_CONV_BEST,   /* oneDNN where configured */
    ACCORD_CONV_ONEDNN, /* ACCORD_E_UNSUPPORTED where not configured */
    ACCORD_CONV_IM2COL
};

/* Output size along one side, 0 when the kernel does not fit. */
uint32_t accord_conv_out(uint32_t size, uint32_t kernel, uint32_t stride, uint32_t pad);

/* A plan, the caller's to destroy.  ACCORD_E_ARG for a shape without output or too large,
 * ACCORD_E_NOMEM. */
accord_code accord_conv_create(const accord_conv_shape *shape, int backend,
                               accord_conv **out);
/* NULL is allowed. */
void accord_conv_destroy(accord_conv *plan);
/* "onednn" or "im2col". */
const char *accord_conv_backend(const accord_conv *plan);
/* How many floats the forward pass leaves for the backward one. */
size_t accord_conv_kept(const accord_conv *plan);

/* y from x, and what lies between in kept[accord_conv_kept()]; kept is NULL where no
 * backward pass follows.  b and each b[l] may be NULL. */
void accord_conv_forward(accord_conv *plan, float *y, float *kept, const float *x,
                         const float *const *w, const float *const *b);

/* The way back from dy, by what the forward pass read and wrote.  Gradients of parameters
 * are added to dw[l] and db[l], each of which may be NULL; dx = or, with `add_dx`, += the
 * gradient by x, not computed if it is NULL. */
typedef struct accord_conv_back {
    const float *dy, *y, *kept, *x;
    const float *const *w;
    float *const *dw, *const *db;
    float *dx;
    bool add_dx;
} accord_conv_back;
void accord_conv_backward(accord_conv *plan, const accord_conv_back *back);

#endif
