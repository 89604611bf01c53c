/* engine.h - calls into MuJoCo from which control always comes back.
 *
 * MuJoCo reports what it cannot go on with through mju_error(), which by itself waits for
 * a key and ends the process, and oddities of a simulation (not-a-number, full contact
 * buffer) through mju_warning(), which writes a file into the current folder.  Behind
 * engine_try() both end the call with a sentence.  A warning counts as an error, as it
 * does in dm_control: what follows it is no longer the task's physics. */
#ifndef ACCORD_VISUAL_ENGINE_H
#define ACCORD_VISUAL_ENGINE_H

#include <stddef.h>

/* [any] Runs body(arg) and returns 0; or returns -1 with MuJoCo's own words in
 * why[size], when body was left half way: what it was changing (an mjData, an mjvScene)
 * may only be freed or reset.  Variables of body's caller are reached through arg.  Calls
 * may nest.  Every call into MuJoCo that can fail or warn goes through here. */
int engine_try(void (*body)(void *), void *arg, char *why, size_t size)
    __attribute__((warn_unused_result));

#endif
