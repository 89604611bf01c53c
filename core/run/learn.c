/* learn.c - see learn.h. */
#include "run/learn.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/log.h"
#include "base/mem.h"
#include "run/evaluate.h"

typedef struct lesson {
    accord_stage *stage;
    const accord_suite_train *plan;
    const accord_given_up *given_up;
    uint32_t n_given_up;
    accord_checkpoint at; /* where the training stands */
    uint64_t next_checkpoint;
    uint64_t skipped;
    char dir[4096]; /* the cell's */
} lesson;

static uint64_t checkpoint_every(const accord_suite_train *t) {
    uint64_t every = t->checkpoint_every ? t->checkpoint_every
                     : t->eval_every     ? t->eval_every
                                         : t->budget / 10;

    return every ? every : 1;
}

static bool finished(const lesson *l) {
    const accord_instance *m = l->stage->method;

    return l->at.step >= l->plan->budget ||
           (ACCORD_HAS(m->learner, finished) && m->learner->finished(m->self));
}

/* ---- checkpoints ------------------------------------------------------------------ */

/* Everything in the folder reaches the disk before the mark that names it. */
static accord_code flush_folder(const char *dir, accord_err *err) {
    accord_code rc = ACCORD_OK;
    struct dirent *entry;

    DIR *d = opendir(dir);
    if (!d)
        return accord_fail(err, ACCORD_E_IO, "cannot open %s: %s", dir, strerror(errno));
    while (!rc && (entry = readdir(d))) {
        int fd = openat(dirfd(d), entry->d_name, O_RDONLY | O_CLOEXEC);
        if (fd >= 0 && fsync(fd))
            rc = accord_fail(err, ACCORD_E_IO, "cannot flush %s/%s: %s", dir,
                             entry->d_name, strerror(errno));
        if (fd >= 0)
            close(fd);
    }
    closedir(d);
    return rc;
}

static accord_code save_into(lesson *l, const char *tmp, const char *final,
                             accord_err *err) {
    accord_instance *m = l->stage->method;

    accord_code rc = accord_remove_tree(tmp, err);
    if (!rc)
        rc = accord_mkdirs(tmp, err);
    if (!rc && (rc = m->learner->save(m->self, tmp, err)))
        accord_err_context(err, "method %s cannot save", m->name);
    if (!rc)
        rc = flush_folder(tmp, err);
    if (!rc)
        rc = accord_remove_tree(final, err);
    if (!rc && rename(tmp, final))
        rc = accord_fail(err, ACCORD_E_IO, "cannot write %s: %s", final, strerror(errno));
    return rc;
}

static accord_code save(lesson *l, accord_err *err) {
    accord_checkpoint before = *accord_journal_checkpoint(l->stage->journal);
    char tmp[PATH_MAX], final[PATH_MAX], old[PATH_MAX];

    snprintf(l->at.dir, sizeof(l->at.dir), "state/%llu", (unsigned long long)l->at.step);
    snprintf(final, sizeof(final), "%.4000s/%s", l->dir, l->at.dir);
    snprintf(tmp, sizeof(tmp), "%.4000s/state/saving", l->dir);
    snprintf(old, sizeof(old), "%.4000s/%s", l->dir, before.dir);
    accord_token_take(l->stage);
    accord_code rc = save_into(l, tmp, final, err);
    accord_token_release(l->stage);
    if (!rc)
        rc = accord_journal_mark(l->stage->journal, &l->at, err);
    if (!rc && before.exists && strcmp(before.dir, l->at.dir) != 0)
        rc = accord_remove_tree(old, err);
    return rc;
}

static accord_code load(lesson *l, accord_err *err) {
    accord_instance *m = l->stage->method;
    char path[PATH_MAX];

    l->at = *accord_journal_checkpoint(l->stage->journal);
    l->at.next_eval = l->at.exists ? l->at.next_eval : l->plan->eval_every;
    l->next_checkpoint = l->at.step + checkpoint_every(l->plan);
    atomic_store(&l->stage->live->trained, l->at.step);
    if (!l->at.exists)
        return ACCORD_OK;
    snprintf(path, sizeof(path), "%.4000s/%s", l->dir, l->at.dir);
    accord_token_take(l->stage);
    accord_code rc = m->learner->load(m->self, path, err);
    accord_token_release(l->stage);
    if (rc)
        accord_err_context(err, "method %s cannot load %s", m->name, path);
    return rc;
}

/* ---- probes ----------------------------------------------------------------------- */

static bool probe_due(const lesson *l) {
    const accord_probe_plan *p = l->stage->probes;

    if (!p || l->at.next_probe >= p->n_marks || p->items == 0 || p->variants == 0)
        return false;
    uint64_t mark = p->marks[l->at.next_probe];
    return mark <= l->at.step || (mark == UINT64_MAX && finished(l));
}

static accord_code probe(lesson *l, accord_err *err) {
    const accord_probe_plan *p = l->stage->probes;
    accord_code rc = ACCORD_OK;

    while (!rc && probe_due(l)) {
        accord_sweep sweep = {.stage = l->stage,
                              .first = {.phase = ACCORD_PHASE_PROBE, .step = l->at.step},
                              .n = (uint64_t)p->items * p->variants,
                              .width = l->stage->width,
                              .given_up = l->given_up,
                              .n_given_up = l->n_given_up};

        rc = accord_sweep_run(&sweep, err);
        l->at.next_probe++;
    }
    return rc;
}

/* ---- rounds ----------------------------------------------------------------------- */

/* Feedback in episode order, while nobody acts. */
static accord_code feedback(lesson *l, accord_episode *episodes, uint32_t n,
                            accord_err *err) {
    accord_code rc = ACCORD_OK;

    accord_token_take(l->stage);
    for (uint32_t i = 0; i < n; i++) {
        if (!episodes[i].stage) { /* it was given up */
            l->skipped++;
            l->at.step += !l->plan->in_steps;
            continue;
        }
        l->at.step += l->plan->in_steps ? episodes[i].steps : 1;
        if (!rc)
            rc = accord_episode_feedback(&episodes[i], err);
        accord_episode_close(&episodes[i]);
    }
    l->at.episodes += n;
    accord_token_release(l->stage);
    atomic_store(&l->stage->live->trained, l->at.step);
    return rc;
}

static uint32_t round_size(const lesson *l) {
    uint64_t left = l->plan->budget - l->at.step;
    uint32_t width = l->stage->train_width;

    return !l->plan->in_steps && left < width ? (uint32_t)left : width;
}

static accord_code play_round(lesson *l, accord_err *err) {
    uint32_t n = round_size(l);
    accord_episode *episodes = accord_xalloc(n * sizeof(*episodes));
    accord_sweep sweep = {.stage = l->stage,
                          .first = {.phase = ACCORD_PHASE_TRAIN,
                                    .step = l->at.step,
                                    .index = l->at.episodes},
                          .n = n,
                          .width = l->stage->train_width,
                          .given_up = l->given_up,
                          .n_given_up = l->n_given_up,
                          .keep = episodes};

    accord_code rc = accord_sweep_run(&sweep, err);
    if (!rc)
        rc = feedback(l, episodes, n, err);
    else
        for (uint32_t i = 0; i < n; i++)
            if (episodes[i].stage)
                accord_episode_close(&episodes[i]);
    free(episodes);
    return rc;
}

/* Checkpoint first: what follows at the same boundary is then done again on resume. */
static accord_code boundary(lesson *l, accord_err *err) {
    const accord_checkpoint *last = accord_journal_checkpoint(l->stage->journal);
    accord_code rc = ACCORD_OK;

    bool fresh = last->exists && last->step == l->at.step;
    if (!fresh && (l->at.step >= l->next_checkpoint || finished(l))) {
        rc = save(l, err);
        l->next_checkpoint = l->at.step + checkpoint_every(l->plan);
    }
    if (!rc)
        rc = probe(l, err);
    if (rc || finished(l) || l->plan->eval_every == 0 || l->at.step < l->at.next_eval)
        return rc;
    while (l->at.next_eval <= l->at.step)
        l->at.next_eval += l->plan->eval_every;
    return accord_evaluate(l->stage, l->at.step, l->given_up, l->n_given_up, err);
}

accord_code accord_learn(accord_stage *s, const accord_given_up *given_up,
                         uint32_t n_given_up, uint64_t *step, accord_err *err) {
    lesson l = {.stage = s,
                .plan = &s->suite->methods[s->cell->method].train,
                .given_up = given_up,
                .n_given_up = n_given_up};

    atomic_store(&s->live->train_budget, l.plan->budget);
    accord_code rc = accord_cell_dir(
        s->manifest, (uint32_t)(s->cell - s->manifest->cells), l.dir, sizeof(l.dir), err);
    if (!rc)
        rc = load(&l, err);
    if (!rc)
        rc = boundary(&l, err);
    while (!rc && !finished(&l)) {
        rc = play_round(&l, err);
        if (!rc)
            rc = boundary(&l, err);
    }
    if (l.skipped)
        accord_log(ACCORD_WARN, "run", "%llu training episodes were skipped",
                   (unsigned long long)l.skipped);
    *step = l.at.step;
    return rc;
}
