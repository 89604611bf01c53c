/* travel_judge.c - see travel_judge.h: what the verdicts share. */
#include "travel_judge.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

const char *const travel_constraint_name[TRAVEL_CONSTRAINTS] = {
    [TRAVEL_SANDBOX] = "Within Sandbox",
    [TRAVEL_COMPLETE] = "Complete Information",
    [TRAVEL_IN_CITY] = "Within Current City",
    [TRAVEL_ROUTE] = "Reasonable City Route",
    [TRAVEL_DIVERSE_RESTAURANTS] = "Diverse Restaurants",
    [TRAVEL_DIVERSE_ATTRACTIONS] = "Diverse Attractions",
    [TRAVEL_NO_CONFLICT] = "Non-conflicting Transportation",
    [TRAVEL_NIGHTS] = "Minimum Nights Stay",
    [TRAVEL_BUDGET] = "Budget",
    [TRAVEL_ROOM_RULE] = "Room Rule",
    [TRAVEL_ROOM_TYPE] = "Room Type",
    [TRAVEL_CUISINE] = "Cuisine",
    [TRAVEL_TRANSPORT_RULE] = "Transportation",
};

void travel_violate(struct travel_verdict *v, const char *format, ...) {
    size_t size = sizeof(v->reason);
    va_list args;

    if (v->state == TRAVEL_VIOLATED)
        return;
    v->state = TRAVEL_VIOLATED;
    va_start(args, format);
    int n = vsnprintf(v->reason, size, format, args);
    va_end(args);
    if (n < (int)size)
        return;
    size_t end = size - 1; /* not in the middle of a character */
    while (end > 0 && ((unsigned char)v->reason[end - 1] & 0xc0) == 0x80)
        end--;
    if (end > 0 && (unsigned char)v->reason[end - 1] >= 0xc0)
        end--;
    v->reason[end] = '\0';
}

const char *travel_field(const struct travel_case *c, int day, int field) {
    const char *text = c->plan->day[day].field[field];

    return text ? text : "";
}

int travel_cities(const struct travel_case *c, int day, struct travel_span city[2]) {
    struct travel_span text = travel_span_of(travel_field(c, day, TRAVEL_CURRENT_CITY));

    if (travel_from_to(text, &city[0], &city[1]))
        return 2;
    city[0] = travel_city(text);
    return 1;
}

/* ---- legs ------------------------------------------------------------------------- */

/* "F3573659": what a flight is called. */
static size_t number_length(const char *p) {
    size_t n = 1 + strspn(p + (*p != '\0'), "0123456789");

    return (*p == 'F' || *p == 'f') && n > 1 ? n : 0;
}

/* Where the next flight stands and its number, or NULL.  "Flight Number: X" names any X,
 * "Flight F123" one that looks like a number. */
static const char *find_flight(const char *text, struct travel_span *number) {
    for (const char *p = text; (p = travel_find(p, "flight"));) {
        const char *begin = p;
        p += 6;
        p += strspn(p, " \t");
        if (strncasecmp(p, "number", 6) == 0) {
            p += 6;
            p += strspn(p, " \t:#");
            *number = travel_trim((struct travel_span){.p = p, .n = strcspn(p, ",;\n")});
            return begin;
        }
        size_t n = number_length(p);
        if (n) {
            *number = (struct travel_span){.p = p, .n = n};
            return begin;
        }
    }
    return NULL;
}

static const char *find_self_driving(const char *text) {
    const char *p = travel_find(text, "self-driving");

    return p ? p : travel_find(text, "self driving");
}

/* The cities of a leg: its own, else those of the day. */
static void find_ends(const struct travel_case *c, int day, struct travel_span text,
                      struct travel_move *out) {
    struct travel_span city[2];

    if (travel_from_to(text, &out->from, &out->to) ||
        travel_from_to(travel_span_of(travel_field(c, day, TRAVEL_TRANSPORTATION)),
                       &out->from, &out->to))
        return;
    out->from = out->to = (struct travel_span){.p = ""};
    if (travel_cities(c, day, city) == 2) {
        out->from = city[0];
        out->to = city[1];
    }
}

int travel_next_move(const struct travel_case *c, int day, const char **rest,
                     struct travel_move *out) {
    const char *text = *rest;
    struct travel_span next;

    *out = (struct travel_move){.number = {.p = ""}};
    const char *flight = find_flight(text, &out->number);
    if (flight) {
        const char *after = flight + strlen("flight");
        const char *end = find_flight(after, &next);
        *rest = end ? end : text + strlen(text);
        out->by = TRAVEL_BY_FLIGHT;
        text = flight;
    } else {
        /* A text with flights has no other legs, as the published evaluation reads it. */
        int first = text == travel_field(c, day, TRAVEL_TRANSPORTATION);
        *rest = text + strlen(text);
        out->by = !first                      ? TRAVEL_BY_NOTHING
                  : find_self_driving(text)   ? TRAVEL_BY_CAR
                  : travel_find(text, "taxi") ? TRAVEL_BY_TAXI
                                              : TRAVEL_BY_NOTHING;
    }
    if (!out->by)
        return 0;
    find_ends(c, day, (struct travel_span){.p = text, .n = (size_t)(*rest - text)}, out);
    return 1;
}

/* ---- the whole -------------------------------------------------------------------- */

static int is_asked(const struct travel_query *q, int constraint) {
    switch (constraint) {
    case TRAVEL_ROOM_RULE:
        return q->house_rule != NULL;
    case TRAVEL_ROOM_TYPE:
        return q->room_type != NULL;
    case TRAVEL_CUISINE:
        return q->n_cuisines > 0;
    case TRAVEL_TRANSPORT_RULE:
        return q->transportation != NULL;
    default:
        return 1;
    }
}

static void judge_nothing(struct travel_judgement *out) {
    for (int i = 0; i < TRAVEL_CONSTRAINTS; i++)
        if (i < TRAVEL_FIRST_HARD)
            travel_violate(&out->of[i], "there is no plan");
        else if (out->of[i].state == TRAVEL_HOLDS)
            out->of[i].state = TRAVEL_NOT_EVALUATED;
}

static int is_judgeable(const struct travel_judgement *j) {
    return j->of[TRAVEL_SANDBOX].state == TRAVEL_HOLDS &&
           j->of[TRAVEL_COMPLETE].state == TRAVEL_HOLDS;
}

void travel_judge(const struct travel_world *world, const struct travel_query *query,
                  const struct travel_plan *plan, struct travel_judgement *out) {
    struct travel_case c = {.world = world, .query = query, .plan = plan};

    c.n_days = plan->n_days < query->days ? plan->n_days : query->days;
    *out = (struct travel_judgement){.delivered = plan->n_days > 0};
    for (int i = TRAVEL_FIRST_HARD; i < TRAVEL_CONSTRAINTS; i++)
        if (!is_asked(query, i))
            out->of[i].state = TRAVEL_NOT_ASKED;
    if (!out->delivered) {
        judge_nothing(out);
        return;
    }
    out->cost = travel_cost(&c);
    travel_judge_sense(&c, out->of);
    if (is_judgeable(out))
        travel_judge_hard(&c, out->of);
    out->final = 1;
    for (int i = 0; i < TRAVEL_CONSTRAINTS; i++) {
        if (i >= TRAVEL_FIRST_HARD && !is_judgeable(out) &&
            out->of[i].state == TRAVEL_HOLDS)
            out->of[i].state = TRAVEL_NOT_EVALUATED;
        out->final &=
            out->of[i].state == TRAVEL_HOLDS || out->of[i].state == TRAVEL_NOT_ASKED;
    }
}
