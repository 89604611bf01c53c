/* read_step.h - one step in a line of a reply. */
#ifndef ACCORD_PLANNING_READ_STEP_H
#define ACCORD_PLANNING_READ_STEP_H

#include "reply.h"
#include "tokens.h"

struct planning_found {
    struct planning_step step;
    int form;        /* PLANNING_FORM_... */
    int is_complete; /* as many objects as the action takes */
    int is_comment;  /* no step at all: "pick up is not possible" */
};

/* [any] An action and its objects at the cursor, which is moved behind them; 0 if no
 * action stands there.  `before` is the step that "it" refers to, or NULL. */
int planning_read_words(const struct planning_lexicon *l, struct planning_cursor *c,
                        const struct planning_step *before, struct planning_found *out);

/* [any] "(unstack b c)" at the cursor, which stands on the parenthesis: a name of the
 * domain and names of objects, or an unknown name and only names of objects. */
int planning_read_pddl(const struct planning_lexicon *l, struct planning_cursor *c,
                       struct planning_found *out);

#endif
