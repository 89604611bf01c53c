/* lmcut.c - see lmcut.h.
 *
 * h^max is computed anew for every cut: with costs of 0 and 1 that is one sweep over the
 * operators.  An operator's supporter is its dearest condition. */
#include "lmcut.h"

#include <stdlib.h>
#include <string.h>

enum { FAR = INT32_MAX };

/* For each atom, the operators that need it, or that add it. */
struct index {
    int *first; /* [n_atoms + 1] */
    int *op;
};

struct strips_lmcut {
    const struct strips_ground *g;
    int n_atoms; /* with `always` and `goal` */
    int n_ops;   /* with the one that adds `goal` */
    int always, goal;
    struct strips_op finish;
    struct index needs, adds;
    int *cost, *left, *supporter; /* by operator */
    int *value;                   /* by atom: its h^max */
    char *is_closed;              /* by atom */
    char *zone;                   /* by atom: GOAL_SIDE, INIT_SIDE or 0 */
    int *now, *later;             /* stacks of atoms */
    int n_now, n_later, room;
    int *cut; /* operators */
    int n_cut;
};

enum { GOAL_SIDE = 1, INIT_SIDE = 2 };

static const struct strips_op *op_at(const struct strips_lmcut *l, int i) {
    return i < l->g->n_ops ? &l->g->op[i] : &l->finish;
}

/* An operator without conditions needs what always holds. */
static int conditions(const struct strips_lmcut *l, int i, const int **atom) {
    const struct strips_op *op = op_at(l, i);

    *atom = op->n_pre ? op->pre : &l->always;
    return op->n_pre ? op->n_pre : 1;
}

static int effects(const struct strips_lmcut *l, int i, const int **atom) {
    *atom = op_at(l, i)->add;
    return op_at(l, i)->n_add;
}

/* ---- creation --------------------------------------------------------------------- */

static int make_index(const struct strips_lmcut *l, struct index *x,
                      int (*list)(const struct strips_lmcut *, int, const int **)) {
    const int *atom;
    size_t total = 0;

    x->first = calloc((size_t)l->n_atoms + 2, sizeof(int));
    if (!x->first)
        return 0;
    for (int i = 0; i < l->n_ops; i++) {
        int n = list(l, i, &atom);
        total += (size_t)n;
        for (int k = 0; k < n; k++)
            x->first[atom[k] + 2]++;
    }
    x->op = calloc(total + 1, sizeof(int));
    if (!x->op)
        return 0;
    for (int a = 2; a <= l->n_atoms + 1; a++)
        x->first[a] += x->first[a - 1];
    for (int i = 0; i < l->n_ops; i++)
        for (int n = list(l, i, &atom), k = 0; k < n; k++)
            x->op[x->first[atom[k] + 1]++] = i;
    return 1;
}

static int allocate(struct strips_lmcut *l) {
    size_t atoms = (size_t)l->n_atoms, ops = (size_t)l->n_ops;

    if (!make_index(l, &l->needs, conditions) || !make_index(l, &l->adds, effects))
        return 0;
    /* An atom is pushed at most once per operator that adds it, and once as a fact. */
    l->room = l->adds.first[l->n_atoms] + l->n_atoms;
    l->cost = calloc(ops, sizeof(int));
    l->left = calloc(ops, sizeof(int));
    l->supporter = calloc(ops, sizeof(int));
    l->cut = calloc(ops, sizeof(int));
    l->value = calloc(atoms, sizeof(int));
    l->is_closed = calloc(atoms, 1);
    l->zone = calloc(atoms, 1);
    l->now = calloc((size_t)l->room, sizeof(int));
    l->later = calloc((size_t)l->room, sizeof(int));
    return l->cost && l->left && l->supporter && l->cut && l->value && l->is_closed &&
           l->zone && l->now && l->later;
}

struct strips_lmcut *strips_lmcut_create(const struct strips_ground *g) {
    struct strips_lmcut *l = calloc(1, sizeof(*l));

    if (!l)
        return NULL;
    l->g = g;
    l->n_atoms = g->n_atoms + 2;
    l->n_ops = g->n_ops + 1;
    l->always = g->n_atoms;
    l->goal = g->n_atoms + 1;
    l->finish = (struct strips_op){
        .pre = g->goal, .n_pre = g->n_goal, .add = &l->goal, .n_add = 1};
    if (!allocate(l)) {
        strips_lmcut_destroy(l);
        return NULL;
    }
    return l;
}

void strips_lmcut_destroy(struct strips_lmcut *l) {
    if (!l)
        return;
    free(l->needs.first);
    free(l->needs.op);
    free(l->adds.first);
    free(l->adds.op);
    free(l->cost);
    free(l->left);
    free(l->supporter);
    free(l->cut);
    free(l->value);
    free(l->is_closed);
    free(l->zone);
    free(l->now);
    free(l->later);
    free(l);
}

/* ---- h^max ------------------------------------------------------------------------ */

static void reach(struct strips_lmcut *l, int atom, int value, int is_now) {
    if (value >= l->value[atom])
        return;
    l->value[atom] = value;
    if (is_now)
        l->now[l->n_now++] = atom;
    else
        l->later[l->n_later++] = atom;
}

static void push_state(struct strips_lmcut *l, const uint64_t *state) {
    for (int a = 0; a < l->g->n_atoms; a++)
        if (state[a / 64] >> (a % 64) & 1)
            reach(l, a, 0, 1);
    reach(l, l->always, 0, 1);
}

/* Dijkstra with two levels: atoms of the present value, and of one more. */
static void sweep(struct strips_lmcut *l, const uint64_t *state) {
    const int *atom;

    for (int i = 0; i < l->n_ops; i++)
        l->left[i] = conditions(l, i, &atom);
    for (int a = 0; a < l->n_atoms; a++)
        l->value[a] = FAR;
    memset(l->is_closed, 0, (size_t)l->n_atoms);
    l->n_now = l->n_later = 0;
    push_state(l, state);
    for (int value = 0; l->n_now > 0; value++) {
        while (l->n_now > 0) {
            int a = l->now[--l->n_now];
            if (l->is_closed[a] || l->value[a] != value)
                continue;
            l->is_closed[a] = 1;
            for (int k = l->needs.first[a]; k < l->needs.first[a + 1]; k++) {
                int i = l->needs.op[k];
                if (--l->left[i] > 0)
                    continue;
                l->supporter[i] = a;
                for (int n = effects(l, i, &atom), e = 0; e < n; e++)
                    reach(l, atom[e], value + l->cost[i], l->cost[i] == 0);
            }
        }
        int *empty = l->now;
        l->now = l->later;
        l->n_now = l->n_later;
        l->later = empty;
        l->n_later = 0;
    }
}

/* ---- cuts ------------------------------------------------------------------------- */

/* Everything from which the goal costs nothing. */
static void mark_goal_side(struct strips_lmcut *l) {
    int n = 0;

    memset(l->zone, 0, (size_t)l->n_atoms);
    l->zone[l->goal] = GOAL_SIDE;
    l->now[n++] = l->goal;
    while (n > 0) {
        int a = l->now[--n];
        for (int k = l->adds.first[a]; k < l->adds.first[a + 1]; k++) {
            int i = l->adds.op[k], s = l->supporter[i];
            if (l->left[i] > 0 || l->cost[i] > 0 || l->zone[s])
                continue;
            l->zone[s] = GOAL_SIDE;
            l->now[n++] = s;
        }
    }
}

static void enter(struct strips_lmcut *l, int atom, int *n) {
    if (l->zone[atom])
        return;
    l->zone[atom] = INIT_SIDE;
    l->now[(*n)++] = atom;
}

/* From the state through supporters; operators that lead to the goal's side are the cut.
 */
static void find_cut(struct strips_lmcut *l, const uint64_t *state) {
    const int *atom;
    int n = 0;

    l->n_cut = 0;
    for (int a = 0; a < l->g->n_atoms; a++)
        if (state[a / 64] >> (a % 64) & 1)
            enter(l, a, &n);
    enter(l, l->always, &n);
    while (n > 0) {
        int a = l->now[--n];
        for (int k = l->needs.first[a]; k < l->needs.first[a + 1]; k++) {
            int i = l->needs.op[k], is_cut = 0;
            if (l->left[i] > 0 || l->supporter[i] != a)
                continue;
            int n_add = effects(l, i, &atom);
            for (int e = 0; e < n_add; e++)
                is_cut |= l->zone[atom[e]] == GOAL_SIDE;
            if (is_cut)
                l->cut[l->n_cut++] = i;
            else
                for (int e = 0; e < n_add; e++)
                    enter(l, atom[e], &n);
        }
    }
}

int strips_lmcut_value(struct strips_lmcut *l, const uint64_t *state) {
    int h = 0;

    for (int i = 0; i < l->g->n_ops; i++)
        l->cost[i] = 1;
    for (;; h++) {
        sweep(l, state);
        if (l->value[l->goal] == FAR)
            return STRIPS_DEAD_END;
        if (l->value[l->goal] == 0)
            return h;
        mark_goal_side(l);
        find_cut(l, state);
        for (int k = 0; k < l->n_cut; k++)
            l->cost[l->cut[k]] = 0;
    }
}
