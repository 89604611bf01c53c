/* check_trend.c - histories: appended to, damaged, read; which points are one series;
 * what is said of it. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/mem.h"
#include "judge/trend.h"
#include "run_files.h"
#include "scratch.h"
#include "suites.h"

#define has(text, part) \
    ck_assert_msg(strstr(text, part) != NULL, "no \"%s\" in:\n%s", part, text)
#define has_not(text, part) \
    ck_assert_msg(strstr(text, part) == NULL, "\"%s\" in:\n%s", part, text)

/* ---- dates */

typedef struct dating {
    const char *text, *utc; /* NULL = no date */
} dating;

static const dating datings[] = {
    {"2026-11-29", "2026-11-29T00:00:00Z"},
    {"2026-11-29T10:11:12Z", "2026-11-29T10:11:12Z"},
    {"2026-11-29T10:11:12", "2026-11-29T10:11:12Z"},
    {"2026-11-29 10:11:12+02:00", "2026-11-29T08:11:12Z"},
    {"2026-12-31T23:30:00-0100", "2027-01-01T00:30:00Z"},
    {"2024-02-29", "2024-02-29T00:00:00Z"},
    {"2025-02-29", NULL},
    {"2026-13-01", NULL},
    {"2026-11-31", NULL},
    {"2026-11-29T24:00:00Z", NULL},
    {"2026-11-29T10:11", NULL},
    {"2026-11-29T10:11:12Zulu", NULL},
    {"26-11-29", NULL},
    {"yesterday", NULL},
    {"", NULL},
    {"9999-12-31T23:59:59-23:59", NULL},
};

START_TEST(test_dates_are_utc_or_refused) {
    const dating *d = &datings[_i];
    accord_err err = {0};
    char out[32];

    accord_code rc = accord_history_date(d->text, out, &err);
    if (d->utc) {
        ck_assert_msg(rc == ACCORD_OK, "%s", err.msg);
        ck_assert_str_eq(out, d->utc);
    } else {
        ck_assert_int_eq(rc, ACCORD_E_ARG);
        has(err.msg, "is no date");
    }
}
END_TEST

/* ---- appending */

#define CELL(method, seed) \
    "{\"task\":\"gsm\",\"method\":\"" method "\",\"seed\":" seed \
    ",\"modes\":[\"default\"],\"episodes\":4,\"unit\":\"item\"}"

static void play(const char *method, int seed, const char *right) {
    run_play(method, seed, right, 10);
}

static void played(const char *run, const char *right) {
    run_begin(run, CELL("vote", "1"));
    play("vote", 1, right);
}

typedef struct answer {
    accord_code rc;
    accord_err err;
    bool fit;
    char *text, *log;
} answer;

static answer trend(const char *append, accord_trend_how how) {
    answer a = {0};
    size_t n, m;
    char *path = append ? scratch_path(append) : NULL;
    char *file = scratch_path("history.jsonl");
    char *svg = scratch_path("trend.svg");
    FILE *out = open_memstream(&a.text, &n);
    FILE *log = open_memstream(&a.log, &m);

    how.history = file;
    how.append = path;
    how.coverage = 0.95;
    how.svg = how.svg ? svg : NULL;
    a.rc = accord_judge_trend(&how, out, log, &a.fit, &a.err);
    fclose(out);
    fclose(log);
    if (!how.json)
        run_join(a.text);
    free(path);
    free(file);
    free(svg);
    return a;
}

static void answer_fini(answer *a) {
    free(a->text);
    free(a->log);
}

static void append(const char *run, const char *date, const char *says) {
    answer a = trend(run, (accord_trend_how){.date = date, .commit = "1a2b3c4"});

    ck_assert_msg(a.rc == ACCORD_OK, "%s", a.err.msg);
    ck_assert(a.fit);
    has(a.log, says);
    answer_fini(&a);
}

static char *history(void) {
    char *path = scratch_path("history.jsonl");
    char *text = run_read(path);

    free(path);
    return text;
}

START_TEST(test_a_run_becomes_a_line_and_no_line_is_touched) {
    played("one", "1101");
    append("one", "2026-01-01", "one was appended to");
    char *first = history();
    has(first, "{\"schema\":\"accord.history/1\",\"suite\":\"s\",\"suite_sha256\":\"");
    has(first, "\"date\":\"2026-01-01T00:00:00Z\",\"commit\":\"1a2b3c4\",");
    has(first, "\"n\":4,\"seeds\":1,\"score\":0.75,\"se\":");
    played("two", "1001");
    append("two", "2026-01-02", "two was appended to");
    char *both = history();
    ck_assert_int_eq(strncmp(both, first, strlen(first)), 0);
    ck_assert_uint_gt(strlen(both), strlen(first));
    answer a = trend(NULL, (accord_trend_how){0});
    has(a.text, "vote on gsm: 50.0% (15.0% to 85.0%) on 2026-01-02, commit 1a2b3c4; 2 "
                "points since 2026-01-01");
    has(a.text, "no step");
    answer_fini(&a);
    free(both);
    free(first);
}
END_TEST

START_TEST(test_the_same_run_is_appended_once) {
    played("one", "1101");
    append("one", "2026-01-01", "was appended to");
    char *first = history();
    append("one", "2026-01-01", "stands already in");
    char *second = history();
    ck_assert_str_eq(first, second);
    free(second);
    free(first);
}
END_TEST

START_TEST(test_half_a_run_is_not_appended) {
    run_begin("half", CELL("vote", "1") "," CELL("vote", "2"));
    play("vote", 1, "1111");
    answer a = trend("half", (accord_trend_how){0});
    ck_assert_int_eq(a.rc, ACCORD_OK);
    ck_assert(!a.fit);
    has(a.log, "1 of 2 cells are missing");
    has(a.log, "was not appended to");
    ck_assert_str_eq(a.text, "");
    answer_fini(&a);
    played("broken", "1x11");
    a = trend("broken", (accord_trend_how){0});
    ck_assert(!a.fit);
    has(a.log, "25.0% of the episodes broke off");
    answer_fini(&a);
    char *path = scratch_path("history.jsonl");
    ck_assert(!accord_file_exists(path));
    free(path);
}
END_TEST

START_TEST(test_a_torn_line_is_left_out_and_cut_off_by_the_next_run) {
    played("one", "1101");
    append("one", "2026-01-01", "was appended to");
    char *first = history();
    char *torn = accord_xasprintf("%s%.60s", first, first);
    free(scratch_text("history.jsonl", torn));
    answer a = trend(NULL, (accord_trend_how){0});
    ck_assert_msg(a.rc == ACCORD_OK, "%s", a.err.msg);
    has(a.text, "is torn and was left out");
    answer_fini(&a);
    played("two", "1001");
    append("two", "2026-01-02", "was torn, and is cut off");
    char *both = history();
    ck_assert_int_eq(strncmp(both, first, strlen(first)), 0);
    ck_assert_int_eq(strncmp(both + strlen(first), first, 60), 0);
    a = trend(NULL, (accord_trend_how){0});
    has(a.text, "2 points since 2026-01-01");
    has_not(a.text, "torn");
    answer_fini(&a);
    free(both);
    free(torn);
    free(first);
}
END_TEST

START_TEST(test_a_whole_line_without_an_end_stays) {
    played("one", "1101");
    append("one", "2026-01-01", "was appended to");
    char *first = history();
    first[strlen(first) - 1] = '\0';
    free(scratch_text("history.jsonl", first));
    played("two", "1001");
    append("two", "2026-01-02", "was appended to");
    answer a = trend(NULL, (accord_trend_how){0});
    has(a.text, "2 points since 2026-01-01");
    answer_fini(&a);
    free(first);
}
END_TEST

/* ---- histories written here */

enum { POINTS = 24 };

typedef struct world {
    double y[POINTS];
    int n;
    int param_at[2]; /* the task's parameter is another one between these points */
    int suite_at;    /* the suite is another one from here on */
    bool lower;      /* is better */
    bool backwards;  /* the last line stands first */
} world;

static void put_line(const world *w, int i, accord_buf *b) {
    bool other = i >= w->param_at[0] && i < w->param_at[1];

    accord_buf_printf(
        b,
        "{\"schema\":\"accord.history/"
        "1\",\"suite\":\"s\",\"suite_sha256\":\"%s\",\"run\":"
        "\"r\",\"id\":\"%d\",\"date\":\"2026-03-%02d\",\"commit\":\"c%d\",\"tasks\":{"
        "\"gsm\":{\"score\":\"error\",\"min\":0,\"max\":100,\"higher_is_better\":%s,"
        "\"params\":{\"level\":%d}}},\"rows\":[{\"task\":\"gsm\",\"mode\":\"default\","
        "\"method\":\"a<b&\",\"unit\":\"item\",\"items\":\"x\",\"n\":50,\"seeds\":1,"
        "\"score\":%.17g,\"se\":1,\"lo\":%.17g,\"hi\":%.17g}]}\n",
        w->suite_at && i >= w->suite_at ? "new" : "old", i, i + 1, i,
        w->lower ? "false" : "true", other ? 2 : 1, w->y[i], w->y[i] - 2, w->y[i] + 2);
}

static void put_history(const world *w) {
    accord_buf b;

    accord_buf_init(&b, 1 << 20);
    for (int i = 0; i < w->n; i++)
        put_line(w, w->backwards ? w->n - 1 - i : i, &b);
    free(scratch_text("history.jsonl", b.data));
    accord_buf_fini(&b);
}

static const world stepping = {.n = 8, .y = {20, 21, 20, 19, 30, 31, 30, 29}};

static char *words_of(const world *w) {
    put_history(w);
    answer a = trend(NULL, (accord_trend_how){0});
    ck_assert_msg(a.rc == ACCORD_OK, "%s", a.err.msg);
    free(a.log);
    return a.text;
}

START_TEST(test_a_step_is_told_with_its_place_and_size) {
    char *text = words_of(&stepping);

    /* se = 2 / 1.96 a point, so .72 of the step. */
    has(text, "better since 2026-03-05, commit c4: 20 -> 30, +10 (+8.586 to +11.41), "
              "p < 0.001");
    has(text, "..._|*#**");
    has_not(text, "the suite changed");
    free(text);
}
END_TEST

START_TEST(test_less_can_be_better_and_a_changed_suite_is_told) {
    world w = stepping;

    w.lower = true;
    w.suite_at = 4;
    char *text = words_of(&w);
    has(text, "worse since 2026-03-05, commit c4: 20 -> 30");
    has(text, "p < 0.001; the suite changed there, too");
    free(text);
}
END_TEST

START_TEST(test_other_parameters_begin_a_series_and_old_ones_go_on) {
    world w = stepping;

    w.param_at[0] = 2;
    w.param_at[1] = 6;
    char *text = words_of(&w);
    has(text, "4 points since 2026-03-01"); /* 20 21 30 29 */
    has(text, "until 2026-03-06, commit c5; 4 points since 2026-03-03");
    has(text, "begins here: gsm, parameter level: 2 in the new one, 1 in the old one");
    has(text, "better since 2026-03-07, commit c6");
    has(text, "better since 2026-03-05, commit c4");
    free(text);
}
END_TEST

START_TEST(test_points_stand_by_date_whatever_the_order_of_lines) {
    world w = stepping;

    w.backwards = true;
    char *text = words_of(&w);
    has(text, "better since 2026-03-05, commit c4: 20 -> 30");
    has(text, "are not in the order of their dates");
    free(text);
}
END_TEST

START_TEST(test_a_doubtful_place_is_told_as_such) {
    /* The sixth point lies between the levels. */
    static const world w = {.n = 10, .y = {20, 21, 20, 19, 20, 22.6, 25, 25, 26, 24}};
    char *text = words_of(&w);

    has(text, "since 2026-03-06, commit c5:");
    has(text, "it began between 2026-03-06, commit c5, and 2026-03-07, commit c6");
    free(text);
}
END_TEST

START_TEST(test_json_has_every_point_and_step) {
    put_history(&stepping);
    answer a = trend(NULL, (accord_trend_how){.json = true});
    json_t *doc = json_loads(a.text, 0, NULL);
    json_t *series = json_array_get(json_object_get(doc, "series"), 0);
    json_t *step = json_array_get(json_object_get(series, "steps"), 0);

    ck_assert_uint_eq(json_array_size(json_object_get(series, "points")), 8);
    ck_assert_uint_eq(json_array_size(json_object_get(series, "steps")), 1);
    ck_assert_int_eq(json_integer_value(json_object_get(step, "point")), 4);
    ck_assert_str_eq(json_string_value(json_object_get(step, "commit")), "c4");
    ck_assert(fabs(json_number_value(json_object_get(step, "step")) - 10) < 1e-9);
    ck_assert(json_is_true(json_object_get(step, "better")));
    json_decref(doc);
    answer_fini(&a);
}
END_TEST

START_TEST(test_the_chart_shows_points_and_steps_and_reads_aloud) {
    put_history(&stepping);
    answer a = trend(NULL, (accord_trend_how){.svg = ""});
    char *path = scratch_path("trend.svg");
    char *svg = run_read(path);
    size_t circles = 0;

    for (const char *at = svg; (at = strstr(at, "<circle")); at++)
        circles++;
    ck_assert_uint_eq(circles, 8);
    has(svg, "<title id=\"t0\">a&lt;b&amp; on gsm</title>");
    has(svg,
        "<desc id=\"d0\">8 points, the last 29 on 2026-03-08, commit c7. better since "
        "2026-03-05");
    has(svg, "<line class=\"better\"");
    has(svg, "@media (prefers-color-scheme: dark)");
    has_not(svg, "nan");
    free(svg);
    free(path);
    answer_fini(&a);
}
END_TEST

START_TEST(test_long_and_flat_series_are_drawn_and_told) {
    accord_buf b;
    accord_buf_init(&b, 1 << 24);
    for (int i = 0; i < 1000; i++) {
        world w = {.y = {0}};
        accord_buf line;
        accord_buf_init(&line, 1 << 12);
        put_line(&w, 0, &line);
        accord_buf_add(&b, line.data, line.n);
        accord_buf_fini(&line);
    }
    free(scratch_text("history.jsonl", b.data));
    accord_buf_fini(&b);
    answer a = trend(NULL, (accord_trend_how){.svg = ""});
    ck_assert_msg(a.rc == ACCORD_OK, "%s", a.err.msg);
    has(a.text, "1000 points since 2026-03-01");
    has(a.text, "no step");
    char *path = scratch_path("trend.svg");
    char *svg = run_read(path);
    has(svg, "the last 400 of 1000 points");
    free(svg);
    free(path);
    answer_fini(&a);
}
END_TEST

START_TEST(test_the_last_steps_are_told_and_json_has_all) {
    world w = {.n = POINTS};

    for (int i = 0; i < POINTS; i++)
        w.y[i] = i / 3 % 2 ? 40 : 20;
    char *text = words_of(&w);
    has(text, "2 earlier steps, which --json lists");
    has_not(text, "2026-03-07"); /* the second of seven */
    has(text, "better since 2026-03-10, commit c9");
    has(text, "better since 2026-03-22, commit c21");
    free(text);
    answer a = trend(NULL, (accord_trend_how){.json = true});
    has(a.text, "\"point\":3,\"date\":\"2026-03-04T00:00:00Z\"");
    answer_fini(&a);
}
END_TEST

START_TEST(test_only_what_is_asked_for_is_shown) {
    put_history(&stepping);
    answer a = trend(NULL, (accord_trend_how){.method = "other", .task = "gsm"});
    ck_assert_int_eq(a.rc, ACCORD_E_NOTFOUND);
    has(a.err.msg, "has no scores of the method other on the task gsm");
    answer_fini(&a);
    a = trend(NULL, (accord_trend_how){.commit = "x"});
    ck_assert_int_eq(a.rc, ACCORD_E_ARG);
    answer_fini(&a);
}
END_TEST

START_TEST(test_another_suite_or_no_history_is_refused) {
    answer a = trend(NULL, (accord_trend_how){0});
    ck_assert_int_eq(a.rc, ACCORD_E_NOTFOUND);
    has(a.err.msg, "--append RUN begins one");
    answer_fini(&a);
    accord_buf b;
    accord_buf_init(&b, 1 << 12);
    put_line(&stepping, 0, &b);
    char *at = strstr(b.data, "\"suite\":\"s\"");
    at[9] = 't';
    free(scratch_text("history.jsonl", b.data));
    played("one", "1101");
    a = trend("one", (accord_trend_how){0});
    ck_assert_int_eq(a.rc, ACCORD_E_CONFIG);
    has(a.err.msg, "is the history of the suite \"t\", and the run is of \"s\"");
    char *now = history();
    ck_assert_str_eq(now, b.data);
    free(now);
    answer_fini(&a);
    accord_buf_fini(&b);
}
END_TEST

/* ---- files that are no history */

typedef struct bad_file {
    const char *text, *says;
} bad_file;

#define BEGIN(date, suite) \
    "{\"schema\":\"accord.history/1\",\"suite\":\"" suite \
    "\",\"suite_sha256\":\"x\",\"run\":\"r\",\"id\":\"1\",\"date\":\"" date \
    "\",\"tasks\":{\"q\":{}},\"rows\":["
#define ROW(task, n, score, lo, hi) \
    "{\"task\":\"" task "\",\"mode\":\"default\",\"method\":\"m\",\"unit\":\"item\"," \
    "\"items\":\"x\",\"n\":" n ",\"seeds\":1,\"score\":" score ",\"se\":null,\"lo\":" lo \
    ",\"hi\":" hi "}"
#define GOOD BEGIN("2026-01-01", "s") ROW("q", "4", "1", "0", "2") "]}\n"

static const bad_file bad_files[] = {
    {"", "has no runs"},
    {"\n\n", "has no runs"},
    {GOOD "{\"schema\":\n", "history.jsonl:2: damaged: "},
    {"<<<<<<< HEAD\n" GOOD, "history.jsonl:1: damaged: "},
    {GOOD "[]\n", "history.jsonl:2: /: expected an object"},
    {"{\"name\":\"bench\",\"value\":3}\n", "history.jsonl:1: /schema: missing"},
    {"{\"schema\":\"accord.history/9\"}\n",
     "history.jsonl:1: /: \"accord.history/9\" is not accord.history/1"},
    {GOOD BEGIN("2026-01-01", "t") "]}\n", "history.jsonl:2: /: of the suite \"t\", but"},
    {BEGIN("soon", "s") "]}\n", "history.jsonl:1: /date: \"soon\" is no date"},
    {GOOD BEGIN("2026-01-01", "s") ROW("q", "4", "NaN", "0", "2") "]}\n",
     "history.jsonl:2: damaged: "},
    {BEGIN("2026-01-01", "s") ROW("q", "4", "\"nan\"", "0", "2") "]}\n",
     "history.jsonl:1: /rows/0/score: expected a number"},
    {BEGIN("2026-01-01", "s") ROW("q", "4", "1e999", "0", "2") "]}\n",
     "history.jsonl:1: damaged: "},
    {BEGIN("2026-01-01", "s") ROW("q", "4", "1", "3", "2") "]}\n",
     "history.jsonl:1: /rows/0: an interval that ends before it begins"},
    {BEGIN("2026-01-01", "s") ROW("q", "0", "1", "0", "2") "]}\n",
     "history.jsonl:1: /rows/0/n: "},
    {BEGIN("2026-01-01", "s") ROW("other", "4", "1", "0", "2") "]}\n",
     "history.jsonl:1: /rows/0: the line says nothing of its task"},
    {BEGIN("2026-01-01", "s")
         ROW("q", "4", "1", "0", "2") "," ROW("q", "4", "1", "0", "2") "]}\n",
     "history.jsonl:1: /rows/1: a second row of the same method"},
    {BEGIN("2026-01-01", "s") "]}\n", "has no scores"},
};

START_TEST(test_what_is_no_history_is_refused_with_the_line) {
    const bad_file *bad = &bad_files[_i];
    free(scratch_text("history.jsonl", bad->text));
    answer a = trend(NULL, (accord_trend_how){0});

    ck_assert_int_ne(a.rc, ACCORD_OK);
    has(a.err.msg, bad->says);
    answer_fini(&a);
    /* Nor is it appended to, unless it is empty. */
    played("one", "1101");
    a = trend("one", (accord_trend_how){0});
    char *now = history();
    if (strstr(bad->says, "has no")) {
        ck_assert_int_eq(strncmp(now, bad->text, strlen(bad->text)), 0);
    } else {
        ck_assert_int_ne(a.rc, ACCORD_OK);
        has(a.err.msg, bad->says);
        ck_assert_str_eq(now, bad->text);
    }
    free(now);
    answer_fini(&a);
}
END_TEST

START_TEST(test_points_without_an_interval_are_shown_and_not_searched) {
    free(scratch_text("history.jsonl",
                      BEGIN("2026-01-01", "s") ROW("q", "4", "1", "null",
                                                   "null") "]}\n" BEGIN("2026-01-02", "s")
                          ROW("q", "4", "9", "null", "null") "]}\n"));
    answer a = trend(NULL, (accord_trend_how){.svg = ""});
    ck_assert_msg(a.rc == ACCORD_OK, "%s", a.err.msg);
    has(a.text, "m on q: 9 (no interval) on 2026-01-02; 2 points");
    has(a.text, "2 points without an interval were not searched for steps");
    has_not(a.text, "no step");
    answer_fini(&a);
}
END_TEST

Suite *suite_trend(void) {
    Suite *s = suite_create("trend");
    TCase *tc = tcase_create("trend");

    tcase_add_checked_fixture(tc, scratch_begin, scratch_end);
    tcase_add_loop_test(tc, test_dates_are_utc_or_refused, 0,
                        sizeof(datings) / sizeof(datings[0]));
    tcase_add_test(tc, test_a_run_becomes_a_line_and_no_line_is_touched);
    tcase_add_test(tc, test_the_same_run_is_appended_once);
    tcase_add_test(tc, test_half_a_run_is_not_appended);
    tcase_add_test(tc, test_a_torn_line_is_left_out_and_cut_off_by_the_next_run);
    tcase_add_test(tc, test_a_whole_line_without_an_end_stays);
    tcase_add_test(tc, test_a_step_is_told_with_its_place_and_size);
    tcase_add_test(tc, test_less_can_be_better_and_a_changed_suite_is_told);
    tcase_add_test(tc, test_other_parameters_begin_a_series_and_old_ones_go_on);
    tcase_add_test(tc, test_points_stand_by_date_whatever_the_order_of_lines);
    tcase_add_test(tc, test_a_doubtful_place_is_told_as_such);
    tcase_add_test(tc, test_json_has_every_point_and_step);
    tcase_add_test(tc, test_the_chart_shows_points_and_steps_and_reads_aloud);
    tcase_add_test(tc, test_long_and_flat_series_are_drawn_and_told);
    tcase_add_test(tc, test_the_last_steps_are_told_and_json_has_all);
    tcase_add_test(tc, test_only_what_is_asked_for_is_shown);
    tcase_add_test(tc, test_another_suite_or_no_history_is_refused);
    tcase_add_loop_test(tc, test_what_is_no_history_is_refused_with_the_line, 0,
                        sizeof(bad_files) / sizeof(bad_files[0]));
    tcase_add_test(tc, test_points_without_an_interval_are_shown_and_not_searched);
    suite_add_tcase(s, tc);
    return s;
}
