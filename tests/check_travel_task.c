/* check_travel_task.c - trips as a suite uses them: items, examples, scores and parts. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <accord/rng.h>

#include "chaos.h"
#include "host/host.h"
#include "run_files.h"
#include "scratch.h"
#include "suites.h"
#include "task_rig.h"
#include "travel_rows.h"

#define DATA "{'domain':'travel','source':'travelplanner'}"

static void use_own_rows(void) {
    const char *srcdir = getenv("srcdir");
    char path[4096];

    snprintf(path, sizeof(path), "%s/tests/data", srcdir ? srcdir : ".");
    setenv("ACCORD_DATA", path, 1);
}

/* What an answer came to, with the whole note. */
struct verdict {
    double reward, parts[ACCORD_MAX_PARTS];
    char note[256], canon[4096];
};

static struct verdict answer(task_rig *rig, uint64_t item, const char *text) {
    const accord_action action = {
        .struct_size = sizeof(action), .kind = ACCORD_TEXT, .text = text};
    struct verdict v = {0};
    accord_obs obs;
    accord_step step = {.struct_size = sizeof(step), .parts = v.parts, .obs = &obs};
    const char *id;
    void *ep = task_rig_open(rig, ACCORD_SPLIT_EVAL, item, &obs, &id);

    ck_assert(!rig->ops->step(ep, &action, &step, NULL));
    ck_assert_int_eq(step.end, ACCORD_END_TERMINATED);
    v.reward = step.reward;
    snprintf(v.note, sizeof(v.note), "%s", step.note);
    ck_assert(!rig->ops->canon(ep, &action, v.canon, sizeof(v.canon), NULL));
    task_rig_close(rig, ep);
    return v;
}

static char *published(const travel_rows *rows, size_t i) {
    return json_dumps(json_object_get(rows->record[i], "reference_plan"), 0);
}

START_TEST(test_published_plans_score_as_published) {
    travel_rows rows;
    task_rig rig;

    use_own_rows();
    travel_rows_read(&rows, 1);
    task_rig_begin(&rig, "planning", DATA);
    ck_assert_uint_eq(rig.spec->n_items[ACCORD_SPLIT_TRAIN], 0);
    ck_assert_uint_eq(rig.spec->n_items[ACCORD_SPLIT_EVAL], 3);
    for (size_t i = 0; i < rows.n; i++) {
        char *text = published(&rows, i);
        struct verdict v = answer(&rig, i, text);
        ck_assert_double_eq(v.reward, i < 2);
        ck_assert_double_eq(v.parts[0], 1);
        ck_assert_int_ne(*v.canon, 0);
        free(text);
    }
    task_rig_end(&rig);
    travel_rows_fini(&rows);
}
END_TEST

/* The third row: only the room type is asked beside the budget, and neither is judged,
 * because a place is not listed. */
START_TEST(test_parts_are_the_constraints_and_what_was_not_asked_is_no_number) {
    travel_rows rows;
    task_rig rig;

    use_own_rows();
    travel_rows_read(&rows, 1);
    task_rig_begin(&rig, "planning", DATA);
    char *text = published(&rows, 2);
    struct verdict v = answer(&rig, 2, text);
    static const char *const names[] = {
        "delivery",
        "commonsense/within_sandbox",
        "commonsense/complete_information",
        "commonsense/within_current_city",
        "commonsense/reasonable_city_route",
        "commonsense/diverse_restaurants",
        "commonsense/diverse_attractions",
        "commonsense/non_conflicting_transportation",
        "commonsense/minimum_nights_stay",
        "hard/budget",
        "hard/room_rule",
        "hard/room_type",
        "hard/cuisine",
        "hard/transportation",
    };
    static const int wanted[] = {1, 0, 1, 0, 1, 1, 1, 1, 1, 0, -1, 0, -1, -1};
    for (int i = 0; i < 14; i++) {
        ck_assert_str_eq(rig.spec->parts[i], names[i]);
        ck_assert_msg(wanted[i] < 0 ? isnan(v.parts[i]) : (int)v.parts[i] == wanted[i],
                      "%s is %g", names[i], v.parts[i]);
    }
    ck_assert_ptr_null(rig.spec->parts[14]);
    ck_assert_str_eq(v.note, "json: Within Sandbox: day 2: attraction: Sea Gate, Durra "
                             "is not listed");
    v = answer(&rig, 2, "I cannot do that.");
    for (int i = 0; i < 14; i++)
        ck_assert(wanted[i] < 0 ? isnan(v.parts[i]) : v.parts[i] <= 0);
    ck_assert_str_eq(v.note, "no plan: the reply holds no plan");
    ck_assert_str_eq(v.canon, "");
    free(text);
    task_rig_end(&rig);
    travel_rows_fini(&rows);
}
END_TEST

START_TEST(test_the_observation_holds_words_and_no_parsed_field) {
    task_rig rig;
    accord_obs obs;
    const char *id;

    use_own_rows();
    task_rig_begin(&rig, "planning", DATA);
    void *ep = task_rig_open(&rig, ACCORD_SPLIT_EVAL, 1, &obs, &id);
    const accord_record *r = obs.record;
    ck_assert_str_eq(id, "travelplanner-train-2");
    ck_assert_uint_eq(r->n_extras, 2);
    ck_assert_str_eq(r->extras[0].name, "query");
    ck_assert_str_eq(r->extras[0].text, "I want to go from Alba to Borda from March 12th "
                                        "to March 14th, 2022, for $330.");
    ck_assert_str_eq(r->extras[1].name, "information");
    ck_assert_ptr_nonnull(strstr(r->question, r->extras[0].text));
    ck_assert_ptr_nonnull(strstr(r->question, r->extras[1].text));
    static const char *const listed[] = {
        "- F1000002, from Alba to Borda, 2022-03-12, 18:00, 20:05, $90\n",
        "- from Alba to Borda, 5 hours 3 mins, 1,210 km, $610\n",
        "- Back Room, Borda; Private room; No smoking; 1; 1; $60\n",
        "- Lido Grill, Borda; French, Pizza; $20\n",
        "- Clock Tower, East Wing, Borda\n",
    };
    for (int i = 0; i < 5; i++)
        ck_assert_msg(strstr(r->question, listed[i]) != NULL, "%s", r->question);
    ck_assert_ptr_null(strstr(r->question, "reference_plan"));
    ck_assert_ptr_nonnull(strstr(r->instruction, "JSON list"));
    task_rig_close(&rig, ep);
    task_rig_end(&rig);
}
END_TEST

/* The worked examples of made trips are right answers, and never the item asked. */
START_TEST(test_examples_are_right_answers_to_other_questions) {
    task_rig rig, other;
    accord_obs obs, asked;
    const char *id;

    task_rig_begin(&rig, "planning", "{'domain':'travel','level':2}");
    task_rig_begin(&other, "planning", "{'domain':'travel','level':2,'seed':9}");
    void *ep = task_rig_open(&rig, ACCORD_SPLIT_EVAL, 4, &obs, &id);
    ck_assert_str_eq(id, "travel-generated-1-level2-eval-4");
    ck_assert_uint_eq(obs.record->n_examples, 8);
    void *ep2 = task_rig_open(&rig, ACCORD_SPLIT_TRAIN, UINT64_C(1) << 63, &asked, &id);
    ck_assert_uint_eq(asked.record->n_examples, 8);
    for (int i = 0; i < 8; i++) {
        ck_assert_str_ne(obs.record->examples[i].question, obs.record->question);
        ck_assert_str_ne(asked.record->examples[i].question, asked.record->question);
        const accord_action action = {.struct_size = sizeof(action),
                                      .kind = ACCORD_TEXT,
                                      .text = obs.record->examples[i].solution};
        double parts[ACCORD_MAX_PARTS];
        accord_obs next;
        accord_step step = {.struct_size = sizeof(step), .parts = parts, .obs = &next};
        void *e = task_rig_open(&rig, ACCORD_SPLIT_TRAIN,
                                (UINT64_C(1) << 63) + (uint64_t)i, &next, &id);
        ck_assert(!rig.ops->step(e, &action, &step, NULL));
        ck_assert_double_eq(step.reward, 1);
        ck_assert_str_eq(step.note, "json");
        task_rig_close(&rig, e);
    }
    task_rig_close(&rig, ep);
    task_rig_close(&rig, ep2);
    task_rig_end(&rig);
    task_rig_end(&other);
}
END_TEST

START_TEST(test_a_part_of_the_published_tasks_is_held_out) {
    task_rig rig, whole;
    const char *data = getenv("ACCORD_DATA");
    accord_obs obs;
    const char *id;
    char path[4096];

    snprintf(path, sizeof(path), "%s/travelplanner/train_tasks.jsonl", data ? data : "");
    FILE *f = fopen(path, "r");
    if (!f) {
        fprintf(stderr, "skipped: trips: ACCORD_DATA has no travelplanner\n");
        return;
    }
    fclose(f);
    task_rig_begin(&whole, "planning", DATA);
    task_rig_begin(&rig, "planning",
                   "{'domain':'travel','source':'travelplanner','holdout':true}");
    uint64_t n = rig.spec->n_items[ACCORD_SPLIT_TRAIN];
    ck_assert_uint_eq(whole.spec->n_items[ACCORD_SPLIT_EVAL], 45);
    ck_assert_uint_eq(whole.spec->n_items[ACCORD_SPLIT_TRAIN], 0);
    ck_assert(n > 3 && n < 20);
    ck_assert_uint_eq(n + rig.spec->n_items[ACCORD_SPLIT_EVAL], 45);
    void *ep = task_rig_open(&rig, ACCORD_SPLIT_EVAL, 0, &obs, &id);
    ck_assert_uint_gt(obs.record->n_examples, 0);
    task_rig_close(&rig, ep);
    task_rig_end(&rig);
    task_rig_end(&whole);
}
END_TEST

static const struct {
    const char *params, *message;
} refused[] = {
    {"{'domain':'travel','source':'planbench'}", "domain \"travel\" has no source "
                                                 "\"planbench\""},
    {"{'domain':'travel','level':8}", "level"},
    {"{'domain':'travel','holdout':true}", "\"holdout\" is for source"},
    {"{'domain':'travel','source':'travelplanner','level':2}", "\"level\" is for source"},
    {"{'domain':'travel','play':'interactive'}", "\"play\" is for domain"},
    {"{'domain':'travel','names':'mystery'}", "\"names\" is for domain"},
};

START_TEST(test_options_that_would_do_nothing_are_refused) {
    task_rig rig;
    accord_err err = {0};

    ck_assert_int_eq(task_rig_try(&rig, "planning", refused[_i].params, &err),
                     ACCORD_E_CONFIG);
    ck_assert_msg(strstr(err.msg, refused[_i].message) != NULL, "%s", err.msg);
}
END_TEST

/* ---- bad records ------------------------------------------------------------------ */

/* A field of the second of our rows, as JSON, or a place in its information. */
static const struct {
    const char *key, *list, *value;
    const char *message;
} bad[] = {
    {"query", NULL, "null", "2: \"query\" must be a text"},
    {"org", NULL, "\"\"", "2: \"org\" is empty"},
    {"days", NULL, "0", "2: \"days\" must be a whole number from 1 to 31"},
    {"days", NULL, "2.5", "2: \"days\" must be a whole number from 1 to 31"},
    {"people_number", NULL, "\"two\"", "2: \"people_number\""},
    {"budget", NULL, "null", "2: \"budget\""},
    {"idx", NULL, "1", "2: a second task travelplanner-train-1"},
    {"local_constraint", NULL, "null", "2: \"local_constraint\" is missing"},
    {"local_constraint", NULL, "{\"room type\":\"cave\"}", "unknown room type \"cave\""},
    {"local_constraint", NULL, "{\"cuisine\":[]}", "cuisine must list 1 to 8"},
    {"local_constraint", NULL, "{\"cuisine\":[7]}", "a cuisine must be a text"},
    {"reference_information", NULL, "null", "2: \"reference_information\" is missing"},
    {"reference_information", "Museums in Borda", "[]",
     "2: \"reference_information\": unknown list \"Museums in Borda\""},
    {"reference_information", "Taxi from Borda to Alba", "[]",
     "\"Taxi from Borda to Alba\" must be a text"},
    {"reference_information", "Taxi from Borda to Alba", "\"cost: much\"",
     "\"Taxi from Borda to Alba\" cannot be read"},
    {"reference_information", "Restaurants in Borda", "[{\"Name\":\"A\"}]",
     "\"Restaurants in Borda\", row 1: \"City\" is missing or wrong"},
    {"reference_information", "Accommodations in Borda",
     "[{\"NAME\":\"A\",\"city\":\"Borda\",\"room type\":\"x\",\"house_rules\":\"\","
     "\"price\":1,\"minimum nights\":1,\"maximum occupancy\":0}]",
     "row 1: \"maximum occupancy\" is missing or wrong"},
    {"reference_information", "Flight from Alba to Borda on 2022-03-12",
     "[{\"Flight Number\":\"F1\",\"OriginCityName\":\"A\",\"DestCityName\":\"B\","
     "\"FlightDate\":\"\",\"DepTime\":\"\",\"ArrTime\":\"\",\"Price\":-1}]",
     "row 1: \"Price\" is missing or wrong"},
};
enum { N_BAD = sizeof(bad) / sizeof(bad[0]) };

/* Our rows, the second one with `value` in the place of a field. */
static char *write_rows(const char *key, const char *list, const char *value) {
    travel_rows rows;
    char *text = NULL;
    size_t n;
    FILE *out = open_memstream(&text, &n);

    travel_rows_read(&rows, 1);
    json_t *object = rows.record[1];
    if (list)
        object = json_object_get(object, key);
    if (key)
        json_object_set_new(object, list ? list : key,
                            json_loads(value, JSON_DECODE_ANY, NULL));
    for (size_t i = 0; i < rows.n; i++) {
        json_dumpf(rows.record[i], out, JSON_COMPACT);
        fputs("\n", out);
    }
    fclose(out);
    char *path = scratch_text("rows.jsonl", text);
    free(text);
    travel_rows_fini(&rows);
    return path;
}

START_TEST(test_a_bad_record_is_named_with_file_line_and_field) {
    char *path = write_rows(bad[_i].key, bad[_i].list, bad[_i].value);
    struct travel_set set;
    accord_err err = {0};

    ck_assert_int_eq(travel_set_read(&accord_host_default, path, 0, &set, &err),
                     ACCORD_E_CONFIG);
    ck_assert_msg(strstr(err.msg, "rows.jsonl:2: ") != NULL, "%s", err.msg);
    ck_assert_msg(strstr(err.msg, bad[_i].message) != NULL, "%s", err.msg);
    travel_set_fini(&set);
    free(path);
}
END_TEST

/* jansson passes over a failure while it collects a long text, so some go unseen. */
START_TEST(test_records_are_read_or_refused_when_memory_runs_out) {
    char *path = write_rows(NULL, NULL, NULL);
    struct travel_set set;
    int failed = 1, n_refused = 0, tried = 0;

    for (uint64_t n = 0; failed && n < 100000; n += 1 + n / 50) {
        chaos_fail_after(n);
        accord_code rc = travel_set_read(&accord_host_default, path, 1, &set, NULL);
        failed = chaos_stop();
        tried++;
        n_refused += rc != ACCORD_OK;
        ck_assert_msg(rc || set.part[0].n + set.part[1].n == 3, "allocation %d", (int)n);
        travel_set_fini(&set);
    }
    ck_assert_int_eq(failed, 0);
    ck_assert_int_gt(n_refused, tried / 2);
    free(path);
}
END_TEST

/* ---- damaged records and plans ---------------------------------------------------- */

static void damage(uint64_t *rng, char *text, size_t n) {
    static const char bytes[] = "\"{}[]:,0-;.nul \\";
    int times = 1 + (int)accord_rng_below(rng, 3);

    for (int i = 0; i < times; i++)
        text[accord_rng_below(rng, n)] = bytes[accord_rng_below(rng, sizeof(bytes) - 1)];
}

/* Judges the plan, also damaged, of the first task of a set. */
static void judge_damaged(uint64_t *rng, const struct travel_set *set, const char *plan) {
    const struct travel_item *item = &set->part[ACCORD_SPLIT_EVAL].item[0];
    struct travel_judgement j;
    struct travel_plan read;
    char *text = strdup(plan);

    damage(rng, text, strlen(text));
    ck_assert(travel_plan_read(text, &read));
    travel_judge(&item->world, &item->query, &read, &j);
    ck_assert_int_eq(j.delivered, read.form != NULL);
    for (int i = 0; i < TRAVEL_CONSTRAINTS; i++)
        ck_assert_int_eq(*j.of[i].reason != '\0', j.of[i].state == TRAVEL_VIOLATED);
    travel_plan_fini(&read);
    free(text);
}

START_TEST(test_damaged_records_are_read_or_refused) {
    char *path = write_rows(NULL, NULL, NULL);
    char *whole = run_read(path), *text = strdup(whole);
    uint64_t rng = accord_rng_fold_text(5, "records");
    size_t n = strlen(whole);
    travel_rows rows;
    int n_read = 0;

    travel_rows_read(&rows, 1);
    char *plan = published(&rows, 0);
    for (int i = 0; i < 600; i++) {
        struct travel_set set;
        accord_err err = {0};
        memcpy(text, whole, n + 1);
        damage(&rng, text, n);
        free(scratch_text("rows.jsonl", text));
        accord_code rc = travel_set_read(&accord_host_default, path, 0, &set, &err);
        ck_assert_msg(!rc || strstr(err.msg, "rows.jsonl:"), "%s", err.msg);
        n_read += rc == ACCORD_OK;
        if (!rc)
            judge_damaged(&rng, &set, plan);
        travel_set_fini(&set);
    }
    ck_assert_int_gt(n_read, 100);
    ck_assert_int_lt(n_read, 600);
    free(plan);
    travel_rows_fini(&rows);
    free(text);
    free(whole);
    free(path);
}
END_TEST

/* As many days and as long fields as are read, no two attractions alike. */
START_TEST(test_the_longest_plan_is_judged_soon) {
    travel_rows rows;
    struct travel_plan plan = {.form = "json"};
    struct travel_judgement j;
    char text[4096];

    travel_rows_read(&rows, 1);
    struct travel_item *item = &rows.set.part[ACCORD_SPLIT_EVAL].item[0];
    item->query.days = TRAVEL_MAX_DAYS;
    for (int i = 0; i < TRAVEL_MAX_DAYS; i++) {
        struct travel_day *day = travel_plan_add(&plan);
        size_t n = 0;
        for (int k = 0; n + 32 < sizeof(text); k++)
            n += (size_t)snprintf(text + n, sizeof(text) - n, "%d%d, Borda;", i, k);
        for (int f = TRAVEL_CURRENT_CITY; f < TRAVEL_FIELDS; f++)
            travel_day_set(&plan, day, f, travel_span_of(text));
        for (n = 0; n + 8 < sizeof(text); n += 7)
            memcpy(text + n, "flight ", 8);
        travel_day_set(&plan, day, TRAVEL_TRANSPORTATION, travel_span_of(text));
    }
    travel_judge(&item->world, &item->query, &plan, &j);
    ck_assert_int_eq(j.final, 0);
    travel_plan_fini(&plan);
    travel_rows_fini(&rows);
}
END_TEST

Suite *suite_travel_task(void) {
    Suite *s = suite_create("travel_task");
    TCase *tc = tcase_create("task");
    TCase *records = tcase_create("records");

    tcase_set_timeout(tc, 30);
    tcase_add_test(tc, test_published_plans_score_as_published);
    tcase_add_test(tc,
                   test_parts_are_the_constraints_and_what_was_not_asked_is_no_number);
    tcase_add_test(tc, test_the_observation_holds_words_and_no_parsed_field);
    tcase_add_test(tc, test_examples_are_right_answers_to_other_questions);
    tcase_add_test(tc, test_a_part_of_the_published_tasks_is_held_out);
    tcase_add_loop_test(tc, test_options_that_would_do_nothing_are_refused, 0,
                        sizeof(refused) / sizeof(refused[0]));
    suite_add_tcase(s, tc);
    tcase_add_checked_fixture(records, scratch_begin, scratch_end);
    tcase_set_timeout(records, 60);
    tcase_add_loop_test(records, test_a_bad_record_is_named_with_file_line_and_field, 0,
                        N_BAD);
    tcase_add_test(records, test_records_are_read_or_refused_when_memory_runs_out);
    tcase_add_test(records, test_damaged_records_are_read_or_refused);
    tcase_add_test(records, test_the_longest_plan_is_judged_soon);
    suite_add_tcase(s, records);
    return s;
}
