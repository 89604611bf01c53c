/* check_pocket_corpus.c - what the pocket models learn is right, is the same each time,
 * and is nothing that an evaluation asks. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <accord/rng.h>

#include "chaos.h"
#include "corpus.h"
#include "feed.h"
#include "generate.h"
#include "problems.h"
#include "recipe.h"
#include "speech.h"
#include "suites.h"
#include "task_rig.h"
#include "template.h"
#include "tokenizer.h"

enum { LESSONS = 1500 };

static const char *const models[] = {"s", "m", "m2"};

static uint64_t corpus_seed(int model) {
    return accord_rng_fold_text(pocket_recipe_of(models[model])->seed, "base");
}

static void make(int model, uint64_t index, pocket_lesson *out) {
    const pocket_phase *base = pocket_phase_of(pocket_recipe_of(models[model]), "base");

    ck_assert_int_eq(pocket_lesson_make(corpus_seed(model), index, &base->mix, NULL, out),
                     0);
}

static void hash_corpus(int model, char hex[65]) {
    pocket_lesson lesson;
    accord_sha256 hash;

    accord_sha256_init(&hash);
    for (uint64_t i = 0; i < LESSONS; i++) {
        make(model, i, &lesson);
        ck_assert_int_eq(pocket_lesson_hash(&lesson, &hash), 0);
        pocket_lesson_fini(&lesson);
    }
    accord_sha256_hex(&hash, hex);
}

START_TEST(test_the_same_seed_gives_the_same_corpus) {
    char a[65], b[65], other[65];

    hash_corpus(_i, a);
    hash_corpus(_i, b);
    hash_corpus((_i + 1) % 3, other);
    ck_assert_str_eq(a, b);
    ck_assert_str_ne(a, other);
}
END_TEST

/* ---- nothing of an evaluation -------------------------------------------------------
 */

enum { ASKED = 6000 };

static int compare(const void *a, const void *b) {
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The questions of the evaluation split that the suites ask first, sorted. */
static size_t evaluation_questions(char *question[ASKED]) {
    static pocket_problem p;
    size_t n = 0;

    for (uint64_t i = 0; i < 1000; i++)
        for (int32_t level = 2; level <= 5; level++) {
            pocket_key key = {POCKET_MATHS, level, 1, ACCORD_SPLIT_EVAL, i};
            ck_assert_int_eq(pocket_problem_make(&key, &p), 0);
            question[n++] = strdup(p.question);
        }
    for (uint64_t i = 0; i < 300; i++) {
        pocket_key key = {POCKET_BLOCKS, 2, 1, ACCORD_SPLIT_EVAL, i};
        ck_assert_int_eq(pocket_problem_make(&key, &p), 0);
        question[n++] = strdup(p.question);
    }
    qsort(question, n, sizeof(*question), compare);
    return n;
}

static void check_split(const pocket_problem *p) {
    const struct planning_key own = {.seed = p->key.seed,
                                     .level = p->key.level,
                                     .split = p->key.split,
                                     .item = p->key.item};
    struct planning_problem problem;

    ck_assert_int_eq(p->key.split, ACCORD_SPLIT_TRAIN);
    if (p->key.kind == POCKET_MATHS) {
        ck_assert_int_eq(math_story_split(p->question), ACCORD_SPLIT_TRAIN);
        return;
    }
    ck_assert_int_eq(planning_generate(&own, &problem), 0);
    ck_assert_int_eq(planning_split(planning_text(&problem.text)), ACCORD_SPLIT_TRAIN);
    planning_problem_fini(&problem);
}

START_TEST(test_no_evaluated_question_is_learnt) {
    static char *asked[ASKED];
    size_t n = evaluation_questions(asked), n_blocks = 0;
    pocket_lesson lesson;

    for (uint64_t i = 0; i < LESSONS; i++) {
        make(_i, i, &lesson);
        const char *question = lesson.problem.question;
        ck_assert_msg(!bsearch(&question, asked, n, sizeof(*asked), compare),
                      "lesson %d is an evaluated question: %s", (int)i, question);
        check_split(&lesson.problem);
        n_blocks += lesson.problem.key.kind == POCKET_BLOCKS;
        pocket_lesson_fini(&lesson);
    }
    ck_assert(_i == 0 || n_blocks > 50);
    for (size_t i = 0; i < n; i++)
        free(asked[i]);
}
END_TEST

/* ---- right replies ------------------------------------------------------------------
 */

START_TEST(test_every_reply_is_right) {
    pocket_lesson lesson;
    char canon[1024];
    int is_right, counted[POCKET_SKILLS] = {0};

    for (uint64_t i = 0; i < LESSONS; i++) {
        make(_i, i, &lesson);
        counted[lesson.skill]++;
        if (lesson.skill != POCKET_SKILL_PLAN) {
            ck_assert_int_eq(pocket_grade(&lesson.problem, lesson.reply, &is_right, canon,
                                          sizeof(canon)),
                             0);
            ck_assert_msg(is_right, "%s\n%s", lesson.problem.question, lesson.reply);
            ck_assert_str_ne(canon, "");
        }
        pocket_lesson_fini(&lesson);
    }
    ck_assert_int_gt(counted[POCKET_SKILL_MATHS], 500);
    ck_assert_int_gt(counted[POCKET_SKILL_BARE], 100);
}
END_TEST

START_TEST(test_a_strategy_gives_no_result_away) {
    pocket_lesson lesson;
    int n_plans = 0;

    for (uint64_t i = 0; i < LESSONS; i++) {
        make(1, i, &lesson);
        if (lesson.skill == POCKET_SKILL_PLAN) {
            n_plans++;
            ck_assert_ptr_null(strchr(lesson.reply, '='));
            ck_assert_ptr_null(strstr(lesson.reply, "boxed"));
            ck_assert_ptr_eq(strstr(lesson.reply, "First "), lesson.reply);
        }
        pocket_lesson_fini(&lesson);
    }
    ck_assert_int_gt(n_plans, 30);
}
END_TEST

/* The plugins themselves ask the same, and call the same right. */
static void check_against_task(task_rig *rig, int32_t kind, int32_t level) {
    static pocket_problem p;
    accord_obs obs = {.struct_size = sizeof(obs)};
    const char *id;
    char canon[1024];
    int is_right;

    for (uint64_t i = 0; i < 40; i++) {
        pocket_key key = {kind, level, 5, ACCORD_SPLIT_TRAIN, i};
        ck_assert_int_eq(pocket_problem_make(&key, &p), 0);
        void *ep = task_rig_open(rig, ACCORD_SPLIT_TRAIN, i, &obs, &id);
        ck_assert_str_eq(obs.record->question, p.question);
        ck_assert_str_eq(obs.record->instruction, pocket_problem_format(kind));
        task_rig_close(rig, ep);
        const char *replies[] = {p.reply, "The answer is \\boxed{1}.", ""};
        for (int k = 0; k < 3; k++) {
            task_verdict v = task_rig_answer(rig, ACCORD_SPLIT_TRAIN, i, replies[k]);
            pocket_grade(&p, replies[k], &is_right, canon, sizeof(canon));
            ck_assert_int_eq(is_right, v.reward > 0.5);
            ck_assert_int_eq(is_right, k == 0);
        }
    }
}

START_TEST(test_the_tasks_ask_and_judge_alike) {
    task_rig rig;

    task_rig_begin(&rig, "math", "{'seed': 5, 'level': 3}");
    check_against_task(&rig, POCKET_MATHS, 3);
    task_rig_end(&rig);
    task_rig_begin(&rig, "planning", "{'seed': 5, 'level': 2}");
    check_against_task(&rig, POCKET_BLOCKS, 2);
    task_rig_end(&rig);
}
END_TEST

/* ---- samples ------------------------------------------------------------------------
 */

static void write_samples(const char *path, int n_texts) {
    FILE *file = fopen(path, "w");

    for (uint64_t i = 0; i < 20; i++)
        for (int k = 0; k < n_texts; k++) {
            pocket_key key = {POCKET_MATHS, 3, UINT64_C(1) << 40, ACCORD_SPLIT_TRAIN, i};
            char text[200];
            snprintf(text, sizeof(text), "So \"it\" is %d.\nThe answer is \\boxed{%d}.",
                     k, k);
            pocket_sample_write(file, &key, 0, text);
        }
    ck_assert_int_eq(fclose(file), 0);
}

static accord_code quiet(const accord_host *host, accord_err *err, accord_code code,
                         const char *fmt, ...) {
    return code;
}
static const accord_host host = {.struct_size = sizeof(host), .fail = quiet};

static const pocket_mix panel = {
    .skill = {[POCKET_SKILL_REVISE] = 1, [POCKET_SKILL_MERGE] = 1},
    .maths = {0, 0, 0, 1}};

static size_t count_lines(const char *text, const char *start) {
    size_t n = 0;

    for (; text; text = strchr(text, '\n'), text += text != NULL)
        n += strncmp(text, start, strlen(start)) == 0;
    return n;
}

START_TEST(test_panels_are_taught_on_samples) {
    pocket_samples samples = {0};
    pocket_lesson lesson;
    char path[] = "/tmp/accord-samples-XXXXXX";
    int seen[POCKET_SKILLS] = {0};

    close(mkstemp(path));
    write_samples(path, 6);
    ck_assert_int_eq(pocket_samples_read(&host, path, &samples, NULL), 0);
    ck_assert_int_eq(pocket_samples_read(&host, path, &samples, NULL), 0);
    ck_assert_uint_eq(samples.n, 20);
    ck_assert_uint_eq(samples.group[7].n, 12);
    for (uint64_t i = 0; i < 200; i++) {
        accord_request request = ACCORD_REQUEST_INIT;
        ck_assert_int_eq(pocket_lesson_make(3, i, &panel, &samples, &lesson), 0);
        ck_assert_int_eq(accord_chat_request(lesson.chat, &request), 0);
        const char *text = request.messages[0].text;
        int is_revision = lesson.skill == POCKET_SKILL_REVISE;
        size_t peers = count_lines(text, "Peer ");
        ck_assert_uint_eq(count_lines(text, is_revision ? "Task: revise" : "Task: merge"),
                          1);
        ck_assert_uint_eq(count_lines(text, "Answer: So"), is_revision);
        ck_assert(peers >= (is_revision ? 1 : 2) && peers <= (is_revision ? 4 : 5));
        ck_assert_ptr_eq(lesson.reply, lesson.problem.reply);
        check_split(&lesson.problem);
        seen[lesson.skill]++;
        pocket_lesson_fini(&lesson);
    }
    ck_assert(seen[POCKET_SKILL_REVISE] > 50 && seen[POCKET_SKILL_MERGE] > 50);
    pocket_samples_prune(&samples, 13);
    ck_assert_uint_eq(samples.n, 0);
    ck_assert_int_ne(pocket_lesson_make(3, 0, &panel, &samples, &lesson), 0);
    pocket_samples_fini(&samples);
    unlink(path);
}
END_TEST

START_TEST(test_a_damaged_sample_is_refused) {
    static const char *const bad[] = {
        "{\"kind\": 0}\n", "no JSON\n",
        ("{\"kind\": 0, \"level\": 3, \"seed\": 1, \"item\": 2, \"text\": 5}\n")};
    pocket_samples samples = {0};
    char path[] = "/tmp/accord-samples-XXXXXX";

    close(mkstemp(path));
    FILE *file = fopen(path, "w");
    fputs(bad[_i], file);
    fclose(file);
    ck_assert_int_eq(pocket_samples_read(&host, path, &samples, NULL), ACCORD_E_CONFIG);
    pocket_samples_fini(&samples);
    unlink(path);
    ck_assert_int_ne(pocket_samples_read(&host, path, &samples, NULL), 0);
    pocket_samples_fini(&samples);
}
END_TEST

/* ---- the feed -----------------------------------------------------------------------
 */

static pocket_feed *feed_of(int model) {
    const pocket_phase *base = pocket_phase_of(pocket_recipe_of(models[model]), "base");

    return pocket_feed_create(&(pocket_feed_config){.seed = corpus_seed(model),
                                                    .mix = &base->mix,
                                                    .lessons = 64,
                                                    .tokens = 1024,
                                                    .context = 512});
}

/* Every lesson of a window is in one batch, whole, and its reply is what is wanted. */
START_TEST(test_batches_hold_every_lesson_once) {
    pocket_feed *feed = feed_of(1);
    pocket_batch b;
    size_t wanted = 0, tokens = 0, want_wanted = 0, want_tokens = 0;
    static int32_t text[512];

    for (uint64_t i = 0; i < 64; i++) {
        pocket_lesson lesson;
        size_t n_prompt, n;
        make(1, i, &lesson);
        ck_assert_int_eq(pocket_lesson_tokens(&lesson, text, 512, &n_prompt, &n), 0);
        ck_assert_int_eq(text[n_prompt - 1], POCKET_REPLY);
        ck_assert_int_eq(text[n - 1], POCKET_END);
        want_tokens += n - 1;
        want_wanted += n - n_prompt;
        pocket_lesson_fini(&lesson);
    }
    for (;;) {
        ck_assert_int_eq(pocket_feed_next(feed, &b), 0);
        if (pocket_feed_place(feed).window > 0)
            break;
        ck_assert(b.rows * (b.time + 1) <= 1024 || b.rows == 1);
        tokens += b.n_tokens;
        wanted += b.n_wanted;
        for (size_t i = 0; i < b.n_wanted; i++)
            ck_assert(b.at[i] >= 0 && (size_t)b.at[i] < b.rows * b.time);
    }
    ck_assert_uint_eq(tokens, want_tokens);
    ck_assert_uint_eq(wanted, want_wanted);
    pocket_feed_destroy(feed);
}
END_TEST

START_TEST(test_a_feed_goes_on_where_it_was) {
    pocket_feed *a = feed_of(1), *b = feed_of(1);
    pocket_batch x, y;

    for (int i = 0; i < 17; i++)
        ck_assert_int_eq(pocket_feed_next(a, &x), 0);
    pocket_feed_go(b, pocket_feed_place(a));
    for (int i = 0; i < 9; i++) {
        ck_assert_int_eq(pocket_feed_next(a, &x), 0);
        ck_assert_int_eq(pocket_feed_next(b, &y), 0);
        ck_assert_uint_eq(x.n_wanted, y.n_wanted);
        ck_assert_mem_eq(x.tokens, y.tokens, x.rows * x.time * sizeof(*x.tokens));
        ck_assert_mem_eq(x.next, y.next, x.n_wanted * sizeof(*x.next));
    }
    pocket_feed_destroy(a);
    pocket_feed_destroy(b);
}
END_TEST

START_TEST(test_a_feed_survives_without_memory) {
    int failed = 1;

    for (uint64_t n = 0; failed && n < 4000; n = n < 40 ? n + 1 : n * 5 / 4) {
        pocket_batch b;
        chaos_fail_after(n);
        pocket_feed *feed = feed_of(2);
        accord_code rc = feed ? pocket_feed_next(feed, &b) : ACCORD_E_NOMEM;
        pocket_feed_destroy(feed);
        failed = chaos_stop();
        ck_assert_int_eq(rc, failed ? ACCORD_E_NOMEM : ACCORD_OK);
    }
    ck_assert(!failed);
}
END_TEST

Suite *suite_pocket_corpus(void) {
    Suite *s = suite_create("pocket_corpus");
    TCase *c = tcase_create("corpus");

    tcase_set_timeout(c, 60);
    tcase_add_loop_test(c, test_the_same_seed_gives_the_same_corpus, 0, 3);
    tcase_add_loop_test(c, test_no_evaluated_question_is_learnt, 0, 3);
    tcase_add_loop_test(c, test_every_reply_is_right, 0, 3);
    tcase_add_test(c, test_a_strategy_gives_no_result_away);
    tcase_add_test(c, test_the_tasks_ask_and_judge_alike);
    tcase_add_test(c, test_panels_are_taught_on_samples);
    tcase_add_loop_test(c, test_a_damaged_sample_is_refused, 0, 3);
    tcase_add_test(c, test_batches_hold_every_lesson_once);
    tcase_add_test(c, test_a_feed_goes_on_where_it_was);
    tcase_add_test(c, test_a_feed_survives_without_memory);
    suite_add_tcase(s, c);
    return s;
}
