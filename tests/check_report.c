/* check_report.c - summaries, results and tables of run directories written by hand. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <jansson.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/mem.h"
#include "report/report.h"
#include "report/sheet.h"
#include "run_files.h"
#include "scratch.h"
#include "suites.h"

#define CELL(task, method, seed, unit, modes) \
    "{\"task\":\"" task "\",\"method\":\"" method "\",\"seed\":" seed \
    ",\"modes\":[" modes "],\"episodes\":4,\"unit\":\"" unit "\"}"
#define TEXT_CELL(method, seed) CELL("gsm", method, seed, "item", "\"default\"")

#define near(a, b) \
    ck_assert_msg(fabs((a) - (b)) < 1e-12, "%.12g is not %.12g", (double)(a), (double)(b))
#define has(text, part) \
    ck_assert_msg(strstr(text, part) != NULL, "no \"%s\" in:\n%s", part, text)
#define lacks(text, part) \
    ck_assert_msg(strstr(text, part) == NULL, "\"%s\" in:\n%s", part, text)

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

static char *table(const char *format) {
    accord_err err = {0};
    char *text = NULL;
    size_t n;
    char *dir = run_path("");
    const char *dirs[] = {dir};
    FILE *out = open_memstream(&text, &n);
    const accord_table_how how = {.format = format};

    ck_assert_msg(accord_report_table(dirs, 1, &how, out, &err) == ACCORD_OK, "%s",
                  err.msg);
    fclose(out);
    free(dir);
    return text;
}

static uint32_t write_results(void) {
    accord_err err = {0};
    uint32_t missing;
    char *dir = run_path("");

    ck_assert_msg(accord_report_results(dir, &missing, &err) == ACCORD_OK, "%s", err.msg);
    free(dir);
    return missing;
}

static const ep_line four[] = {
    {"a#1", 0, "correct", 1, 100, 10},
    {"a#2", 1, "correct", 1, 100, 20},
    {"a#3", 2, "wrong", 0, 100, 30},
    {"a#4", 3, "unparsed", 0, 100, 40},
};

static char *single_cell(void) {
    run_begin("r", TEXT_CELL("single", "1"));
    char *cell = run_cell("gsm", "single", 1);
    FILE *f = run_open(cell, "journal.jsonl");

    for (int i = 0; i < 4; i++)
        run_episode(f, &four[i]);
    run_finish(f);
    return cell;
}

START_TEST(test_a_summary_counts_scores_tokens_and_cost) {
    char *cell = single_cell();

    run_seal(cell);
    json_t *s = summary_of(cell);
    const json_t *mode = json_array_get(json_object_get(s, "modes"), 0);
    near(number(mode, "n"), 4);
    near(number(mode, "score"), 0.5);
    near(number(mode, "answered"), 3);
    near(number(mode, "score_answered"), 2.0 / 3);
    near(number(mode, "calls"), 4);
    near(number(mode, "cost"), (400 * 1 + 100 * 2) / 1e6);
    near(number(json_object_get(mode, "parts"), "flexible"), 0.75);
    near(number(json_object_get(mode, "outcomes"), "unparsed"), 1);
    const json_t *use = json_array_get(json_object_get(mode, "usage"), 0);
    ck_assert_str_eq(json_string_value(json_object_get(use, "role")), "solver");
    near(number(use, "completion"), 100);
    const json_t *clock = json_object_get(json_object_get(s, "timing"), "default");
    near(number(json_object_get(clock, "call_ms"), "p50"), 2.5);
    near(number(json_object_get(clock, "episode_ms"), "p95"), 7.7);
    json_decref(s);
    free(cell);
}
END_TEST

START_TEST(test_every_outcome_is_counted_and_none_leaves_the_denominator) {
    static const char *const failures[] = {
        "plugin_crash", "budget",    "timeout",  "api_error",
        "refused",      "truncated", "unparsed",
    };
    run_begin("r", TEXT_CELL("single", "1"));
    char *cell = run_cell("gsm", "single", 1);
    FILE *f = run_open(cell, "journal.jsonl");

    run_episode(f, &four[0]);
    run_episode(f, &four[2]);
    for (int i = 0; i < 7; i++) {
        char id[8];
        snprintf(id, sizeof(id), "f%d", i);
        run_episode(f, &(ep_line){id, 4 + i, failures[i], 0, 1, 0});
    }
    run_finish(f);
    run_seal(cell);
    json_t *s = summary_of(cell);
    const json_t *mode = json_array_get(json_object_get(s, "modes"), 0);
    near(number(mode, "n"), 9);
    near(number(mode, "score"), 1.0 / 9);
    near(number(mode, "score_answered"), 0.5);
    near(number(mode, "failed_calls"), 1);
    char *text = table("text");
    for (int i = 0; i < 7; i++) {
        near(number(json_object_get(mode, "outcomes"), failures[i]), 1);
        has(text, failures[i]);
    }
    has(text, "22.2%"); /* coverage: 2 of 9 */
    free(text);
    json_decref(s);
    free(cell);
}
END_TEST

START_TEST(test_of_two_lines_with_a_key_the_later_wins) {
    run_begin("r", TEXT_CELL("single", "1"));
    char *cell = run_cell("gsm", "single", 1);
    FILE *f = run_open(cell, "journal.jsonl");

    run_episode(f, &(ep_line){"a#1", 0, "timeout", 0, 999, 999});
    run_episode(f, &four[1]);
    run_episode(f, &four[0]);
    run_finish(f);
    run_seal(cell);
    json_t *s = summary_of(cell);
    const json_t *mode = json_array_get(json_object_get(s, "modes"), 0);
    near(number(mode, "n"), 2);
    near(number(mode, "score"), 1);
    near(number(mode, "calls"), 2);
    near(json_number_value(json_array_get(json_object_get(mode, "tokens"), 0)), 200);
    json_decref(s);
    free(cell);
}
END_TEST

START_TEST(test_a_torn_last_line_does_not_count) {
    char *cell = single_cell();
    FILE *f = run_open(cell, "journal.jsonl");

    fputs("{\"k\":\"ep\",\"ep\":\"eval/0/default/0/a#5\",\"item\":\"a#5\",\"ind", f);
    fclose(f);
    run_seal(cell);
    json_t *s = summary_of(cell);
    near(number(json_array_get(json_object_get(s, "modes"), 0), "n"), 4);
    json_decref(s);
    free(cell);
}
END_TEST

START_TEST(test_a_broken_line_is_named_with_its_place) {
    static const char *const lines[][2] = {
        {"{\"k\":\"ep\",,\n", "journal.jsonl:10:"},
        {"{\"k\":\"ep\",\"ep\":\"eval/x/default/0/a\"}\n", "10: \"ep\" is no episode"},
        {"{\"k\":\"ep\",\"ep\":\"eval/0/default/0/a\",\"score\":1,\"outcome\":\"great\"}"
         "\n",
         "10: unknown outcome"},
        {"{\"k\":\"ep\",\"ep\":\"eval/0/default/0/a\",\"outcome\":\"wrong\"}\n",
         "10: an episode without a score"},
        {"{\"ep\":7}\n", "10: \"k\" must be a text"},
    };
    accord_err err = {0};
    char *run = run_path("");
    run_begin("r", TEXT_CELL("single", "1"));
    char *cell = run_cell("gsm", "single", 1);
    FILE *f = run_open(cell, "journal.jsonl");

    for (int i = 0; i < 4; i++)
        run_episode(f, &four[i]);
    fputs("{\"k\":\"later\"}\n", f); /* a kind of line that is not known is passed over */
    fputs(lines[_i][0], f);
    run_finish(f);
    free(run);
    run = run_path("");
    ck_assert_int_eq(accord_report_seal(run, cell, &err), ACCORD_E_CONFIG);
    has(err.msg, lines[_i][1]);
    free(run);
    free(cell);
}
END_TEST

START_TEST(test_an_unfinished_cell_is_not_sealed) {
    run_begin("r", TEXT_CELL("single", "1"));
    char *run = run_path("");
    char *cell = run_cell("gsm", "single", 1);
    char *other = run_cell("gsm", "vote", 1);
    accord_err err = {0};
    FILE *f = run_open(cell, "journal.jsonl");

    run_episode(f, &four[0]);
    fclose(f);
    ck_assert_int_eq(accord_report_seal(run, cell, &err), ACCORD_E_ARG);
    has(err.msg, "not finished");
    err = (accord_err){0};
    ck_assert_int_eq(accord_report_seal(run, other, &err), ACCORD_E_ARG);
    has(err.msg, "is no cell of");
    free(other);
    free(cell);
    free(run);
}
END_TEST

static void candidate(FILE *f, const char *item, const char *kind, int index,
                      const char *canon, double score, int tokens) {
    fprintf(f,
            "{\"k\":\"cand\",\"ep\":\"eval/0/default/0/%s\",\"kind\":\"%s\",\"index\":%d,"
            "\"canon\":\"%s\",\"score\":%g,\"tokens\":%d}\n",
            item, kind, index, canon, score, tokens);
}

/* Two items, three samples each: (42 right, 42 right, 7) and (7, none, 42 right). */
START_TEST(test_samples_become_votes_of_every_size) {
    run_begin("r", TEXT_CELL("vote", "1"));
    char *cell = run_cell("gsm", "vote", 1);
    FILE *f = run_open(cell, "journal.jsonl");
    /* maj@2 of item 1: {42,42} 1, {42,7} a tie, twice: 2/3.  Of item 2: {7} 0,
     * {42} 1, {7,42} a tie: 1/2. */
    static const double expected[] = {(2.0 / 3 + 1.0 / 3) / 2, (2.0 / 3 + 0.5) / 2,
                                      (1 + 0.5) / 2};

    run_episode(f, &four[0]);
    candidate(f, "a#1", "sample", 0, "42", 1, 300);
    candidate(f, "a#1", "sample", 1, "42", 1, 300);
    candidate(f, "a#1", "sample", 2, "7", 0, 300);
    run_episode(f, &four[2]);
    candidate(f, "a#3", "sample", 0, "7", 0, 100);
    candidate(f, "a#3", "sample", 1, "", 0, 200);
    candidate(f, "a#3", "sample", 2, "42", 1, 600);
    run_finish(f);
    run_seal(cell);
    json_t *s = summary_of(cell);
    const json_t *c = json_array_get(
        json_object_get(json_array_get(json_object_get(s, "modes"), 0), "candidates"), 0);
    ck_assert_str_eq(json_string_value(json_object_get(c, "kind")), "sample");
    for (size_t j = 0; j < 3; j++) {
        near(json_number_value(json_array_get(json_object_get(c, "score"), j)),
             expected[j]);
        near(json_number_value(json_array_get(json_object_get(c, "tokens"), j)),
             150.0 * (double)(j + 1));
    }
    char *text = table("text");
    has(text, "maj@1=50.0%/150, maj@2=58.3%/300, maj@3=75.0%/450");
    free(text);
    json_decref(s);
    free(cell);
}
END_TEST

/* Three items: both rounds; agreed after the first; failed after the first. */
START_TEST(test_rounds_keep_an_early_answer_but_not_a_failed_one) {
    run_begin("r", TEXT_CELL("debate", "1"));
    char *cell = run_cell("gsm", "debate", 1);
    FILE *f = run_open(cell, "journal.jsonl");

    run_episode(f, &four[0]);
    candidate(f, "a#1", "round", 0, "7", 0, 100);
    candidate(f, "a#1", "round", 1, "42", 1, 300);
    run_episode(f, &four[1]);
    candidate(f, "a#2", "round", 0, "42", 1, 100);
    run_episode(f, &(ep_line){"a#3", 2, "api_error", 0, 10, 0});
    candidate(f, "a#3", "round", 0, "42", 1, 100);
    run_finish(f);
    run_seal(cell);
    char *text = table("text");
    has(text, "by round, score/tokens: @0=66.7%/100, @1=66.7%/167");
    free(text);
    free(cell);
}
END_TEST

START_TEST(test_the_interval_of_two_seeds_is_over_items_of_averaged_seeds) {
    static const double second[] = {1, 0, 0, 0};
    run_begin("r", TEXT_CELL("single", "1") "," TEXT_CELL("single", "2") "," TEXT_CELL(
                       "single", "3"));
    for (int seed = 1; seed <= 2; seed++) {
        char *cell = run_cell("gsm", "single", seed);
        FILE *f = run_open(cell, "journal.jsonl");
        for (int i = 0; i < 4; i++) {
            ep_line e = four[i];
            e.score = seed == 2 ? second[i] : e.score;
            run_episode(f, &e);
        }
        run_finish(f);
        run_seal(cell);
        free(cell);
    }
    /* By item 1, .5, 0, 0: mean .375, CLT error .2394, t(3) 3.1824. */
    char *csv = table("csv");
    has(csv, ",2,3,4,8,0,"); /* 2 of 3 seeds, 4 items, 8 episodes */
    has(csv, ",0.375,0.239356");
    char *text = table("text");
    has(text, "37.5%");
    has(text, "0.0 .. 100.0"); /* -.387 .. 1.137, cut to what a score can be */
    has(text, "2/3");
    has(text, "incomplete: 1 of 3 cells are missing: gsm/single/3");
    ck_assert_uint_eq(write_results(), 1);
    char *path = run_path("results.json");
    json_t *r = document(path);
    const json_t *all = json_object_get(r, "results");
    const json_t *row = json_object_get(all, "gsm/default@single");
    near(number(row, "score,strict"), 0.375);
    near(number(row, "score,flexible"), 0.75);
    ck_assert(fabs(number(row, "score_stderr,strict") - 0.239356) < 1e-6);
    ck_assert_uint_eq(json_array_size(json_object_get(r, "cells")), 2);
    json_decref(r);
    free(path);
    free(csv);
    free(text);
}
END_TEST

/* A learner in control: two modes, returns, evaluations on the way. */
START_TEST(test_seeds_are_the_unit_of_control_and_the_last_evaluation_counts) {
    static const char unit[] =
        CELL("pole", "ppo", "1", "seed", "\"train\",\"hard\"") "," CELL(
            "pole", "ppo", "2", "seed", "\"train\",\"hard\"");
    run_begin("r", unit);
    for (int seed = 1; seed <= 2; seed++) {
        char *cell = run_cell("pole", "ppo", seed);
        FILE *f = run_open(cell, "journal.jsonl");
        for (int step = 0; step <= 200; step += 100)
            for (int i = 0; i < 2; i++)
                fprintf(f,
                        "{\"k\":\"ep\",\"ep\":\"eval/%d/train/0/start-%d\",\"item\":"
                        "\"start-%d\",\"index\":%d,\"outcome\":\"finished\",\"answered\":"
                        "true,\"score\":%d,\"parts\":[],\"us\":5}\n",
                        step, i, i, i, step + 100 * seed + 10 * i);
        fputs("{\"k\":\"ep\",\"ep\":\"train/1/train/0/start-9\",\"item\":\"start-9\","
              "\"index\":0,\"outcome\":\"finished\",\"answered\":true,\"score\":9999,"
              "\"parts\":[],\"us\":5}\n"
              "{\"k\":\"metric\",\"ep\":null,\"step\":2,\"name\":\"loss\",\"value\":3}\n"
              "{\"k\":\"metric\",\"ep\":null,\"step\":1,\"name\":\"loss\",\"value\":1}\n",
              f);
        run_finish(f);
        run_seal(cell);
        json_t *s = summary_of(cell);
        near(number(json_object_get(s, "episodes"), "train"), 1);
        const json_t *loss = json_object_get(json_object_get(s, "metrics"), "loss");
        near(number(loss, "last"), 3);
        near(number(loss, "mean"), 2);
        const json_t *mode = json_array_get(json_object_get(s, "modes"), 0);
        near(number(mode, "score"), 205 + 100 * seed);
        near(number(mode, "step"), 200);
        const json_t *curve = json_object_get(mode, "curve");
        ck_assert_uint_eq(json_array_size(curve), 3);
        near(number(json_array_get(curve, 1), "score"), 105 + 100 * seed);
        json_decref(s);
        free(cell);
    }
    char *csv = table("csv");
    has(csv, "r,pole,train,ppo,seed,2,2,2,4,0,"); /* 305 and 405 */
    has(csv, ",355,50,0,990.3102");
    has(csv, "r,pole,hard,ppo,seed,0,2,0,0,0,"); /* not played, and said so */
    free(csv);
}
END_TEST

START_TEST(test_one_training_seed_has_no_interval) {
    run_begin("r", CELL("gsm", "econ", "1", "both", "\"default\"") "," CELL(
                       "gsm", "cg2a", "1", "seed", "\"default\""));
    for (int i = 0; i < 2; i++) {
        char *cell = run_cell("gsm", i ? "cg2a" : "econ", 1);
        FILE *f = run_open(cell, "journal.jsonl");
        run_episode(f, &four[0]);
        run_episode(f, &four[2]);
        run_finish(f);
        run_seal(cell);
        json_t *s = summary_of(cell);
        ck_assert(json_is_null(
            json_object_get(json_array_get(json_object_get(s, "modes"), 0), "ci")));
        json_decref(s);
        free(cell);
    }
    char *text = table("text");
    has(text, "econ      50.0%           n/a  item x seed");
    has(text, "cg2a      50.0%           n/a  seed");
    free(text);
}
END_TEST

/* The text of a file up to what a clock measured. */
static char *without_timing(const char *cell) {
    char *path = accord_xasprintf("%s/summary.json", cell);
    char *text = run_read(path);
    char *timing = strstr(text, "\"timing\"");

    ck_assert_ptr_nonnull(timing);
    *timing = '\0';
    free(path);
    return text;
}

/* Writes the lines of a journal in another order, the last line last. */
static void shuffle_lines(const char *path, uint64_t seed) {
    char *text = run_read(path);
    char *lines[256];
    size_t n = 0;

    for (char *p = text; *p; p = strchr(p, '\0') + 1) {
        lines[n++] = p;
        *strchr(p, '\n') = '\0';
    }
    FILE *f = fopen(path, "we");
    for (size_t i = 0; i < n; i++) {
        size_t left = n - i - 1;
        size_t j = left ? i + (size_t)(seed = seed * 6364136223846793005u + 1) % left : i;
        fprintf(f, "%s\n", lines[j]);
        lines[j] = lines[i];
    }
    fclose(f);
    free(text);
}

START_TEST(test_the_order_of_lines_changes_no_byte) {
    run_begin("r", TEXT_CELL("vote", "1"));
    char *cell = run_cell("gsm", "vote", 1);
    char *journal = accord_xasprintf("%s/journal.jsonl", cell);
    char *results = run_path("results.json");
    FILE *f = run_open(cell, "journal.jsonl");

    for (int i = 0; i < 40; i++) {
        char id[16];
        snprintf(id, sizeof(id), "q#%d", i * 7 % 40);
        run_episode(f, &(ep_line){id, i / 2, i % 3 ? "correct" : "wrong",
                                  i % 3 ? 0.1 * i : 0, i, i});
        candidate(f, id, "sample", 0, "42", 0.1, i);
        candidate(f, id, "sample", 1, "7", 0.3, i);
        fprintf(f,
                "{\"k\":\"metric\",\"ep\":\"eval/0/default/0/%s\",\"step\":0,\"name\":"
                "\"entropy\",\"value\":%g}\n",
                id, 0.1 * i);
    }
    run_finish(f);
    run_seal(cell);
    write_results();
    char *before = without_timing(cell);
    char *results_before = run_read(results);
    for (uint64_t seed = 1; seed <= 3; seed++) {
        shuffle_lines(journal, seed);
        run_seal(cell);
        write_results();
        char *after = without_timing(cell);
        char *results_after = run_read(results);
        ck_assert_str_eq(before, after);
        ck_assert_str_eq(results_before, results_after);
        free(after);
        free(results_after);
    }
    has(before, "entropy");
    free(before);
    free(results_before);
    free(results);
    free(journal);
    free(cell);
}
END_TEST

START_TEST(test_a_model_without_a_price_has_no_cost) {
    run_begin("r", TEXT_CELL("single", "1"));
    char *cell = run_cell("gsm", "single", 1);
    FILE *f = run_open(cell, "journal.jsonl");

    run_episode(f, &four[0]);
    fputs(
        "{\"k\":\"call\",\"ep\":\"eval/0/default/0/a#1\",\"agent\":1,\"role\":\"judge\","
        "\"round\":0,\"sample\":0,\"ord\":0,\"hash\":\"0\",\"model\":\"other\","
        "\"tokens\":[5,5],\"error\":null,\"us\":[1,1,1]}\n",
        f);
    run_finish(f);
    run_seal(cell);
    char *json = table("json");
    has(json, "\"cost\":null");
    has(json, "\"calls_per_question\":2,");
    free(json);
    free(cell);
}
END_TEST

static void hostile(accord_sheet *s) {
    static const char *const cells[] = {"a|b_c",          "50%",       "x&y#z", "1",
                                        "\033[31mred\n|", "$\\~^{}<b>"};

    s->n_columns = 2;
    for (size_t i = 0; i < 6; i++)
        accord_sheet_take(s, accord_xstrdup(cells[i]));
    accord_sheet_note(s, accord_xstrdup("note\n\\input{x}\xff"));
}

START_TEST(test_hostile_texts_break_no_format) {
    accord_sheet s = {0};
    accord_buf b;

    accord_buf_init(&b, 1 << 20);
    hostile(&s);
    accord_sheet_text(&s, &b);
    ck_assert_str_eq(b.data, "     a|b_c        50%\n     x&y#z          1\n"
                             "?[31mred?|  $\\~^{}<b>\n\nnote?\\input{x}\xef\xbf\xbd\n");
    accord_buf_clear(&b);
    accord_sheet_md(&s, &b);
    has(b.data, "| a\\|b\\_c | 50% |\n|--:|--:|\n| x\\&y\\#z | 1 |\n");
    has(b.data, "| ?\\[31mred?\\| | $\\\\\\~^\\{\\}\\<b\\> |\n");
    accord_buf_clear(&b);
    accord_sheet_tex(&s, &b);
    has(b.data, "a|b\\_c & 50\\% \\\\\n\\midrule\nx\\&y\\#z & 1 \\\\\n");
    has(b.data, "\\$\\textbackslash{}\\textasciitilde{}\\textasciicircum{}\\{\\}"
                "\\textless{}b\\textgreater{}");
    has(b.data, "% note?\\input{x}"); /* one line, a comment */
    accord_buf_fini(&b);
    accord_sheet_fini(&s);
}
END_TEST

START_TEST(test_csv_quotes_what_a_reader_would_split) {
    run_begin("a,\"b\"", TEXT_CELL("single", "1"));
    char *csv = table("csv");

    has(csv, "\n\"a,\"\"b\"\"\",gsm,default,single,item,0,1,0,0,0,");
    free(csv);
}
END_TEST

START_TEST(test_every_format_prints_and_escapes_nothing_for_a_terminal) {
    static const char *const formats[][2] = {
        {"text",
         "gsm   single    50.0%  15.0 .. 85.0  item  4    1/1     75.0%      66.7%"},
        {"md", "| gsm | single | 50.0% | 15.0 .. 85.0 | item | 4 | 1/1 |"},
        {"csv", "r,gsm,default,single,item,1,1,4,4,0,2,1,0,0,0,0,0,0,0,1,0.5,"},
        {"tex", "gsm & single & 50.0\\% & 15.0 .. 85.0 & item & 4 & 1/1 &"},
        {"json", "\"task\":\"gsm\",\"mode\":\"default\",\"method\":\"single\""},
    };
    char *cell = single_cell();
    run_seal(cell);
    char *out = table(formats[_i][0]);

    has(out, formats[_i][1]);
    lacks(out, "\033");
    if (_i == 0)
        has(out, "skipped: gsm cg2a: it plays pixels");
    free(out);
    free(cell);
}
END_TEST

START_TEST(test_two_runs_stand_in_one_table_under_their_names) {
    char *cell = single_cell();
    run_seal(cell);
    free(cell);
    char *first = run_path("");
    run_begin("other", TEXT_CELL("single", "1"));
    char *second = run_path("");
    const char *dirs[] = {first, second};
    accord_err err = {0};
    char *text = NULL;
    size_t n;
    FILE *out = open_memstream(&text, &n);

    ck_assert_int_eq(
        accord_report_table(dirs, 2, &(accord_table_how){.by = "mode"}, out, &err),
        ACCORD_OK);
    fclose(out);
    has(text, "\nr      gsm   single    50.0%");
    has(text, "\nother  gsm   single      n/a");
    has(text, "other: incomplete: 1 of 1 cells are missing: gsm/single/1");
    free(text);
    free(first);
    free(second);
}
END_TEST

START_TEST(test_unknown_words_and_folders_are_refused) {
    accord_err err = {0};
    const char *dirs[] = {"/nowhere/at/all"};

    ck_assert_int_eq(
        accord_report_table(dirs, 1, &(accord_table_how){.format = "txt"}, stdout, &err),
        ACCORD_E_ARG);
    has(err.msg, "unknown format \"txt\" (did you mean \"text\"?)");
    err = (accord_err){0};
    ck_assert_int_eq(
        accord_report_table(dirs, 1, &(accord_table_how){.by = "seed"}, stdout, &err),
        ACCORD_E_ARG);
    has(err.msg, "unknown order \"seed\"");
    err = (accord_err){0};
    ck_assert_int_eq(
        accord_report_table(dirs, 1, &(accord_table_how){.format = "md"}, stdout, &err),
        ACCORD_E_CONFIG);
    has(err.msg, "/nowhere/at/all is no run directory");
}
END_TEST

/* The most memory that this process ever had, in KiB. */
static long peak_kib(void) {
    char line[256];
    long kib = 0;
    FILE *f = fopen("/proc/self/status", "re");

    while (f && fgets(line, sizeof(line), f))
        if (strncmp(line, "VmHWM:", 6) == 0)
            kib = strtol(line + 6, NULL, 10);
    if (f)
        fclose(f);
    return kib;
}

/* Sanitizers take memory and time of their own. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
static const bool instrumented = true;
#elif defined(__has_feature)
static const bool instrumented =
    __has_feature(address_sanitizer) || __has_feature(thread_sanitizer);
#else
static const bool instrumented = false;
#endif

/* 200,000 lines are enough to see the bytes per question. */
START_TEST(test_a_hundred_thousand_episodes_fit_into_little_memory) {
    enum { N = 100000 };
    run_begin("r", TEXT_CELL("single", "1"));
    char *cell = run_cell("gsm", "single", 1);
    FILE *f = run_open(cell, "journal.jsonl");

    for (int i = 0; i < N; i++) {
        char id[32];
        snprintf(id, sizeof(id), "gsm8k-main-test-#%d", i);
        run_episode(f, &(ep_line){id, i, i % 4 ? "correct" : "wrong", i % 4 != 0, 9, 9});
    }
    run_finish(f);
    long before = peak_kib();
    run_seal(cell);
    long after = peak_kib();
    int64_t start = accord_now_ns();
    free(table("json"));
    int64_t took = accord_now_ns() - start;
    json_t *s = summary_of(cell);
    near(number(json_array_get(json_object_get(s, "modes"), 0), "score"), 0.75);
    json_decref(s);
    free(cell);
    if (instrumented)
        return;
    ck_assert_msg((after - before) * 1024 < N * 600L, "%ld KiB more for %d episodes",
                  after - before, N);
    ck_assert_msg(took < 5 * ACCORD_S_NS, "the table took %lld ms",
                  (long long)(took / 1000000));
}
END_TEST

Suite *suite_report(void) {
    Suite *s = suite_create("report");
    TCase *tc = tcase_create("seal");

    tcase_add_checked_fixture(tc, scratch_begin, scratch_end);
    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, test_a_summary_counts_scores_tokens_and_cost);
    tcase_add_test(tc, test_every_outcome_is_counted_and_none_leaves_the_denominator);
    tcase_add_test(tc, test_of_two_lines_with_a_key_the_later_wins);
    tcase_add_test(tc, test_a_torn_last_line_does_not_count);
    tcase_add_loop_test(tc, test_a_broken_line_is_named_with_its_place, 0, 5);
    tcase_add_test(tc, test_an_unfinished_cell_is_not_sealed);
    tcase_add_test(tc, test_samples_become_votes_of_every_size);
    tcase_add_test(tc, test_rounds_keep_an_early_answer_but_not_a_failed_one);
    tcase_add_test(tc, test_the_order_of_lines_changes_no_byte);
    tcase_add_test(tc, test_a_model_without_a_price_has_no_cost);
    tcase_add_test(tc, test_a_hundred_thousand_episodes_fit_into_little_memory);
    suite_add_tcase(s, tc);
    tc = tcase_create("table");
    tcase_add_checked_fixture(tc, scratch_begin, scratch_end);
    tcase_add_test(tc, test_the_interval_of_two_seeds_is_over_items_of_averaged_seeds);
    tcase_add_test(tc, test_seeds_are_the_unit_of_control_and_the_last_evaluation_counts);
    tcase_add_test(tc, test_one_training_seed_has_no_interval);
    tcase_add_test(tc, test_hostile_texts_break_no_format);
    tcase_add_test(tc, test_csv_quotes_what_a_reader_would_split);
    tcase_add_loop_test(tc, test_every_format_prints_and_escapes_nothing_for_a_terminal,
                        0, 5);
    tcase_add_test(tc, test_two_runs_stand_in_one_table_under_their_names);
    tcase_add_test(tc, test_unknown_words_and_folders_are_refused);
    suite_add_tcase(s, tc);
    return s;
}
