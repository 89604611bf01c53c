/* check_travel_make.c - made trips: every one has a plan, money matters, and the splits
 * are disjoint. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <accord/plugin.h>
#include <accord/sha256.h>

#include "chaos.h"
#include "suites.h"
#include "travel_items.h"
#include "travel_judge.h"
#include "travel_make.h"

enum { N_TRIPS = 60 };

static void judge(const struct travel_trip *trip, int dearest,
                  struct travel_judgement *j) {
    struct travel_plan plan, again;

    ck_assert(travel_construct(trip, dearest, &plan));
    char *text = travel_plan_json(&plan);
    ck_assert(travel_plan_read(text, &again));
    ck_assert_str_eq(again.form, "json");
    travel_judge(&trip->world, &trip->query, &again, j);
    travel_plan_fini(&again);
    travel_plan_fini(&plan);
    free(text);
}

static const char *first_reason(const struct travel_judgement *j) {
    for (int i = 0; i < TRAVEL_CONSTRAINTS; i++)
        if (j->of[i].state == TRAVEL_VIOLATED)
            return j->of[i].reason;
    return "";
}

/* The dearest plan shows that the budget alone forbids it. */
static void expect_just_feasible(const struct travel_trip *trip) {
    struct travel_judgement j;

    judge(trip, 0, &j);
    ck_assert_msg(j.final, "%s: %s", trip->query.text, first_reason(&j));
    ck_assert(j.cost <= trip->query.budget && j.cost * 1.05 + 10 > trip->query.budget);
    judge(trip, 1, &j);
    for (int i = 0; i < TRAVEL_CONSTRAINTS; i++)
        ck_assert_msg((j.of[i].state == TRAVEL_VIOLATED) == (i == TRAVEL_BUDGET),
                      "%s: %s: %s", trip->query.text, travel_constraint_name[i],
                      j.of[i].reason);
}

START_TEST(test_every_trip_has_a_plan_and_money_matters) {
    for (int split = 0; split < 2; split++)
        for (uint64_t item = 0; item < N_TRIPS; item++) {
            struct travel_trip trip;
            ck_assert(travel_make(3, _i, split, item, &trip));
            expect_just_feasible(&trip);
            travel_trip_fini(&trip);
        }
}
END_TEST

static int count_constraints(const struct travel_query *q) {
    return (q->house_rule != NULL) + (q->room_type != NULL) + (q->n_cuisines > 0) +
           (q->transportation != NULL);
}

START_TEST(test_levels_have_their_days_and_constraints) {
    static const int days[] = {0, 3, 3, 3, 5, 5, 7, 7},
                     asked[] = {0, 0, 1, 3, 1, 3, 1, 3};
    int seen[4] = {0};

    for (uint64_t item = 0; item < N_TRIPS; item++) {
        struct travel_trip trip;
        ck_assert(travel_make(1, _i, ACCORD_SPLIT_TRAIN, item, &trip));
        const struct travel_query *q = &trip.query;
        ck_assert_int_eq(q->days, days[_i]);
        ck_assert_int_eq(q->cities, (q->days - 1) / 2);
        ck_assert_uint_eq(trip.world.cities.n, (size_t)q->cities);
        ck_assert_int_eq(count_constraints(q), asked[_i]);
        seen[0] |= q->house_rule != NULL;
        seen[1] |= q->room_type != NULL;
        seen[2] |= q->n_cuisines > 0;
        seen[3] |= q->transportation != NULL;
        travel_trip_fini(&trip);
    }
    for (int i = 0; i < 4; i++)
        ck_assert_int_eq(seen[i], asked[_i] > 0);
}
END_TEST

/* All that is judged stands in the words of the question. */
START_TEST(test_the_query_says_what_is_asked) {
    struct travel_trip trip;
    char text[64];

    for (uint64_t item = 0; item < N_TRIPS; item++) {
        ck_assert(travel_make(2, _i, ACCORD_SPLIT_EVAL, item, &trip));
        const struct travel_query *q = &trip.query;
        const char *said[] = {
            q->org,        q->dest,      q->date[0],       q->date[q->days - 1],
            q->house_rule, q->room_type, q->transportation};
        for (size_t i = 0; i < sizeof(said) / sizeof(said[0]); i++)
            ck_assert_msg(!said[i] || strstr(q->text, said[i]), "%s: %s", said[i],
                          q->text);
        for (int i = 0; i < q->n_cuisines; i++)
            ck_assert_ptr_nonnull(strstr(q->text, q->cuisine[i]));
        snprintf(text, sizeof(text), "$%.10g", q->budget);
        ck_assert_ptr_nonnull(strstr(q->text, text));
        snprintf(text, sizeof(text), q->people == 1 ? "one person" : "%d people",
                 q->people);
        ck_assert_ptr_nonnull(strstr(q->text, text));
        travel_trip_fini(&trip);
    }
}
END_TEST

static int by_text(const void *a, const void *b) {
    return strcmp(*(char *const *)a, *(char *const *)b);
}

START_TEST(test_no_query_stands_in_both_splits_or_twice) {
    char *query[2 * 300];
    size_t n = 0;

    for (int split = 0; split < 2; split++)
        for (uint64_t item = 0; item < 300; item++) {
            struct travel_trip trip;
            ck_assert(travel_make(1, 1, split, item, &trip));
            query[n++] = strdup(trip.query.text);
            travel_trip_fini(&trip);
        }
    qsort(query, n, sizeof(*query), by_text);
    for (size_t i = 1; i < n; i++)
        ck_assert_str_ne(query[i - 1], query[i]);
    for (size_t i = 0; i < n; i++)
        free(query[i]);
}
END_TEST

/* Written down once: a change of a trip is a change of every result. */
START_TEST(test_an_item_is_the_same_everywhere) {
    struct travel_trip trip;
    accord_sha256 hash;
    char hex[65];

    ck_assert(travel_make(1, 3, ACCORD_SPLIT_EVAL, 0, &trip));
    ck_assert_str_eq(trip.query.text,
                     "Please plan a trip of 3 days for 5 people from Vararamar to "
                     "Quoafell, from 2031-10-18 to 2031-10-20. The budget is $3100 in "
                     "all. Our rooms must not forbid visitors. On the way we want to eat "
                     "American and Mediterranean food. For travelling, we want no "
                     "flight.");
    const char *text = travel_information(&trip.world);
    accord_sha256_init(&hash);
    accord_sha256_update(&hash, text, strlen(text));
    accord_sha256_hex(&hash, hex);
    ck_assert_str_eq(hex,
                     "4b242e2ca22fb85485f946100ccded6d61d555c05edc8f6a32f96603e2b2bf43");
    travel_trip_fini(&trip);
}
END_TEST

/* Whether one name is part of another one would be another question. */
START_TEST(test_places_have_names_of_their_own) {
    struct travel_trip trip;

    for (uint64_t item = 0; item < N_TRIPS; item++) {
        ck_assert(travel_make(5, 7, ACCORD_SPLIT_TRAIN, item, &trip));
        const struct travel_restaurant *r = trip.world.restaurants.items;
        const struct travel_hotel *h = trip.world.hotels.items;
        for (size_t i = 0; i < trip.world.restaurants.n; i++)
            for (size_t j = 0; j < trip.world.restaurants.n; j++)
                ck_assert(i == j || !strstr(r[i].name, r[j].name));
        for (size_t i = 0; i < trip.world.hotels.n; i++)
            for (size_t j = 0; j < trip.world.hotels.n; j++)
                ck_assert(i == j || !strstr(h[i].name, h[j].name));
        ck_assert(!travel_has_city(&trip.world, travel_span_of(trip.query.org)));
        travel_trip_fini(&trip);
    }
}
END_TEST

START_TEST(test_memory_that_runs_out_is_told) {
    struct travel_trip trip;
    int failed = 1;

    for (uint64_t n = 0; failed && n < 10000; n++) {
        chaos_fail_after(n);
        int ok = travel_make(1, 7, ACCORD_SPLIT_TRAIN, 1, &trip);
        ok = ok && travel_information(&trip.world) != NULL;
        failed = chaos_stop();
        ck_assert_msg(failed ? !ok : ok, "allocation %d", (int)n);
        travel_trip_fini(&trip);
    }
    ck_assert_int_eq(failed, 0);
}
END_TEST

Suite *suite_travel_make(void) {
    Suite *s = suite_create("travel_make");
    TCase *tc = tcase_create("trips");

    tcase_set_timeout(tc, 60);
    tcase_add_loop_test(tc, test_every_trip_has_a_plan_and_money_matters, 1,
                        TRAVEL_LEVELS + 1);
    tcase_add_loop_test(tc, test_levels_have_their_days_and_constraints, 1,
                        TRAVEL_LEVELS + 1);
    tcase_add_loop_test(tc, test_the_query_says_what_is_asked, 1, TRAVEL_LEVELS + 1);
    tcase_add_test(tc, test_no_query_stands_in_both_splits_or_twice);
    tcase_add_test(tc, test_an_item_is_the_same_everywhere);
    tcase_add_test(tc, test_places_have_names_of_their_own);
    tcase_add_test(tc, test_memory_that_runs_out_is_told);
    suite_add_tcase(s, tc);
    return s;
}
