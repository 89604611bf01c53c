/* travel_world.h - what a trip may refer to, and what is asked of it: the reference
 * information and the query of TravelPlanner (Xie et al., ICML 2024). */
#ifndef ACCORD_TRAVEL_WORLD_H
#define ACCORD_TRAVEL_WORLD_H

#include <accord/plugin.h>

#include "travel_text.h"

struct travel_flight {
    const char *number, *from, *to, *date;
    const char *departs, *arrives; /* "15:40" */
    double price;                  /* of one person */
};

/* By road. */
enum { TRAVEL_SELF_DRIVING, TRAVEL_TAXI, TRAVEL_BY_ROAD };
struct travel_leg {
    int by;
    const char *from, *to;
    const char *duration, *distance; /* "5 hours 3 mins", "480 km" */
    double cost;                     /* of one car */
};

struct travel_hotel {
    const char *name, *city;
    const char *room_type; /* "Entire home/apt", "Private room", "Shared room" */
    const char *rules;     /* "No smoking & No pets" */
    double price;          /* of one room and night */
    double min_nights;
    int occupancy; /* people in a room at most, 1 or more */
};

struct travel_restaurant {
    const char *name, *city;
    const char *cuisines; /* "Tea, French" */
    double cost;          /* of one person's meal */
};

struct travel_sight {
    const char *name, *city;
};

/* A growing list; items in the arena. */
struct travel_list {
    void *items;
    size_t n, room;
};

struct travel_world {
    struct travel_arena arena;
    struct travel_list flights;     /* of struct travel_flight */
    struct travel_list legs;        /* ... */
    struct travel_list hotels;      /* ... */
    struct travel_list restaurants; /* ... */
    struct travel_list sights;      /* ... */
    struct travel_list cities; /* of const char *: have hotels, restaurants, sights */
};

enum { TRAVEL_MAX_DAYS = 31, TRAVEL_MAX_CUISINES = 8 };

/* Local constraints that are not asked for are NULL. */
struct travel_query {
    const char *text; /* as it is put to the agent */
    const char *org, *dest;
    const char *date[TRAVEL_MAX_DAYS]; /* "2022-03-16" */
    const char *house_rule;            /* "smoking", "pets", ... */
    const char *room_type;             /* "entire room", "not shared room", ... */
    const char *transportation;        /* "no flight", "no self-driving" */
    const char *cuisine[TRAVEL_MAX_CUISINES];
    int n_cuisines;
    int days, cities, people;
    double budget;
};

/* [any] A zeroed item at the end of a list, or NULL and arena.failed. */
void *travel_add(struct travel_world *w, struct travel_list *list, size_t size);
/* [any] Names a city that has entries; once. */
void travel_add_city(struct travel_world *w, const char *city);
/* [any] */
void travel_world_fini(struct travel_world *w);

/* [any] "Name, City": the one whose city is equal and whose name is equal to, else
 * contains, that of the place; NULL where none does.  Of several that contain it the
 * first counts, of several with one name the last. */
const struct travel_hotel *travel_find_hotel(const struct travel_world *w,
                                             struct travel_span place);
/* [any] */
const struct travel_restaurant *travel_find_restaurant(const struct travel_world *w,
                                                       struct travel_span place);
/* [any] */
const struct travel_sight *travel_find_sight(const struct travel_world *w,
                                             struct travel_span place);
/* [any] */
const struct travel_flight *travel_find_flight(const struct travel_world *w,
                                               struct travel_span number,
                                               struct travel_span from,
                                               struct travel_span to);
/* [any] */
const struct travel_leg *travel_find_leg(const struct travel_world *w, int by,
                                         struct travel_span from, struct travel_span to);
/* [any] */
int travel_has_city(const struct travel_world *w, struct travel_span city);

#endif
