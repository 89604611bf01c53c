/* actions.h - the actions of an episode, as one line of text.jsonl keeps them: so that it
 * can be played again, with pictures. */
#ifndef ACCORD_ACTIONS_H
#define ACCORD_ACTIONS_H

#include <jansson.h>

#include "base/buf.h"

enum { ACCORD_ACTIONS_MAX = 8 << 20 }; /* bytes; a longer episode is not recorded */

/* Recorded: steps x width numbers of four bytes, little endian: float32 of VECTOR, int32
 * of DISCRETE actions.  All zero records nothing. */
typedef struct accord_actions {
    accord_space space;
    uint64_t steps;
    accord_buf bytes;
} accord_actions;

/* [any] Begins to record actions of `space`; text is not recorded. */
void accord_actions_begin(accord_actions *a, const accord_space *space);
/* [any] One step's; accord_actions_check() tells whether it went well. */
void accord_actions_add(accord_actions *a, const accord_action *action);
/* [any] *whole is true when all steps, and at least one, are there.  ACCORD_E_NOMEM. */
accord_code accord_actions_check(const accord_actions *a, bool *whole,
                                 accord_err *err) ACCORD_MUST_CHECK;
/* [any] Adds the members "type", "steps", "width" and "data" to a line. */
void accord_actions_write(const accord_actions *a, accord_buf *line);
/* [any] */
void accord_actions_fini(accord_actions *a);

/* [any] Reads a line of kind "actions" whose actions should be of `space`;
 * accord_actions_fini().  ACCORD_E_CONFIG when they are of another. */
accord_code accord_actions_read(const json_t *line, const accord_space *space,
                                accord_actions *out, accord_err *err) ACCORD_MUST_CHECK;
/* [any] The action of a step; `vector` [width] holds it where it is one. */
void accord_actions_get(const accord_actions *a, uint64_t step, float *vector,
                        accord_action *out);

#endif
