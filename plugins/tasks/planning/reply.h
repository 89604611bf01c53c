/* reply.h - the steps of a plan as a model wrote them. */
#ifndef ACCORD_PLANNING_REPLY_H
#define ACCORD_PLANNING_REPLY_H

#include "buffer.h"
#include "speech.h"

enum {
    PLANNING_MAX_STEPS = 10000,
    PLANNING_MAX_REPLY = 1 << 20, /* bytes; of a longer reply the end is read */
    PLANNING_WROTE = 64,
};

/* How a step or a plan was written. */
enum {
    PLANNING_NO_FORM,
    PLANNING_FORM_WORDS, /* "unstack the red block from the blue block" */
    PLANNING_FORM_NAMES, /* "unstack red blue", "unstack(red, blue)" */
    PLANNING_FORM_PDDL,  /* "(unstack red blue)" */
};

struct planning_step {
    int action;                 /* -1: not one of the domain's */
    int n_args;                 /* as many as were named */
    int arg[STRIPS_ARGS];       /* -1: not one of the problem's objects */
    char wrote[PLANNING_WROTE]; /* the beginning of what was written */
};

struct planning_steps {
    struct planning_step *step;
    int n, room;
    int form;        /* of the plan */
    int is_numbered; /* 1: a numbered list */
    int is_tagged;   /* 1: between [PLAN] and [PLAN END] */
    int is_too_long; /* 1: more than PLANNING_MAX_STEPS */
    int is_out_of_memory;
};

/* [any] Finds the plan in a reply: of several the last, without steps that the reply
 * takes back.  *out is the caller's, see planning_steps_fini(). */
void planning_read_steps(const struct planning_lexicon *lexicon, const char *reply,
                         struct planning_steps *out);

/* [any] The same by the rule of PlanBench's own evaluation (Valmeekam et al., 2023): a
 * line is a step if one of its words is an action and it names exactly as many objects
 * as that takes, in their order; every other line is passed over. */
void planning_read_published(const struct planning_lexicon *lexicon, const char *reply,
                             struct planning_steps *out);

void planning_steps_fini(struct planning_steps *s);

/* [any] Appends a step; past the bound nothing. */
void planning_add_step(struct planning_steps *s, const struct planning_step *step);

/* [any] "numbered words", "pddl": the form as a note. */
const char *planning_form_name(const struct planning_steps *s);

/* [any] The object that a word names, or -1. */
int planning_find_object(const struct planning_lexicon *l, const char *word);

/* [any] The plan in PDDL, a step a line; what is unknown is "?". */
void planning_write_steps(const struct strips_task *t, const struct planning_steps *s,
                          struct planning_buffer *out);

#endif
