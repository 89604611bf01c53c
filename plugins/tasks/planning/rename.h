/* rename.h - the "mystery" forms: the same problem with names that say nothing. */
#ifndef ACCORD_PLANNING_RENAME_H
#define ACCORD_PLANNING_RENAME_H

#include "buffer.h"
#include "pddl.h"

/* [any] Writes `text`, a domain or a problem that belongs to `t`, with other names for
 * actions, predicates, types, objects and parameters.  The same names every time:
 * with `seed` 0 those of a fixed list (for Blocksworld the ones of PlanBench's mystery
 * form, Valmeekam et al., 2023), else invented words. */
void planning_rename(const struct strips_task *t, const char *text, uint64_t seed,
                     struct planning_buffer *out);

#endif
