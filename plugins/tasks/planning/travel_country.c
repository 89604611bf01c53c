/* travel_country.c - an invented country: words, places, ways and prices. */
#include <stdio.h>
#include <string.h>

#include "travel_make.h"

enum {
    RESTAURANTS = 9,
    SIGHTS = 6,
    HOTELS = 6,
    MAX_FLIGHTS = 3,
    NIGHTS = 2,       /* that are spent in each city */
    MAX_TRIES = 1000, /* at a new name */
};

#define COUNT(list) ((int)(sizeof(list) / sizeof((list)[0])))

static struct travel_arena *arena(struct travel_maker *m) {
    return &m->trip->world.arena;
}

const char *travel_word(struct travel_maker *m) {
    static const char *const first[] = {"Bal", "Cor", "Dre", "El",  "Fen", "Gor", "Hal",
                                        "Ist", "Kel", "Lom", "Mir", "Nor", "Or",  "Pel",
                                        "Quo", "Ros", "Sel", "Tav", "Ul",  "Var", "Zem"};
    static const char *const mid[] = {"a",   "e",   "i",   "o",   "ara",
                                      "eli", "ona", "uri", "ima", "ede"};
    static const char *const last[] = {"da",  "dor", "fell", "lin", "lo",  "mar",
                                       "nia", "ra",  "ris",  "ta",  "ven", "zo"};
    const char *a = first[travel_between(m, 0, COUNT(first) - 1)];
    const char *b = mid[travel_between(m, 0, COUNT(mid) - 1)];
    const char *c = last[travel_between(m, 0, COUNT(last) - 1)];

    return travel_print(arena(m), "%s%s%s", a, b, c);
}

static int is_place(const struct travel_list *list, size_t size, const char *name) {
    for (size_t i = 0; i < list->n; i++) {
        const char *const *text = (const void *)((const char *)list->items + i * size);
        if (strstr(text[0], name) || strstr(name, text[0]))
            return 1;
    }
    return 0;
}

/* "Mirelo Kitchen", a name that is in no other one of its kind. */
static const char *name_place(struct travel_maker *m, const struct travel_list *list,
                              size_t size, const char *const *kinds, int n_kinds) {
    const char *name = "";

    for (int i = 0; i < MAX_TRIES; i++) {
        const char *word = travel_word(m);
        name = travel_print(arena(m), "%s %s", word,
                            kinds[travel_between(m, 0, n_kinds - 1)]);
        if (!is_place(list, size, name))
            break;
    }
    return name;
}

static const char *name_city(struct travel_maker *m) {
    const struct travel_world *w = &m->trip->world;
    const struct travel_list *cities = &w->cities;
    const char *name = "";

    for (int i = 0; i < MAX_TRIES; i++) {
        name = travel_word(m);
        const char *org = m->trip->query.org;
        if (!is_place(cities, sizeof(char *), name) && strcmp(org, name) != 0)
            break;
    }
    return name;
}

/* ---- places ----------------------------------------------------------------------- */

static void make_hotel(struct travel_maker *m, const char *city) {
    static const char *const kinds[] = {"Rooms", "Lodge", "Loft",   "Inn",
                                        "House", "Suite", "Terrace"};
    static const char *const types[] = {"Entire home/apt", "Entire home/apt",
                                        "Entire home/apt", "Private room",
                                        "Private room",    "Shared room"};
    static const char *const rules[] = {"smoking", "parties", "children under 10",
                                        "visitors", "pets"};
    struct travel_world *w = &m->trip->world;
    const char *name =
        name_place(m, &w->hotels, sizeof(struct travel_hotel), kinds, COUNT(kinds));
    int a = travel_between(m, 0, COUNT(rules) - 1);
    int b = travel_between(m, 0, COUNT(rules) - 1);
    struct travel_hotel hotel = {
        .name = name,
        .city = city,
        .room_type = types[travel_between(m, 0, COUNT(types) - 1)],
        .rules = travel_print(arena(m), a == b ? "No %s" : "No %s & No %s", rules[a],
                              rules[b]),
        .price = 5 * travel_between(m, 8, 90),
        .min_nights = travel_between(m, 1, 3),
        .occupancy = travel_between(m, 1, 4),
    };
    struct travel_hotel *at = travel_add(w, &w->hotels, sizeof(*at));
    if (at)
        *at = hotel;
}

/* One of the last `HOTELS` is made to fit what is asked. */
static void open_a_hotel(struct travel_maker *m) {
    struct travel_world *w = &m->trip->world;
    const struct travel_query *q = &m->trip->query;
    int which = travel_between(m, 1, HOTELS);

    if (w->arena.failed)
        return;
    struct travel_hotel *h = (struct travel_hotel *)w->hotels.items + w->hotels.n - which;
    if (h->min_nights > NIGHTS)
        h->min_nights = NIGHTS;
    if (q->house_rule && strstr(h->rules, q->house_rule))
        h->rules = "";
    if (q->room_type)
        h->room_type = strcmp(q->room_type, "private room") == 0 ? "Private room"
                                                                 : "Entire home/apt";
}

static void make_restaurant(struct travel_maker *m, const char *city) {
    static const char *const kinds[] = {"Kitchen", "Table", "Grill",  "Bistro",
                                        "Garden",  "Diner", "Canteen"};
    static const char *const cuisines[] = {
        "American",      "BBQ",     "Bakery", "Cafe",    "Chinese",
        "Desserts",      "French",  "Indian", "Italian", "Seafood",
        "Mediterranean", "Mexican", "Pizza",  "Tea"};
    struct travel_world *w = &m->trip->world;
    int n = COUNT(cuisines);
    int a = travel_between(m, 0, n - 1), b = (a + travel_between(m, 1, n - 1)) % n;
    struct travel_restaurant restaurant = {
        .name = name_place(m, &w->restaurants, sizeof(struct travel_restaurant), kinds,
                           COUNT(kinds)),
        .city = city,
        .cuisines = travel_print(arena(m), "%s, %s", cuisines[a], cuisines[b]),
        .cost = travel_between(m, 8, 95),
    };
    struct travel_restaurant *at = travel_add(w, &w->restaurants, sizeof(*at));
    if (at)
        *at = restaurant;
}

/* Every wanted cuisine is served somewhere. */
static void open_kitchens(struct travel_maker *m) {
    struct travel_world *w = &m->trip->world;
    const struct travel_query *q = &m->trip->query;

    if (w->arena.failed)
        return;
    struct travel_restaurant *r = w->restaurants.items;
    int n = (int)w->restaurants.n, at = travel_between(m, 0, n - 1);
    for (int i = 0; i < q->n_cuisines; i++, at = (at + 5) % n)
        r[at].cuisines = travel_print(arena(m), "%s, %s", q->cuisine[i], r[at].cuisines);
}

static void make_sight(struct travel_maker *m, const char *city) {
    static const char *const kinds[] = {"Museum",  "Park",   "Tower",  "Bridge",
                                        "Gallery", "Market", "Castle", "Gardens"};
    struct travel_world *w = &m->trip->world;
    struct travel_sight sight = {
        .name =
            name_place(m, &w->sights, sizeof(struct travel_sight), kinds, COUNT(kinds)),
        .city = city,
    };
    struct travel_sight *at = travel_add(w, &w->sights, sizeof(*at));
    if (at)
        *at = sight;
}

static void make_city(struct travel_maker *m, const char *city) {
    for (int i = 0; i < RESTAURANTS; i++)
        make_restaurant(m, city);
    for (int i = 0; i < SIGHTS; i++)
        make_sight(m, city);
    for (int i = 0; i < HOTELS; i++)
        make_hotel(m, city);
    open_a_hotel(m);
}

/* ---- ways ------------------------------------------------------------------------- */

static void make_road(struct travel_maker *m, const char *from, const char *to, int km) {
    struct travel_world *w = &m->trip->world;
    int minutes = km * 60 / 80;

    for (int by = 0; by < TRAVEL_BY_ROAD; by++) {
        struct travel_leg leg = {
            .by = by,
            .from = from,
            .to = to,
            .duration = travel_print(arena(m), "%d hour%s %d mins", minutes / 60,
                                     minutes / 60 == 1 ? "" : "s", minutes % 60),
            .distance = travel_print(arena(m), "%d km", km),
            .cost = by == TRAVEL_TAXI ? km : km / 10,
        };
        struct travel_leg *at = travel_add(w, &w->legs, sizeof(*at));
        if (at)
            *at = leg;
    }
}

static void make_flights(struct travel_maker *m, const char *from, const char *to, int km,
                         const char *date) {
    struct travel_world *w = &m->trip->world;
    int n = travel_between(m, 0, MAX_FLIGHTS);

    for (int i = 0; i < n; i++) {
        int hour = travel_between(m, 6, 20), minute = 5 * travel_between(m, 0, 11);
        int late = hour * 60 + minute + 45 + km * 60 / 700;
        struct travel_flight flight = {
            .number = travel_print(arena(m), "F%d%02zu", travel_between(m, 10000, 99999),
                                   w->flights.n),
            .from = from,
            .to = to,
            .date = date,
            .departs = travel_print(arena(m), "%02d:%02d", hour, minute),
            .arrives = travel_print(arena(m), "%02d:%02d", late / 60, late % 60),
            .price = 40 + km / 5 + travel_between(m, 0, 120),
        };
        struct travel_flight *at = travel_add(w, &w->flights, sizeof(*at));
        if (at)
            *at = flight;
    }
}

/* From the city of departure from one to the next and back, on every second day. */
static void make_ways(struct travel_maker *m) {
    const struct travel_query *q = &m->trip->query;
    const char *const *city = m->trip->world.cities.items;
    int km = 0;

    for (int i = 0; i <= q->cities && !arena(m)->failed; i++) {
        const char *from = i == 0 ? q->org : city[i - 1];
        const char *to = i == q->cities ? q->org : city[i];
        if (i != 1 || q->cities > 1) /* it is as far back as there */
            km = travel_between(m, 90, 900);
        make_road(m, from, to, km);
        make_flights(m, from, to, km, q->date[2 * i]);
    }
}

void travel_make_world(struct travel_maker *m) {
    struct travel_query *q = &m->trip->query;

    q->org = travel_word(m);
    for (int i = 0; i < q->cities && !arena(m)->failed; i++) {
        const char *city = name_city(m);
        travel_add_city(&m->trip->world, city);
        make_city(m, city);
    }
    if (arena(m)->failed)
        return;
    const char *const *city = m->trip->world.cities.items;
    q->dest = q->cities == 1 ? city[0] : travel_word(m);
    open_kitchens(m);
    make_ways(m);
}

/* ---- the query in words ----------------------------------------------------------- */

static const char *constraint_text(struct travel_maker *m) {
    const struct travel_query *q = &m->trip->query;
    const char *text = "";

    if (q->house_rule)
        text = travel_print(arena(m), "%s Our rooms must not forbid %s.", text,
                            q->house_rule);
    if (q->room_type)
        text =
            travel_print(arena(m), "%s For our rooms we want: %s.", text, q->room_type);
    for (int i = 0; i < q->n_cuisines; i++)
        text = travel_print(arena(m), "%s%s%s%s", text,
                            i == 0 ? " On the way we want to eat " : "",
                            i == 0                   ? ""
                            : i + 1 == q->n_cuisines ? " and "
                                                     : ", ",
                            q->cuisine[i]);
    if (q->n_cuisines)
        text = travel_print(arena(m), "%s food.", text);
    if (q->transportation)
        text = travel_print(arena(m), "%s For travelling, we want %s.", text,
                            q->transportation);
    return text;
}

void travel_make_text(struct travel_maker *m) {
    struct travel_query *q = &m->trip->query;
    const char *where = q->cities == 1 ? travel_print(arena(m), "to %s", q->dest)
                                       : travel_print(arena(m), "through %d cities of %s",
                                                      q->cities, q->dest);
    const char *who =
        q->people == 1 ? "one person" : travel_print(arena(m), "%d people", q->people);

    if (arena(m)->failed)
        return;
    q->text = travel_print(arena(m),
                           "Please plan a trip of %d days for %s from %s %s, from %s to "
                           "%s. The budget is $%.10g in all.%s",
                           q->days, who, q->org, where, q->date[0], q->date[q->days - 1],
                           q->budget, constraint_text(m));
}
