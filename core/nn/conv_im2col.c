/* conv_im2col.c - convolutions as matrix products by OpenBLAS: an image's patches become
 * the columns of a matrix. */
#include "nn/conv_parts.h"

#include <cblas.h>
#include <stdlib.h>
#include <string.h>

/* One layer on one image. */
typedef struct patches {
    int channels, height, width, kernel, stride, pad;
    int out, out_h, out_w;
    int taps; /* channels kernel kernel: rows of the matrix */
    int size; /* out_h out_w: its columns */
} patches;

static patches layer_patches(const accord_conv *c, uint32_t layer) {
    const accord_conv_layer *l = &c->shape.layers[layer];
    const accord_conv_edge *in = &c->edges[layer], *out = &c->edges[layer + 1];

    return (patches){.channels = (int)in->channels,
                     .height = (int)in->height,
                     .width = (int)in->width,
                     .kernel = (int)l->kernel,
                     .stride = (int)l->stride,
                     .pad = (int)l->pad,
                     .out = (int)l->out,
                     .out_h = (int)out->height,
                     .out_w = (int)out->width,
                     .taps = (int)(in->channels * l->kernel * l->kernel),
                     .size = (int)(out->height * out->width)};
}

static size_t image_in(const patches *p) {
    return (size_t)p->channels * (size_t)p->height * (size_t)p->width;
}
static size_t image_out(const patches *p) {
    return (size_t)p->out * (size_t)p->size;
}

/* The outputs j whose input j stride + shift lies in 0 .. width - 1: from .. to - 1. */
static void inside(const patches *p, int shift, int *from, int *to) {
    int end = (p->width - 1 - shift) / p->stride + 1;

    *from = shift < 0 ? (-shift + p->stride - 1) / p->stride : 0;
    *to = shift > p->width - 1 ? 0 : end < p->out_w ? end : p->out_w;
    *from = *from < *to ? *from : *to;
}

/* One row of an output's patches: column[j] = x[j stride + shift], 0 outside. */
static void gather(float *column, const float *x, const patches *p, int shift) {
    int from, to;

    inside(p, shift, &from, &to);
    memset(column, 0, (size_t)from * sizeof(float));
    if (p->stride == 1)
        memcpy(column + from, x + from + shift, (size_t)(to - from) * sizeof(float));
    else
        for (int j = from; j < to; j++)
            column[j] = x[j * p->stride + shift];
    memset(column + to, 0, (size_t)(p->out_w - to) * sizeof(float));
}
static void scatter(float *x, const float *column, const patches *p, int shift) {
    int from, to;

    inside(p, shift, &from, &to);
    for (int j = from; j < to; j++)
        x[j * p->stride + shift] += column[j];
}

/* columns[taps][size] from one image, or added back to it. */
static void each_row(const patches *p, float *columns, const float *x, float *dx) {
    for (int tap = 0; tap < p->taps; tap++) {
        int v = tap % p->kernel, u = tap / p->kernel % p->kernel;
        size_t plane = (size_t)(tap / (p->kernel * p->kernel)) * (size_t)p->height;
        for (int i = 0; i < p->out_h; i++, columns += p->out_w) {
            int row = i * p->stride + u - p->pad;
            bool there = row >= 0 && row < p->height;
            size_t at = (plane + (size_t)(there ? row : 0)) * (size_t)p->width;
            if (dx && there)
                scatter(dx + at, columns, p, v - p->pad);
            else if (!dx && there)
                gather(columns, x + at, p, v - p->pad);
            else if (!dx)
                memset(columns, 0, (size_t)p->out_w * sizeof(float));
        }
    }
}

static accord_code create(accord_conv *c) {
    size_t most = 0;

    openblas_set_num_threads(1);
    for (uint32_t i = 0; i < c->shape.n_layers; i++) {
        patches p = layer_patches(c, i);
        size_t n = (size_t)p.taps * (size_t)p.size;
        most = n > most ? n : most;
    }
    c->state = malloc(most * sizeof(float));
    return c->state ? 0 : ACCORD_E_NOMEM;
}
static void destroy(accord_conv *c) {
    free(c->state);
}

static void forward(accord_conv *c, uint32_t layer, float *y, const float *x,
                    const float *w, const float *b) {
    const patches p = layer_patches(c, layer);
    float *columns = c->state;

    for (uint32_t n = 0; n < c->shape.batch; n++, x += image_in(&p), y += image_out(&p)) {
        for (int o = 0; o < p.out; o++)
            for (int j = 0; j < p.size; j++)
                y[o * p.size + j] = b ? b[o] : 0;
        each_row(&p, columns, x, NULL);
        cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, p.out, p.size, p.taps, 1,
                    w, p.taps, columns, p.size, 1, y, p.size);
        if (c->shape.layers[layer].relu)
            c->k->relu(y, y, image_out(&p));
    }
}

static void back_data(accord_conv *c, uint32_t layer, float *dx, const float *dy,
                      const float *w) {
    const patches p = layer_patches(c, layer);
    float *columns = c->state;

    memset(dx, 0, c->edges[layer].size * sizeof(float));
    for (uint32_t n = 0; n < c->shape.batch;
         n++, dx += image_in(&p), dy += image_out(&p)) {
        cblas_sgemm(CblasRowMajor, CblasTrans, CblasNoTrans, p.taps, p.size, p.out, 1, w,
                    p.taps, dy, p.size, 0, columns, p.size);
        each_row(&p, columns, NULL, dx);
    }
}

static void back_weights(accord_conv *c, uint32_t layer, float *dw, float *db,
                         const float *dy, const float *x) {
    const patches p = layer_patches(c, layer);
    float *columns = c->state;

    for (int o = 0; o < p.out; o++) {
        double sum = 0;
        for (uint32_t n = 0; n < c->shape.batch; n++)
            sum += c->k->sum(dy + n * image_out(&p) + (size_t)o * (size_t)p.size,
                             (size_t)p.size);
        db[o] = (float)sum;
    }
    for (uint32_t n = 0; n < c->shape.batch;
         n++, x += image_in(&p), dy += image_out(&p)) {
        each_row(&p, columns, x, NULL);
        cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, p.out, p.taps, p.size, 1, dy,
                    p.size, columns, p.size, n > 0, dw, p.taps);
    }
}

/* Every edge is plain: nothing is packed. */
static void no_move(accord_conv *c, uint32_t edge, float *to, const float *from) {
}

const accord_conv_ops accord_conv_im2col = {.name = "im2col",
                                            .create = create,
                                            .destroy = destroy,
                                            .pack = no_move,
                                            .unpack = no_move,
                                            .forward = forward,
                                            .back_data = back_data,
                                            .back_weights = back_weights};
