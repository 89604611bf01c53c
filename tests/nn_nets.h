/* nn_nets.h - two small networks with everything in them: a decoder-only transformer and
 * a critic over pixels, on tasks that they can learn. */
#ifndef NN_NETS_H
#define NN_NETS_H

#include <accord/nn.h>

enum { NETS_BATCH = 8, NETS_TIME = 12, NETS_VOCABULARY = 7, NETS_BLOCKS = 2 };
enum { NETS_PIXELS = 14, NETS_ACTIONS = 2, NETS_FEATURES = 16 };

typedef struct transformer {
    accord_nn_params *set;
    accord_nn_embedding_layer token, place;
    struct {
        accord_nn_norm_layer norm1, norm2;
        accord_nn_linear_layer qkv, out, up, down;
    } block[NETS_BLOCKS];
    accord_nn_norm_layer norm;
    accord_nn_linear_layer head;
} transformer;

/* Declares, seals and initialises from `seed`. */
accord_code transformer_create(transformer *net, uint64_t seed, accord_nn_err *err);
/* tokens, next [NETS_BATCH][NETS_TIME] -> the cross entropy. */
const accord_nn_tensor *transformer_loss(accord_nn_tape *t, const transformer *net,
                                         const int32_t *tokens, const int32_t *next);
/* Sequences in which every token is the sum of the two before it, modulo the
 * vocabulary; the first two, which nobody can know, are not asked for (-1). */
void transformer_draw(int32_t *tokens, int32_t *next, uint64_t *rng);

typedef struct critic {
    accord_nn_params *set;
    accord_nn_conv2d_layer conv1, conv2;
    accord_nn_linear_layer project;
    accord_nn_norm_layer norm;
    accord_nn_linear_layer q1a, q1b, q2a, q2b;
} critic;

/* The parameters are in two groups, "encoder." and "q.". */
accord_code critic_create(critic *net, uint64_t seed, accord_nn_err *err);
/* pixels [NETS_BATCH][3][NETS_PIXELS][NETS_PIXELS], action [NETS_BATCH][NETS_ACTIONS],
 * target [NETS_BATCH][1], borrowed -> both heads' squared errors. */
const accord_nn_tensor *critic_loss(accord_nn_tape *t, const critic *net,
                                    const float *pixels, const float *action,
                                    const float *target);
/* Noise with a bright square; the target is where the square is and what the action says
 * of it. */
void critic_draw(float *pixels, float *action, float *target, uint64_t *rng);

enum { CRITIC_PIXELS = NETS_BATCH * 3 * NETS_PIXELS * NETS_PIXELS };

#endif
