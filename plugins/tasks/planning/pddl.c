/* pddl.c - see pddl.h: the sections of a domain and of a problem. */
#include "pddl.h"

#include <stdlib.h>
#include <string.h>

#include "pddl_parts.h"

typedef accord_code (*take_section)(struct strips_reading *r,
                                    const struct strips_sexp *section);

/* A section of a file, by its first word. */
struct section {
    const char *name;
    take_section take;
};

static accord_code expect(struct strips_reading *r, const struct strips_sexp *x, int line,
                          const char *wanted) {
    char buf[48];

    return strips_complain(r->source, ACCORD_E_CONFIG, x ? x->line : line,
                           "expected %s, found %s", wanted, strips_show(x, buf));
}

static int count(const struct strips_sexp *x) {
    int n = 0;

    for (; x; x = x->next)
        n++;
    return n;
}

/* ---- types and objects ------------------------------------------------------------ */

static accord_code take_requirements(struct strips_reading *r,
                                     const struct strips_sexp *s) {
    static const char *const known[] = {":strips", ":typing", ":negative-preconditions",
                                        ":equality", NULL};

    for (const struct strips_sexp *x = s->first->next; x; x = x->next) {
        int i = 0;
        while (known[i] && !strips_is(x, known[i]))
            i++;
        if (!known[i])
            return expect(r, x, s->line,
                          ":strips, :typing, :negative-preconditions or :equality");
    }
    return ACCORD_OK;
}

static accord_code add_type(struct strips_reading *r, const struct strips_sexp *name,
                            int *out) {
    struct strips_task *t = r->task;

    for (int i = 0; i < t->n_types; i++)
        if (strips_is(name, t->type[i].name)) {
            *out = i;
            return ACCORD_OK;
        }
    if (t->n_types == STRIPS_TYPES)
        return strips_complain(r->source, ACCORD_E_LIMIT, name->line,
                               "more than %d types", STRIPS_TYPES - 1);
    *out = t->n_types++;
    t->type[*out] = (struct strips_type){.name = name->word, .parent = 0};
    return ACCORD_OK;
}

/* "a b - c": parents may be named before they are declared themselves, so that this is
 * no typed list. */
static accord_code take_types(struct strips_reading *r, const struct strips_sexp *s) {
    const struct strips_sexp *first = s->first->next;
    accord_code rc = ACCORD_OK;
    int type, parent;

    for (const struct strips_sexp *x = first; x && !rc; x = x->next) {
        if (!x->word)
            return expect(r, x, s->line, "the name of a type");
        if (strcmp(x->word, "-") != 0) {
            rc = add_type(r, x, &type);
            continue;
        }
        if (!x->next || !x->next->word)
            return expect(r, x->next, x->line, "the name of a type after \"-\"");
        if ((rc = add_type(r, x->next, &parent)))
            return rc;
        for (; first != x; first = first->next) {
            rc = rc ? rc : add_type(r, first, &type);
            if (!rc && type > 0)
                r->task->type[type].parent = parent;
        }
        x = x->next;
        first = x->next;
    }
    return rc;
}

/* A type that is its own ancestor. */
static accord_code check_types(struct strips_reading *r, const struct strips_sexp *s) {
    for (int i = 1; i < r->task->n_types; i++) {
        int up = i, steps = 0;
        while (up > 0 && steps++ <= r->task->n_types)
            up = r->task->type[up].parent;
        if (up > 0)
            return strips_complain(r->source, ACCORD_E_CONFIG, s->line,
                                   "type %s is its own ancestor", r->task->type[i].name);
    }
    return ACCORD_OK;
}

static accord_code take_types_checked(struct strips_reading *r,
                                      const struct strips_sexp *s) {
    accord_code rc = take_types(r, s);

    return rc ? rc : check_types(r, s);
}

static accord_code add_object(struct strips_reading *r, const struct strips_sexp *name,
                              uint64_t types, void *ctx) {
    struct strips_task *t = r->task;
    uint64_t above = 0;

    if (name->word[0] == '?')
        return expect(r, name, name->line, "an object's name");
    if (strips_lookup(r, name->word) >= 0)
        return strips_complain(r->source, ACCORD_E_CONFIG, name->line,
                               "object %.40s is declared twice", name->word);
    if (t->n_objects == STRIPS_OBJECTS)
        return strips_complain(r->source, ACCORD_E_LIMIT, name->line,
                               "more than %d objects", STRIPS_OBJECTS);
    for (int i = 0; i < t->n_types; i++)
        if (types >> i & 1)
            above |= strips_type_above(t, i);
    t->object[t->n_objects] = (struct strips_object){name->word, above, types};
    strips_remember(r, name->word, t->n_objects++);
    return ACCORD_OK;
}

static accord_code take_objects(struct strips_reading *r, const struct strips_sexp *s) {
    return strips_typed_list(r, s->first->next, add_object, NULL);
}

/* ---- predicates and actions ------------------------------------------------------- */

static accord_code add_predicate_arg(struct strips_reading *r,
                                     const struct strips_sexp *name, uint64_t types,
                                     void *ctx) {
    struct strips_predicate *p = ctx;

    if (name->word[0] != '?')
        return expect(r, name, name->line, "a variable (\"?x\")");
    if (p->n_args == STRIPS_ARGS)
        return strips_complain(r->source, ACCORD_E_LIMIT, name->line,
                               "predicate %s has more than %d arguments", p->name,
                               STRIPS_ARGS);
    p->accepts[p->n_args++] = types;
    return ACCORD_OK;
}

static accord_code take_predicates(struct strips_reading *r,
                                   const struct strips_sexp *s) {
    struct strips_task *t = r->task;
    int n = count(s->first->next);

    if (n > STRIPS_SYMBOLS)
        return strips_complain(r->source, ACCORD_E_LIMIT, s->line,
                               "more than %d predicates", STRIPS_SYMBOLS);
    t->predicate = strips_alloc(&t->arena, (size_t)n, sizeof(*t->predicate));
    if (!t->predicate)
        return strips_no_memory(r, s->line);
    t->n_predicates = 0;
    for (const struct strips_sexp *x = s->first->next; x; x = x->next) {
        struct strips_predicate *p = &t->predicate[t->n_predicates];
        if (x->word || !x->first || !x->first->word)
            return expect(r, x, s->line, "\"(predicate ?x ...)\"");
        p->name = x->first->word;
        for (int i = 0; i < t->n_predicates; i++)
            if (strcmp(t->predicate[i].name, p->name) == 0)
                return strips_complain(r->source, ACCORD_E_CONFIG, x->line,
                                       "predicate %s is declared twice", p->name);
        accord_code rc = strips_typed_list(r, x->first->next, add_predicate_arg, p);
        if (rc)
            return rc;
        t->n_predicates++;
    }
    return ACCORD_OK;
}

static accord_code add_parameter(struct strips_reading *r, const struct strips_sexp *name,
                                 uint64_t types, void *ctx) {
    struct strips_action *a = ctx;

    if (name->word[0] != '?')
        return expect(r, name, name->line, "a variable (\"?x\")");
    for (int i = 0; i < a->n_args; i++)
        if (strips_is(name, a->arg_name[i]))
            return strips_complain(r->source, ACCORD_E_CONFIG, name->line,
                                   "parameter %.40s is declared twice", name->word);
    if (a->n_args == STRIPS_ARGS)
        return strips_complain(r->source, ACCORD_E_LIMIT, name->line,
                               "action %s has more than %d parameters", a->name,
                               STRIPS_ARGS);
    a->arg_name[a->n_args] = name->word;
    a->accepts[a->n_args++] = types;
    return ACCORD_OK;
}

/* ":parameters (...)" and so on: the value behind each key. */
static accord_code find_parts(struct strips_reading *r, const struct strips_sexp *x,
                              int line, const struct strips_sexp *part[3]) {
    static const char *const keys[] = {":parameters", ":precondition", ":effect"};

    for (; x; x = x->next->next) {
        int i = 0;
        while (i < 3 && !strips_is(x, keys[i]))
            i++;
        if (i == 3 || part[i])
            return expect(r, x, line, "one :parameters, :precondition or :effect");
        if (!x->next || x->next->word)
            return expect(r, x->next, x->line, "a list");
        part[i] = x->next;
    }
    return ACCORD_OK;
}

static accord_code check_effect(struct strips_reading *r, const struct strips_sexp *s,
                                const struct strips_action *a) {
    for (int i = 0; i < a->effect.n; i++)
        if (a->effect.item[i].predicate == STRIPS_EQUAL)
            return strips_complain(r->source, ACCORD_E_CONFIG, s->line,
                                   "an effect of %s cannot be \"=\"", a->name);
    return ACCORD_OK;
}

static accord_code take_action(struct strips_reading *r, const struct strips_sexp *s) {
    struct strips_task *t = r->task;
    const struct strips_sexp *name = s->first->next, *part[3] = {0};
    struct strips_action *a = &t->action[t->n_actions];

    if (!name || !name->word || name->word[0] == ':')
        return expect(r, name, s->line, "the action's name");
    if (strips_find_action(t, name->word) >= 0)
        return strips_complain(r->source, ACCORD_E_CONFIG, name->line,
                               "action %.40s is declared twice", name->word);
    a->name = name->word;
    accord_code rc = find_parts(r, name->next, s->line, part);
    if (!rc && part[0])
        rc = strips_typed_list(r, part[0]->first, add_parameter, a);
    r->action = a;
    if (!rc && part[1])
        rc = strips_read_literals(r, part[1], "a condition", &a->condition);
    if (!rc && part[2])
        rc = strips_read_literals(r, part[2], "an effect", &a->effect);
    r->action = NULL;
    t->n_actions += !rc;
    return rc ? rc : check_effect(r, s, a);
}

/* ---- the problem ------------------------------------------------------------------ */

static accord_code take_domain_name(struct strips_reading *r,
                                    const struct strips_sexp *s) {
    const struct strips_sexp *name = s->first->next;

    if (strips_is(name, r->task->domain_name))
        return ACCORD_OK;
    char wanted[96] = "the domain's name \"";
    strncat(wanted, r->task->domain_name, 60);
    strcat(wanted, "\"");
    return expect(r, name, s->line, wanted);
}

static accord_code take_init(struct strips_reading *r, const struct strips_sexp *s) {
    struct strips_literals *init = &r->task->init;
    int n = count(s->first->next);

    if (n > STRIPS_FACTS)
        return strips_complain(r->source, ACCORD_E_LIMIT, s->line, "more than %d facts",
                               STRIPS_FACTS);
    init->item = strips_alloc(&r->task->arena, (size_t)n, sizeof(*init->item));
    if (!init->item)
        return strips_no_memory(r, s->line);
    for (const struct strips_sexp *x = s->first->next; x; x = x->next) {
        struct strips_literal *l = &init->item[init->n];
        accord_code rc = strips_read_literal(r, x, l);
        if (rc)
            return rc;
        if (l->predicate == STRIPS_EQUAL)
            return expect(r, x, s->line, "a fact");
        init->n += !l->is_negated; /* what is not said is false anyway */
    }
    return ACCORD_OK;
}

static accord_code take_goal(struct strips_reading *r, const struct strips_sexp *s) {
    if (!s->first->next || s->first->next->next)
        return expect(r, s->first->next, s->line, "one condition after :goal");
    return strips_read_literals(r, s->first->next, "a condition", &r->task->goal);
}

/* ---- the two files ---------------------------------------------------------------- */

/* "(define (KIND NAME) section...)".  Sections come in any order in the table's; those
 * that occur once are taken in that order, so that types stand before what uses them. */
static accord_code take_sections(struct strips_reading *r, const struct strips_sexp *x,
                                 const char *kind, const struct section *table,
                                 const char **name) {
    const struct strips_sexp *head = x->first ? x->first->next : NULL;
    char wanted[48] = "\"(";

    strncat(wanted, kind, 16);
    strcat(wanted, " NAME)\"");
    if (!strips_is(x->first, "define"))
        return expect(r, x->first, x->line, "\"define\"");
    if (!head || head->word || !strips_is(head->first, kind) || !head->first->next ||
        !head->first->next->word)
        return expect(r, head, x->line, wanted);
    *name = head->first->next->word;
    for (const struct strips_sexp *s = head->next; s; s = s->next) {
        int i = 0;
        while (table[i].name && (s->word || !strips_is(s->first, table[i].name)))
            i++;
        if (!table[i].name)
            return expect(r, s->word ? s : s->first, s->line, "a known section");
    }
    for (int i = 0; table[i].name; i++) {
        int n = 0;
        for (const struct strips_sexp *s = head->next; s; s = s->next) {
            if (!strips_is(s->first, table[i].name))
                continue;
            if (n++ && table[i].take != take_action)
                return strips_complain(r->source, ACCORD_E_CONFIG, s->line,
                                       "a second section %s", table[i].name);
            accord_code rc = table[i].take(r, s);
            if (rc)
                return rc;
        }
    }
    return ACCORD_OK;
}

static accord_code reserve(struct strips_reading *r, const struct strips_sexp *x) {
    struct strips_task *t = r->task;
    int n = 0;

    for (const struct strips_sexp *s = x->first; s; s = s->next)
        n += !s->word && strips_is(s->first, ":action");
    if (n > STRIPS_SYMBOLS)
        return strips_complain(r->source, ACCORD_E_LIMIT, x->line, "more than %d actions",
                               STRIPS_SYMBOLS);
    t->action = strips_alloc(&t->arena, (size_t)n, sizeof(*t->action));
    t->type = strips_alloc(&t->arena, STRIPS_TYPES, sizeof(*t->type));
    if (!t->action || !t->type)
        return strips_no_memory(r, x->line);
    t->type[t->n_types++] = (struct strips_type){.name = "object", .parent = -1};
    return ACCORD_OK;
}

static accord_code read_domain(struct strips_reading *r, const char *text) {
    static const struct section sections[] = {
        {":requirements", take_requirements},
        {":types", take_types_checked},
        {":constants", take_objects},
        {":predicates", take_predicates},
        {":action", take_action},
        {NULL, NULL},
    };
    const struct strips_sexp *x;

    accord_code rc = strips_sexp_read(r->source, &r->task->arena, text, &x);
    if (!rc)
        rc = reserve(r, x);
    return rc ? rc : take_sections(r, x, "domain", sections, &r->task->domain_name);
}

static accord_code read_problem(struct strips_reading *r, const char *text) {
    static const struct section sections[] = {
        {":domain", take_domain_name}, {":requirements", take_requirements},
        {":objects", take_objects},    {":init", take_init},
        {":goal", take_goal},          {NULL, NULL},
    };
    const struct strips_sexp *x;

    accord_code rc = strips_sexp_read(r->source, &r->task->arena, text, &x);
    if (!rc)
        rc = take_sections(r, x, "problem", sections, &r->task->problem_name);
    if (!rc && !r->task->goal.item)
        rc = expect(r, NULL, x->line, "a section :goal");
    return rc;
}

static accord_code read_both(struct strips_reading *r, const struct strips_text *domain,
                             const struct strips_text *problem) {
    struct strips_task *t = r->task;

    r->source->name = domain->name;
    t->object = calloc(STRIPS_OBJECTS, sizeof(*t->object));
    if (!t->object)
        return strips_no_memory(r, 1);
    accord_code rc = read_domain(r, domain->text);
    if (rc)
        return rc;
    t->n_constants = t->n_objects;
    r->source->name = problem->name;
    return read_problem(r, problem->text);
}

accord_code strips_task_read(const struct strips_text *domain,
                             const struct strips_text *problem,
                             struct strips_source *source, struct strips_task **out) {
    struct strips_reading r = {.source = source};

    *out = NULL;
    *source = (struct strips_source){.name = domain->name};
    r.task = calloc(1, sizeof(*r.task));
    r.slot = calloc(STRIPS_SLOTS, sizeof(*r.slot));
    accord_code rc = r.task && r.slot
                         ? read_both(&r, domain, problem)
                         : strips_complain(source, ACCORD_E_NOMEM, 1, "out of memory");
    free(r.slot);
    if (rc) {
        strips_task_destroy(r.task);
        return rc;
    }
    *out = r.task;
    return ACCORD_OK;
}

void strips_task_destroy(struct strips_task *t) {
    if (!t)
        return;
    strips_arena_fini(&t->arena);
    free(t->object);
    free(t);
}

int strips_find_action(const struct strips_task *t, const char *name) {
    for (int i = 0; i < t->n_actions; i++)
        if (strcmp(t->action[i].name, name) == 0)
            return i;
    return -1;
}

int strips_find_object(const struct strips_task *t, const char *name) {
    for (int i = 0; i < t->n_objects; i++)
        if (strcmp(t->object[i].name, name) == 0)
            return i;
    return -1;
}
