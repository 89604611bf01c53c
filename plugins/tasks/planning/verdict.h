/* verdict.h - what a plan comes to when it is carried out. */
#ifndef ACCORD_PLANNING_VERDICT_H
#define ACCORD_PLANNING_VERDICT_H

#include "reply.h"
#include "state.h"

struct planning_verdict {
    int is_valid;     /* there is a plan, and each of its steps could be carried out */
    int reaches_goal; /* and the goal holds at the end */
    int failed_step;  /* the number of the step that could not, from 1; 0: none */
};

/* [any] Carries out one step; 1 when it could be.  What is wrong is written to `why`, in
 * PDDL's names or, with `in_words`, in the words of the question. */
int planning_try_step(const struct planning_lexicon *l, struct strips_state *s,
                      const struct planning_step *step, int in_words,
                      struct planning_buffer *why);

/* [any] Carries out all steps from `s` on.  0 without memory. */
int planning_judge(const struct planning_lexicon *l, struct strips_state *s,
                   const struct planning_steps *steps, int in_words,
                   struct planning_verdict *out, struct planning_buffer *why);

#endif
