/* travel_construct.c - a plan for a made trip: cheapest or dearest places that satisfy
 * all but the budget. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "travel_judge.h"
#include "travel_make.h"

enum { MAX_RESTAURANTS = 64 };

/* A plan on its way. */
struct builder {
    const struct travel_world *w;
    const struct travel_query *q;
    struct travel_plan *plan;
    int sign; /* 1: cheapest, -1: dearest */
    char used[MAX_RESTAURANTS];
};

/* Whether `cost` is to be preferred. */
static int beats(const struct builder *b, double cost, double best) {
    return isnan(best) || b->sign * cost < b->sign * best;
}

static void set(struct builder *b, int day, int field, const char *text) {
    travel_day_set(b->plan, &b->plan->day[day], field, travel_span_of(text));
}

static void set_place(struct builder *b, int day, int field, const char *name,
                      const char *city) {
    set(b, day, field, travel_print(&b->plan->arena, "%s, %s", name, city));
}

/* The journey: leg i is on day 2 i, city i from then until the next leg. */
static const char *end_of_leg(const struct builder *b, int leg, int is_to) {
    const char *const *city = b->w->cities.items;
    int i = leg - !is_to;

    return i < 0 || i == b->q->cities ? b->q->org : city[i];
}

/* ---- ways ------------------------------------------------------------------------- */

static double needed(const struct builder *b, int each) {
    return ceil((double)b->q->people / each);
}

static double road_cost(const struct builder *b, int leg, int by) {
    const struct travel_leg *found =
        travel_find_leg(b->w, by, travel_span_of(end_of_leg(b, leg, 0)),
                        travel_span_of(end_of_leg(b, leg, 1)));

    if (!found)
        return (double)NAN;
    return found->cost *
           needed(b, by == TRAVEL_TAXI ? TRAVEL_TAXI_SEATS : TRAVEL_CAR_SEATS);
}

static const struct travel_flight *best_flight(const struct builder *b, int leg) {
    const struct travel_flight *f = b->w->flights.items, *best = NULL;

    if (b->q->transportation && strcmp(b->q->transportation, "no flight") == 0)
        return NULL;
    for (size_t i = 0; i < b->w->flights.n; i++)
        if (strcmp(f[i].from, end_of_leg(b, leg, 0)) == 0 &&
            strcmp(f[i].to, end_of_leg(b, leg, 1)) == 0 &&
            beats(b, f[i].price, best ? best->price : (double)NAN))
            best = &f[i];
    return best;
}

/* By flight or taxi, whichever is preferred. */
static double public_cost(const struct builder *b, int leg,
                          const struct travel_flight **flight) {
    double taxi = road_cost(b, leg, TRAVEL_TAXI);

    *flight = best_flight(b, leg);
    if (!*flight)
        return taxi;
    double cost = (*flight)->price * b->q->people;
    if (beats(b, cost, taxi))
        return cost;
    *flight = NULL;
    return taxi;
}

static void set_road(struct builder *b, int leg, const char *by) {
    set(b, 2 * leg, TRAVEL_TRANSPORTATION,
        travel_print(&b->plan->arena, "%s, from %s to %s", by, end_of_leg(b, leg, 0),
                     end_of_leg(b, leg, 1)));
}

static void set_public(struct builder *b, int leg) {
    const struct travel_flight *f;

    public_cost(b, leg, &f);
    if (!f)
        set_road(b, leg, "Taxi");
    else
        set(b, 2 * leg, TRAVEL_TRANSPORTATION,
            travel_print(&b->plan->arena,
                         "Flight Number: %s, from %s to %s, Departure Time: %s, Arrival "
                         "Time: %s",
                         f->number, f->from, f->to, f->departs, f->arrives));
}

/* A car of one's own is taken for all legs or for none. */
static void travel(struct builder *b) {
    const struct travel_flight *f;
    double own = 0, other = 0;
    int may_drive =
        !b->q->transportation || strcmp(b->q->transportation, "no self-driving") != 0;

    for (int leg = 0; leg <= b->q->cities; leg++) {
        own += road_cost(b, leg, TRAVEL_SELF_DRIVING);
        other += public_cost(b, leg, &f);
    }
    for (int leg = 0; leg <= b->q->cities; leg++) {
        set(b, 2 * leg, TRAVEL_CURRENT_CITY,
            travel_print(&b->plan->arena, "from %s to %s", end_of_leg(b, leg, 0),
                         end_of_leg(b, leg, 1)));
        if (may_drive && beats(b, own, other))
            set_road(b, leg, "Self-driving");
        else
            set_public(b, leg);
    }
}

/* ---- rooms ------------------------------------------------------------------------ */

static int suits(const struct builder *b, const struct travel_hotel *h,
                 const char *city) {
    if (strcmp(h->city, city) != 0 || h->min_nights > 2)
        return 0;
    if (b->q->house_rule && strstr(h->rules, b->q->house_rule))
        return 0;
    return !b->q->room_type || travel_room_fits(b->q->room_type, h->room_type);
}

static void sleep_in(struct builder *b, int leg) {
    const struct travel_hotel *h = b->w->hotels.items, *best = NULL;
    double best_cost = (double)NAN;

    for (size_t i = 0; i < b->w->hotels.n; i++) {
        double cost = h[i].price * needed(b, h[i].occupancy);
        if (!suits(b, &h[i], end_of_leg(b, leg, 1)) || !beats(b, cost, best_cost))
            continue;
        best = &h[i];
        best_cost = cost;
    }
    for (int day = 2 * leg; best && day < 2 * leg + 2; day++)
        set_place(b, day, TRAVEL_ACCOMMODATION, best->name, best->city);
}

/* ---- meals ------------------------------------------------------------------------ */

/* Every day's meals are in the city where the night before or after is spent: on days of
 * travel, breakfast in the old city and dinner in the new one. */
static const char *city_of_meal(const struct builder *b, int day, int meal) {
    const char *const *city = b->w->cities.items;
    int is_travel = day % 2 == 0, i = day / 2;

    if (!is_travel)
        return city[i];
    if (meal == TRAVEL_BREAKFAST)
        return i > 0 ? city[i - 1] : NULL;
    return meal == TRAVEL_DINNER && i < b->q->cities ? city[i] : NULL;
}

static int serves(const struct travel_restaurant *r, const char *cuisine) {
    return !cuisine || strstr(r->cuisines, cuisine) != NULL;
}

/* The preferred one that was not visited, of a cuisine or NULL, in a city or NULL. */
static int pick(const struct builder *b, const char *city, const char *cuisine) {
    const struct travel_restaurant *r = b->w->restaurants.items;
    int best = -1;

    for (int i = 0; i < (int)b->w->restaurants.n && i < MAX_RESTAURANTS; i++)
        if (!b->used[i] && serves(&r[i], cuisine) &&
            (!city || strcmp(r[i].city, city) == 0) &&
            beats(b, r[i].cost, best < 0 ? (double)NAN : r[best].cost))
            best = i;
    return best;
}

static const int meals[] = {TRAVEL_BREAKFAST, TRAVEL_LUNCH, TRAVEL_DINNER};

/* Puts a restaurant into the first free meal in its city. */
static void eat_at(struct builder *b, int which) {
    const struct travel_restaurant *r =
        (const struct travel_restaurant *)b->w->restaurants.items + which;

    b->used[which] = 1;
    for (int day = 0; day < b->q->days; day++)
        for (int i = 0; i < 3; i++) {
            const char *city = city_of_meal(b, day, meals[i]);
            const char *taken = b->plan->day[day].field[meals[i]];
            if (city && strcmp(city, r->city) == 0 && !*taken) {
                set_place(b, day, meals[i], r->name, r->city);
                return;
            }
        }
}

static int is_served(const struct builder *b, const char *cuisine) {
    const struct travel_restaurant *r = b->w->restaurants.items;

    for (int i = 0; i < (int)b->w->restaurants.n && i < MAX_RESTAURANTS; i++)
        if (b->used[i] && serves(&r[i], cuisine))
            return 1;
    return 0;
}

static void eat(struct builder *b) {
    for (int i = 0; i < b->q->n_cuisines; i++) {
        int which = pick(b, NULL, b->q->cuisine[i]);
        if (which >= 0 && !is_served(b, b->q->cuisine[i]))
            eat_at(b, which);
    }
    for (int day = 0; day < b->q->days; day++)
        for (int i = 0; i < 3; i++) {
            const char *city = city_of_meal(b, day, meals[i]);
            int which =
                city && !*b->plan->day[day].field[meals[i]] ? pick(b, city, NULL) : -1;
            if (which >= 0)
                eat_at(b, which);
        }
}

/* ---- sights ----------------------------------------------------------------------- */

/* Two on each day without travel. */
static void visit(struct builder *b) {
    const struct travel_sight *s = b->w->sights.items;
    const char *const *city = b->w->cities.items;

    for (int day = 1; day < b->q->days; day += 2) {
        int n = 0;
        for (size_t i = 0; i < b->w->sights.n && n < 2; i++)
            if (strcmp(s[i].city, city[day / 2]) == 0 && ++n)
                travel_day_attraction(
                    b->plan, &b->plan->day[day],
                    travel_span_of(
                        travel_print(&b->plan->arena, "%s, %s;", s[i].name, s[i].city)));
    }
}

int travel_construct(const struct travel_trip *trip, int dearest,
                     struct travel_plan *plan) {
    struct builder b = {
        .w = &trip->world, .q = &trip->query, .plan = plan, .sign = dearest ? -1 : 1};
    const char *const *city = trip->world.cities.items;

    *plan = (struct travel_plan){.form = "json"};
    for (int day = 0; day < trip->query.days; day++) {
        struct travel_day *d = travel_plan_add(plan);
        travel_day_set(plan, d, TRAVEL_DAY_NUMBER, travel_span_of("1"));
        for (int f = 0; f < TRAVEL_FIELDS; f++)
            set(&b, day, f, "-");
        if (day % 2)
            set(&b, day, TRAVEL_CURRENT_CITY, city[day / 2]);
    }
    travel(&b);
    for (int leg = 0; leg < trip->query.cities; leg++)
        sleep_in(&b, leg);
    eat(&b);
    visit(&b);
    return !plan->arena.failed;
}

static void write_text(FILE *out, const char *text) {
    fputc('"', out);
    for (; *text; text++)
        if (*text == '"' || *text == '\\')
            fprintf(out, "\\%c", *text);
        else if ((unsigned char)*text < 0x20)
            fprintf(out, "\\u%04x", *text);
        else
            fputc(*text, out);
    fputc('"', out);
}

char *travel_plan_json(const struct travel_plan *plan) {
    char *text = NULL;
    size_t n;
    FILE *out = open_memstream(&text, &n);

    if (!out)
        return NULL;
    for (int day = 0; day < plan->n_days; day++) {
        fprintf(out, "%s{\"days\": %d", day ? ",\n " : "[", day + 1);
        for (int f = 0; f < TRAVEL_FIELDS; f++) {
            const char *value = plan->day[day].field[f];
            if (!value)
                continue;
            fprintf(out, ", \"%s\": ", travel_field_name[f]);
            write_text(out, *value ? value : "-");
        }
        fputs("}", out);
    }
    fputs(plan->n_days ? "]" : "[]", out);
    if (fclose(out) != 0) {
        free(text);
        return NULL;
    }
    return text;
}
