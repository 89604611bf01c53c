/* check_equal.c - one method beside others at equal tokens, of runs written by hand; the
 * numbers are worked out here a second time and in another way. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "base/mem.h"
#include "chaos.h"
#include "judge/board.h"
#include "judge/equal.h"
#include "report/report.h"
#include "run_files.h"
#include "scratch.h"
#include "suites.h"

#define CELL(method, seed, unit) \
    "{\"task\":\"gsm\",\"method\":\"" method "\",\"seed\":" seed \
    ",\"modes\":[\"default\"],\"episodes\":12,\"unit\":\"" unit "\"}"
#define TEXT_CELL(method) CELL(method, "1", "item")

#define near(a, b) \
    ck_assert_msg(fabs((a) - (b)) < 1e-9, "%.12g is not %.12g", (double)(a), (double)(b))
#define has(text, part) \
    ck_assert_msg(strstr(text, part) != NULL, "no \"%s\" in:\n%s", part, text)
#define lacks(text, part) \
    ck_assert_msg(strstr(text, part) == NULL, "\"%s\" in:\n%s", part, text)

enum { N_ITEMS = 12, N_SAMPLES = 4 };

static accord_code print(const accord_table_how *how, char **text, accord_err *err) {
    size_t size;
    char *dir = scratch_path("r");
    const char *dirs[] = {dir};
    FILE *out = open_memstream(text, &size);

    accord_code rc = accord_report_table(dirs, 1, how, out, err);
    fclose(out);
    free(dir);
    return rc;
}

static char *table(const char *method, const char *format) {
    const accord_table_how how = {.format = format,
                                  .mark = accord_board_mark,
                                  .equal_tokens = method,
                                  .beside = accord_equal_make};
    accord_err err = {0};
    char *text;

    ck_assert_msg(print(&how, &text, &err) == ACCORD_OK, "%s", err.msg);
    run_join(text);
    return text;
}

static json_t *document(const char *method) {
    json_error_t why;
    char *text = table(method, "json");
    json_t *doc = json_loads(text, 0, &why);

    ck_assert_msg(doc != NULL, "%s in:\n%s", why.text, text);
    free(text);
    return doc;
}

/* The line of a method's point, or NULL; borrowed. */
static const json_t *find(const json_t *doc, const char *method, const char *point) {
    const json_t *lines = json_object_get(doc, "lines");

    for (size_t i = 0; i < json_array_size(lines); i++) {
        const json_t *line = json_array_get(lines, i);
        if (strcmp(json_string_value(json_object_get(line, "method")), method) == 0 &&
            strcmp(json_string_value(json_object_get(line, "point")), point) == 0)
            return line;
    }
    return NULL;
}

static const json_t *line_of(const json_t *doc, const char *method, const char *point) {
    const json_t *line = find(doc, method, point);

    ck_assert_msg(line != NULL, "no line of %s at %s", method, point);
    return line;
}

static double number(const json_t *line, const char *key) {
    const json_t *value = json_object_get(line, key);

    ck_assert_msg(json_is_number(value), "%s is no number", key);
    return json_number_value(value);
}

static void says(const json_t *line, const char *key, const char *text) {
    ck_assert_str_eq(json_string_value(json_object_get(line, key)), text);
}

/* ---- a run --------------------------------------------------------------------------*/

/* Canonical answers of four samples to each item: r is right, - is none. */
static const char *const samples[N_ITEMS] = {"rrrr", "rara", "raab", "arrr",
                                             "rr-a", "aaaa", "abrr", "r---",
                                             "aabr", "rbrb", "rrra", "bbbr"};
static const char econ_right[] = "111111111010";

static void name_candidate(FILE *f, int item, const char *kind, int index, char answer,
                           int tokens) {
    const char canon[] = {answer == '-' ? '\0' : answer, '\0'};

    fprintf(
        f,
        "{\"k\":\"cand\",\"ep\":\"eval/0/default/0/q#%d\",\"kind\":\"%s\",\"index\":%d,"
        "\"canon\":\"%s\",\"score\":%d,\"tokens\":%d}\n",
        item, kind, index, canon, answer == 'r', tokens);
}

/* Named before run_play() ends the journal: `each` tokens more with every sample. */
static void name_samples(const char *method, int seed, int each) {
    char *cell = run_cell("gsm", method, seed);
    FILE *f = run_open(cell, "journal.jsonl");

    for (int i = 0; i < N_ITEMS; i++)
        for (int k = 0; k < N_SAMPLES; k++)
            name_candidate(f, i, "sample", k, samples[i][k], each * (k + 1));
    fclose(f);
    free(cell);
}

/* The answers after each round, right as the letters of rounds[r] say. */
static void name_rounds(const char *method, int seed, const char *const *rounds, int n,
                        int each) {
    char *cell = run_cell("gsm", method, seed);
    FILE *f = run_open(cell, "journal.jsonl");

    for (int r = 0; r < n; r++)
        for (int i = 0; rounds[r][i]; i++)
            name_candidate(f, i, "round", r, rounds[r][i] == '1' ? 'r' : 'a',
                           each * (r + 1));
    fclose(f);
    free(cell);
}

/* econ takes 250 tokens a question, a vote 100 for each of its four samples, debate 120
 * for each of its two rounds, and single 110. */
static void play_all(void) {
    static const char *const rounds[] = {"110100001010", "111100101010"};

    run_begin("r", TEXT_CELL("vote") "," TEXT_CELL("econ") "," TEXT_CELL(
                       "debate") "," TEXT_CELL("single"));
    run_play("econ", 1, econ_right, 150);
    name_samples("vote", 1, 100);
    run_play("vote", 1, "101111101110", 300);
    name_rounds("debate", 1, rounds, 2, 120);
    run_play("debate", 1, rounds[1], 140);
    run_play("single", 1, "100100001010", 10);
}

/* ---- the same by brute force ------------------------------------------------------- */

/* What a vote of the samples in `mask` scores: of the answers that most gave, the share
 * that is right. */
static double vote_of(const char *answers, unsigned mask) {
    static const char letters[] = "rab";
    int votes[3] = {0};
    int most = 0;
    double tied = 0;

    for (int k = 0; k < N_SAMPLES; k++)
        for (int l = 0; l < 3; l++)
            votes[l] += (mask >> k & 1) && answers[k] == letters[l];
    for (int l = 0; l < 3; l++)
        most = votes[l] > most ? votes[l] : most;
    if (most == 0)
        return 0;
    for (int l = 0; l < 3; l++)
        tied += votes[l] == most;
    return votes[0] == most ? 1 / tied : 0;
}

/* The mean over all subsets of j samples. */
static double majority(const char *answers, int j) {
    double sum = 0;
    double n = 0;

    for (unsigned mask = 0; mask < 1u << N_SAMPLES; mask++) {
        int size = 0;
        for (int k = 0; k < N_SAMPLES; k++)
            size += (int)(mask >> k & 1);
        if (size != j)
            continue;
        sum += vote_of(answers, mask);
        n++;
    }
    return sum / n;
}

/* Mean and Student's interval of 12 differences; below 20 items that is the one. */
static void check_student(const json_t *line, const double *d) {
    static const double t_11 = 2.2009851600829489; /* R: qt(0.975, 11) */
    double mean = 0;
    double squares = 0;

    for (int i = 0; i < N_ITEMS; i++)
        mean += d[i] / N_ITEMS;
    for (int i = 0; i < N_ITEMS; i++)
        squares += (d[i] - mean) * (d[i] - mean);
    double half = t_11 * sqrt(squares / (N_ITEMS - 1) / N_ITEMS);
    near(number(line, "difference"), mean);
    near(number(line, "ci_low"), mean - half);
    near(number(line, "ci_high"), mean + half);
    near(number(line, "items"), N_ITEMS);
    says(line, "unit", "item");
}

/* ---- tests ------------------------------------------------------------------------- */

START_TEST(test_the_votes_that_bracket_the_tokens_are_paired_by_item) {
    static const char *const names[] = {"maj@2", "maj@3"};
    play_all();
    json_t *doc = document("econ");

    for (int k = 0; k < 2; k++) {
        const json_t *line = line_of(doc, "vote", names[k]);
        double d[N_ITEMS];
        double score = 0;
        for (int i = 0; i < N_ITEMS; i++) {
            double vote = majority(samples[i], k + 2);
            d[i] = (econ_right[i] == '1') - vote;
            score += vote / N_ITEMS;
        }
        near(number(line, "score"), score);
        near(number(line, "tokens_per_question"), 100.0 * (k + 2));
        near(number(line, "tokens_relative"), 100.0 * (k + 2) / 250);
        says(line, "where", k ? "above" : "below");
        check_student(line, d);
    }
    ck_assert_ptr_null(find(doc, "vote", "maj@1"));
    ck_assert_ptr_null(find(doc, "vote", "maj@4"));
    json_decref(doc);
}
END_TEST

/* Wilson's interval of a share of 12. */
static void wilson(double p, double *lo, double *hi) {
    const double z = 1.959963984540054;
    double middle = (2 * N_ITEMS * p + z * z) / (2 * (N_ITEMS + z * z));
    double half = z * sqrt(z * z + 4 * N_ITEMS * p * (1 - p)) / (2 * (N_ITEMS + z * z));

    *lo = middle - half;
    *hi = middle + half;
}

/* Newcombe 1998, method 10: 10 right against 7, 7 of them on both sides, 2 on none. */
static void check_newcombe(const json_t *line) {
    double p = 10.0 / 12, q = 7.0 / 12;
    double p_lo, p_hi, q_lo, q_hi;
    double phi = (7.0 * 2 - 12.0 / 2) / sqrt(10.0 * 2 * 7 * 5); /* continuity corrected */

    wilson(p, &p_lo, &p_hi);
    wilson(q, &q_lo, &q_hi);
    double down = (p - p_lo) * (p - p_lo) + (q_hi - q) * (q_hi - q) -
                  2 * phi * (p - p_lo) * (q_hi - q);
    double up = (p_hi - p) * (p_hi - p) + (q - q_lo) * (q - q_lo) -
                2 * phi * (p_hi - p) * (q - q_lo);
    near(number(line, "ci_low"), p - q - sqrt(down));
    near(number(line, "ci_high"), p - q + sqrt(up));
}

/* Debate spends 240 tokens at most: its last round, right and wrong as econ is. */
START_TEST(test_the_nearest_point_stands_alone_where_all_spend_less) {
    play_all();
    json_t *doc = document("econ");
    const json_t *line = line_of(doc, "debate", "round@1");
    char *text = table("econ", "text");

    says(line, "where", "below");
    near(number(line, "score"), 7.0 / 12);
    near(number(line, "difference"), 10.0 / 12 - 7.0 / 12);
    near(number(line, "tokens_per_question"), 240);
    check_newcombe(line);
    ck_assert_ptr_null(find(doc, "debate", "round@0"));
    has(text,
        "\ngsm: every round@ of debate spends no more tokens than econ; the nearest "
        "stands alone\n");
    lacks(text, "every maj@");
    free(text);
    json_decref(doc);
}
END_TEST

START_TEST(test_every_other_method_stands_there_as_it_was_played) {
    static const char *const methods[] = {"vote", "debate", "single"};
    static const double scores[] = {9.0 / 12, 7.0 / 12, 4.0 / 12};
    static const double tokens[] = {400, 240, 110};
    play_all();
    json_t *doc = document("econ");
    const json_t *self = json_array_get(json_object_get(doc, "lines"), 0);

    says(self, "method", "econ"); /* first, though not in the suite */
    says(self, "where", "self");
    ck_assert(json_is_null(json_object_get(self, "difference")));
    near(number(self, "tokens_per_question"), 250);
    for (int m = 0; m < 3; m++) {
        const json_t *line = line_of(doc, methods[m], "played");
        near(number(line, "score"), scores[m]);
        near(number(line, "difference"), 10.0 / 12 - scores[m]);
        near(number(line, "tokens_per_question"), tokens[m]);
    }
    ck_assert_uint_eq(json_array_size(json_object_get(doc, "lines")), 7);
    json_decref(doc);
    char *text = table("econ", "text");
    has(text, "tokens/q: prompt and completion tokens of a question");
    has(text, "maj@k: a vote over k of the samples, the mean over all choices of k\n");
    has(text, "what training spent is not in them");
    free(text);
}
END_TEST

START_TEST(test_where_all_spend_more_the_first_point_stands_alone) {
    play_all();
    json_t *doc = document("single"); /* 110 tokens */
    char *text = table("single", "text");

    near(number(line_of(doc, "debate", "round@0"), "tokens_per_question"), 120);
    ck_assert_ptr_null(find(doc, "debate", "round@1"));
    says(line_of(doc, "vote", "maj@1"), "where", "below");
    says(line_of(doc, "vote", "maj@2"), "where", "above");
    has(text, "gsm: every round@ of debate spends more tokens than single");
    free(text);
    json_decref(doc);
}
END_TEST

/* Under every seed debate's first answers are right where econ is, so that the difference
 * is 0 with no spread, if seeds meet by number: debate's cells stand in another order. */
START_TEST(test_a_learner_meets_candidates_by_item_and_seed) {
    static const char *const first[] = {"111000111000", "000111000111", "110011001100"};
    static const char *const zeros = "000000000000";
    run_begin("r", CELL("econ", "1", "both") "," CELL("econ", "2", "both") "," CELL(
                       "econ", "3",
                       "both") "," CELL("debate", "3",
                                        "item") "," CELL("debate", "1",
                                                         "item") "," CELL("debate", "2",
                                                                          "item"));
    for (int s = 0; s < 3; s++) {
        const char *const rounds[] = {first[s], s == 2 ? zeros : first[s]};
        run_play("econ", s + 1, first[s], 50);
        name_rounds("debate", s + 1, rounds, 2, 100);
        run_play("debate", s + 1, rounds[1], 100);
    }
    json_t *doc = document("econ");
    const json_t *equal = line_of(doc, "debate", "round@0");
    const json_t *later = line_of(doc, "debate", "round@1");

    says(equal, "unit", "item x seed");
    near(number(equal, "items"), N_ITEMS);
    near(number(equal, "difference"), 0);
    near(number(equal, "ci_low"), 0);
    near(number(equal, "ci_high"), 0);
    /* Of three seeds one differs, on half of the items: over items alone the interval
     * would end well below a third, but all three draws may be of that seed. */
    near(number(later, "difference"), 1.0 / 6);
    ck_assert(number(later, "ci_low") <= 0);
    ck_assert(number(later, "ci_high") > 1.0 / 3);
    json_decref(doc);
}
END_TEST

/* Under the first seed all stop after one round: there they keep that answer. */
START_TEST(test_a_seed_that_stopped_earlier_keeps_its_last_round) {
    static const char *const rounds[] = {"110000000000", "111100000000"};
    run_begin("r", CELL("econ", "1", "item") "," CELL("econ", "2", "item") "," CELL(
                       "debate", "1", "item") "," CELL("debate", "2", "item"));
    for (int s = 1; s < 3; s++) {
        run_play("econ", s, "111111000000", 200); /* 300 tokens */
        name_rounds("debate", s, rounds, s, 200);
        run_play("debate", s, rounds[s - 1], 100);
    }
    json_t *doc = document("econ");
    const json_t *line = line_of(doc, "debate", "round@1");
    double d[N_ITEMS] = {0, 0, 0.5, 0.5, 1, 1};

    near(number(line, "tokens_per_question"), (200 + 400) / 2.0);
    near(number(line, "score"), (2.0 + 4.0) / 2 / 12);
    check_student(line, d);
    json_decref(doc);
}
END_TEST

START_TEST(test_every_format_shows_the_same) {
    static const char *const formats[][3] = {
        {"text", "of econ's  econ minus it",
         "gsm   vote    maj@2      49.3%       200        80%          +34.0"},
        {"md", "| econ minus it |", "| gsm | vote | maj@2 | 49.3% | 200 | 80% | +34.0 |"},
        {"tex", "econ minus it & 95\\% interval",
         "gsm & vote & maj@2 & 49.3\\% & 200 & 80\\% & +34.0 &"},
        {"csv",
         "run,task,mode,method,point,where,score,tokens_per_question,tokens_relative,"
         "minus,difference,ci_low,ci_high,unit,items\n",
         "\nr,gsm,default,vote,maj@2,below,0.493055555555555"},
        {"json", "{\"schema\":\"accord.equal_tokens/1\",\"method\":\"econ\"",
         "\"remarks\":[\"tokens/q: prompt"},
    };
    play_all();
    char *text = table("econ", formats[_i][0]);

    has(text, formats[_i][1]);
    has(text, formats[_i][2]);
    free(text);
}
END_TEST

#define HOSTILE      "a|b&c_%,\\\"\\u001b[31m<x>"
#define HOSTILE_TEXT "a|b&c_%,\"\033[31m<x>"

START_TEST(test_hostile_names_break_no_format) {
    static const char *const formats[][2] = {
        {"text", "a|b&c_%,\"?[31m<x> minus it"},
        {"md", "a\\|b\\&c\\_%,\"?\\[31m\\<x\\> minus it"},
        {"tex", "a|b\\&c\\_\\%,\"?[31m\\textless{}x\\textgreater{} minus it"},
        {"csv", ",\"a|b&c_%,\"\"\033[31m<x>\",played,self,"},
        {"json", "\"method\":\"a|b&c_%,\\\"\\u001b[31m<x>\""},
    };
    run_begin("r", TEXT_CELL(HOSTILE) "," TEXT_CELL("vote"));
    run_play(HOSTILE_TEXT, 1, econ_right, 150);
    name_samples("vote", 1, 100);
    run_play("vote", 1, "101111101110", 300);
    char *text = table(HOSTILE_TEXT, formats[_i][0]);

    has(text, formats[_i][1]);
    if (_i != 3) /* a CSV holds what the name is */
        lacks(text, "\033");
    free(text);
}
END_TEST

START_TEST(test_without_candidates_there_is_a_sentence) {
    run_begin("r", TEXT_CELL("econ") "," TEXT_CELL("single"));
    run_play("econ", 1, econ_right, 150);
    run_play("single", 1, "100100001010", 10);
    char *text = table("econ", "text");

    has(text, "gsm: no method beside econ named candidates: there is none to read at "
              "equal tokens");
    has(text, "+50.0"); /* ten of twelve less four */
    free(text);
}
END_TEST

START_TEST(test_what_cannot_be_asked_is_a_sentence) {
    const accord_table_how parts = {
        .parts = true, .equal_tokens = "econ", .beside = accord_equal_make};
    const accord_table_how other = {.equal_tokens = "eco", .beside = accord_equal_make};
    accord_err err = {0};
    char *text;
    play_all();

    ck_assert_int_eq(print(&other, &text, &err), ACCORD_E_NOTFOUND);
    has(err.msg, "no method \"eco\" in ");
    has(err.msg, "/r (did you mean \"econ\"?)");
    ck_assert_str_eq(text, "");
    free(text);
    err = (accord_err){0};
    ck_assert_int_eq(print(&parts, &text, &err), ACCORD_E_ARG);
    has(err.msg, "give one of --parts and --equal-tokens");
    free(text);
}
END_TEST

START_TEST(test_a_method_that_was_not_played_or_sealed_is_said) {
    run_begin("r", TEXT_CELL("econ") "," TEXT_CELL("vote") "," CELL(
                       "vote", "2", "item") ",{\"task\":\"pole\",\"method\":\"vote\","
                                            "\"seed\":1,\"modes\":[\"hard\"],"
                                            "\"episodes\":1,\"unit\":\"seed\"}");
    name_samples("vote", 1, 100);
    run_play("vote", 1, "101111101110", 300);
    char *text = table("econ", "text");

    has(text, "gsm: no cell of econ is sealed yet");
    has(text, "pole/hard: econ was not played there in r");
    has(text, "incomplete: 3 of 4 cells are missing");
    free(text);
}
END_TEST

/* A method of one run meets those of its own run alone. */
START_TEST(test_each_run_stands_by_itself) {
    const accord_table_how how = {
        .format = "csv", .equal_tokens = "econ", .beside = accord_equal_make};
    const char *const names[] = {"r", "t"};
    char *dirs[2];
    accord_err err = {0};
    char *text;
    size_t size;

    play_all();
    run_begin("t", TEXT_CELL("econ") "," TEXT_CELL("single"));
    run_play("econ", 1, "000000000000", 150);
    run_play("single", 1, "000000000001", 10);
    for (int i = 0; i < 2; i++)
        dirs[i] = scratch_path(names[i]);
    FILE *out = open_memstream(&text, &size);
    ck_assert_msg(accord_report_table((const char *const *)dirs, 2, &how, out, &err) ==
                      ACCORD_OK,
                  "%s", err.msg);
    fclose(out);
    has(text, "\nr,gsm,default,single,played,played,0.33333333333333331,110,0.44,econ,"
              "0.5,");
    has(text, "\nt,gsm,default,single,played,played,0.083333333333333329,110,0.44,econ,"
              "-0.083333333333333329,");
    lacks(text, "t,gsm,default,vote");
    free(text);
    for (int i = 0; i < 2; i++)
        free(dirs[i]);
}
END_TEST

/* As an older Accord left it, which did not keep the items' scores. */
static void forget_items(const char *method) {
    char *cell = run_cell("gsm", method, 1);
    char *path = accord_xasprintf("%s/summary.json", cell);
    json_t *doc = json_load_file(path, 0, NULL);
    json_t *mode = json_array_get(json_object_get(doc, "modes"), 0);
    json_t *curve = json_array_get(json_object_get(mode, "candidates"), 0);

    ck_assert_int_eq(json_object_del(curve, "items"), 0);
    ck_assert_int_eq(json_dump_file(doc, path, 0), 0);
    json_decref(doc);
    free(path);
    free(cell);
}

START_TEST(test_an_older_summary_has_points_without_a_difference) {
    play_all();
    forget_items("vote");
    json_t *doc = document("econ");
    const json_t *line = line_of(doc, "vote", "maj@2");
    char *text = table("econ", "text");

    near(number(line, "tokens_per_question"), 200);
    ck_assert(json_is_null(json_object_get(line, "difference")));
    ck_assert(json_is_null(json_object_get(line, "ci_low")));
    near(number(line, "items"), 0);
    has(text, "gsm: vote (maj@2): 0 of 1 summaries hold what each item scored there");
    free(text);
    json_decref(doc);
}
END_TEST

START_TEST(test_scores_of_a_point_without_memory_say_so) {
    json_t *mode = json_loads("{\"items\":{\"id\":[\"a\",\"b\",\"c\"]},\"candidates\":[{"
                              "\"kind\":\"round\",\"score\":[0.5,1],\"items\":"
                              "[1,[0,1],[0.5,1]]}]}",
                              0, NULL);
    char kind[] = "round";
    const accord_row_curve curve = {.kind = kind, .k = 3};
    int failed = 1;

    for (uint64_t n = 0; failed; n++) {
        accord_grid grid = {.named = true, .n_seeds = 1};
        bool found;
        chaos_fail_after(n);
        accord_code rc = accord_curve_scores(&curve, 0, mode, 0, &grid, &found, NULL);
        failed = chaos_stop();
        ck_assert_int_eq(rc, failed ? ACCORD_E_NOMEM : ACCORD_OK);
        if (!failed) {
            near(accord_grid_score(&grid, 0, 0), 1);
            near(accord_grid_score(&grid, 1, 0), 0);
            near(accord_grid_score(&grid, 2, 0), 0.5);
            ck_assert_uint_gt(n, 3);
        }
        accord_grid_fini(&grid);
    }
    json_decref(mode);
}
END_TEST

START_TEST(test_items_without_a_partner_are_said) {
    play_all();
    char *cell = run_cell("gsm", "single", 1);
    char *path = accord_xasprintf("%s/journal.jsonl", cell);
    ck_assert_int_eq(remove(path), 0);
    run_play("single", 1, "1001--------", 10);
    char *text = table("econ", "text");

    has(text, "gsm: econ and single (as played) have 4 items in common, and 8 have no "
              "partner");
    free(text);
    free(path);
    free(cell);
}
END_TEST

Suite *suite_equal(void) {
    Suite *s = suite_create("equal");
    TCase *tc = tcase_create("equal");

    tcase_add_checked_fixture(tc, scratch_begin, scratch_end);
    tcase_add_test(tc, test_the_votes_that_bracket_the_tokens_are_paired_by_item);
    tcase_add_test(tc, test_the_nearest_point_stands_alone_where_all_spend_less);
    tcase_add_test(tc, test_every_other_method_stands_there_as_it_was_played);
    tcase_add_test(tc, test_where_all_spend_more_the_first_point_stands_alone);
    tcase_add_test(tc, test_a_learner_meets_candidates_by_item_and_seed);
    tcase_add_test(tc, test_a_seed_that_stopped_earlier_keeps_its_last_round);
    tcase_add_loop_test(tc, test_every_format_shows_the_same, 0, 5);
    tcase_add_loop_test(tc, test_hostile_names_break_no_format, 0, 5);
    tcase_add_test(tc, test_without_candidates_there_is_a_sentence);
    tcase_add_test(tc, test_what_cannot_be_asked_is_a_sentence);
    tcase_add_test(tc, test_a_method_that_was_not_played_or_sealed_is_said);
    tcase_add_test(tc, test_each_run_stands_by_itself);
    tcase_add_test(tc, test_an_older_summary_has_points_without_a_difference);
    tcase_add_test(tc, test_items_without_a_partner_are_said);
    tcase_add_test(tc, test_scores_of_a_point_without_memory_say_so);
    suite_add_tcase(s, tc);
    return s;
}
