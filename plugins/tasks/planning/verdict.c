/* verdict.c - see verdict.h. */
#include "verdict.h"

static void say_literal(const struct planning_lexicon *l, const struct strips_literal *f,
                        const int *arg, int in_words, struct planning_buffer *why) {
    char text[1024];

    if (in_words) {
        planning_say_fact(l, f, arg, why);
        return;
    }
    strips_literal_text(l->task, f, arg, text, sizeof(text));
    planning_write(why, "%s", text);
}

/* A step that names no action of this problem. */
static int is_understood(const struct planning_lexicon *l,
                         const struct planning_step *step, struct planning_buffer *why) {
    if (step->action < 0) {
        planning_write(why, "%s: there is no such action", step->wrote);
        return 0;
    }
    const struct strips_action *a = &l->task->action[step->action];
    for (int i = 0; i < step->n_args; i++)
        if (step->arg[i] < 0) {
            planning_write(why, "%s: its object %d is not in the problem", step->wrote,
                           i + 1);
            return 0;
        }
    if (step->n_args == a->n_args)
        return 1;
    planning_write(why, "%s: %s takes %d object%s, not %d", step->wrote, a->name,
                   a->n_args, a->n_args == 1 ? "" : "s", step->n_args);
    return 0;
}

static void say_step(const struct planning_lexicon *l, const struct planning_step *step,
                     int in_words, struct planning_buffer *why) {
    char text[512];

    if (in_words) {
        planning_say_action(l, step->action, step->arg, why);
        return;
    }
    strips_action_text(l->task, step->action, step->arg, text, sizeof(text));
    planning_write(why, "%s", text);
}

int planning_try_step(const struct planning_lexicon *l, struct strips_state *s,
                      const struct planning_step *step, int in_words,
                      struct planning_buffer *why) {
    struct strips_failure failure;

    if (!is_understood(l, step, why))
        return 0;
    const struct strips_action *a = &l->task->action[step->action];
    switch (strips_apply(s, a, step->arg, &failure)) {
    case STRIPS_DONE:
        return 1;
    case STRIPS_WRONG_TYPE:
        say_step(l, step, in_words, why);
        planning_write(why, ": %s has the wrong type",
                       l->task->object[step->arg[failure.which]].name);
        return 0;
    case STRIPS_MISSING:
        say_step(l, step, in_words, why);
        planning_write(why, in_words ? ": it does not hold that " : ": ");
        say_literal(l, failure.literal, step->arg, in_words, why);
        planning_write(why, in_words ? "" : " does not hold");
        return 0;
    default:
        why->is_out_of_memory = 1;
        return 0;
    }
}

int planning_judge(const struct planning_lexicon *l, struct strips_state *s,
                   const struct planning_steps *steps, int in_words,
                   struct planning_verdict *out, struct planning_buffer *why) {
    *out = (struct planning_verdict){0};
    if (steps->n == 0) {
        planning_write(why, "no plan was found in the reply");
        return !why->is_out_of_memory;
    }
    for (int i = 0; i < steps->n; i++) {
        size_t before = why->n;
        planning_write(why, "step %d: ", i + 1);
        if (!planning_try_step(l, s, &steps->step[i], in_words, why)) {
            out->failed_step = i + 1;
            return !why->is_out_of_memory;
        }
        if (why->text)
            why->text[why->n = before] = '\0';
    }
    if (steps->is_too_long) {
        planning_write(why, "the reply is too long to be read whole");
        return !why->is_out_of_memory;
    }
    out->is_valid = 1;
    const struct strips_literal *missing = strips_missing_goal(s);
    out->reaches_goal = !missing;
    if (missing) {
        planning_write(why,
                       in_words ? "at the end it does not hold that " : "at the end ");
        say_literal(l, missing, NULL, in_words, why);
        planning_write(why, in_words ? "" : " does not hold");
    }
    return !why->is_out_of_memory;
}
