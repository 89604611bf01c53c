/* story.h - what the scenes of the generator write with.
 *
 * Sentences are templates: "{Name} has {x} {things}." takes its words from the slots set
 * before, {=} is the last step ("3 * 4 = 12").  Private to the generator. */
#ifndef ACCORD_MATH_STORY_H
#define ACCORD_MATH_STORY_H

#include <stddef.h>

#include "generate.h"

enum { MATH_PEOPLE = 4, MATH_MAX_SLOTS = 32 };

struct math_slot {
    const char *name;
    const char *word; /* NULL: the number */
    int64_t number;
};

struct math_writer {
    uint64_t rng;
    int level;
    int n_wanted; /* steps of the story */
    int is_she;
    int is_absurd; /* a number came out below 2, above 999 or broken */
    struct math_story *out;
    size_t n_question;
    size_t n_solution;
    const char *person[MATH_PEOPLE]; /* different names; the first is the story's hero */
    struct math_slot slot[MATH_MAX_SLOTS];
    size_t n_slots;
};

/* Random numbers from 0 to n-1, and from lo to hi. */
int64_t math_below(struct math_writer *w, int64_t n);
int64_t math_between(struct math_writer *w, int64_t lo, int64_t hi);

/* Sets a slot; words are not copied. */
void math_word(struct math_writer *w, const char *slot, const char *word);
void math_number(struct math_writer *w, const char *slot, int64_t number);

/* Appends a sentence to the question, or to the solution. */
void math_tell(struct math_writer *w, const char *sentence);
void math_show(struct math_writer *w, const char *sentence);

/* The same with one sentence of several. */
void math_tell_one(struct math_writer *w, const char *const *sentences, size_t n);
void math_show_one(struct math_writer *w, const char *const *sentences, size_t n);
#define MATH_TELL(w, list) math_tell_one((w), (list), sizeof(list) / sizeof((list)[0]))
#define MATH_SHOW(w, list) math_show_one((w), (list), sizeof(list) / sizeof((list)[0]))

/* Operands, and a step with them.  A result out of bounds marks the story as absurd: it
 * will be thrown away and another one told, so scenes need not look ahead. */
struct math_operand math_given(int64_t value);
struct math_operand math_meant(int64_t value);
struct math_operand math_work(struct math_writer *w, struct math_operand a, char op,
                              struct math_operand b);

/* How many steps the story still lacks. */
int math_left(const struct math_writer *w);

/* True in a share of the stories that grows with the level: something that does not
 * matter may be told. */
int math_distracts(struct math_writer *w);

/* The scenes: each tells a whole story of w->n_wanted steps. */
void math_scene_own(struct math_writer *w);
void math_scene_compare(struct math_writer *w);
void math_scene_shop(struct math_writer *w);
void math_scene_daily(struct math_writer *w);

/* Picks the things that people have: sets {thing}, {things}, {gain}, {drop}, {bag},
 * {bags}, and {others} for things of another kind. */
void math_pick_thing(struct math_writer *w);

/* Perhaps tells something that does not matter: before {Name} enters, so that "she" can
 * be nobody else, or of other things that {Name} has. */
void math_distract_before(struct math_writer *w);
void math_distract_after(struct math_writer *w);

/* Endings of one step.  They take "In the end, she" from {In_the_end} and the verbs from
 * {put}, {share}, {sell}, {get} and {does}, so that one or several can do it. */
void math_end_sharing(struct math_writer *w, struct math_operand have);
void math_end_selling(struct math_writer *w, struct math_operand have);

/* Sets {percent} and {part} ("25", "quarter"); returns what to divide by. */
struct math_operand math_pick_percent(struct math_writer *w);

#endif
