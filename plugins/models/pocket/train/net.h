/* net.h - a pocket model on the tape of <accord/nn.h>, to be trained. */
#ifndef ACCORD_POCKET_NET_H
#define ACCORD_POCKET_NET_H

#include <accord/nn.h>

#include "feed.h"
#include "shape.h"

enum { POCKET_MAX_TENSORS = 3 + 6 * POCKET_MAX_LAYERS };

typedef struct pocket_net {
    struct pocket_shape shape;
    accord_nn_params *set; /* the parameters of shape.h, in its order and by its names */
    accord_nn_linear_layer matrix[POCKET_MAX_TENSORS]; /* of the matrices among them */
    accord_nn_norm_layer gain[POCKET_MAX_TENSORS];     /* of the gains */
    accord_nn_embedding_layer embed;
} pocket_net;

/* [any] Parameters drawn from `seed`: truncated normal, matrices that add to the residual
 * stream smaller by sqrt(2 layers) (Radford et al. 2019).  ACCORD_E_NOMEM. */
accord_code pocket_net_create(const struct pocket_shape *shape, uint64_t seed,
                              pocket_net *out, accord_nn_err *err);
void pocket_net_destroy(pocket_net *net);

/* [any] The logits that follow the batch's positions `at`: [n_wanted][vocabulary].  What
 * the batch points to is borrowed.  Errors are the tape's. */
const accord_nn_tensor *pocket_net_logits(accord_nn_tape *t, const pocket_net *net,
                                          const pocket_batch *batch);

/* [any] Mean cross entropy of the wanted tokens, in nats. */
const accord_nn_tensor *pocket_net_loss(accord_nn_tape *t, const pocket_net *net,
                                        const pocket_batch *batch);

#endif
