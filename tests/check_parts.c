/* check_parts.c - score parts that are not asked everywhere, their groups, and the table
 * that shows them. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "base/mem.h"
#include "report/report.h"
#include "run_files.h"
#include "scratch.h"
#include "suites.h"

#define CELL(task, seed) \
    "{\"task\":\"" task "\",\"method\":\"single\",\"seed\":" seed \
    ",\"modes\":[\"default\"],\"episodes\":4,\"unit\":\"item\"}"
#define TRIP_CELL(seed) CELL("trip", seed)

#define near(a, b) \
    ck_assert_msg(fabs((a) - (b)) < 1e-12, "%.12g is not %.12g", (double)(a), (double)(b))
#define has(text, part) \
    ck_assert_msg(strstr(text, part) != NULL, "no \"%s\" in:\n%s", part, text)

/* A file of the run as JSON, to be given to json_decref(). */
static json_t *document(const char *path) {
    json_error_t why;
    json_t *json = json_load_file(path, JSON_REJECT_DUPLICATES, &why);

    ck_assert_msg(json != NULL, "%s:%d: %s", path, why.line, why.text);
    return json;
}

static json_t *summary_of(const char *cell) {
    char *path = accord_xasprintf("%s/summary.json", cell);
    json_t *json = document(path);

    free(path);
    return json;
}

static double number(const json_t *j, const char *key) {
    const json_t *value = json_object_get(j, key);

    ck_assert_msg(json_is_number(value), "%s is no number", key);
    return json_number_value(value);
}

static void write_results(void) {
    accord_err err = {0};
    uint32_t missing;
    char *dir = run_path("");

    ck_assert_msg(accord_report_results(dir, &missing, &err) == ACCORD_OK, "%s", err.msg);
    ck_assert_uint_eq(missing, 0);
    free(dir);
}

static char *parts_table(const char *format) {
    accord_err err = {0};
    char *dir = run_path(""), *text = NULL;
    const char *dirs[] = {dir};
    size_t n;
    FILE *out = open_memstream(&text, &n);
    const accord_table_how how = {.format = format, .parts = true};

    ck_assert_msg(!accord_report_table(dirs, 1, &how, out, &err), "%s", err.msg);
    fclose(out);
    free(dir);
    return text;
}

/* A finished cell of task trip with an episode for each list of parts. */
static char *trip_cell(int seed, const char *const *parts) {
    char *cell = run_cell("trip", "single", seed);
    FILE *f = run_open(cell, "journal.jsonl");

    for (int i = 0; parts[i]; i++)
        fprintf(f,
                "{\"k\":\"ep\",\"ep\":\"eval/0/default/0/t%d\",\"item\":\"t%d\","
                "\"index\":%d,\"outcome\":\"wrong\",\"answered\":true,\"canon\":\"1\","
                "\"score\":0,\"parts\":[%s],\"note\":null,\"steps\":1,"
                "\"end\":\"terminated\",\"us\":5,\"failed_calls\":0,\"error\":null}\n",
                i, i, i, parts[i]);
    run_finish(f);
    return cell;
}

/* By hand: of a, 4 of 6 hold and the group on 1 of 4 episodes; of b, 1 of 2. */
static const char *const trips[] = {"0.5,1,\"nan\",1", "1,1,1,0", "0,\"nan\",0,1",
                                    "1,0,\"nan\",\"nan\"", NULL};

START_TEST(test_parts_that_were_not_asked_leave_their_own_mean_only) {
    run_begin("r", TRIP_CELL("1"));
    char *cell = trip_cell(1, trips);
    run_seal(cell);
    json_t *s = summary_of(cell);
    const json_t *mode = json_array_get(json_object_get(s, "modes"), 0);
    const json_t *parts = json_object_get(mode, "parts");
    const json_t *asked = json_object_get(mode, "asked");
    const json_t *a = json_object_get(json_object_get(mode, "groups"), "a");
    const json_t *b = json_object_get(json_object_get(mode, "groups"), "b");

    near(number(parts, "plain"), 0.625);
    near(number(parts, "a/x"), 2.0 / 3);
    near(number(parts, "a/y"), 2.0 / 3);
    near(number(parts, "b/z"), 0.5);
    ck_assert_ptr_null(json_object_get(asked, "plain"));
    near(number(asked, "a/x"), 3);
    near(number(asked, "b/z"), 2);
    near(number(json_object_get(a, "micro"), "mean"), 4.0 / 6);
    near(number(json_object_get(a, "micro"), "n"), 6);
    near(number(json_object_get(a, "macro"), "mean"), 0.5);
    near(number(json_object_get(a, "macro"), "n"), 4);
    near(number(json_object_get(b, "macro"), "mean"), 0.5);
    near(number(json_object_get(b, "macro"), "n"), 2);
    json_decref(s);
    free(cell);
}
END_TEST

START_TEST(test_parts_asked_of_nobody_are_null_and_n_a) {
    static const char *const none[] = {"1,1,\"nan\",1", NULL};
    run_begin("r", TRIP_CELL("1"));
    char *cell = trip_cell(1, none);

    run_seal(cell);
    json_t *s = summary_of(cell);
    const json_t *mode = json_array_get(json_object_get(s, "modes"), 0);
    ck_assert(json_is_null(json_object_get(json_object_get(mode, "parts"), "b/z")));
    write_results();
    char *text = parts_table(NULL);
    has(text, "b/z          n/a  0\n");
    has(text, "b (micro)    n/a  0\n");
    free(text);
    json_decref(s);
    free(cell);
}
END_TEST

START_TEST(
    test_results_have_what_was_asked_and_the_groups_only_where_they_say_something) {
    run_begin("r", TRIP_CELL("1") "," CELL("gsm", "1"));
    char *cell = trip_cell(1, trips);
    run_seal(cell);
    free(cell);
    cell = run_cell("gsm", "single", 1);
    FILE *f = run_open(cell, "journal.jsonl");
    run_episode(f, &(ep_line){"a#1", 0, "correct", 1, 100, 10});
    run_finish(f);
    run_seal(cell);
    free(cell);
    write_results();
    char *path = run_path("results.json");
    char *text = run_read(path);
    has(text, "\"asked\":{\"a/x\":3,\"b/z\":2,\"a/y\":3},\"groups\":{\"a\":{\"micro\":"
              "{\"mean\":0.6666666666666666,\"n\":6},\"macro\":{\"mean\":0.5,\"n\":4}},");
    json_t *json = document(path);
    const json_t *gsm = json_array_get(json_object_get(json, "cells"), 0);
    ck_assert_ptr_null(json_object_get(gsm, "asked"));
    ck_assert_ptr_null(json_object_get(gsm, "groups"));
    json_decref(json);
    free(text);
    free(path);
}
END_TEST

/* Over two seeds, each number counts once: a/x is 2 of 3 and 1 of 1. */
static const struct {
    const char *format, *line;
} part_lines[] = {
    {"text", "trip  single  final_pass       0  5\n"},
    {"text", "trip  single  a/x           0.75  4\n"},
    {"text", "trip  single  a (micro)     0.75  8\n"},
    {"text", "trip  single  a (macro)      0.6  5\n"},
    {"md", "| trip | single | a (micro) | 0.75 | 8 |"},
    {"tex", "trip & single & a/x & 0.75 & 4 "},
    {"csv", "r,trip,default,single,a/x,0.75,4\n"},
    {"csv", "run,task,mode,method,part,mean,n\n"},
    {"json",
     "{\"run\":\"r\",\"task\":\"trip\",\"mode\":\"default\",\"method\":\"single\","
     "\"part\":\"a/x\",\"mean\":0.75,\"n\":4}"},
};

START_TEST(test_a_table_of_parts_has_a_line_for_each_in_every_format) {
    static const char *const second[] = {"1,1,1,1", NULL};
    run_begin("r", TRIP_CELL("1") "," TRIP_CELL("2"));
    char *cells[] = {trip_cell(1, trips), trip_cell(2, second)};

    for (int i = 0; i < 2; i++) {
        run_seal(cells[i]);
        free(cells[i]);
    }
    char *text = parts_table(part_lines[_i].format);
    has(text, part_lines[_i].line);
    free(text);
}
END_TEST

Suite *suite_parts(void) {
    Suite *s = suite_create("parts");
    TCase *tc = tcase_create("parts");

    tcase_add_checked_fixture(tc, scratch_begin, scratch_end);
    tcase_add_test(tc, test_parts_that_were_not_asked_leave_their_own_mean_only);
    tcase_add_test(tc, test_parts_asked_of_nobody_are_null_and_n_a);
    tcase_add_test(
        tc,
        test_results_have_what_was_asked_and_the_groups_only_where_they_say_something);
    tcase_add_loop_test(tc, test_a_table_of_parts_has_a_line_for_each_in_every_format, 0,
                        sizeof(part_lines) / sizeof(part_lines[0]));
    suite_add_tcase(s, tc);
    return s;
}
