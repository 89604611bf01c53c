/* look_source.h - the inside of a look_source, for look.c alone. */
#ifndef ACCORD_VISUAL_LOOK_SOURCE_H
#define ACCORD_VISUAL_LOOK_SOURCE_H

#include "distract.h"
#include "films.h"
#include "look.h"
#include "palette.h"

enum look_kind { LOOK_TRAIN, LOOK_COLOUR, LOOK_VIDEO, LOOK_DISTRACTING };

struct look_source {
    const accord_host *host;
    enum look_kind kind;
    bool floor; /* video: the film covers the floor, too */
    bool key;
    int width, height, action_repeat, camera;
    size_t n_materials;
    float (*rgba)[4]; /* [n_materials]: the model's own */
    int self;         /* number of the agent's material, -1: none */
    palette palette;
    films *films;
    distract_rules rules;
    const char *files[2]; /* what was read, and NULL */
    char provenance[512];
};

#endif
