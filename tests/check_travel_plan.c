/* check_travel_plan.c - plans as models write them: every form, what is cut off, and
 * thousands of damaged replies. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <accord/rng.h>

#include "chaos.h"
#include "suites.h"
#include "travel_loose.h"
#include "travel_plan.h"

#define DAY1 \
    "{\"days\": 1, \"current_city\": \"from Alba to Borda\", \"transportation\": " \
    "\"Taxi, from Alba to Borda\", \"breakfast\": \"-\", \"attraction\": \"Old Mill, " \
    "Borda;Rose Garden, Borda;\", \"lunch\": \"-\", \"dinner\": \"Nona's Kitchen, " \
    "Borda\", \"accommodation\": \"Quiet Loft, Borda\"}"
#define DAY2 \
    "{\"days\": 2, \"current_city\": \"from Borda to Alba\", \"transportation\": " \
    "\"Taxi, from Borda to Alba\", \"breakfast\": \"Lido, Borda\", \"attraction\": " \
    "\"-\", \"lunch\": \"-\", \"dinner\": \"-\", \"accommodation\": \"-\"}"
#define OTHER "{\"current_city\": \"X\", \"transportation\": \"-\", \"lunch\": \"Y, X\"}"

/* Every one of these is the plan of DAY1 and DAY2. */
static const struct {
    const char *form, *reply;
} same[] = {
    {"json", "[" DAY1 ", " DAY2 "]"},
    {"json", "  Here is the plan.\n```json\n[" DAY1 ",\n" DAY2 "]\n```\nEnjoy!"},
    {"json", "{\"plan\": [" DAY1 "," DAY2 "], \"cost\": 12}"},
    {"json", "{\"result\": {\"itinerary\": [" DAY1 "," DAY2 "]}}"},
    {"json", "{\"day 1\": " DAY1 ", \"day 2\": " DAY2 "}"},
    {"json", DAY1 "\n" DAY2 "\n"},
    {"json", "1. " DAY1 "\n2. " DAY2 "\n"},
    {"json", "First [draft]: [" OTHER "] but better: [" DAY1 "," DAY2 "] {so it is}"},
    {"json", "Budget {total: 12} and [1, 2]. [" DAY1 "," DAY2 "]\n[note: cheap]"},
    {"json",
     "[{\"Day\": 1, \"Current City\": \"from Alba to Borda\", \"Transportation\": "
     "\"Taxi, "
     "from Alba to Borda\", \"Breakfast\": null, \"Attractions\": [\"Old Mill, Borda\", "
     "{\"name\": \"Rose Garden\", \"city\": \"Borda\"}], \"Lunch\": \"None\", "
     "\"Dinner\": "
     "\"Nona's Kitchen, Borda\", \"Accommodations\": \"Quiet Loft, Borda\"}, " DAY2 "]"},
    {"python",
     "[{'days': 1, 'current_city': 'from Alba to Borda', 'transportation': 'Taxi, from "
     "Alba to Borda', 'breakfast': None, 'attraction': ['Old Mill, Borda', 'Rose Garden, "
     "Borda',], 'lunch': '-', 'dinner': 'Nona's Kitchen, Borda', 'accommodation': 'Quiet "
     "Loft, Borda',}, " DAY2 ",]"},
    {"python",
     "[{days: 1, current_city: \"from Alba to Borda\" transportation: \"Taxi, from Alba "
     "to Borda\", breakfast: \"-\", attraction: \"Old Mill, Borda;Rose Garden, Borda;\", "
     "lunch: \"-\", dinner: \"Nona\\u0027s Kitchen, Borda\", accommodation: 'Quiet Loft, "
     "Borda'} " DAY2 "]"},
    {"days",
     "Day 1:\nCurrent City: from Alba to Borda\nTransportation: Taxi, from Alba to "
     "Borda\nBreakfast: -\nAttraction: Old Mill, Borda;Rose Garden, Borda;\nLunch: "
     "-\nDinner: Nona's Kitchen, Borda\nAccommodation: Quiet Loft, Borda\n\nDay "
     "2:\nCurrent City: from Borda to Alba\nTransportation: Taxi, from Borda to "
     "Alba\nBreakfast: Lido, Borda\nAttraction: -\nLunch: -\nDinner: -\nAccommodation: "
     "-\n"},
    {"days",
     "# Travel Plan\r\n### **Day 1 (March 12): off we go**\r\n- **Current City:** from "
     "Alba to Borda\r\n* **Transportation**: Taxi, from Alba to Borda\r\n- Breakfast: "
     "N/A\r\n- **Attractions:**\r\n  1. Old Mill, Borda\r\n  2. Rose Garden, "
     "Borda\r\n- Lunch: \xe2\x80\x93\r\n- Dinner: Nona's Kitchen, Borda\r\n- "
     "Accommodation:\r\n  Quiet Loft, Borda\r\n\r\n**Day 2**\r\nCurrent City: from Borda "
     "to Alba\r\nTransportation: Taxi, from Borda to Alba\r\nBreakfast: Lido, "
     "Borda\r\nAttraction: -\r\nLunch: none\r\nNote: rest well\r\nDinner: "
     "-\r\nAccommodation: -\r\nTotal cost: 12"},
    {"table",
     "Plan:\n\n| Day | Current City | Transportation | Breakfast | Attraction | Lunch | "
     "Dinner | Accommodation |\n|---|:--|---|---|---|---|---|---|\n| 1 | from Alba to "
     "Borda | Taxi, from Alba to Borda | - | Old Mill, Borda<br>Rose Garden, Borda | - | "
     "Nona's Kitchen, Borda | Quiet Loft, Borda |\n| 2 | from Borda to Alba | Taxi, from "
     "Borda to Alba | Lido, Borda | - | - | - | - |\n\nDone."},
};
enum { N_SAME = sizeof(same) / sizeof(same[0]) };

/* Attractions with or without the last ";" are the same. */
static void write_days(const struct travel_plan *plan, char *out, size_t size) {
    size_t n = 0;

    for (int day = 0; day < plan->n_days; day++)
        for (int f = 0; f < TRAVEL_FIELDS; f++) {
            const char *text = plan->day[day].field[f];
            ck_assert_ptr_nonnull(text);
            size_t k = strlen(text);
            k -= k && text[k - 1] == ';';
            n += (size_t)snprintf(out + n, size - n, "%.*s|", (int)k, text);
        }
}

START_TEST(test_every_form_is_read) {
    struct travel_plan plan, wanted;
    char text[2048], wanted_text[2048];

    ck_assert(travel_plan_read(same[0].reply, &wanted));
    ck_assert(travel_plan_read(same[_i].reply, &plan));
    ck_assert_msg(plan.form != NULL, "%s", plan.reason);
    ck_assert_str_eq(plan.form, same[_i].form);
    ck_assert_int_eq(plan.n_days, 2);
    write_days(&plan, text, sizeof(text));
    write_days(&wanted, wanted_text, sizeof(wanted_text));
    ck_assert_str_eq(text, wanted_text);
    ck_assert_int_eq(plan.day[0].n_filled, 6);
    ck_assert_int_eq(plan.day[1].n_filled, 4);
    travel_plan_fini(&wanted);
    travel_plan_fini(&plan);
}
END_TEST

/* No answer, and why. */
static const struct {
    const char *reply, *reason;
} none[] = {
    {NULL, "the reply is empty"},
    {"", "the reply is empty"},
    {"I'm sorry, but I cannot plan this trip.", "the reply holds no plan"},
    {"[]", "the reply holds no plan"},
    {"{}", "the reply holds no plan"},
    {"Day 1:\n\nDay 2:\n", "the reply holds no plan"},
    {"On Day 1 we rest.", "the reply holds no plan"},
    {"[" DAY1 ", " DAY2, "the JSON ends in the middle, in line 1"},
    {"[" DAY1 ",\n {\"days\": 2, \"current_city\": \"from Bor",
     "the JSON ends in the middle, in line 2"},
    {"[" OTHER "]\nNo, wait:\n[" DAY1 ", {\"days\":",
     "the JSON ends in the middle, in line 3"},
    {"{\"plan\": [" DAY1 ", " DAY2 "\n", "the JSON ends in the middle, in line 2"},
    {"[" DAY1 ", @@ " DAY2 "]", "the JSON cannot be read from line 1 on"},
};
enum { N_NONE = sizeof(none) / sizeof(none[0]) };

START_TEST(test_no_plan_has_a_reason) {
    struct travel_plan plan;
    char canon[64];

    ck_assert(travel_plan_read(none[_i].reply, &plan));
    ck_assert_str_eq(plan.reason, none[_i].reason);
    ck_assert_ptr_null(plan.form);
    ck_assert_int_eq(plan.n_days, 0);
    travel_plan_canon(&plan, canon, sizeof(canon));
    ck_assert_str_eq(canon, "");
    travel_plan_fini(&plan);
}
END_TEST

START_TEST(test_a_field_that_is_missing_differs_from_one_that_is_empty) {
    struct travel_plan plan;

    ck_assert(travel_plan_read("[{\"current_city\":\"Borda\",\"lunch\":\"-\"," /* 1 */
                               "\"transportation\":\"\",\"comment\":\"nice\",\"n\":7}]",
                               &plan));
    ck_assert_int_eq(plan.n_days, 1);
    ck_assert_str_eq(plan.day[0].field[TRAVEL_LUNCH], "");
    ck_assert_str_eq(plan.day[0].field[TRAVEL_TRANSPORTATION], "");
    ck_assert_ptr_null(plan.day[0].field[TRAVEL_DINNER]);
    ck_assert_int_eq(plan.day[0].n_filled, 3); /* city, comment and n: all keys count */
    travel_plan_fini(&plan);
}
END_TEST

START_TEST(test_a_second_start_of_lines_replaces_the_first) {
    struct travel_plan plan;

    ck_assert(travel_plan_read("Day 1:\nLunch: A, X\nDay 2:\nLunch: B, X\n"
                               "Better:\nDay 1:\nLunch: C, X\n",
                               &plan));
    ck_assert_int_eq(plan.n_days, 1);
    ck_assert_str_eq(plan.day[0].field[TRAVEL_LUNCH], "C, X");
    travel_plan_fini(&plan);
}
END_TEST

START_TEST(test_canon_is_one_spelling_and_short_plans_stay_readable) {
    struct travel_plan plan;
    char canon[2][256];

    for (int i = 0; i < 2; i++) {
        ck_assert(travel_plan_read(i ? "Day 1:\nLunch:  A, X \nDinner: -"
                                     : "[{\"lunch\": \"A, X\", \"dinner\": null}]",
                                   &plan));
        travel_plan_canon(&plan, canon[i], sizeof(canon[i]));
        travel_plan_fini(&plan);
    }
    ck_assert_str_eq(canon[0], "||||A, X|-|\n");
    ck_assert_str_eq(canon[0], canon[1]);
}
END_TEST

START_TEST(test_long_plans_have_a_hash_as_canon) {
    struct travel_plan plan;
    char canon[2][128];

    for (int i = 0; i < 2; i++) {
        ck_assert(
            travel_plan_read(i ? "[" DAY1 "," DAY2 "]" : "[" DAY1 "," DAY1 "]", &plan));
        travel_plan_canon(&plan, canon[i], sizeof(canon[i]));
        travel_plan_fini(&plan);
        ck_assert_int_eq(strncmp(canon[i], "sha256:", 7), 0);
        ck_assert_uint_eq(strlen(canon[i]), 7 + 64);
    }
    ck_assert_str_ne(canon[0], canon[1]);
}
END_TEST

/* ---- against jansson -------------------------------------------------------------- */

/* Numbers are texts in what our reader gives. */
static int is_equal(const json_t *strict, const json_t *loose) {
    const char *key;
    json_t *value;

    if (json_is_number(strict))
        return json_is_string(loose);
    if (!json_is_object(strict) && !json_is_array(strict))
        return json_equal(strict, loose);
    if (json_typeof(strict) != json_typeof(loose) ||
        json_object_size(strict) != json_object_size(loose) ||
        json_array_size(strict) != json_array_size(loose))
        return 0;
    json_object_foreach((json_t *)strict, key, value) {
        if (!is_equal(value, json_object_get(loose, key)))
            return 0;
    }
    for (size_t i = 0; i < json_array_size(strict); i++)
        if (!is_equal(json_array_get(strict, i), json_array_get(loose, i)))
            return 0;
    return 1;
}

/* One of the small pieces that JSON is made of. */
static const char *piece(uint64_t *rng) {
    static const char *const pieces[] = {"{",
                                         "}",
                                         "[",
                                         "]",
                                         ",",
                                         ":",
                                         "\"a\"",
                                         "\"b c\"",
                                         "\"\"",
                                         "\"\\n\"",
                                         "\"\\\"\"",
                                         "true",
                                         "false",
                                         "null",
                                         "12",
                                         "-1.5e3",
                                         " ",
                                         "\n",
                                         "\"\\u00e9\"",
                                         "\"\\ud83d\\ude00\"",
                                         "\"\xc3\xa9,\"",
                                         "\"it's\""};

    return pieces[accord_rng_below(rng, sizeof(pieces) / sizeof(pieces[0]))];
}

/* Values nested at random, and sometimes a piece where none should be. */
static void write_value(uint64_t *rng, int depth, char *out, size_t size) {
    size_t n = strlen(out);
    int kind = (int)accord_rng_below(rng, depth > 0 ? 4 : 2);

    if (n + 64 > size)
        return;
    if (kind < 2) {
        snprintf(out + n, size - n, "%s", piece(rng));
        return;
    }
    strncat(out, kind == 2 ? "{" : "[", 2);
    for (int i = (int)accord_rng_below(rng, 4); i > 0; i--) {
        if (kind == 2)
            snprintf(out + strlen(out), size - strlen(out), "\"k%d\": ", i);
        write_value(rng, depth - 1, out, size);
        if (i > 1 && strlen(out) + 2 < size)
            strncat(out, ",", 2);
    }
    if (strlen(out) + 2 < size)
        strncat(out, kind == 2 ? "}" : "]", 2);
}

START_TEST(test_whatever_jansson_reads_is_read_the_same) {
    uint64_t rng = accord_rng_fold_text(3, "loose");
    int n_read = 0;

    for (int i = 0; i < 20000; i++) {
        char text[1024] = "";
        struct travel_loose got;
        write_value(&rng, 4, text, sizeof(text));
        json_t *strict = json_loads(text, JSON_DECODE_ANY, NULL);
        int state = travel_loose_read(text, strlen(text), &got);
        if (strict) {
            n_read++;
            ck_assert_msg(state == TRAVEL_LOOSE_OK, "%s", text);
            ck_assert_msg(got.is_strict, "%s", text);
            ck_assert_msg(is_equal(strict, got.value), "%s", text);
        }
        json_decref(strict);
        json_decref(got.value);
    }
    ck_assert_int_gt(n_read, 2000);
}
END_TEST

/* ---- hostile replies -------------------------------------------------------------- */

static char *repeat(const char *text, size_t times, const char *end) {
    size_t n = strlen(text);
    char *all = malloc(n * times + strlen(end) + 1);

    for (size_t i = 0; i < times; i++)
        memcpy(all + i * n, text, n);
    memcpy(all + n * times, end, strlen(end) + 1);
    return all;
}

/* Text in braces is no JSON, however much of it there is. */
START_TEST(test_braces_in_words_before_a_plan_do_no_harm) {
    char *words = repeat("so \\frac{a}{b} {it is} [x] and ", 5000, "[" DAY1 "," DAY2 "]");
    struct travel_plan plan;

    ck_assert(travel_plan_read(words, &plan));
    ck_assert_str_eq(plan.reason, "");
    ck_assert_int_eq(plan.n_days, 2);
    travel_plan_fini(&plan);
    free(words);
}
END_TEST

static const struct {
    const char *text;
    size_t times;
    const char *end;
    const char *reason; /* NULL: a plan */
} hostile[] = {
    {"Day 1: Lunch: A, X\n", 50000, "", NULL},
    {"Day 3:\nLunch: A, X\n", 50000, "", NULL},
    {"Day 3:\nLunch: A, X\n", 100000, "", "the reply is over 1 MiB"},
    {"| Day | Lunch | Dinner | Breakfast |\n", 20000, "|1|a|b|c|\n", NULL},
    {"|", 1000000, "", "the reply holds no plan"},
    {"[", 1000000, "", "the reply holds no plan"},
    {"[{", 500000, "", "too many brackets are no JSON, up to line 1"},
    {"{\"a\":", 200000, "", "too many brackets are no JSON, up to line 1"},
    {"{\"current_city\":", 60000, "", "too many brackets are no JSON, up to line 1"},
    {"{'current_city': 'a', 'lunch': 'b'}", 20000, "", NULL},
    {"[{'current_city': 'a', 'lunch': 'b'}", 20000, "",
     "too many brackets are no JSON, "
     "up to line 1"},
    {"{\"", 500000, "", "too many brackets are no JSON, up to line 1"},
    {"{'x': '", 140000, "", "the reply holds no plan"},
    {"Day 1:\nAttractions:\n- a\n- b\n", 20000, "", NULL},
    {"[{},{},", 100000, "", "too many brackets are no JSON, up to line 1"},
    {"\\\"", 500000, "", "the reply holds no plan"},
    {"' ,", 300000, "", "the reply holds no plan"},
    {"[{\"lunch\": \"a\", \"dinner\": \"b\"}, ", 1, "{\"lunch\": \"c\", \"dinner\": \"",
     "the JSON ends in the middle, in line 1"},
};
enum { N_HOSTILE = sizeof(hostile) / sizeof(hostile[0]) };

START_TEST(test_hostile_replies_end_soon_and_have_a_reason) {
    char *reply = repeat(hostile[_i].text, hostile[_i].times, hostile[_i].end);
    struct travel_plan plan;

    ck_assert(travel_plan_read(reply, &plan));
    ck_assert_str_eq(plan.reason, hostile[_i].reason ? hostile[_i].reason : "");
    ck_assert_int_le(plan.n_days, TRAVEL_MAX_DAYS);
    ck_assert_int_eq(plan.n_days > 0, !hostile[_i].reason);
    travel_plan_fini(&plan);
    free(reply);
}
END_TEST

START_TEST(test_a_field_beyond_all_measure_is_refused_by_name) {
    static const char head[] = "[{\"lunch\": \"-\", \"attraction\": \"";
    char *text = repeat("Mill, X;", 1000, "\"}]");
    char *reply = malloc(sizeof(head) + strlen(text));
    struct travel_plan plan;

    memcpy(reply, head, sizeof(head) - 1);
    memcpy(reply + sizeof(head) - 1, text, strlen(text) + 1);
    ck_assert(travel_plan_read(reply, &plan));
    ck_assert_str_eq(plan.reason, "day 1: attraction is over 4096 bytes");
    travel_plan_fini(&plan);
    free(reply);
    free(text);
}
END_TEST

/* One to four bytes changed, dropped, doubled, or the end cut off. */
static size_t damage(uint64_t *rng, char *text, size_t n) {
    static const char bytes[] = "[]{}\"'\\,:|\n-;D1 \xff\xe2\x80";
    int times = 1 + (int)accord_rng_below(rng, 4);

    for (int i = 0; i < times && n > 1; i++) {
        size_t at = accord_rng_below(rng, n);
        switch (accord_rng_below(rng, 4)) {
        case 0:
            text[at] = bytes[accord_rng_below(rng, sizeof(bytes) - 1)];
            break;
        case 1:
            memmove(text + at, text + at + 1, n - at - 1);
            n--;
            break;
        case 2:
            text[at] = (char)(1 + accord_rng_below(rng, 255));
            break;
        default:
            n = accord_rng_below(rng, 8) ? n : at + 1;
        }
    }
    text[n] = '\0';
    return n;
}

START_TEST(test_damaged_replies_never_break_the_reader) {
    char text[4096], canon[256];
    struct travel_plan plan;
    uint64_t rng = accord_rng_fold_text(7, "travel");

    for (int i = 0; i < 3000; i++) {
        size_t n = strlen(same[_i].reply);
        memcpy(text, same[_i].reply, n + 1);
        damage(&rng, text, n);
        ck_assert(travel_plan_read(text, &plan));
        ck_assert_msg((plan.n_days > 0) == !*plan.reason, "%s", text);
        ck_assert_msg((plan.form != NULL) == (plan.n_days > 0), "%s", text);
        travel_plan_canon(&plan, canon, sizeof(canon));
        ck_assert_msg((*canon != '\0') == (plan.n_days > 0), "%s", text);
        travel_plan_fini(&plan);
    }
}
END_TEST

/* A cut in the middle of the second day is never a plan, wherever it is. */
START_TEST(test_json_cut_anywhere_is_no_plan) {
    char text[4096];
    struct travel_plan plan;
    size_t first = strlen("[" DAY1 ", {\"days\": 2, \"current_city\":");

    size_t n = strlen(same[0].reply);
    for (size_t cut = first; cut < n; cut++) {
        memcpy(text, same[0].reply, cut);
        text[cut] = '\0';
        ck_assert(travel_plan_read(text, &plan));
        ck_assert_msg(strstr(plan.reason, "ends in the middle") != NULL, "%s: %s",
                      plan.reason, text);
        travel_plan_fini(&plan);
    }
}
END_TEST

START_TEST(test_memory_that_runs_out_is_told) {
    struct travel_plan plan;
    int failed = 1;

    for (uint64_t n = 0; failed && n < 10000; n++) {
        chaos_fail_after(n);
        int ok = travel_plan_read(same[_i].reply, &plan);
        failed = chaos_stop();
        ck_assert_msg(failed ? !ok : ok, "allocation %d", (int)n);
        travel_plan_fini(&plan);
    }
    ck_assert_int_eq(failed, 0);
}
END_TEST

Suite *suite_travel_plan(void) {
    Suite *s = suite_create("travel_plan");
    TCase *forms = tcase_create("forms");
    TCase *bad = tcase_create("bad");

    tcase_add_loop_test(forms, test_every_form_is_read, 0, N_SAME);
    tcase_add_loop_test(forms, test_no_plan_has_a_reason, 0, N_NONE);
    tcase_add_test(forms, test_a_field_that_is_missing_differs_from_one_that_is_empty);
    tcase_add_test(forms, test_a_second_start_of_lines_replaces_the_first);
    tcase_add_test(forms, test_canon_is_one_spelling_and_short_plans_stay_readable);
    tcase_add_test(forms, test_long_plans_have_a_hash_as_canon);
    tcase_add_test(forms, test_whatever_jansson_reads_is_read_the_same);
    suite_add_tcase(s, forms);
    tcase_set_timeout(bad, 60);
    tcase_add_loop_test(bad, test_hostile_replies_end_soon_and_have_a_reason, 0,
                        N_HOSTILE);
    tcase_add_test(bad, test_braces_in_words_before_a_plan_do_no_harm);
    tcase_add_test(bad, test_a_field_beyond_all_measure_is_refused_by_name);
    tcase_add_loop_test(bad, test_damaged_replies_never_break_the_reader, 0, N_SAME);
    tcase_add_test(bad, test_json_cut_anywhere_is_no_plan);
    tcase_add_loop_test(bad, test_memory_that_runs_out_is_told, 0, N_SAME);
    suite_add_tcase(s, bad);
    return s;
}
