/* question.c - see question.h. */
#include "question.h"

#include "write.h"

/* What kind of thing each object is, where the domain has types. */
static void say_types(const struct strips_task *t, struct planning_buffer *out) {
    if (t->n_types == 1)
        return;
    planning_write(out, "Things:");
    for (int type = 1, n = 0; type < t->n_types; type++) {
        int is_first = 1;
        for (int i = 0; i < t->n_objects; i++) {
            if (t->object[i].own != UINT64_C(1) << type)
                continue;
            planning_write(out, is_first ? "%s %s" : "%s, %s", is_first && n ? ";" : "",
                           t->object[i].name);
            is_first = 0;
        }
        if (!is_first) {
            planning_write(out, " (%s)", t->type[type].name);
            n++;
        }
    }
    planning_write(out, ".\n");
}

static void say_facts(const struct planning_lexicon *l, const struct strips_state *s,
                      struct planning_buffer *out) {
    for (int i = 0, n = 0; i < s->atoms.n && i < s->room; i++) {
        if (!s->holds[i])
            continue;
        struct strips_literal f = {.predicate = s->atoms.atom[i][0]};
        f.n_args = l->task->predicate[f.predicate].n_args;
        for (int k = 0; k < f.n_args; k++)
            f.arg[k] = s->atoms.atom[i][k + 1];
        planning_write(out, n++ ? ", " : " ");
        planning_say_fact(l, &f, NULL, out);
    }
    planning_write(out, ".\n");
}

void planning_ask_state(const struct planning_lexicon *l, const struct strips_state *s,
                        int in_words, const char *start, struct planning_buffer *out) {
    const struct strips_literals *goal = &l->task->goal;

    if (!in_words) {
        planning_write_problem(s, out);
        return;
    }
    say_types(l->task, out);
    planning_write(out, "%s:", start);
    say_facts(l, s, out);
    planning_write(out, "Goal:");
    for (int i = 0; i < goal->n; i++) {
        planning_write(out, i ? ", " : " ");
        planning_say_fact(l, &goal->item[i], NULL, out);
    }
    planning_write(out, ".\n");
}

void planning_ask_rules(const struct planning_lexicon *l, const char *domain,
                        int in_words, struct planning_buffer *out) {
    if (in_words)
        planning_say_rules(l, out);
    else
        planning_write(out, "%s", domain);
}

void planning_tell_plan(const struct planning_lexicon *l,
                        const struct planning_problem *p, int in_words,
                        struct planning_buffer *out) {
    char text[512];

    for (int i = 0; i < p->n_steps; i++) {
        planning_write(out, "%s", i ? "\n" : "");
        if (in_words) {
            planning_say_action(l, p->action[i], p->arg[i], out);
            continue;
        }
        strips_action_text(l->task, p->action[i], p->arg[i], text, sizeof(text));
        planning_write(out, "%s", text);
    }
}
