/* scene_compare.c - how much several people have, told by comparing them. */
#include "story.h"

struct relation {
    const char *told;
    const char *shown;
    char op;
    int64_t times; /* what the word means; 0: the number {x} */
};

static const struct relation relations[] = {
    {"{next} has {x} more {things} than {prev}.", "{next} has {=} {things}.", '+', 0},
    {"{next} has {x} fewer {things} than {prev}.", "{next} has {=} {things}.", '-', 0},
    {"{next} has twice as many {things} as {prev}.", "{next} has {=} {things}.", '*', 2},
    {"{next} has {x} times as many {things} as {prev}.", "{next} has {=} {things}.", '*',
     0},
    {"{next} has half as many {things} as {prev}.", "{next} has {=} {things}.", '/', 2},
};
enum { N_RELATIONS = sizeof(relations) / sizeof(relations[0]) };

static struct math_operand relate(struct math_writer *w, struct math_operand prev) {
    const struct relation *r = &relations[math_below(w, N_RELATIONS)];
    struct math_operand x = math_meant(r->times);

    if (!r->times && r->op == '*')
        x = math_given(math_between(w, 3, 5));
    else if (!r->times)
        x = math_given(math_between(w, 2, 10 + 4 * w->level));
    math_number(w, "x", x.value);
    math_tell(w, r->told);
    prev = math_work(w, prev, r->op, x);
    math_show(w, r->shown);
    return prev;
}

/* Who has things: the first `n` people. */
static const char *const together[] = {
    "{p0} and {p1} have {=} {things} together.",
    "{p0}, {p1} and {p2} have {=} {things} together.",
    "{p0}, {p1}, {p2} and {p3} have {=} {things} together.",
};
static const char *const ask_together[] = {
    "How many {things} do {p0} and {p1} have together?",
    "How many {things} do {p0}, {p1} and {p2} have together?",
    "How many {things} do {p0}, {p1}, {p2} and {p3} have together?",
};

static struct math_operand sum(struct math_writer *w, const struct math_operand *have,
                               int n) {
    struct math_operand all = have[0];

    for (int i = 1; i < n; i++) {
        all = math_work(w, all, '+', have[i]);
        math_show(w, together[i - 1]);
    }
    return all;
}

static void ask_difference(struct math_writer *w, struct math_operand first,
                           struct math_operand last, const char *name) {
    int is_more = last.value > first.value;

    math_word(w, "more", is_more ? "more" : "fewer");
    math_word(w, "last", name);
    math_tell(w, "How many {more} {things} does {last} have than {p0}?");
    if (is_more)
        math_work(w, last, '-', first);
    else
        math_work(w, first, '-', last);
    math_show(w, "{last} has {=} {more} {things} than {p0}.");
}

/* Two numbers, put together or compared; one step. */
static void tell_pair(struct math_writer *w) {
    struct math_operand have[2];

    for (int i = 0; i < 2; i++)
        have[i] = math_given(math_between(w, 2, 60));
    math_number(w, "x", have[0].value);
    math_number(w, "y", have[1].value);
    math_tell(w, "{p0} has {x} {things} and {p1} has {y} {things}.");
    if (math_below(w, 2)) {
        ask_difference(w, have[0], have[1], w->person[1]);
    } else {
        math_tell(w, ask_together[0]);
        sum(w, have, 2);
    }
}

/* "They" do what ends the story. */
static void end_together(struct math_writer *w, struct math_operand all) {
    math_word(w, "In_the_end", "They");
    math_word(w, "she", "they");
    math_word(w, "his", "their");
    math_word(w, "put", "put");
    math_word(w, "share", "share");
    math_word(w, "sell", "sell");
    math_word(w, "does", "do");
    math_word(w, "get", "get");
    if (math_below(w, 2))
        math_end_sharing(w, all);
    else
        math_end_selling(w, all);
}

enum { LAST, DIFFERENCE, TOGETHER, TOGETHER_THEN };

/* The steps of a story with `n` comparisons. */
static int n_steps(int n, int ending) {
    switch (ending) {
    case LAST:
        return n;
    case DIFFERENCE:
        return n > 1 ? n + 1 : 0; /* of one comparison it is already told */
    case TOGETHER:
        return 2 * n;
    default:
        return 2 * n + 1;
    }
}

static void finish(struct math_writer *w, const struct math_operand *have, int n,
                   int ending) {
    if (ending == LAST) {
        math_word(w, "last", w->person[n]);
        math_tell(w, "How many {things} does {last} have?");
    } else if (ending == DIFFERENCE) {
        ask_difference(w, have[0], have[n], w->person[n]);
    } else if (ending == TOGETHER) {
        math_tell(w, ask_together[n - 1]);
        sum(w, have, n + 1);
    } else {
        end_together(w, sum(w, have, n + 1));
    }
}

void math_scene_compare(struct math_writer *w) {
    static const char *const slot[] = {"p0", "p1", "p2", "p3"};
    struct math_operand have[MATH_PEOPLE];
    int n, ending;

    for (int i = 0; i < MATH_PEOPLE; i++)
        math_word(w, slot[i], w->person[i]);
    if (w->n_wanted == 1 && math_below(w, 2)) {
        tell_pair(w);
        return;
    }
    do {
        n = (int)math_between(w, 1, MATH_PEOPLE - 1);
        ending = (int)math_below(w, 4);
    } while (n_steps(n, ending) != w->n_wanted);
    have[0] = math_given(math_between(w, 4, 30 + 6 * w->level));
    if (n < MATH_PEOPLE - 1) /* somebody is left over */
        math_distract_before(w);
    math_number(w, "x", have[0].value);
    math_tell(w, "{p0} has {x} {things}.");
    math_distract_after(w);
    for (int i = 0; i < n; i++) {
        math_word(w, "prev", w->person[i]);
        math_word(w, "next", w->person[i + 1]);
        have[i + 1] = relate(w, have[i]);
    }
    finish(w, have, n, ending);
}
