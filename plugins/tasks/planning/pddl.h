/* pddl.h - a planning problem in PDDL (McDermott et al., 1998; Fox and Long, 2003): the
 * part with :strips :typing :negative-preconditions :equality, and constants. */
#ifndef ACCORD_PLANNING_PDDL_H
#define ACCORD_PLANNING_PDDL_H

#include <stdint.h>

#include "sexp.h"

enum {
    STRIPS_ARGS = 8, /* most arguments of a predicate or an action */
    STRIPS_TYPES = 64,
    STRIPS_OBJECTS = 1024,
    STRIPS_SYMBOLS = 256,   /* predicates; actions */
    STRIPS_FACTS = 1 << 17, /* literals of an initial state, a condition, an effect */
    STRIPS_EQUAL = -1,      /* the predicate "=" */
};

struct strips_type {
    const char *name;
    int parent; /* -1: the root "object" */
};

struct strips_object {
    const char *name;
    uint64_t types; /* a bit for its type and each above */
    uint64_t own;   /* as it was declared */
};

/* Names with the types that each accepts: a bit per type. */
struct strips_predicate {
    const char *name;
    int n_args;
    uint64_t accepts[STRIPS_ARGS];
};

/* An argument >= 0 is an object; ~i is parameter number i. */
struct strips_literal {
    int predicate; /* or STRIPS_EQUAL */
    int is_negated;
    int n_args;
    int arg[STRIPS_ARGS];
};

struct strips_literals {
    struct strips_literal *item;
    int n;
};

struct strips_action {
    const char *name;
    int n_args;
    const char *arg_name[STRIPS_ARGS]; /* "?x" */
    uint64_t accepts[STRIPS_ARGS];
    struct strips_literals condition, effect;
};

struct strips_task {
    struct strips_arena arena;
    const char *domain_name;
    const char *problem_name;
    struct strips_type *type;
    int n_types;
    struct strips_predicate *predicate;
    int n_predicates;
    struct strips_action *action;
    int n_actions;
    struct strips_object *object; /* the domain's constants first */
    int n_objects;
    int n_constants;
    struct strips_literals init; /* none is negated */
    struct strips_literals goal;
};

/* A text of PDDL and what messages call it. */
struct strips_text {
    const char *name;
    const char *text;
};

/* [any] Reads a domain and a problem of it.  *out is the caller's, see
 * strips_task_destroy().  On failure *out is NULL and source->message says file, line and
 * what was expected. */
accord_code strips_task_read(const struct strips_text *domain,
                             const struct strips_text *problem,
                             struct strips_source *source, struct strips_task **out);
/* [any] NULL is allowed. */
void strips_task_destroy(struct strips_task *t);

/* [any] The place of a name, or -1. */
int strips_find_action(const struct strips_task *t, const char *name);
int strips_find_object(const struct strips_task *t, const char *name);

#endif
