/* update.c - one step of learning: gradients of all losses, then all steps. */
#include <math.h>

#include "learner_parts.h"

void econ_weights_project(double alpha[ECON_REWARDS], double floor) {
    double others = 1 - alpha[ECON_TS];

    if (alpha[ECON_TS] >= floor || !(others > 0))
        return;
    for (int k = 0; k < ECON_REWARDS; k++)
        alpha[k] *= (1 - floor) / others;
    alpha[ECON_TS] = floor;
}

/* Softmax of the logits, then the floor: a function of the logits alone, so that what is
 * saved is what was used. */
void econ_weights_read(econ_learner *l) {
    const float *x = l->logits->value;
    double top = fmax(fmax((double)x[0], (double)x[1]), (double)x[2]), sum = 0;

    for (int k = 0; k < ECON_REWARDS; k++)
        sum += l->alpha[k] = exp((double)x[k] - top);
    for (int k = 0; k < ECON_REWARDS; k++)
        l->alpha[k] /= sum;
    econ_weights_project(l->alpha, l->c.alpha_ts_min);
}

void econ_weights_write(econ_learner *l) {
    for (int k = 0; k < ECON_REWARDS; k++)
        l->logits->value[k] = (float)log(l->alpha[k]);
    econ_weights_read(l);
}

static void weights_step(econ_learner *l) {
    if (!(l->c.alpha_rate > 0))
        return;
    accord_nn_adam_step(l->adam[ECON_ALPHA], l->c.alpha_rate);
    econ_weights_read(l);
    econ_weights_write(l);
}

/* Through the softmax: d alpha_j / d logit_k = alpha_j (1[j = k] - alpha_k). */
static void weights_gradient(econ_learner *l, const double gradient[ECON_REWARDS]) {
    double mean = 0;

    for (int k = 0; k < ECON_REWARDS; k++)
        mean += l->alpha[k] * gradient[k];
    for (int k = 0; k < ECON_REWARDS; k++)
        l->logits->grad[k] = (float)(l->alpha[k] * (gradient[k] - mean));
}

/* Each loss by its group alone; what lies on the way to it is passed through. */
static accord_code differentiate(econ_learner *l, const econ_graph *g,
                                 accord_nn_err *err) {
    econ_tensor *loss[] = {g->executors, g->actor, g->td_total, g->mixer};

    for (int k = ECON_BELIEFS; k <= ECON_MIXER; k++) {
        accord_nn_group group = econ_group(l, k);
        accord_code rc = accord_nn_backward(l->tape, loss[k], &group, 1);
        if (rc && !accord_nn_tape_check(l->tape, err))
            return accord_nn_fail(err, rc, "the gradients could not be taken");
        if (rc)
            return rc;
    }
    return ACCORD_OK;
}

/* Clips; false, and no gradient has been scaled, if one of them is not finite. */
static bool clip(econ_learner *l) {
    double norm[ECON_GROUPS];
    bool finite = true;

    for (int k = 0; k < ECON_GROUPS; k++) {
        norm[k] = accord_nn_grad_norm(econ_group(l, k));
        finite = finite && isfinite(norm[k]);
    }
    for (int k = 0; finite && k < ECON_GROUPS; k++) {
        accord_nn_group group = econ_group(l, k);
        if (norm[k] > l->c.clip)
            accord_nn_clip_grad(&group, 1, l->c.clip);
    }
    return finite;
}

static void follow(accord_nn_params *target, accord_nn_params *now, double tau) {
    accord_nn_ema(accord_nn_group_all(target), accord_nn_group_all(now), tau);
}

/* The steps of the paper's regret bound (App. C) fall as 1 / sqrt(t). */
static double slower(const econ_learner *l) {
    double steps = (double)accord_nn_adam_steps(l->adam[ECON_BELIEFS]);

    return l->c.rate_decay > 0 ? 1 / sqrt(1 + steps / l->c.rate_decay) : 1;
}

static void step(econ_learner *l) {
    double part = slower(l);

    accord_nn_adam_step(l->adam[ECON_BELIEFS], part * l->c.rate);
    accord_nn_adam_step(l->adam[ECON_ACTORS], part * l->c.rate_actor);
    accord_nn_adam_step(l->adam[ECON_ENCODER], part * l->c.rate_coordinator);
    accord_nn_adam_step(l->adam[ECON_MIXER], part * l->c.rate_coordinator);
    weights_step(l);
    follow(l->target.beliefs.set, l->now.beliefs.set, l->c.tau);
    follow(l->target.encoder.set, l->now.encoder.set, l->c.tau);
    follow(l->target.mixer.set, l->now.mixer.set, l->c.tau);
}

static void report(const econ_learner *l, const econ_graph *g, double reward,
                   econ_losses *losses) {
    double part = 1.0 / l->c.updates, td = (double)g->td->data[0];
    double total = (double)g->td_total->data[0];
    double difference = (double)g->difference->data[0];

    losses->td += part * td;
    losses->td_total += part * total;
    losses->encoder += part * (total + l->c.lambda_e * td);
    losses->mixer += part * (total + difference + (double)g->align->data[0]);
    losses->difference += part * difference;
    losses->reward += part * reward;
}

accord_code econ_update(econ_learner *l, econ_losses *losses, accord_nn_err *err) {
    double gradient[ECON_REWARDS];
    size_t size = (size_t)l->c.grid_t * l->c.grid_p;
    uint64_t rng = l->rng;

    econ_batch_draw(&l->batch, &l->c, &l->replay, &rng);
    accord_nn_tape_reset(l->tape);
    econ_tensor *grid = accord_nn_input(l->tape, l->grid, ACCORD_NN_SHAPE(size, 2));
    accord_code rc = econ_targets_fill(&l->y, l->tape, &l->c, &l->target, &l->batch,
                                       l->alpha, grid, err);
    if (rc)
        return rc;
    econ_graph g =
        econ_graph_build(l->tape, &l->c, &l->now, &l->actors, &l->batch, &l->y);
    if ((rc = accord_nn_tape_check(l->tape, err)) || (rc = differentiate(l, &g, err)))
        return rc;
    double reward = econ_reward_loss(&l->c, &l->batch, &l->y, &g, gradient);
    weights_gradient(l, gradient);
    l->rng = rng;
    if (clip(l)) {
        step(l);
        report(l, &g, reward, losses);
    } else {
        losses->skipped = true;
    }
    return ACCORD_OK;
}
