/* tape.h - what the operators' files share: nodes, the arena, gradients on the way back.
 *
 * An operator is two functions: one that checks shapes, makes a node with
 * accord_nn_node_new() and fills node->out, and one, node->back, that reads node->grad
 * and writes to the gradients of node->in.  See README.md. */
#ifndef ACCORD_NN_TAPE_H
#define ACCORD_NN_TAPE_H

#include <accord/nn.h>

#include "nn/conv.h"
#include "nn/kernels.h"

typedef accord_nn_tape tape;
typedef accord_nn_tensor tensor;
typedef struct accord_nn_node node;

enum { MAX_RANK = ACCORD_NN_MAX_RANK, LEAF_HEADS = 128 };

struct accord_nn_node {
    tensor t;    /* first: a tensor of the public header is a node */
    float *out;  /* t.data where this node owns it, else NULL */
    float *grad; /* during a pass: the loss's gradient by this node, or NULL */
    bool recorded;
    bool wanted; /* in this pass: leads to a parameter of the groups */
    bool filled; /* in this pass: grad holds something */
    uint32_t n_in;
    node **in;
    void (*back)(tape *t, node *n);
    node *previous, *next;        /* recorded nodes, in order */
    const accord_nn_param *param; /* a leaf of accord_nn_use() */
    node *chain;                  /* leaves with the same hash */
    /* What the operator keeps for the way back. */
    float *saved, *saved2;
    const int32_t *index;
    const void *ref;
    float arg[2];
    size_t dim[4];
};

struct accord_nn_tape {
    accord_nn_err err;
    const accord_kernels *k;
    bool record;
    node bad; /* what operators return after an error */
    node *first, *last;
    node *leaves[LEAF_HEADS];
    struct chunk *chunks, *chunk; /* all of them, the one being filled */
    size_t bytes, max_bytes;
    struct block *free_blocks;
    struct plan *plans;
};

static inline node *accord_nn_node_of(const tensor *x) {
    return (node *)(uintptr_t)x;
}

/* Notes the first error; returns the tensor to return. */
const tensor *accord_nn_refuse(tape *t, accord_code code, const char *fmt, ...)
    ACCORD_PRINTF(3, 4);
/* "[8][5]" of a shape, into text[100]; returns text. */
const char *accord_nn_shape_text(char *text, uint32_t rank, const size_t *shape);
/* As accord_nn_refuse(): "OP: [8][5] does not fit [4][6]". */
const tensor *accord_nn_misfit(tape *t, const char *op, const tensor *a, const tensor *b);
/* The same for a parameter: "OP: input [8][5] does not fit NAME [4][6]". */
const tensor *accord_nn_misfit_param(tape *t, const char *op, const tensor *a,
                                     const accord_nn_param *p);

/* False after an error, and notes one if a tensor is missing. */
bool accord_nn_ready(tape *t, const char *op, size_t n, const tensor *const *x);
static inline bool accord_nn_ready1(tape *t, const char *op, const tensor *x) {
    return accord_nn_ready(t, op, 1, &x);
}
static inline bool accord_nn_ready2(tape *t, const char *op, const tensor *a,
                                    const tensor *b) {
    return accord_nn_ready(t, op, 2, (const tensor *[]){a, b});
}
/* False and an error if a layer's parameter is missing. */
bool accord_nn_ready_param(tape *t, const char *op, const accord_nn_param *p);

void accord_nn_arena_reset(tape *t);
void accord_nn_arena_destroy(tape *t);
/* [n_bytes] of the arena until the reset, aligned to 64; NULL notes the error. */
void *accord_nn_alloc(tape *t, size_t n_bytes);
static inline float *accord_nn_floats(tape *t, size_t n) {
    return accord_nn_alloc(t, n * sizeof(float));
}
/* [n] floats for a while; release in any order, NULL allowed. */
float *accord_nn_scratch(tape *t, size_t n);
void accord_nn_release(tape *t, float *p);

/* A node with room for its output, recorded if one of `in` is; NULL after an error.
 * `in` is copied. */
node *accord_nn_node_new(tape *t, uint32_t rank, const size_t *shape, size_t n_in,
                         const tensor *const *in, void (*back)(tape *, node *));
/* The same without room: its data are somebody else's. */
node *accord_nn_node_view(tape *t, const float *data, uint32_t rank, const size_t *shape,
                          size_t n_in, const tensor *const *in,
                          void (*back)(tape *, node *));
/* The leaf of a parameter in this step, or NULL. */
node *accord_nn_leaf(tape *t, const accord_nn_param *p);
/* What an operator returns for its node, NULL included. */
static inline const tensor *accord_nn_out(tape *t, const node *n) {
    return n ? &n->t : &t->bad.t;
}

/* On the way back: where the gradient of `in` goes, and whether to add to it or to
 * assign. NULL if nobody wants it or memory is out. */
float *accord_nn_slot(tape *t, node *in, bool *add);
/* The same for what can only add: cleared if it is the first. */
float *accord_nn_slot_add(tape *t, node *in);
/* Gives node->grad as a whole to `in`, of the same size.  The last act of a back(). */
void accord_nn_hand_on(tape *t, node *n, node *in);

/* c[m][n] = (add ? c : 0) + a b, with a [m][k] or, transposed, [k][m], and so on; rows of
 * a, b, c are lda, ldb, ldc apart. */
typedef struct accord_nn_gemm {
    size_t m, n, k;
    bool trans_a, trans_b, add;
    size_t lda, ldb, ldc; /* 0: dense */
} accord_nn_gemm;
void accord_nn_multiply(float *c, const float *a, const float *b,
                        const accord_nn_gemm *g);

/* The plan of convolutions of a shape, made once and kept by the tape. */
accord_conv *accord_nn_plan(tape *t, const accord_conv_shape *shape);

/* y = f(x) and, on the way back, dx from dy; x may be NULL where y suffices
 * (accord_nn_from_output). */
void accord_nn_activate(const accord_kernels *k, int activation, float *y, const float *x,
                        size_t n);
void accord_nn_activate_back(const accord_kernels *k, int activation, float *dx,
                             const float *dy, const float *x, const float *y, size_t n,
                             bool add);
bool accord_nn_from_output(int activation);
/* False and an error if it is none. */
bool accord_nn_ready_activation(tape *t, const char *op, int activation);

#endif
