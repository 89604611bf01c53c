/* nn.h - neural networks on a tape: tensors, parameters, operators, optimisers.
 *
 *   accord_nn_tape_reset(t);
 *   x = accord_nn_input(t, data, ACCORD_NN_SHAPE(batch, n));
 *   h = accord_nn_relu(t, accord_nn_linear(t, x, &net.l1));
 *   loss = accord_nn_mse(t, accord_nn_linear(t, h, &net.l2), y);
 *   rc = accord_nn_backward(t, loss, &group, 1);
 *   accord_nn_adam_step(adam, 1e-3);
 *
 * Numbers are float, arrays row-major, the last axis contiguous.  A shape is written
 * [batch][n]; [...] stands for any leading axes, none included.  Any axis may be 0 long.
 *
 * The tape is define-by-run: an operator computes at once and writes down how to go back.
 * Tensors live in the tape's arena until accord_nn_tape_reset(); from the second step of
 * the same shapes on nothing is allocated.  What an operator borrows (inputs, targets,
 * indices, noise, parameters, layers) stays unchanged until the backward pass is done.
 *
 * Errors are sticky: an operator that is given shapes which do not fit notes the first
 * reason on the tape, with both shapes, and returns a tensor that every operator takes
 * and passes on (shape [], NaN).  So expressions nest; accord_nn_backward() and
 * accord_nn_tape_check() return the code.  ACCORD_E_ARG: a shape, an index or a
 * parameter does not fit.  ACCORD_E_NOMEM, ACCORD_E_LIMIT: memory, the tape's maximum.
 *
 * Everything is [any], but a tape, a parameter set and an optimiser are used by one
 * thread at a time.  Matrix products run on one thread.  The same calls give the same
 * bits on the same accord_nn_backend(). Link as accord-nn.pc says. */
#ifndef ACCORD_NN_H
#define ACCORD_NN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <accord/plugin.h>

enum { ACCORD_NN_MAX_RANK = 4 };

/* The two arguments `rank, shape` of many functions: ACCORD_NN_SHAPE(batch, 3, 84, 84).
 */
#define ACCORD_NN_SHAPE(...) \
    (sizeof((size_t[]){__VA_ARGS__}) / sizeof(size_t)), (size_t[]) { \
        __VA_ARGS__ \
    }
/* The two arguments of a scalar, shape []. */
#define ACCORD_NN_SCALAR 0, NULL

/* Why something failed; the caller's, zeroed before use.  The first reason wins. */
typedef struct accord_nn_err {
    accord_code code;
    char text[300]; /* lower case, no full stop; names file, parameter or both shapes */
} accord_nn_err;

/* Notes why something failed, if nothing stands in *err yet (NULL is allowed), and
 * returns `code`: for what is built on networks, too. */
accord_code accord_nn_fail(accord_nn_err *err, accord_code code, const char *fmt, ...)
    ACCORD_PRINTF(3, 4);

/* A value on a tape.  To be read only. */
typedef struct accord_nn_tensor {
    const float *data; /* [shape[0]]...[shape[rank - 1]] */
    size_t size;       /* product of the axes, 1 for a scalar */
    uint32_t rank;
    size_t shape[ACCORD_NN_MAX_RANK]; /* 0 beyond rank */
} accord_nn_tensor;

typedef struct accord_nn_tape accord_nn_tape;

/* ---- parameters ---------------------------------------------------------------------
 *
 * All parameters of a network are one set: one buffer of values and one of gradients, in
 * the order in which they were added.  First everything is added, then the set is sealed,
 * which allocates both buffers.  A target network is a second set made by the same code.
 */

typedef struct accord_nn_params accord_nn_params;

/* One parameter.  To be read, but for what `value` and `grad` point to. */
typedef struct accord_nn_param {
    const char *name;
    accord_nn_params *set;
    size_t offset; /* in floats, from the beginning of the set's buffers */
    size_t size;
    uint32_t rank;
    size_t shape[ACCORD_NN_MAX_RANK];
    float first;  /* every element's value after sealing */
    float *value; /* [size], NULL before the set is sealed */
    float *grad;  /* [size], the set's own gradient */
} accord_nn_param;

/* An empty set; NULL without memory, which every function here takes: sealing reports
 * it. */
accord_nn_params *accord_nn_params_create(void);
/* NULL is allowed. */
void accord_nn_params_destroy(accord_nn_params *set);
/* Adds a parameter; the name is copied.  Owned by the set.  NULL if it cannot be added
 * (a name given twice, an axis of 0, a sealed set, no memory), which sealing reports and
 * layers and operators take. */
accord_nn_param *accord_nn_param_add(accord_nn_params *set, const char *name, float first,
                                     uint32_t rank, const size_t *shape);
/* Allocates both buffers: every value its parameter's `first`, every gradient 0.  Reports
 * the first failure since the set was made. */
accord_code accord_nn_params_seal(accord_nn_params *set, accord_nn_err *err);
/* How many floats the set has; 0 before sealing. */
size_t accord_nn_params_size(const accord_nn_params *set);
/* How many parameters, and the i-th. */
size_t accord_nn_params_count(const accord_nn_params *set);
accord_nn_param *accord_nn_params_at(const accord_nn_params *set, size_t i);
/* By its name, or NULL. */
accord_nn_param *accord_nn_params_find(const accord_nn_params *set, const char *name);

/* Some neighbours in a sealed set, and where their gradient goes.  A plain value. */
typedef struct accord_nn_group {
    accord_nn_params *set;
    size_t first, count; /* parameters first .. first + count - 1 */
    size_t size;         /* their floats */
    float *value;        /* [size] */
    float *grad; /* [size]: the set's own, or any buffer of the caller's put here */
} accord_nn_group;

/* All parameters of a sealed set. */
accord_nn_group accord_nn_group_all(accord_nn_params *set);
/* Those whose names begin with `prefix`, for example "critic.".  Size 0 if there are none
 * or if they are not neighbours; accord_nn_backward() and accord_nn_adam_create() refuse
 * an empty group. */
accord_nn_group accord_nn_group_of(accord_nn_params *set, const char *prefix);
/* The group of both, with the set's own gradient; they must be neighbours in one set,
 * else its size is 0. */
accord_nn_group accord_nn_group_join(accord_nn_group a, accord_nn_group b);

/* Values of `to` = those of `from`; false, and nothing is written, if the sizes differ.
 */
bool accord_nn_copy(accord_nn_group to, accord_nn_group from);
/* Exponential moving average: to += tau (from - to).  As above. */
bool accord_nn_ema(accord_nn_group to, accord_nn_group from, double tau);

/* ---- initialisation -----------------------------------------------------------------
 *
 * From the caller's stream of <accord/rng.h>; same state, same values on every machine up
 * to rounding.  NULL is skipped. */

/* Every element. */
void accord_nn_init_fill(accord_nn_param *p, float value);
/* Normal(0, std^2) cut at 2 std (not rescaled). */
void accord_nn_init_truncated_normal(accord_nn_param *p, double std, uint64_t *rng);
/* Rows (or columns, if there are more rows) orthonormal times `gain`, uniform over the
 * orthogonal group: QR of a normal matrix with the signs of R's diagonal (Saxe et al.
 * 2014; Mezzadri 2007).  [rows][the other axes together].  ACCORD_E_NOMEM;
 * ACCORD_E_ARG for rank below 2, or before the set is sealed. */
accord_code accord_nn_init_orthogonal(accord_nn_param *p, double gain, uint64_t *rng);
/* A convolution [out][in][k][k] that is an orthogonal matrix in the kernel's centre and 0
 * elsewhere (Xiao et al. 2018).  The same errors; k must be odd, as it has no centre
 * otherwise. */
accord_code accord_nn_init_delta_orthogonal(accord_nn_param *p, double gain,
                                            uint64_t *rng);

/* ---- the tape -----------------------------------------------------------------------
 */

/* A tape whose arena never exceeds max_bytes; NULL without memory. */
accord_nn_tape *accord_nn_tape_create(size_t max_bytes);
/* NULL is allowed. */
void accord_nn_tape_destroy(accord_nn_tape *t);
/* Begins the next step: all tensors are gone, the error is forgotten, the memory kept. */
void accord_nn_tape_reset(accord_nn_tape *t);
/* The first error since the reset; err may be NULL. */
accord_code accord_nn_tape_check(const accord_nn_tape *t, accord_nn_err *err);
/* With false, what follows is computed without being written down: inference, targets of
 * a loss.  Returns what held before.  True after creation; a reset does not change it. */
bool accord_nn_tape_record(accord_nn_tape *t, bool on);
/* What the arena has taken from the system, in bytes. */
size_t accord_nn_tape_bytes(const accord_nn_tape *t);

/* The gradients of the scalar `loss` by the parameters of `groups` and of nothing else
 * are written to each group's `grad`; parameters that the loss does not reach get 0.
 * Groups do not overlap.  The tape stays as it is, so further passes may follow, for
 * other losses, groups or buffers.  Returns the tape's first error, or ACCORD_E_ARG if
 * `loss` has not one element or depends on no recorded operator; the gradients are then
 * unspecified. */
accord_code accord_nn_backward(accord_nn_tape *t, const accord_nn_tensor *loss,
                               const accord_nn_group *groups, size_t n_groups);
/* The same, but the gradients are added to what stands in the buffers: a large batch in
 * several pieces. */
accord_code accord_nn_backward_add(accord_nn_tape *t, const accord_nn_tensor *loss,
                                   const accord_nn_group *groups, size_t n_groups);

/* What computes here, for the record of a run: "openblas SkylakeX, onednn 2.6.3 isa
 * 0x27, kernels avx512"; where oneDNN stands it makes products and convolutions.  Writes
 * at most size bytes, NUL included. */
void accord_nn_backend(char *text, size_t size);

/* ---- leaves
 * --------------------------------------------------------------------------*/

/* data[size], borrowed until the reset; no gradient flows there. */
const accord_nn_tensor *accord_nn_input(accord_nn_tape *t, const float *data,
                                        uint32_t rank, const size_t *shape);
/* Bytes times `scale` (1/255 for pixels), copied. */
const accord_nn_tensor *accord_nn_input_u8(accord_nn_tape *t, const uint8_t *data,
                                           float scale, uint32_t rank,
                                           const size_t *shape);
/* Every element the same. */
const accord_nn_tensor *accord_nn_constant(accord_nn_tape *t, float value, uint32_t rank,
                                           const size_t *shape);
/* A parameter's values, borrowed; its gradient goes to the group that holds it. */
const accord_nn_tensor *accord_nn_use(accord_nn_tape *t, const accord_nn_param *p);
/* x, through which no gradient flows.  No copy. */
const accord_nn_tensor *accord_nn_detach(accord_nn_tape *t, const accord_nn_tensor *x);

/* ---- layers with parameters -----------------------------------------------------------
 *
 * A layer names its parameters; it is declared while the network's set is being built and
 * used while the tape runs.  `name` becomes "name.weight", "name.bias", ... */

/* What follows a linear map or a convolution in the same pass over memory. */
enum {
    ACCORD_NN_IDENTITY = 0,
    ACCORD_NN_RELU,
    ACCORD_NN_TANH,
    ACCORD_NN_SIGMOID,
    ACCORD_NN_GELU,
    ACCORD_NN_SILU,
    ACCORD_NN_ELU
};

typedef struct accord_nn_linear_layer {
    accord_nn_param *weight; /* [n_out][n_in] */
    accord_nn_param *bias;   /* [n_out], or NULL for none */
} accord_nn_linear_layer;

/* weight and bias 0. */
accord_nn_linear_layer accord_nn_linear_declare(accord_nn_params *set, const char *name,
                                                size_t n_in, size_t n_out);
/* y = x weight^T + bias:  [...][n_in] -> [...][n_out]. */
const accord_nn_tensor *accord_nn_linear(accord_nn_tape *t, const accord_nn_tensor *x,
                                         const accord_nn_linear_layer *l);
/* activation(x weight^T + bias); `activation` is one of ACCORD_NN_RELU, ... */
const accord_nn_tensor *accord_nn_dense(accord_nn_tape *t, const accord_nn_tensor *x,
                                        const accord_nn_linear_layer *l, int activation);

typedef struct accord_nn_embedding_layer {
    accord_nn_param *weight; /* [n][width] */
} accord_nn_embedding_layer;

accord_nn_embedding_layer accord_nn_embedding_declare(accord_nn_params *set,
                                                      const char *name, size_t n,
                                                      size_t width);
/* Rows of the table: ids[shape] -> [shape][width], rank at most 3.  ids are borrowed; one
 * outside 0 .. n - 1 is an error. */
const accord_nn_tensor *accord_nn_embedding(accord_nn_tape *t, const int32_t *ids,
                                            uint32_t rank, const size_t *shape,
                                            const accord_nn_embedding_layer *l);

typedef struct accord_nn_conv2d_layer {
    accord_nn_param *weight; /* [out][in][k][k] */
    accord_nn_param *bias;   /* [out] */
    uint32_t stride, pad;
} accord_nn_conv2d_layer;

accord_nn_conv2d_layer accord_nn_conv2d_declare(accord_nn_params *set, const char *name,
                                                size_t in, size_t out, size_t k,
                                                uint32_t stride, uint32_t pad);
/* Cross-correlation, zeros around, then `activation` (ACCORD_NN_IDENTITY for none):
 * [batch][in][h][w] -> [batch][out][h'][w'], h' = (h + 2 pad - k) / stride + 1. */
const accord_nn_tensor *accord_nn_conv2d(accord_nn_tape *t, const accord_nn_tensor *x,
                                         const accord_nn_conv2d_layer *l, int activation);
/* Layers one after the other, 16 at most, ReLU between them and `activation` behind the
 * last.  What conv2d gives layer by layer, but faster: what lies between stays in the
 * memory layout that the convolutions like. */
const accord_nn_tensor *accord_nn_conv2d_stack(accord_nn_tape *t,
                                               const accord_nn_tensor *x,
                                               const accord_nn_conv2d_layer *layers,
                                               size_t n_layers, int activation);

typedef struct accord_nn_norm_layer {
    accord_nn_param *gain; /* [n] */
    accord_nn_param *bias; /* [n]; NULL in an RMS norm */
    float eps;
} accord_nn_norm_layer;

/* gain 1, bias 0, eps 1e-5. */
accord_nn_norm_layer accord_nn_layer_norm_declare(accord_nn_params *set, const char *name,
                                                  size_t n);
/* gain 1, no bias, eps 1e-5. */
accord_nn_norm_layer accord_nn_rms_norm_declare(accord_nn_params *set, const char *name,
                                                size_t n);
/* Along the last axis, [...][n] -> [...][n]: gain (x - mean) / sqrt(var + eps) + bias
 * (Ba et al. 2016; var is divided by n). */
const accord_nn_tensor *accord_nn_layer_norm(accord_nn_tape *t, const accord_nn_tensor *x,
                                             const accord_nn_norm_layer *l);
/* gain x / sqrt(mean of x^2 + eps) (Zhang and Sennrich 2019). */
const accord_nn_tensor *accord_nn_rms_norm(accord_nn_tape *t, const accord_nn_tensor *x,
                                           const accord_nn_norm_layer *l);

typedef struct accord_nn_gru_layer {
    accord_nn_param *w_x; /* [3 n_hidden][n_in]: reset, update, candidate */
    accord_nn_param *w_h; /* [3 n_hidden][n_hidden] */
    accord_nn_param *b_x; /* [3 n_hidden] */
    accord_nn_param *b_h; /* [3 n_hidden] */
} accord_nn_gru_layer;

accord_nn_gru_layer accord_nn_gru_declare(accord_nn_params *set, const char *name,
                                          size_t n_in, size_t n_hidden);
/* One step, x [batch][n_in], h [batch][n_hidden] -> [batch][n_hidden] (Cho et al. 2014,
 * in the form of cuDNN and PyTorch): r, z = sigmoid(w_x x + b_x + w_h h + b_h), c =
 * tanh(w_x x + b_x + r (w_h h + b_h)), h' = (1 - z) c + z h. */
const accord_nn_tensor *accord_nn_gru(accord_nn_tape *t, const accord_nn_tensor *x,
                                      const accord_nn_tensor *h,
                                      const accord_nn_gru_layer *l);
/* All steps: x [time][batch][n_in], h [batch][n_hidden] -> [time][batch][n_hidden]. */
const accord_nn_tensor *accord_nn_gru_sequence(accord_nn_tape *t,
                                               const accord_nn_tensor *x,
                                               const accord_nn_tensor *h,
                                               const accord_nn_gru_layer *l);

/* ---- attention ------------------------------------------------------------------------
 *
 * softmax(q k^T / sqrt(width / heads)) v in each head (Vaswani et al. 2017); the heads
 * lie side by side in the last axis.  Projections are the caller's linear layers. */

/* q [batch][n_q][width], k and v [batch][n_k][width] -> [batch][n_q][width]. */
const accord_nn_tensor *accord_nn_attention(accord_nn_tape *t, const accord_nn_tensor *q,
                                            const accord_nn_tensor *k,
                                            const accord_nn_tensor *v, size_t heads);
/* Query i sees keys 0 .. i; n_q = n_k. */
const accord_nn_tensor *accord_nn_causal_attention(accord_nn_tape *t,
                                                   const accord_nn_tensor *q,
                                                   const accord_nn_tensor *k,
                                                   const accord_nn_tensor *v,
                                                   size_t heads);
/* Self-attention from one projection, qkv [batch][n][3 width] with q, k and v side by
 * side -> [batch][n][width]; saves three copies. */
const accord_nn_tensor *accord_nn_self_attention(accord_nn_tape *t,
                                                 const accord_nn_tensor *qkv,
                                                 size_t heads, bool causal);

/* ---- element by element: the shape of x
 * ------------------------------------------------*/

const accord_nn_tensor *accord_nn_relu(accord_nn_tape *t, const accord_nn_tensor *x);
/* x Phi(x) with the exact normal distribution function, not its tanh approximation. */
const accord_nn_tensor *accord_nn_gelu(accord_nn_tape *t, const accord_nn_tensor *x);
/* x sigmoid(x) */
const accord_nn_tensor *accord_nn_silu(accord_nn_tape *t, const accord_nn_tensor *x);
const accord_nn_tensor *accord_nn_tanh(accord_nn_tape *t, const accord_nn_tensor *x);
const accord_nn_tensor *accord_nn_sigmoid(accord_nn_tape *t, const accord_nn_tensor *x);
/* x where x > 0, else exp(x) - 1 */
const accord_nn_tensor *accord_nn_elu(accord_nn_tape *t, const accord_nn_tensor *x);
/* The gradient at 0 is 0. */
const accord_nn_tensor *accord_nn_abs(accord_nn_tape *t, const accord_nn_tensor *x);
const accord_nn_tensor *accord_nn_exp(accord_nn_tape *t, const accord_nn_tensor *x);
const accord_nn_tensor *accord_nn_log(accord_nn_tape *t, const accord_nn_tensor *x);
const accord_nn_tensor *accord_nn_square(accord_nn_tape *t, const accord_nn_tensor *x);
/* The gradient at 0 is infinite. */
const accord_nn_tensor *accord_nn_sqrt(accord_nn_tape *t, const accord_nn_tensor *x);
/* Into [low, high]; no gradient outside. */
const accord_nn_tensor *accord_nn_clamp(accord_nn_tape *t, const accord_nn_tensor *x,
                                        float low, float high);
/* a x + b */
const accord_nn_tensor *accord_nn_affine(accord_nn_tape *t, const accord_nn_tensor *x,
                                         float a, float b);

/* ---- two tensors
 * -----------------------------------------------------------------------
 *
 * Axes are matched from the last one; where one tensor has an axis of 1, or none, it is
 * repeated (NumPy's rule): [batch][n] with [n], [batch][1] or []. */

const accord_nn_tensor *accord_nn_add(accord_nn_tape *t, const accord_nn_tensor *a,
                                      const accord_nn_tensor *b);
const accord_nn_tensor *accord_nn_sub(accord_nn_tape *t, const accord_nn_tensor *a,
                                      const accord_nn_tensor *b);
const accord_nn_tensor *accord_nn_mul(accord_nn_tape *t, const accord_nn_tensor *a,
                                      const accord_nn_tensor *b);
const accord_nn_tensor *accord_nn_div(accord_nn_tape *t, const accord_nn_tensor *a,
                                      const accord_nn_tensor *b);
/* Where a = b, the gradient goes to a. */
const accord_nn_tensor *accord_nn_min(accord_nn_tape *t, const accord_nn_tensor *a,
                                      const accord_nn_tensor *b);
const accord_nn_tensor *accord_nn_max(accord_nn_tape *t, const accord_nn_tensor *a,
                                      const accord_nn_tensor *b);

/* a [...][m][k], b [...][k][n] -> [...][m][n]; the leading axes are equal, or b has none
 * and serves all. */
const accord_nn_tensor *accord_nn_matmul(accord_nn_tape *t, const accord_nn_tensor *a,
                                         const accord_nn_tensor *b);
/* a [...][m][k], b [...][n][k] -> a b^T [...][m][n]. */
const accord_nn_tensor *accord_nn_matmul_t(accord_nn_tape *t, const accord_nn_tensor *a,
                                           const accord_nn_tensor *b);

/* ---- shapes
 * ----------------------------------------------------------------------------*/

/* The same numbers under another shape of the same size.  No copy. */
const accord_nn_tensor *accord_nn_reshape(accord_nn_tape *t, const accord_nn_tensor *x,
                                          uint32_t rank, const size_t *shape);
/* Two axes swapped. */
const accord_nn_tensor *accord_nn_transpose(accord_nn_tape *t, const accord_nn_tensor *x,
                                            uint32_t axis_a, uint32_t axis_b);
/* One after the other along an axis; the other axes are equal. */
const accord_nn_tensor *accord_nn_concat(accord_nn_tape *t,
                                         const accord_nn_tensor *const *x, size_t n,
                                         uint32_t axis);
/* Elements from .. to - 1 of an axis.  No copy on the first axis. */
const accord_nn_tensor *accord_nn_slice(accord_nn_tape *t, const accord_nn_tensor *x,
                                        uint32_t axis, size_t from, size_t to);
/* Rows by number, in any order and repeated: x [n][...], rows[m] -> [m][...].  rows are
 * borrowed; one outside 0 .. n - 1 is an error. */
const accord_nn_tensor *accord_nn_gather(accord_nn_tape *t, const accord_nn_tensor *x,
                                         const int32_t *rows, size_t m);
/* One element of each row: x [...][n], index[...] -> [...].  As above. */
const accord_nn_tensor *accord_nn_pick(accord_nn_tape *t, const accord_nn_tensor *x,
                                       const int32_t *index);

/* ---- reductions: the axis is gone from the shape
 * -----------------------------------------*/

enum { ACCORD_NN_ALL = -1 }; /* as an axis: over everything, to a scalar */

const accord_nn_tensor *accord_nn_sum(accord_nn_tape *t, const accord_nn_tensor *x,
                                      int axis);
/* NaN over nothing. */
const accord_nn_tensor *accord_nn_mean(accord_nn_tape *t, const accord_nn_tensor *x,
                                       int axis);
/* -infinity over nothing.  The gradient goes to the first of the largest. */
const accord_nn_tensor *accord_nn_max_over(accord_nn_tape *t, const accord_nn_tensor *x,
                                           int axis);

/* ---- along the last axis --------------------------------------------------------------
 */

/* [...][n] -> [...][n], rows summing to 1; the largest is subtracted first. */
const accord_nn_tensor *accord_nn_softmax(accord_nn_tape *t, const accord_nn_tensor *x);
const accord_nn_tensor *accord_nn_log_softmax(accord_nn_tape *t,
                                              const accord_nn_tensor *x);
/* [...][n], [...][n] -> [...]: a.b / (max(|a|, 1e-8) max(|b|, 1e-8)). */
const accord_nn_tensor *accord_nn_cosine(accord_nn_tape *t, const accord_nn_tensor *a,
                                         const accord_nn_tensor *b);

/* ---- losses: scalars
 * --------------------------------------------------------------------*/

/* Mean of (a - b)^2; equal shapes. */
const accord_nn_tensor *accord_nn_mse(accord_nn_tape *t, const accord_nn_tensor *a,
                                      const accord_nn_tensor *b);
/* Mean over the rows of -log softmax(logits)[target]: logits [...][n], target[...]
 * borrowed.  Rows with target = ignore do not count (0 if none counts); any other target
 * outside 0 .. n - 1 is an error. */
const accord_nn_tensor *accord_nn_cross_entropy(accord_nn_tape *t,
                                                const accord_nn_tensor *logits,
                                                const int32_t *target, int32_t ignore);

/* A draw of the tanh-squashed diagonal Gaussian of soft actor-critic (Haarnoja et al.
 * 2018, appendix C) by the caller's standard normal noise[batch][n], borrowed: u = mean +
 * exp(log_std) noise, action = tanh(u).  mean, log_std, action [batch][n]. *log_prob
 * [batch] = sum over n of log Normal(u) - log(1 - tanh(u)^2), the latter as 2 (log 2 - u
 * - softplus(-2u)), which does not overflow (TensorFlow Probability, bijector Tanh). Both
 * outputs are differentiable; log_prob may be NULL. */
const accord_nn_tensor *accord_nn_squashed_gaussian(accord_nn_tape *t,
                                                    const accord_nn_tensor *mean,
                                                    const accord_nn_tensor *log_std,
                                                    const float *noise,
                                                    const accord_nn_tensor **log_prob);

/* ---- optimisation
 * -----------------------------------------------------------------------*/

/* Euclidean norm of a group's gradient, in double. */
double accord_nn_grad_norm(accord_nn_group group);
/* Scales the groups' gradients together so that their norm is at most `max`; returns the
 * norm before.  A norm that is not finite is returned and nothing is scaled: skip the
 * step. */
double accord_nn_clip_grad(const accord_nn_group *groups, size_t n_groups, double max);

/* Adam (Kingma and Ba 2015) and, with weight_decay, AdamW (Loshchilov and Hutter 2019:
 * decoupled, times the learning rate).  Parameters of rank 1 and 0 (biases, gains) are
 * not decayed. */
typedef struct accord_nn_adam_config {
    double beta1, beta2, eps, weight_decay;
} accord_nn_adam_config;
#define ACCORD_NN_ADAM \
    { .beta1 = 0.9, .beta2 = 0.999, .eps = 1e-8 }

typedef struct accord_nn_adam accord_nn_adam;

/* An optimiser of one group, which reads group.grad.  The set must outlive it. */
accord_code accord_nn_adam_create(accord_nn_group group,
                                  const accord_nn_adam_config *config,
                                  accord_nn_adam **out, accord_nn_err *err);
/* NULL is allowed. */
void accord_nn_adam_destroy(accord_nn_adam *o);
/* One step with learning rate `rate`. */
void accord_nn_adam_step(accord_nn_adam *o, double rate);
/* Steps taken. */
uint64_t accord_nn_adam_steps(const accord_nn_adam *o);

/* Learning rates, by the number of steps already taken. */
enum { ACCORD_NN_RATE_CONSTANT, ACCORD_NN_RATE_LINEAR, ACCORD_NN_RATE_COSINE };
typedef struct accord_nn_schedule {
    int32_t shape;   /* one of the above */
    double peak;     /* after the warm-up */
    double floor;    /* from `total` on; not read by CONSTANT */
    uint64_t warmup; /* peak (step + 1) / warmup while step < warmup */
    uint64_t total;
} accord_nn_schedule;
double accord_nn_rate(const accord_nn_schedule *s, uint64_t step);

/* ---- checkpoints
 * -------------------------------------------------------------------------
 *
 * A file with named parts.  Written to a temporary beside it, flushed to the disk and
 * renamed, so `path` is the old file or the new one, whole.  Its format has a version and
 * ends in a SHA-256.  Loading reads and compares everything before it changes anything.
 * Refused with a sentence: another format or version, a file cut short or damaged, parts,
 * names or shapes other than asked for, and, saving too, values that are not finite. */

/* One part: exactly one of the three is set. */
typedef struct accord_nn_part {
    const char *name;         /* unique in the file */
    accord_nn_params *params; /* names, shapes and values */
    accord_nn_adam *adam;     /* moments and step count */
    void *bytes;              /* [n_bytes] of the caller's own, for example counters */
    size_t n_bytes;
} accord_nn_part;

/* ACCORD_E_IO, ACCORD_E_NOMEM, ACCORD_E_ARG for values that are not finite. */
accord_code accord_nn_save(const char *path, const accord_nn_part *parts, size_t n_parts,
                           accord_nn_err *err);
/* ACCORD_E_NOTFOUND if there is no file; ACCORD_E_CONFIG if it does not fit, and then no
 * part is changed; ACCORD_E_IO, ACCORD_E_NOMEM. */
accord_code accord_nn_load(const char *path, const accord_nn_part *parts, size_t n_parts,
                           accord_nn_err *err);

#endif
