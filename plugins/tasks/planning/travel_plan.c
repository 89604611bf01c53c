/* travel_plan.c - see travel_plan.h: what the readers share. */
#include "travel_plan.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include <accord/sha256.h>

enum { MAX_FIELD = 4096, MAX_KEY = 40 };

const char *const travel_field_name[TRAVEL_FIELDS] = {
    [TRAVEL_CURRENT_CITY] = "current_city",
    [TRAVEL_TRANSPORTATION] = "transportation",
    [TRAVEL_BREAKFAST] = "breakfast",
    [TRAVEL_ATTRACTION] = "attraction",
    [TRAVEL_LUNCH] = "lunch",
    [TRAVEL_DINNER] = "dinner",
    [TRAVEL_ACCOMMODATION] = "accommodation",
};

static const struct synonym {
    const char *key; /* letters only */
    int field;
} synonyms[] = {
    {"currentcity", TRAVEL_CURRENT_CITY},
    {"city", TRAVEL_CURRENT_CITY},
    {"location", TRAVEL_CURRENT_CITY},
    {"transportation", TRAVEL_TRANSPORTATION},
    {"transport", TRAVEL_TRANSPORTATION},
    {"breakfast", TRAVEL_BREAKFAST},
    {"attraction", TRAVEL_ATTRACTION},
    {"attractions", TRAVEL_ATTRACTION},
    {"lunch", TRAVEL_LUNCH},
    {"dinner", TRAVEL_DINNER},
    {"accommodation", TRAVEL_ACCOMMODATION},
    {"accommodations", TRAVEL_ACCOMMODATION},
    {"accomodation", TRAVEL_ACCOMMODATION},
    {"hotel", TRAVEL_ACCOMMODATION},
    {"lodging", TRAVEL_ACCOMMODATION},
    {"day", TRAVEL_DAY_NUMBER},
    {"days", TRAVEL_DAY_NUMBER},
    {"daynumber", TRAVEL_DAY_NUMBER},
};

int travel_field_of(struct travel_span key) {
    char letters[MAX_KEY];
    size_t n = 0;

    for (size_t i = 0; i < key.n; i++) {
        char c = key.p[i];
        if (strchr(" _-*`\"'#0123456789\t", c))
            continue;
        if (n + 1 == sizeof(letters))
            return TRAVEL_NO_FIELD;
        letters[n++] = (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
    }
    letters[n] = '\0';
    for (size_t i = 0; i < sizeof(synonyms) / sizeof(synonyms[0]); i++)
        if (strcmp(letters, synonyms[i].key) == 0)
            return synonyms[i].field;
    return TRAVEL_NO_FIELD;
}

static int same_word(struct travel_span s, const char *word) {
    return s.n == strlen(word) && strncasecmp(s.p, word, s.n) == 0;
}

struct travel_span travel_value(struct travel_span text) {
    static const char *const nothing[] = {"-",    "\xe2\x80\x93", "\xe2\x80\x94", "n/a",
                                          "none", "null",         "-;",           ";"};

    text = travel_trim(text);
    while (text.n > 1 && strchr("*`", *text.p)) {
        text.p++;
        text.n--;
        text = travel_trim(text);
    }
    while (text.n > 0 && strchr("*`", text.p[text.n - 1])) {
        text.n--;
        text = travel_trim(text);
    }
    for (size_t i = 0; i < sizeof(nothing) / sizeof(nothing[0]); i++)
        if (same_word(text, nothing[i]))
            text.n = 0;
    return text;
}

struct travel_day *travel_plan_add(struct travel_plan *plan) {
    if (plan->n_days == TRAVEL_MAX_DAYS)
        return NULL;
    struct travel_day *day = &plan->day[plan->n_days++];
    *day = (struct travel_day){0};
    return day;
}

static int day_number(const struct travel_plan *plan, const struct travel_day *day) {
    return (int)(day - plan->day) + 1;
}

/* A field that long is an attack or a loop, and judging it would take long. */
static int is_too_long(struct travel_plan *plan, const struct travel_day *day, int field,
                       size_t n) {
    if (n <= MAX_FIELD)
        return 0;
    if (!*plan->reason)
        snprintf(plan->reason, sizeof(plan->reason), "day %d: %s is over %d bytes",
                 day_number(plan, day), travel_field_name[field], MAX_FIELD);
    return 1;
}

void travel_day_set(struct travel_plan *plan, struct travel_day *day, int field,
                    struct travel_span text) {
    if (!day)
        return;
    text = travel_value(text);
    if (field >= TRAVEL_FIELDS) {
        day->n_filled += text.n > 0;
        return;
    }
    if (is_too_long(plan, day, field, text.n))
        text.n = 0;
    const char *old = day->field[field];
    day->n_filled += (text.n > 0) - (old && *old);
    day->field[field] = travel_copy(&plan->arena, text.p, text.n);
}

/* The day's list of attractions with room for `n` bytes, or NULL without memory. */
static char *open_list(struct travel_plan *plan, struct travel_day *day, size_t n) {
    const char *old = day->field[TRAVEL_ATTRACTION];

    if (day->list && old == day->list && n <= day->room)
        return day->list;
    char *list = travel_take(&plan->arena, 2 * n);
    if (!list)
        return NULL;
    if (old)
        memcpy(list, old, strlen(old));
    day->list = list;
    day->room = 2 * n;
    day->field[TRAVEL_ATTRACTION] = list;
    return list;
}

void travel_day_attraction(struct travel_plan *plan, struct travel_day *day,
                           struct travel_span text) {
    text = travel_value(text);
    if (!day || !text.n)
        return;
    const char *old = day->field[TRAVEL_ATTRACTION];
    size_t n = old ? strlen(old) : 0;
    if (is_too_long(plan, day, TRAVEL_ATTRACTION, n + text.n + 1))
        return;
    char *list = open_list(plan, day, n + text.n + 2);
    if (!list)
        return;
    day->n_filled += n == 0;
    if (n && list[n - 1] != ';')
        list[n++] = ';';
    memcpy(list + n, text.p, text.n);
    list[n + text.n] = '\0';
}

/* ---- the reply -------------------------------------------------------------------- */

static void refuse(struct travel_plan *plan, const char *reason) {
    if (!*plan->reason)
        snprintf(plan->reason, sizeof(plan->reason), "%s", reason);
}

static void find_plan(const char *reply, struct travel_plan *plan) {
    if (!*reply)
        refuse(plan, "the reply is empty");
    else if (strlen(reply) > TRAVEL_MAX_REPLY)
        refuse(plan, "the reply is over 1 MiB");
    else if (!travel_read_json(reply, plan) && !travel_read_days(reply, plan) &&
             !travel_read_table(reply, plan))
        refuse(plan, "the reply holds no plan");
}

int travel_plan_read(const char *reply, struct travel_plan *out) {
    *out = (struct travel_plan){0};
    find_plan(reply ? reply : "", out);
    if (*out->reason) {
        out->form = NULL;
        out->n_days = 0;
    }
    return !out->arena.failed;
}

void travel_plan_fini(struct travel_plan *plan) {
    travel_arena_fini(&plan->arena);
    plan->n_days = 0;
}

/* ---- one spelling ----------------------------------------------------------------- */

struct writer {
    char *buf;
    size_t size, n; /* n counts what did not fit, too */
    accord_sha256 hash;
};

static void put(struct writer *w, const char *text) {
    size_t n = strlen(text);

    accord_sha256_update(&w->hash, text, n);
    if (w->n + n < w->size)
        memcpy(w->buf + w->n, text, n + 1);
    w->n += n;
}

void travel_plan_canon(const struct travel_plan *plan, char *buf, size_t size) {
    struct writer w = {.buf = buf, .size = size};
    char hex[65];

    if (!size)
        return;
    buf[0] = '\0';
    accord_sha256_init(&w.hash);
    for (int day = 0; day < plan->n_days; day++) {
        for (int f = 0; f < TRAVEL_FIELDS; f++) {
            const char *text = plan->day[day].field[f];
            put(&w, f ? "|" : "");
            put(&w, text ? *text ? text : "-" : "");
        }
        put(&w, "\n");
    }
    if (w.n < size)
        return;
    accord_sha256_hex(&w.hash, hex);
    snprintf(buf, size, "sha256:%s", hex);
}
