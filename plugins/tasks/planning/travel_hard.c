/* travel_hard.c - what a plan costs, and the hard constraints. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "travel_judge.h"

static const int meals[] = {TRAVEL_BREAKFAST, TRAVEL_LUNCH, TRAVEL_DINNER};
enum { N_MEALS = sizeof(meals) / sizeof(meals[0]) };

/* How many of what holds `each` are needed. */
static double needed(const struct travel_case *c, int each) {
    return ceil((double)c->query->people / each);
}

static double cost_of_moves(const struct travel_case *c, int day) {
    const char *rest = travel_field(c, day, TRAVEL_TRANSPORTATION);
    struct travel_move m;
    double cost = 0;

    while (travel_next_move(c, day, &rest, &m)) {
        if (m.by == TRAVEL_BY_FLIGHT) {
            const struct travel_flight *f =
                travel_find_flight(c->world, m.number, m.from, m.to);
            cost += f ? f->price * c->query->people : 0;
            continue;
        }
        int by = m.by == TRAVEL_BY_CAR ? TRAVEL_SELF_DRIVING : TRAVEL_TAXI;
        const struct travel_leg *leg = travel_find_leg(c->world, by, m.from, m.to);
        int seats = m.by == TRAVEL_BY_CAR ? TRAVEL_CAR_SEATS : TRAVEL_TAXI_SEATS;
        cost += leg ? leg->cost * needed(c, seats) : 0;
    }
    return cost;
}

static const struct travel_hotel *hotel_of(const struct travel_case *c, int day) {
    return travel_find_hotel(c->world,
                             travel_span_of(travel_field(c, day, TRAVEL_ACCOMMODATION)));
}

static const struct travel_restaurant *meal_of(const struct travel_case *c, int day,
                                               int meal) {
    return travel_find_restaurant(c->world,
                                  travel_span_of(travel_field(c, day, meals[meal])));
}

double travel_cost(const struct travel_case *c) {
    double cost = 0;

    for (int day = 0; day < c->n_days; day++) {
        cost += cost_of_moves(c, day);
        for (int i = 0; i < N_MEALS; i++) {
            const struct travel_restaurant *r = meal_of(c, day, i);
            cost += r ? r->cost * c->query->people : 0;
        }
        const struct travel_hotel *hotel = hotel_of(c, day);
        cost += hotel ? hotel->price * needed(c, hotel->occupancy) : 0;
    }
    return cost;
}

static void judge_budget(const struct travel_case *c, struct travel_verdict *v) {
    double cost = travel_cost(c);

    if (cost > c->query->budget)
        travel_violate(v, "the trip costs %.10g, and the budget is %.10g", cost,
                       c->query->budget);
}

static void judge_room_rule(const struct travel_case *c, struct travel_verdict *v) {
    char rule[64];

    snprintf(rule, sizeof(rule), "No %s", c->query->house_rule);
    for (int day = 0; day < c->n_days; day++) {
        const struct travel_hotel *hotel = hotel_of(c, day);
        if (hotel && strstr(hotel->rules, rule))
            travel_violate(v, "day %d: accommodation: %s says \"%s\"", day + 1,
                           hotel->name, rule);
    }
}

/* "entire room" is "Entire home/apt". */
int travel_room_fits(const char *wanted, const char *type) {
    static const char *const kinds[][2] = {
        {"entire room", "Entire home/apt"},
        {"private room", "Private room"},
        {"shared room", "Shared room"},
    };

    if (strcmp(wanted, "not shared room") == 0)
        return strcmp(type, "Shared room") != 0;
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
        if (strcmp(wanted, kinds[i][0]) == 0)
            return strcmp(type, kinds[i][1]) == 0;
    return 0;
}

static void judge_room_type(const struct travel_case *c, struct travel_verdict *v) {
    for (int day = 0; day < c->n_days; day++) {
        const struct travel_hotel *hotel = hotel_of(c, day);
        if (hotel && !travel_room_fits(c->query->room_type, hotel->room_type))
            travel_violate(v, "day %d: accommodation: %s is of type %s", day + 1,
                           hotel->name, hotel->room_type);
    }
}

static int serves(const struct travel_restaurant *r, const char *cuisine) {
    struct travel_span list = travel_span_of(r->cuisines), one;

    while (travel_next(&list, ',', &one))
        if (travel_same(one, cuisine))
            return 1;
    return 0;
}

/* Whether a cuisine is eaten on a day.  Meals from the first one in the city of departure
 * on do not count. */
static int is_eaten(const struct travel_case *c, int day, const char *cuisine) {
    struct travel_span name, city;

    for (int i = 0; i < N_MEALS; i++) {
        travel_place(travel_span_of(travel_field(c, day, meals[i])), &name, &city);
        if (travel_same(city, c->query->org))
            return 0;
        const struct travel_restaurant *r = meal_of(c, day, i);
        if (r && serves(r, cuisine))
            return 1;
    }
    return 0;
}

static void judge_cuisine(const struct travel_case *c, struct travel_verdict *v) {
    for (int i = 0; i < c->query->n_cuisines; i++) {
        int eaten = 0;
        for (int day = 0; day < c->n_days && !eaten; day++)
            eaten = is_eaten(c, day, c->query->cuisine[i]);
        if (!eaten)
            travel_violate(v, "no meal is %s", c->query->cuisine[i]);
    }
}

/* Upper and lower case as published: "self-driving" is not "Self-driving". */
static void judge_transport(const struct travel_case *c, struct travel_verdict *v) {
    int no_flight = strcmp(c->query->transportation, "no flight") == 0;
    const char *word = no_flight ? "Flight" : "Self-driving";

    for (int day = 0; day < c->n_days; day++)
        if (strstr(travel_field(c, day, TRAVEL_TRANSPORTATION), word))
            travel_violate(v, "day %d: transportation: there is a %s", day + 1,
                           no_flight ? "flight" : "self-driving leg");
}

void travel_judge_hard(const struct travel_case *c, struct travel_verdict *out) {
    judge_budget(c, &out[TRAVEL_BUDGET]);
    if (c->query->house_rule)
        judge_room_rule(c, &out[TRAVEL_ROOM_RULE]);
    if (c->query->room_type)
        judge_room_type(c, &out[TRAVEL_ROOM_TYPE]);
    if (c->query->n_cuisines)
        judge_cuisine(c, &out[TRAVEL_CUISINE]);
    if (c->query->transportation)
        judge_transport(c, &out[TRAVEL_TRANSPORT_RULE]);
}
