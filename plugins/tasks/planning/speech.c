/* speech.c - see speech.h. */
#include "speech.h"

#include <string.h>

static const struct planning_phrase block_facts[] = {
    {"on", "{0} is on {1}"},           {"ontable", "{0} is on the table"},
    {"clear", "{0} is clear"},         {"handempty", "the hand is empty"},
    {"holding", "the hand holds {0}"}, {NULL, NULL},
};
static const struct planning_phrase block_actions[] = {
    {"pick-up", "pick up {0}"},
    {"put-down", "put down {0}"},
    {"stack", "stack {0} on {1}"},
    {"unstack", "unstack {0} from {1}"},
    {NULL, NULL},
};
static const struct planning_synonym block_synonyms[] = {
    {"pick", "pick-up", "unstack"},   {"grab", "pick-up", "unstack"},
    {"lift", "pick-up", "unstack"},   {"pick it up", "pick-up", NULL},
    {"take", "pick-up", "unstack"},   {"remove", "pick-up", "unstack"},
    {"put", "put-down", "stack"},     {"set down", "put-down", NULL},
    {"place", "put-down", "stack"},   {"drop", "put-down", NULL},
    {"lay down", "put-down", NULL},   {"un-stack", "unstack", NULL},
    {"place down", "put-down", NULL}, {NULL, NULL, NULL},
};
static const struct planning_phrase cargo_facts[] = {
    {"at", "{0} is at {1}"},          {"in", "{0} is in {1}"},
    {"in-city", "{0} is in {1}"},     {"obj", "{0} is a package"},
    {"truck", "{0} is a truck"},      {"airplane", "{0} is a plane"},
    {"airport", "{0} is an airport"}, {"location", "{0} is a place"},
    {"city", "{0} is a city"},        {NULL, NULL},
};
static const struct planning_phrase cargo_actions[] = {
    {"load-truck", "load {0} into {1} at {2}"},
    {"load-airplane", "load {0} into {1} at {2}"},
    {"unload-truck", "unload {0} from {1} at {2}"},
    {"unload-airplane", "unload {0} from {1} at {2}"},
    {"drive-truck", "drive {0} from {1} to {2} in {3}"},
    {"fly-airplane", "fly {0} from {1} to {2}"},
    {NULL, NULL},
};
static const struct planning_synonym cargo_synonyms[] = {
    {"load", "load-truck", NULL},
    {"load", "load-airplane", NULL},
    {"unload", "unload-truck", NULL},
    {"unload", "unload-airplane", NULL},
    {"drive", "drive-truck", NULL},
    {"fly", "fly-airplane", NULL},
    {NULL, NULL, NULL},
};
static const struct planning_phrase none[] = {{NULL, NULL}};
static const struct planning_synonym no_synonyms[] = {{NULL, NULL, NULL}};

static const struct planning_speech speeches[] = {
    {.domain = "blocksworld",
     .rules = "You have one hand. You can do these actions:\n"
              "pick up X: X is clear and on the table, and the hand is empty.\n"
              "put down X: the hand holds X. X goes on the table.\n"
              "stack X on Y: the hand holds X, and Y is clear.\n"
              "unstack X from Y: X is clear and on Y, and the hand is empty.\n"
              "A block is clear if no block is on it and the hand does not hold it.\n",
     .object = "the %s block",
     .facts = block_facts,
     .actions = block_actions,
     .synonyms = block_synonyms},
    {.domain = "logistics",
     .rules = "You can do these actions:\n"
              "load P into V at L: the package P and the truck or plane V are at L.\n"
              "unload P from V at L: P is in V, and V is at L.\n"
              "drive T from L to M in C: the truck T is at L, and L and M are in the "
              "city C.\n"
              "fly A from L to M: the plane A is at L, and L and M are airports.\n",
     .object = "%s",
     .facts = cargo_facts,
     .actions = cargo_actions,
     .synonyms = cargo_synonyms},
};
static const struct planning_speech general = {.domain = "",
                                               .object = "%s",
                                               .facts = none,
                                               .actions = none,
                                               .synonyms = no_synonyms};

static const char *phrase(const struct planning_phrase *list, const char *name) {
    for (; list->name; list++)
        if (strcmp(list->name, name) == 0)
            return list->text;
    return NULL;
}

/* A sentence must find as many arguments as it names. */
static int n_holes(const char *text) {
    int n = 0;

    for (; (text = strchr(text, '{')); text++)
        n++;
    return n;
}

static int fits(const struct planning_speech *s, const struct strips_task *t) {
    for (int i = 0; i < t->n_actions; i++) {
        const char *text = phrase(s->actions, t->action[i].name);
        if (!text || n_holes(text) != t->action[i].n_args)
            return 0;
    }
    for (int i = 0; i < t->n_predicates; i++) {
        const char *text = phrase(s->facts, t->predicate[i].name);
        if (!text || n_holes(text) != t->predicate[i].n_args)
            return 0;
    }
    return t->n_actions > 0;
}

const struct planning_speech *planning_speech_of(const struct strips_task *t) {
    for (size_t i = 0; i < sizeof(speeches) / sizeof(speeches[0]); i++)
        if (fits(&speeches[i], t))
            return &speeches[i];
    return &general;
}

static void say_object(const struct planning_lexicon *l, int object,
                       struct planning_buffer *out) {
    const char *pattern = l->speech->object, *hole = strchr(pattern, '%');
    const char *name = l->task->object[object].name;

    for (int i = 0; i < l->n_aliases; i++)
        if (l->alias[i].object == object)
            name = l->alias[i].name;
    planning_write(out, "%.*s%s%s", (int)(hole - pattern), pattern, name, hole + 2);
}

/* Fills the holes of `text`, or says the name and then the objects. */
static void say(const struct planning_lexicon *l, const char *text, const char *name,
                const int *arg, int n_args, struct planning_buffer *out) {
    if (!text) {
        planning_write(out, "%s", name);
        for (int i = 0; i < n_args; i++) {
            planning_write(out, " ");
            say_object(l, arg[i], out);
        }
        return;
    }
    for (const char *hole; (hole = strchr(text, '{')); text = hole + 3) {
        planning_write(out, "%.*s", (int)(hole - text), text);
        say_object(l, arg[hole[1] - '0'], out);
    }
    planning_write(out, "%s", text);
}

void planning_say_fact(const struct planning_lexicon *l, const struct strips_literal *f,
                       const int *arg, struct planning_buffer *out) {
    int value[STRIPS_ARGS];
    const char *name =
        f->predicate == STRIPS_EQUAL ? "same" : l->task->predicate[f->predicate].name;

    for (int i = 0; i < f->n_args; i++)
        value[i] = f->arg[i] >= 0 ? f->arg[i] : arg[~f->arg[i]];
    if (f->is_negated)
        planning_write(out, "it is not so that ");
    say(l, phrase(l->speech->facts, name), name, value, f->n_args, out);
}

void planning_say_action(const struct planning_lexicon *l, int action, const int *arg,
                         struct planning_buffer *out) {
    const struct strips_action *a = &l->task->action[action];

    say(l, phrase(l->speech->actions, a->name), a->name, arg, a->n_args, out);
}

/* ---- the rules of a domain that has no sentences ----------------------------------- */

static void tell_literals(const struct strips_task *t, const struct strips_action *a,
                          const struct strips_literals *all, int effect, int is_negated,
                          const char *lead, struct planning_buffer *out) {
    int n = 0;

    for (int i = 0; i < all->n; i++) {
        const struct strips_literal *l = &all->item[i];
        if (effect && l->is_negated != is_negated)
            continue;
        planning_write(
            out, "%s%s%s", n++ ? ", " : lead, !effect && l->is_negated ? "not " : "",
            l->predicate == STRIPS_EQUAL ? "same" : t->predicate[l->predicate].name);
        for (int k = 0; k < l->n_args; k++)
            planning_write(out, " %s",
                           l->arg[k] >= 0 ? t->object[l->arg[k]].name
                                          : a->arg_name[~l->arg[k]] + 1);
    }
    if (n)
        planning_write(out, ".");
}

static void tell_action(const struct strips_task *t, const struct strips_action *a,
                        struct planning_buffer *out) {
    planning_write(out, "%s", a->name);
    for (int i = 0; i < a->n_args; i++)
        planning_write(out, " %s", a->arg_name[i] + 1);
    planning_write(out, ":");
    tell_literals(t, a, &a->condition, 0, 0, " needs ", out);
    tell_literals(t, a, &a->effect, 1, 0, " Then it holds: ", out);
    tell_literals(t, a, &a->effect, 1, 1, " No longer: ", out);
    planning_write(out, "\n");
}

void planning_say_rules(const struct planning_lexicon *l, struct planning_buffer *out) {
    if (l->speech->rules) {
        planning_write(out, "%s", l->speech->rules);
        return;
    }
    planning_write(out, "You can do these actions:\n");
    for (int i = 0; i < l->task->n_actions; i++)
        tell_action(l->task, &l->task->action[i], out);
}
