/* speech.h - how a task is spoken of: words for its objects, facts and actions.  A domain
 * that is known has sentences of its own; any other is told by its names. */
#ifndef ACCORD_PLANNING_SPEECH_H
#define ACCORD_PLANNING_SPEECH_H

#include "buffer.h"
#include "pddl.h"

/* A sentence with {0}, {1} ... for the arguments. */
struct planning_phrase {
    const char *name; /* of the predicate or action */
    const char *text;
};

/* Another way to say an action; with both kinds of block named, `pair` is meant. */
struct planning_synonym {
    const char *words; /* "set down" */
    const char *action;
    const char *pair; /* when two objects are named, or NULL */
};

struct planning_speech {
    const char *domain; /* "blocksworld" */
    const char *rules;
    const char *object; /* "the %s block" */
    const struct planning_phrase *facts, *actions;
    const struct planning_synonym *synonyms;
};

/* Another name of an object: a record's "red" for "a". */
struct planning_alias {
    const char *name;
    int object;
};

/* What words mean in a task. */
struct planning_lexicon {
    const struct strips_task *task;
    const struct planning_speech *speech;
    const struct planning_alias *alias; /* [n_aliases] */
    int n_aliases;
};

/* [any] The speech for a task whose actions and predicates are those of a known domain,
 * or the general one. */
const struct planning_speech *planning_speech_of(const struct strips_task *t);

/* [any] A fact ("the red block is on the blue block") or an action in words.  `arg` holds
 * the values of the parameters of a literal. */
void planning_say_fact(const struct planning_lexicon *l, const struct strips_literal *f,
                       const int *arg, struct planning_buffer *out);
void planning_say_action(const struct planning_lexicon *l, int action, const int *arg,
                         struct planning_buffer *out);

/* [any] What the actions are and need. */
void planning_say_rules(const struct planning_lexicon *l, struct planning_buffer *out);

#endif
