/* net_executor.c - beliefs, actions and local values of one executor; see net.h. */
#include "net.h"

econ_tensor *econ_look(accord_nn_tape *t, const econ_executor *x, econ_tensor *table,
                       const econ_seen *seen, size_t rows) {
    econ_tensor *part[4];

    for (int i = 0; i < 3; i++)
        part[i] = accord_nn_gather(t, table, seen->row[i], rows);
    part[3] = accord_nn_input(t, seen->last, ACCORD_NN_SHAPE(rows, 2));
    econ_tensor *h = accord_nn_concat(t, part, 4, 1);
    h = accord_nn_dense(t, h, &x->trunk, ACCORD_NN_RELU);
    return accord_nn_layer_norm(t, h, &x->norm);
}

econ_tensor *econ_logits(accord_nn_tape *t, const accord_nn_linear_layer *head,
                         econ_tensor *belief) {
    return accord_nn_linear(t, belief, head);
}

/* W_e e of actions or a grid [n][2], with the box's middle at 0. */
static econ_tensor *of_action(accord_nn_tape *t, const econ_executor *x, econ_tensor *e) {
    return accord_nn_linear(t, accord_nn_affine(t, e, 2, -1), &x->q_action);
}

econ_tensor *econ_q(accord_nn_tape *t, const econ_executor *x, econ_tensor *belief,
                    econ_tensor *action) {
    econ_tensor *h = accord_nn_add(t, accord_nn_linear(t, belief, &x->q_belief),
                                   of_action(t, x, action));

    return accord_nn_linear(t, accord_nn_silu(t, h), &x->q_out);
}

econ_tensor *econ_q_grid(accord_nn_tape *t, const econ_executor *x, econ_tensor *belief,
                         econ_tensor *grid) {
    econ_tensor *b = accord_nn_linear(t, belief, &x->q_belief);
    econ_tensor *g = of_action(t, x, grid);
    size_t rows = b->shape[0], n = g->shape[0], d = g->shape[1];

    b = accord_nn_reshape(t, b, ACCORD_NN_SHAPE(rows, 1, d));
    econ_tensor *h = accord_nn_silu(t, accord_nn_add(t, b, g));
    return accord_nn_reshape(t, accord_nn_linear(t, h, &x->q_out),
                             ACCORD_NN_SHAPE(rows, n));
}
