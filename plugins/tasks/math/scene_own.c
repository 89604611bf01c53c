/* scene_own.c - somebody has things, gets some and gives some away. */
#include "story.h"

struct thing {
    const char *one;
    const char *many;
    const char *gain; /* how one comes by them */
    const char *drop; /* and loses them */
    const char *bag;
    const char *bags;
};

static const struct thing things[] = {
    {"apple", "apples", "picks", "eats", "bag", "bags"},
    {"book", "books", "gets", "sells", "box", "boxes"},
    {"card", "cards", "wins", "loses", "pack", "packs"},
    {"coin", "coins", "finds", "loses", "bag", "bags"},
    {"cookie", "cookies", "bakes", "eats", "box", "boxes"},
    {"flower", "flowers", "picks", "sells", "box", "boxes"},
    {"marble", "marbles", "wins", "loses", "bag", "bags"},
    {"pencil", "pencils", "finds", "loses", "box", "boxes"},
    {"shell", "shells", "finds", "sells", "bag", "bags"},
    {"stamp", "stamps", "gets", "uses", "pack", "packs"},
    {"sticker", "stickers", "wins", "uses", "pack", "packs"},
};
enum { N_THINGS = sizeof(things) / sizeof(things[0]) };

void math_pick_thing(struct math_writer *w) {
    int64_t i = math_below(w, N_THINGS);
    int64_t other = (i + math_between(w, 1, N_THINGS - 1)) % N_THINGS;

    math_word(w, "thing", things[i].one);
    math_word(w, "things", things[i].many);
    math_word(w, "gain", things[i].gain);
    math_word(w, "drop", things[i].drop);
    math_word(w, "bag", things[i].bag);
    math_word(w, "bags", things[i].bags);
    math_word(w, "others", things[other].many);
}

void math_distract_before(struct math_writer *w) {
    static const char *const idle[] = {
        "{nobody} has {x} {things}.",
        "{Name} is {age} years old.",
    };

    if (!math_distracts(w))
        return;
    math_number(w, "x", math_between(w, 3, 30));
    math_number(w, "age", math_between(w, 6, 12));
    MATH_TELL(w, idle);
}

void math_distract_after(struct math_writer *w) {
    if (!math_distracts(w))
        return;
    math_number(w, "x", math_between(w, 3, 30));
    math_tell(w, "{She} also has {x} {others}.");
}

/* "Then she": sentences after the first begin with something that orders them. */
static void set_opener(struct math_writer *w, int n_before) {
    static const char *const she[] = {"Then she", "After that, she", "Later, she"};
    static const char *const he[] = {"Then he", "After that, he", "Later, he"};
    int64_t i = math_below(w, 3);

    if (n_before == 0)
        math_word(w, "Then_she", w->is_she ? "She" : "He");
    else
        math_word(w, "Then_she", w->is_she ? she[i] : he[i]);
}

static void show_more(struct math_writer *w) {
    static const char *const more[] = {
        "Then {she} has {=} {things}.",
        "Now {she} has {=} {things}.",
        "So {she} has {=} {things}.",
    };

    MATH_SHOW(w, more);
}

static void show_left(struct math_writer *w) {
    static const char *const left[] = {
        "Then {she} has {=} {things} left.",
        "Now {she} has {=} {things} left.",
        "So {she} has {=} {things} left.",
    };

    MATH_SHOW(w, left);
}

/* Bags of things: {y} of them with {z} in each. */
static struct math_operand fill_bags(struct math_writer *w) {
    struct math_operand bags = math_given(math_between(w, 2, 6 + w->level));
    struct math_operand each = math_given(math_between(w, 2, 12));

    math_number(w, "y", bags.value);
    math_number(w, "z", each.value);
    return math_work(w, bags, '*', each);
}

/* The events.  Each tells what happens to `have`, shows it, and returns what is left. */

static struct math_operand gain(struct math_writer *w, struct math_operand have) {
    static const char *const told[] = {
        "{Then_she} buys {x} more {things}.",
        "{Then_she} {gain} {x} more {things}.",
        "{friend} gives {her} {x} more {things}.",
    };
    struct math_operand more = math_given(math_between(w, 2, 12 + 8 * w->level));

    math_number(w, "x", more.value);
    MATH_TELL(w, told);
    have = math_work(w, have, '+', more);
    show_more(w);
    return have;
}

static struct math_operand drop(struct math_writer *w, struct math_operand have) {
    static const char *const told[] = {
        "{Then_she} {drop} {x} {things}.",
        "{Then_she} gives {x} {things} to {friend}.",
        "{Then_she} gives {friend} {x} {things}.",
    };
    int64_t most = have.value - 2 < 40 ? have.value - 2 : 40;
    struct math_operand less = math_given(most > 2 ? math_between(w, 2, most) : 2);

    math_number(w, "x", less.value);
    MATH_TELL(w, told);
    have = math_work(w, have, '-', less);
    show_left(w);
    return have;
}

static struct math_operand gain_bags(struct math_writer *w, struct math_operand have) {
    struct math_operand more = fill_bags(w);

    math_tell(w, "{Then_she} buys {y} {bags} with {z} {things} in each {bag}.");
    math_show(w, "In the new {bags} there are {=} {things}.");
    have = math_work(w, have, '+', more);
    show_more(w);
    return have;
}

static struct math_operand drop_half(struct math_writer *w, struct math_operand have) {
    static const char *const told[] = {
        "{Then_she} {drop} half of {his} {things}.",
        "{Then_she} gives half of {his} {things} to {friend}.",
    };

    MATH_TELL(w, told);
    math_number(w, "n", have.value);
    have = math_work(w, have, '/', math_meant(2));
    math_number(w, "x", have.value);
    math_show(w, "Half of {n} is {=}, so {she} has {x} {things} left.");
    return have;
}

static struct math_operand drop_part(struct math_writer *w, struct math_operand have) {
    static const char *const told[] = {
        "{Then_she} {drop} a {part} of {his} {things}.",
        "{Then_she} gives a {part} of {his} {things} to {friend}.",
    };
    static const char *const part[] = {"third", "quarter", "fifth"};
    int64_t i = math_below(w, 3);

    math_word(w, "part", part[i]);
    math_number(w, "n", have.value);
    MATH_TELL(w, told);
    struct math_operand lost = math_work(w, have, '/', math_meant(3 + i));
    math_show(w, "A {part} of {n} is {=}.");
    have = math_work(w, have, '-', lost);
    show_left(w);
    return have;
}

static struct math_operand drop_percent(struct math_writer *w, struct math_operand have) {
    static const char *const told[] = {
        "{Then_she} {drop} {percent} percent of {his} {things}.",
        "{Then_she} gives {percent} percent of {his} {things} to {friend}.",
    };
    struct math_operand parts = math_pick_percent(w);

    math_number(w, "n", have.value);
    MATH_TELL(w, told);
    struct math_operand lost = math_work(w, have, '/', parts);
    math_show(w, "{percent} percent is a {part}, and a {part} of {n} is {=}.");
    have = math_work(w, have, '-', lost);
    show_left(w);
    return have;
}

struct event {
    struct math_operand (*tell)(struct math_writer *, struct math_operand);
    int n_steps;
    int level; /* from which on it happens */
};

static const struct event events[] = {
    {gain, 1, 1},      {drop, 1, 1},      {drop, 1, 1},         {gain_bags, 2, 2},
    {drop_half, 1, 3}, {drop_part, 2, 4}, {drop_percent, 2, 5},
};
enum { N_EVENTS = sizeof(events) / sizeof(events[0]) };

static struct math_operand happen(struct math_writer *w, struct math_operand have,
                                  int room, int n_before) {
    const struct event *event;

    do
        event = &events[math_below(w, N_EVENTS)];
    while (event->level > w->level || event->n_steps > room);
    set_opener(w, n_before);
    return event->tell(w, have);
}

static struct math_operand begin(struct math_writer *w) {
    struct math_operand have = math_given(math_between(w, 4, 30 + 10 * w->level));

    math_distract_before(w);
    if (math_below(w, 3) == 0) {
        have = fill_bags(w);
        math_tell(w, "{Name} has {y} {bags} with {z} {things} in each {bag}.");
        math_show(w, "In the {bags} there are {=} {things}.");
    } else {
        math_number(w, "n", have.value);
        math_tell(w, "{Name} has {n} {things}.");
    }
    math_distract_after(w);
    return have;
}

void math_end_sharing(struct math_writer *w, struct math_operand have) {
    struct math_operand n = math_given(math_between(w, 2, 10));
    int into_bags = (int)math_below(w, 2);

    math_number(w, "n", n.value);
    math_work(w, have, '/', n);
    if (into_bags) {
        math_tell(w,
                  "{In_the_end} {put} all {his} {things} into {n} {bags}, with the same "
                  "number in each {bag}. How many {things} are in each {bag}?");
        math_show(w, "Each {bag} holds {=} {things}.");
    } else {
        math_tell(w,
                  "{In_the_end} {share} all {his} {things} equally among {n} children. "
                  "How many {things} does each child get?");
        math_show(w, "Each child gets {=} {things}.");
    }
}

void math_end_selling(struct math_writer *w, struct math_operand have) {
    struct math_operand price = math_given(math_between(w, 2, 9));

    math_number(w, "n", price.value);
    math_work(w, have, '*', price);
    math_tell(w, "{In_the_end} {sell} all {his} {things} for {n} dollars each. How many "
                 "dollars {does} {she} get for them?");
    math_show(w, "For them {she} {get} {=} dollars.");
}

static void ask(struct math_writer *w, int n_events) {
    static const char *const at_once[] = {
        "How many {things} does {she} have?",
        "How many {things} does {she} have in all?",
        "How many {things} does {Name} have in all?",
    };
    static const char *const later[] = {
        "How many {things} does {she} have now?",
        "How many {things} does {Name} have now?",
        "How many {things} does {Name} have in the end?",
    };

    if (n_events)
        MATH_TELL(w, later);
    else
        MATH_TELL(w, at_once);
}

/* What happened is known and asked for is what came before; one step. */
static void tell_backwards(struct math_writer *w) {
    static const char *const told[] = {
        "{Name} has some {things}. {She} buys {x} more {things}. Now {she} has {y} "
        "{things}. How many {things} did {she} have at first?",
        "{Name} has {y} {things}. {She} gives some of them to {friend}. Now {she} has "
        "{x} {things} left. How many {things} does {friend} get?",
    };
    static const char *const shown[] = {
        "At first {she} had {=} {things}.",
        "{friend} gets {=} {things}.",
    };
    int64_t which = math_below(w, 2);
    struct math_operand y = math_given(math_between(w, 8, 60));
    struct math_operand x = math_given(math_between(w, 2, y.value - 2));

    math_number(w, "x", x.value);
    math_number(w, "y", y.value);
    math_tell(w, told[which]);
    math_work(w, y, '-', x);
    math_show(w, shown[which]);
}

void math_scene_own(struct math_writer *w) {
    int64_t ending = math_below(w, 4);
    int n_events = 0;

    math_word(w, "put", "puts");
    math_word(w, "share", "shares");
    math_word(w, "sell", "sells");
    math_word(w, "does", "does");
    math_word(w, "get", "gets");
    if (w->n_wanted == 1 && math_below(w, 4) == 0) {
        tell_backwards(w);
        return;
    }
    struct math_operand have = begin(w);
    if (math_left(w) == 0)
        ending = 2;
    for (; math_left(w) > (ending < 2); n_events++)
        have = happen(w, have, math_left(w) - (ending < 2), n_events);
    if (n_events)
        math_word(w, "In_the_end", w->is_she ? "In the end, she" : "In the end, he");
    else
        math_word(w, "In_the_end", w->is_she ? "She" : "He");
    if (ending == 0)
        math_end_sharing(w, have);
    else if (ending == 1)
        math_end_selling(w, have);
    else
        ask(w, n_events);
}
