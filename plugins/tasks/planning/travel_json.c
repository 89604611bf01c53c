/* travel_json.c - plans in JSON and in what models write in its place. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "travel_loose.h"
#include "travel_plan.h"

enum {
    MAX_WORK = 4 << 20, /* bytes looked at in vain */
    TRY_COST = 16,      /* of beginning to look, in the same unit */
    MAX_WRAPPERS = 4,   /* objects around the list of days */
    MIN_FIELDS_OF_A_DAY = 2,
};

/* What was found so far. */
struct search {
    struct travel_plan *plan;
    const char *reply;
    size_t n_reply;
    int in_row;    /* the last plan is a row of bare days, which may go on */
    int is_broken; /* the last plan cannot be read */
    size_t work;
};

/* ---- values ----------------------------------------------------------------------- */

/* Numbers are texts here. */
static struct travel_span text_of(const json_t *value) {
    if (json_is_string(value))
        return (struct travel_span){.p = json_string_value(value),
                                    .n = json_string_length(value)};
    return travel_span_of(json_is_true(value)    ? "true"
                          : json_is_false(value) ? "false"
                                                 : "");
}

/* {"name": "X", "city": "Y"} is "X, Y". */
static struct travel_span place_of(const json_t *value, char *buf, size_t size) {
    const char *name = json_string_value(json_object_get(value, "name"));
    const char *city = json_string_value(json_object_get(value, "city"));

    if (!name)
        name = json_string_value(json_object_get(value, "Name"));
    if (!city)
        city = json_string_value(json_object_get(value, "City"));
    snprintf(buf, size, "%s%s%s", name ? name : "", name && city ? ", " : "",
             name && city ? city : "");
    return travel_span_of(buf);
}

static struct travel_span one_value(const json_t *value, char *buf, size_t size) {
    return json_is_object(value) ? place_of(value, buf, size) : text_of(value);
}

static void take_list(struct travel_plan *plan, struct travel_day *day, int field,
                      const json_t *list) {
    char buf[512];

    travel_day_set(plan, day, field, travel_span_of(""));
    for (size_t i = 0; i < json_array_size(list); i++) {
        struct travel_span text = one_value(json_array_get(list, i), buf, sizeof(buf));
        if (field == TRAVEL_ATTRACTION)
            travel_day_attraction(plan, day, text);
        else if (i == 0)
            travel_day_set(plan, day, field, text);
    }
}

static void take_day(struct travel_plan *plan, const json_t *object) {
    struct travel_day *day = travel_plan_add(plan);
    const char *key;
    json_t *value;
    char buf[512];

    json_object_foreach((json_t *)object, key, value) {
        int field = travel_field_of(travel_span_of(key));
        if (json_is_array(value) && field < TRAVEL_FIELDS)
            take_list(plan, day, field, value);
        else if (json_is_array(value) ||
                 (json_is_object(value) && field >= TRAVEL_FIELDS))
            travel_day_set(
                plan, day, TRAVEL_NO_FIELD,
                travel_span_of(json_array_size(value) || json_object_size(value)
                                   ? "something"
                                   : ""));
        else
            travel_day_set(plan, day, field, one_value(value, buf, sizeof(buf)));
    }
}

/* ---- which value is a plan -------------------------------------------------------- */

static int is_day(const json_t *value) {
    const char *key;
    json_t *member;
    int n = 0;

    json_object_foreach((json_t *)value, key, member) n +=
        travel_field_of(travel_span_of(key)) < TRAVEL_FIELDS;
    return n >= MIN_FIELDS_OF_A_DAY;
}

static int count_days(const json_t *list) {
    int n = 0;

    for (size_t i = 0; i < json_array_size(list); i++)
        n += is_day(json_array_get(list, i));
    return n;
}

static void begin_plan(struct search *s) {
    s->plan->n_days = 0;
    s->plan->reason[0] = '\0';
    s->is_broken = 0;
}

static int take_days_of_list(struct search *s, const json_t *list) {
    if (!count_days(list))
        return 0;
    begin_plan(s);
    for (size_t i = 0; i < json_array_size(list); i++)
        take_day(s->plan, json_array_get(list, i));
    return 1;
}

/* {"day 1": {...}, "day 2": {...}}: the key is the day's number. */
static int take_days_of_object(struct search *s, const json_t *object) {
    const char *key;
    json_t *value;
    int n = 0;

    json_object_foreach((json_t *)object, key, value) n += is_day(value);
    if (!n)
        return 0;
    begin_plan(s);
    json_object_foreach((json_t *)object, key, value) {
        if (!is_day(value))
            continue;
        take_day(s->plan, value);
        if (s->plan->n_days < TRAVEL_MAX_DAYS && !json_object_get(value, "days") &&
            !json_object_get(value, "day"))
            s->plan->day[s->plan->n_days - 1].n_filled++;
    }
    return 1;
}

static int take_plan(struct search *s, const json_t *value, int depth) {
    const char *key;
    json_t *member;

    if (json_is_array(value))
        return take_days_of_list(s, value);
    if (!json_is_object(value) || depth == MAX_WRAPPERS)
        return 0;
    if (take_days_of_object(s, value))
        return 1;
    json_object_foreach((json_t *)value, key,
                        member) if (take_plan(s, member, depth + 1)) return 1;
    return 0;
}

/* ---- where it stands -------------------------------------------------------------- */

/* A value that was read. */
static void take(struct search *s, const json_t *value, const char *form) {
    if (is_day(value)) {
        if (s->is_broken)
            return; /* a day of the broken plan */
        if (!s->in_row)
            begin_plan(s);
        take_day(s->plan, value);
        s->in_row = 1;
        s->plan->form = form;
    } else if (take_plan(s, value, 0)) {
        s->in_row = 0;
        s->plan->form = form;
    }
}

static int line_of(const struct search *s, size_t at) {
    int line = 1;

    for (size_t i = 0; i < at; i++)
        line += s->reply[i] == '\n';
    return line;
}

/* Whether text[n] has a quoted key of a day. */
static int has_field(const char *text, size_t n) {
    static const char *const ends[] = {"city\"",  "ation\"", "fast\"", "unch\"",
                                       "inner\"", "tion\"",  "city'",  "ation'",
                                       "fast'",   "unch'",   "inner'", "tion'"};

    for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
        if (memmem(text, n, ends[i], strlen(ends[i])))
            return 1;
    return 0;
}

/* A value that could not be read; words in brackets are no plan. */
static void miss(struct search *s, size_t begin, size_t used, int state) {
    const char *text = s->reply + begin;

    s->work += used + TRY_COST;
    if (!has_field(text, used))
        return;
    begin_plan(s);
    s->is_broken = 1;
    s->in_row = 0;
    int line = line_of(s, begin + used);
    if (state == TRAVEL_LOOSE_CUT)
        snprintf(s->plan->reason, sizeof(s->plan->reason),
                 "the JSON ends in the middle, in line %d", line);
    else
        snprintf(s->plan->reason, sizeof(s->plan->reason),
                 "the JSON cannot be read from line %d on", line);
}

/* Whether a value of the kind that we look for may begin here. */
static int may_begin(const char *p) {
    char open = *p++;

    p += strspn(p, " \t\r\n");
    return open == '[' ? *p == '{' || *p == ']'
                       : open == '{' && (*p == '"' || *p == '\'' || *p == '}' ||
                                         (*p >= 'A' && *p <= 'z' && *p != '\\'));
}

/* Reads the value at `at`; how far to go on. */
static size_t read_at(struct search *s, size_t at) {
    struct travel_loose got;
    int state = travel_loose_read(s->reply + at, s->n_reply - at, &got);

    if (state == TRAVEL_LOOSE_NOMEM)
        s->plan->arena.failed = 1;
    if (state != TRAVEL_LOOSE_OK) {
        miss(s, at, got.used, state);
        return 1; /* days inside a broken plan are passed over by take() */
    }
    take(s, got.value, got.is_strict ? "json" : "python");
    json_decref(got.value);
    return got.used;
}

int travel_read_json(const char *reply, struct travel_plan *plan) {
    struct search s = {.plan = plan, .reply = reply, .n_reply = strlen(reply)};
    size_t i = 0;

    while (i < s.n_reply && s.work < MAX_WORK)
        i += may_begin(reply + i) ? read_at(&s, i) : 1;
    if (i < s.n_reply) {
        begin_plan(&s);
        s.is_broken = 1;
        snprintf(plan->reason, sizeof(plan->reason),
                 "too many brackets are no JSON, up to line %d", line_of(&s, i));
    }
    return plan->n_days > 0 || s.is_broken;
}
