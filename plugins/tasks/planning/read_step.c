/* read_step.c - see read_step.h. */
#include "read_step.h"

#include <stdio.h>
#include <string.h>

/* Between an action and its objects, and between these. */
static const char noise[] =
    "the an block blocks cube object package truck plane airplane city location from off "
    "of on onto upon top over to table it's its in into at with using which currently "
    "hand and args arg arguments argument params parameters parameter objects block1 "
    "block2 object1 object2 obj source destination target bottom under underneath "
    "underob ob x y toward towards via aboard text texttt mathrm textbf up down called "
    "named away out";

/* After these no object of the step is named any more. */
static const char comment[] =
    "is was are isn't wasn't would will could can cannot can't not so because since "
    "should must has have";

/* ---- verbs ------------------------------------------------------------------------ */

/* Do the words of `name`, cut at "-", "_" and blanks, stand at the cursor, as one token
 * or as several? */
static int match(struct planning_cursor *c, const char *name) {
    struct planning_cursor at = *c;
    struct planning_token t;
    char joined[PLANNING_WORD];
    size_t n = 0;

    if (!planning_next_token(&at, &t) || t.mark)
        return 0;
    for (const char *p = name; *p && n < sizeof(joined) - 1; p++)
        if (!strchr("-_ ", *p))
            joined[n++] = *p;
    joined[n] = '\0';
    char word[PLANNING_WORD];
    for (size_t have = 0;;) {
        for (const char *p = t.word; *p && have < sizeof(word) - 1; p++)
            if (*p != '-' && *p != '_')
                word[have++] = *p;
        word[have] = '\0';
        if (strcmp(word, joined) == 0)
            break;
        if (strncmp(word, joined, have) != 0 || have == 0)
            return 0;
        /* "pick - up" is written, too. */
        if (!planning_next_token(&at, &t) ||
            (t.mark && (t.mark != '-' || !planning_next_token(&at, &t) || t.mark)))
            return 0;
    }
    *c = at;
    return 1;
}

struct verb {
    int action;
    int pair;            /* meant instead when two objects are named, or -1 */
    const char *synonym; /* NULL: the action's own name */
};

/* The longest name or synonym at the cursor. */
static int match_verb(const struct planning_lexicon *l, struct planning_cursor *c,
                      struct verb *out) {
    const struct strips_task *t = l->task;
    struct planning_cursor best = *c;
    int is_found = 0;

    for (int i = 0; i < t->n_actions; i++) {
        struct planning_cursor at = *c;
        if (match(&at, t->action[i].name) && at.p > best.p) {
            *out = (struct verb){i, -1, NULL};
            best = at;
            is_found = 1;
        }
    }
    for (const struct planning_synonym *s = l->speech->synonyms; s->words; s++) {
        struct planning_cursor at = *c;
        if (match(&at, s->words) && at.p > best.p) {
            *out = (struct verb){strips_find_action(t, s->action),
                                 s->pair ? strips_find_action(t, s->pair) : -1, s->words};
            best = at;
            is_found = 1;
        }
    }
    *c = best;
    return is_found;
}

/* ---- objects ---------------------------------------------------------------------- */

/* "red_block", "block-a", "blocka". */
static int find_decorated(const struct planning_lexicon *l, const char *word) {
    const char *block = strstr(word, "block");
    char bare[PLANNING_WORD];
    size_t n = 0;

    if (!block || strcmp(word, "block") == 0)
        return -1;
    for (const char *p = word; *p; p++) {
        if (p == block)
            p += 5;
        if (!*p)
            break;
        if (*p != '-' && *p != '_')
            bare[n++] = *p;
    }
    bare[n] = '\0';
    return planning_find_object(l, bare);
}

/* The article "a" is also a block's name: an article where "block" follows. */
static int is_article(const struct planning_cursor *after, const char *word) {
    struct planning_token next;

    return strcmp(word, "a") == 0 && planning_peek_token(after, &next) &&
           planning_is_in("block object cube clear package", next.word);
}

static int find_named(const struct planning_lexicon *l,
                      const struct planning_cursor *after, const char *word) {
    if (is_article(after, word))
        return -1;
    int object = planning_find_object(l, word);
    return object >= 0 ? object : find_decorated(l, word);
}

static int is_pronoun(const char *word) {
    return planning_is_in("it them this that", word);
}

/* Is `n` of the objects enough for whatever the verb may mean? */
static int wanted(const struct planning_lexicon *l, const struct verb *v) {
    int n = l->task->action[v->action].n_args;

    return v->pair >= 0 && l->task->action[v->pair].n_args > n
               ? l->task->action[v->pair].n_args
               : n;
}

/* Reads objects until there are enough or something else stands there. */
static void read_objects(const struct planning_lexicon *l, struct planning_cursor *c,
                         const struct verb *v, const struct planning_step *before,
                         struct planning_found *out) {
    struct planning_step *s = &out->step;
    struct planning_cursor at = *c;
    struct planning_token t;
    int most = wanted(l, v), is_plain = 1;

    while (s->n_args < most && planning_next_token(&at, &t)) {
        if (t.mark) {
            /* What else a sentence holds belongs to no step; marks inside one do. */
            if (strchr(";!?", t.mark) || (t.mark == '.' && s->n_args > 0) ||
                (t.mark == ')' && s->n_args > 0) || (t.mark == '(' && s->n_args > 0))
                break;
            continue;
        }
        int object = find_named(l, &at, t.word);
        if (object < 0 && is_pronoun(t.word) && before && before->n_args > 0)
            object = before->arg[0];
        if (object >= 0) {
            s->arg[s->n_args++] = object;
            *c = at;
        } else if (planning_is_in(noise, t.word) || strcmp(t.word, "a") == 0 ||
                   (v->synonym && planning_is_in("up down it", t.word))) {
            is_plain = 0;
        } else {
            out->is_comment = planning_is_in(comment, t.word) && s->n_args == 0;
            break;
        }
    }
    out->form = is_plain && !v->synonym ? PLANNING_FORM_NAMES : PLANNING_FORM_WORDS;
}

/* ---- which action is meant -------------------------------------------------------- */

/* Do the types fit, and the conditions with one argument, in the initial state? */
static int suits(const struct planning_lexicon *l, int action,
                 const struct planning_step *s) {
    const struct strips_action *a = &l->task->action[action];

    if (a->n_args != s->n_args)
        return 0;
    for (int i = 0; i < a->n_args; i++)
        if (!(l->task->object[s->arg[i]].types & a->accepts[i]))
            return 0;
    for (int i = 0; i < a->condition.n; i++) {
        const struct strips_literal *c = &a->condition.item[i];
        int is_true = 0;
        if (c->n_args != 1 || c->is_negated || c->arg[0] >= 0)
            continue;
        for (int k = 0; k < l->task->init.n && !is_true; k++) {
            const struct strips_literal *f = &l->task->init.item[k];
            is_true = f->predicate == c->predicate && f->arg[0] == s->arg[~c->arg[0]];
        }
        if (!is_true)
            return 0;
    }
    return 1;
}

/* "load" is load-truck or load-airplane: the first that suits, or the first. */
static void choose_action(const struct planning_lexicon *l, const struct verb *v,
                          struct planning_step *s) {
    s->action = v->action;
    if (!v->synonym)
        return;
    if (v->pair >= 0 && s->n_args == l->task->action[v->pair].n_args) {
        s->action = v->pair;
        return;
    }
    for (const struct planning_synonym *y = l->speech->synonyms; y->words; y++) {
        int action = strips_find_action(l->task, y->action);
        if (strcmp(y->words, v->synonym) == 0 && suits(l, action, s)) {
            s->action = action;
            return;
        }
    }
}

static void keep_wording(struct planning_step *s, const char *begin, const char *end) {
    size_t n = (size_t)(end - begin);

    if (n > sizeof(s->wrote) - 1) {
        n = sizeof(s->wrote) - 1;
        while (n > 0 && ((unsigned char)begin[n] & 0xc0) == 0x80)
            n--;
    }
    for (size_t i = 0; i < n; i++)
        s->wrote[i] = (char)((unsigned char)begin[i] < 0x20 ? ' ' : begin[i]);
    s->wrote[n] = '\0';
}

int planning_read_words(const struct planning_lexicon *l, struct planning_cursor *c,
                        const struct planning_step *before, struct planning_found *out) {
    const char *begin = c->p;
    struct verb v;

    *out = (struct planning_found){0};
    if (!match_verb(l, c, &v) || v.action < 0)
        return 0;
    if (l->task->action[v.action].n_args > 0)
        read_objects(l, c, &v, before, out);
    else
        out->form = PLANNING_FORM_NAMES;
    choose_action(l, &v, &out->step);
    out->is_complete = out->step.n_args == l->task->action[out->step.action].n_args;
    keep_wording(&out->step, begin, c->p);
    return 1;
}

int planning_read_pddl(const struct planning_lexicon *l, struct planning_cursor *c,
                       struct planning_found *out) {
    struct planning_cursor at = *c;
    struct planning_step *s = &out->step;
    struct planning_token t;
    int is_known = 1;

    *out = (struct planning_found){.form = PLANNING_FORM_PDDL};
    if (!planning_next_token(&at, &t) || t.mark != '(' || !planning_next_token(&at, &t) ||
        t.mark)
        return 0;
    s->action = strips_find_action(l->task, t.word);
    while (planning_next_token(&at, &t) && t.mark != ')') {
        if (t.mark == ',')
            continue;
        if (t.mark || s->n_args == STRIPS_ARGS)
            return 0;
        s->arg[s->n_args] = planning_find_object(l, t.word);
        is_known &= s->arg[s->n_args++] >= 0;
    }
    if (t.mark != ')' || (s->action < 0 && (s->n_args == 0 || !is_known)))
        return 0;
    keep_wording(s, c->p, at.p);
    *c = at;
    out->is_complete =
        s->action >= 0 && is_known && s->n_args == l->task->action[s->action].n_args;
    return 1;
}
