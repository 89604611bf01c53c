/* scene_daily.c - somebody does as much every day, or every week. */
#include "story.h"

struct habit {
    const char *verb; /* "read" */
    const char *verbs;
    const char *units;
    const char *on; /* "On the first day" */
    const char *when;
    const char *whens;
    int64_t little, much; /* in a day */
};

static const struct habit habits[] = {
    {"read", "reads", "pages", "On", "day", "days", 8, 30},
    {"save", "saves", "dollars", "In", "week", "weeks", 4, 25},
    {"bake", "bakes", "cookies", "In", "hour", "hours", 8, 30},
    {"walk", "walks", "miles", "On", "day", "days", 3, 15},
    {"plant", "plants", "trees", "On", "day", "days", 3, 20},
    {"make", "makes", "toys", "In", "week", "weeks", 3, 15},
};
enum { N_HABITS = sizeof(habits) / sizeof(habits[0]), MAX_PHASES = 3 };

/* So much every day for some days. */
struct phase {
    struct math_operand rate;
    struct math_operand days;
};

static const struct habit *choose(struct math_writer *w, struct phase *phase) {
    const struct habit *habit = &habits[math_below(w, N_HABITS)];

    math_word(w, "verb", habit->verb);
    math_word(w, "verbs", habit->verbs);
    math_word(w, "units", habit->units);
    math_word(w, "On", habit->on);
    math_word(w, "when", habit->when);
    math_word(w, "whens", habit->whens);
    for (int i = 0; i < MAX_PHASES; i++) {
        phase[i].rate = math_given(math_between(w, habit->little, habit->much));
        phase[i].days = math_given(math_between(w, 2, w->n_wanted < 3 ? 14 : 9));
        if (i > 0 && phase[i].rate.value == phase[i - 1].rate.value)
            w->is_absurd = 1; /* nobody would tell that as two phases */
    }
    return habit;
}

static void set_phase(struct math_writer *w, const struct phase *phase) {
    math_number(w, "d", phase->days.value);
    math_number(w, "r", phase->rate.value);
}

/* Told before {Name} enters, so that "she" can be nobody else. */
static void distract(struct math_writer *w, const struct habit *habit) {
    static const char *const idle[] = {
        "{Name} is {age} years old.",
        "{nobody} {verbs} {x} {units} every {when}.",
    };

    if (!math_distracts(w))
        return;
    math_number(w, "age", math_between(w, 8, 15));
    math_number(w, "x", math_between(w, habit->little, habit->much));
    MATH_TELL(w, idle);
}

static void tell_phases(struct math_writer *w, const struct phase *phase, int n,
                        int has_goal) {
    static const char *const told[MAX_PHASES] = {
        "For {d} {whens} {who} {verbs} {r} {units} every {when}.",
        "For the next {d} {whens} {she} {verbs} {r} {units} every {when}.",
        "Then for {d} more {whens} {she} {verbs} {r} {units} every {when}.",
    };

    math_word(w, "who", has_goal ? (w->is_she ? "she" : "he") : w->person[0]);
    for (int i = 0; i < n; i++) {
        set_phase(w, &phase[i]);
        math_tell(w, told[i]);
    }
}

static int64_t value_of(const struct phase *phase, int n) {
    int64_t sum = 0;

    for (int i = 0; i < n; i++)
        sum += phase[i].rate.value * phase[i].days.value;
    return sum;
}

static struct math_operand show_phases(struct math_writer *w, const struct phase *phase,
                                       int n) {
    struct math_operand sum = {0};

    for (int i = 0; i < n; i++) {
        struct math_operand part = math_work(w, phase[i].days, '*', phase[i].rate);
        set_phase(w, &phase[i]);
        math_show(w, "In {d} {whens} {she} {verbs} {=} {units}.");
        sum = i ? math_work(w, sum, '+', part) : part;
        if (i)
            math_show(w, i == 1 ? "Together that is {=} {units}."
                                : "In all that is {=} {units}.");
    }
    return sum;
}

static struct math_operand show_rest(struct math_writer *w, struct math_operand goal,
                                     struct math_operand done) {
    static const char *const shown[] = {
        "Then {=} {units} are left.",
        "So {=} {units} are left.",
    };
    struct math_operand rest = math_work(w, goal, '-', done);

    MATH_SHOW(w, shown);
    return rest;
}

/* How long the rest takes at a rate, or at what rate it takes so long. */
static void ask_rest(struct math_writer *w, int is_rate, struct math_operand n) {
    math_number(w, "n", n.value);
    if (is_rate)
        math_tell(w, "After that, {she} {verbs} {n} {units} every {when}. How many more "
                     "{whens} does {she} need?");
    else
        math_tell(w, "{She} wants to {verb} the rest in {n} {whens}, the same number of "
                     "{units} every {when}. How many {units} is that every {when}?");
}

static void show_quotient(struct math_writer *w, int is_rate, struct math_operand rest,
                          struct math_operand n) {
    math_work(w, rest, '/', n);
    math_show(w, is_rate ? "For that {she} needs {=} {whens}."
                         : "That is {=} {units} every {when}.");
}

/* A goal, from which the phases and perhaps a division by {n} lead to the answer. */
static void tell_goal(struct math_writer *w, const struct habit *habit,
                      const struct phase *phase, int n_phases, int n_more) {
    int is_rate = (int)math_below(w, 2);
    struct math_operand n = math_given(
        is_rate ? math_between(w, habit->little, habit->much) : math_between(w, 2, 9));
    int64_t rest = n_more == 2 && !is_rate
                       ? n.value * math_between(w, habit->little, habit->much)
                       : n.value * math_between(w, 2, 9);
    struct math_operand goal = math_given(value_of(phase, n_phases) + rest);

    math_number(w, "g", goal.value);
    distract(w, habit);
    math_tell(w, "{Name} wants to {verb} {g} {units}.");
    tell_phases(w, phase, n_phases, 1);
    if (n_more == 2)
        ask_rest(w, is_rate, n);
    else
        math_tell(w, "How many more {units} must {she} {verb}?");
    struct math_operand left = show_rest(w, goal, show_phases(w, phase, n_phases));
    if (n_more == 2)
        show_quotient(w, is_rate, left, n);
}

static void tell_total(struct math_writer *w, const struct habit *habit,
                       const struct phase *phase, int n_phases) {
    static const char *const asked[] = {
        "{Name} {verbs} {r} {units} every {when}. How many {units} does {she} {verb} in "
        "{d} {whens}?",
        "Every {when} {Name} {verbs} {r} {units}. How many {units} does {she} {verb} in "
        "{d} {whens}?",
        "For {d} {whens} {Name} {verbs} {r} {units} every {when}. How many {units} does "
        "{she} {verb} in all?",
    };

    set_phase(w, phase);
    if (n_phases == 1) {
        MATH_TELL(w, asked);
    } else {
        distract(w, habit);
        tell_phases(w, phase, n_phases, 0);
        math_tell(w, "How many {units} does {she} {verb} in all?");
    }
    show_phases(w, phase, n_phases);
}

/* How long a goal takes; one step, or two when the first day is different. */
static void tell_duration(struct math_writer *w, const struct phase *phase) {
    static const char *const asked[] = {
        "{Name} wants to {verb} {g} {units}. {She} {verbs} {r} {units} every {when}. How "
        "many {whens} does {she} need?",
        "{Name} {verbs} {r} {units} every {when}. How many {whens} does {she} need to "
        "{verb} {g} {units}?",
    };
    struct math_operand first = phase[1].rate, rate = phase[0].rate;
    int64_t rest = rate.value * phase[0].days.value;
    int is_late = w->n_wanted == 2;
    struct math_operand goal = math_given(rest + (is_late ? first.value : 0));

    math_number(w, "g", goal.value);
    math_number(w, "r", rate.value);
    math_number(w, "x", first.value);
    if (is_late) {
        math_tell(w, "{Name} wants to {verb} {g} {units}.");
        math_tell(w, "{On} the first {when} {she} {verbs} {x} {units}.");
        ask_rest(w, 1, rate);
        goal = show_rest(w, goal, first);
    } else {
        MATH_TELL(w, asked);
    }
    math_work(w, goal, '/', rate);
    math_show(w, "For that {she} needs {=} {whens}.");
}

void math_scene_daily(struct math_writer *w) {
    struct phase phase[MAX_PHASES];
    const struct habit *habit = choose(w, phase);
    int n_phases, n_more;

    if (w->n_wanted <= 2 && math_below(w, 2)) {
        tell_duration(w, phase);
        return;
    }
    /* n phases take n products and n - 1 sums. */
    do {
        n_phases = (int)math_between(w, 1, MAX_PHASES);
        n_more = (int)math_below(w, 3);
    } while (2 * n_phases - 1 + n_more != w->n_wanted);
    if (n_more)
        tell_goal(w, habit, phase, n_phases, n_more);
    else
        tell_total(w, habit, phase, n_phases);
}
