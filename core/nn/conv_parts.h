/* conv_parts.h - what a back end of conv.h implements.
 *
 * An edge is the array between two layers, edge 0 the input and edge n the output, in
 * whatever layout the back end likes; all its functions but pack and unpack see edges in
 * that layout, weights and biases always in the usual order. */
#ifndef ACCORD_CONV_PARTS_H
#define ACCORD_CONV_PARTS_H

#include "nn/conv.h"
#include "nn/kernels.h"

typedef struct accord_conv_edge {
    uint32_t channels, height, width;
    size_t size;     /* batch channels height width */
    size_t floats;   /* in the back end's layout, not less than size */
    bool plain;      /* in the usual order: neither packed nor unpacked */
    bool plain_back; /* the same for its gradient, of the output alone */
} accord_conv_edge;

typedef struct accord_conv_ops {
    const char *name;
    /* Sets c->state and may change `floats` and `plain` of the edges.
     * ACCORD_E_UNSUPPORTED: another back end must do it. */
    accord_code (*create)(accord_conv *c);
    void (*destroy)(accord_conv *c);
    void (*pack)(accord_conv *c, uint32_t edge, float *packed, const float *plain);
    void (*unpack)(accord_conv *c, uint32_t edge, float *plain, const float *packed);
    /* ReLU included; b may be NULL. */
    void (*forward)(accord_conv *c, uint32_t layer, float *y, const float *x,
                    const float *w, const float *b);
    void (*back_data)(accord_conv *c, uint32_t layer, float *dx, const float *dy,
                      const float *w);
    /* dw and db are written, not added to. */
    void (*back_weights)(accord_conv *c, uint32_t layer, float *dw, float *db,
                         const float *dy, const float *x);
} accord_conv_ops;

struct accord_conv {
    accord_conv_shape shape;
    accord_conv_edge edges[ACCORD_CONV_LAYERS + 1];
    const accord_kernels *k;
    const accord_conv_ops *ops;
    void *state;
    float *turn[2]; /* [largest edge] each: values or gradients of two neighbours */
    float *plain;   /* [larger of input and output] */
    float *dw, *db; /* [largest of the layers] */
    void *memory;
};

extern const accord_conv_ops accord_conv_im2col;
#ifdef HAVE_DNNL
extern const accord_conv_ops accord_conv_onednn;
#endif

/* An edge that has its channels in groups: [batch][channels / group][pixels][group]. */
typedef struct accord_conv_groups {
    size_t batch, channels, pixels, group; /* group 1: the usual order */
} accord_conv_groups;

/* to[batch][pixels][channels] from such an edge. */
void accord_conv_channels_last(float *to, const float *from, const accord_conv_groups *g);

/* Floats of a layer's weights. */
static inline size_t accord_conv_weights(const accord_conv *c, uint32_t layer) {
    const accord_conv_layer *l = &c->shape.layers[layer];
    return (size_t)l->out * c->edges[layer].channels * l->kernel * l->kernel;
}

#endif
