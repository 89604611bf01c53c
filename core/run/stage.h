/* stage.h - where a cell is played: its plugins, its journal, its calls, and the one run
 * token under which plugin code runs. */
#ifndef ACCORD_STAGE_H
#define ACCORD_STAGE_H

#include <pthread.h>
#include <stdatomic.h>

#include "host/instance.h"
#include "llm/llm.h"
#include "run/journal.h"
#include "run/live.h"
#include "run/manifest.h"

/* What the ABI calls a model: the instance and how calls reach it. */
struct accord_model {
    accord_llm_model llm;
    accord_instance *instance; /* NULL where the cell does not use the model */
    const char *name;
};

/* The order in which a split's items are played: one fixed shuffle. */
typedef struct accord_order {
    uint64_t n;      /* ACCORD_ENDLESS: items count up */
    uint32_t *items; /* [n], or NULL */
} accord_order;

typedef struct accord_stage {
    const accord_manifest *manifest;
    const accord_suite *suite;
    const accord_cell *cell;
    const char *task_name;
    accord_instance *task;
    accord_instance *method;
    accord_model *models; /* [suite->n_models] */
    accord_role *roles;   /* of the method */
    uint32_t n_roles;
    const accord_spec **specs; /* [cell->n_modes] */
    accord_order orders[2];    /* by split */
    accord_journal *journal;
    accord_llm *llm;
    accord_live *live;
    pthread_mutex_t token;
    _Atomic int stopping; /* the run ends: episodes stay open */
    accord_err failed;    /* under the token: why the cell cannot go on */
    uint32_t width;       /* slots: episodes in flight */
    uint32_t train_width;
    const accord_probe_plan *probes;
    char kept[4096]; /* accord_setup.folder, or "" */
} accord_stage;

/* [main] Makes all that a cell needs; `fd` is the socket to the parent (or -1), `live`
 * the shared page.  *out is the caller's. */
accord_code accord_stage_create(const accord_manifest *manifest, uint32_t cell, int fd,
                                accord_live *live, accord_stage **out,
                                accord_err *err) ACCORD_MUST_CHECK;
/* [main] NULL is allowed. */
void accord_stage_destroy(accord_stage *s);
/* [main] Removes what the learner of a finished cell kept; its stage is gone by then. */
accord_code accord_stage_forget(const char *cell_dir, accord_err *err) ACCORD_MUST_CHECK;

/* [any] The token, taken by the thread that plays in `slot`; plugin code runs while it is
 * held. */
void accord_token_take(accord_stage *s);
void accord_token_release(accord_stage *s);
/* [worker] The holder lives: puts the parent's deadline off. */
void accord_token_touch(accord_stage *s, int64_t now_ns);
/* [worker] Tells which slot this thread plays in. */
void accord_token_slot(uint32_t slot);

/* [any] Lets every episode end where it stands. */
void accord_stage_stop(accord_stage *s);

/* [worker] Records why the cell cannot go on (the first reason counts), and stops it. */
void accord_stage_fail(accord_stage *s, const accord_err *why);

/* [any] The order of a split with n items; accord_order_fini(). */
accord_code accord_order_make(accord_order *order, uint64_t n, int32_t split,
                              accord_err *err) ACCORD_MUST_CHECK;
/* [any] */
void accord_order_fini(accord_order *order);

/* [any] The item at `index` in the order of play, and how often it was played before.
 */
uint64_t accord_order_item(const accord_order *order, uint64_t index, uint64_t *visit);

#endif
