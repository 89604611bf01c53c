/* pddl_parts.c - see pddl_parts.h. */
#include "pddl_parts.h"

#include <string.h>

accord_code strips_no_memory(struct strips_reading *r, int line) {
    return strips_complain(r->source, ACCORD_E_NOMEM, line, "out of memory");
}

/* ---- names ------------------------------------------------------------------------ */

/* The slot of a name, or the free one where it would go (FNV-1a, linear probing). */
static int *slot_of(const struct strips_reading *r, const char *name) {
    uint64_t h = 0xcbf29ce484222325u;

    for (const char *p = name; *p; p++)
        h = (h ^ (unsigned char)*p) * 0x100000001b3u;
    for (h %= STRIPS_SLOTS;; h = (h + 1) % STRIPS_SLOTS) {
        int *slot = &r->slot[h];
        if (*slot == 0 || strcmp(r->task->object[*slot - 1].name, name) == 0)
            return slot;
    }
}

int strips_lookup(const struct strips_reading *r, const char *name) {
    return *slot_of(r, name) - 1;
}

void strips_remember(struct strips_reading *r, const char *name, int place) {
    *slot_of(r, name) = place + 1;
}

static int find_type(const struct strips_task *t, const char *name) {
    for (int i = 0; i < t->n_types; i++)
        if (strcmp(t->type[i].name, name) == 0)
            return i;
    return -1;
}

uint64_t strips_type_above(const struct strips_task *t, int type) {
    uint64_t bits = 0;

    for (; type >= 0 && !(bits >> type & 1); type = t->type[type].parent)
        bits |= UINT64_C(1) << type;
    return bits | 1; /* type 0 is "object" */
}

/* ---- typed lists ------------------------------------------------------------------ */

static accord_code read_type(struct strips_reading *r, const struct strips_sexp *x,
                             uint64_t *bits) {
    char buf[48];

    if (!x || !x->word)
        return strips_complain(r->source, ACCORD_E_CONFIG, x->line,
                               "expected the name of a type, found %s",
                               strips_show(x, buf));
    int type = find_type(r->task, x->word);
    if (type < 0)
        return strips_complain(r->source, ACCORD_E_CONFIG, x->line,
                               "expected a declared type, found \"%.40s\"", x->word);
    *bits |= UINT64_C(1) << type;
    return ACCORD_OK;
}

/* `x` stands behind the dash: "t" or "(either t u)". */
static accord_code read_types(struct strips_reading *r, const struct strips_sexp *dash,
                              uint64_t *bits) {
    const struct strips_sexp *x = dash->next;
    accord_code rc = ACCORD_OK;

    *bits = 0;
    if (!x)
        return strips_complain(r->source, ACCORD_E_CONFIG, dash->line,
                               "expected a type after \"-\"");
    if (x->word)
        return read_type(r, x, bits);
    if (!strips_is(x->first, "either") || !x->first->next)
        return strips_complain(r->source, ACCORD_E_CONFIG, x->line,
                               "expected a type or \"(either ...)\"");
    for (x = x->first->next; x && !rc; x = x->next)
        rc = read_type(r, x, bits);
    return rc;
}

accord_code strips_typed_list(struct strips_reading *r, const struct strips_sexp *x,
                              strips_take_name take, void *ctx) {
    accord_code rc = ACCORD_OK;
    char buf[48];

    while (x && !rc) {
        const struct strips_sexp *dash = x;
        uint64_t types = 1;
        while (dash && !strips_is(dash, "-"))
            dash = dash->next;
        if (dash && (rc = read_types(r, dash, &types)))
            return rc;
        for (; x != dash && !rc; x = x->next) {
            if (!x->word)
                return strips_complain(r->source, ACCORD_E_CONFIG, x->line,
                                       "expected a name, found %s", strips_show(x, buf));
            rc = take(r, x, types, ctx);
        }
        x = dash ? dash->next->next : NULL;
    }
    return rc;
}

/* ---- literals --------------------------------------------------------------------- */

static int find_predicate(const struct strips_task *t, const char *name) {
    for (int i = 0; i < t->n_predicates; i++)
        if (strcmp(t->predicate[i].name, name) == 0)
            return i;
    return -1;
}

static accord_code read_argument(struct strips_reading *r, const struct strips_sexp *x,
                                 int *out) {
    char buf[48];

    if (x->word && x->word[0] == '?' && r->action) {
        for (int i = 0; i < r->action->n_args; i++)
            if (strcmp(r->action->arg_name[i], x->word) == 0) {
                *out = ~i;
                return ACCORD_OK;
            }
        return strips_complain(r->source, ACCORD_E_CONFIG, x->line,
                               "expected a parameter of action %s, found \"%.40s\"",
                               r->action->name, x->word);
    }
    int place = x->word ? strips_lookup(r, x->word) : -1;
    if (place < 0)
        return strips_complain(r->source, ACCORD_E_CONFIG, x->line,
                               "expected a declared object, found %s",
                               strips_show(x, buf));
    *out = place;
    return ACCORD_OK;
}

/* Objects must be of the right type in the state and the goal; in an action the types of
 * its parameters decide what is grounded. */
static accord_code check_types(struct strips_reading *r, const struct strips_sexp *x,
                               const struct strips_literal *l) {
    if (l->predicate == STRIPS_EQUAL)
        return ACCORD_OK;
    const struct strips_predicate *p = &r->task->predicate[l->predicate];
    for (int i = 0; i < l->n_args; i++)
        if (l->arg[i] >= 0 && !(r->task->object[l->arg[i]].types & p->accepts[i]))
            return strips_complain(r->source, ACCORD_E_CONFIG, x->line,
                                   "object %s has the wrong type for argument %d of %s",
                                   r->task->object[l->arg[i]].name, i + 1, p->name);
    return ACCORD_OK;
}

static accord_code read_atom(struct strips_reading *r, const struct strips_sexp *x,
                             struct strips_literal *out) {
    const struct strips_sexp *head = x->word ? NULL : x->first;
    char buf[48];

    if (!head || !head->word)
        return strips_complain(r->source, ACCORD_E_CONFIG, x->line,
                               "expected \"(predicate ...)\", found %s",
                               strips_show(x, buf));
    int is_equal = strcmp(head->word, "=") == 0;
    out->predicate = is_equal ? STRIPS_EQUAL : find_predicate(r->task, head->word);
    if (!is_equal && out->predicate < 0)
        return strips_complain(r->source, ACCORD_E_CONFIG, head->line,
                               "expected a declared predicate, found \"%.40s\"",
                               head->word);
    int wanted = is_equal ? 2 : r->task->predicate[out->predicate].n_args;
    int n = 0;
    for (const struct strips_sexp *a = head->next; a; a = a->next, n++) {
        accord_code rc = n < wanted ? read_argument(r, a, &out->arg[n]) : ACCORD_OK;
        if (rc)
            return rc;
    }
    if (n != wanted)
        return strips_complain(r->source, ACCORD_E_CONFIG, x->line,
                               "%s takes %d arguments, not %d", head->word, wanted, n);
    out->n_args = n;
    return check_types(r, x, out);
}

accord_code strips_read_literal(struct strips_reading *r, const struct strips_sexp *x,
                                struct strips_literal *out) {
    *out = (struct strips_literal){0};
    if (!x->word && strips_is(x->first, "not")) {
        if (!x->first->next || x->first->next->next)
            return strips_complain(r->source, ACCORD_E_CONFIG, x->line,
                                   "\"not\" takes one atom");
        out->is_negated = 1;
        x = x->first->next;
    }
    if (!x->word && x->first && x->first->word) {
        static const char *const unread[] = {"or",     "imply",    "forall",   "exists",
                                             "when",   "increase", "decrease", "not",
                                             "assign", NULL};
        for (int i = 0; unread[i]; i++)
            if (strcmp(x->first->word, unread[i]) == 0)
                return strips_complain(r->source, ACCORD_E_CONFIG, x->line,
                                       "expected an atom: \"%s\" is not part of :strips",
                                       unread[i]);
    }
    return read_atom(r, x, out);
}

accord_code strips_read_literals(struct strips_reading *r, const struct strips_sexp *x,
                                 const char *what, struct strips_literals *out) {
    char buf[48];
    int n = 1;

    if (x->word)
        return strips_complain(r->source, ACCORD_E_CONFIG, x->line,
                               "expected %s in parentheses, found %s", what,
                               strips_show(x, buf));
    *out = (struct strips_literals){0};
    if (!x->first) /* "()" is nothing */
        return ACCORD_OK;
    int is_and = strips_is(x->first, "and");
    if (is_and) {
        n = 0;
        for (const struct strips_sexp *l = x->first->next; l; l = l->next)
            n++;
    }
    out->item = strips_alloc(&r->task->arena, (size_t)n, sizeof(*out->item));
    if (!out->item)
        return strips_no_memory(r, x->line);
    if (!is_and) {
        out->n = 1;
        return strips_read_literal(r, x, out->item);
    }
    for (const struct strips_sexp *l = x->first->next; l; l = l->next) {
        accord_code rc = strips_read_literal(r, l, &out->item[out->n++]);
        if (rc)
            return rc;
    }
    return ACCORD_OK;
}
