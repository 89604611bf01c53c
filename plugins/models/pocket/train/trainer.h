/* trainer.h - the loop that trains a pocket model: AdamW on batches of the corpus. */
#ifndef ACCORD_POCKET_TRAINER_H
#define ACCORD_POCKET_TRAINER_H

#include "net.h"
#include "recipe.h"

enum { POCKET_WINDOW = 1024 }; /* lessons that are drawn at once: see feed.h */

typedef struct pocket_trainer pocket_trainer;

/* What a trainer has done.  Plain bytes for a checkpoint. */
typedef struct pocket_progress {
    uint64_t step;
    uint64_t tokens; /* without padding */
    pocket_place place;
    double cpu_seconds; /* of the process */
} pocket_progress;

typedef struct pocket_trainer_config {
    struct pocket_shape shape;
    uint64_t seed;
    const pocket_phase *phase;
    const pocket_samples *samples; /* or NULL */
} pocket_trainer_config;

/* [any] What config points to must outlive the trainer.  ACCORD_E_NOMEM. */
accord_code pocket_trainer_create(const pocket_trainer_config *config,
                                  pocket_trainer **out, accord_nn_err *err);
/* [any] NULL is allowed. */
void pocket_trainer_destroy(pocket_trainer *t);

/* [any] One step; *loss is the mean over its wanted tokens, before the step. */
accord_code pocket_trainer_step(pocket_trainer *t, double *loss, accord_nn_err *err);

/* [any] Everything that the next step depends on. */
accord_code pocket_trainer_save(pocket_trainer *t, const char *path, accord_nn_err *err);
accord_code pocket_trainer_load(pocket_trainer *t, const char *path, accord_nn_err *err);
/* [any] Only the parameters of a checkpoint: another phase begins with them. */
accord_code pocket_trainer_begin_with(pocket_trainer *t, const char *path,
                                      accord_nn_err *err);

const pocket_progress *pocket_trainer_progress(const pocket_trainer *t);
const pocket_net *pocket_trainer_net(const pocket_trainer *t);

#endif
