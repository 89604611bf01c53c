/* ground.c - see ground.h. */
#include "ground.h"

#include <stdlib.h>
#include <string.h>

#include "state.h"

/* An action with its objects, before its atoms are numbered. */
struct binding {
    int action;
    int arg[STRIPS_ARGS];
};

struct grounding {
    const struct strips_task *task;
    struct strips_ground *out;
    struct strips_state init;
    struct strips_atoms reached; /* fluents that can become true */
    char *is_fluent;             /* [n_predicates]: some effect names it */
    struct binding *binding;
    int n_bindings, room;
    long work;
    accord_code code;
};

static accord_code fail(struct grounding *g, accord_code code) {
    if (!g->code)
        g->code = code;
    return g->code;
}

static void find_fluents(struct grounding *g) {
    for (int a = 0; a < g->task->n_actions; a++) {
        const struct strips_literals *effect = &g->task->action[a].effect;
        for (int i = 0; i < effect->n; i++)
            g->is_fluent[effect->item[i].predicate] = 1;
    }
}

static int is_static(const struct grounding *g, const struct strips_literal *l) {
    return l->predicate == STRIPS_EQUAL || !g->is_fluent[l->predicate];
}

/* ---- bindings --------------------------------------------------------------------- */

/* The number of parameters that must be bound before a literal can be looked at. */
static int bound_by(const struct strips_literal *l) {
    int n = 0;

    for (int i = 0; i < l->n_args; i++)
        if (l->arg[i] < 0 && ~l->arg[i] + 1 > n)
            n = ~l->arg[i] + 1;
    return n;
}

static int statics_hold(struct grounding *g, const struct strips_action *a,
                        const int *arg, int n_bound) {
    for (int i = 0; i < a->condition.n; i++) {
        const struct strips_literal *l = &a->condition.item[i];
        if (is_static(g, l) && bound_by(l) == n_bound && !strips_holds(&g->init, l, arg))
            return 0;
    }
    return 1;
}

static void keep_binding(struct grounding *g, const struct binding *b) {
    if (g->n_bindings == STRIPS_OPS) {
        fail(g, ACCORD_E_LIMIT);
        return;
    }
    if (g->n_bindings == g->room) {
        int room = g->room ? g->room * 2 : 64;
        struct binding *more = realloc(g->binding, (size_t)room * sizeof(*more));
        if (!more) {
            fail(g, ACCORD_E_NOMEM);
            return;
        }
        g->binding = more;
        g->room = room;
    }
    g->binding[g->n_bindings++] = *b;
}

/* Binds parameter number n and those after it: at most STRIPS_ARGS calls deep. */
static void bind(struct grounding *g, struct binding *b, int n) {
    const struct strips_action *a = &g->task->action[b->action];

    if (!statics_hold(g, a, b->arg, n))
        return;
    if (n == a->n_args) {
        keep_binding(g, b);
        return;
    }
    for (int o = 0; o < g->task->n_objects && !g->code; o++) {
        if (++g->work > STRIPS_WORK)
            fail(g, ACCORD_E_LIMIT);
        if (!(g->task->object[o].types & a->accepts[n]))
            continue;
        b->arg[n] = o;
        bind(g, b, n + 1);
    }
}

/* ---- reachability ----------------------------------------------------------------- */

/* Can the conditions hold with what is reachable?  A negated one always can. */
static int can_hold(struct grounding *g, const struct strips_literals *all,
                    const int *arg) {
    for (int i = 0; i < all->n; i++)
        if (!all->item[i].is_negated && !is_static(g, &all->item[i]) &&
            strips_atom(&g->reached, &all->item[i], arg, 0) < 0)
            return 0;
    return 1;
}

static void add_effects(struct grounding *g, const struct binding *b) {
    const struct strips_literals *effect = &g->task->action[b->action].effect;

    for (int i = 0; i < effect->n && !g->code; i++)
        if (!effect->item[i].is_negated &&
            strips_atom(&g->reached, &effect->item[i], b->arg, 1) < 0)
            fail(g, ACCORD_E_NOMEM);
    if (g->reached.n > STRIPS_ATOMS)
        fail(g, ACCORD_E_LIMIT);
}

/* Moves the bindings that can be carried out to the front, until none is left that can.
 */
static void keep_reachable(struct grounding *g) {
    int kept = 0, before = -1;

    while (kept != before && !g->code) {
        before = kept;
        for (int i = kept; i < g->n_bindings && !g->code; i++) {
            struct binding b = g->binding[i];
            if ((g->work += 8) > 8L * STRIPS_WORK)
                fail(g, ACCORD_E_LIMIT);
            if (!can_hold(g, &g->task->action[b.action].condition, b.arg))
                continue;
            add_effects(g, &b);
            g->binding[i] = g->binding[kept];
            g->binding[kept++] = b;
        }
    }
    g->n_bindings = kept;
}

/* ---- operators -------------------------------------------------------------------- */

/* The atoms of the fluent literals with this sign that are reachable. */
static int list_atoms(struct grounding *g, const struct strips_literals *all,
                      const int *arg, int is_negated, const int **out) {
    int *list = strips_alloc(&g->out->arena, (size_t)all->n, sizeof(*list)), n = 0;

    if (!list) {
        fail(g, ACCORD_E_NOMEM);
        return 0;
    }
    for (int i = 0; i < all->n; i++) {
        const struct strips_literal *l = &all->item[i];
        if (l->is_negated != is_negated || is_static(g, l))
            continue;
        int atom = strips_atom(&g->reached, l, arg, 0);
        if (atom >= 0)
            list[n++] = atom;
    }
    *out = list;
    return n;
}

static int by_binding(const void *x, const void *y) {
    return memcmp(x, y, sizeof(struct binding));
}

static void make_ops(struct grounding *g) {
    struct strips_ground *out = g->out;

    /* In the order of the files, whatever order they were reached in. */
    qsort(g->binding, (size_t)g->n_bindings, sizeof(*g->binding), by_binding);
    out->op = strips_alloc(&out->arena, (size_t)g->n_bindings, sizeof(*out->op));
    if (!out->op) {
        fail(g, ACCORD_E_NOMEM);
        return;
    }
    for (int i = 0; i < g->n_bindings && !g->code; i++) {
        const struct binding *b = &g->binding[i];
        const struct strips_action *a = &g->task->action[b->action];
        struct strips_op *op = &out->op[i];
        op->action = b->action;
        memcpy(op->arg, b->arg, sizeof(op->arg));
        op->n_pre = list_atoms(g, &a->condition, b->arg, 0, &op->pre);
        op->n_not_pre = list_atoms(g, &a->condition, b->arg, 1, &op->not_pre);
        op->n_add = list_atoms(g, &a->effect, b->arg, 0, &op->add);
        op->n_del = list_atoms(g, &a->effect, b->arg, 1, &op->del);
    }
    out->n_ops = g->n_bindings;
    out->n_atoms = g->reached.n;
}

/* A static literal of the goal holds for ever or never. */
static void make_ends(struct grounding *g) {
    const struct strips_task *t = g->task;
    struct strips_ground *out = g->out;

    out->n_init = list_atoms(g, &t->init, NULL, 0, &out->init);
    out->n_goal = list_atoms(g, &t->goal, NULL, 0, &out->goal);
    out->n_not_goal = list_atoms(g, &t->goal, NULL, 1, &out->not_goal);
    for (int i = 0; i < t->goal.n; i++)
        if (is_static(g, &t->goal.item[i]) &&
            !strips_holds(&g->init, &t->goal.item[i], NULL))
            out->is_hopeless = 1;
    if (!can_hold(g, &t->goal, NULL))
        out->is_hopeless = 1;
}

static void begin(struct grounding *g) {
    const struct strips_literals *init = &g->task->init;

    for (int i = 0; i < init->n && !g->code; i++)
        if (!is_static(g, &init->item[i]) &&
            strips_atom(&g->reached, &init->item[i], NULL, 1) < 0)
            fail(g, ACCORD_E_NOMEM);
}

static void ground(struct grounding *g) {
    find_fluents(g);
    begin(g);
    for (int a = 0; a < g->task->n_actions && !g->code; a++) {
        struct binding b = {.action = a};
        bind(g, &b, 0);
    }
    keep_reachable(g);
    if (!g->code)
        make_ops(g);
    if (!g->code)
        make_ends(g);
}

accord_code strips_ground_create(const struct strips_task *t,
                                 struct strips_ground **out) {
    struct grounding g = {.task = t};

    g.out = *out = calloc(1, sizeof(**out));
    g.is_fluent = calloc((size_t)t->n_predicates + 1, 1);
    int is_ready = strips_state_init(&g.init, t);
    if (g.out && g.is_fluent && is_ready)
        ground(&g);
    else
        fail(&g, ACCORD_E_NOMEM);
    strips_state_fini(&g.init);
    strips_atoms_fini(&g.reached);
    free(g.is_fluent);
    free(g.binding);
    if (g.code) {
        strips_ground_destroy(g.out);
        *out = NULL;
    }
    return g.code;
}

void strips_ground_destroy(struct strips_ground *g) {
    if (!g)
        return;
    strips_arena_fini(&g->arena);
    free(g);
}
