/* speaker.c - see speaker.h. */
#include "speaker.h"

#include <stdlib.h>
#include <string.h>

#include <accord/rng.h>

#include "template.h"

enum { CONTEXT = 512, CANON_BYTES = 1024, REPLY_TOKENS = 256 };

/* A problem's prompt, and the jobs of one call. */
typedef struct bench {
    int32_t (*prompt)[CONTEXT]; /* [n] */
    struct pocket_job *job;     /* [n * samples] */
    struct pocket_answer *answer;
} bench;

accord_code pocket_speaker_open(pocket_speaker *s, const char *name, const char *path,
                                struct pocket_err *err) {
    *s = (pocket_speaker){.name = name};
    accord_code rc = pocket_weights_open(path, &s->weights, err);
    if (!rc)
        rc = pocket_engine_create(&s->weights, pocket_kernels_best(), &s->engine, err);
    return rc;
}

void pocket_speaker_close(pocket_speaker *s) {
    pocket_engine_destroy(s->engine);
    pocket_weights_close(&s->weights);
    *s = (pocket_speaker){.name = NULL};
}

void pocket_said_fini(pocket_said *said, size_t n) {
    for (size_t i = 0; said && i < n; i++) {
        free(said[i].text);
        free(said[i].canon);
        said[i] = (pocket_said){.text = NULL};
    }
}

static accord_code ask(const pocket_problem *problem, const pocket_round *round,
                       const pocket_said *before, int32_t *prompt, size_t *n,
                       struct pocket_err *err) {
    const accord_record record = {.struct_size = sizeof(record),
                                  .question = problem->question,
                                  .instruction =
                                      pocket_problem_format(problem->key.kind)};
    accord_request request = ACCORD_REQUEST_INIT;
    accord_chat *chat = accord_chat_create();

    accord_chat_ask(chat, round->task, &record);
    if (round->own)
        accord_chat_section(chat, "Answer", before->text);
    for (uint32_t k = 0; k < round->peers; k++)
        accord_chat_peer(chat, k + 1, before[round->own + k].text);
    accord_code rc = accord_chat_request(chat, &request);
    if (!rc)
        rc = pocket_prompt(request.messages, request.n_messages, prompt, CONTEXT, n, err);
    accord_chat_destroy(chat);
    return rc;
}

static accord_code fill(const bench *b, const pocket_problem *problems, size_t n,
                        const pocket_round *round, struct pocket_err *err) {
    accord_code rc = ACCORD_OK;

    for (size_t i = 0; i < n && !rc; i++) {
        size_t shown = round->own + round->peers, n_prompt;
        rc = ask(&problems[i], round, round->before ? round->before + i * shown : NULL,
                 b->prompt[i], &n_prompt, err);
        for (uint32_t k = 0; k < round->samples; k++)
            b->job[i * round->samples + k] = (struct pocket_job){
                .prompt = b->prompt[i],
                .n_prompt = n_prompt < CONTEXT ? n_prompt : CONTEXT,
                .temperature = round->temperature,
                .top_p = 1,
                .max_tokens = REPLY_TOKENS,
                .seed = accord_rng_fold(accord_rng_fold(round->seed, i), k)};
    }
    return rc;
}

/* An answer that could not be given is a wrong one with no text. */
static accord_code keep(const pocket_problem *problem, const struct pocket_answer *answer,
                        pocket_said *out) {
    char canon[CANON_BYTES];

    accord_code rc =
        pocket_grade(problem, answer->text, &out->is_right, canon, sizeof(canon));
    out->text = strdup(answer->text);
    out->canon = strdup(canon);
    return !rc && (!out->text || !out->canon) ? ACCORD_E_NOMEM : rc;
}

accord_code pocket_speak(pocket_speaker *s, const pocket_problem *problems, size_t n,
                         const pocket_round *round, pocket_said *out,
                         struct pocket_err *err) {
    size_t jobs = n * round->samples;
    bench b = {.prompt = calloc(n, sizeof(*b.prompt)),
               .job = calloc(jobs, sizeof(*b.job)),
               .answer = calloc(jobs, sizeof(*b.answer))};

    memset(out, 0, jobs * sizeof(*out));
    accord_code rc = b.prompt && b.job && b.answer ? ACCORD_OK : ACCORD_E_NOMEM;
    if (!rc)
        rc = fill(&b, problems, n, round, err);
    if (!rc)
        rc = pocket_engine_run(s->engine, b.job, jobs, b.answer, err);
    for (size_t i = 0; i < jobs && !rc; i++)
        rc = keep(&problems[i / round->samples], &b.answer[i], &out[i]);
    free(b.prompt);
    free(b.job);
    free(b.answer);
    return rc;
}

double pocket_accuracy(const pocket_said *said, size_t n) {
    size_t right = 0;

    for (size_t i = 0; i < n; i++)
        right += (size_t)said[i].is_right;
    return n ? (double)right / (double)n : 0;
}

/* The verdict on the answer that most of said[n] gave. */
static int is_elected(const pocket_said *said, size_t n) {
    size_t best = 0, most = 0;

    for (size_t i = 0; i < n; i++) {
        size_t votes = 0;
        for (size_t k = 0; k < n && *said[i].canon; k++)
            votes += strcmp(said[i].canon, said[k].canon) == 0;
        if (votes > most) {
            most = votes;
            best = i;
        }
    }
    return said[best].is_right;
}

double pocket_majority(const pocket_said *said, size_t n, size_t stride, size_t of) {
    size_t right = 0;

    for (size_t i = 0; i < n; i++)
        right += (size_t)is_elected(said + i * stride, of);
    return n ? (double)right / (double)n : 0;
}
