/* sac_nets.c - trunk, projections, critics and actor: their parameters and how they
 * compute.  The architecture is that of DMControl-GB: convolutions of 3 x 3 without
 * padding, ReLU between them and none behind the last. */
#include "sac_parts.h"

#include <math.h>
#include <stdio.h>

#include <accord/rng.h>

enum { KERNEL = 3 };

static uint32_t stride_of(const control_size *size, uint32_t layer) {
    return layer < size->strided ? 2 : 1;
}

size_t control_flat(const control_size *size) {
    size_t side = size->pixels;

    for (uint32_t i = 0; i < size->layers; i++) {
        if (side < KERNEL)
            return 0;
        side = (side - KERNEL) / stride_of(size, i) + 1;
    }
    return size->filters * side * side;
}

/* ---- parameters ---- */

static void declare_trunk(accord_nn_params *set, accord_nn_conv2d_layer *trunk,
                          const control_size *size) {
    char name[32];

    for (uint32_t i = 0; i < size->layers; i++) {
        snprintf(name, sizeof(name), "trunk.%u", i);
        trunk[i] =
            accord_nn_conv2d_declare(set, name, i ? size->filters : CONTROL_CHANNELS,
                                     size->filters, KERNEL, stride_of(size, i), 0);
    }
}

static control_projection declare_projection(accord_nn_params *set,
                                             const control_size *size) {
    return (control_projection){
        .linear = accord_nn_linear_declare(set, "projection.linear", control_flat(size),
                                           size->features),
        .norm = accord_nn_layer_norm_declare(set, "projection.norm", size->features)};
}

static control_mlp declare_mlp(accord_nn_params *set, const char *name, size_t n_in,
                               size_t hidden, size_t n_out) {
    const size_t widths[] = {n_in, hidden, hidden, n_out};
    control_mlp mlp;
    char text[32];

    for (int i = 0; i < 3; i++) {
        snprintf(text, sizeof(text), "%s.%d", name, i);
        mlp.layer[i] = accord_nn_linear_declare(set, text, widths[i], widths[i + 1]);
    }
    return mlp;
}

/* Convolutions delta-orthogonal with the gain of ReLU, matrices orthogonal, biases 0. */
static accord_code seal(accord_nn_params *set, uint64_t rng, accord_nn_err *err) {
    accord_code rc = accord_nn_params_seal(set, err);

    for (size_t i = 0; !rc && i < accord_nn_params_count(set); i++) {
        accord_nn_param *p = accord_nn_params_at(set, i);
        if (p->rank == 4)
            rc = accord_nn_init_delta_orthogonal(p, sqrt(2.0), &rng);
        else if (p->rank == 2)
            rc = accord_nn_init_orthogonal(p, 1.0, &rng);
        if (rc)
            accord_nn_fail(err, rc, "no first values of %s", p->name);
    }
    return rc;
}

accord_code control_critic_create(control_critic *net, const control_size *size,
                                  uint32_t n_actions, uint64_t rng, accord_nn_err *err) {
    accord_nn_params *set = net->set = accord_nn_params_create();
    const size_t n_in = (size_t)size->features + n_actions;

    declare_trunk(set, net->trunk, size);
    net->projection = declare_projection(set, size);
    net->q[0] = declare_mlp(set, "q.0", n_in, size->hidden, 1);
    net->q[1] = declare_mlp(set, "q.1", n_in, size->hidden, 1);
    return seal(set, rng, err);
}

accord_code control_actor_create(control_actor *net, const control_size *size,
                                 uint32_t n_actions, uint64_t rng, accord_nn_err *err) {
    accord_nn_params *set = net->set = accord_nn_params_create();

    net->projection = declare_projection(set, size);
    net->mlp =
        declare_mlp(set, "policy", size->features, size->hidden, (size_t)2 * n_actions);
    return seal(set, rng, err);
}

/* ---- computing ---- */

control_tensor *control_pixels(control_sac *s, uint32_t n, const uint8_t *stacks) {
    const size_t side = s->size.pixels;

    return accord_nn_input_u8(s->tape, stacks, 1.0f / 255.0f,
                              ACCORD_NN_SHAPE(n, CONTROL_CHANNELS, side, side));
}

control_tensor *control_trunk(control_sac *s, const control_critic *net,
                              control_tensor *pixels) {
    control_tensor *x = accord_nn_conv2d_stack(s->tape, pixels, net->trunk,
                                               s->size.layers, ACCORD_NN_IDENTITY);

    return accord_nn_reshape(s->tape, x,
                             ACCORD_NN_SHAPE(pixels->shape[0], control_flat(&s->size)));
}

control_tensor *control_project(control_sac *s, const control_projection *p,
                                control_tensor *flat) {
    control_tensor *x = accord_nn_linear(s->tape, flat, &p->linear);

    return accord_nn_tanh(s->tape, accord_nn_layer_norm(s->tape, x, &p->norm));
}

static control_tensor *forward(control_sac *s, const control_mlp *mlp,
                               control_tensor *x) {
    x = accord_nn_dense(s->tape, x, &mlp->layer[0], ACCORD_NN_RELU);
    x = accord_nn_dense(s->tape, x, &mlp->layer[1], ACCORD_NN_RELU);
    return accord_nn_linear(s->tape, x, &mlp->layer[2]);
}

void control_q(control_sac *s, const control_critic *net, control_tensor *features,
               control_tensor *action, control_tensor *q[2]) {
    control_tensor *both[] = {features, action};
    control_tensor *x = accord_nn_concat(s->tape, both, 2, 1);

    q[0] = forward(s, &net->q[0], x);
    q[1] = forward(s, &net->q[1], x);
}

/* The raw log_std goes through tanh into its interval, which has a gradient everywhere.
 */
control_policy control_policy_of(control_sac *s, control_tensor *flat) {
    const size_t n = s->c.n_actions;
    const float half = (float)((s->c.log_std_max - s->c.log_std_min) / 2.0);
    const float middle = (float)((s->c.log_std_max + s->c.log_std_min) / 2.0);
    control_tensor *x = control_project(s, &s->actor.projection, flat);

    x = forward(s, &s->actor.mlp, x);
    control_tensor *raw = accord_nn_slice(s->tape, x, 1, n, 2 * n);
    return (control_policy){
        .mean = accord_nn_slice(s->tape, x, 1, 0, n),
        .log_std = accord_nn_affine(s->tape, accord_nn_tanh(s->tape, raw), half, middle)};
}
