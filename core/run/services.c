/* services.c - see services.h. */
#include "run/services.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <accord/rng.h>
#include <accord/sha256.h>

#include "base/clock.h"
#include "base/mem.h"
#include "run/episode.h"

/* ---- models ----------------------------------------------------------------------- */

static uint64_t service_stream(accord_episode *e, uint32_t agent, const char *role,
                               uint32_t round, uint32_t sample) {
    uint64_t x = accord_rng_fold_text(e->stream, role ? role : "");

    x = accord_rng_fold(x, agent);
    x = accord_rng_fold(x, round);
    return accord_rng_fold(x, sample);
}

/* How often this episode called with the same (agent, role, round, sample) before. */
static accord_code next_ordinal(accord_episode *e, const accord_call_key *k,
                                uint32_t *out, accord_err *err) {
    uint64_t key = service_stream(e, k->agent, k->role, k->round, k->sample);

    for (size_t i = 0; i < e->n_ordinals; i++)
        if (e->ordinals[i].key == key) {
            *out = ++e->ordinals[i].n;
            return ACCORD_OK;
        }
    *out = 0;
    accord_code rc = accord_grow(&e->ordinals, e->n_ordinals, &e->cap_ordinals,
                                 sizeof(*e->ordinals), err);
    if (!rc)
        e->ordinals[e->n_ordinals++] = (accord_ordinal){.key = key};
    return rc;
}

static void hash_text(accord_sha256 *s, const char *text) {
    accord_sha256_update(s, text, strlen(text) + 1);
}

/* The identity of a request: everything that can change the reply. */
static void hash_request(const accord_request *r, const char *model, char out[17]) {
    accord_sha256 s;
    char hex[65], numbers[128];

    accord_sha256_init(&s);
    hash_text(&s, model);
    for (uint32_t i = 0; i < r->n_messages; i++) {
        hash_text(&s, r->messages[i].role);
        hash_text(&s, r->messages[i].text);
    }
    for (uint32_t i = 0; i < r->n_stop; i++)
        hash_text(&s, r->stop[i]);
    snprintf(numbers, sizeof(numbers), "%.17g %.17g %u %d %llu", r->temperature, r->top_p,
             r->max_tokens, r->logprobs, (unsigned long long)r->seed);
    hash_text(&s, numbers);
    accord_sha256_hex(&s, hex);
    snprintf(out, 17, "%.16s", hex);
}

/* Where the calls of one complete() report. */
typedef struct ledger {
    accord_journal *journal;
    accord_code rc; /* the first failure to write */
    accord_err err;
} ledger;

/* A request as it will be sent, and its key. */
typedef struct prepared {
    accord_request request;
    accord_call_key key;
    ledger *ledger;
} prepared;

static const char *role_of(const accord_episode *e, const accord_request *r) {
    if (e->place.phase == ACCORD_PHASE_PROBE)
        return "probe";
    return r->role ? r->role : "solver";
}

static accord_code prepare(accord_episode *e, const accord_request *from, prepared *p,
                           accord_err *err) {
    size_t n =
        from->struct_size < sizeof(p->request) ? from->struct_size : sizeof(p->request);

    memset(&p->request, 0, sizeof(p->request));
    memcpy(&p->request, from, n);
    p->request.struct_size = sizeof(p->request);
    if (!from->model || !from->model->instance || from->n_messages == 0)
        return accord_fail(err, ACCORD_E_ARG, "a request needs a model and messages");
    p->request.role = role_of(e, from);
    p->request.task = e->stage->task_name;
    p->request.item = e->item;
    p->request.seed =
        service_stream(e, from->agent, from->role, from->round, from->sample);
    p->key = (accord_call_key){.ep = e->name,
                               .agent = from->agent,
                               .role = p->request.role,
                               .round = from->round,
                               .sample = from->sample};
    accord_code rc = next_ordinal(e, &p->key, &p->key.ordinal, err);
    if (p->key.ordinal > 0)
        p->request.seed = accord_rng_fold(p->request.seed, p->key.ordinal);
    p->request.seed >>= 11; /* fits a double: servers read JSON numbers */
    hash_request(&p->request, from->model->name, p->key.hash);
    return rc;
}

/* Adds a reply to the episode's accounts. */
static void account(accord_episode *e, const accord_reply *r) {
    e->tokens += r->prompt_tokens + r->completion_tokens;
    e->failed_calls += r->error != ACCORD_CALL_OK;
    e->api_errors += r->error == ACCORD_CALL_API;
    e->timeouts += r->error == ACCORD_CALL_TIMEOUT;
    e->out_of_budget = e->out_of_budget || r->error == ACCORD_CALL_BUDGET;
    if (r->error == ACCORD_CALL_OK)
        e->last_finish = r->finish;
}

static accord_batch *new_batch(accord_episode *e, uint32_t n) {
    accord_batch *b = accord_xalloc(sizeof(*b));

    b->n = n;
    b->jobs = accord_xalloc(n * sizeof(*b->jobs));
    b->replies = accord_xalloc(n * sizeof(*b->replies));
    b->next = e->batches;
    e->batches = b;
    for (uint32_t i = 0; i < n; i++)
        b->replies[i] = &b->jobs[i].reply;
    return b;
}

/* Calls that the episode may not afford fail at once. */
static void refuse(accord_llm_job *job) {
    job->reply =
        (accord_reply){.struct_size = sizeof(job->reply),
                       .error = ACCORD_CALL_BUDGET,
                       .text = accord_xstrdup(""),
                       .message = accord_xstrdup("the episode's tokens are spent")};
    job->scheduled_ns = job->sent_ns = job->first_ns = job->done_ns = accord_now_ns();
}

/* Sends those of the batch that the journal does not answer. */
static accord_code send_missing(accord_episode *e, accord_batch *b, const bool *answered,
                                accord_err *err) {
    accord_llm_job *jobs = accord_xalloc(b->n * sizeof(*jobs));
    uint32_t n = 0;

    for (uint32_t i = 0; i < b->n; i++)
        if (!answered[i])
            jobs[n++] = b->jobs[i];
    accord_code rc =
        n == 0 ? ACCORD_OK
               : accord_llm_complete(e->stage->llm, jobs, n, e->deadline_ns, err);
    n = 0;
    for (uint32_t i = 0; i < b->n; i++)
        if (!answered[i])
            b->jobs[i] = jobs[n++];
    free(jobs);
    return rc;
}

/* A reply is journalled as soon as it is here: what was paid for is not asked for again,
 * though the run may end before the others of its batch are back. */
static void write_down(void *ctx, const accord_llm_job *job) {
    const prepared *p = ctx;
    ledger *l = p->ledger;

    if (!l->rc)
        l->rc = accord_journal_call(l->journal, &p->key, p->request.model->name, job,
                                    &l->err);
}

static accord_code complete_batch(accord_episode *e, accord_batch *b, prepared *p,
                                  bool *answered, accord_err *err) {
    ledger l = {.journal = e->stage->journal};
    accord_stage *s = e->stage;
    bool broke = s->suite->episode_tokens && e->tokens >= s->suite->episode_tokens;
    accord_code rc = ACCORD_OK;

    for (uint32_t i = 0; i < b->n && !rc; i++) {
        b->jobs[i].model = &p[i].request.model->llm;
        b->jobs[i].request = &p[i].request;
        b->jobs[i].on_done = write_down;
        b->jobs[i].ctx = &p[i];
        p[i].ledger = &l;
        rc = accord_journal_find_call(s->journal, &p[i].key, &answered[i], &b->jobs[i],
                                      err);
        if (!answered[i] && broke) {
            refuse(&b->jobs[i]);
            answered[i] = true;
        }
    }
    if (!rc)
        rc = send_missing(e, b, answered, err);
    if (l.rc)
        *err = l.err;
    return l.rc ? l.rc : rc;
}

/* Accounts for all calls, and journals those that were refused. */
static accord_code account_batch(accord_episode *e, accord_batch *b, const prepared *p,
                                 accord_err *err) {
    accord_code rc = ACCORD_OK;

    for (uint32_t i = 0; i < b->n && !rc; i++) {
        if (b->jobs[i].reply.error == ACCORD_CALL_BUDGET)
            rc = accord_journal_call(e->stage->journal, &p[i].key,
                                     p[i].request.model->name, &b->jobs[i], err);
        account(e, &b->jobs[i].reply);
    }
    return rc;
}

/* A failure to write is the cell's, not the episode's. */
static accord_code fatal(accord_episode *e, const accord_err *why, accord_err *err) {
    accord_stage_fail(e->stage, why);
    e->stopped = true;
    return accord_fail(err, ACCORD_E_STOPPED, "the cell cannot go on");
}

/* The episode stays open, whatever its method makes of that. */
static accord_code stopped(accord_episode *e, accord_err *err) {
    e->stopped = true;
    atomic_store(&e->stage->stopping,
                 1); /* the calls may know it before the stage does */
    return accord_fail(err, ACCORD_E_STOPPED, "the run is stopping");
}

static accord_code check_time(accord_episode *e, accord_err *err) {
    if (atomic_load(&e->stage->stopping))
        return stopped(e, err);
    if (e->deadline_ns && accord_now_ns() > e->deadline_ns) {
        e->out_of_time = true;
        return accord_fail(err, ACCORD_E_LIMIT, "the episode's time is over");
    }
    return ACCORD_OK;
}

static accord_code service_complete(accord_episode *e, const accord_request *requests,
                                    uint32_t n, const accord_reply *const **replies,
                                    accord_err *err) {
    accord_code rc = check_time(e, err);

    *replies = NULL;
    if (rc || n == 0)
        return rc;
    prepared *p = accord_xalloc(n * sizeof(*p));
    bool *answered = accord_xalloc(n * sizeof(*answered));
    accord_batch *b = new_batch(e, n);
    for (uint32_t i = 0; i < n && !rc; i++) {
        const char *at = (const char *)requests + (size_t)i * requests[0].struct_size;
        rc = prepare(e, (const accord_request *)(const void *)at, &p[i], err);
    }
    accord_err why = {0};
    if (!rc) {
        rc = complete_batch(e, b, p, answered, &why);
        if (!rc)
            rc = account_batch(e, b, p, &why);
        if (rc == ACCORD_E_STOPPED)
            stopped(e, err);
        else if (rc)
            rc = fatal(e, &why, err);
    }
    *replies = b->replies;
    for (uint32_t i = 0; i < n; i++)
        b->jobs[i].request = NULL; /* p goes */
    free(p);
    free(answered);
    return rc;
}

/* An embedding is journalled like a call, so that a resumed run does not ask again. */
static void embed_key(accord_episode *e, const accord_model *model,
                      const char *const *text, uint32_t n, accord_call_key *key) {
    accord_sha256 s;
    char hex[65];

    *key = (accord_call_key){.ep = e->name,
                             .role = e->place.phase == ACCORD_PHASE_PROBE ? "probe"
                                                                          : "encoder"};
    accord_sha256_init(&s);
    hash_text(&s, model->name);
    for (uint32_t i = 0; i < n; i++)
        hash_text(&s, text[i]);
    accord_sha256_hex(&s, hex);
    snprintf(key->hash, sizeof(key->hash), "%.16s", hex);
}

static accord_code embed_missing(accord_episode *e, const accord_call_key *key,
                                 const accord_model *model, const char *const *text,
                                 uint32_t n, accord_llm_job *job, accord_err *err) {
    size_t width = model->llm.caps->embed_width;
    float *vectors = accord_xalloc((size_t)n * width * sizeof(*vectors));

    accord_code rc = accord_llm_embed(e->stage->llm, &model->llm, text, n, vectors,
                                      e->deadline_ns, job, err);
    free((void *)job->reply.logprobs);
    job->reply.logprobs = vectors; /* an embedding's numbers travel here */
    job->reply.n_logprobs = job->reply.error ? 0 : (uint32_t)(n * width);
    return rc ? rc : accord_journal_call(e->stage->journal, key, model->name, job, err);
}

static accord_code service_embed(accord_episode *e, const accord_model *model,
                                 const char *const *text, uint32_t n, float *out,
                                 accord_err *err) {
    accord_call_key key;
    accord_llm_job job = {0};
    accord_err why = {0};
    bool answered = false;
    accord_code rc = check_time(e, err);

    if (rc)
        return rc;
    if (!(model->llm.caps->flags & ACCORD_CAP_EMBED))
        return accord_fail(err, ACCORD_E_UNSUPPORTED, "model %s does not embed",
                           model->name);
    embed_key(e, model, text, n, &key);
    if ((rc = next_ordinal(e, &key, &key.ordinal, err)))
        return rc;
    rc = accord_journal_find_call(e->stage->journal, &key, &answered, &job, &why);
    if (!rc && !answered)
        rc = embed_missing(e, &key, model, text, n, &job, &why);
    if (rc == ACCORD_E_STOPPED) {
        stopped(e, err);
    } else if (rc) {
        rc = fatal(e, &why, err);
    } else {
        account(e, &job.reply);
        if (job.reply.error)
            rc = accord_fail(err, ACCORD_E_MODEL, "model %s: %s", model->name,
                             job.reply.message ? job.reply.message : "no embedding");
        else
            memcpy(out, job.reply.logprobs, job.reply.n_logprobs * sizeof(*out));
    }
    accord_llm_job_fini(&job);
    return rc;
}

static const accord_caps *service_caps(const accord_model *model) {
    return model->llm.caps;
}

static const char *service_name(const accord_model *model) {
    return model->name;
}

static const accord_models_service models_service = {
    .struct_size = sizeof(models_service),
    .complete = service_complete,
    .embed = service_embed,
    .caps = service_caps,
    .name = service_name,
};

/* ---- canon, train.score, trace ---------------------------------------------------- */

static accord_code service_canon(accord_episode *e, const accord_action *action,
                                 char *buf, size_t size, accord_err *err) {
    if (size > 0)
        buf[0] = '\0';
    if (e->spec->action.kind != ACCORD_TEXT || !action->text)
        return ACCORD_OK;
    return e->stage->task->task->canon(e->task_ep, action, buf, size, err);
}

static const accord_canon_service canon_service = {
    .struct_size = sizeof(canon_service),
    .canon = service_canon,
};

static accord_code service_score(accord_episode *e, const accord_action *action,
                                 double *reward, accord_err *err) {
    accord_err why = {0};
    char *canon;

    *reward = 0.0;
    if (e->key.split != ACCORD_SPLIT_TRAIN)
        return accord_fail(err, ACCORD_E_ARG, "only items of the train split are scored");
    accord_code rc = accord_episode_score(e, action, reward, &canon, err);
    if (rc)
        return rc;
    rc = accord_journal_score(e->stage->journal, e->name, canon, *reward, &why);
    free(canon);
    return rc ? fatal(e, &why, err) : ACCORD_OK;
}

static const accord_train_score_service score_service = {
    .struct_size = sizeof(score_service),
    .score = service_score,
};

static accord_code service_candidate(accord_episode *e, const char *kind, uint32_t index,
                                     const accord_action *action, accord_err *err) {
    if (e->spec->max_steps != 1)
        return accord_fail(err, ACCORD_E_ARG, "only answers to questions are candidates");
    accord_code rc = accord_grow(&e->candidates, e->n_candidates, &e->cap_candidates,
                                 sizeof(*e->candidates), err);
    if (rc)
        return rc;
    e->candidates[e->n_candidates++] =
        (accord_candidate){.kind = accord_xstrdup(kind),
                           .index = index,
                           .text = accord_xstrdup(action->text ? action->text : ""),
                           .tokens = e->tokens};
    return ACCORD_OK;
}

static const accord_trace_service trace_service = {
    .struct_size = sizeof(trace_service),
    .candidate = service_candidate,
};

/* ---- metrics, random, deadline ---------------------------------------------------- */

static void service_record(const accord_host *host, accord_episode *e, const char *name,
                           double value) {
    const accord_host_instance *instance =
        (const accord_host_instance *)(const void *)host;
    accord_stage *s = instance->ctx;
    accord_err why = {0};

    accord_token_touch(s, accord_now_ns()); /* who reports has not hung */
    if (accord_journal_metric(s->journal, e ? e->name : NULL,
                              atomic_load(&s->live->trained), name, value, &why))
        accord_stage_fail(s, &why);
}

static const accord_metrics_service metrics_service = {
    .struct_size = sizeof(metrics_service),
    .record = service_record,
};

static const accord_random_service random_service = {
    .struct_size = sizeof(random_service),
    .stream = service_stream,
};

static int64_t service_left_ns(accord_episode *e) {
    return e->deadline_ns ? e->deadline_ns - accord_now_ns() : INT64_MAX;
}

static const accord_deadline_service deadline_service = {
    .struct_size = sizeof(deadline_service),
    .left_ns = service_left_ns,
};

const accord_service accord_run_services[] = {
    {ACCORD_MODELS, &models_service},     {ACCORD_CANON, &canon_service},
    {ACCORD_TRAIN_SCORE, &score_service}, {ACCORD_METRICS, &metrics_service},
    {ACCORD_TRACE, &trace_service},       {ACCORD_RANDOM, &random_service},
    {ACCORD_DEADLINE, &deadline_service}, {NULL, NULL},
};
