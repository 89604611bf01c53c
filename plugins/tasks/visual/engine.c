/* engine.c - calls into MuJoCo from which control always comes back. */
#include "engine.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>

#include <mujoco/mujoco.h>

/* What this thread falls back to when MuJoCo gives up. */
struct guard {
    jmp_buf back;
    char *why;
    size_t size;
};

static _Thread_local struct guard *innermost;

/* Returning into the engine would be undefined, so a call that forgot the guard ends the
 * process; the host makes an outcome of that. */
static void give_up(const char *words) {
    if (!innermost) {
        fprintf(stderr, "MuJoCo: %s\n", words);
        abort();
    }
    snprintf(innermost->why, innermost->size, "%s", words);
    longjmp(innermost->back, 1);
}

/* Both pointers are the process's.  They are set on every call because another plugin
 * may have set its own, and atomically because threads may come here together. */
static void install(void) {
    __atomic_store_n(&mju_user_error, give_up, __ATOMIC_RELAXED);
    __atomic_store_n(&mju_user_warning, give_up, __ATOMIC_RELAXED);
}

int engine_try(void (*body)(void *), void *arg, char *why, size_t size) {
    struct guard *outer = innermost;
    struct guard here = {.why = why, .size = size};
    volatile int failed = 0;

    install();
    if (setjmp(here.back) == 0) {
        innermost = &here;
        body(arg);
    } else {
        failed = -1;
    }
    innermost = outer;
    return failed;
}
