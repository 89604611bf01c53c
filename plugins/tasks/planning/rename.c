/* rename.c - see rename.h. */
#include "rename.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include <accord/rng.h>

enum { NAME = 32 };

/* What is known keeps its published mystery name. */
static const char *const published[][2] = {
    {"pick-up", "attack"},    {"put-down", "succumb"}, {"stack", "overcome"},
    {"unstack", "feast"},     {"clear", "province"},   {"ontable", "planet"},
    {"handempty", "harmony"}, {"holding", "pain"},     {"on", "craves"},
};

/* Words for what is not, in the order of the domain. */
static const char *const ordinary[] = {
    "wander", "whisper", "gather", "polish", "borrow", "scatter", "ribbon", "lantern",
    "meadow", "thunder", "velvet", "copper", "violin", "harbor",  "pepper", "mirror",
    "window", "saddle",  "cradle", "marble", "button", "feather", "puzzle", "barrel",
    "candle", "anchor",  "basket", "carpet", "dragon", "engine",  "forest", "garden",
};
enum { N_ORDINARY = sizeof(ordinary) / sizeof(ordinary[0]) };

struct renaming {
    const struct strips_task *task;
    uint64_t seed;
    int is_blocks;   /* PlanBench's names are for all of Blocksworld or none */
    int n_variables; /* of predicates, so far */
};

static int is_blocks(const struct strips_task *t) {
    return t->n_actions == 4 && strips_find_action(t, "pick-up") >= 0 &&
           strips_find_action(t, "put-down") >= 0 &&
           strips_find_action(t, "stack") >= 0 && strips_find_action(t, "unstack") >= 0;
}

/* The place of a name among all names of the task: actions, predicates, types but
 * "object", then objects.  -1: none. */
static int place_of(const struct strips_task *t, const char *name, int *is_object) {
    int n = 0;

    *is_object = 0;
    for (int i = 0; i < t->n_actions; i++, n++)
        if (strcmp(t->action[i].name, name) == 0)
            return n;
    for (int i = 0; i < t->n_predicates; i++, n++)
        if (strcmp(t->predicate[i].name, name) == 0)
            return n;
    for (int i = 1; i < t->n_types; i++, n++)
        if (strcmp(t->type[i].name, name) == 0)
            return n;
    *is_object = 1;
    int object = strips_find_object(t, name);
    return object < 0 ? -1 : object;
}

/* "zoverin": three syllables and the place, so that no two names are one. */
static void invent(uint64_t seed, int place, char out[NAME]) {
    static const char first[] = "bdfgklmnprstvz", middle[] = "aeiou";
    uint64_t state = accord_rng_fold(seed, (uint64_t)place);
    int n = 0;

    for (int i = 0; i < 3; i++) {
        out[n++] = first[accord_rng_below(&state, sizeof(first) - 1)];
        out[n++] = middle[accord_rng_below(&state, sizeof(middle) - 1)];
    }
    do
        out[n++] = first[place % 14];
    while ((place /= 14) > 0);
    out[n] = '\0';
}

static void name_object(int place, char out[NAME]) {
    if (place < 26)
        snprintf(out, NAME, "%c", 'a' + place);
    else
        snprintf(out, NAME, "o%d", place);
}

/* 1 if `name` is one of the task's. */
static int new_name(const struct renaming *r, const char *name, char out[NAME]) {
    int is_object, place = place_of(r->task, name, &is_object);

    if (place < 0)
        return 0;
    if (r->seed) {
        invent(r->seed, is_object ? place + 1000 : place, out);
        return 1;
    }
    if (is_object) {
        name_object(place, out);
        return 1;
    }
    for (size_t i = 0; r->is_blocks && i < sizeof(published) / sizeof(published[0]); i++)
        if (strcmp(published[i][0], name) == 0) {
            snprintf(out, NAME, "%s", published[i][1]);
            return 1;
        }
    if (place < N_ORDINARY)
        snprintf(out, NAME, "%s", ordinary[place]);
    else
        snprintf(out, NAME, "%s%d", ordinary[place % N_ORDINARY], place / N_ORDINARY);
    return 1;
}

/* Parameters by their place in their action; those of predicates are counted. */
static void name_parameter(struct renaming *r, const char *action, const char *name,
                           char out[NAME]) {
    int a = strips_find_action(r->task, action);

    for (int i = 0; a >= 0 && i < r->task->action[a].n_args; i++)
        if (strcmp(r->task->action[a].arg_name[i], name) == 0) {
            snprintf(out, NAME, "?%c", "xyzuvwst"[i]);
            return;
        }
    snprintf(out, NAME, "?v%d", ++r->n_variables);
}

static void write_word(struct renaming *r, const char *word, char *action,
                       int is_action_name, struct planning_buffer *out) {
    char name[NAME];

    if (is_action_name)
        snprintf(action, 256, "%s", word);
    if (word[0] == '?')
        name_parameter(r, action, word, name);
    else if (!new_name(r, word, name)) {
        planning_write(out, "%s", word);
        return;
    }
    planning_write(out, "%s", name);
}

void planning_rename(const struct strips_task *t, const char *text, uint64_t seed,
                     struct planning_buffer *out) {
    struct renaming r = {t, seed, is_blocks(t), 0};
    char action[256] = "";
    int is_action_name = 0;

    while (*text) {
        char word[256];
        size_t n = strcspn(text, "(); \t\r\n");
        if (*text == ';') {
            text += strcspn(text, "\n");
            continue;
        }
        if (n == 0) {
            planning_write(out, "%c", *text++);
            continue;
        }
        snprintf(word, sizeof(word), "%.*s", n < 255 ? (int)n : 255, text);
        for (char *p = word; *p; p++)
            *p = (char)tolower((unsigned char)*p);
        write_word(&r, word, action, is_action_name, out);
        is_action_name = strcmp(word, ":action") == 0;
        text += n;
    }
}
