/* check_metrics.c - what methods report of themselves: in summaries, over seeds, and in
 * the table. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "base/mem.h"
#include "chaos.h"
#include "judge/board.h"
#include "report/report.h"
#include "report/table.h"
#include "run_files.h"
#include "scratch.h"
#include "suites.h"

#define CELL(method, seed) \
    "{\"task\":\"pole\",\"method\":\"" method "\",\"seed\":" seed \
    ",\"modes\":[\"train\",\"hard\"],\"episodes\":2,\"unit\":\"seed\"}"

#define near(a, b) \
    ck_assert_msg(fabs((a) - (b)) < 1e-12, "%.12g is not %.12g", (double)(a), (double)(b))
#define has(text, part) \
    ck_assert_msg(strstr(text, part) != NULL, "no \"%s\" in:\n%s", part, text)
#define has_not(text, part) \
    ck_assert_msg(strstr(text, part) == NULL, "\"%s\" in:\n%s", part, text)

static void metric(FILE *f, const char *ep, int step, const char *name,
                   const char *value) {
    fprintf(f, "{\"k\":\"metric\",\"ep\":%s,\"step\":%d,\"name\":\"%s\",\"value\":%s}\n",
            ep, step, name, value);
}

static void episode(FILE *f, const char *mode, int item) {
    fprintf(f,
            "{\"k\":\"ep\",\"ep\":\"eval/9/%s/0/s%d\",\"item\":\"s%d\",\"index\":%d,"
            "\"outcome\":\"finished\",\"answered\":true,\"canon\":null,\"score\":5,"
            "\"parts\":[],\"note\":\"\",\"steps\":5,\"end\":\"terminated\",\"us\":5,"
            "\"failed_calls\":0,\"error\":null}\n",
            mode, item, item, item);
}

static void close_cell(char *cell, FILE *f) {
    episode(f, "train", 0);
    episode(f, "hard", 0);
    run_finish(f);
    run_seal(cell);
    free(cell);
}

/* Mask 1, 2, 3 times `seed` over training; entropy of one episode of mode hard. */
static void cell(const char *method, int seed) {
    static const char *const thirds[] = {"0.5", "0.25", "0.125"};
    char *dir = run_cell("pole", method, seed);
    FILE *f = run_open(dir, "journal.jsonl");

    for (int i = 2; i >= 0; i--) { /* in any order */
        char value[16];
        snprintf(value, sizeof(value), "%d", (i + 1) * seed);
        metric(f, "null", 100 * i, "mask", value);
    }
    metric(f, "null", 0, "grad/norm_ratio", "\"inf\"");
    metric(f, "null", 100, "grad/norm_ratio", thirds[seed % 3]);
    metric(f, "\"eval/9/hard/0/s0\"", 300, "entropy", thirds[seed % 3]);
    close_cell(dir, f);
}

static accord_code print(const char *format, const char *list, char **text,
                         accord_err *err) {
    char *dir = run_path("");
    const char *dirs[] = {dir};
    size_t n;
    FILE *out = open_memstream(text, &n);
    const accord_table_how how = {
        .format = format, .metrics = list, .mark = accord_board_mark};

    accord_code rc = accord_report_table(dirs, 1, &how, out, err);
    fclose(out);
    free(dir);
    return rc;
}

static char *table(const char *format, const char *list) {
    accord_err err = {0};
    char *text = NULL;

    ck_assert_msg(!print(format, list, &text, &err), "%s", err.msg);
    return text;
}

static json_t *training_of(const char *cell_dir) {
    char *path = accord_xasprintf("%s/summary.json", cell_dir);
    json_error_t why;
    json_t *json = json_load_file(path, JSON_REJECT_DUPLICATES, &why);

    ck_assert_msg(json != NULL, "%s:%d: %s", path, why.line, why.text);
    free(path);
    return json;
}

static double number(const json_t *s, const char *name, const char *key) {
    const json_t *value =
        json_object_get(json_object_get(json_object_get(s, "metrics"), name), key);

    ck_assert_msg(json_is_number(value), "%s of %s is no number", key, name);
    return json_number_value(value);
}

START_TEST(test_a_summary_has_first_last_and_mean) {
    run_begin("r", CELL("cg2a", "1"));
    char *dir = run_cell("pole", "cg2a", 1);
    FILE *f = run_open(dir, "journal.jsonl");

    metric(f, "null", 5, "loss", "4");
    metric(f, "null", 7, "loss", "\"nan\""); /* is no number: it counts nowhere */
    metric(f, "null", 1, "loss", "10");
    metric(f, "null", 0, "loss", "\"nan\"");
    /* Two episodes that were in flight together at the first step, three at the last. */
    metric(f, "\"train/1/train/0/a\"", 1, "gain", "2");
    metric(f, "\"train/1/train/0/b\"", 1, "gain", "3");
    metric(f, "\"train/1/train/0/c\"", 4, "gain", "9");
    metric(f, "\"train/8/train/0/d\"", 8, "gain", "1");
    metric(f, "\"train/8/train/0/e\"", 8, "gain", "2");
    metric(f, "\"train/8/train/0/f\"", 8, "gain", "6");
    metric(f, "null", 3, "never", "\"nan\"");
    char *again = run_cell("pole", "cg2a", 1);
    close_cell(dir, f);
    json_t *s = training_of(again);
    near(number(s, "loss", "first"), 10);
    near(number(s, "loss", "last"), 4);
    near(number(s, "loss", "mean"), 7);
    near(number(s, "loss", "n"), 2);
    near(number(s, "gain", "first"), 2.5);
    near(number(s, "gain", "last"), 3);
    near(number(s, "gain", "mean"), 23.0 / 6);
    const json_t *never =
        json_object_get(json_object_get(json_object_get(s, "metrics"), "never"), "mean");
    ck_assert_str_eq(json_string_value(never), "nan");
    near(number(s, "never", "n"), 0);
    json_decref(s);
    free(again);
}
END_TEST

/* Seeds 1 and 2: mask 1 .. 3 and 2 .. 6, so 1.5 and 4.5 with sd 0.5 sqrt 2, 1.5 sqrt 2.
 */
static const struct {
    const char *format, *line;
} lines[] = {
    {"text",
     "task       method  metric           of              first           last    "
     "       mean  seeds  n\n"},
    {"text", "pole       cg2a    mask             training    1.5 \xc2\xb1"
             "0.71       4.5 \xc2\xb1"
             "2.1         3 \xc2\xb1"
             "1.4      2  6\n"},
    {"text", "pole/hard  cg2a    entropy          evaluation                            "
             "0.1875 \xc2\xb1"
             "0.088      2  2\n"},
    {"text", "\nmeans over seeds, \xc2\xb1 their standard deviation\n"},
    {"md", "| pole | cg2a | mask | training | 1.5 \xc2\xb1"
           "0.71 | 4.5 \xc2\xb1"
           "2.1 | 3 \xc2\xb1"
           "1.4 | 2 | 6 |"},
    {"tex", "pole & cg2a & mask & training & 1.5 $\\pm$0.71 & 4.5 $\\pm$2.1 & "},
    {"csv", "run,task,mode,method,metric,of,first,first_sd,last,last_sd,mean,mean_sd,"
            "seeds,n\n"},
    {"csv", "r,pole,,cg2a,mask,training,1.5,0.70710678118654757,4.5,2.1213203435596424,3,"
            "1.4142135623730951,2,6\n"},
    {"csv", "r,pole,hard,cg2a,entropy,evaluation,,,,,0.1875,0.088388347648318447,2,2\n"},
    {"json", "{\"schema\":\"accord.metrics/1\",\n\"lines\":["},
    {"json",
     "{\"run\":\"r\",\"task\":\"pole\",\"mode\":null,\"method\":\"cg2a\",\"metric\":"
     "\"mask\",\"of\":\"training\",\"first\":1.5,\"first_sd\":0.7071067811865476,"
     "\"last\":4.5,\"last_sd\":2.1213203435596424,\"mean\":3,\"mean_sd\":"
     "1.4142135623730951,\"seeds\":2,\"n\":6}"},
    {"json", "\"mode\":\"hard\",\"method\":\"cg2a\",\"metric\":\"entropy\",\"of\":"
             "\"evaluation\",\"first\":null,\"first_sd\":null,"},
};

START_TEST(test_every_format_has_a_line_for_each_metric) {
    run_begin("r", CELL("cg2a", "1") "," CELL("cg2a", "2"));
    cell("cg2a", 1);
    cell("cg2a", 2);
    char *text = table(lines[_i].format, "");
    has(text, lines[_i].line);
    free(text);
}
END_TEST

START_TEST(test_json_and_csv_can_be_read) {
    run_begin("r", CELL("cg2a", "1") "," CELL("cg2a", "2"));
    cell("cg2a", 1);
    cell("cg2a", 2);
    char *text = table("json", "");
    json_error_t why;
    json_t *json = json_loads(text, JSON_REJECT_DUPLICATES, &why);
    ck_assert_msg(json != NULL, "%s in:\n%s", why.text, text);
    /* grad/norm_ratio and mask of the training once, entropy of one mode. */
    ck_assert_uint_eq(json_array_size(json_object_get(json, "lines")), 3);
    json_decref(json);
    free(text);
}
END_TEST

START_TEST(test_one_seed_has_no_spread) {
    run_begin("r", CELL("cg2a", "1"));
    cell("cg2a", 1);
    char *text = table("text", "mask");
    has(text, "pole  cg2a    mask    training      1     3     2      1  3\n");
    has_not(text, "\xc2\xb1");
    free(text);
    text = table("csv", "mask");
    has(text, "r,pole,,cg2a,mask,training,1,,3,,2,,1,3\n");
    free(text);
}
END_TEST

/* What is infinite in one seed is so in the mean; a spread of that is unknown. */
START_TEST(test_infinite_values_are_told) {
    run_begin("r", CELL("cg2a", "1") "," CELL("cg2a", "2"));
    cell("cg2a", 1);
    cell("cg2a", 2);
    char *text = table("csv", "grad");
    has(text, "cg2a,grad/norm_ratio,training,inf,,0.1875,");
    free(text);
    text = table("json", "grad");
    has(text, "\"first\":\"inf\",\"first_sd\":null,\"last\":0.1875,");
    free(text);
    text = table("text", "grad");
    has(text, " inf ");
    has_not(text, "nan");
    free(text);
}
END_TEST

START_TEST(test_names_choose_by_their_beginning) {
    run_begin("r", CELL("cg2a", "1") "," CELL("drq", "1"));
    cell("cg2a", 1);
    cell("drq", 1);
    char *text = table("csv", "grad/,ent,");
    has(text, "cg2a,grad/norm_ratio");
    has(text, "drq,grad/norm_ratio");
    has(text, "drq,entropy");
    has_not(text, "mask");
    free(text);
    text = table("csv", ",");
    has(text, "mask");
    free(text);
}
END_TEST

START_TEST(test_a_name_that_fits_nothing_is_a_slip) {
    accord_err err = {0};
    char *text = NULL;

    run_begin("r", CELL("cg2a", "1"));
    cell("cg2a", 1);
    ck_assert_int_eq(print("text", "mask,entropi", &text, &err), ACCORD_E_ARG);
    ck_assert_str_eq(err.msg,
                     "no metric begins with \"entropi\" (did you mean \"entropy\"?)");
    ck_assert_str_eq(text, "");
    free(text);
}
END_TEST

START_TEST(test_a_run_without_metrics_says_so) {
    run_begin("r", CELL("cg2a", "1") "," CELL("cg2a", "2"));
    char *dir = run_cell("pole", "cg2a", 1);
    close_cell(dir, run_open(dir, "journal.jsonl"));
    char *text = table("text", "");
    has(text, "\nno method reported a metric\n");
    has(text, "incomplete: 1 of 2 cells are missing");
    free(text);
}
END_TEST

/* A summary of an older Accord has no "first". */
START_TEST(test_what_an_old_summary_does_not_have_is_unknown) {
    run_begin("r", CELL("cg2a", "1"));
    cell("cg2a", 1);
    char *dir = run_cell("pole", "cg2a", 1);
    char *path = accord_xasprintf("%s/summary.json", dir);
    char *text = run_read(path);
    FILE *f = fopen(path, "we");
    for (char *p; (p = strstr(text, "\"first\":1,")) != NULL;)
        memmove(p, p + 10, strlen(p + 10) + 1);
    fputs(text, f);
    fclose(f);
    free(text);
    text = table("csv", "mask");
    has(text, "r,pole,,cg2a,mask,training,,,3,,2,,1,3\n");
    free(text);
    text = table("text", "mask");
    has(text, "training    n/a     3     2      1  3\n");
    free(text);
    free(path);
    free(dir);
}
END_TEST

static const char *const hostile[][2] = {
    {"text", "a|b?[31m,_\\\"&%{x}"},
    {"md", "a\\|b?\\[31m,\\_\\\\\"\\&%\\{x\\}"},
    {"tex", "a|b?[31m,\\_\\textbackslash{}\"\\&\\%\\{x\\}"},
    {"csv", "\"a|b\x1b[31m,_\\\"\"&%{x}\""},
    {"json", "a|b\\u001b[31m,_\\\\\\\"&%{x}"},
};

START_TEST(test_hostile_names_are_text_in_every_format) {
    run_begin("r", CELL("cg2a", "1"));
    char *dir = run_cell("pole", "cg2a", 1);
    FILE *f = run_open(dir, "journal.jsonl");
    metric(f, "null", 1, "a|b\\u001b[31m,_\\\\\\\"&%{x}", "2");
    close_cell(dir, f);
    char *text = table(hostile[_i][0], "");
    has(text, hostile[_i][1]);
    free(text);
}
END_TEST

START_TEST(test_metrics_without_memory_say_so) {
    json_t *metrics = json_loads("{\"b\":{\"first\":1,\"last\":2,\"mean\":3,\"n\":4},"
                                 "\"a\":{\"first\":1,\"last\":2,\"mean\":3,\"n\":4}}",
                                 0, NULL);
    int failed = 1;

    for (uint64_t n = 0; failed; n++) {
        accord_row row = {.task = "pole", .method = "cg2a", .mode = "hard"};
        accord_rows rows = {.items = &row, .n = 1};
        accord_metric_lines found = {0};
        chaos_fail_after(n);
        accord_code rc = accord_metrics_add(&row.metrics, metrics, true, NULL);
        for (int seed = 0; !rc && seed < 20; seed++)
            rc = accord_metrics_add(&row.metrics, metrics, false, NULL);
        accord_metrics_sort(&row.metrics);
        if (!rc)
            rc = accord_table_metrics_find(&rows, "", &found, NULL);
        failed = chaos_stop();
        ck_assert_int_eq(rc, failed ? ACCORD_E_NOMEM : ACCORD_OK);
        if (!failed) {
            ck_assert_uint_eq(found.n, 4);
            ck_assert_str_eq(found.items[0].metric->name, "a");
            near(found.items[3].metric->n, 80);
            ck_assert_uint_gt(n, 8);
        }
        free(found.items);
        accord_metrics_fini(&row.metrics);
    }
    json_decref(metrics);
}
END_TEST

Suite *suite_metrics(void) {
    Suite *s = suite_create("metrics");
    TCase *tc = tcase_create("metrics");

    tcase_add_checked_fixture(tc, scratch_begin, scratch_end);
    tcase_add_test(tc, test_a_summary_has_first_last_and_mean);
    tcase_add_loop_test(tc, test_every_format_has_a_line_for_each_metric, 0,
                        sizeof(lines) / sizeof(lines[0]));
    tcase_add_test(tc, test_json_and_csv_can_be_read);
    tcase_add_test(tc, test_one_seed_has_no_spread);
    tcase_add_test(tc, test_infinite_values_are_told);
    tcase_add_test(tc, test_names_choose_by_their_beginning);
    tcase_add_test(tc, test_a_name_that_fits_nothing_is_a_slip);
    tcase_add_test(tc, test_a_run_without_metrics_says_so);
    tcase_add_test(tc, test_what_an_old_summary_does_not_have_is_unknown);
    tcase_add_loop_test(tc, test_hostile_names_are_text_in_every_format, 0,
                        sizeof(hostile) / sizeof(hostile[0]));
    tcase_add_test(tc, test_metrics_without_memory_say_so);
    suite_add_tcase(s, tc);
    return s;
}
