/* check_manifest.c - what a run was made of, written and read back. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "chaos.h"
#include "planroom.h"
#include "run/manifest.h"
#include "scratch.h"
#include "suites.h"

#define MEMBERS \
    "'models':{'m':{#MODEL,'params':{'caps':6},'price':{'prompt':1,'completion':2}}}," \
    "'methods':{'a':{#METHOD,'roles':{'solver':'m'}}," \
    "'l':{#LEARNER,'roles':{'solver':'m'},'train':{'episodes':4}}}," \
    "'tasks':{'t':{#TASK,'params':{'easy_file':'%s'},'modes':['hard','easy']}," \
    "'bare':{#TASK,'params':{'train':0," \
    "'eval':-1,'file':'%s'},'eval':{'episodes':3}}}"

/* Writes the manifest of the suite above into the scratch folder. */
static void write_manifest(void) {
    accord_err err = {0};
    char *file = scratch_text("set.jsonl", "abc");
    char *easy = scratch_text("easy.jsonl", "abcd");
    char *dir = scratch_path("");
    char *members = accord_xasprintf(MEMBERS, easy, file);

    setenv("ACCORD_DATA", dir, 1);
    accord_suite *s = planroom_suite(members);
    accord_plan *p = planroom_plan(s);
    ck_assert_msg(!accord_manifest_write(dir, s, p, 2, &err), "%s", err.msg);
    accord_plan_destroy(p);
    accord_suite_destroy(s);
    free(members);
    free(dir);
    free(easy);
    free(file);
}

static accord_manifest *read_manifest(void) {
    accord_err err = {0};
    accord_manifest *m;
    char *dir = scratch_path("");

    ck_assert_msg(!accord_manifest_read(dir, &m, &err), "%s", err.msg);
    free(dir);
    return m;
}

START_TEST(test_suite_and_cells_read_back_as_they_were_planned) {
    write_manifest();
    accord_manifest *m = read_manifest();

    ck_assert_str_eq(m->suite->name, "test");
    ck_assert_uint_eq(m->n_cells, 9);
    const accord_cell *c = &m->cells[4];
    ck_assert_str_eq(m->suite->methods[c->method].name, "l");
    ck_assert_str_eq(m->suite->tasks[c->task].name, "t");
    ck_assert_uint_eq(c->seed, 2);
    ck_assert_uint_eq(c->n_modes, 2);
    ck_assert_str_eq(c->modes[0], "hard");
    ck_assert_uint_eq(c->episodes, 8);
    ck_assert_int_eq(c->unit, ACCORD_UNIT_BOTH);
    ck_assert(c->learns && !m->cells[0].learns);
    ck_assert_int_eq(m->cells[0].unit, ACCORD_UNIT_ITEM);
    ck_assert_uint_eq(m->cells[8].episodes, 3);
    accord_manifest_destroy(m);
}
END_TEST

static const char *text_at(const json_t *j, const char *const *path) {
    for (; *path; path++)
        j = json_is_array(j) ? json_array_get(j, (size_t)(**path - '0'))
                             : json_object_get(j, *path);
    return json_string_value(j);
}
#define TEXT_AT(j, ...) text_at(j, (const char *const[]){__VA_ARGS__, NULL})

START_TEST(test_the_document_has_what_its_readers_look_for) {
    write_manifest();
    accord_manifest *m = read_manifest();
    const json_t *task = json_object_get(json_object_get(m->json, "tasks"), "t");

    ck_assert_str_eq(TEXT_AT(m->json, "schema"), "accord.manifest/1");
    ck_assert_str_eq(TEXT_AT(m->json, "accord", "version"), PACKAGE_VERSION);
    ck_assert_str_eq(TEXT_AT(m->json, "libraries", "jansson"), jansson_version_str());
    ck_assert_ptr_nonnull(TEXT_AT(m->json, "machine", "cpu"));
    ck_assert_uint_eq(strlen(TEXT_AT(m->json, "created")), 20);
    ck_assert_int_eq(json_integer_value(json_object_get(m->json, "jobs")), 2);
    ck_assert_str_eq(TEXT_AT(task, "score"), "accuracy");
    ck_assert_str_eq(TEXT_AT(task, "action"), "text");
    ck_assert_str_eq(TEXT_AT(task, "modes", "1"), "easy");
    ck_assert_int_eq(
        json_integer_value(json_array_get(json_object_get(task, "n_items"), 1)), 8);
    ck_assert_str_eq(TEXT_AT(m->json, "models", "m", "caps", "1"), "logprobs");
    ck_assert(json_is_true(json_object_get(
        json_object_get(json_object_get(m->json, "methods"), "l"), "learns")));
    ck_assert_str_eq(TEXT_AT(m->json, "skipped", "0", "method"), "l");
    ck_assert_ptr_null(json_object_get(m->json, "pairs"));
    accord_manifest_destroy(m);
}
END_TEST

/* `t` is trained in mode hard; what only mode easy reads or is made of counts too. */
START_TEST(test_every_mode_says_what_it_is_made_of) {
    write_manifest();
    accord_manifest *m = read_manifest();
    const json_t *task = json_object_get(json_object_get(m->json, "tasks"), "t");

    ck_assert_str_eq(TEXT_AT(task, "provenance", "hard"), "hard is made of stone");
    ck_assert_ptr_null(json_object_get(json_object_get(task, "provenance"), "easy"));
    ck_assert_ptr_nonnull(TEXT_AT(m->json, "data", "easy.jsonl"));
    ck_assert_ptr_nonnull(TEXT_AT(m->json, "data", "set.jsonl"));
    ck_assert_uint_eq(json_object_size(json_object_get(m->json, "data")), 2);
    accord_manifest_destroy(m);
}
END_TEST

START_TEST(test_plugins_and_data_are_hashed) {
    write_manifest();
    accord_manifest *m = read_manifest();
    char hex[65];

    ck_assert_int_eq(
        accord_file_sha256(TEXT_AT(m->json, "plugins", "task/fix_plan_task", "file"), hex,
                           NULL),
        ACCORD_OK);
    ck_assert_str_eq(TEXT_AT(m->json, "plugins", "task/fix_plan_task", "sha256"), hex);
    ck_assert_uint_eq(json_object_size(json_object_get(m->json, "plugins")), 4);
    ck_assert_str_eq(TEXT_AT(m->json, "data", "set.jsonl"),
                     "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    accord_manifest_destroy(m);
}
END_TEST

START_TEST(test_a_cell_has_a_folder) {
    write_manifest();
    accord_manifest *m = read_manifest();
    accord_err err = {0};
    char path[400], small[20];
    char *want = scratch_path("cells/t/l/2");

    ck_assert_int_eq(accord_cell_dir(m, 4, path, sizeof(path), &err), ACCORD_OK);
    ck_assert_str_eq(path, want);
    ck_assert_int_eq(accord_cell_dir(m, 4, small, sizeof(small), &err), ACCORD_E_LIMIT);
    free(want);
    accord_manifest_destroy(m);
}
END_TEST

/* A manifest that was edited by hand is refused where it no longer fits. */
static const struct {
    const char *path, *value, *sentence;
} edits[] = {
    {"schema", "\"accord.manifest/9\"",
     "/schema: \"accord.manifest/9\" is not accord.manifest/1"},
    {"suite", "{}", "/: \"suite\", the suite's name, is missing"},
    {"cells", "{}", "/cells: expected a list, found an object"},
    {"cells", "[1]", "/cells/0: expected an object, found a number"},
    {"cells", "[{\"task\":\"u\"}]", "/cells/0/task: not in the suite"},
    {"cells", "[{\"task\":\"t\",\"method\":3}]",
     "/cells/0/method: expected a text, found a number"},
    {"cells", "[{\"task\":\"t\",\"method\":\"a\"}]", "/cells/0/seed: missing"},
    {"cells", "[{\"task\":\"t\",\"method\":\"a\",\"seed\":1,\"episodes\":0}]",
     "/cells/0/episodes: 0 is not in 1 .. 9223372036854775807"},
    {"cells",
     "[{\"task\":\"t\",\"method\":\"a\",\"seed\":1,\"episodes\":1,\"modes\":[]}]",
     "/cells/0/modes: no modes"},
    {"cells",
     "[{\"task\":\"t\",\"method\":\"a\",\"seed\":1,\"episodes\":1,\"modes\":[\"easy\"],"
     "\"unit\":\"day\"}]",
     "/cells/0/unit: \"day\" is none of item, seed, both"},
};
enum { N_EDITS = sizeof(edits) / sizeof(edits[0]) };

START_TEST(test_a_manifest_that_does_not_fit_has_its_sentence) {
    write_manifest();
    accord_err err = {0};
    accord_manifest *m = read_manifest();
    char *dir = scratch_path(""), *path = scratch_path("manifest.json");
    char want[300];

    json_object_set_new(m->json, edits[_i].path,
                        json_loads(edits[_i].value, JSON_DECODE_ANY, NULL));
    ck_assert_int_eq(json_dump_file(m->json, path, 0), 0);
    accord_manifest_destroy(m);
    ck_assert_int_eq(accord_manifest_read(dir, &m, &err), ACCORD_E_CONFIG);
    ck_assert_ptr_null(m);
    snprintf(want, sizeof(want), "%s: %s", path, edits[_i].sentence);
    ck_assert_str_eq(err.msg, want);
    free(path);
    free(dir);
}
END_TEST

START_TEST(test_a_folder_without_a_manifest_is_no_run) {
    accord_err err = {0};
    accord_manifest *m;
    char *dir = scratch_path("");

    ck_assert_int_eq(accord_manifest_read(dir, &m, &err), ACCORD_E_IO);
    ck_assert_ptr_null(m);
    ck_assert_ptr_nonnull(strstr(err.msg, "manifest.json"));
    free(dir);
}
END_TEST

/* Every allocation of writing and of reading fails once. */
START_TEST(test_running_out_of_memory_is_survived) {
    char *dir = scratch_path("");
    accord_suite *s = planroom_suite("'methods':{'a':{#RANDOM}},'tasks':{'t':{#TASK}}");
    accord_plan *p = planroom_plan(s);
    uint64_t n = 0;

    for (int failed = 1; failed; n++) {
        accord_err err = {0};
        accord_manifest *m = NULL;
        chaos_fail_after(n);
        accord_code code = accord_manifest_write(dir, s, p, 2, &err);
        if (code == ACCORD_OK)
            code = accord_manifest_read(dir, &m, &err);
        failed = chaos_stop();
        ck_assert((code == ACCORD_OK) == (m != NULL));
        ck_assert(failed || m);
        ck_assert(m || err.msg[0]);
        accord_manifest_destroy(m);
    }
    ck_assert_uint_gt(n, 100);
    accord_plan_destroy(p);
    accord_suite_destroy(s);
    free(dir);
}
END_TEST

START_TEST(test_versions_name_commit_compiler_and_flags) {
    json_t *v = accord_manifest_versions();

    ck_assert_ptr_nonnull(TEXT_AT(v, "accord", "commit"));
    ck_assert_uint_gt(strlen(TEXT_AT(v, "accord", "compiler")), 3);
    ck_assert_ptr_nonnull(strstr(TEXT_AT(v, "accord", "flags"), "-ffp-contract=off"));
    ck_assert_ptr_nonnull(TEXT_AT(v, "libraries", "zlib"));
    json_decref(v);
}
END_TEST

Suite *suite_manifest(void) {
    Suite *s = suite_create("manifest");
    TCase *tc = tcase_create("manifest");

    tcase_add_checked_fixture(tc, planroom_begin, scratch_end);
    tcase_add_test(tc, test_suite_and_cells_read_back_as_they_were_planned);
    tcase_add_test(tc, test_the_document_has_what_its_readers_look_for);
    tcase_add_test(tc, test_every_mode_says_what_it_is_made_of);
    tcase_add_test(tc, test_plugins_and_data_are_hashed);
    tcase_add_test(tc, test_a_cell_has_a_folder);
    tcase_add_loop_test(tc, test_a_manifest_that_does_not_fit_has_its_sentence, 0,
                        N_EDITS);
    tcase_add_test(tc, test_a_folder_without_a_manifest_is_no_run);
    tcase_add_test(tc, test_running_out_of_memory_is_survived);
    tcase_add_test(tc, test_versions_name_commit_compiler_and_flags);
    tcase_set_timeout(tc, 60);
    suite_add_tcase(s, tc);
    return s;
}
