/* check_suite.c - reading suites: every slip has its sentence. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "chaos.h"
#include "run/suite.h"
#include "suites.h"

static const char good[] =
    "{\"suite\":\"demo\",\"summary\":\"a demonstration\","
    "\"models\":{\"m\":{\"plugin\":\"pocket\",\"params\":{\"size\":\"m\"},"
    "\"price\":{\"prompt\":0.5,\"completion\":2},\"window\":8,\"retries\":0,"
    "\"timeout_s\":2.5},\"s\":{\"plugin\":\"pocket\"}},"
    "\"methods\":{\"single\":{\"plugin\":\"single\",\"roles\":{\"solver\":\"m\"}},"
    "\"vote\":{\"plugin\":\"vote\",\"params\":{\"samples\":5},"
    "\"roles\":{\"solver\":[\"m\",\"s\",\"m\"]}},"
    "\"econ\":{\"plugin\":\"econ\",\"roles\":{\"coordinator\":\"m\","
    "\"executor\":[[\"m\",\"s\"],[\"s\"]]},"
    "\"train\":{\"episodes\":200,\"eval_every\":50,\"width\":4}}},"
    "\"tasks\":{\"math\":{\"plugin\":\"math\",\"eval\":{\"episodes\":20}},"
    "\"pole\":{\"plugin\":\"visual\",\"modes\":[\"train\",\"hard\"]}},"
    "\"seeds\":[3,1],\"eval\":{\"episodes\":100},\"baseline\":{\"math\":\"single\"},"
    "\"budget\":{\"tokens\":5000,\"cost\":1.5},"
    "\"limits\":{\"episode_tokens\":900,\"episode_seconds\":30,\"step_seconds\":2,"
    "\"memory_mb\":512},\"in_flight\":7}";

static json_t *parse(const char *text) {
    json_error_t why;
    json_t *json = json_loads(text, JSON_REJECT_DUPLICATES, &why);

    ck_assert_msg(json != NULL, "%s in %s", why.text, text);
    return json;
}

static char *temp_suite(const char *text) {
    static char path[64];

    snprintf(path, sizeof(path), "/tmp/accord-suite-XXXXXX");
    int fd = mkstemp(path);
    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq((int)write(fd, text, strlen(text)), (int)strlen(text));
    close(fd);
    return path;
}

static accord_suite *load(const char *text, const accord_suite_edit *edit) {
    accord_err err = {0};
    accord_suite *s;
    char *path = temp_suite(text);
    accord_code code = accord_suite_load(path, edit, &s, &err);

    unlink(path);
    ck_assert_msg(code == ACCORD_OK, "%s", err.msg);
    return s;
}

START_TEST(test_every_member_is_read) {
    accord_suite *s = load(good, NULL);

    ck_assert_str_eq(s->name, "demo");
    ck_assert_str_eq(s->summary, "a demonstration");
    ck_assert_uint_eq(s->n_models, 2);
    ck_assert_str_eq(s->models[0].plugin, "pocket");
    ck_assert(s->models[0].priced && s->models[0].prompt_price == 0.5 &&
              s->models[0].completion_price == 2.0);
    ck_assert_uint_eq(s->models[0].window, 8);
    ck_assert_uint_eq(s->models[0].retries, 0);
    ck_assert(s->models[0].timeout_s == 2.5);
    ck_assert(!s->models[1].priced && !s->models[1].params);
    ck_assert_uint_eq(s->models[1].window, 64);
    ck_assert_uint_eq(s->models[1].retries, 5);
    ck_assert(s->models[1].timeout_s == 120.0);
    ck_assert_uint_eq(s->n_methods, 3);
    ck_assert_uint_eq(s->methods[2].train.budget, 200);
    ck_assert(!s->methods[2].train.in_steps);
    ck_assert_uint_eq(s->methods[2].train.eval_every, 50);
    ck_assert_uint_eq(s->methods[2].train.width, 4);
    ck_assert_uint_eq(s->n_tasks, 2);
    ck_assert_uint_eq(s->tasks[0].episodes, 20);
    ck_assert_uint_eq(s->tasks[1].n_modes, 2);
    ck_assert_str_eq(s->tasks[1].modes[1], "hard");
    accord_suite_destroy(s);
}
END_TEST

START_TEST(test_seeds_budget_and_limits_are_read) {
    accord_suite *s = load(good, NULL);

    ck_assert_uint_eq(s->n_seeds, 2);
    ck_assert_uint_eq(s->seeds[0], 3);
    ck_assert_uint_eq(s->episodes, 100);
    ck_assert_uint_eq(s->token_budget, 5000);
    ck_assert(s->cost_budget == 1.5);
    ck_assert_uint_eq(s->episode_tokens, 900);
    ck_assert(s->episode_seconds == 30.0 && s->step_seconds == 2.0);
    ck_assert_uint_eq(s->memory_bytes, UINT64_C(512) << 20);
    ck_assert_uint_eq(s->in_flight, 7);
    ck_assert_str_eq(json_string_value(json_object_get(s->baseline, "math")), "single");
    accord_suite_destroy(s);
}
END_TEST

START_TEST(test_a_role_is_a_model_a_list_or_lists) {
    accord_suite *s = load(good, NULL);
    const accord_suite_role *one = &s->methods[0].roles[0];
    const accord_suite_role *list = &s->methods[1].roles[0];
    const accord_suite_role *lists = &s->methods[2].roles[1];

    ck_assert(one->n == 1 && one->n_groups == 1 && one->models[0] == 0);
    ck_assert(list->n == 3 && list->n_groups == 1 && list->group_sizes[0] == 3);
    ck_assert(list->models[1] == 1 && list->models[2] == 0);
    ck_assert(lists->n == 3 && lists->n_groups == 2);
    ck_assert(lists->group_sizes[0] == 2 && lists->group_sizes[1] == 1);
    ck_assert(lists->models[2] == 1);
    accord_suite_destroy(s);
}
END_TEST

/* One replacement in the good suite, and what is said about it. */
static const struct {
    const char *old, *new, *sentence;
} slips[] = {
    {"\"suite\":\"demo\",", "", "s.json: /: \"suite\", the suite's name, is missing"},
    {"\"demo\"", "\"../x\"",
     "s.json: /suite: a suite's name is made of letters, digits, _, - and ., at most 63 "
     "of them, and begins with a letter or a digit"},
    {"\"demo\"", "7", "s.json: /suite: expected a text, found a number"},
    {"\"summary\"", "\"sumary\"",
     "s.json: /sumary: unknown key (did you mean \"summary\"?)"},
    {"\"in_flight\"", "\"zzz\"", "s.json: /zzz: unknown key"},
    {"\"in_flight\":7", "\"in_flight\":0", "s.json: /in_flight: 0 is not in 1 .. 100000"},
    {"\"window\"", "\"windows\"",
     "s.json: /models/m/windows: unknown key (did you mean \"window\"?)"},
    {"\"window\":8", "\"window\":1.5",
     "s.json: /models/m/window: expected a whole number, found a number"},
    {"\"window\":8", "\"window\":70000",
     "s.json: /models/m/window: 70000 is not in 1 .. 65536"},
    {"\"timeout_s\":2.5", "\"timeout_s\":0",
     "s.json: /models/m/timeout_s: 0 is not above 0"},
    {"\"prompt\":0.5", "\"prompt\":-1", "s.json: /models/m/price/prompt: -1 is below 0"},
    {"\"prompt\":0.5,", "",
     "s.json: /models/m/price: \"prompt\" is missing (per million tokens)"},
    {"\"prompt\":0.5", "\"prompt\":\"x\"",
     "s.json: /models/m/price/prompt: expected a number, found a text"},
    {"{\"size\":\"m\"}", "[1]",
     "s.json: /models/m/params: expected an object, found a list"},
    {"\"s\":{\"plugin\":\"pocket\"}", "\"s\":{}",
     "s.json: /models/s: \"plugin\" is missing"},
    {"\"s\":{\"plugin\":\"pocket\"}", "\"s\":{\"plugin\":\"a/b\"}",
     "s.json: /models/s/plugin: \"a/b\" is no plugin's name (a-z, 0-9, _)"},
    {"\"s\":{\"plugin\":\"pocket\"}", "\"S 1\":{\"plugin\":\"pocket\"}",
     "s.json: /models/S 1: a name is made of a-z, 0-9 and _, at most 63 of them"},
    {"\"single\":{\"plugin\":\"single\",", "\"single\":{",
     "s.json: /methods/single: \"plugin\" is missing"},
    {"{\"solver\":\"m\"}", "{\"solver\":\"mm\"}",
     "s.json: /methods/single/roles/solver: unknown model \"mm\" (did you mean \"m\"?)"},
    {"{\"solver\":\"m\"}", "{\"solver\":\"gpt\"}",
     "s.json: /methods/single/roles/solver: unknown model \"gpt\""},
    {"[\"m\",\"s\",\"m\"]", "[\"m\",\"s\",3]",
     "s.json: /methods/vote/roles/solver/2: expected a text, found a number"},
    {"[\"m\",\"s\",\"m\"]", "[\"m\",[\"s\"]]",
     "s.json: /methods/vote/roles/solver/1: expected a text, found a list"},
    {"[\"m\",\"s\",\"m\"]", "[]",
     "s.json: /methods/vote/roles/solver: an empty list of models"},
    {"[[\"m\",\"s\"],[\"s\"]]", "[[\"m\"],[]]",
     "s.json: /methods/econ/roles/executor/1: an empty list of models"},
    {"[[\"m\",\"s\"],[\"s\"]]", "[[\"m\"],\"s\"]",
     "s.json: /methods/econ/roles/executor/1: expected a list, found a text"},
    {"[[\"m\",\"s\"],[\"s\"]]", "true",
     "s.json: /methods/econ/roles/executor: a role is a model's name, a list of names or "
     "a list of lists"},
    {"\"episodes\":200", "\"episodes\":200,\"steps\":9",
     "s.json: /methods/econ/train: needs either \"episodes\" (text) or \"steps\""},
    {"\"episodes\":200,", "",
     "s.json: /methods/econ/train: needs either \"episodes\" (text) or \"steps\""},
    {"\"width\":4", "\"width\":0",
     "s.json: /methods/econ/train/width: 0 is not in 1 .. 4096"},
    {"\"width\":4", "\"with\":4",
     "s.json: /methods/econ/train/with: unknown key (did you mean \"width\"?)"},
    {"{\"episodes\":20}", "{\"episode\":20}",
     "s.json: /tasks/math/eval/episode: unknown key (did you mean \"episodes\"?)"},
    {"{\"episodes\":20}", "20",
     "s.json: /tasks/math/eval: expected an object, found a "
     "number"},
    {"[\"train\",\"hard\"]", "[]", "s.json: /tasks/pole/modes: an empty list of modes"},
    {"[\"train\",\"hard\"]", "[\"hard\",\"hard\"]",
     "s.json: /tasks/pole/modes/1: mode \"hard\" is named twice"},
    {"[\"train\",\"hard\"]", "\"hard\"",
     "s.json: /tasks/pole/modes: expected a list, found a text"},
    {"\"seeds\":[3,1],", "",
     "s.json: /seeds: no seeds: a suite needs at least one, as in \"seeds\": [1]"},
    {"[3,1]", "[]",
     "s.json: /seeds: no seeds: a suite needs at least one, as in \"seeds\": [1]"},
    {"[3,1]", "[3,1,3]", "s.json: /seeds/2: seed 3 is named twice"},
    {"[3,1]", "3", "s.json: /seeds: expected a list, found a number"},
    {"[3,1]", "[-3]", "s.json: /seeds/0: -3 is not in 0 .. 9223372036854775807"},
    {"{\"math\":\"single\"}", "{\"mth\":\"single\"}",
     "s.json: /baseline/mth: unknown task \"mth\" (did you mean \"math\"?)"},
    {"{\"math\":\"single\"}", "{\"math\":\"singel\"}",
     "s.json: /baseline/math: unknown method \"singel\" (did you mean \"single\"?)"},
    {"\"tokens\":5000", "\"tokens\":0",
     "s.json: /budget/tokens: 0 is not in 1 .. 9223372036854775807"},
    {"\"cost\":1.5", "\"cost\":0.0", "s.json: /budget/cost: 0 is not above 0"},
    {"\"memory_mb\":512", "\"memory\":512",
     "s.json: /limits/memory: unknown key (did you mean \"memory_mb\"?)"},
    {"\"step_seconds\":2", "\"step_seconds\":-2",
     "s.json: /limits/step_seconds: -2 is not above 0"},
    {"{\"episode_tokens\":900,\"episode_seconds\":30,\"step_seconds\":2,"
     "\"memory_mb\":512}",
     "4", "s.json: /limits: expected an object, found a number"},
};
enum { N_SLIPS = sizeof(slips) / sizeof(slips[0]) };

static char *replaced(const char *text, const char *old, const char *new) {
    const char *at = strstr(text, old);
    char *out = NULL;

    ck_assert_msg(at != NULL, "no %s", old);
    int n = asprintf(&out, "%.*s%s%s", (int)(at - text), text, new, at + strlen(old));
    ck_assert_int_gt(n, 0);
    return out;
}

START_TEST(test_every_slip_has_its_sentence) {
    accord_err err = {0};
    accord_suite *s;
    char *text = replaced(good, slips[_i].old, slips[_i].new);
    json_t *json = json_loads(text, 0, NULL);

    ck_assert_ptr_nonnull(json);
    ck_assert_int_eq(accord_suite_take(json, "s.json", &s, &err), ACCORD_E_CONFIG);
    ck_assert_ptr_null(s);
    ck_assert_str_eq(err.msg, slips[_i].sentence);
    free(text);
}
END_TEST

/* Whole documents that are wrong at the root. */
static const struct {
    const char *text, *sentence;
} documents[] = {
    {"[]", "s.json: /: expected an object, found a list"},
    {"{\"suite\":\"x\",\"methods\":{},\"tasks\":{}}",
     "s.json: /methods: the suite has no methods"},
    {"{\"suite\":\"x\",\"tasks\":{}}",
     "s.json: /methods: expected an object, found nothing"},
    {"{\"suite\":\"x\",\"methods\":{\"a\":{\"plugin\":\"a\"}},\"tasks\":{}}",
     "s.json: /tasks: the suite has no tasks"},
    {"{\"suite\":\"x\",\"methods\":{\"a\":3}}",
     "s.json: /methods/a: expected an object, found a number"},
    {"{\"suite\":\"x\",\"methods\":{\"a\":{\"plugin\":\"a\",\"roles\":{\"r\":\"m\"}}}}",
     "s.json: /methods/a/roles/r: unknown model \"m\""},
};
enum { N_DOCUMENTS = sizeof(documents) / sizeof(documents[0]) };

START_TEST(test_wrong_documents_have_their_sentence) {
    accord_err err = {0};
    accord_suite *s;

    ck_assert_int_eq(accord_suite_take(parse(documents[_i].text), "s.json", &s, &err),
                     ACCORD_E_CONFIG);
    ck_assert_str_eq(err.msg, documents[_i].sentence);
}
END_TEST

START_TEST(test_duplicate_names_are_refused_with_their_line) {
    accord_err err = {0};
    accord_suite *s;
    char *path = temp_suite("{\"tasks\": {\"a\": {},\n\"a\": {}}}");
    char want[160];

    snprintf(want, sizeof(want), "%s:2:3: duplicate object key near '\"a\"'", path);
    ck_assert_int_eq(accord_suite_load(path, NULL, &s, &err), ACCORD_E_CONFIG);
    ck_assert_str_eq(err.msg, want);
    unlink(path);
}
END_TEST

START_TEST(test_a_missing_file_is_named) {
    accord_err err = {0};
    accord_suite *s;

    ck_assert_int_eq(accord_suite_load("/nowhere/s.json", NULL, &s, &err), ACCORD_E_IO);
    ck_assert_ptr_nonnull(strstr(err.msg, "/nowhere/s.json"));
}
END_TEST

static accord_suite *set(const char *assignment) {
    return load(good, &(accord_suite_edit){.set = &assignment, .n_set = 1});
}

START_TEST(test_set_changes_what_is_there) {
    accord_suite *s = set("tasks/math/eval/episodes=10");

    ck_assert_uint_eq(s->tasks[0].episodes, 10);
    accord_suite_destroy(s);
    s = set("seeds/1=9");
    ck_assert_uint_eq(s->seeds[1], 9);
    accord_suite_destroy(s);
    s = set("methods/single/roles/solver=s");
    ck_assert_uint_eq(s->methods[0].roles[0].models[0], 1);
    accord_suite_destroy(s);
}
END_TEST

START_TEST(test_set_makes_members_that_are_absent) {
    accord_suite *s = set("tasks/pole/eval/episodes=4");

    ck_assert_uint_eq(s->tasks[1].episodes, 4);
    accord_suite_destroy(s);
    s = set("models/s/params/size=s");
    ck_assert_str_eq(json_string_value(json_object_get(s->models[1].params, "size")),
                     "s");
    accord_suite_destroy(s);
}
END_TEST

static const struct {
    accord_suite_edit edit;
    const char *sentence;
} bad_edits[] = {
    {{.set = (const char *[]){"seeds"}, .n_set = 1},
     "--set seeds: expected PATH=VALUE, as in tasks/math/eval/episodes=10"},
    {{.set = (const char *[]){"tasks/mth/eval/episodes=1"}, .n_set = 1},
     "--set tasks/mth/eval/episodes: the suite has no task \"mth\" (did you mean "
     "\"math\"?)"},
    {{.set = (const char *[]){"tasks//eval=1"}, .n_set = 1},
     "--set tasks//eval: an empty name"},
    {{.set = (const char *[]){"seeds/5=1"}, .n_set = 1},
     "--set seeds/5: the list has no element 5"},
    {{.set = (const char *[]){"in_flight/x=1"}, .n_set = 1},
     "--set in_flight/x: \"in_flight\" has no members"},
    {{.set = (const char *[]){"seeds=[1,"}, .n_set = 1},
     "--set seeds: ']' expected near end of file"},
    {{.method = "vot"},
     "--method vot: the suite has no such method (did you mean \"vote\"?)"},
    {{.method = "vote,sngle"},
     "--method sngle: the suite has no such method (did you mean \"single\"?)"},
    {{.method = "vote,"}, "--method : the suite has no such method"},
    {{.task = "chess"}, "--task chess: the suite has no such task"},
    {{.seed = "2"}, "--seed 2: the suite has no such seed"},
    {{.seed = "1,2"}, "--seed 2: the suite has no such seed"},
    {{.seed = "x"}, "--seed x: expected a whole number"},
    {{.limit = "0"}, "--limit 0: expected a whole number above 0"},
};
enum { N_BAD_EDITS = sizeof(bad_edits) / sizeof(bad_edits[0]) };

START_TEST(test_a_wrong_edit_has_its_sentence) {
    accord_err err = {0};
    accord_suite *s;
    char *path = temp_suite(good);

    ck_assert_int_eq(accord_suite_load(path, &bad_edits[_i].edit, &s, &err),
                     ACCORD_E_CONFIG);
    ck_assert_ptr_null(s);
    ck_assert_str_eq(err.msg, bad_edits[_i].sentence);
    unlink(path);
}
END_TEST

START_TEST(test_what_was_set_is_checked_like_the_file) {
    const char *assignment = "tasks/math/evl/episodes=1";
    accord_err err = {0};
    accord_suite *s;
    char *path = temp_suite(good);

    ck_assert_int_eq(
        accord_suite_load(path, &(accord_suite_edit){.set = &assignment, .n_set = 1}, &s,
                          &err),
        ACCORD_E_CONFIG);
    ck_assert_ptr_nonnull(
        strstr(err.msg, ": /tasks/math/evl: unknown key (did you mean \"eval\"?)"));
    unlink(path);
}
END_TEST

START_TEST(test_filters_keep_one_and_what_it_needs) {
    accord_suite *s =
        load(good, &(accord_suite_edit){.method = "single", .task = "pole", .seed = "1"});

    ck_assert_uint_eq(s->n_methods, 1);
    ck_assert_str_eq(s->methods[0].name, "single");
    ck_assert_uint_eq(s->n_models, 1);
    ck_assert_uint_eq(s->n_tasks, 1);
    ck_assert_str_eq(s->tasks[0].name, "pole");
    ck_assert(s->n_seeds == 1 && s->seeds[0] == 1);
    ck_assert_uint_eq(json_object_size(s->baseline), 0);
    accord_suite_destroy(s);
}
END_TEST

START_TEST(test_filters_keep_a_list) {
    const char *more = "seeds=[1,2,3]";
    accord_suite *s = load(good, &(accord_suite_edit){.set = &more,
                                                      .n_set = 1,
                                                      .method = "vote,single",
                                                      .task = "pole,math",
                                                      .seed = "1,3"});

    ck_assert_uint_eq(s->n_methods, 2);
    ck_assert_str_eq(s->methods[0].name, "single");
    ck_assert_str_eq(s->methods[1].name, "vote");
    ck_assert_uint_eq(s->n_models, 2);
    ck_assert_uint_eq(s->n_tasks, 2);
    ck_assert_uint_eq(s->n_seeds, 2);
    ck_assert(s->seeds[0] == 1 && s->seeds[1] == 3);
    accord_suite_destroy(s);
}
END_TEST

START_TEST(test_limit_lowers_and_never_raises) {
    accord_suite *s = load(good, &(accord_suite_edit){.limit = "50"});

    ck_assert_uint_eq(s->episodes, 50);
    ck_assert_uint_eq(s->tasks[0].episodes, 20);
    ck_assert_uint_eq(s->tasks[1].episodes, 0);
    accord_suite_destroy(s);
}
END_TEST

START_TEST(test_the_manifests_copy_reads_back_the_same) {
    accord_err err = {0};
    accord_suite *s = load(good, &(accord_suite_edit){.method = "econ", .limit = "5"});
    char *before = json_dumps(s->json, JSON_COMPACT);
    accord_suite *again;

    ck_assert_int_eq(accord_suite_take(parse(before), "manifest.json", &again, &err), 0);
    char *after = json_dumps(again->json, JSON_COMPACT);
    ck_assert_str_eq(before, after);
    ck_assert_uint_eq(again->episodes, 5);
    ck_assert_uint_eq(again->methods[0].train.budget, 200);
    free(before);
    free(after);
    accord_suite_destroy(s);
    accord_suite_destroy(again);
}
END_TEST

/* Every allocation fails once; nothing may crash or leak, and it ends in success. */
START_TEST(test_running_out_of_memory_is_survived_everywhere) {
    const char *assignment = "tasks/pole/eval/episodes=4";
    const accord_suite_edit edit = {.set = &assignment,
                                    .n_set = 1,
                                    .method = "econ",
                                    .task = "math",
                                    .seed = "3",
                                    .limit = "9"};
    char *path = temp_suite(good);
    uint64_t n = 0;

    for (int failed = 1; failed; n++) {
        accord_err err = {0};
        accord_suite *s;
        chaos_fail_after(n);
        accord_code code = accord_suite_load(path, &edit, &s, &err);
        failed = chaos_stop();
        ck_assert_msg((code == ACCORD_OK) == (s != NULL), "allocation %llu",
                      (unsigned long long)n);
        ck_assert(failed || code == ACCORD_OK);
        ck_assert(code == ACCORD_OK || err.msg[0]);
        accord_suite_destroy(s);
    }
    ck_assert_uint_gt(n, 100);
    unlink(path);
}
END_TEST

/* Bytes of the suite are changed at random; what still parses must be read or refused. */
START_TEST(test_mutated_suites_are_read_or_refused) {
    static const char bytes[] = "{}[]\",:0179-.eE\\u trufalsn\xff\x01";
    uint64_t state = 1;
    size_t n_parsed = 0;

    for (int round = 0; round < 20000; round++) {
        char text[sizeof(good)];
        memcpy(text, good, sizeof(good));
        for (int edits = 0; edits < 1 + round % 3; edits++) {
            state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
            text[(state >> 33) % (sizeof(good) - 1)] =
                bytes[(state >> 20) % (sizeof(bytes) - 1)];
        }
        json_t *json = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
        if (!json)
            continue;
        accord_err err = {0};
        accord_suite *s;
        n_parsed++;
        accord_code code = accord_suite_take(json, "s.json", &s, &err);
        ck_assert_msg((code == ACCORD_OK) == (s != NULL), "%s", text);
        ck_assert_msg(code == ACCORD_OK || err.code == ACCORD_E_CONFIG, "%s", text);
        accord_suite_destroy(s);
    }
    ck_assert_uint_gt(n_parsed, 1000);
}
END_TEST

Suite *suite_suite(void) {
    Suite *s = suite_create("suite");
    TCase *tc = tcase_create("read");

    tcase_add_test(tc, test_every_member_is_read);
    tcase_add_test(tc, test_seeds_budget_and_limits_are_read);
    tcase_add_test(tc, test_a_role_is_a_model_a_list_or_lists);
    tcase_add_loop_test(tc, test_every_slip_has_its_sentence, 0, N_SLIPS);
    tcase_add_loop_test(tc, test_wrong_documents_have_their_sentence, 0, N_DOCUMENTS);
    tcase_add_test(tc, test_duplicate_names_are_refused_with_their_line);
    tcase_add_test(tc, test_a_missing_file_is_named);
    tcase_add_test(tc, test_set_changes_what_is_there);
    tcase_add_test(tc, test_set_makes_members_that_are_absent);
    tcase_add_loop_test(tc, test_a_wrong_edit_has_its_sentence, 0, N_BAD_EDITS);
    tcase_add_test(tc, test_what_was_set_is_checked_like_the_file);
    tcase_add_test(tc, test_filters_keep_one_and_what_it_needs);
    tcase_add_test(tc, test_filters_keep_a_list);
    tcase_add_test(tc, test_limit_lowers_and_never_raises);
    tcase_add_test(tc, test_the_manifests_copy_reads_back_the_same);
    tcase_add_test(tc, test_running_out_of_memory_is_survived_everywhere);
    tcase_add_test(tc, test_mutated_suites_are_read_or_refused);
    tcase_set_timeout(tc, 60);
    suite_add_tcase(s, tc);
    return s;
}
