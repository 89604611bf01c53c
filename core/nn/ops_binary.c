/* ops_binary.c - operators on two tensors, element by element, with broadcasting. */
#include "nn/tape.h"

#include <math.h>
#include <string.h>

enum { ADD, SUB, MUL, DIV, MIN, MAX };

static const char *const names[] = {"add", "sub", "mul", "div", "min", "max"};

/* Both operands over the output's four axes, missing ones in front: steps in floats, 0
 * where an operand is repeated. */
struct broadcast {
    size_t axis[MAX_RANK];
    size_t step_a[MAX_RANK], step_b[MAX_RANK];
};

static size_t axis_of(const tensor *x, uint32_t i) {
    uint32_t missing = MAX_RANK - x->rank;

    return i < missing ? 1 : x->shape[i - missing];
}

static void steps_of(const tensor *x, size_t step[MAX_RANK]) {
    size_t size = 1;

    for (uint32_t i = MAX_RANK; i-- > 0;) {
        size_t n = axis_of(x, i);
        step[i] = n == 1 ? 0 : size;
        size *= n;
    }
}

static bool broadcast(const tensor *a, const tensor *b, struct broadcast *c) {
    for (uint32_t i = 0; i < MAX_RANK; i++) {
        size_t na = axis_of(a, i), nb = axis_of(b, i);
        if (na != nb && na != 1 && nb != 1)
            return false;
        c->axis[i] = na == 1 ? nb : na;
    }
    steps_of(a, c->step_a);
    steps_of(b, c->step_b);
    return true;
}

static bool same(const tensor *a, const tensor *b) {
    return a->rank == b->rank &&
           memcmp(a->shape, b->shape, a->rank * sizeof(*a->shape)) == 0;
}

static float apply(int op, float a, float b) {
    switch (op) {
    case ADD:
        return a + b;
    case SUB:
        return a - b;
    case MUL:
        return a * b;
    case DIV:
        return a / b;
    case MIN: /* NaN stays, whichever it is */
        return a <= b || isnan(a) ? a : b;
    default:
        return a >= b || isnan(a) ? a : b;
    }
}

/* The operator's derivatives by a and by b. */
static float slope_a(int op, float a, float b) {
    switch (op) {
    case MUL:
        return b;
    case DIV:
        return 1.0f / b;
    case MIN:
        return a <= b ? 1.0f : 0.0f;
    case MAX:
        return a >= b ? 1.0f : 0.0f;
    default:
        return 1.0f;
    }
}

static float slope_b(int op, float a, float b) {
    switch (op) {
    case SUB:
        return -1.0f;
    case MUL:
        return a;
    case DIV:
        return -a / (b * b);
    case MIN:
    case MAX:
        return 1.0f - slope_a(op, a, b);
    default:
        return 1.0f;
    }
}

/* One row of the last axis; sa and sb are 0 or 1. */
struct row {
    const float *a, *b;
    size_t sa, sb, n;
};

static void forward_row(const tape *t, int op, float *y, const struct row *r) {
    if (r->sa && r->sb && op == ADD)
        t->k->add(y, r->a, r->b, r->n);
    else if (r->sa && r->sb && op == SUB)
        t->k->sub(y, r->a, r->b, r->n);
    else if (r->sa && r->sb && op == MUL)
        t->k->mul(y, r->a, r->b, r->n);
    else
        for (size_t i = 0; i < r->n; i++)
            y[i] = apply(op, r->a[i * r->sa], r->b[i * r->sb]);
}

/* A sum's operands that are not repeated along the row. */
static void back_sum(const tape *t, int op, float *da, float *db, const float *dy,
                     const struct row *r) {
    if (da)
        t->k->add(da, da, dy, r->n);
    if (db)
        (op == ADD ? t->k->add : t->k->sub)(db, db, dy, r->n);
}

static void back_row(const tape *t, int op, float *da, float *db, const float *dy,
                     const struct row *r) {
    if ((op == ADD || op == SUB) && (r->sa || !da) && (r->sb || !db)) {
        back_sum(t, op, da, db, dy, r);
        return;
    }
    for (size_t i = 0; da && i < r->n; i++)
        da[i * r->sa] += dy[i] * slope_a(op, r->a[i * r->sa], r->b[i * r->sb]);
    for (size_t i = 0; db && i < r->n; i++)
        db[i * r->sb] += dy[i] * slope_b(op, r->a[i * r->sa], r->b[i * r->sb]);
}

/* Goes over the rows of the output: forward with `y`, else back. */
struct walk {
    tape *t;
    int op;
    const struct broadcast *c;
    const float *a, *b;
    float *y, *da, *db;
    const float *dy;
};

static void one_row(const struct walk *w, size_t at_a, size_t at_b, size_t at) {
    struct row r = {w->a + at_a, w->b + at_b, w->c->step_a[3], w->c->step_b[3],
                    w->c->axis[3]};

    if (w->y)
        forward_row(w->t, w->op, w->y + at, &r);
    else
        back_row(w->t, w->op, w->da ? w->da + at_a : NULL, w->db ? w->db + at_b : NULL,
                 w->dy + at, &r);
}

static void rows(const struct walk *w) {
    const struct broadcast *c = w->c;
    size_t at = 0;

    for (size_t i = 0; i < c->axis[0]; i++)
        for (size_t j = 0; j < c->axis[1]; j++)
            for (size_t k = 0; k < c->axis[2]; k++, at += c->axis[3])
                one_row(w, i * c->step_a[0] + j * c->step_a[1] + k * c->step_a[2],
                        i * c->step_b[0] + j * c->step_b[1] + k * c->step_b[2], at);
}

static void general_back(tape *t, node *n) {
    const tensor *a = &n->in[0]->t, *b = &n->in[1]->t;
    struct broadcast c;

    if (!broadcast(a, b, &c))
        return;
    float *da = accord_nn_slot_add(t, n->in[0]);
    float *db = n->in[1] == n->in[0] ? da : accord_nn_slot_add(t, n->in[1]);
    rows(&(struct walk){t, (int)n->dim[0], &c, a->data, b->data, NULL, da, db, n->grad});
}

/* Equal shapes: sums hand their gradient on, products need one pass each. */
static void same_back(tape *t, node *n) {
    int op = (int)n->dim[0];
    bool add;

    if (op != ADD && op != SUB && op != MUL) {
        general_back(t, n);
        return;
    }
    float *db = accord_nn_slot(t, n->in[1], &add);
    if (db && op == MUL)
        (add ? t->k->mul_add : t->k->mul)(db, n->grad, n->in[0]->t.data, n->t.size);
    else if (db)
        (add ? t->k->axpy : t->k->scale)(db, op == SUB ? -1.0f : 1.0f, n->grad,
                                         n->t.size);
    if (op != MUL) {
        accord_nn_hand_on(t, n, n->in[0]);
        return;
    }
    float *da = accord_nn_slot(t, n->in[0], &add);
    if (da)
        (add ? t->k->mul_add : t->k->mul)(da, n->grad, n->in[1]->t.data, n->t.size);
}

static const tensor *binary(tape *t, int op, const tensor *a, const tensor *b) {
    struct broadcast c;

    if (!accord_nn_ready2(t, names[op], a, b))
        return &t->bad.t;
    if (!broadcast(a, b, &c))
        return accord_nn_misfit(t, names[op], a, b);
    bool equal = same(a, b);
    uint32_t rank = a->rank > b->rank ? a->rank : b->rank;
    node *n =
        accord_nn_node_new(t, rank, c.axis + MAX_RANK - rank, 2, (const tensor *[]){a, b},
                           equal ? same_back : general_back);
    if (!n)
        return &t->bad.t;
    n->dim[0] = (size_t)op;
    if (equal)
        forward_row(t, op, n->out, &(struct row){a->data, b->data, 1, 1, a->size});
    else
        rows(&(struct walk){t, op, &c, a->data, b->data, n->out, NULL, NULL, NULL});
    return &n->t;
}

const tensor *accord_nn_add(accord_nn_tape *t, const tensor *a, const tensor *b) {
    return binary(t, ADD, a, b);
}

const tensor *accord_nn_sub(accord_nn_tape *t, const tensor *a, const tensor *b) {
    return binary(t, SUB, a, b);
}

const tensor *accord_nn_mul(accord_nn_tape *t, const tensor *a, const tensor *b) {
    return binary(t, MUL, a, b);
}

const tensor *accord_nn_div(accord_nn_tape *t, const tensor *a, const tensor *b) {
    return binary(t, DIV, a, b);
}

const tensor *accord_nn_min(accord_nn_tape *t, const tensor *a, const tensor *b) {
    return binary(t, MIN, a, b);
}

const tensor *accord_nn_max(accord_nn_tape *t, const tensor *a, const tensor *b) {
    return binary(t, MAX, a, b);
}
