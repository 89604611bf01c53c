/* travel_reference.c - see travel_reference.h. */
#include "travel_reference.h"

#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Says what is wrong in which row: ["Flight from A to B", row 2] "Price". */
static accord_code complain(struct travel_reading *r, accord_err *err, const char *format,
                            ...) __attribute__((format(printf, 3, 4)));

static accord_code complain(struct travel_reading *r, accord_err *err, const char *format,
                            ...) {
    char what[192];
    va_list args;

    va_start(args, format);
    vsnprintf(what, sizeof(what), format, args);
    va_end(args);
    return r->host->fail(r->host, err, ACCORD_E_CONFIG, "%s:%llu: %s", r->path,
                         (unsigned long long)accord_jsonl_line(r->row), what);
}

static const char *keep(struct travel_reading *r, const char *text) {
    return travel_copy(&r->world->arena, text, strlen(text));
}

/* ---- the query -------------------------------------------------------------------- */

accord_code travel_read_int(struct travel_reading *r, const char *field, int min, int max,
                            int *out, accord_err *err) {
    double value;

    *out = 0;
    accord_code rc = accord_jsonl_number(r->row, field, &value, err);
    if (rc)
        return rc;
    if (!(value >= min && value <= max) || value > (int)value || value < (int)value)
        return complain(r, err, "\"%s\" must be a whole number from %d to %d", field, min,
                        max);
    *out = (int)value;
    return ACCORD_OK;
}

static accord_code read_string(struct travel_reading *r, const char *field,
                               const char **out, accord_err *err) {
    const char *text;

    accord_code rc = accord_jsonl_string(r->row, field, &text, err);
    if (!rc && !*text)
        rc = complain(r, err, "\"%s\" is empty", field);
    if (!rc)
        *out = keep(r, text);
    return rc;
}

/* A field that is an object or a list; *out is the caller's. */
static accord_code read_json(struct travel_reading *r, const char *field, json_t **out,
                             accord_err *err) {
    const char *text = accord_jsonl_text(r->row, field);

    *out = text ? json_loads(text, 0, NULL) : NULL;
    if (text && !*out) /* it was JSON before */
        return r->host->fail(r->host, err, ACCORD_E_NOMEM, "out of memory");
    return *out ? ACCORD_OK : complain(r, err, "\"%s\" is missing", field);
}

/* A constraint is null or one of the words that have a meaning. */
static accord_code read_choice(struct travel_reading *r, const json_t *all,
                               const char *key, const char *const *choices,
                               const char **out, accord_err *err) {
    const json_t *value = json_object_get(all, key);
    const char *text = json_string_value(value);

    *out = NULL;
    if (!value || json_is_null(value))
        return ACCORD_OK;
    for (size_t i = 0; text && choices[i]; i++)
        if (strcmp(choices[i], text) == 0)
            *out = choices[i];
    return *out ? ACCORD_OK
                : complain(r, err, "\"local_constraint\": unknown %s \"%s\"", key,
                           text ? text : "(no text)");
}

static accord_code read_cuisines(struct travel_reading *r, const json_t *all,
                                 struct travel_query *out, accord_err *err) {
    const json_t *list = json_object_get(all, "cuisine");

    if (!list || json_is_null(list))
        return ACCORD_OK;
    size_t n = json_array_size(list);
    for (size_t i = 0; i < n && i < TRAVEL_MAX_CUISINES; i++) {
        const char *name = json_string_value(json_array_get(list, i));
        if (!name)
            return complain(r, err, "\"local_constraint\": a cuisine must be a text");
        out->cuisine[out->n_cuisines++] = keep(r, name);
    }
    return n > 0 && n <= TRAVEL_MAX_CUISINES
               ? ACCORD_OK
               : complain(r, err, "\"local_constraint\": cuisine must list 1 to %d",
                          TRAVEL_MAX_CUISINES);
}

static accord_code read_constraints(struct travel_reading *r, struct travel_query *out,
                                    accord_err *err) {
    static const char *const rules[] = {"smoking",  "parties", "children under 10",
                                        "visitors", "pets",    NULL};
    static const char *const rooms[] = {"entire room", "private room", "shared room",
                                        "not shared room", NULL};
    static const char *const ways[] = {"no flight", "no self-driving", NULL};
    json_t *all;

    accord_code rc = read_json(r, "local_constraint", &all, err);
    if (!rc)
        rc = read_choice(r, all, "house rule", rules, &out->house_rule, err);
    if (!rc)
        rc = read_choice(r, all, "room type", rooms, &out->room_type, err);
    if (!rc)
        rc = read_choice(r, all, "transportation", ways, &out->transportation, err);
    if (!rc)
        rc = read_cuisines(r, all, out, err);
    json_decref(all);
    return rc;
}

accord_code travel_read_query(struct travel_reading *r, struct travel_query *out,
                              accord_err *err) {
    accord_code rc = read_string(r, "query", &out->text, err);

    if (!rc)
        rc = read_string(r, "org", &out->org, err);
    if (!rc)
        rc = read_string(r, "dest", &out->dest, err);
    if (!rc)
        rc = travel_read_int(r, "days", 1, TRAVEL_MAX_DAYS, &out->days, err);
    if (!rc)
        rc = travel_read_int(r, "visiting_city_number", 1, TRAVEL_MAX_DAYS, &out->cities,
                             err);
    if (!rc)
        rc = travel_read_int(r, "people_number", 1, 1000, &out->people, err);
    if (!rc)
        rc = accord_jsonl_number(r->row, "budget", &out->budget, err);
    return rc ? rc : read_constraints(r, out, err);
}

/* ---- the reference information ---------------------------------------------------- */

/* A row of a list on its way in; the first thing that is wrong is kept. */
struct row {
    struct travel_reading *r;
    const char *list; /* "Restaurants in Rockford" */
    size_t number;    /* from 1 */
    const json_t *object;
    const char *bad; /* a field */
};

static const char *row_text(struct row *row, const char *field) {
    const char *text = json_string_value(json_object_get(row->object, field));

    if (!text && !row->bad)
        row->bad = field;
    return text ? keep(row->r, text) : "";
}

static double row_number(struct row *row, const char *field, double min) {
    const json_t *value = json_object_get(row->object, field);
    double number = json_number_value(value);

    if ((!json_is_number(value) || !(number >= min)) && !row->bad)
        row->bad = field;
    return number;
}

static void add_sight(struct row *row) {
    struct travel_sight sight = {.name = row_text(row, "Name"),
                                 .city = row_text(row, "City")};
    struct travel_sight *at =
        travel_add(row->r->world, &row->r->world->sights, sizeof(*at));

    if (at)
        *at = sight;
}

static void add_restaurant(struct row *row) {
    struct travel_restaurant restaurant = {.name = row_text(row, "Name"),
                                           .city = row_text(row, "City"),
                                           .cuisines = row_text(row, "Cuisines"),
                                           .cost = row_number(row, "Average Cost", 0)};
    struct travel_restaurant *at =
        travel_add(row->r->world, &row->r->world->restaurants, sizeof(*at));

    if (at)
        *at = restaurant;
}

static void add_hotel(struct row *row) {
    struct travel_hotel hotel = {.name = row_text(row, "NAME"),
                                 .city = row_text(row, "city"),
                                 .room_type = row_text(row, "room type"),
                                 .rules = row_text(row, "house_rules"),
                                 .price = row_number(row, "price", 0),
                                 .min_nights = row_number(row, "minimum nights", 0)};
    double people = row_number(row, "maximum occupancy", 1);
    struct travel_hotel *at =
        travel_add(row->r->world, &row->r->world->hotels, sizeof(*at));

    hotel.occupancy = people < 1000 ? (int)people : 1000;
    if (at)
        *at = hotel;
}

static void add_flight(struct row *row) {
    struct travel_flight flight = {.number = row_text(row, "Flight Number"),
                                   .from = row_text(row, "OriginCityName"),
                                   .to = row_text(row, "DestCityName"),
                                   .date = row_text(row, "FlightDate"),
                                   .departs = row_text(row, "DepTime"),
                                   .arrives = row_text(row, "ArrTime"),
                                   .price = row_number(row, "Price", 0)};
    struct travel_flight *at =
        travel_add(row->r->world, &row->r->world->flights, sizeof(*at));

    if (at)
        *at = flight;
}

/* What follows "duration: " up to "min" or so, or "distance: " up to "km". */
static const char *detail(struct travel_reading *r, const char *text, const char *mark,
                          const char *until) {
    const char *begin = strstr(text, mark);

    if (!begin)
        return "-";
    begin += strlen(mark);
    const char *end = strstr(begin, until);
    return travel_copy(&r->world->arena, begin,
                       end ? (size_t)(end - begin) : strlen(begin));
}

/* "self-driving, from A to B, duration: ..., cost: 24", or that there is none. */
static accord_code add_leg(struct travel_reading *r, int by, const char *list,
                           const char *text, accord_err *err) {
    const char *cost = strstr(text, "cost: ");
    struct travel_span from, to;
    char *end;

    if (!cost)
        return ACCORD_OK;
    double value = strtod(cost + 6, &end);
    if (end == cost + 6 || !travel_from_to(travel_span_of(list), &from, &to))
        return complain(r, err, "\"reference_information\": \"%s\" cannot be read", list);
    struct travel_leg leg = {
        .by = by,
        .from = travel_copy(&r->world->arena, from.p, from.n),
        .to = travel_copy(&r->world->arena, to.p, to.n),
        .duration = detail(r, text, "duration: ", ", distance"),
        .distance = detail(r, text, "distance: ", ", cost"),
        .cost = value,
    };
    struct travel_leg *at = travel_add(r->world, &r->world->legs, sizeof(*at));
    if (at)
        *at = leg;
    return ACCORD_OK;
}

static const struct kind {
    const char *prefix;
    void (*add)(struct row *row); /* NULL: a leg */
    int by;
} kinds[] = {
    {"Attractions in ", add_sight, 0},
    {"Restaurants in ", add_restaurant, 0},
    {"Accommodations in ", add_hotel, 0},
    {"Flight from ", add_flight, 0},
    {"Self-driving from ", NULL, TRAVEL_SELF_DRIVING},
    {"Taxi from ", NULL, TRAVEL_TAXI},
};

static accord_code add_rows(struct travel_reading *r, const struct kind *kind,
                            const char *list, const json_t *rows, accord_err *err) {
    for (size_t i = 0; i < json_array_size(rows); i++) {
        struct row row = {
            .r = r, .list = list, .number = i + 1, .object = json_array_get(rows, i)};
        kind->add(&row);
        if (row.bad)
            return complain(r, err,
                            "\"reference_information\": \"%s\", row %zu: \"%s\" is "
                            "missing or wrong",
                            list, row.number, row.bad);
    }
    return ACCORD_OK;
}

static accord_code add_list(struct travel_reading *r, const char *list,
                            const json_t *value, accord_err *err) {
    const struct kind *kind = NULL;

    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
        if (strncmp(list, kinds[i].prefix, strlen(kinds[i].prefix)) == 0)
            kind = &kinds[i];
    if (!kind)
        return complain(r, err, "\"reference_information\": unknown list \"%s\"", list);
    if (!kind->add && json_is_string(value))
        return add_leg(r, kind->by, list, json_string_value(value), err);
    if (kind->add && strstr(kind->prefix, " in ") && json_array_size(value) > 0)
        travel_add_city(r->world, keep(r, list + strlen(kind->prefix)));
    if (!kind->add)
        return complain(r, err, "\"reference_information\": \"%s\" must be a text", list);
    return add_rows(r, kind, list, value, err); /* a text says that there is none */
}

accord_code travel_read_reference(struct travel_reading *r, accord_err *err) {
    const char *list;
    json_t *all, *value;

    accord_code rc = read_json(r, "reference_information", &all, err);
    if (rc)
        return rc;
    json_object_foreach(all, list, value) {
        if (!rc)
            rc = add_list(r, list, value, err);
    }
    json_decref(all);
    return rc;
}
