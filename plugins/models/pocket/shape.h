/* shape.h - the sizes of the pocket models, and what their parameters are called.
 *
 * A decoder-only transformer (Vaswani et al. 2017) with norms before each part:
 *
 *   x = embed[token] + position[i]
 *   per layer:  x += out attend(qkv norm1(x));  x += down relu(up norm2(x))
 *   logits = embed norm(x)
 *
 * Norms are RMS norms (eps 1e-5), linear maps have no bias, attention is causal and
 * scaled by 1 / sqrt(width / heads), its heads side by side in q, k and v.  The embedding
 * is also the output matrix. */
#ifndef ACCORD_POCKET_SHAPE_H
#define ACCORD_POCKET_SHAPE_H

#include <stddef.h>
#include <stdint.h>

enum { POCKET_MAX_LAYERS = 16, POCKET_MAX_CONTEXT = 4096, POCKET_MAX_WIDTH = 1024 };

/* How large a model is.  It stands in weight files: 6 fields of 4 bytes. */
struct pocket_shape {
    uint32_t vocabulary; /* tokens; pocket_vocabulary_size() */
    uint32_t context;    /* most tokens of prompt and reply together */
    uint32_t width;
    uint32_t layers;
    uint32_t heads;  /* divides width */
    uint32_t hidden; /* width of the layer between up and down */
};

/* [any] Sets *out to size "s" (about 0.2 million parameters), or "m" and "m2" (about
 * 0.8). A larger one is one more line of its table.  0 for any other name. */
int pocket_shape_of(const char *size, struct pocket_shape *out);

/* [any] 1 when nothing in it is 0, beyond the bounds above or does not divide; width and
 * hidden are multiples of 64. */
int pocket_shape_is_sound(const struct pocket_shape *s);

/* One parameter: a matrix, or a row of gains. */
struct pocket_tensor {
    char name[32]; /* "embed", "position", "layer0.qkv", ... */
    uint32_t rows; /* of a matrix [rows][columns]: outputs, tokens or positions */
    uint32_t columns;
    int is_gain;   /* [columns] of a norm, first 1, rank 1 */
    size_t offset; /* in floats, in the order of pocket_shape_tensor() */
};

/* [any] How many parameters there are, and the i-th: embed [vocabulary][width], position
 * [context][width], then for each layer norm1 [width], qkv [3 width][width] with q, k and
 * v below each other, out [width][width], norm2 [width], up [hidden][width], down
 * [width][hidden]; last norm [width]. */
size_t pocket_shape_count(const struct pocket_shape *s);
void pocket_shape_tensor(const struct pocket_shape *s, size_t i,
                         struct pocket_tensor *out);

/* [any] Floats of all parameters together. */
size_t pocket_shape_size(const struct pocket_shape *s);

/* [any] Multiply-adds of the matrices for one token, without attention. */
size_t pocket_shape_work(const struct pocket_shape *s);

#endif
