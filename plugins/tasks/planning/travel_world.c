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

/* Each kind of place begins with its name and its city.  Of equal ones the last counts,
 * which the published costs need. */
static const void *find_equal(const struct travel_list *list, size_t size,
                              struct travel_span name, struct travel_span city) {
    for (size_t i = list->n; i > 0; i--) {
        const void *item = (const char *)list->items + (i - 1) * size;
        const char *const *text = item;
        if (travel_same(city, text[1]) && travel_same(name, text[0]))
            return item;
    }
    return NULL;
}

static const void *find_place(const struct travel_list *list, size_t size,
                              struct travel_span place) {
    struct travel_span name, city;

    if (!travel_place(place, &name, &city))
        return NULL;
    const void *equal = find_equal(list, size, name, city);
    for (size_t i = 0; i < list->n && !equal; i++) {
        const char *const *text = (const void *)((const char *)list->items + i * size);
        if (travel_same(city, text[1]) && travel_contains(text[0], name))
            equal = find_equal(list, size, travel_span_of(text[0]), city);
    }
    return equal;
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
