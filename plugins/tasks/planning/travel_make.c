/* travel_make.c - see travel_make.h: what is asked, and the item of a split. */
#include "travel_make.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <accord/rng.h>
#include <accord/sha256.h>

#include "travel_judge.h"

enum { EVAL_MOD = 5, N_KINDS = 4 };

static const struct level {
    int days, constraints, most_people;
} levels[TRAVEL_LEVELS + 1] = {
    {0}, {3, 0, 2}, {3, 1, 4}, {3, 3, 6}, {5, 1, 4}, {5, 3, 6}, {7, 1, 4}, {7, 3, 6},
};

int travel_between(struct travel_maker *m, int low, int high) {
    return low + (int)accord_rng_below(&m->rng, (uint64_t)(high - low + 1));
}

const char *travel_print(struct travel_arena *a, const char *format, ...) {
    char text[1024];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    return travel_copy(a, text, strlen(text));
}

static void ask_cuisines(struct travel_maker *m, struct travel_query *q) {
    static const char *const names[] = {"American", "Chinese",       "French", "Indian",
                                        "Italian",  "Mediterranean", "Mexican"};
    enum { N = sizeof(names) / sizeof(names[0]) };
    int first = travel_between(m, 0, N - 1), step = travel_between(m, 1, N - 1);

    q->n_cuisines = travel_between(m, 2, 3);
    for (int i = 0; i < q->n_cuisines; i++)
        q->cuisine[i] = names[(first + i * step) % N];
}

static void ask(struct travel_maker *m, struct travel_query *q, int kind) {
    static const char *const rules[] = {"smoking", "parties", "children under 10",
                                        "visitors", "pets"};
    static const char *const rooms[] = {"entire room", "private room", "not shared room"};
    static const char *const ways[] = {"no flight", "no self-driving"};

    switch (kind) {
    case 0:
        q->house_rule = rules[travel_between(m, 0, 4)];
        break;
    case 1:
        q->room_type = rooms[travel_between(m, 0, 2)];
        break;
    case 2:
        ask_cuisines(m, q);
        break;
    default:
        q->transportation = ways[travel_between(m, 0, 1)];
    }
}

static void choose_dates(struct travel_maker *m, struct travel_query *q) {
    int month = travel_between(m, 1, 12), day = travel_between(m, 1, 20);

    for (int i = 0; i < q->days; i++)
        q->date[i] =
            travel_print(&m->trip->world.arena, "2031-%02d-%02d", month, day + i);
}

static void make_query(struct travel_maker *m) {
    const struct level *level = &levels[m->level];
    struct travel_query *q = &m->trip->query;
    int kind[N_KINDS] = {0, 1, 2, 3};

    q->days = level->days;
    q->cities = (level->days - 1) / 2;
    q->people = travel_between(m, 1, level->most_people);
    choose_dates(m, q);
    for (int i = 0; i < level->constraints; i++) {
        int j = travel_between(m, i, N_KINDS - 1), chosen = kind[j];
        kind[j] = kind[i];
        kind[i] = chosen;
        ask(m, q, chosen);
    }
}

/* What a plan costs, or NaN without memory. */
static double price(const struct travel_trip *trip, int dearest) {
    struct travel_plan plan;
    struct travel_judgement j = {.cost = (double)NAN};

    if (travel_construct(trip, dearest, &plan))
        travel_judge(&trip->world, &trip->query, &plan, &j);
    travel_plan_fini(&plan);
    return j.cost;
}

/* 0 when the trip is no good: money would not matter. */
static int set_budget(struct travel_trip *trip) {
    double low = price(trip, 0), high = price(trip, 1);

    trip->world.arena.failed |= isnan(low) || isnan(high);
    trip->query.budget = ceil(low * 1.05 / 10) * 10;
    return high > trip->query.budget;
}

static int make_trip(uint64_t state, int level, struct travel_trip *out) {
    struct travel_maker m = {.rng = state, .level = level, .trip = out};
    int good;

    *out = (struct travel_trip){0};
    make_query(&m);
    travel_make_world(&m);
    good = !out->world.arena.failed && set_budget(out);
    travel_make_text(&m);
    return good;
}

static int split_of(const struct travel_trip *trip) {
    const char *text = trip->query.text;

    return accord_sha256_mod(text, strlen(text), EVAL_MOD) == 0 ? ACCORD_SPLIT_EVAL
                                                                : ACCORD_SPLIT_TRAIN;
}

int travel_make(uint64_t seed, int level, int split, uint64_t item,
                struct travel_trip *out) {
    uint64_t state = accord_rng_fold_text(seed, "travel");

    state = accord_rng_fold(state, (uint64_t)level);
    state = accord_rng_fold(state, (uint64_t)split);
    state = accord_rng_fold(state, item);
    for (uint64_t attempt = 0;; attempt++) {
        int good = make_trip(accord_rng_fold(state, attempt), level, out);
        if (out->world.arena.failed)
            return 0;
        if (good && split_of(out) == split)
            return 1;
        travel_trip_fini(out);
    }
}

void travel_trip_fini(struct travel_trip *trip) {
    travel_world_fini(&trip->world);
    *trip = (struct travel_trip){0};
}
