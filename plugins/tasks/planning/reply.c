/* reply.c - see reply.h. */
#include "reply.h"

#include <stdlib.h>
#include <string.h>

void planning_add_step(struct planning_steps *s, const struct planning_step *step) {
    if (s->n == PLANNING_MAX_STEPS) {
        s->is_too_long = 1;
        return;
    }
    if (s->n == s->room) {
        int room = s->room ? s->room * 2 : 16;
        struct planning_step *more = realloc(s->step, (size_t)room * sizeof(*more));
        if (!more) {
            s->is_out_of_memory = 1;
            return;
        }
        s->step = more;
        s->room = room;
    }
    s->step[s->n++] = *step;
}

void planning_steps_fini(struct planning_steps *s) {
    free(s->step);
    *s = (struct planning_steps){0};
}

const char *planning_form_name(const struct planning_steps *s) {
    static const char *const names[2][2][4] = {
        {{"no plan", "words", "names", "pddl"},
         {"no plan", "numbered words", "numbered names", "numbered pddl"}},
        {{"no plan", "tagged words", "tagged names", "tagged pddl"},
         {"no plan", "tagged numbered words", "tagged numbered names",
          "tagged numbered pddl"}},
    };

    return names[s->is_tagged][s->is_numbered][s->n ? s->form : PLANNING_NO_FORM];
}

int planning_find_object(const struct planning_lexicon *l, const char *word) {
    for (int i = 0; i < l->n_aliases; i++)
        if (strcmp(l->alias[i].name, word) == 0)
            return l->alias[i].object;
    return strips_find_object(l->task, word);
}

void planning_write_steps(const struct strips_task *t, const struct planning_steps *s,
                          struct planning_buffer *out) {
    for (int i = 0; i < s->n; i++) {
        const struct planning_step *step = &s->step[i];
        planning_write(out, "%s(%s", i ? "\n" : "",
                       step->action >= 0 ? t->action[step->action].name : "?");
        for (int k = 0; k < step->n_args; k++)
            planning_write(out, " %s",
                           step->arg[k] >= 0 ? t->object[step->arg[k]].name : "?");
        planning_write(out, ")");
    }
}
