/* frames.c - the parent's side of frames.h. */
#include "run/frames.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/mem.h"
#include "pictures/picture.h"
#include "run/ask.h"

enum { TIMEOUT_MS = 60000 }; /* of one step */

/* The child gets the suite as it was run, so that it need not read the run. */
static json_t *pack(const accord_frames_order *o) {
    const accord_suite *suite = o->manifest->suite;
    const accord_cell *cell = &o->manifest->cells[o->cell];

    return json_pack("{s:s, s:O, s:i, s:s, s:s, s:I, s:I, s:s, s:O, s:s, s:i, s:i, s:i}",
                     "file", suite->file, "suite", suite->json, "task", (int)cell->task,
                     "first_mode", cell->modes[0], "mode", o->mode, "seed",
                     (json_int_t)cell->seed, "index", (json_int_t)o->index, "item",
                     o->item, "actions", o->actions, "dir", o->dir, "side", (int)o->side,
                     "scale", (int)o->scale, "delay_cs", (int)o->delay_cs);
}

void accord_frames_name(char name[32], uint64_t frame) {
    snprintf(name, 32, "frame-%04llu.png", (unsigned long long)frame);
}

/* Removes DIR/NAME, whole or in the making; false when there was neither. */
static bool discard_one(const char *dir, const char *name) {
    char *path = accord_xasprintf("%s/%s", dir, name);
    char *tmp = accord_xasprintf("%s.tmp", path);
    bool gone = unlink(path) == 0;

    gone = unlink(tmp) == 0 || gone;
    free(path);
    free(tmp);
    return gone;
}

/* A child that failed or crashed left what it had drawn. */
static void discard(const char *dir) {
    char name[32];

    discard_one(dir, ACCORD_FRAMES_GIF);
    for (uint64_t frame = 0;; frame++) {
        accord_frames_name(name, frame);
        if (!discard_one(dir, name))
            return;
    }
}

static uint64_t number(const json_t *answer, const char *key) {
    return (uint64_t)json_integer_value(json_object_get(answer, key));
}

accord_code accord_frames_write(const accord_frames_order *order, accord_frames *out,
                                accord_err *err) {
    json_t *answer;

    *out = (accord_frames){0};
    if (!accord_has_png() && !accord_has_gif())
        return accord_fail(err, ACCORD_E_UNSUPPORTED,
                           "this accord was built without libpng and giflib (Debian: "
                           "libpng-dev, libgif-dev) and writes no pictures");
    json_t *packed = pack(order);
    if (!packed)
        return accord_fail(err, ACCORD_E_NOMEM, "cannot hand an episode to a child");
    accord_code rc =
        accord_ask_child(ACCORD_FRAMES_COMMAND, packed, TIMEOUT_MS, &answer, err);
    json_decref(packed);
    if (rc) {
        discard(order->dir);
        return rc;
    }
    const json_t *score = json_object_get(answer, "score");
    *out = (accord_frames){.n = (uint32_t)number(answer, "frames"),
                           .height = (uint32_t)number(answer, "height"),
                           .width = (uint32_t)number(answer, "width"),
                           .scale = (uint32_t)number(answer, "scale"),
                           .steps = number(answer, "steps"),
                           .score = score ? json_number_value(score) : (double)NAN};
    json_decref(answer);
    return ACCORD_OK;
}
