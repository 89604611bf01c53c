/* write.c - see write.h. */
#include "write.h"

static void write_types(const struct strips_task *t, uint64_t types,
                        struct planning_buffer *out) {
    int is_one = (types & (types - 1)) == 0;

    planning_write(out, is_one ? " -" : " - (either");
    for (int i = 0; i < t->n_types; i++)
        if (types >> i & 1)
            planning_write(out, " %s", t->type[i].name);
    planning_write(out, is_one ? "" : ")");
}

void planning_write_literals(const struct strips_task *t, const struct strips_literals *l,
                             struct planning_buffer *out) {
    char text[1024];

    planning_write(out, "(and");
    for (int i = 0; i < l->n; i++) {
        strips_literal_text(t, &l->item[i], NULL, text, sizeof(text));
        planning_write(out, " %s", text);
    }
    planning_write(out, ")");
}

/* Constants are the domain's; an object of a name that the domain has too cannot be. */
static void write_objects(const struct strips_task *t, struct planning_buffer *out) {
    planning_write(out, "  (:objects");
    for (int i = t->n_constants; i < t->n_objects; i++) {
        planning_write(out, " %s", t->object[i].name);
        if (t->n_types > 1)
            write_types(t, t->object[i].own, out);
    }
    planning_write(out, ")\n");
}

void planning_write_problem(const struct strips_state *s, struct planning_buffer *out) {
    const struct strips_task *t = s->task;

    planning_write(out, "(define (problem %s)\n  (:domain %s)\n", t->problem_name,
                   t->domain_name);
    write_objects(t, out);
    planning_write(out, "  (:init");
    for (int i = 0; i < s->atoms.n && i < s->room; i++) {
        if (!s->holds[i])
            continue;
        const int *atom = s->atoms.atom[i];
        const struct strips_predicate *p = &t->predicate[atom[0]];
        planning_write(out, " (%s", p->name);
        for (int k = 0; k < p->n_args; k++)
            planning_write(out, " %s", t->object[atom[k + 1]].name);
        planning_write(out, ")");
    }
    planning_write(out, ")\n  (:goal ");
    planning_write_literals(t, &t->goal, out);
    planning_write(out, "))\n");
}
