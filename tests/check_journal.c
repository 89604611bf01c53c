/* check_journal.c - the journal: what is written is found again, whatever was torn. */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/mem.h"
#include "run/journal_file.h"
#include "run/live.h"
#include "suites.h"

static char dir[] = "/tmp/accord-journal-XXXXXX";

static void set_up(void) {
    memcpy(dir + strlen(dir) - 6, "XXXXXX", 6);
    ck_assert_ptr_nonnull(mkdtemp(dir));
}

static void tear_down(void) {
    ck_assert_int_eq(accord_remove_tree(dir, NULL), ACCORD_OK);
}

static accord_journal *open_journal(bool learns) {
    accord_journal *j;
    accord_err err = {0};

    ck_assert_msg(!accord_journal_open(dir, learns, &j, &err), "%s", err.msg);
    return j;
}

static accord_call_key key_of(uint32_t sample) {
    return (accord_call_key){.ep = "eval/0/default/0/item \"7\"",
                             .agent = 1,
                             .role = "solver",
                             .round = 2,
                             .sample = sample,
                             .hash = "0123456789abcdef"};
}

static void write_call(accord_journal *j, uint32_t sample, const char *text) {
    accord_message message = {"user", "Task: answer\nQuestion: 1 + 1?\n"};
    accord_request request = ACCORD_REQUEST_INIT;
    float logprobs[2] = {-0.5f, -1.25f};
    accord_llm_job job = {.request = &request,
                          .tries = 2,
                          .reply = {.text = text,
                                    .finish = ACCORD_FINISH_LENGTH,
                                    .prompt_tokens = 12,
                                    .completion_tokens = 34,
                                    .n_logprobs = 2,
                                    .logprobs = logprobs,
                                    .message = "why"}};
    accord_call_key key = key_of(sample);
    accord_err err = {0};

    request.messages = &message;
    request.n_messages = 1;
    ck_assert_msg(!accord_journal_call(j, &key, "m", &job, &err), "%s", err.msg);
}

/* One that asks for no text: three steps of one choice each. */
static void write_course(accord_journal *j, const char *ep) {
    const accord_space space = {.kind = ACCORD_DISCRETE, .n = 4};
    accord_action action = {.kind = ACCORD_DISCRETE, .index = 2};
    accord_actions actions;
    accord_ending e = {.ep = ep,
                       .item = strrchr(ep, '/') + 1,
                       .outcome = "finished",
                       .answered = true,
                       .steps = 3,
                       .end = ACCORD_END_TRUNCATED,
                       .actions = &actions};

    accord_actions_begin(&actions, &space);
    for (int i = 0; i < 3; i++)
        accord_actions_add(&actions, &action);
    ck_assert_int_eq(accord_journal_episode(j, &e, NULL), ACCORD_OK);
    accord_actions_fini(&actions);
}

static void write_episode(accord_journal *j, const char *ep) {
    double parts[] = {1.0, 0.5};
    accord_ending e = {.ep = ep,
                       .item = strrchr(ep, '/') + 1,
                       .outcome = "correct",
                       .answered = true,
                       .canon = "2",
                       .score = 1.0,
                       .parts = parts,
                       .n_parts = 2,
                       .note = "boxed",
                       .steps = 1,
                       .end = ACCORD_END_TERMINATED,
                       .text = "The answer is 2."};
    accord_err err = {0};

    ck_assert_msg(!accord_journal_episode(j, &e, &err), "%s", err.msg);
}

START_TEST(test_a_call_is_found_again_after_reopening) {
    accord_journal *j = open_journal(false);
    accord_call_key key = key_of(3), other = key_of(4);
    accord_llm_job job = {0};
    bool found;

    write_call(j, 3, "a \xff b\n\"c\" \xe2\x82\xac");
    accord_journal_close(j);
    j = open_journal(false);
    ck_assert_int_eq(accord_journal_find_call(j, &other, &found, &job, NULL), ACCORD_OK);
    ck_assert(!found);
    ck_assert_int_eq(accord_journal_find_call(j, &key, &found, &job, NULL), ACCORD_OK);
    ck_assert(found);
    ck_assert_str_eq(job.reply.text, "a \xef\xbf\xbd b\n\"c\" \xe2\x82\xac");
    ck_assert_str_eq(job.reply.message, "why");
    ck_assert_int_eq(job.reply.finish, ACCORD_FINISH_LENGTH);
    ck_assert_uint_eq(job.reply.prompt_tokens, 12);
    ck_assert_uint_eq(job.reply.completion_tokens, 34);
    ck_assert_uint_eq(job.reply.n_logprobs, 2);
    ck_assert(job.reply.logprobs[1] < -1.24f && job.reply.logprobs[1] > -1.26f);
    accord_llm_job_fini(&job);
    accord_journal_close(j);
}
END_TEST

/* Whatever prefix of the files a crash leaves, they open, and a call counts or does not.
 */
START_TEST(test_every_torn_prefix_opens) {
    char journal[128], text[128], *whole, *texts;
    size_t n, n_texts;
    accord_journal *j = open_journal(false);

    write_call(j, 1, "one");
    write_episode(j, "eval/0/default/0/x");
    write_call(j, 2, "two");
    accord_journal_close(j);
    snprintf(journal, sizeof(journal), "%s/journal.jsonl", dir);
    snprintf(text, sizeof(text), "%s/text.jsonl", dir);
    ck_assert_int_eq(accord_file_read(journal, 1 << 20, &whole, &n, NULL), ACCORD_OK);
    ck_assert_int_eq(accord_file_read(text, 1 << 20, &texts, &n_texts, NULL), ACCORD_OK);
    for (size_t cut = 0; cut <= n; cut++) {
        ck_assert_int_eq(accord_file_write(journal, whole, cut, NULL), ACCORD_OK);
        j = open_journal(false);
        size_t lines = 0;
        for (size_t i = 0; i < cut; i++)
            lines += whole[i] == '\n';
        ck_assert_uint_eq(j->episodes.n, lines >= 2);
        write_call(j, 9, "after the cut");
        accord_journal_close(j);
        j = open_journal(false);
        accord_call_key key = key_of(9);
        accord_llm_job job = {0};
        bool found;
        ck_assert_int_eq(accord_journal_find_call(j, &key, &found, &job, NULL),
                         ACCORD_OK);
        ck_assert(found);
        accord_llm_job_fini(&job);
        accord_journal_close(j);
        ck_assert_int_eq(accord_file_write(text, texts, n_texts, NULL), ACCORD_OK);
    }
    free(whole);
    free(texts);
}
END_TEST

START_TEST(test_beyond_a_checkpoint_only_calls_count) {
    accord_checkpoint mark = {
        .step = 5, .episodes = 5, .next_eval = 10, .dir = "state/5"};
    char path[128];
    accord_journal *j = open_journal(true);
    accord_call_key key = key_of(2);
    accord_llm_job job = {0};
    bool found;

    write_episode(j, "train/0/default/0/a");
    snprintf(path, sizeof(path), "%s/state/5", dir);
    ck_assert_int_eq(accord_mkdirs(path, NULL), ACCORD_OK);
    ck_assert_int_eq(accord_journal_mark(j, &mark, NULL), ACCORD_OK);
    write_episode(j, "train/5/default/0/b");
    write_call(j, 2, "kept");
    accord_journal_close(j);
    j = open_journal(true);
    ck_assert(accord_journal_checkpoint(j)->exists);
    ck_assert_uint_eq(accord_journal_checkpoint(j)->step, 5);
    ck_assert_uint_eq(accord_journal_checkpoint(j)->next_eval, 10);
    ck_assert(accord_journal_has_episode(j, "train/0/default/0/a"));
    ck_assert(!accord_journal_has_episode(j, "train/5/default/0/b"));
    ck_assert_int_eq(accord_journal_find_call(j, &key, &found, &job, NULL), ACCORD_OK);
    ck_assert(found);
    accord_llm_job_fini(&job);
    accord_journal_close(j);
}
END_TEST

START_TEST(test_without_a_checkpoint_a_learner_begins_again) {
    accord_journal *j = open_journal(true);

    write_episode(j, "train/0/default/0/a");
    accord_journal_close(j);
    j = open_journal(true);
    ck_assert(!accord_journal_has_episode(j, "train/0/default/0/a"));
    accord_journal_close(j);
}
END_TEST

START_TEST(test_a_full_disk_leaves_whole_lines) {
    accord_journal *j = open_journal(false);
    struct rlimit limit;
    struct stat st;
    accord_ending e = {.ep = "eval/0/default/0/y", .item = "y", .outcome = "wrong"};
    accord_err err = {0};
    char path[128];

    signal(SIGXFSZ, SIG_IGN);
    write_episode(j, "eval/0/default/0/x");
    snprintf(path, sizeof(path), "%s/journal.jsonl", dir);
    ck_assert_int_eq(stat(path, &st), 0);
    getrlimit(RLIMIT_FSIZE, &limit);
    limit.rlim_cur = (rlim_t)st.st_size + 20; /* the next line does not fit */
    /* Check writes its messages to a file, too: nothing is asserted until there is room.
     */
    int limited = setrlimit(RLIMIT_FSIZE, &limit);
    accord_code full = accord_journal_episode(j, &e, &err);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_FSIZE, &limit);
    ck_assert_int_eq(limited, 0);
    ck_assert_int_eq(full, ACCORD_E_IO);
    ck_assert_msg(strstr(err.msg, "cannot write") && strstr(err.msg, path), "%s",
                  err.msg);
    ck_assert_int_eq(accord_journal_episode(j, &e, NULL), ACCORD_E_IO); /* it sticks */
    accord_journal_close(j);
    j = open_journal(false);
    ck_assert(accord_journal_has_episode(j, "eval/0/default/0/x"));
    ck_assert(!accord_journal_has_episode(j, "eval/0/default/0/y"));
    accord_journal_close(j);
}
END_TEST

/* Writes one line of every kind. */
static void write_all_kinds(accord_journal *j) {
    char kind[] = "sample", two[] = "2";
    accord_candidate candidate = {.kind = kind, .index = 3, .text = two, .canon = two};
    accord_checkpoint mark = {.step = 5, .dir = "state/5"};

    write_call(j, 0, "two");
    write_episode(j, "eval/0/default/0/x");
    write_course(j, "eval/0/default/0/y");
    ck_assert(!accord_journal_candidate(j, "eval/0/default/0/x", &candidate, NULL));
    ck_assert(!accord_journal_score(j, "train/0/default/0/x", "2", 1.0, NULL));
    ck_assert(!accord_journal_eval(j, 0, "default", 1, NULL));
    ck_assert(!accord_journal_metric(j, NULL, 0, "loss", 0.0 / 0.0, NULL));
    ck_assert(!accord_journal_mark(j, &mark, NULL));
    ck_assert(!accord_journal_finish(j, NULL));
}

/* The object between the first pair of back quotes on a line of the page that begins with
 * "| KIND |" in the section of `file`; a new reference. */
static json_t *documented(const char *page, const char *section, const char *kind,
                          const char *what) {
    char mark[64];
    const char *from = strstr(page, section);

    snprintf(mark, sizeof(mark), "\n| %s | `", kind);
    from = from ? strstr(from, mark) : NULL;
    if (!from)
        return NULL;
    from += strlen(mark);
    if (strcmp(what, "done") == 0) /* the second kind of mark */
        from = strstr(from, "and `") + 5;
    return json_loadb(from, strcspn(from, "`"), 0, NULL);
}

static void compare_keys(const char *page, const char *section, const json_t *line) {
    static const char *const optional[] = {"logprobs", "message", NULL};
    const char *kind = json_string_value(json_object_get(line, "k"));
    const char *what = json_string_value(json_object_get(line, "what"));
    json_t *shown = documented(page, section, kind, what ? what : "");
    const char *key;
    json_t *value;

    ck_assert_msg(shown != NULL, "%s: kind %s is not shown", section, kind);
    json_object_foreach((json_t *)line, key, value) {
        bool may_miss = false;
        for (size_t i = 0; optional[i]; i++)
            may_miss = may_miss || strcmp(optional[i], key) == 0;
        ck_assert_msg(may_miss || json_object_get(shown, key), "%s: %s is not shown",
                      kind, key);
    }
    json_object_foreach(shown, key, value) ck_assert_msg(
        json_object_get(line, key) != NULL, "%s: %s is not written", kind, key);
    json_decref(shown);
}

START_TEST(test_the_page_shows_every_kind_of_line) {
    static const struct {
        const char *file, *section;
    } files[] = {{"journal.jsonl", "## Lines of journal.jsonl"},
                 {"text.jsonl", "## Lines of text.jsonl"}};
    const char *srcdir = getenv("srcdir");
    char path[4096], *page, *lines;
    size_t n;
    accord_journal *j = open_journal(false);

    write_all_kinds(j);
    accord_journal_close(j);
    snprintf(path, sizeof(path), "%s/core/run/README.md", srcdir ? srcdir : ".");
    ck_assert_int_eq(accord_file_read(path, 1 << 20, &page, &n, NULL), ACCORD_OK);
    for (size_t i = 0; i < 2; i++) {
        snprintf(path, sizeof(path), "%s/%s", dir, files[i].file);
        ck_assert_int_eq(accord_file_read(path, 1 << 20, &lines, &n, NULL), ACCORD_OK);
        for (char *line = lines, *end; (end = strchr(line, '\n')); line = end + 1) {
            json_t *object = json_loadb(line, (size_t)(end - line), 0, NULL);
            ck_assert_ptr_nonnull(object);
            compare_keys(page, files[i].section, object);
            json_decref(object);
        }
        free(lines);
    }
    free(page);
}
END_TEST

START_TEST(test_places_survive_the_command_line) {
    accord_place place = {ACCORD_PHASE_PROBE, 2, UINT64_C(1) << 40, 77}, back;
    char text[ACCORD_PLACE_TEXT];

    accord_place_format(&place, text);
    ck_assert_str_eq(text, "probe:2:1099511627776:77");
    ck_assert(accord_place_parse(text, &back) && accord_place_equal(&place, &back));
    ck_assert(!accord_place_parse("probe:2:1", &back));
    ck_assert(!accord_place_parse("dream:2:1:1", &back));
    ck_assert(!accord_place_parse("eval:0:0:1x", &back));
}
END_TEST

Suite *suite_journal(void) {
    Suite *s = suite_create("journal");
    TCase *tc = tcase_create("files");

    tcase_add_checked_fixture(tc, set_up, tear_down);
    tcase_set_timeout(tc, 30);
    tcase_add_test(tc, test_a_call_is_found_again_after_reopening);
    tcase_add_test(tc, test_every_torn_prefix_opens);
    tcase_add_test(tc, test_beyond_a_checkpoint_only_calls_count);
    tcase_add_test(tc, test_without_a_checkpoint_a_learner_begins_again);
    tcase_add_test(tc, test_a_full_disk_leaves_whole_lines);
    tcase_add_test(tc, test_the_page_shows_every_kind_of_line);
    tcase_add_test(tc, test_places_survive_the_command_line);
    suite_add_tcase(s, tc);
    return s;
}
