/* travel_rows.h - TravelPlanner's records in tests: the published ones, or rows written
 * by us. */
#ifndef TRAVEL_ROWS_H
#define TRAVEL_ROWS_H

#include <jansson.h>

#include "travel_items.h"
#include "travel_judge.h"

/* Own rows: a hard task of 5 days, an easy and a medium one of 3 days. */
typedef struct travel_rows {
    struct travel_set set;
    json_t **record; /* [n], as they stand in the file */
    size_t n;
} travel_rows;

/* Reads the rows below ACCORD_DATA or, with `own`, those in tests/data.  0 where the file
 * is absent. */
int travel_rows_read(travel_rows *rows, int own);
void travel_rows_fini(travel_rows *rows);

/* The published plan of a row. */
void travel_rows_plan(const travel_rows *rows, size_t i, struct travel_plan *out);

#endif
