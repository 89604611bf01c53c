/* check_board.c - the leaderboard of runs written by hand: who is best, tied, behind or
 * not testable, the Pareto front, and the formats that show it. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "base/mem.h"
#include "judge/board.h"
#include "report/report.h"
#include "run_files.h"
#include "scratch.h"
#include "suites.h"

#define CELL(task, method, seed, unit) \
    "{\"task\":\"" task "\",\"method\":\"" method "\",\"seed\":" seed \
    ",\"modes\":[\"default\"],\"episodes\":20,\"unit\":\"" unit "\"}"
#define TEXT_CELL(method) CELL("gsm", method, "1", "item")

#define has(text, part) \
    ck_assert_msg(strstr(text, part) != NULL, "no \"%s\" in:\n%s", part, text)
#define lacks(text, part) \
    ck_assert_msg(strstr(text, part) == NULL, "\"%s\" in:\n%s", part, text)

/* As run_play() does, with seed 1. */
static void play(const char *method, const char *right, int tokens) {
    run_play(method, 1, right, tokens);
}

static char *table_of(const char *const *names, uint32_t n, const char *format) {
    accord_err err = {0};
    char *text = NULL;
    size_t size;
    char *dirs[4];
    FILE *out = open_memstream(&text, &size);

    for (uint32_t i = 0; i < n; i++)
        dirs[i] = scratch_path(names[i]);
    accord_code rc = accord_report_table(
        (const char *const *)dirs, n,
        &(accord_table_how){.format = format, .mark = accord_board_mark}, out, &err);
    ck_assert_msg(rc == ACCORD_OK, "%s", err.msg);
    fclose(out);
    for (uint32_t i = 0; i < n; i++)
        free(dirs[i]);
    return text;
}

static char *table(const char *format) {
    return table_of((const char *[]){"r"}, 1, format);
}

/* What the JSON says of a method's row, of the run where one is given; borrowed. */
static const json_t *row_of(const json_t *doc, const char *run, const char *method) {
    const json_t *rows = json_object_get(doc, "rows");

    for (size_t i = 0; i < json_array_size(rows); i++) {
        const json_t *row = json_array_get(rows, i);
        const char *of = json_string_value(json_object_get(row, "run"));
        const char *name = json_string_value(json_object_get(row, "method"));
        if (strcmp(name, method) == 0 && (!run || strcmp(of, run) == 0))
            return row;
    }
    ck_abort_msg("no row of %s", method);
    return NULL;
}

static json_t *parsed(char *text) {
    json_error_t why;
    json_t *doc = json_loads(text, 0, &why);

    ck_assert_msg(doc != NULL, "%s in:\n%s", why.text, text);
    free(text);
    return doc;
}

static void stands(const json_t *doc, const char *run, const char *method,
                   const char *standing) {
    const char *found =
        json_string_value(json_object_get(row_of(doc, run, method), "standing"));

    ck_assert_msg(found ? standing && strcmp(found, standing) == 0 : !standing,
                  "%s is %s, not %s", method, found ? found : "null", standing);
}

static double p_of(const json_t *doc, const char *method) {
    return json_number_value(json_object_get(row_of(doc, NULL, method), "p_to_best"));
}

static bool on_front(const json_t *doc, const char *method) {
    return json_is_true(json_object_get(row_of(doc, NULL, method), "pareto"));
}

/* Against the best (20 of 20): one, six and ten wrong. */
static void three_behind_one(void) {
    run_begin("r", TEXT_CELL("weak") "," TEXT_CELL("near") "," TEXT_CELL(
                       "best") "," TEXT_CELL("mid"));
    play("weak", "11111111110000000000", 50);
    play("near", "11111111111111111110", 10);
    play("best", "11111111111111111111", 30);
    play("mid", "11111111111111000000", 90);
}

/* McNemar's mid-p of b against 0 is 2^-b: 0.5, 1/64 and 1/1024; Holm takes the smallest
 * three times, the next twice. */
START_TEST(test_a_tie_is_no_significant_difference_to_the_best) {
    three_behind_one();
    json_t *doc = parsed(table("json"));

    stands(doc, NULL, "best", "best");
    stands(doc, NULL, "near", "tied");
    stands(doc, NULL, "mid", "behind");
    stands(doc, NULL, "weak", "behind");
    ck_assert_double_eq_tol(p_of(doc, "weak"), 3.0 / 1024, 1e-12);
    ck_assert_double_eq_tol(p_of(doc, "mid"), 2.0 / 64, 1e-12);
    ck_assert_double_eq_tol(p_of(doc, "near"), 0.5, 1e-12);
    json_decref(doc);
}
END_TEST

START_TEST(test_the_front_holds_what_nothing_beats_at_fewer_tokens) {
    three_behind_one();
    json_t *doc = parsed(table("json"));

    ck_assert(on_front(doc, "best"));
    ck_assert(on_front(doc, "near")); /* cheapest */
    ck_assert(!on_front(doc, "mid"));
    ck_assert(!on_front(doc, "weak"));
    json_decref(doc);
}
END_TEST

START_TEST(test_every_format_shows_the_standings) {
    static const char *const formats[][3] = {
        {"text", "score \xe2\x86\x91", "near      95.0%   76.4 .. 99.1  tied  item"},
        {"md", "| score \xe2\x86\x91 |", "| 76.4 .. 99.1 | tied | item |"},
        {"tex", "score $\\uparrow$ &", "76.4 .. 99.1 & tied & item &"},
        {"csv", ",higher_is_better,standing,p_to_best,pareto\n", ",true,tied,0.5,true\n"},
    };
    three_behind_one();
    char *text = table(formats[_i][0]);

    has(text, formats[_i][1]);
    has(text, formats[_i][2]);
    if (_i < 2)
        has(text, "*110");
    free(text);
}
END_TEST

/* The brackets of LaTeX match, each row has as many columns as the first. */
START_TEST(test_the_latex_is_whole) {
    three_behind_one();
    char *text = table("tex");
    int depth = 0;
    size_t rows = 0, columns = 0;

    has(text, "\\begin{tabular}{");
    has(text, "\\toprule\n");
    has(text, "\\bottomrule\n\\end{tabular}\n");
    for (const char *p = text; *p; p++)
        if (p == text || p[-1] != '\\')
            depth += (*p == '{') - (*p == '}');
    ck_assert_int_eq(depth, 0);
    for (const char *line = text, *end; *line; line = end + 1) {
        size_t n = 0;
        end = strchr(line, '\n');
        if (line[0] == '%' || end[-1] != '\\') /* no row */
            continue;
        for (const char *p = line; p < end; p++)
            n += *p == '&' && (p == line || p[-1] != '\\');
        ck_assert(rows == 0 || n == columns);
        columns = n;
        rows++;
    }
    ck_assert_uint_eq(rows, 5);
    free(text);
}
END_TEST

START_TEST(test_lower_may_be_better) {
    three_behind_one();
    run_edit_manifest("\"higher_is_better\":true", "\"higher_is_better\":false");
    char *text = table("text");
    has(text, "score \xe2\x86\x93");
    free(text);
    json_t *doc = parsed(table("json"));

    stands(doc, NULL, "weak", "best");
    stands(doc, NULL, "best", "behind");
    stands(doc, NULL, "mid", "tied"); /* four of four: 1/16 */
    ck_assert(!on_front(doc, "best"));
    json_decref(doc);
}
END_TEST

START_TEST(test_one_method_alone_has_no_standing) {
    run_begin("r", TEXT_CELL("only"));
    play("only", "1100", 5);
    char *text = table("text");

    lacks(text, "lead");
    lacks(text, "*105");
    free(text);
    json_t *doc = parsed(table("json"));
    stands(doc, NULL, "only", NULL);
    json_decref(doc);
}
END_TEST

START_TEST(test_runs_stand_against_each_other_where_the_task_is_the_same) {
    run_begin("r", TEXT_CELL("vote"));
    play("vote", "11111111111111111111", 30);
    run_begin("s", TEXT_CELL("vote"));
    play("vote", "11111111110000000000", 30);
    json_t *doc = parsed(table_of((const char *[]){"r", "s"}, 2, "json"));
    stands(doc, "r", "vote", "best");
    stands(doc, "s", "vote", "behind");
    const json_t *results = json_object_get(doc, "results");
    ck_assert_ptr_nonnull(json_object_get(results, "r:gsm/default@vote"));
    ck_assert_ptr_nonnull(json_object_get(results, "s:gsm/default@vote"));
    json_decref(doc);

    run_edit_manifest("\"max\":1", "\"max\":2");
    char *text = table_of((const char *[]){"r", "s"}, 2, "text");
    has(text, "gsm is not the same task in r and s, so each has its own best");
    lacks(text, "best  item");
    free(text);
}
END_TEST

START_TEST(test_what_has_no_partner_is_said) {
    run_begin("r", TEXT_CELL("a") "," TEXT_CELL("b") "," TEXT_CELL("c"));
    play("a", "1111111111------", 30);
    play("b", "----000000000000", 30);
    play("c", "----------000000", 30);
    char *text = table("text");
    run_join(text);
    has(text,
        "gsm: b of r and a of r have 6 items in common, and 10 have no partner; the "
        "test takes what is common");
    has(text, "gsm: c of r and a of r have 0 items in common, and 16 have no partner");
    free(text);
    json_t *doc = parsed(table("json"));
    stands(doc, NULL, "b", "behind");
    stands(doc, NULL, "c", "open");
    json_decref(doc);
}
END_TEST

/* Of all that each played a has 80 % right and b two thirds; of what both played, b has
 * eight of eight and a none. */
START_TEST(test_a_row_that_is_better_on_what_is_common_is_not_tied) {
    run_begin("r", TEXT_CELL("a") "," TEXT_CELL("b"));
    play("a", "0000000011111111111111111111111111111111----", 30);
    play("b", "11111111--------------------------------0000", 30);
    json_t *doc = parsed(table("json"));

    stands(doc, NULL, "a", "best");
    stands(doc, NULL, "b", "open");
    json_decref(doc);
}
END_TEST

START_TEST(test_few_training_seeds_are_not_tested) {
    run_begin("r", CELL("gsm", "a", "1", "seed") "," CELL("gsm", "b", "1", "seed"));
    play("a", "1111", 30);
    play("b", "1100", 30);
    char *text = table("text");

    has(text, "fewer than 5 training seeds are not tested");
    has(text, "n/a   seed");
    free(text);
    json_t *doc = parsed(table("json"));
    stands(doc, NULL, "b", "open");
    json_decref(doc);
}
END_TEST

/* The tables that lm-eval's make_table() goes through, each with the same names. */
START_TEST(test_the_json_has_what_lm_eval_reads) {
    static const char *const tables[] = {"versions", "higher_is_better", "n-samples",
                                         "configs"};
    three_behind_one();
    json_t *doc = parsed(table("json"));
    const json_t *results = json_object_get(doc, "results");
    const char *name;
    json_t *entry;

    ck_assert_uint_eq(json_object_size(results), 4);
    ck_assert(json_is_object(json_object_get(doc, "n-shot")));
    json_object_foreach((json_t *)results, name, entry) {
        ck_assert_str_eq(json_string_value(json_object_get(entry, "alias")), name);
        ck_assert(json_is_number(json_object_get(entry, "score,strict")));
        ck_assert(json_is_number(json_object_get(entry, "score_stderr,strict")));
        for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++)
            ck_assert_msg(json_object_get(json_object_get(doc, tables[i]), name) != NULL,
                          "%s has no %s", tables[i], name);
    }
    json_decref(doc);
}
END_TEST

START_TEST(test_runs_of_one_name_are_told_apart_by_their_paths) {
    run_begin("x/r", TEXT_CELL("a"));
    play("a", "1111", 30);
    run_begin("y/r", TEXT_CELL("a"));
    play("a", "1100", 30);
    char *text = table_of((const char *[]){"x/r", "y/r"}, 2, "csv");

    has(text, "x/r,gsm,default,a,");
    has(text, "y/r,gsm,default,a,");
    free(text);
}
END_TEST

Suite *suite_board(void) {
    Suite *s = suite_create("board");
    TCase *tc = tcase_create("board");

    tcase_add_checked_fixture(tc, scratch_begin, scratch_end);
    tcase_add_test(tc, test_a_tie_is_no_significant_difference_to_the_best);
    tcase_add_test(tc, test_the_front_holds_what_nothing_beats_at_fewer_tokens);
    tcase_add_loop_test(tc, test_every_format_shows_the_standings, 0, 4);
    tcase_add_test(tc, test_the_latex_is_whole);
    tcase_add_test(tc, test_lower_may_be_better);
    tcase_add_test(tc, test_one_method_alone_has_no_standing);
    tcase_add_test(tc, test_runs_stand_against_each_other_where_the_task_is_the_same);
    tcase_add_test(tc, test_what_has_no_partner_is_said);
    tcase_add_test(tc, test_a_row_that_is_better_on_what_is_common_is_not_tied);
    tcase_add_test(tc, test_few_training_seeds_are_not_tested);
    tcase_add_test(tc, test_the_json_has_what_lm_eval_reads);
    tcase_add_test(tc, test_runs_of_one_name_are_told_apart_by_their_paths);
    suite_add_tcase(s, tc);
    return s;
}
