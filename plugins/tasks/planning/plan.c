/* plan.c - see plan.h. */
#include "plan.h"

#include <stdlib.h>
#include <string.h>

#include "lmcut.h"

struct node {
    int parent; /* -1: the first */
    int op;     /* that led here */
    int g;      /* steps so far */
    int h;      /* STRIPS_DEAD_END: none of it leads to the goal */
};

/* An entry of the queue; out of date where g is not the node's any more. */
struct entry {
    int f, h, g, node;
};

struct search {
    const struct strips_ground *ground;
    const struct strips_limits *limits;
    struct strips_lmcut *lmcut; /* NULL: breadth first */
    size_t n_words;             /* of a state */
    struct node *node;
    uint64_t *state; /* [n_nodes][n_words] */
    int n_nodes, room;
    int *slot; /* hash: node + 1, or 0 */
    struct entry *heap;
    int n_heap, heap_room;
    uint64_t *next; /* a state being made */
    long n_expanded;
    int verdict; /* GAVE_UP or NO_MEMORY, once that is known; else -1 */
};

static int has(const uint64_t *state, int atom) {
    return state[atom / 64] >> (atom % 64) & 1;
}

static int holds(const uint64_t *state, const int *yes, int n_yes, const int *no,
                 int n_no) {
    for (int i = 0; i < n_yes; i++)
        if (!has(state, yes[i]))
            return 0;
    for (int i = 0; i < n_no; i++)
        if (has(state, no[i]))
            return 0;
    return 1;
}

static int is_goal(const struct search *s, int node) {
    const struct strips_ground *g = s->ground;

    return holds(s->state + (size_t)node * s->n_words, g->goal, g->n_goal, g->not_goal,
                 g->n_not_goal);
}

static void apply(uint64_t *state, const struct strips_op *op) {
    for (int i = 0; i < op->n_del; i++)
        state[op->del[i] / 64] &= ~(UINT64_C(1) << (op->del[i] % 64));
    for (int i = 0; i < op->n_add; i++)
        state[op->add[i] / 64] |= UINT64_C(1) << (op->add[i] % 64);
}

/* ---- states that were seen -------------------------------------------------------- */

static int *find_slot(const struct search *s, const uint64_t *state) {
    uint64_t h = 0x9e3779b97f4a7c15u;
    size_t mask = (size_t)s->room * 2 - 1;

    for (size_t w = 0; w < s->n_words; w++) {
        h = (h ^ state[w]) * 0xbf58476d1ce4e5b9u;
        h ^= h >> 31;
    }
    for (size_t at = h & mask;; at = (at + 1) & mask) {
        int *slot = &s->slot[at];
        if (*slot == 0 || memcmp(s->state + (size_t)(*slot - 1) * s->n_words, state,
                                 s->n_words * sizeof(*state)) == 0)
            return slot;
    }
}

static int grow(struct search *s) {
    int room = s->room ? s->room * 2 : 256;
    size_t bytes = (size_t)room * (s->n_words * sizeof(*s->state) + sizeof(*s->node) +
                                   2 * sizeof(*s->slot));

    if (s->n_nodes >= s->limits->n_states || bytes > s->limits->n_bytes) {
        s->verdict = STRIPS_GAVE_UP;
        return 0;
    }
    struct node *node = realloc(s->node, (size_t)room * sizeof(*node));
    if (node)
        s->node = node;
    uint64_t *state = realloc(s->state, (size_t)room * s->n_words * sizeof(*state));
    if (state)
        s->state = state;
    int *slot = calloc((size_t)room * 2, sizeof(*slot));
    if (!node || !state || !slot) {
        free(slot);
        s->verdict = STRIPS_PLAN_NO_MEMORY;
        return 0;
    }
    free(s->slot);
    s->slot = slot;
    s->room = room;
    for (int i = 0; i < s->n_nodes; i++)
        *find_slot(s, s->state + (size_t)i * s->n_words) = i + 1;
    return 1;
}

/* ---- the queue: least f, then least h, then the latest ----------------------------- */

static int is_before(const struct entry *a, const struct entry *b) {
    if (a->f != b->f)
        return a->f < b->f;
    return a->h != b->h ? a->h < b->h : a->node > b->node;
}

static int push(struct search *s, int node) {
    const struct node *n = &s->node[node];
    struct entry e = {n->g + n->h, n->h, n->g, node};

    if (s->n_heap == s->heap_room) {
        int room = s->heap_room ? s->heap_room * 2 : 256;
        struct entry *more = realloc(s->heap, (size_t)room * sizeof(*more));
        if (!more) {
            s->verdict = STRIPS_PLAN_NO_MEMORY;
            return 0;
        }
        s->heap = more;
        s->heap_room = room;
    }
    int at = s->n_heap++;
    for (; at > 0 && is_before(&e, &s->heap[(at - 1) / 2]); at = (at - 1) / 2)
        s->heap[at] = s->heap[(at - 1) / 2];
    s->heap[at] = e;
    return 1;
}

static struct entry pop(struct search *s) {
    struct entry top = s->heap[0], e = s->heap[--s->n_heap];
    int at = 0;

    for (int child; (child = at * 2 + 1) < s->n_heap; at = child) {
        if (child + 1 < s->n_heap && is_before(&s->heap[child + 1], &s->heap[child]))
            child++;
        if (!is_before(&s->heap[child], &e))
            break;
        s->heap[at] = s->heap[child];
    }
    s->heap[at] = e;
    return top;
}

/* ---- the two searches ------------------------------------------------------------- */

/* Takes up the state in s->next.  0 ends the search. */
static int meet(struct search *s, int parent, int op) {
    int g = parent < 0 ? 0 : s->node[parent].g + 1;

    if (s->n_nodes == s->room && !grow(s))
        return 0;
    int *slot = find_slot(s, s->next);
    if (*slot) {
        struct node *n = &s->node[*slot - 1];
        if (g >= n->g || n->h == STRIPS_DEAD_END)
            return 1;
        n->g = g;
        n->parent = parent;
        n->op = op;
        return push(s, *slot - 1);
    }
    if (s->n_nodes >= s->limits->n_states) {
        s->verdict = STRIPS_GAVE_UP;
        return 0;
    }
    int node = s->n_nodes++;
    *slot = node + 1;
    memcpy(s->state + (size_t)node * s->n_words, s->next, s->n_words * sizeof(*s->next));
    s->node[node] = (struct node){.parent = parent, .op = op, .g = g};
    if (!s->lmcut)
        return 1;
    s->node[node].h = strips_lmcut_value(s->lmcut, s->next);
    return s->node[node].h == STRIPS_DEAD_END || push(s, node);
}

static int expand(struct search *s, int node) {
    s->n_expanded++;
    for (int i = 0; i < s->ground->n_ops; i++) {
        const struct strips_op *op = &s->ground->op[i];
        const uint64_t *state = s->state + (size_t)node * s->n_words;
        if (!holds(state, op->pre, op->n_pre, op->not_pre, op->n_not_pre))
            continue;
        memcpy(s->next, state, s->n_words * sizeof(*state));
        apply(s->next, op);
        if (!meet(s, node, i))
            return 0;
    }
    return 1;
}

static void put_first(struct search *s) {
    const struct strips_ground *g = s->ground;

    memset(s->next, 0, s->n_words * sizeof(*s->next));
    for (int i = 0; i < g->n_init; i++)
        s->next[g->init[i] / 64] |= UINT64_C(1) << (g->init[i] % 64);
    meet(s, -1, -1);
}

/* The nodes themselves are the queue.  A goal, -1 for none, -2 past the bound. */
static int search_blind(struct search *s) {
    put_first(s);
    for (int node = 0; node < s->n_nodes && s->verdict < 0; node++) {
        if (is_goal(s, node))
            return node;
        if (s->n_nodes > s->limits->n_blind)
            return -2;
        if (!expand(s, node))
            break;
    }
    return -1;
}

static int search_best(struct search *s) {
    put_first(s);
    while (s->n_heap > 0 && s->verdict < 0) {
        struct entry e = pop(s);
        if (e.g != s->node[e.node].g)
            continue;
        if (is_goal(s, e.node))
            return e.node;
        if (!expand(s, e.node))
            break;
    }
    return -1;
}

static int tell_plan(const struct search *s, int node, struct strips_plan *out) {
    int n = s->node[node].g;

    out->op = malloc(((size_t)n + 1) * sizeof(*out->op));
    if (!out->op)
        return STRIPS_PLAN_NO_MEMORY;
    out->n_ops = n;
    for (; n > 0; node = s->node[node].parent)
        out->op[--n] = s->node[node].op;
    return STRIPS_SOLVED;
}

static int search(struct search *s, struct strips_plan *out) {
    s->next = malloc(s->n_words * sizeof(*s->next));
    if (!s->next)
        return STRIPS_PLAN_NO_MEMORY;
    int goal = search_blind(s);
    if (goal == -2) {
        s->n_nodes = 0;
        memset(s->slot, 0, (size_t)s->room * 2 * sizeof(*s->slot));
        s->lmcut = strips_lmcut_create(s->ground);
        if (!s->lmcut)
            return STRIPS_PLAN_NO_MEMORY;
        goal = search_best(s);
    }
    out->n_expanded = s->n_expanded;
    if (goal >= 0)
        return tell_plan(s, goal, out);
    return s->verdict < 0 ? STRIPS_NO_PLAN : s->verdict;
}

int strips_plan_find(const struct strips_ground *g, const struct strips_limits *limits,
                     struct strips_plan *out) {
    struct search s = {.ground = g, .limits = limits, .verdict = -1};

    *out = (struct strips_plan){0};
    if (g->is_hopeless)
        return STRIPS_NO_PLAN;
    s.n_words = ((size_t)g->n_atoms + 64) / 64;
    int verdict = search(&s, out);
    strips_lmcut_destroy(s.lmcut);
    free(s.node);
    free(s.state);
    free(s.slot);
    free(s.heap);
    free(s.next);
    return verdict;
}

void strips_plan_fini(struct strips_plan *p) {
    free(p->op);
    *p = (struct strips_plan){0};
}
