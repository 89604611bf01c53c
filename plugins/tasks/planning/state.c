/* state.c - see state.h. */
#include "state.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int value_of(int arg, const int *parameter) {
    return arg >= 0 ? arg : parameter[~arg];
}

/* ---- atoms ------------------------------------------------------------------------ */

static uint32_t hash_atom(const int *key) {
    uint32_t h = 2166136261u;

    for (int i = 0; i <= STRIPS_ARGS; i++)
        h = (h ^ (uint32_t)key[i]) * 16777619u;
    return h ^ h >> 15;
}

static int *find_slot(const struct strips_atoms *a, const int *key) {
    uint32_t h = hash_atom(key) & (uint32_t)(a->n_slots - 1);

    while (a->slot[h] && memcmp(a->atom[a->slot[h] - 1], key, sizeof(a->atom[0])) != 0)
        h = (h + 1) & (uint32_t)(a->n_slots - 1);
    return &a->slot[h];
}

/* Twice the room, and a hash that is never more than half full. */
static int grow(struct strips_atoms *a) {
    int room = a->room ? a->room * 2 : 64;
    int(*atom)[STRIPS_ARGS + 1] = realloc(a->atom, (size_t)room * sizeof(*atom));
    int *slot = calloc((size_t)room * 2, sizeof(*slot));

    if (atom)
        a->atom = atom;
    if (!atom || !slot) {
        free(slot);
        return 0;
    }
    free(a->slot);
    a->slot = slot;
    a->room = room;
    a->n_slots = room * 2;
    for (int i = 0; i < a->n; i++)
        *find_slot(a, a->atom[i]) = i + 1;
    return 1;
}

int strips_atom(struct strips_atoms *a, const struct strips_literal *l, const int *arg,
                int add) {
    int key[STRIPS_ARGS + 1] = {l->predicate};

    for (int i = 0; i < l->n_args; i++)
        key[i + 1] = value_of(l->arg[i], arg);
    if (a->n_slots) {
        int at = *find_slot(a, key);
        if (at)
            return at - 1;
    }
    if (!add)
        return -1;
    if (a->n == a->room && !grow(a))
        return -2;
    memcpy(a->atom[a->n], key, sizeof(key));
    *find_slot(a, key) = a->n + 1;
    return a->n++;
}

void strips_atoms_fini(struct strips_atoms *a) {
    free(a->atom);
    free(a->slot);
    *a = (struct strips_atoms){0};
}

/* ---- states ----------------------------------------------------------------------- */

static int set(struct strips_state *s, const struct strips_literal *l, const int *arg,
               char holds) {
    int at = strips_atom(&s->atoms, l, arg, holds);

    if (at == -2)
        return 0;
    if (at < 0)
        return 1;
    if (at >= s->room) {
        char *more = realloc(s->holds, (size_t)s->atoms.room);
        if (!more)
            return 0;
        memset(more + s->room, 0, (size_t)(s->atoms.room - s->room));
        s->holds = more;
        s->room = s->atoms.room;
    }
    s->holds[at] = holds;
    return 1;
}

int strips_state_init(struct strips_state *s, const struct strips_task *task) {
    *s = (struct strips_state){.task = task};
    for (int i = 0; i < task->init.n; i++)
        if (!set(s, &task->init.item[i], NULL, 1))
            return 0;
    return 1;
}

void strips_state_fini(struct strips_state *s) {
    strips_atoms_fini(&s->atoms);
    free(s->holds);
    *s = (struct strips_state){0};
}

int strips_holds(struct strips_state *s, const struct strips_literal *l, const int *arg) {
    int holds;

    if (l->predicate == STRIPS_EQUAL) {
        holds = value_of(l->arg[0], arg) == value_of(l->arg[1], arg);
    } else {
        int at = strips_atom(&s->atoms, l, arg, 0);
        holds = at >= 0 && at < s->room && s->holds[at];
    }
    return holds != l->is_negated;
}

static const struct strips_literal *
missing(struct strips_state *s, const struct strips_literals *all, const int *arg) {
    for (int i = 0; i < all->n; i++)
        if (!strips_holds(s, &all->item[i], arg))
            return &all->item[i];
    return NULL;
}

int strips_apply(struct strips_state *s, const struct strips_action *action,
                 const int *arg, struct strips_failure *failure) {
    *failure = (struct strips_failure){0};
    for (int i = 0; i < action->n_args; i++)
        if (!(s->task->object[arg[i]].types & action->accepts[i])) {
            failure->which = i;
            return failure->why = STRIPS_WRONG_TYPE;
        }
    failure->literal = missing(s, &action->condition, arg);
    if (failure->literal)
        return failure->why = STRIPS_MISSING;
    /* What is both deleted and added holds afterwards. */
    for (int add = 0; add < 2; add++)
        for (int i = 0; i < action->effect.n; i++) {
            const struct strips_literal *l = &action->effect.item[i];
            if (l->is_negated != add && !set(s, l, arg, (char)add))
                return failure->why = STRIPS_NO_MEMORY;
        }
    return STRIPS_DONE;
}

const struct strips_literal *strips_missing_goal(struct strips_state *s) {
    return missing(s, &s->task->goal, NULL);
}

/* ---- texts ------------------------------------------------------------------------ */

void strips_literal_text(const struct strips_task *t, const struct strips_literal *l,
                         const int *arg, char *buf, size_t size) {
    size_t n = 0;
    const char *name =
        l->predicate == STRIPS_EQUAL ? "=" : t->predicate[l->predicate].name;

    n += (size_t)snprintf(buf, size, "%s(%s", l->is_negated ? "(not " : "", name);
    for (int i = 0; i < l->n_args && n < size; i++)
        n += (size_t)snprintf(buf + n, size - n, " %s",
                              t->object[value_of(l->arg[i], arg)].name);
    if (n < size)
        snprintf(buf + n, size - n, "%s", l->is_negated ? "))" : ")");
}

void strips_action_text(const struct strips_task *t, int action, const int *arg,
                        char *buf, size_t size) {
    const struct strips_action *a = &t->action[action];
    size_t n = (size_t)snprintf(buf, size, "(%s", a->name);

    for (int i = 0; i < a->n_args && n < size; i++)
        n += (size_t)snprintf(buf + n, size - n, " %s", t->object[arg[i]].name);
    if (n < size)
        snprintf(buf + n, size - n, ")");
}
