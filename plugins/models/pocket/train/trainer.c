/* trainer.c - see trainer.h. */
#include "trainer.h"

#include <math.h>
#include <stdlib.h>
#include <time.h>

#include <accord/rng.h>

enum {
    PIECES = 2, /* batches of a step: short lessons and long ones move it together */
    TAPE_BYTES = 1 << 30,
};

struct pocket_trainer {
    pocket_trainer_config config;
    pocket_net net;
    accord_nn_group all;
    accord_nn_adam *adam;
    accord_nn_tape *tape;
    pocket_feed *feed;
    pocket_progress progress;
    double cpu_before; /* of this process, when progress.cpu_seconds was right */
};

static double cpu_seconds(void) {
    struct timespec now;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static accord_code create_adam(pocket_trainer *t, accord_nn_err *err) {
    const accord_nn_adam_config config = {
        .beta1 = 0.9, .beta2 = 0.98, .eps = 1e-8, .weight_decay = 0.05};

    accord_nn_adam_destroy(t->adam);
    t->adam = NULL;
    return accord_nn_adam_create(t->all, &config, &t->adam, err);
}

accord_code pocket_trainer_create(const pocket_trainer_config *config,
                                  pocket_trainer **out, accord_nn_err *err) {
    pocket_trainer *t = calloc(1, sizeof(*t));

    *out = NULL;
    if (!t)
        return ACCORD_E_NOMEM;
    t->config = *config;
    t->cpu_before = cpu_seconds();
    t->tape = accord_nn_tape_create(TAPE_BYTES);
    t->feed = pocket_feed_create(&(pocket_feed_config){
        .seed = accord_rng_fold_text(config->seed, config->phase->name),
        .mix = &config->phase->mix,
        .samples = config->samples,
        .lessons = POCKET_WINDOW,
        .tokens = config->phase->tokens / PIECES,
        .context = config->shape.context});
    accord_code rc = t->tape && t->feed ? ACCORD_OK : ACCORD_E_NOMEM;
    if (!rc)
        rc = pocket_net_create(&config->shape, config->seed, &t->net, err);
    if (!rc) {
        t->all = accord_nn_group_all(t->net.set);
        rc = create_adam(t, err);
    }
    if (rc) {
        pocket_trainer_destroy(t);
        return rc;
    }
    *out = t;
    return ACCORD_OK;
}

void pocket_trainer_destroy(pocket_trainer *t) {
    if (!t)
        return;
    accord_nn_adam_destroy(t->adam);
    pocket_net_destroy(&t->net);
    accord_nn_tape_destroy(t->tape);
    pocket_feed_destroy(t->feed);
    free(t);
}

/* The gradients of one batch are added, a PIECES-th each. */
static accord_code study(pocket_trainer *t, int piece, double *loss) {
    pocket_batch batch;

    accord_code rc = pocket_feed_next(t->feed, &batch);
    if (rc)
        return rc;
    accord_nn_tape_reset(t->tape);
    const accord_nn_tensor *mean = pocket_net_loss(t->tape, &t->net, &batch);
    mean = accord_nn_affine(t->tape, mean, 1.0f / PIECES, 0);
    rc = piece == 0 ? accord_nn_backward(t->tape, mean, &t->all, 1)
                    : accord_nn_backward_add(t->tape, mean, &t->all, 1);
    *loss += (double)mean->data[0];
    t->progress.tokens += batch.n_tokens;
    return rc;
}

accord_code pocket_trainer_step(pocket_trainer *t, double *loss, accord_nn_err *err) {
    const pocket_phase *phase = t->config.phase;
    const accord_nn_schedule schedule = {.shape = ACCORD_NN_RATE_COSINE,
                                         .peak = phase->peak,
                                         .floor = phase->peak / 10,
                                         .warmup = phase->warmup,
                                         .total = phase->steps};
    accord_code rc = ACCORD_OK;

    *loss = 0;
    for (int i = 0; i < PIECES && !rc; i++)
        rc = study(t, i, loss);
    if (rc) {
        accord_nn_tape_check(t->tape, err);
        return rc;
    }
    /* A step whose gradient is not finite would spoil everything. */
    if (isfinite(accord_nn_clip_grad(&t->all, 1, 1.0)))
        accord_nn_adam_step(t->adam, accord_nn_rate(&schedule, t->progress.step));
    t->progress.step++;
    t->progress.place = pocket_feed_place(t->feed);
    double now = cpu_seconds();
    t->progress.cpu_seconds += now - t->cpu_before;
    t->cpu_before = now;
    return ACCORD_OK;
}

/* ---- checkpoints ------------------------------------------------------------------- */

enum { N_PARTS = 3 };

static void list_parts(pocket_trainer *t, accord_nn_part part[N_PARTS]) {
    part[0] = (accord_nn_part){.name = "net", .params = t->net.set};
    part[1] = (accord_nn_part){.name = "adam", .adam = t->adam};
    part[2] = (accord_nn_part){
        .name = "progress", .bytes = &t->progress, .n_bytes = sizeof(t->progress)};
}

accord_code pocket_trainer_save(pocket_trainer *t, const char *path, accord_nn_err *err) {
    accord_nn_part part[N_PARTS];

    list_parts(t, part);
    return accord_nn_save(path, part, N_PARTS, err);
}

accord_code pocket_trainer_load(pocket_trainer *t, const char *path, accord_nn_err *err) {
    accord_nn_part part[N_PARTS];

    list_parts(t, part);
    accord_code rc = accord_nn_load(path, part, N_PARTS, err);
    if (!rc)
        pocket_feed_go(t->feed, t->progress.place);
    return rc;
}

accord_code pocket_trainer_begin_with(pocket_trainer *t, const char *path,
                                      accord_nn_err *err) {
    accord_nn_part part[N_PARTS];

    list_parts(t, part);
    accord_code rc = accord_nn_load(path, part, N_PARTS, err);
    t->progress = (pocket_progress){0};
    return rc ? rc : create_adam(t, err);
}

const pocket_progress *pocket_trainer_progress(const pocket_trainer *t) {
    return &t->progress;
}

const pocket_net *pocket_trainer_net(const pocket_trainer *t) {
    return &t->net;
}
