/* check_pocket_engine.c - the engine of the pocket models: what it computes, that nothing
 * but the request decides the answer, how it draws and where it stops. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <accord/plugin.h>
#include <accord/rng.h>
#include <accord/sha256.h>

#include "chaos.h"
#include "pocket_rig.h"
#include "scratch.h"
#include "suites.h"
#include "tokenizer.h"

static struct pocket_shape shape;
static struct pocket_weights weights;
static struct pocket_engine *engine;

static struct pocket_engine *engine_at(const struct pocket_kernels *kernels) {
    struct pocket_engine *e;
    struct pocket_err err = {0};

    ck_assert_msg(!pocket_engine_create(&weights, kernels, &e, &err), "%s", err.text);
    return e;
}

static void begin(void) {
    scratch_begin();
    shape = pocket_rig_shape();
    weights = pocket_rig_weights(&shape, 7);
    engine = engine_at(pocket_kernels_best());
}

static void end(void) {
    pocket_engine_destroy(engine);
    pocket_weights_close(&weights);
    scratch_end();
}

static struct pocket_answer answer(const struct pocket_job *job) {
    struct pocket_err err = {0};
    struct pocket_answer a;

    ck_assert_msg(!pocket_engine_run(engine, job, 1, &a, &err), "%s", err.text);
    return a;
}

/* ---- what it computes ------------------------------------------------------------- */

enum { N_READ = 70 };

/* Root of the mean square error as a part of the mean square. */
static double misfit(const float *got, const double *want, size_t n) {
    double error = 0, size = 0;

    for (size_t i = 0; i < n; i++) {
        error += pow((double)got[i] - want[i], 2);
        size += pow(want[i], 2);
    }
    return sqrt(error / size);
}

/* Activations of 8 bits and a cache of bfloat16 cost about a hundredth. */
START_TEST(test_logits_are_those_of_the_formulas) {
    size_t v = shape.vocabulary;
    int32_t tokens[N_READ];
    float *got = malloc(N_READ * v * sizeof(*got));
    double *want = malloc(N_READ * v * sizeof(*want));

    pocket_rig_prompt(1, tokens, N_READ);
    pocket_rig_reference(&weights, tokens, N_READ, want, NULL);
    ck_assert_int_eq(pocket_engine_logits(engine, tokens, N_READ, got, NULL), ACCORD_OK);
    for (size_t i = 0; i < N_READ; i++) {
        double off = misfit(got + i * v, want + i * v, v);
        ck_assert_msg(off < 0.03, "the logits at %zu are off by %g", i, off);
    }
    free(got);
    free(want);
}
END_TEST

START_TEST(test_embedding_is_the_mean_hidden_state) {
    static const char text[] = "Anna has 12 apples and gives half of them to Tom.";
    int32_t tokens[64] = {POCKET_TASK_ANSWER, POCKET_QUESTION};
    size_t n = 2 + pocket_encode(text, strlen(text), tokens + 2, 62);
    float got[64];
    double want[64];

    pocket_rig_reference(&weights, tokens, n, NULL, want);
    ck_assert_int_eq(pocket_engine_embed(engine, text, got, NULL), ACCORD_OK);
    ck_assert(misfit(got, want, shape.width) < 0.03);
}
END_TEST

/* In pieces of the context, each of which begins like a question. */
START_TEST(test_a_long_text_is_embedded_in_pieces) {
    enum { TIMES = 50 };
    char text[TIMES * 4 + 1];
    int32_t tokens[80] = {POCKET_TASK_ANSWER, POCKET_QUESTION};
    float got[64], first[64];
    double want[64], rest[64];

    for (int i = 0; i < TIMES; i++)
        memcpy(text + 4 * i, "in. ", 5);
    text[4 * TIMES - 1] = '\0';
    int32_t all[200];
    size_t n = pocket_encode(text, strlen(text), all, 200), most = shape.context - 2;
    ck_assert_uint_eq(n, 2 * TIMES);
    memcpy(tokens + 2, all, most * sizeof(*all));
    pocket_rig_reference(&weights, tokens, shape.context, NULL, want);
    memcpy(tokens + 2, all + most, (n - most) * sizeof(*all));
    pocket_rig_reference(&weights, tokens, n - most + 2, NULL, rest);
    for (size_t i = 0; i < shape.width; i++)
        want[i] = (want[i] * shape.context + rest[i] * (double)(n - most + 2)) /
                  (double)(n + 4);
    ck_assert_int_eq(pocket_engine_embed(engine, text, got, NULL), ACCORD_OK);
    ck_assert(misfit(got, want, shape.width) < 0.03);
    ck_assert_int_eq(pocket_engine_embed(engine, "", first, NULL), ACCORD_OK);
    for (size_t i = 0; i < shape.width; i++)
        ck_assert(isfinite(first[i]));
}
END_TEST

START_TEST(test_logits_refuse_what_they_cannot_read) {
    int32_t tokens[81] = {0};
    struct pocket_err err = {0};

    ck_assert_int_eq(pocket_engine_logits(engine, tokens, 81, NULL, &err), ACCORD_E_ARG);
    ck_assert_str_eq(err.text, "81 tokens, and the context holds 80");
    tokens[1] = (int32_t)shape.vocabulary;
    err = (struct pocket_err){0};
    ck_assert_int_eq(pocket_engine_logits(engine, tokens, 2, NULL, &err), ACCORD_E_ARG);
    ck_assert_msg(strstr(err.text, "is no token") != NULL, "%s", err.text);
}
END_TEST

/* ---- nothing but the request decides ----------------------------------------------- */

enum { N_JOBS = 80, MOST_PROMPT = 40 };

static int32_t prompts[N_JOBS][MOST_PROMPT];

/* Jobs of all kinds; some prompts are alike, some begin alike. */
static void make_jobs(struct pocket_job *jobs) {
    static const double temperatures[] = {0, 0.5, 1, 1.7};
    static const double top_ps[] = {1, 0.9, 0.4, 0};
    static const char *const stops[] = {"e", "zz"};

    for (uint32_t i = 0; i < N_JOBS; i++) {
        uint32_t n = 3 + i * 7 % 38;
        pocket_rig_prompt(i % 5 == 0 ? 100 : i, prompts[i], n);
        if (i % 5 == 0)
            n = 35 + i % 3;
        pocket_rig_prompt(i % 5 == 0 ? 100 : i, prompts[i], n);
        if (i % 10 == 0)
            prompts[i][30] = 20;
        jobs[i] = (struct pocket_job){.prompt = prompts[i],
                                      .n_prompt = n,
                                      .temperature = temperatures[i % 4],
                                      .top_p = top_ps[i / 4 % 4],
                                      .max_tokens = 1 + i * 5 % 30,
                                      .stop = stops,
                                      .n_stop = i % 3 == 0 ? 2 : 0,
                                      .seed = i % 7};
    }
}

static void hash_answer(accord_sha256 *sha, const struct pocket_answer *a) {
    ck_assert_msg(!a->err.code, "%s", a->err.text);
    accord_sha256_update(sha, a->text, strlen(a->text) + 1);
    accord_sha256_update(sha, &a->finish, sizeof(a->finish));
    accord_sha256_update(sha, a->tokens, a->n_tokens * sizeof(*a->tokens));
    accord_sha256_update(sha, a->logprobs, a->n_tokens * sizeof(*a->logprobs));
}

/* The answers to all jobs, `n` at a time, as one hash. */
static void hash_all(struct pocket_engine *e, size_t n, char hex[65]) {
    struct pocket_job jobs[N_JOBS];
    struct pocket_answer answers[N_JOBS];
    accord_sha256 sha;

    make_jobs(jobs);
    accord_sha256_init(&sha);
    for (size_t at = 0; at < N_JOBS; at += n) {
        size_t some = N_JOBS - at < n ? N_JOBS - at : n;
        ck_assert_int_eq(pocket_engine_run(e, jobs + at, some, answers, NULL), ACCORD_OK);
        for (size_t i = 0; i < some; i++)
            hash_answer(&sha, &answers[i]);
    }
    accord_sha256_hex(&sha, hex);
}

START_TEST(test_the_batch_does_not_matter) {
    static const size_t sizes[] = {1, 2, 3, 7, 16, 64, N_JOBS};
    char alone[65], hex[65];

    hash_all(engine, 1, alone);
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        hash_all(engine, sizes[i], hex);
        ck_assert_msg(strcmp(hex, alone) == 0, "%zu at a time differ", sizes[i]);
    }
}
END_TEST

/* A new engine for every job has nothing to copy from. */
START_TEST(test_copied_beginnings_do_not_matter) {
    struct pocket_job jobs[N_JOBS];
    struct pocket_answer answers[N_JOBS], a;

    make_jobs(jobs);
    ck_assert_int_eq(pocket_engine_run(engine, jobs, N_JOBS, answers, NULL), ACCORD_OK);
    for (size_t i = 0; i < N_JOBS; i += 5) {
        struct pocket_engine *fresh = engine_at(pocket_kernels_best());
        ck_assert_int_eq(pocket_engine_run(fresh, &jobs[i], 1, &a, NULL), ACCORD_OK);
        ck_assert_str_eq(a.text, answers[i].text);
        ck_assert_mem_eq(a.logprobs, answers[i].logprobs, a.n_tokens * sizeof(float));
        pocket_engine_destroy(fresh);
    }
}
END_TEST

/* The hash is the same for every level, compiler and machine. */
START_TEST(test_every_level_gives_the_same_bits) {
    const struct pocket_kernels *kernels = pocket_kernels_at(_i);
    char hex[65];

    if (!kernels)
        return;
    struct pocket_engine *e = engine_at(kernels);
    hash_all(e, 64, hex);
    pocket_engine_destroy(e);
    ck_assert_msg(
        strcmp(hex, "cb4e363340498846821e4a00ba290fdc64b3a5ec9d58c97779b3bef0de81a841") ==
            0,
        "%s: %s", kernels->name, hex);
}
END_TEST

START_TEST(test_the_best_level_is_one_of_those_here) {
    int n = 0;

    for (int i = 0; i < POCKET_LEVELS; i++)
        n += pocket_kernels_at(i) == pocket_kernels_best();
    ck_assert_int_eq(n, 1);
    ck_assert_ptr_null(pocket_kernels_at(POCKET_LEVELS));
    ck_assert_ptr_null(pocket_kernels_at(-1));
}
END_TEST

/* ---- how it draws ----------------------------------------------------------------- */

/* Probabilities of the first token after a prompt, from the logits. */
static void first_token(const struct pocket_job *job, double *p) {
    size_t n = job->n_prompt, v = shape.vocabulary;
    float *logits = malloc(n * v * sizeof(*logits));
    double sum = 0;

    ck_assert_int_eq(pocket_engine_logits(engine, job->prompt, n, logits, NULL),
                     ACCORD_OK);
    for (size_t i = 0; i < v; i++) {
        p[i] = pocket_is_speech((int32_t)i)
                   ? exp((double)logits[(n - 1) * v + i] / job->temperature)
                   : 0;
        sum += p[i];
    }
    for (size_t i = 0; i < v; i++)
        p[i] /= sum;
    free(logits);
}

/* Keeps the likeliest that have `share`, as nucleus sampling is defined. */
static void keep(double *p, double share) {
    size_t v = shape.vocabulary;
    double *kept = calloc(v, sizeof(*kept)), sum = 0;

    while (sum < share) {
        size_t best = 0;
        for (size_t i = 1; i < v; i++)
            best = p[i] > p[best] ? i : best;
        sum += kept[best] = p[best];
        p[best] = 0;
    }
    for (size_t i = 0; i < v; i++)
        p[i] = kept[i] / sum;
    free(kept);
}

static const struct {
    double temperature, top_p;
} drawings[] = {{1, 1}, {0.6, 1}, {2, 1}, {1, 0.8}, {1.5, 0.5}};

/* Pearson's chi-square over the tokens that are expected 5 times or more, the others
 * together being one more class. */
START_TEST(test_tokens_come_as_often_as_they_should) {
    enum { DRAWS = 6400, TOGETHER = 64 };
    struct pocket_job job = {.prompt = prompts[0],
                             .n_prompt = 12,
                             .temperature = drawings[_i].temperature,
                             .top_p = drawings[_i].top_p,
                             .max_tokens = 1};
    double *p = malloc(shape.vocabulary * sizeof(*p)), square = 0, rest = 0;
    unsigned *seen = calloc(shape.vocabulary, sizeof(*seen)), n_rest = 0, classes = 0;

    pocket_rig_prompt(5, prompts[0], 12);
    first_token(&job, p);
    if (job.top_p < 1)
        keep(p, job.top_p);
    for (int i = 0; i < DRAWS; i += TOGETHER) {
        struct pocket_job jobs[TOGETHER];
        struct pocket_answer answers[TOGETHER];
        for (int k = 0; k < TOGETHER; k++) {
            jobs[k] = job;
            jobs[k].seed = accord_rng_fold(99, (uint64_t)(i + k));
        }
        ck_assert(!pocket_engine_run(engine, jobs, TOGETHER, answers, NULL));
        for (int k = 0; k < TOGETHER; k++)
            seen[answers[k].tokens[0]]++;
    }
    for (size_t i = 0; i < shape.vocabulary; i++) {
        ck_assert_msg(p[i] > 0 || seen[i] == 0, "token %zu may not come", i);
        if (p[i] * DRAWS < 5) {
            rest += p[i] * DRAWS;
            n_rest += seen[i];
        } else {
            square += pow(seen[i] - p[i] * DRAWS, 2) / (p[i] * DRAWS);
            classes++;
        }
    }
    square += rest > 0 ? pow(n_rest - rest, 2) / rest : 0;
    /* Five standard deviations above the mean of the distribution. */
    ck_assert_msg(square < classes + 5 * sqrt(2.0 * classes) && classes > 5,
                  "chi-square %g with %u classes", square, classes);
    free(p);
    free(seen);
}
END_TEST

static uint32_t likeliest_after(const int32_t *tokens, size_t n) {
    size_t v = shape.vocabulary;
    float *logits = malloc(n * v * sizeof(*logits));
    uint32_t best = 0;

    ck_assert_int_eq(pocket_engine_logits(engine, tokens, n, logits, NULL), ACCORD_OK);
    for (uint32_t i = 1; i < v; i++)
        if (pocket_is_speech((int32_t)i) &&
            logits[(n - 1) * v + i] > logits[(n - 1) * v + best])
            best = i;
    free(logits);
    return best;
}

/* Temperature 0, a temperature next to it and top-p 0 all give the likeliest. */
START_TEST(test_no_temperature_means_the_likeliest) {
    static const double settings[][2] = {{0, 1}, {1e-300, 1}, {1.5, 0}, {0, 0.5}};
    int32_t tokens[40];
    struct pocket_job job = {.prompt = tokens, .n_prompt = 9, .max_tokens = 12};

    pocket_rig_prompt(8, tokens, 9);
    for (int i = 0; i < 4; i++) {
        job.temperature = settings[i][0];
        job.top_p = settings[i][1];
        struct pocket_answer a = answer(&job);
        int32_t said[16];
        uint32_t n = a.n_tokens;
        memcpy(said, a.tokens, n * sizeof(*said));
        for (uint32_t k = 0; k < n; k++) {
            ck_assert_int_eq(said[k], (int32_t)likeliest_after(tokens, 9 + k));
            tokens[9 + k] = said[k];
        }
    }
}
END_TEST

START_TEST(test_log_probabilities_are_of_temperature_1) {
    int32_t tokens[40];
    struct pocket_job job = {.prompt = tokens,
                             .n_prompt = 9,
                             .temperature = 1.4,
                             .top_p = 0.9,
                             .max_tokens = 12,
                             .seed = 4};
    double *p = malloc(shape.vocabulary * sizeof(*p));

    pocket_rig_prompt(8, tokens, 9);
    struct pocket_answer a = answer(&job);
    int32_t said[12];
    float logprobs[12];
    uint32_t n = a.n_tokens;
    ck_assert_uint_gt(n, 1);
    memcpy(said, a.tokens, n * sizeof(*said));
    memcpy(logprobs, a.logprobs, n * sizeof(*logprobs));
    for (uint32_t i = 0; i < n; i++) {
        job.temperature = 1;
        job.n_prompt = 9 + i;
        first_token(&job, p);
        ck_assert_msg(fabs(log(p[said[i]]) - (double)logprobs[i]) < 1e-5,
                      "token %u: %g, not %g", i, (double)logprobs[i], log(p[said[i]]));
        tokens[9 + i] = said[i];
    }
    free(p);
}
END_TEST

START_TEST(test_seeds_differ_and_repeat) {
    int32_t tokens[9];
    struct pocket_job job = {
        .prompt = tokens, .n_prompt = 9, .temperature = 1, .top_p = 1, .max_tokens = 20};
    char first[2000];
    int differ = 0;

    pocket_rig_prompt(3, tokens, 9);
    snprintf(first, sizeof(first), "%s", answer(&job).text);
    ck_assert_str_eq(answer(&job).text, first);
    for (job.seed = 1; job.seed < 9; job.seed++)
        differ += strcmp(answer(&job).text, first) != 0;
    ck_assert_int_ge(differ, 7);
}
END_TEST

/* ---- where it stops --------------------------------------------------------------- */

static int32_t stop_prompt[9];

static struct pocket_job stop_job(void) {
    pocket_rig_prompt(21, stop_prompt, 9);
    return (struct pocket_job){.prompt = stop_prompt,
                               .n_prompt = 9,
                               .temperature = 1,
                               .top_p = 1,
                               .max_tokens = 40,
                               .seed = 11};
}

/* Every part of what would be said stops it there, whatever tokens it lies in. */
START_TEST(test_stops_cut_the_text_before_them) {
    struct pocket_job job = stop_job();
    char whole[4000], stop[16];
    const char *const stops[] = {"", "\x01", stop};
    struct pocket_answer a = answer(&job);

    snprintf(whole, sizeof(whole), "%s", a.text);
    uint32_t n_whole = a.n_tokens;
    ck_assert_uint_gt(strlen(whole), 60);
    job.stop = stops;
    job.n_stop = 3;
    for (size_t at = 0; at + 12 < strlen(whole); at++) {
        snprintf(stop, sizeof(stop), "%.*s", (int)(1 + at % 11), whole + at);
        size_t first = (size_t)(strstr(whole, stop) - whole);
        a = answer(&job);
        ck_assert_uint_eq(strlen(a.text), first);
        ck_assert_int_eq(strncmp(a.text, whole, first), 0);
        ck_assert_int_eq(a.finish, ACCORD_FINISH_STOP);
        ck_assert_uint_le(a.n_tokens, n_whole);
        ck_assert_uint_gt(a.n_tokens, 0);
    }
}
END_TEST

START_TEST(test_of_two_stops_the_first_in_the_text_counts) {
    struct pocket_job job = stop_job();
    char whole[4000], late[2] = "", early[3] = "";
    const char *const stops[] = {late, early};

    snprintf(whole, sizeof(whole), "%s", answer(&job).text);
    memcpy(early, whole + 10, 2);
    late[0] = whole[11];
    size_t first = (size_t)(strstr(whole, early) - whole);
    size_t other = (size_t)(strchr(whole, late[0]) - whole);
    job.stop = stops;
    job.n_stop = 2;
    ck_assert_uint_eq(strlen(answer(&job).text), first < other ? first : other);
}
END_TEST

START_TEST(test_a_reply_ends_at_max_tokens_or_the_context) {
    struct pocket_job job = stop_job();

    job.max_tokens = 7;
    struct pocket_answer a = answer(&job);
    ck_assert_int_eq(a.finish, ACCORD_FINISH_LENGTH);
    ck_assert_uint_eq(a.n_tokens, 7);
    job.max_tokens = 0;
    a = answer(&job);
    ck_assert_int_eq(a.finish, ACCORD_FINISH_LENGTH);
    ck_assert_uint_eq(a.n_tokens, 0);
    ck_assert_str_eq(a.text, "");
    int n_long = 0;
    job.max_tokens = 100000;
    for (job.seed = 0; job.seed < 20; job.seed++) {
        a = answer(&job);
        n_long += a.finish == ACCORD_FINISH_LENGTH;
        if (a.finish == ACCORD_FINISH_LENGTH)
            ck_assert_uint_eq(a.n_tokens, shape.context - 9);
        else
            ck_assert_int_eq(a.tokens[a.n_tokens - 1], POCKET_END);
    }
    ck_assert_int_gt(n_long, 0);
}
END_TEST

/* The embedding of the end token is made so that it is the likeliest at once. */
START_TEST(test_the_end_token_ends_the_reply) {
    struct pocket_job job = stop_job();
    struct pocket_answer a;
    int n = 0;

    for (job.seed = 0; job.seed < 3000 && n == 0; job.seed++) {
        job.temperature = 3;
        a = answer(&job);
        for (uint32_t i = 0; i + 1 < a.n_tokens; i++)
            ck_assert_int_ne(a.tokens[i], POCKET_END);
        if (a.finish == ACCORD_FINISH_STOP) {
            n++;
            ck_assert_int_eq(a.tokens[a.n_tokens - 1], POCKET_END);
        }
    }
    ck_assert_int_eq(n, 1);
}
END_TEST

/* ---- what it refuses, and memory --------------------------------------------------- */

START_TEST(test_jobs_that_cannot_be_done_say_why) {
    static const struct {
        double temperature, top_p;
        size_t n_prompt;
        const char *why;
    } bad[] = {
        {1, 1, 0, "the prompt is empty"},
        {1, 1, 80,
         "the prompt has 80 tokens, and the context of 80 holds no reply to it"},
        {-0.1, 1, 5, "the temperature is -0.1, and must be 0 or more"},
        {(double)NAN, 1, 5, "the temperature is nan, and must be 0 or more"},
        {(double)INFINITY, 1, 5, "the temperature is inf, and must be 0 or more"},
        {1, -0.5, 5, "top_p is -0.5, and must be from 0 to 1"},
        {1, 1.01, 5, "top_p is 1.01, and must be from 0 to 1"},
        {1, (double)NAN, 5, "top_p is nan, and must be from 0 to 1"},
    };
    enum { N = sizeof(bad) / sizeof(bad[0]) };
    static int32_t tokens[80];
    struct pocket_job jobs[N + 1];
    struct pocket_answer answers[N + 1];

    for (int i = 0; i < N; i++)
        jobs[i] = (struct pocket_job){.prompt = tokens,
                                      .n_prompt = bad[i].n_prompt,
                                      .temperature = bad[i].temperature,
                                      .top_p = bad[i].top_p,
                                      .max_tokens = 4};
    jobs[N] = stop_job();
    ck_assert_int_eq(pocket_engine_run(engine, jobs, N + 1, answers, NULL), ACCORD_OK);
    for (int i = 0; i < N; i++) {
        ck_assert_int_eq(answers[i].err.code, ACCORD_E_ARG);
        ck_assert_str_eq(answers[i].err.text, bad[i].why);
        ck_assert_str_eq(answers[i].text, "");
        ck_assert_uint_eq(answers[i].n_tokens, 0);
    }
    ck_assert_int_eq(answers[N].err.code, ACCORD_OK);
    ck_assert_uint_gt(answers[N].n_tokens, 0);
    tokens[3] = -1;
    struct pocket_answer a = answer(&(struct pocket_job){
        .prompt = tokens, .n_prompt = 5, .top_p = 1, .max_tokens = 1});
    ck_assert_str_eq(a.err.text, "-1 is no token");
}
END_TEST

START_TEST(test_nothing_to_do_is_done) {
    ck_assert_int_eq(pocket_engine_run(engine, NULL, 0, NULL, NULL), ACCORD_OK);
    pocket_engine_destroy(NULL);
}
END_TEST

static accord_code run_once(struct pocket_err *err) {
    struct pocket_job jobs[3];
    struct pocket_answer answers[3];
    struct pocket_engine *e;
    float out[64];

    for (int i = 0; i < 3; i++) {
        jobs[i] = (struct pocket_job){.prompt = stop_prompt,
                                      .n_prompt = 9,
                                      .temperature = 2,
                                      .top_p = 1,
                                      .max_tokens = 71,
                                      .seed = (uint64_t)i};
    }
    accord_code rc = pocket_engine_create(&weights, pocket_kernels_best(), &e, err);
    if (!rc)
        rc = pocket_engine_run(e, jobs, 3, answers, err);
    if (!rc)
        rc = pocket_engine_embed(e, "Anna has 3 apples.", out, err);
    pocket_engine_destroy(e);
    return rc;
}

START_TEST(test_the_engine_says_when_memory_runs_out) {
    accord_code rc = ACCORD_E_NOMEM;
    int n = 0, failed;

    pocket_rig_prompt(21, stop_prompt, 9);
    for (; rc; n++) {
        struct pocket_err err = {0};
        chaos_fail_after((uint64_t)n);
        rc = run_once(&err);
        failed = chaos_stop();
        ck_assert_int_eq(rc, failed ? ACCORD_E_NOMEM : ACCORD_OK);
        ck_assert_str_eq(err.text, failed ? "out of memory" : "");
    }
    ck_assert_int_gt(n, 17);
}
END_TEST

static void add_drawing(TCase *tc) {
    tcase_add_loop_test(tc, test_tokens_come_as_often_as_they_should, 0,
                        sizeof(drawings) / sizeof(drawings[0]));
    tcase_add_test(tc, test_no_temperature_means_the_likeliest);
    tcase_add_test(tc, test_log_probabilities_are_of_temperature_1);
    tcase_add_test(tc, test_seeds_differ_and_repeat);
}

static void add_stopping(TCase *tc) {
    tcase_add_test(tc, test_stops_cut_the_text_before_them);
    tcase_add_test(tc, test_of_two_stops_the_first_in_the_text_counts);
    tcase_add_test(tc, test_a_reply_ends_at_max_tokens_or_the_context);
    tcase_add_test(tc, test_the_end_token_ends_the_reply);
}

Suite *suite_pocket_engine(void) {
    Suite *suite = suite_create("pocket_engine");
    TCase *tc = tcase_create("all");

    tcase_add_checked_fixture(tc, begin, end);
    tcase_set_timeout(tc, 120);
    tcase_add_test(tc, test_logits_are_those_of_the_formulas);
    tcase_add_test(tc, test_embedding_is_the_mean_hidden_state);
    tcase_add_test(tc, test_a_long_text_is_embedded_in_pieces);
    tcase_add_test(tc, test_logits_refuse_what_they_cannot_read);
    tcase_add_test(tc, test_the_batch_does_not_matter);
    tcase_add_test(tc, test_copied_beginnings_do_not_matter);
    tcase_add_loop_test(tc, test_every_level_gives_the_same_bits, 0, POCKET_LEVELS);
    tcase_add_test(tc, test_the_best_level_is_one_of_those_here);
    add_drawing(tc);
    add_stopping(tc);
    tcase_add_test(tc, test_jobs_that_cannot_be_done_say_why);
    tcase_add_test(tc, test_nothing_to_do_is_done);
    tcase_add_test(tc, test_the_engine_says_when_memory_runs_out);
    suite_add_tcase(suite, tc);
    return suite;
}
