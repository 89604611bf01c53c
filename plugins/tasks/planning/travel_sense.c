/* travel_sense.c - the commonsense constraints. */
#include <string.h>

#include "travel_judge.h"

static const int meals[] = {TRAVEL_BREAKFAST, TRAVEL_LUNCH, TRAVEL_DINNER};
enum { N_MEALS = sizeof(meals) / sizeof(meals[0]), MAX_TEXTS = 3 * TRAVEL_MAX_DAYS };

/* ---- Within Sandbox --------------------------------------------------------------- */

static void check_moves(const struct travel_case *c, int day, struct travel_verdict *v) {
    const char *rest = travel_field(c, day, TRAVEL_TRANSPORTATION);
    struct travel_move m;

    while (travel_next_move(c, day, &rest, &m)) {
        if (m.by == TRAVEL_BY_FLIGHT) {
            if (!travel_find_flight(c->world, m.number, m.from, m.to))
                travel_violate(v,
                               "day %d: transportation: no flight %.*s from %.*s to %.*s "
                               "is listed",
                               day + 1, TRAVEL_SPAN(m.number), TRAVEL_SPAN(m.from),
                               TRAVEL_SPAN(m.to));
            continue;
        }
        int by = m.by == TRAVEL_BY_CAR ? TRAVEL_SELF_DRIVING : TRAVEL_TAXI;
        if (!travel_find_leg(c->world, by, m.from, m.to))
            travel_violate(v,
                           "day %d: transportation: %s from %.*s to %.*s has no listed "
                           "cost",
                           day + 1, m.by == TRAVEL_BY_CAR ? "self-driving" : "taxi",
                           TRAVEL_SPAN(m.from), TRAVEL_SPAN(m.to));
    }
}

static void not_listed(struct travel_verdict *v, int day, int field,
                       struct travel_span place) {
    travel_violate(v, "day %d: %s: %.*s is not listed", day + 1, travel_field_name[field],
                   TRAVEL_SPAN(place));
}

static void check_places(const struct travel_case *c, int day, struct travel_verdict *v) {
    struct travel_span text, place;

    for (int i = 0; i < N_MEALS; i++) {
        text = travel_span_of(travel_field(c, day, meals[i]));
        if (text.n && !travel_find_restaurant(c->world, text))
            not_listed(v, day, meals[i], text);
    }
    text = travel_span_of(travel_field(c, day, TRAVEL_ATTRACTION));
    while (v->state == TRAVEL_HOLDS && travel_next(&text, ';', &place))
        if (!travel_find_sight(c->world, place))
            not_listed(v, day, TRAVEL_ATTRACTION, place);
    text = travel_span_of(travel_field(c, day, TRAVEL_ACCOMMODATION));
    if (text.n && !travel_find_hotel(c->world, text))
        not_listed(v, day, TRAVEL_ACCOMMODATION, text);
}

static void judge_sandbox(const struct travel_case *c, struct travel_verdict *v) {
    for (int day = 0; day < c->n_days; day++) {
        check_moves(c, day, v);
        check_places(c, day, v);
    }
}

/* ---- Complete Information --------------------------------------------------------- */

static void check_days(const struct travel_case *c, struct travel_verdict *v) {
    int filled = 0;

    for (int day = 0; day < c->n_days; day++)
        filled += c->plan->day[day].n_filled > 0;
    if (filled != c->query->days)
        travel_violate(v, "%d of %d days are filled", filled, c->query->days);
}

static void check_cities(const struct travel_case *c, struct travel_verdict *v) {
    struct travel_span seen[2 * TRAVEL_MAX_DAYS], city[2];
    int n = 0;

    if (travel_cities(c, 0, city) != 2 || !travel_same(city[0], c->query->org))
        travel_violate(v, "day 1: current_city: does not leave from %s", c->query->org);
    for (int day = 0; day < c->n_days; day++) {
        int k = travel_cities(c, day, city);
        for (int i = 0; i < k; i++) {
            int known = travel_same(city[i], c->query->org);
            for (int j = 0; j < n && !known; j++)
                known = travel_equal(seen[j], city[i]);
            if (!known)
                seen[n++] = city[i];
        }
    }
    if (n != c->query->cities)
        travel_violate(v, "%d cities are visited instead of %d", n, c->query->cities);
}

static void check_fields(const struct travel_case *c, int day, struct travel_verdict *v) {
    struct travel_span city[2];
    int stays = travel_cities(c, day, city) == 1;

    for (int f = TRAVEL_TRANSPORTATION; f < TRAVEL_FIELDS; f++) {
        int needed = f == TRAVEL_TRANSPORTATION  ? !stays
                     : f == TRAVEL_ACCOMMODATION ? day != c->query->days - 1
                                                 : stays;
        if (!c->plan->day[day].field[f])
            travel_violate(v, "day %d: %s: there is no such field", day + 1,
                           travel_field_name[f]);
        else if (needed && !*travel_field(c, day, f))
            travel_violate(v, "day %d: %s: nothing is planned", day + 1,
                           travel_field_name[f]);
    }
}

static void judge_complete(const struct travel_case *c, struct travel_verdict *v) {
    int filled = 0;

    check_days(c, v);
    check_cities(c, v);
    for (int day = 0; day < c->n_days; day++) {
        check_fields(c, day, v);
        filled += c->plan->day[day].n_filled;
    }
    if (filled < 3 * c->query->days)
        travel_violate(v, "%d values are filled, and %d is the least", filled,
                       3 * c->query->days);
}

/* ---- Within Current City ---------------------------------------------------------- */

static void check_city_of(const struct travel_case *c, int day, int field,
                          struct travel_span place, struct travel_verdict *v) {
    struct travel_span city[2];
    int n = travel_cities(c, day, city);
    int found = 0;

    for (int i = field == TRAVEL_ACCOMMODATION ? n - 1 : 0; i < n; i++)
        found |= city[i].n > 0 && memmem(place.p, place.n, city[i].p, city[i].n) != NULL;
    if (found)
        return;
    if (!city[n - 1].n)
        city[n - 1] = travel_span_of("the city of the day: there is none");
    travel_violate(v, "day %d: %s: %.*s is not in %.*s", day + 1,
                   travel_field_name[field], TRAVEL_SPAN(place),
                   TRAVEL_SPAN(city[n - 1]));
}

static void judge_in_city(const struct travel_case *c, struct travel_verdict *v) {
    struct travel_span city[2], text, place;

    for (int day = 0; day < c->n_days; day++) {
        const char *transport = travel_field(c, day, TRAVEL_TRANSPORTATION);
        int n = travel_cities(c, day, city);
        for (int i = 0; i < n && *transport; i++)
            if (city[i].n && !travel_contains(transport, city[i]))
                travel_violate(v, "day %d: transportation: does not name %.*s", day + 1,
                               TRAVEL_SPAN(city[i]));
        for (int f = TRAVEL_BREAKFAST; f < TRAVEL_FIELDS; f++) {
            text = travel_span_of(travel_field(c, day, f));
            if (f != TRAVEL_ATTRACTION && text.n)
                check_city_of(c, day, f, text, v);
            while (f == TRAVEL_ATTRACTION && travel_next(&text, ';', &place))
                check_city_of(c, day, f, place, v);
        }
    }
}

/* ---- Reasonable City Route -------------------------------------------------------- */

/* A city is entered once and stayed in; `at` is where its run of [n] begins. */
static void check_run(const struct travel_span *route, int n, int at, int length,
                      struct travel_verdict *v) {
    for (int i = 0; i < at && at < n - 1; i++)
        if (travel_equal(route[i], route[at])) {
            travel_violate(v, "%.*s is returned to", TRAVEL_SPAN(route[at]));
            return;
        }
    if (length == 1 && at > 0 && at < n - 1)
        travel_violate(v, "%.*s is left at once", TRAVEL_SPAN(route[at]));
}

static void judge_route(const struct travel_case *c, struct travel_verdict *v) {
    struct travel_span route[2 * TRAVEL_MAX_DAYS];
    int n = 0;

    for (int day = 0; day < c->n_days; day++)
        n += travel_cities(c, day, &route[n]);
    if (!travel_same(route[0], c->query->org))
        travel_violate(v, "the trip does not begin in %s", c->query->org);
    if (!travel_same(route[n - 1], c->query->org))
        travel_violate(v, "the trip does not end in %s", c->query->org);
    if (n < 3)
        travel_violate(v, "the trip goes nowhere");
    for (int i = 0; i < n;) {
        int end = i + 1;
        while (end < n && travel_equal(route[end], route[i]))
            end++;
        check_run(route, n, i, end - i, v);
        i = end;
    }
    for (int i = 1; i < n - 1; i++)
        if (!travel_has_city(c->world, route[i]))
            travel_violate(v, "%.*s is not in the destination", TRAVEL_SPAN(route[i]));
}

/* ---- Diverse ... ------------------------------------------------------------------ */

static void judge_restaurants(const struct travel_case *c, struct travel_verdict *v) {
    const char *seen[MAX_TEXTS];
    int n = 0;

    for (int day = 0; day < c->n_days; day++)
        for (int i = 0; i < N_MEALS; i++) {
            const char *text = travel_field(c, day, meals[i]);
            for (int j = 0; j < n && *text; j++)
                if (strcmp(seen[j], text) == 0)
                    travel_violate(v, "day %d: %s: %s was visited before", day + 1,
                                   travel_field_name[meals[i]], text);
            seen[n++] = text;
        }
}

/* Whether an attraction stands before this one, which begins at `self`. */
static int was_seen(const struct travel_case *c, int last, const char *self,
                    struct travel_span place) {
    struct travel_span text, other;

    for (int day = 0; day <= last; day++) {
        text = travel_span_of(travel_field(c, day, TRAVEL_ATTRACTION));
        while (travel_next(&text, ';', &other) && other.p != self)
            if (travel_equal(other, place))
                return 1;
    }
    return 0;
}

enum { MAX_ATTRACTIONS = 100 }; /* of a day; more is no plan */

static void judge_attractions(const struct travel_case *c, struct travel_verdict *v) {
    struct travel_span text, place;

    for (int day = 0; day < c->n_days; day++) {
        int n = 0;
        text = travel_span_of(travel_field(c, day, TRAVEL_ATTRACTION));
        while (v->state == TRAVEL_HOLDS && travel_next(&text, ';', &place))
            if (++n > MAX_ATTRACTIONS)
                travel_violate(v, "day %d: attraction: over %d places", day + 1,
                               MAX_ATTRACTIONS);
            else if (was_seen(c, day, place.p, place))
                travel_violate(v, "day %d: attraction: %.*s was visited before", day + 1,
                               TRAVEL_SPAN(place));
    }
}

/* ---- the others ------------------------------------------------------------------- */

static int mentions(const char *text, int by) {
    switch (by) {
    case TRAVEL_BY_CAR:
        return travel_find(text, "self-driving") || travel_find(text, "self driving");
    case TRAVEL_BY_TAXI:
        return travel_find(text, "taxi") != NULL;
    default:
        return travel_find(text, "flight") != NULL;
    }
}

static void judge_conflict(const struct travel_case *c, struct travel_verdict *v) {
    int day_of[TRAVEL_BY_TAXI + 1] = {0};

    if (!*travel_field(c, 0, TRAVEL_TRANSPORTATION))
        travel_violate(v, "day 1: transportation: nothing is planned");
    for (int day = 0; day < c->n_days; day++)
        for (int by = TRAVEL_BY_FLIGHT; by <= TRAVEL_BY_TAXI; by++)
            if (!day_of[by] && mentions(travel_field(c, day, TRAVEL_TRANSPORTATION), by))
                day_of[by] = day + 1;
    if (!day_of[TRAVEL_BY_CAR])
        return;
    if (day_of[TRAVEL_BY_FLIGHT])
        travel_violate(v, "self-driving on day %d, a flight on day %d",
                       day_of[TRAVEL_BY_CAR], day_of[TRAVEL_BY_FLIGHT]);
    if (day_of[TRAVEL_BY_TAXI])
        travel_violate(v, "self-driving on day %d, a taxi on day %d",
                       day_of[TRAVEL_BY_CAR], day_of[TRAVEL_BY_TAXI]);
}

static void judge_nights(const struct travel_case *c, struct travel_verdict *v) {
    for (int day = 0, end; day < c->n_days; day = end) {
        const char *text = travel_field(c, day, TRAVEL_ACCOMMODATION);
        for (end = day + 1; end < c->n_days; end++)
            if (strcmp(travel_field(c, end, TRAVEL_ACCOMMODATION), text) != 0)
                break;
        const struct travel_hotel *hotel =
            travel_find_hotel(c->world, travel_span_of(text));
        if (hotel && end - day < hotel->min_nights)
            travel_violate(v, "day %d: accommodation: %s wants %g nights, not %d",
                           day + 1, text, hotel->min_nights, end - day);
    }
}

void travel_judge_sense(const struct travel_case *c, struct travel_verdict *out) {
    judge_sandbox(c, &out[TRAVEL_SANDBOX]);
    judge_complete(c, &out[TRAVEL_COMPLETE]);
    judge_in_city(c, &out[TRAVEL_IN_CITY]);
    judge_route(c, &out[TRAVEL_ROUTE]);
    judge_restaurants(c, &out[TRAVEL_DIVERSE_RESTAURANTS]);
    judge_attractions(c, &out[TRAVEL_DIVERSE_ATTRACTIONS]);
    judge_conflict(c, &out[TRAVEL_NO_CONFLICT]);
    judge_nights(c, &out[TRAVEL_NIGHTS]);
}
