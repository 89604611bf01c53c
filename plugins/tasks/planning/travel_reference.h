/* travel_reference.h - one record of TravelPlanner into a query and a world. */
#ifndef ACCORD_TRAVEL_REFERENCE_H
#define ACCORD_TRAVEL_REFERENCE_H

#include <accord/jsonl.h>

#include "travel_world.h"

/* A record on its way in. */
struct travel_reading {
    const accord_host *host;
    const char *path;
    accord_jsonl *row;
    struct travel_world *world; /* takes the texts */
};

/* [any] A field that must be a whole number from `min` to `max`. */
accord_code travel_read_int(struct travel_reading *r, const char *field, int min, int max,
                            int *out, accord_err *err);
/* [any] */
accord_code travel_read_query(struct travel_reading *r, struct travel_query *out,
                              accord_err *err);
/* [any] The field "reference_information". */
accord_code travel_read_reference(struct travel_reading *r, accord_err *err);

#endif
