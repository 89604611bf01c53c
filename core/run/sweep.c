/* sweep.c - see sweep.h. */
#include "run/sweep.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/mem.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
enum { STACK_BYTES = 4 << 20 }; /* the sanitizers' frames are larger */
#else
enum { STACK_BYTES = 256 << 10 };
#endif

typedef struct runner {
    accord_sweep *sweep;
    uint64_t next; /* under the token */
    pthread_mutex_t lock;
    pthread_cond_t ended;
    uint32_t running;
} runner;

typedef struct slot {
    runner *runner;
    uint32_t index;
    pthread_t thread;
} slot;

static const char *given_up(const accord_sweep *w, const accord_place *place) {
    for (uint32_t i = 0; i < w->n_given_up; i++)
        if (accord_place_equal(&w->given_up[i].place, place))
            return w->given_up[i].outcome;
    return NULL;
}

static accord_code play_one(accord_sweep *w, const accord_place *place,
                            uint32_t slot_index, accord_err *err) {
    const char *outcome = given_up(w, place);
    accord_episode own;
    accord_episode *e = w->keep ? &w->keep[place->index - w->first.index] : &own;

    if (outcome)
        return accord_episode_give_up(w->stage, place, outcome, err);
    accord_code rc = accord_episode_play(e, w->stage, place, slot_index, err);
    if (!w->keep || rc)
        accord_episode_close(e);
    if (w->keep && rc)
        memset(e, 0, sizeof(*e));
    return rc;
}

/* Plays until the row is done.  The token is held but where plugin code waits. */
static void *slot_main(void *arg) {
    slot *me = arg;
    runner *r = me->runner;
    accord_sweep *w = r->sweep;

    accord_token_slot(me->index);
    accord_token_take(w->stage);
    while (r->next < w->n && !atomic_load(&w->stage->stopping)) {
        accord_err err = {0};
        accord_place place = w->first;
        place.index += r->next++;
        accord_code rc = play_one(w, &place, me->index, &err);
        if (rc && rc != ACCORD_E_STOPPED)
            accord_stage_fail(w->stage, &err);
    }
    accord_token_release(w->stage);
    pthread_mutex_lock(&r->lock);
    r->running--;
    pthread_cond_signal(&r->ended);
    pthread_mutex_unlock(&r->lock);
    return NULL;
}

/* Waits for the slots; flushes the journal meanwhile. */
static accord_code wait_for(runner *r, accord_err *err) {
    accord_code rc = ACCORD_OK;

    pthread_mutex_lock(&r->lock);
    while (r->running > 0) {
        struct timespec until;
        clock_gettime(CLOCK_MONOTONIC, &until);
        until.tv_sec++;
        if (pthread_cond_timedwait(&r->ended, &r->lock, &until) != ETIMEDOUT)
            continue;
        pthread_mutex_unlock(&r->lock);
        if (!rc && (rc = accord_journal_flush(r->sweep->stage->journal, err)))
            accord_stage_stop(r->sweep->stage);
        pthread_mutex_lock(&r->lock);
    }
    pthread_mutex_unlock(&r->lock);
    return rc;
}

static uint32_t start_slots(runner *r, slot *slots, uint32_t n) {
    pthread_attr_t attr;
    uint32_t started = 0;

    pthread_attr_init(&attr);
    pthread_attr_setstacksize(&attr, STACK_BYTES);
    pthread_mutex_lock(&r->lock);
    for (; started < n; started++) {
        slots[started] = (slot){.runner = r, .index = started};
        if (pthread_create(&slots[started].thread, &attr, slot_main, &slots[started]))
            break;
        r->running++;
    }
    pthread_mutex_unlock(&r->lock);
    pthread_attr_destroy(&attr);
    return started;
}

accord_code accord_sweep_run(accord_sweep *w, accord_err *err) {
    runner r = {.sweep = w, .lock = PTHREAD_MUTEX_INITIALIZER};
    uint64_t width = w->width < w->n ? w->width : w->n;
    pthread_condattr_t attr;

    if (width == 0)
        return ACCORD_OK;
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&r.ended, &attr);
    pthread_condattr_destroy(&attr);
    slot *slots = accord_xalloc(width * sizeof(*slots));
    uint32_t started = start_slots(&r, slots, (uint32_t)width);
    accord_code rc = started > 0
                         ? wait_for(&r, err)
                         : accord_fail(err, ACCORD_E_NOMEM, "cannot start a thread: %s",
                                       strerror(errno));
    for (uint32_t i = 0; i < started; i++)
        pthread_join(slots[i].thread, NULL);
    free(slots);
    pthread_cond_destroy(&r.ended);
    if (!rc && w->stage->failed.code)
        rc = accord_fail(err, w->stage->failed.code, "%s", w->stage->failed.msg);
    if (!rc && atomic_load(&w->stage->stopping))
        rc = accord_fail(err, ACCORD_E_STOPPED, "the run was stopped");
    return rc;
}
