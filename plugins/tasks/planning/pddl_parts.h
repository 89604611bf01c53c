/* pddl_parts.h - what domain and problem are made of: typed lists, literals. */
#ifndef ACCORD_PLANNING_PDDL_PARTS_H
#define ACCORD_PLANNING_PDDL_PARTS_H

#include "pddl.h"

/* A task on its way in. */
struct strips_reading {
    struct strips_source *source;
    struct strips_task *task;
    int *slot;                          /* hash of the objects' names: place + 1, or 0 */
    const struct strips_action *action; /* whose parameters are known, or NULL */
};

enum { STRIPS_SLOTS = STRIPS_OBJECTS * 2 };

/* What a typed list gives: one name after the other. */
typedef accord_code (*strips_take_name)(struct strips_reading *r,
                                        const struct strips_sexp *name, uint64_t types,
                                        void *ctx);

/* [any] "a b - t c": calls `take` for each name with the bits of its types (of
 * "(either t u)" both); without a type: the bit of "object". */
accord_code strips_typed_list(struct strips_reading *r, const struct strips_sexp *x,
                              strips_take_name take, void *ctx);

/* [any] The bit of a type and of all types above it. */
uint64_t strips_type_above(const struct strips_task *t, int type);

/* [any] "(and (p ?x) (not (q)))" or one literal; `what` names it in messages. */
accord_code strips_read_literals(struct strips_reading *r, const struct strips_sexp *x,
                                 const char *what, struct strips_literals *out);
/* [any] One literal, perhaps negated. */
accord_code strips_read_literal(struct strips_reading *r, const struct strips_sexp *x,
                                struct strips_literal *out);

/* [any] The place of an object, or -1. */
int strips_lookup(const struct strips_reading *r, const char *name);
/* [any] Adds one. */
void strips_remember(struct strips_reading *r, const char *name, int place);

/* [any] Says that memory is out. */
accord_code strips_no_memory(struct strips_reading *r, int line);

#endif
