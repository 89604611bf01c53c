/* travel_world.c - see travel_world.h. */
#include "travel_world.h"

#include <string.h>

void *travel_add(struct travel_world *w, struct travel_list *list, size_t size) {
    if (list->n == list->room) {
        size_t room = list->room ? list->room * 2 : 16;
        void *more = travel_take(&w->arena, room * size);
        if (!more)
            return NULL;
        if (list->n)
            memcpy(more, list->items, list->n * size);
        list->items = more;
        list->room = room;
    }
    return (char *)list->items + list->n++ * size;
}

void travel_add_city(struct travel_world *w, const char *city) {
    if (travel_has_city(w, travel_span_of(city)))
        return;
    const char **name = travel_add(w, &w->cities, sizeof(*name));
    if (name)
        *name = city;
}

void travel_world_fini(struct travel_world *w) {
    travel_arena_fini(&w->arena);
    *w = (struct travel_world){0};
}

/* How well a listed place fits: 2 equal, 1 contained, 0 not. */
static int fit(const char *listed, const char *listed_city, struct travel_span name,
               struct travel_span city) {
    if (!travel_same(city, listed_city))
        return 0;
    return travel_same(name, listed) ? 2 : travel_contains(listed, name);
}

/* Each kind of place begins with its name and its city. */
static const void *find_place(const struct travel_list *list, size_t size,
                              struct travel_span place) {
    struct travel_span name, city;
    const void *best = NULL;

    if (!travel_place(place, &name, &city))
        return NULL;
    for (size_t i = 0; i < list->n; i++) {
        const void *item = (const char *)list->items + i * size;
        const char *const *text = item;
        int fits = fit(text[0], text[1], name, city);
        if (fits == 2)
            return item;
        if (fits && !best)
            best = item;
    }
    return best;
}

const struct travel_hotel *travel_find_hotel(const struct travel_world *w,
                                             struct travel_span place) {
    return find_place(&w->hotels, sizeof(struct travel_hotel), place);
}

const struct travel_restaurant *travel_find_restaurant(const struct travel_world *w,
                                                       struct travel_span place) {
    return find_place(&w->restaurants, sizeof(struct travel_restaurant), place);
}

const struct travel_sight *travel_find_sight(const struct travel_world *w,
                                             struct travel_span place) {
    return find_place(&w->sights, sizeof(struct travel_sight), place);
}

const struct travel_flight *travel_find_flight(const struct travel_world *w,
                                               struct travel_span number,
                                               struct travel_span from,
                                               struct travel_span to) {
    const struct travel_flight *flight = w->flights.items;

    for (size_t i = 0; i < w->flights.n; i++)
        if (travel_same(number, flight[i].number) && travel_same(from, flight[i].from) &&
            travel_same(to, flight[i].to))
            return &flight[i];
    return NULL;
}

const struct travel_leg *travel_find_leg(const struct travel_world *w, int by,
                                         struct travel_span from, struct travel_span to) {
    const struct travel_leg *leg = w->legs.items;

    for (size_t i = 0; i < w->legs.n; i++)
        if (leg[i].by == by && travel_same(from, leg[i].from) &&
            travel_same(to, leg[i].to))
            return &leg[i];
    return NULL;
}

int travel_has_city(const struct travel_world *w, struct travel_span city) {
    const char *const *name = w->cities.items;

    for (size_t i = 0; i < w->cities.n; i++)
        if (travel_same(city, name[i]))
            return 1;
    return 0;
}
