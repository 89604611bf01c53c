/* travel_items.h - the complete tasks of TravelPlanner: query and reference information,
 * read from one record each. */
#ifndef ACCORD_TRAVEL_ITEMS_H
#define ACCORD_TRAVEL_ITEMS_H

#include "travel_world.h"

struct travel_item {
    char id[64]; /* "travelplanner-train-7" */
    struct travel_world world;
    struct travel_query query; /* its texts lie in world.arena */
    const char *information;   /* the world in words, too */
    const char *solution;      /* the published plan, NULL if it is not perfect */
};

struct travel_items {
    struct travel_item *item;
    size_t n, room;
};

/* A data set in memory, by split. */
struct travel_set {
    struct travel_items part[2];
    char *file[2]; /* what was read, and NULL */
};

/* [any] Reads file `name` of the data folder.  All is evaluated; with `holdout`, what has
 * a query whose SHA-256 is 0 mod 5 becomes the train split.  *out is the caller's, also
 * on failure.  Errors name file, line and field. */
accord_code travel_set_read(const accord_host *host, const char *name, int holdout,
                            struct travel_set *out, accord_err *err);
/* [any] */
void travel_set_fini(struct travel_set *set);

/* [any] Writes the world in words, for the agent; in world->arena.  NULL without memory.
 */
const char *travel_information(struct travel_world *world);

#endif
