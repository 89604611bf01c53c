/* write.h - PDDL written by the plugin: problems in a state, and texts with other names.
 */
#ifndef ACCORD_PLANNING_WRITE_H
#define ACCORD_PLANNING_WRITE_H

#include "buffer.h"
#include "state.h"

/* [any] The problem with the present state as its initial one. */
void planning_write_problem(const struct strips_state *s, struct planning_buffer *out);

/* [any] The literals in PDDL: "(and (on a b) (clear a))". */
void planning_write_literals(const struct strips_task *t, const struct strips_literals *l,
                             struct planning_buffer *out);

#endif
