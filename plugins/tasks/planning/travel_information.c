/* travel_information.c - a world in words. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "travel_items.h"

static void write_flights(FILE *out, const struct travel_world *w) {
    const struct travel_flight *f = w->flights.items;

    fputs("Flights (number, from, to, date, departure, arrival, price a person):\n", out);
    for (size_t i = 0; i < w->flights.n; i++)
        fprintf(out, "- %s, from %s to %s, %s, %s, %s, $%.10g\n", f[i].number, f[i].from,
                f[i].to, f[i].date, f[i].departs, f[i].arrives, f[i].price);
}

static void write_legs(FILE *out, const struct travel_world *w, int by) {
    const struct travel_leg *leg = w->legs.items;

    for (size_t i = 0; i < w->legs.n; i++)
        if (leg[i].by == by)
            fprintf(out, "- from %s to %s, %s, %s, $%.10g\n", leg[i].from, leg[i].to,
                    leg[i].duration, leg[i].distance, leg[i].cost);
}

static void write_hotels(FILE *out, const struct travel_world *w) {
    const struct travel_hotel *h = w->hotels.items;

    fputs("Accommodations (name, city; room type; house rules; minimum nights; most "
          "people in a room; price a room and night):\n",
          out);
    for (size_t i = 0; i < w->hotels.n; i++)
        fprintf(out, "- %s, %s; %s; %s; %.10g; %d; $%.10g\n", h[i].name, h[i].city,
                h[i].room_type, *h[i].rules ? h[i].rules : "-", h[i].min_nights,
                h[i].occupancy, h[i].price);
}

static void write_rest(FILE *out, const struct travel_world *w) {
    const struct travel_restaurant *r = w->restaurants.items;
    const struct travel_sight *s = w->sights.items;

    fputs("Restaurants (name, city; cuisines; cost of a meal a person):\n", out);
    for (size_t i = 0; i < w->restaurants.n; i++)
        fprintf(out, "- %s, %s; %s; $%.10g\n", r[i].name, r[i].city, r[i].cuisines,
                r[i].cost);
    fputs("Attractions (name, city):\n", out);
    for (size_t i = 0; i < w->sights.n; i++)
        fprintf(out, "- %s, %s\n", s[i].name, s[i].city);
}

const char *travel_information(struct travel_world *w) {
    char *text = NULL;
    size_t n = 0;
    FILE *out = open_memstream(&text, &n);

    if (!out)
        return NULL;
    write_flights(out, w);
    fputs("Self-driving (from, to, duration, distance, cost of a car for up to 5):\n",
          out);
    write_legs(out, w, TRAVEL_SELF_DRIVING);
    fputs("Taxi (from, to, duration, distance, cost of a taxi for up to 4):\n", out);
    write_legs(out, w, TRAVEL_TAXI);
    write_hotels(out, w);
    write_rest(out, w);
    int failed = ferror(out);
    failed |= fclose(out) != 0;
    const char *copy = failed || !text ? NULL : travel_copy(&w->arena, text, n);
    free(text);
    return w->arena.failed ? NULL : copy;
}
