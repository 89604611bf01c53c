/* check_page.c - the HTML page of runs written by hand: nothing from outside is markup,
 * numbers are those of results.json, limits hold. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "base/mem.h"
#include "page/escape.h"
#include "page/page.h"
#include "report/report.h"
#include "run_files.h"
#include "scratch.h"
#include "suites.h"

#define CELL(task, method, seed, unit, mode) \
    "{\"task\":\"" task "\",\"method\":\"" method "\",\"seed\":" seed \
    ",\"modes\":[\"" mode "\"],\"episodes\":4,\"unit\":\"" unit "\"}"
#define TEXT_CELL(method) CELL("gsm", method, "1", "item", "default")
#define HOSTILE           "</script><script>alert(1)</script><!--<img src=x onerror=alert(1)>"

#define has(text, part) \
    ck_assert_msg(strstr(text, part) != NULL, "no \"%s\" in:\n%s", part, text)
#define lacks(text, part) \
    ck_assert_msg(strstr(text, part) == NULL, "\"%s\" in:\n%s", part, text)

static size_t count(const char *text, const char *part) {
    size_t n = 0;

    for (; (text = strstr(text, part)); text += strlen(part))
        n++;
    return n;
}

static char *page_text(const char *text) {
    accord_buf b;

    accord_buf_init(&b, 1 << 16);
    accord_page_text(&b, text);
    return accord_buf_take(&b);
}

START_TEST(test_text_is_never_markup) {
    static const char *const pairs[][2] = {
        {"<b class=\"x\">&'", "&lt;b class=&quot;x&quot;&gt;&amp;&#39;"},
        {"a\tb\nc", "a\tb\nc"},
        {"\x1b[31m\x7f\r", "\xef\xbf\xbd[31m\xef\xbf\xbd\xef\xbf\xbd"},
        {"\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80",
         "\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80"},
        {"\xff\xc0\xaf", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"}, /* an overlong slash */
        {"\xed\xa0\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"}, /* a surrogate */
        {"\xe2\x82", "\xef\xbf\xbd\xef\xbf\xbd"},                 /* cut off */
        {NULL, ""},
    };

    for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
        char *text = page_text(pairs[i][0]);
        ck_assert_str_eq(text, pairs[i][1]);
        free(text);
    }
}
END_TEST

START_TEST(test_json_stays_in_its_script) {
    static const char said[] = HOSTILE " & \xe2\x80\xa8\xe2\x80\xa9\xe2\x80\xaa \xe2\x80";
    static const char well[] = HOSTILE " & \xe2\x80\xa8\xe2\x80\xa9\xe2\x80\xaa";
    accord_buf json, out;

    accord_buf_init(&json, 1 << 16);
    accord_buf_init(&out, 1 << 16);
    accord_buf_puts(&json, "{");
    accord_json_text(&json, "x", well);
    accord_buf_puts(&json, "}");
    accord_page_json(&out, json.data, json.n);
    ck_assert_ptr_null(strpbrk(out.data, "<>&"));
    has(out.data, "\\u2028\\u2029\xe2\x80\xaa");
    json_t *back = json_loads(out.data, 0, NULL);
    ck_assert_str_eq(json_string_value(json_object_get(back, "x")), well);
    json_decref(back);
    accord_buf_clear(&out);
    accord_page_json(&out, said, sizeof(said) - 1); /* ends within a sequence */
    ck_assert_ptr_null(strpbrk(out.data, "<>&"));
    accord_buf_fini(&json);
    accord_buf_fini(&out);
}
END_TEST

/* Writes the page of the run that was begun last. */
static char *page_of(size_t max_talk, size_t max_list, accord_page_found *found) {
    accord_err err = {0};
    char *run = run_path("");
    char *out = scratch_path("page.html");
    const char *runs[] = {run};

    accord_code rc = accord_page_write(
        &(accord_page_how){runs, 1, out, max_talk, max_list}, found, &err);
    ck_assert_msg(rc == ACCORD_OK, "%s", err.msg);
    char *page = run_read(out);
    ck_assert_uint_eq(found->bytes, strlen(page));
    free(run);
    free(out);
    return page;
}

static void seal(char *cell) {
    run_seal(cell);
    free(cell);
}

static void words(FILE *text, const char *item, const char *asked, const char *reply) {
    fprintf(text,
            "{\"k\":\"call\",\"ep\":\"eval/0/default/0/%s\",\"agent\":0,\"role\":"
            "\"solver\",\"round\":0,\"sample\":0,\"ord\":0,\"hash\":\"89abcdef01234567\","
            "\"temperature\":0.7,\"top_p\":1,\"messages\":[{\"role\":\"user\",\"text\":"
            "\"%s\"}],\"reply\":\"%s\"}\n",
            item, asked, reply);
}

/* Plays n items, right where `right` has a 1; each reply has `size` letters. */
static void play(const char *method, const char *right, int tokens, int size) {
    char *cell = run_cell("gsm", method, 1);
    FILE *journal = run_open(cell, "journal.jsonl");
    FILE *text = run_open(cell, "text.jsonl");
    char *reply = accord_xalloc((size_t)size + 1);

    memset(reply, 'x', (size_t)size);
    for (int i = 0; right[i]; i++) {
        char id[16];
        bool yes = right[i] == '1';
        snprintf(id, sizeof(id), "q#%d", i);
        words(text, id, "How many?", reply);
        run_episode(journal,
                    &(ep_line){id, i, yes ? "correct" : "wrong", yes, 100, tokens});
    }
    ck_assert_int_eq(fclose(text), 0);
    run_finish(journal);
    free(reply);
    seal(cell);
}

/* The JSON in the script element `id`; json_decref() it. */
static json_t *script(const char *page, const char *id) {
    char *open = accord_xasprintf("id=\"%s\">", id);
    const char *at = strstr(page, open);

    ck_assert_msg(at != NULL, "no %s", open);
    at += strlen(open);
    const char *end = strstr(at, "</script>");
    json_t *json = json_loadb(at, (size_t)(end - at), 0, NULL);
    ck_assert_msg(json != NULL, "%s is no JSON", id);
    free(open);
    return json;
}

START_TEST(test_hostile_models_and_items_stay_text) {
    accord_page_found found;
    run_begin("r", TEXT_CELL("single"));
    char *cell = run_cell("gsm", "single", 1);
    FILE *journal = run_open(cell, "journal.jsonl");
    FILE *text = run_open(cell, "text.jsonl");
    words(text, HOSTILE, "\\u2028" HOSTILE, HOSTILE "\\u2029");
    run_episode(journal, &(ep_line){HOSTILE, 0, "wrong", 0, 1, 1});
    ck_assert_int_eq(fclose(text), 0);
    run_finish(journal);
    seal(cell);

    char *page = page_of(1 << 20, 0, &found);
    lacks(page, "alert(1)</script>");
    lacks(page, "<img");
    lacks(page, "\xe2\x80\xa8");
    ck_assert_uint_eq(count(page, "<script"), count(page, "</script>"));
    json_t *data = script(page, "data");
    const json_t *item = json_array_get(json_object_get(data, "items"), 0);
    ck_assert_str_eq(json_string_value(json_array_get(item, 0)), HOSTILE);
    json_t *talk = script(page, "t0");
    const json_t *call = json_array_get(json_object_get(talk, "calls"), 0);
    ck_assert_str_eq(json_string_value(json_object_get(call, "reply")),
                     HOSTILE "\xe2\x80\xa9");
    json_decref(talk);
    json_decref(data);
    free(page);
}
END_TEST

START_TEST(test_scores_are_those_of_the_results) {
    static const char *const methods[] = {"one", "two", "three"};
    accord_page_found found;
    uint32_t missing;
    run_begin("r", TEXT_CELL("one") "," TEXT_CELL("two") "," TEXT_CELL("three"));
    play("one", "1101110", 10, 10);
    play("two", "0101100", 20, 10);
    play("three", "1111111", 400, 10);
    char *run = run_path("");
    ck_assert_int_eq(accord_report_results(run, &missing, NULL), ACCORD_OK);
    char *file = run_path("results.json");
    json_t *results = json_load_file(file, 0, NULL);
    char *page = page_of(1 << 20, 0, &found);
    for (size_t m = 0; m < 3; m++) {
        const json_t *cells = json_object_get(results, "cells");
        for (size_t i = 0; i < json_array_size(cells); i++) {
            const json_t *cell = json_array_get(cells, i);
            const char *name = json_string_value(json_object_get(cell, "method"));
            if (strcmp(name, methods[m]) != 0)
                continue;
            char *row = accord_xasprintf("<th scope=\"row\">%s</th>", name);
            const char *at = strstr(page, row);
            ck_assert_ptr_nonnull(at);
            at = strstr(at, "<data class=\"score\" value=\"");
            ck_assert_ptr_nonnull(at);
            double shown = strtod(at + strlen("<data class=\"score\" value=\""), NULL);
            ck_assert(
                !(fabs(shown - json_number_value(json_object_get(cell, "score"))) > 0));
            free(row);
        }
    }
    has(page, "three leads, but it cannot be told apart from one");
    has(page, "<b>1</b> three (100.0%, 500 tokens)");
    json_decref(results);
    free(page);
    free(file);
    free(run);
}
END_TEST

START_TEST(test_a_winner_is_named_with_the_doubt) {
    accord_page_found found;
    run_begin("r", TEXT_CELL("one") "," TEXT_CELL("two") "," TEXT_CELL("three"));
    play("one", "100000000000000000000000", 10, 10);
    play("two", "111111111111111111111111", 20, 10);
    play("three", "100000100000000000000000", 20, 10);
    char *page = page_of(1 << 20, 0, &found);
    has(page, "<h3>two wins on gsm, ahead of all 2 others</h3>");
    has(page, "<b>How sure?</b> two beats three on gsm by 91.7 points (95 % ");
    has(page, ", p &lt; 0.001).</p>");
    has(page, "<a class=\"read\" href=\"#task=gsm&amp;method=one&amp;outcome=wrong\">");
    free(page);
}
END_TEST

START_TEST(test_transcripts_hold_to_their_limit) {
    accord_page_found found;
    size_t chosen = 0;
    run_begin("r", TEXT_CELL("one") "," TEXT_CELL("two"));
    play("one", "1011111111", 10, 2000);
    play("two", "1011011111", 10, 2000);
    char *page = page_of(9000, 0, &found);
    ck_assert_uint_eq(found.episodes, 20);
    ck_assert_uint_eq(found.talks + found.left_out, 20);
    has(page, "<b>3</b> of 20 transcripts");
    has(page, "<b>17</b> are left out");
    json_t *data = script(page, "data");
    const json_t *eps = json_object_get(data, "eps");
    for (size_t i = 0; i < json_array_size(eps); i++) {
        const json_t *ep = json_array_get(eps, i);
        bool there = json_integer_value(json_array_get(ep, 7)) == 1;
        chosen += there;
        /* All three wrong ones, and none else. */
        ck_assert_int_eq(there, json_number_value(json_array_get(ep, 3)) < 1);
    }
    ck_assert_uint_eq(chosen, 3);
    /* The flipped one comes first: only one method got it wrong. */
    ck_assert_int_eq(json_integer_value(json_array_get(json_array_get(eps, 0), 6)), 1);
    json_decref(data);
    free(page);
    page = page_of(0, 0, &found);
    lacks(page, "id=\"t0\"");
    ck_assert_uint_eq(found.left_out, 20);
    free(page);
    page = page_of(1 << 20, 200, &found);
    ck_assert_uint_lt(found.listed, 20);
    has(page, "of 20 episodes, wrong and flipped ones first");
    free(page);
}
END_TEST

START_TEST(test_the_same_run_gives_the_same_bytes) {
    accord_page_found found;
    run_begin("r", TEXT_CELL("one") "," TEXT_CELL("two"));
    play("one", "10110", 10, 20);
    play("two", "11111", 10, 20);
    char *first = page_of(1 << 20, 0, &found);
    char *second = page_of(1 << 20, 0, &found);
    ck_assert_str_eq(first, second);
    ck_assert_uint_lt(found.bytes, 60000);
    free(first);
    free(second);
}
END_TEST

/* Three evaluations of a learner; it gets better by 100 each. */
static void learn(int seed, double begin) {
    char *cell = run_cell("pole", "ppo", seed);
    FILE *f = run_open(cell, "journal.jsonl");

    for (int i = 0; i < 3; i++) {
        for (int item = 0; item < 2; item++)
            fprintf(f,
                    "{\"k\":\"ep\",\"ep\":\"eval/%d/hard/0/s%d\",\"item\":\"s%d\","
                    "\"index\":%d,\"outcome\":\"finished\",\"answered\":true,\"canon\":"
                    "null,\"score\":%.17g,\"parts\":[],\"note\":\"\",\"steps\":5,\"end\":"
                    "\"terminated\",\"us\":5,\"failed_calls\":0,\"error\":null}\n",
                    1000 * i, item, item, item, begin + 100 * i);
        fprintf(f,
                "{\"k\":\"metric\",\"ep\":null,\"step\":%d,\"name\":\"grad<norm>\","
                "\"value\":%d}\n",
                1000 * i, 3 - i);
    }
    run_finish(f);
    seal(cell);
}

START_TEST(test_training_gives_curves_profiles_and_metrics) {
    accord_page_found found;
    run_begin("r", CELL("pole", "ppo", "1", "seed", "hard") "," CELL("pole", "ppo", "2",
                                                                     "seed", "hard"));
    learn(1, 100);
    learn(2, 300);
    char *page = page_of(1 << 20, 0, &found);
    has(page, "<title id=\"curve0-t\">pole/hard: learning curves</title>");
    has(page, "<title id=\"profile0-t\">");
    has(page, "pole: grad&lt;norm&gt;");
    has(page, "ppo, seed 2");
    has(page, "class=\"band c0\"");
    ck_assert_ptr_null(strstr(page, "against time")); /* nothing was trained */
    has(page, "There are no transcripts");
    /* The mean of 300 and 500 after the last evaluation. */
    has(page, "<data class=\"score\" value=\"400");
    ck_assert_uint_eq(found.episodes, 4);
    free(page);
}
END_TEST

static void report_metric(int seed, int step, const char *name, int value) {
    char *cell = run_cell("pole", "ppo", seed);
    FILE *f = run_open(cell, "journal.jsonl");

    fprintf(f,
            "{\"k\":\"metric\",\"ep\":null,\"step\":%d,\"name\":\"%s\",\"value\":%d}\n",
            step, name, value);
    fclose(f);
    free(cell);
}

#define POLE_CELL(seed) CELL("pole", "ppo", seed, "seed", "hard")

/* Seeds 1 to 4 say their number at three steps; seed 5 says 5 at two steps between, so
 * that it is known at the second of the three alone. */
START_TEST(test_many_seeds_are_a_mean_with_a_band) {
    accord_page_found found;
    run_begin("r", POLE_CELL("1") "," POLE_CELL("2") "," POLE_CELL("3") "," POLE_CELL(
                       "4") "," POLE_CELL("5"));
    for (int seed = 1; seed <= 5; seed++) {
        for (int i = 0; i < 3 - seed / 5; i++)
            report_metric(seed, 1000 * i + seed / 5 * 500, "mask", seed);
        if (seed <= 3)
            for (int i = 0; i < 2; i++)
                report_metric(seed, 1000 * i, "few", seed);
        learn(seed, 100 * seed);
    }
    char *page = page_of(1 << 20, 0, &found);
    has(page, "<title>ppo, mean of 5 seeds</title>");
    has(page, "class=\"line c0\" d=\"M64.0 171.8L342.0 143.0L620.0 171.8\"/>");
    has(page, "class=\"band c0\" d=\"M64.0 85.4L342.0 27.8L620.0 85.4"
              "L620.0 258.2L342.0 258.2L64.0 258.2Z\"/>");
    has(page, "<title>ppo, seed 3</title>"); /* of "few", which three seeds have */
    ck_assert_ptr_null(strstr(page, "<title>ppo, seed 4</title>"));
    free(page);
}
END_TEST

/* Two minutes times its number to step 1000 for seed 1, then three times as long. */
static void train(int seed) {
    char *cell = run_cell("pole", "ppo", seed);
    FILE *f = run_open(cell, "journal.jsonl");

    for (int i = 0; i < 2; i++)
        fprintf(f,
                "{\"k\":\"ep\",\"ep\":\"train/%d/train/0/a%d\",\"item\":\"a%d\","
                "\"index\":0,\"outcome\":\"finished\",\"answered\":true,\"score\":1,"
                "\"parts\":[],\"us\":%d}\n",
                1000 * i, i, i, 120000000 * seed * (i ? 3 : 1));
    fclose(f);
    free(cell);
    learn(seed, 100 * seed);
}

/* On average there are 3 minutes to the second evaluation and 12 to the third. */
START_TEST(test_learning_is_drawn_against_steps_and_against_time) {
    accord_page_found found;
    run_begin("r", POLE_CELL("1") "," POLE_CELL("2"));
    train(1);
    train(2);
    char *page = page_of(1 << 20, 0, &found);
    has(page, "<title id=\"curve0-t\">pole/hard: learning curves</title>");
    has(page, ">training, agent steps</text>");
    const char *time =
        strstr(page, "<title id=\"curve1-t\">pole/hard: learning curves against time<");
    ck_assert_ptr_nonnull(time);
    has(time, ">training time, minutes</text>");
    const char *line = strstr(time, "class=\"line c0\" d=\"M64.0 ");
    ck_assert_ptr_nonnull(line);
    has(line, "L203.0 ");
    free(page);
}
END_TEST

START_TEST(test_episodes_in_flight_together_have_no_training_time) {
    accord_page_found found;
    run_begin("r", POLE_CELL("1") "," POLE_CELL("2"));
    run_edit_manifest("\"suite\":\"s\",", "\"suite\":\"s\",\"methods\":{\"ppo\":{"
                                          "\"train\":{\"width\":4}}},");
    train(1);
    train(2);
    char *page = page_of(1 << 20, 0, &found);
    has(page, "pole/hard: learning curves</title>");
    ck_assert_ptr_null(strstr(page, "against time"));
    free(page);
}
END_TEST

START_TEST(test_what_cannot_be_read_or_written_is_named) {
    accord_err err = {0};
    accord_page_found found;
    char *nowhere = scratch_path("nowhere");
    const char *none[] = {nowhere};

    ck_assert_int_ne(
        accord_page_write(&(accord_page_how){none, 1, "x.html", 0, 0}, &found, &err),
        ACCORD_OK);
    has(err.msg, "nowhere");
    run_begin("r", TEXT_CELL("one"));
    play("one", "10", 10, 20);
    char *run = run_path("");
    char *out = scratch_path("no/such/folder.html");
    const char *runs[] = {run};
    err = (accord_err){0};
    ck_assert_int_eq(
        accord_page_write(&(accord_page_how){runs, 1, out, 1 << 20, 0}, &found, &err),
        ACCORD_E_IO);
    has(err.msg, "folder.html");
    char *cell = run_cell("gsm", "one", 1);
    FILE *f = run_open(cell, "text.jsonl");
    fputs("{\"k\":\n", f);
    fclose(f);
    err = (accord_err){0};
    ck_assert_int_ne(
        accord_page_write(&(accord_page_how){runs, 1, out, 1 << 20, 0}, &found, &err),
        ACCORD_OK);
    has(err.msg, "text.jsonl:3");
    free(cell);
    free(out);
    free(run);
    free(nowhere);
}
END_TEST

Suite *suite_page(void) {
    Suite *s = suite_create("page");
    TCase *tc = tcase_create("page");

    tcase_add_checked_fixture(tc, scratch_begin, scratch_end);
    tcase_set_timeout(tc, 30);
    tcase_add_test(tc, test_text_is_never_markup);
    tcase_add_test(tc, test_json_stays_in_its_script);
    tcase_add_test(tc, test_hostile_models_and_items_stay_text);
    tcase_add_test(tc, test_scores_are_those_of_the_results);
    tcase_add_test(tc, test_a_winner_is_named_with_the_doubt);
    tcase_add_test(tc, test_transcripts_hold_to_their_limit);
    tcase_add_test(tc, test_the_same_run_gives_the_same_bytes);
    tcase_add_test(tc, test_training_gives_curves_profiles_and_metrics);
    tcase_add_test(tc, test_many_seeds_are_a_mean_with_a_band);
    tcase_add_test(tc, test_learning_is_drawn_against_steps_and_against_time);
    tcase_add_test(tc, test_episodes_in_flight_together_have_no_training_time);
    tcase_add_test(tc, test_what_cannot_be_read_or_written_is_named);
    suite_add_tcase(s, tc);
    return s;
}
