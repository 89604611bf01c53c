/* instance.h - an instance of the kind strips: where its problems come from. */
#ifndef ACCORD_PLANNING_INSTANCE_H
#define ACCORD_PLANNING_INSTANCE_H

#include "kind.h"
#include "problems.h"
#include "records.h"
#include "reply.h"

enum {
    STRIPS_EXAMPLES = 8,
    /* One more, because an item is no example of itself. */
    STRIPS_CHOSEN = STRIPS_EXAMPLES + 1,
    STRIPS_N_ALIASES = 12,
};

struct strips_instance {
    const accord_host *host;
    int choice[PLANNING_N_OPTIONS];
    accord_spec spec;
    uint64_t seed;
    int level, shots, max_actions, rounds;
    char *domain;                   /* in PDDL, with plain names; NULL: a built-in one */
    struct planning_records record; /* those of the evaluation, then those of training */
    size_t n_eval;
    accord_example example[STRIPS_CHOSEN];
    struct planning_buffer example_text[STRIPS_CHOSEN][2];
    uint32_t n_examples;
};

/* A problem with its names as the model sees them. */
struct strips_item {
    struct planning_problem problem; /* its plan only where it was made with one */
    struct planning_buffer domain;   /* in PDDL */
    struct planning_alias alias[STRIPS_N_ALIASES];
    struct planning_lexicon lexicon;
    const char *published; /* PlanBench's prompt, or NULL */
    char id[256];
};

/* [any] Opens an item of a split; *out is the caller's, also on failure. */
accord_code strips_item_open(const struct strips_instance *t, int split, uint64_t index,
                             struct strips_item *out, accord_err *err);
void strips_item_fini(struct strips_item *i);

/* [any] Reads the files, parts them into splits and checks every problem. */
accord_code strips_load(struct strips_instance *t, const struct planning_options *options,
                        accord_err *err);

/* [any] Says that memory is out. */
accord_code strips_out_of_memory(const struct strips_instance *t, accord_err *err);

#endif
