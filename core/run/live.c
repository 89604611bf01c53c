/* live.c - see live.h. */
#include "run/live.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const char *const phases[] = {"train", "eval", "probe"};

const char *accord_phase_name(int32_t phase) {
    return phases[phase % 3];
}

void accord_place_format(const accord_place *p, char text[ACCORD_PLACE_TEXT]) {
    snprintf(text, ACCORD_PLACE_TEXT, "%s:%" PRIu32 ":%" PRIu64 ":%" PRIu64,
             accord_phase_name(p->phase), p->mode, p->step, p->index);
}

bool accord_place_parse(const char *text, accord_place *p) {
    char phase[8];
    int end = 0;

    *p = (accord_place){.phase = -1};
    if (sscanf(text, "%7[a-z]:%" SCNu32 ":%" SCNu64 ":%" SCNu64 "%n", phase, &p->mode,
               &p->step, &p->index, &end) != 4 ||
        text[end])
        return false;
    for (int32_t i = 0; i < 3; i++)
        if (strcmp(phase, phases[i]) == 0)
            p->phase = i;
    return p->phase >= 0;
}

bool accord_place_equal(const accord_place *a, const accord_place *b) {
    return a->phase == b->phase && a->mode == b->mode && a->step == b->step &&
           a->index == b->index;
}
