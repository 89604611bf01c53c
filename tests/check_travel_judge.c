/* check_travel_judge.c - TravelPlanner's constraints: the published verdicts, a plan that
 * violates each one alone, and every clause of the rules. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "suites.h"
#include "travel_rows.h"

/* ---- the published plans ---------------------------------------------------------- */

static void expect_published(const json_t *record, const struct travel_judgement *j) {
    const json_t *verdicts = json_object_get(record, "reference_plan_verdicts");
    int idx = (int)json_integer_value(json_object_get(record, "idx"));

    for (int i = 0; i < TRAVEL_CONSTRAINTS; i++) {
        const json_t *wanted = json_object_get(verdicts, travel_constraint_name[i]);
        int state = j->of[i].state;
        int right = json_is_true(wanted) ? state == TRAVEL_HOLDS
                    : json_is_false(wanted)
                        ? state == TRAVEL_VIOLATED
                        : state == TRAVEL_NOT_ASKED || state == TRAVEL_NOT_EVALUATED;
        ck_assert_msg(right, "task %d: %s is %d: %s", idx, travel_constraint_name[i],
                      state, j->of[i].reason);
    }
    double cost = json_number_value(json_object_get(record, "reference_plan_cost"));
    ck_assert_msg(j->cost >= cost && j->cost <= cost, "task %d costs %g, not %g", idx,
                  j->cost, cost);
}

static void judge_all(const travel_rows *rows, int *final, int asked[2], int held[2]) {
    for (size_t i = 0; i < rows->n; i++) {
        const struct travel_item *item = &rows->set.part[ACCORD_SPLIT_EVAL].item[i];
        struct travel_plan plan;
        struct travel_judgement j;
        travel_rows_plan(rows, i, &plan);
        travel_judge(&item->world, &item->query, &plan, &j);
        expect_published(rows->record[i], &j);
        *final += j.final;
        for (int k = 0; k < TRAVEL_CONSTRAINTS; k++) {
            asked[k >= TRAVEL_FIRST_HARD] += j.of[k].state != TRAVEL_NOT_ASKED;
            held[k >= TRAVEL_FIRST_HARD] += j.of[k].state == TRAVEL_HOLDS;
        }
        travel_plan_fini(&plan);
    }
}

START_TEST(test_published_plans_have_the_published_verdicts_and_costs) {
    travel_rows rows;
    int final = 0, asked[2] = {0}, held[2] = {0};

    if (!travel_rows_read(&rows, 0))
        return;
    judge_all(&rows, &final, asked, held);
    ck_assert_uint_eq(rows.n, 45);
    ck_assert_int_eq(final, 44);
    ck_assert_int_eq(asked[0], 360);
    ck_assert_int_eq(held[0], 358);
    ck_assert_int_eq(asked[1], 105);
    ck_assert_int_eq(held[1], 101);
    travel_rows_fini(&rows);
}
END_TEST

START_TEST(test_our_rows_have_their_verdicts_and_costs) {
    travel_rows rows;
    int final = 0, asked[2] = {0}, held[2] = {0};

    travel_rows_read(&rows, 1);
    judge_all(&rows, &final, asked, held);
    ck_assert_int_eq(final, 2);
    ck_assert_int_eq(asked[0], 24);
    ck_assert_int_eq(held[0], 22);
    ck_assert_int_eq(asked[1], 8);
    ck_assert_int_eq(held[1], 6);
    travel_rows_fini(&rows);
}
END_TEST

START_TEST(test_task_42_fails_for_the_stated_reason) {
    travel_rows rows;
    struct travel_plan plan;
    struct travel_judgement j;

    if (!travel_rows_read(&rows, 0))
        return;
    const struct travel_item *item = &rows.set.part[ACCORD_SPLIT_EVAL].item[41];
    ck_assert_str_eq(item->id, "travelplanner-train-42");
    travel_rows_plan(&rows, 41, &plan);
    travel_judge(&item->world, &item->query, &plan, &j);
    ck_assert_str_eq(j.of[TRAVEL_SANDBOX].reason,
                     "day 4: attraction: San Angelo Museum of Fine Arts, San "
                     "Angelo(Texas) is not listed");
    ck_assert_str_eq(j.of[TRAVEL_IN_CITY].reason,
                     "day 4: attraction: San Angelo Museum of Fine Arts, San "
                     "Angelo(Texas) is not in San Antonio");
    ck_assert_int_eq(j.of[TRAVEL_BUDGET].state, TRAVEL_NOT_EVALUATED);
    travel_plan_fini(&plan);
    travel_rows_fini(&rows);
}
END_TEST

/* ---- one change ------------------------------------------------------------------- */

/* What is changed in the first of our rows and its plan: up to three fields, and the
 * query. */
struct change {
    int day, field;
    const char *text; /* NULL: the field is left out */
};
struct slip {
    const char *violated; /* all of them, by their short names */
    const char *reason;   /* of the first one */
    struct change change[4];
    const char *query; /* "budget=2051", "people=4", "transportation=no flight" */
    double cost;       /* 0: not looked at */
};

enum { CITY, TRANSPORT, BREAKFAST, ATTRACTION, LUNCH, DINNER, ROOM };

#define END \
    { 0, 0, NULL }
#define FLIGHT "Flight Number: F1000002, from Alba to Borda"

static const struct slip slips[] = {
    /* Within Sandbox */
    {"", "", {END}, NULL, 2052},
    {"sandbox",
     "day 1: dinner: Nowhere Grill, Borda is not listed",
     {{1, DINNER, "Nowhere Grill, Borda"}, END},
     NULL,
     1992},
    {"sandbox",
     "day 2: attraction: Mill Pond, Borda is not listed",
     {{2, ATTRACTION, "Old Mill, Borda;Mill Pond, Borda;"}, END},
     NULL,
     2052},
    {"sandbox",
     "day 1: accommodation: Loud Loft, Borda is not listed",
     {{1, ROOM, "Loud Loft, Borda"}, {2, ROOM, "Loud Loft, Borda"}, END},
     NULL,
     1652},
    {"sandbox",
     "day 1: dinner: Salt Bistro, Borda is not listed", /* of another city */
     {{1, DINNER, "Salt Bistro, Borda"}, END},
     NULL,
     1992},
    {"sandbox",
     "day 1: dinner: lido grill, Borda is not listed",
     {{1, DINNER, "lido grill, Borda"}, END},
     NULL,
     1992},
    {"sandbox",
     "day 1: dinner: Lido Grill Borda is not listed", /* no comma */
     {{1, DINNER, "Lido Grill Borda"}, END},
     NULL,
     1992},
    {"sandbox",
     "day 1: dinner: , Borda is not listed",
     {{1, DINNER, ", Borda"}, END},
     NULL,
     1992},
    {"sandbox",
     "day 1: transportation: no flight F1000009 from Alba to Borda is listed",
     {{1, TRANSPORT, "Flight Number: F1000009, from Alba to Borda"}, END},
     NULL,
     1782},
    {"sandbox",
     "day 1: transportation: no flight F1000003 from Alba to Borda is listed",
     {{1, TRANSPORT, "Flight Number: F1000003, from Alba to Borda"}, END},
     NULL,
     1782},
    {"sandbox",
     "day 5: transportation: taxi from Corva to Alba has no listed cost",
     {{5, TRANSPORT, "Taxi, from Corva to Alba"}, END},
     NULL,
     1722},
    {"sandbox",
     "day 1: transportation: no flight F7 from Alba to Borda is listed",
     {{1, TRANSPORT, FLIGHT "; Flight Number: F7, from Alba to Borda"}, END},
     NULL,
     2052},
    /* names: equal before contained, split at the last comma, "(State)" ignored */
    {"", "", {{1, DINNER, "Grill, Borda"}, END}, NULL, 2052},
    {"", "", {{3, BREAKFAST, "Lido, Borda"}, END}, NULL, 2052},
    {"", "", {{1, DINNER, "Lido Grill , Borda (Anywhere)"}, END}, NULL, 2052},
    {"", "", {{2, ATTRACTION, "Clock Tower, East, Borda(X);"}, END}, NULL, 2052},
    {"", "", {{2, LUNCH, "Mule, Borda"}, END}, NULL, 2052},
    {"",
     "",
     {{3, BREAKFAST, "Twin Diner, Borda"},
      {2, BREAKFAST, "Twin, Borda"},
      {2, DINNER, "Lido, Borda"},
      END},
     NULL,
     2019}, /* the last of equal ones */
    /* ways: the cities of the day where the text has none; any mention of a number */
    {"in_city",
     "day 1: transportation: does not name Alba",
     {{1, TRANSPORT, "Flight Number: F1000002"}, END},
     NULL,
     2052},
    {"",
     "",
     {{1, TRANSPORT, "flight number: F1000001, from Alba to Borda"}, END},
     NULL,
     2232},
    {"", "", {{1, TRANSPORT, "Flight F1000001 from Alba to Borda"}, END}, NULL, 2232},
    /* Complete Information */
    {"complete",
     "day 2: breakfast: nothing is planned",
     {{2, BREAKFAST, "-"}, END},
     NULL,
     2022},
    {"complete", "day 2: lunch: nothing is planned", {{2, LUNCH, ""}, END}, NULL, 2007},
    {"complete",
     "day 4: dinner: nothing is planned",
     {{4, DINNER, "-"}, END},
     NULL,
     1986},
    {"complete",
     "day 4: attraction: nothing is planned",
     {{4, ATTRACTION, "-"}, END},
     NULL,
     2052},
    {"complete",
     "day 3: transportation: nothing is planned",
     {{3, TRANSPORT, "-"}, END},
     NULL,
     1852},
    {"complete conflict",
     "day 1: transportation: nothing is planned",
     {{1, TRANSPORT, "-"}, END},
     NULL,
     1782},
    {"complete",
     "day 4: accommodation: nothing is planned",
     {{4, ROOM, "-"}, {3, ROOM, "Hostel Nine, Corva"}, END},
     NULL,
     1872},
    {"complete",
     "day 5: accommodation: there is no such field",
     {{5, ROOM, NULL}, END},
     NULL,
     2052},
    {"complete",
     "day 1: lunch: there is no such field",
     {{1, LUNCH, NULL}, END},
     NULL,
     2052},
    {"complete route",
     "day 1: current_city: does not leave from Alba",
     {{1, CITY, "Borda"}, END},
     NULL,
     2052},
    {"complete in_city route",
     "3 cities are visited instead of 2",
     {{4, CITY, "Durra"}, END},
     NULL,
     2052},
    {"complete", "2 cities are visited instead of 3", {END}, "cities=3", 2052},
    {"",
     "",
     {{5, BREAKFAST, "-"}, {1, DINNER, "-"}, {3, DINNER, "-"}, END},
     "cuisine=Indian",
     1848},
    /* Within Current City */
    {"in_city",
     "day 2: attraction: Glass Museum, Corva is not in Borda",
     {{2, ATTRACTION, "Old Mill, Borda;Glass Museum, Corva;"},
      {4, ATTRACTION, "Castle Hill, Corva;"},
      END},
     NULL,
     2052},
    {"in_city",
     "day 2: lunch: Amber Grill, Corva is not in Borda",
     {{2, LUNCH, "Amber Grill, Corva"},
      {5, BREAKFAST, "Mule Canteen, Borda"},
      {3, LUNCH, "-"},
      {3, ATTRACTION, "-"}},
     "cuisine=French",
     2052},
    {"in_city",
     "day 2: accommodation: Hostel Nine, Corva is not in Borda",
     {{1, ROOM, "Back Room, Borda"}, {2, ROOM, "Hostel Nine, Corva"}, END},
     "room=",
     0},
    {"in_city nights",
     "day 3: accommodation: Quiet Loft, Borda is not in Corva",
     {{3, ROOM, "Quiet Loft, Borda"}, END},
     NULL,
     0}, /* the last city of the day */
    {"",
     "",
     {{3, LUNCH, "Mule Canteen, Borda"}, {2, LUNCH, "Twin Diner, Borda"}, END},
     NULL,
     0}, /* either city of a travel day */
    {"in_city",
     "day 1: transportation: does not name Alba",
     {{1, TRANSPORT, "Flight Number: F1000002, to Borda"}, END},
     NULL,
     2052},
    {"complete in_city route",
     "3 cities are visited instead of 2",
     {{4, CITY, "-"}, END},
     NULL,
     2052},
    /* Reasonable City Route */
    {"route",
     "the trip does not end in Alba",
     {{5, CITY, "from Corva to Borda"}, {5, TRANSPORT, "Taxi, from Corva to Borda"}, END},
     NULL,
     1922},
    {"in_city route",
     "day 2: breakfast: Nona's Kitchen, Borda(Tavaria) is not in Corva",
     {{2, CITY, "Corva"}, END},
     NULL,
     2052}, /* left at once, returned to */
    /* Diverse ... */
    {"restaurants",
     "day 3: lunch: Quay Table, Borda was visited before",
     {{2, DINNER, "Quay Table, Borda"}, {3, LUNCH, "Quay Table, Borda"}, END},
     NULL,
     0},
    {"",
     "",
     {{2, DINNER, "Quay Table, Borda"}, {3, LUNCH, "Quay Table, Borda(Tavaria)"}, END},
     NULL,
     0}, /* other text */
    {"attractions",
     "day 3: attraction: Old Mill, Borda was visited before",
     {{2, ATTRACTION, "Old Mill, Borda;"}, {3, ATTRACTION, "Old Mill, Borda;"}, END},
     NULL,
     2052},
    {"attractions",
     "day 2: attraction: Old Mill, Borda was visited before",
     {{2, ATTRACTION, "Old Mill, Borda; Old Mill, Borda"}, END},
     NULL,
     2052},
    /* Non-conflicting Transportation */
    {"conflict",
     "self-driving on day 3, a flight on day 1",
     {{3, TRANSPORT, "Self-driving, from Borda to Corva"}, END},
     "transportation=",
     1877},
    {"conflict",
     "self-driving on day 1, a taxi on day 3",
     {{1, TRANSPORT, "Self-driving, from Alba to Borda"},
      {5, TRANSPORT, "Self-driving, from Corva to Alba"},
      END},
     "transportation=",
     1582},
    {"",
     "",
     {{1, TRANSPORT, "Self-driving, from Alba to Borda"},
      {3, TRANSPORT, "Self-driving, from Borda to Corva"},
      {5, TRANSPORT, "Self-driving, from Corva to Alba"},
      END},
     "transportation=",
     1407},
    /* Minimum Nights Stay */
    {"nights",
     "day 1: accommodation: Long Stay Lodge, Borda wants 3 nights, not 2",
     {{1, ROOM, "Long Stay Lodge, Borda"}, {2, ROOM, "Long Stay Lodge, Borda"}, END},
     NULL,
     1972},
    {"nights",
     "day 1: accommodation: Quiet Loft, Borda wants 2 nights, not 1",
     {{1, ROOM, "Quiet Loft, Borda"}, {2, ROOM, "Quiet Loft, Borda (T)"}, END},
     NULL,
     2052}, /* other text */
    {"nights",
     "day 2: accommodation: Quiet Loft, Borda(Tavaria) wants 2 nights, not 1",
     {{1, ROOM, "Back Room, Borda"}, END},
     "room=",
     2032},
    /* Budget: 3 people need 2 rooms for 2, 1 for 3, 3 for 1; a taxi for 4, a car for 5 */
    {"budget", "the trip costs 2052, and the budget is 2051", {END}, "budget=2051", 0},
    {"", "", {END}, "budget=2052", 0},
    {"", "", {END}, "people=4", 2696},
    {"budget",
     "the trip costs 3500, and the budget is 3499",
     {END},
     "people=5 3499",
     3500},
    {"transport",
     "day 1: transportation: there is a self-driving leg",
     {{1, TRANSPORT, "Self-driving, from Alba to Borda"},
      {3, TRANSPORT, "Self-driving, from Borda to Corva"},
      {5, TRANSPORT, "Self-driving, from Corva to Alba"},
      END},
     "people=6",
     2614},
    /* Room Rule, Room Type, Cuisine, Transportation */
    {"rule",
     "day 1: accommodation: Pet Free House says \"No pets\"",
     {{1, ROOM, "Pet Free House, Borda"}, {2, ROOM, "Pet Free House, Borda"}, END},
     NULL,
     2012},
    {"",
     "",
     {{1, ROOM, "Pet Free House, Borda"}, {2, ROOM, "Pet Free House, Borda"}, END},
     "rule=smoking",
     2012},
    {"rule",
     "day 1: accommodation: Quiet Loft says \"No smoking\"",
     {END},
     "rule=smoking",
     2052},
    {"type",
     "day 1: accommodation: Back Room is of type Private room",
     {{1, ROOM, "Back Room, Borda"}, {2, ROOM, "Back Room, Borda"}, END},
     NULL,
     2012},
    {"",
     "",
     {{1, ROOM, "Back Room, Borda"}, {2, ROOM, "Back Room, Borda"}, END},
     "room=not shared room",
     2012},
    {"type",
     "day 1: accommodation: Bunk Hall is of type Shared room",
     {{1, ROOM, "Bunk Hall, Borda"}, {2, ROOM, "Bunk Hall, Borda"}, END},
     "room=not shared room",
     1832},
    {"type",
     "day 3: accommodation: Sun Suite is of type Entire home/apt",
     {{1, ROOM, "Back Room, Borda"}, {2, ROOM, "Back Room, Borda"}, END},
     "room=private room",
     2012},
    {"",
     "",
     {{1, ROOM, "Bunk Hall, Borda"},
      {2, ROOM, "Bunk Hall, Borda"},
      {3, ROOM, "Hostel Nine, Corva"},
      {4, ROOM, "Hostel Nine, Corva"}},
     "room=shared room",
     1712},
    {"cuisine", "no meal is Indian", {{2, LUNCH, "Twin Diner, Borda"}, END}, NULL, 2043},
    {"cuisine", "no meal is Italian", {END}, "cuisine=Italian", 2052},
    {"cuisine", "no meal is Tea, Pizza", {END}, "cuisine=Tea, Pizza", 2052},
    {"transport",
     "day 1: transportation: there is a flight",
     {END},
     "transportation=no flight",
     2052},
    {"transport",
     "day 1: transportation: there is a self-driving leg",
     {{1, TRANSPORT, "Self-driving, from Alba to Borda"},
      {3, TRANSPORT, "Self-driving, from Borda to Corva"},
      {5, TRANSPORT, "Self-driving, from Corva to Alba"},
      END},
     NULL,
     1407},
};
enum { N_SLIPS = sizeof(slips) / sizeof(slips[0]) };

static const char *const short_name[TRAVEL_CONSTRAINTS] = {
    "sandbox", "complete", "in_city", "route", "restaurants", "attractions", "conflict",
    "nights",  "budget",   "rule",    "type",  "cuisine",     "transport",
};

static const char *after(const char *text, const char *key) {
    size_t n = strlen(key);

    return text && strncmp(text, key, n) == 0 ? text + n : NULL;
}

static void change_query(const char *text, struct travel_query *q) {
    const char *value;

    if ((value = after(text, "budget=")))
        q->budget = strtod(value, NULL);
    if ((value = after(text, "people="))) {
        q->people = (int)strtol(value, (char **)&value, 10);
        q->budget = *value ? strtod(value, NULL) : 1e9;
    }
    if ((value = after(text, "cities=")))
        q->cities = (int)strtol(value, NULL, 10);
    if ((value = after(text, "transportation=")))
        q->transportation = *value ? value : NULL;
    if ((value = after(text, "rule=")))
        q->house_rule = value;
    if ((value = after(text, "room=")))
        q->room_type = *value ? value : NULL;
    if ((value = after(text, "cuisine="))) {
        q->cuisine[0] = value;
        q->n_cuisines = 1;
    }
}

static void change_plan(const struct slip *slip, struct travel_plan *plan) {
    for (int i = 0; i < 4 && slip->change[i].day; i++) {
        const struct change *c = &slip->change[i];
        struct travel_day *day = &plan->day[c->day - 1];
        if (c->text)
            travel_day_set(plan, day, c->field, travel_span_of(c->text));
        else
            day->field[c->field] = NULL;
    }
}

static void list_violated(const struct travel_judgement *j, char *out, size_t size) {
    size_t n = 0;

    *out = '\0';
    for (int i = 0; i < TRAVEL_CONSTRAINTS; i++)
        if (j->of[i].state == TRAVEL_VIOLATED)
            n += (size_t)snprintf(out + n, size - n, "%s%s", n ? " " : "", short_name[i]);
}

static const char *first_reason(const struct travel_judgement *j) {
    for (int i = 0; i < TRAVEL_CONSTRAINTS; i++)
        if (j->of[i].state == TRAVEL_VIOLATED)
            return j->of[i].reason;
    return "";
}

START_TEST(test_a_change_violates_what_it_should) {
    const struct slip *slip = &slips[_i];
    travel_rows rows;
    struct travel_plan plan;
    struct travel_judgement j;
    char violated[256];

    travel_rows_read(&rows, 1);
    const struct travel_item *item = &rows.set.part[ACCORD_SPLIT_EVAL].item[0];
    struct travel_query query = item->query;
    travel_rows_plan(&rows, 0, &plan);
    query.budget = 1e9;
    change_query(slip->query, &query);
    change_plan(slip, &plan);
    travel_judge(&item->world, &query, &plan, &j);
    list_violated(&j, violated, sizeof(violated));
    ck_assert_msg(strcmp(violated, slip->violated) == 0, "\"%s\" and not \"%s\": %s",
                  violated, slip->violated, first_reason(&j));
    ck_assert_str_eq(first_reason(&j), slip->reason);
    ck_assert_msg(slip->cost <= 0 || (j.cost >= slip->cost && j.cost <= slip->cost),
                  "the trip costs %g, not %g", j.cost, slip->cost);
    ck_assert_int_eq(j.final, !*slip->violated);
    int judged = j.of[TRAVEL_SANDBOX].state == TRAVEL_HOLDS &&
                 j.of[TRAVEL_COMPLETE].state == TRAVEL_HOLDS;
    ck_assert_int_eq(j.of[TRAVEL_BUDGET].state == TRAVEL_NOT_EVALUATED, !judged);
    travel_plan_fini(&plan);
    travel_rows_fini(&rows);
}
END_TEST

START_TEST(test_each_constraint_has_a_plan_that_violates_only_it) {
    for (int k = 0; k < TRAVEL_CONSTRAINTS; k++) {
        int found = 0;
        for (int i = 0; i < N_SLIPS; i++)
            found |= strcmp(slips[i].violated, short_name[k]) == 0;
        ck_assert_msg(found, "none violates only %s", travel_constraint_name[k]);
    }
}
END_TEST

/* ---- texts ------------------------------------------------------------------------ */

static const struct {
    const char *text, *from, *to; /* "" for none */
} legs[] = {
    {"from Alba to Borda", "Alba", "Borda"},
    {"from Alba to Borda(Tavaria)", "Alba", "Borda"},
    {"Taxi, from St. Petersburg to New York, cost: 7", "St. Petersburg", "New York"},
    {"From Alba(X Y) To  Borda", "Alba", "Borda"},
    {"Therefrom A to B from C to D", "C", "D"},
    {"from Alba", "", ""},
    {"from to to X", "to", "X"},
    {"from Toronto to Boston", "Toronto", "Boston"},
    {"to Borda from Alba", "", ""},
    {"from Alba to ", "", ""},
    {"", "", ""},
};

START_TEST(test_two_cities_are_found_in_a_leg) {
    struct travel_span from, to;

    int found = travel_from_to(travel_span_of(legs[_i].text), &from, &to);
    ck_assert_int_eq(found, *legs[_i].from != '\0');
    ck_assert_msg(!found || travel_same(from, legs[_i].from), "%.*s", TRAVEL_SPAN(from));
    ck_assert_msg(!found || travel_same(to, legs[_i].to), "%.*s", TRAVEL_SPAN(to));
}
END_TEST

/* ---- days ------------------------------------------------------------------------- */

/* Judges a plan for the first of our rows. */
static void judge_text(const char *text, struct travel_judgement *j) {
    travel_rows rows;
    struct travel_plan plan;

    travel_rows_read(&rows, 1);
    const struct travel_item *item = &rows.set.part[ACCORD_SPLIT_EVAL].item[0];
    ck_assert(travel_plan_read(text, &plan));
    travel_judge(&item->world, &item->query, &plan, j);
    travel_plan_fini(&plan);
    travel_rows_fini(&rows);
}

#define ROVE(number, from, to, room) \
    "{" number "\"current_city\":\"from " from " to " to "\",\"transportation\":" \
    "\"Taxi, from " from " to " to "\",\"breakfast\":\"-\",\"attraction\":\"-\"," \
    "\"lunch\":\"-\",\"dinner\":\"-\",\"accommodation\":\"" room "\"}"

/* Two values a day, and a room for all nights but the last, are 14. */
START_TEST(test_three_values_a_day_are_needed_and_the_number_is_one) {
    struct travel_judgement j;

    judge_text(
        "[" ROVE("", "Alba", "Borda", "Back Room, Borda") "," ROVE(
            "", "Borda", "Corva",
            "Hostel Nine, Corva") "," ROVE("", "Corva", "Borda",
                                           "Back Room, Borda") "," ROVE("", "Borda",
                                                                        "Corva",
                                                                        "Hostel Nine, "
                                                                        "Corva") "," ROVE("",
                                                                                          "Corva",
                                                                                          "Alba",
                                                                                          "-") "]",
        &j);
    ck_assert_str_eq(j.of[TRAVEL_COMPLETE].reason,
                     "14 values are filled, and 15 is the least");
    judge_text(
        "[" ROVE("\"days\":1,", "Alba", "Borda", "Back Room, Borda") "," ROVE(
            "", "Borda", "Corva",
            "Hostel Nine, Corva") "," ROVE("", "Corva", "Borda",
                                           "Back Room, Borda") "," ROVE("", "Borda",
                                                                        "Corva",
                                                                        "Hostel Nine, "
                                                                        "Corva") "," ROVE("",
                                                                                          "Corva",
                                                                                          "Alba",
                                                                                          "-") "]",
        &j);
    ck_assert_int_eq(j.of[TRAVEL_COMPLETE].state, TRAVEL_HOLDS);
}
END_TEST

/* The plan of our first row with days dropped, or repeated at its end. */
static void judge_days(int n_days, struct travel_judgement *j) {
    travel_rows rows;
    struct travel_plan plan;

    travel_rows_read(&rows, 1);
    const struct travel_item *item = &rows.set.part[ACCORD_SPLIT_EVAL].item[0];
    travel_rows_plan(&rows, 0, &plan);
    for (int i = plan.n_days; i < n_days; i++)
        plan.day[i] = plan.day[0];
    plan.n_days = n_days;
    travel_judge(&item->world, &item->query, &plan, j);
    travel_plan_fini(&plan);
    travel_rows_fini(&rows);
}

START_TEST(test_only_the_days_that_were_asked_for_count) {
    struct travel_judgement j;

    judge_days(TRAVEL_MAX_DAYS, &j);
    ck_assert_int_eq(j.final, 1);
    judge_days(4, &j);
    ck_assert_str_eq(j.of[TRAVEL_COMPLETE].reason, "4 of 5 days are filled");
    ck_assert_str_eq(j.of[TRAVEL_ROUTE].reason, "the trip does not end in Alba");
}
END_TEST

START_TEST(test_no_plan_violates_the_first_group_and_is_not_judged_by_the_second) {
    struct travel_judgement j;

    judge_days(0, &j);
    ck_assert_int_eq(j.delivered, 0);
    ck_assert_int_eq(j.final, 0);
    for (int i = 0; i < TRAVEL_CONSTRAINTS; i++)
        ck_assert_int_eq(j.of[i].state,
                         i < TRAVEL_FIRST_HARD ? TRAVEL_VIOLATED : TRAVEL_NOT_EVALUATED);
}
END_TEST

/* On a day, meals from the first one in the city of departure on do not count. */
START_TEST(test_meals_after_one_at_home_are_of_no_cuisine) {
    static const struct {
        const char *breakfast, *lunch;
        int state;
    } days[] = {
        {"-", "-", TRAVEL_HOLDS},
        {"Gate Bistro, Alba", "-", TRAVEL_VIOLATED},
        {"-", "Gate Bistro, Alba(Home)", TRAVEL_VIOLATED},
        {"Mule Canteen, Borda", "Gate Bistro, Alba", TRAVEL_HOLDS},
    };
    travel_rows rows;
    struct travel_judgement j;

    travel_rows_read(&rows, 1);
    struct travel_item *item = &rows.set.part[ACCORD_SPLIT_EVAL].item[0];
    struct travel_restaurant *r =
        travel_add(&item->world, &item->world.restaurants, sizeof(*r));
    *r = (struct travel_restaurant){
        .name = "Gate Bistro", .city = "Alba", .cuisines = "BBQ"};
    item->query.cuisine[0] = "BBQ";
    item->query.n_cuisines = 1;
    for (size_t i = 0; i < sizeof(days) / sizeof(days[0]); i++) {
        const struct slip slip = {.change = {{1, BREAKFAST, days[i].breakfast},
                                             {1, LUNCH, days[i].lunch},
                                             {2, LUNCH, "Lido Grill, Borda"},
                                             {5, BREAKFAST, "-"}}};
        struct travel_plan plan;
        travel_rows_plan(&rows, 0, &plan);
        travel_day_set(&plan, &plan.day[0], DINNER,
                       travel_span_of(i == 3 ? "-" : "Mule Canteen, Borda"));
        change_plan(&slip, &plan);
        travel_judge(&item->world, &item->query, &plan, &j);
        ck_assert_int_eq(j.of[TRAVEL_CUISINE].state, days[i].state);
        travel_plan_fini(&plan);
    }
    travel_rows_fini(&rows);
}
END_TEST

Suite *suite_travel_judge(void) {
    Suite *s = suite_create("travel_judge");
    TCase *published = tcase_create("published");
    TCase *own = tcase_create("own rows");

    tcase_add_test(published, test_published_plans_have_the_published_verdicts_and_costs);
    tcase_add_test(published, test_task_42_fails_for_the_stated_reason);
    suite_add_tcase(s, published);
    tcase_add_test(own, test_our_rows_have_their_verdicts_and_costs);
    tcase_add_loop_test(own, test_a_change_violates_what_it_should, 0, N_SLIPS);
    tcase_add_test(own, test_each_constraint_has_a_plan_that_violates_only_it);
    tcase_add_loop_test(own, test_two_cities_are_found_in_a_leg, 0,
                        sizeof(legs) / sizeof(legs[0]));
    tcase_add_test(own, test_three_values_a_day_are_needed_and_the_number_is_one);
    tcase_add_test(own, test_only_the_days_that_were_asked_for_count);
    tcase_add_test(own,
                   test_no_plan_violates_the_first_group_and_is_not_judged_by_the_second);
    tcase_add_test(own, test_meals_after_one_at_home_are_of_no_cuisine);
    suite_add_tcase(s, own);
    return s;
}
