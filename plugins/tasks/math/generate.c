/* generate.c - see generate.h: who is in a story, how long it is, and its split. */
#include "generate.h"

#include <string.h>

#include <accord/plugin.h>
#include <accord/rng.h>
#include <accord/sha256.h>

#include "story.h"

enum { EVAL_MOD = 5 };

struct person {
    const char *name;
    int is_she;
};

static const struct person people[] = {
    {"Anna", 1}, {"Clara", 1}, {"Emma", 1}, {"Lucy", 1}, {"Mia", 1},  {"Sara", 1},
    {"Ben", 0},  {"David", 0}, {"Jack", 0}, {"Leo", 0},  {"Omar", 0}, {"Tom", 0},
};
enum { N_PEOPLE = sizeof(people) / sizeof(people[0]) };

/* Somebody of the other sex, so that "she" and "he" are clear, and not the last of the
 * cast, who may have a part of his own. */
static const char *pick_friend(struct math_writer *w, const int *order) {
    int64_t i;

    do
        i = math_below(w, N_PEOPLE);
    while (people[i].is_she == people[order[0]].is_she || i == order[MATH_PEOPLE - 1]);
    return people[i].name;
}

/* Four different people, in random order. */
static void cast_people(struct math_writer *w) {
    int order[N_PEOPLE];

    for (int i = 0; i < N_PEOPLE; i++)
        order[i] = i;
    for (int i = 0; i < MATH_PEOPLE; i++) {
        int j = (int)math_between(w, i, N_PEOPLE - 1), other = order[j];
        order[j] = order[i];
        order[i] = other;
        w->person[i] = people[other].name;
    }
    int she = w->is_she = people[order[0]].is_she;
    math_word(w, "Name", w->person[0]);
    math_word(w, "friend", pick_friend(w, order));
    math_word(w, "nobody", w->person[3]);
    math_word(w, "She", she ? "She" : "He");
    math_word(w, "she", she ? "she" : "he");
    math_word(w, "her", she ? "her" : "him");
    math_word(w, "his", she ? "her" : "his");
    math_word(w, "His", she ? "Her" : "His");
}

static void tell_story(struct math_writer *w) {
    static void (*const scenes[])(struct math_writer *) = {
        math_scene_own, math_scene_compare, math_scene_shop, math_scene_daily};
    int level = w->level;

    w->n_wanted = level < MATH_LEVELS ? level : (int)math_between(w, 5, MATH_MAX_STEPS);
    cast_people(w);
    math_pick_thing(w);
    scenes[math_below(w, sizeof(scenes) / sizeof(scenes[0]))](w);
}

void math_story_write(uint64_t state, int level, struct math_story *out) {
    int is_absurd;

    do {
        struct math_writer w = {.rng = state, .level = level, .out = out};
        *out = (struct math_story){0};
        tell_story(&w);
        is_absurd = w.is_absurd;
        state = w.rng;
    } while (is_absurd);
}

int math_story_split(const char *question) {
    return accord_sha256_mod(question, strlen(question), EVAL_MOD) == 0
               ? ACCORD_SPLIT_EVAL
               : ACCORD_SPLIT_TRAIN;
}

void math_generate(uint64_t seed, int level, int split, uint64_t item,
                   struct math_story *out) {
    uint64_t state = accord_rng_fold_text(seed, "math");

    state = accord_rng_fold(state, (uint64_t)level);
    state = accord_rng_fold(state, (uint64_t)split);
    state = accord_rng_fold(state, item);
    for (uint64_t attempt = 0;; attempt++) {
        math_story_write(accord_rng_fold(state, attempt), level, out);
        if (math_story_split(out->question) == split)
            return;
    }
}
