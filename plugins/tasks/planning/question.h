/* question.h - how a problem is put to a model. */
#ifndef ACCORD_PLANNING_QUESTION_H
#define ACCORD_PLANNING_QUESTION_H

#include "problems.h"
#include "reply.h"
#include "state.h"

/* [any] Start and goal in words, or the problem in PDDL. */
void planning_ask_state(const struct planning_lexicon *l, const struct strips_state *s,
                        int in_words, const char *start, struct planning_buffer *out);

/* [any] The rules in words, or the domain in PDDL. */
void planning_ask_rules(const struct planning_lexicon *l, const char *domain,
                        int in_words, struct planning_buffer *out);

/* [any] A plan, one action a line. */
void planning_tell_plan(const struct planning_lexicon *l,
                        const struct planning_problem *p, int in_words,
                        struct planning_buffer *out);

#endif
