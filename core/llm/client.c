/* client.c - calls to servers: encoded here, carried by the parent, decoded here. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "llm/llm_parts.h"

static void *plain(const void *p) {
    return (void *)(uintptr_t)p; /* an iovec does not know const */
}

static void put_call(accord_llm *llm, accord_llm_wait *w, const accord_http *http,
                     int64_t deadline_ns) {
    const accord_caps *caps = w->job->model->caps;
    const char *base = caps->base_url ? caps->base_url : "";
    const char *key_env = caps->key_env ? caps->key_env : "";
    accord_wire_call head = {
        .deadline_ns = deadline_ns,
        .model = w->job->model->index,
        .n_url = (uint32_t)(strlen(base) + strlen(http->path) + 1),
        .n_key_env = (uint32_t)strlen(key_env) + 1,
        .n_body = (uint32_t)http->n_body,
    };

    pthread_mutex_lock(&llm->lock);
    head.id = accord_llm_slot_take(llm, w);
    pthread_mutex_unlock(&llm->lock);
    const struct iovec parts[] = {
        {&head, sizeof(head)},
        {plain(base), strlen(base)},
        {plain(http->path), strlen(http->path) + 1},
        {plain(key_env), head.n_key_env},
        {plain(http->body), http->n_body},
    };
    accord_llm_put(llm, ACCORD_FRAME_CALL, parts, 5, true);
}

void accord_llm_client_start(accord_llm *llm, accord_llm_wait *w, int64_t deadline_ns) {
    const accord_llm_model *m = w->job->model;
    accord_http http = {.struct_size = sizeof(http)};
    accord_err err = {0};

    if (llm->fd < 0)
        accord_llm_wait_fail(w, ACCORD_CALL_API, "no way to a server from here");
    else if (m->ops->encode(m->self, w->call, &http, &err) != ACCORD_OK)
        accord_llm_wait_fail(w, ACCORD_CALL_API,
                             err.msg[0] ? err.msg : "the model cannot encode the call");
    else if (!http.path || !http.body || http.n_body > ACCORD_WIRE_BODY_MAX)
        accord_llm_wait_fail(w, ACCORD_CALL_API, "the request is empty or above 64 MiB");
    else
        put_call(llm, w, &http, deadline_ns);
}

static void put_verdict(accord_llm *llm, uint64_t ticket, int32_t verdict,
                        const accord_reply *reply, const char *message) {
    accord_wire_verdict v = {
        .ticket = ticket,
        .prompt_tokens = reply->prompt_tokens,
        .completion_tokens = reply->completion_tokens,
        .verdict = verdict,
        .n_message = (uint32_t)strlen(message) + 1,
    };
    const struct iovec parts[] = {{&v, sizeof(v)}, {plain(message), v.n_message}};

    accord_llm_put(llm, ACCORD_FRAME_VERDICT, parts, 2, verdict == ACCORD_VERDICT_RETRY);
}

static bool read_head(const char *data, size_t n, accord_wire_reply *head) {
    if (n < sizeof(*head))
        return false;
    memcpy(head, data, sizeof(*head));
    return head->n_type && head->n_body &&
           n == sizeof(*head) + (size_t)head->n_type + head->n_body &&
           !data[sizeof(*head) + head->n_type - 1] && !data[n - 1];
}

void accord_llm_client_abandon(accord_llm *llm, char *frame) {
    accord_wire_reply head;

    memcpy(&head, frame, sizeof(head));
    free(frame);
    if (head.outcome != ACCORD_OUTCOME_HTTP)
        return;
    put_verdict(llm, head.ticket, ACCORD_VERDICT_FAIL, &(accord_reply){0}, "");
    /* A reader that waits to write could wait for ever: another thread does it. */
    pthread_mutex_lock(&llm->lock);
    llm->flush_wanted = true;
    pthread_cond_signal(&llm->work);
    pthread_mutex_unlock(&llm->lock);
}

void accord_llm_client_reply(accord_llm *llm, const char *data, size_t n) {
    accord_wire_reply head;

    if (!read_head(data, n, &head))
        return; /* our own parent does not */
    char *frame = accord_xalloc(n);
    memcpy(frame, data, n);
    pthread_mutex_lock(&llm->lock);
    accord_llm_wait *w = accord_llm_slot_find(llm, head.id);
    if (w) {
        pthread_mutex_lock(&w->group->lock);
        if (!w->frame) {
            w->frame = frame;
            w->next_ready = w->group->ready;
            w->group->ready = w;
            frame = NULL;
            atomic_fetch_add(&llm->undecided, 1);
        }
        pthread_mutex_unlock(&w->group->lock);
        accord_llm_chain_add(llm, w->group);
    }
    pthread_mutex_unlock(&llm->lock);
    if (frame)
        accord_llm_client_abandon(llm, frame);
}

/* What came is an answer: the job's from now on.  False and *why when it does not fit. */
static bool keep(accord_llm_wait *w, const accord_decoded *d, const char **why) {
    size_t width = w->job->model->caps->embed_width;

    if (w->vectors && (!d->vectors || d->width != width)) {
        *why = "the embeddings have another width than the model was set up for";
        return false;
    }
    if (w->vectors)
        memcpy(w->vectors, d->vectors, w->call->n_text * width * sizeof(float));
    accord_llm_reply_copy(&w->job->reply, d->reply);
    return true;
}

static void decode_http(accord_llm *llm, accord_llm_wait *w,
                        const accord_wire_reply *head, const char *type) {
    const accord_llm_model *m = w->job->model;
    accord_reply reply = {.struct_size = sizeof(reply)};
    accord_decoded d = {.struct_size = sizeof(d), .reply = &reply};
    accord_err err = {0};
    const accord_http_reply http = {
        .struct_size = sizeof(http),
        .status = head->status,
        .content_type = type,
        .body = type + head->n_type,
        .n_body = head->n_body - 1,
    };
    const char *why = NULL;

    if (m->ops->decode(m->self, w->call, &http, &d, &err) != ACCORD_OK) {
        d.verdict = ACCORD_VERDICT_FAIL;
        why = err.msg[0] ? err.msg : "the model cannot decode the reply";
    }
    if (d.verdict == ACCORD_VERDICT_OK && !keep(w, &d, &why))
        d.verdict = ACCORD_VERDICT_FAIL;
    if (!why)
        why = reply.message ? reply.message : "";
    put_verdict(llm, head->ticket, d.verdict, &reply, d.verdict ? why : "");
    if (d.verdict == ACCORD_VERDICT_RETRY)
        return; /* the parent's next reply has the same number */
    if (d.verdict == ACCORD_VERDICT_OK) {
        accord_llm_wait_done(w);
        return;
    }
    w->job->reply.prompt_tokens = reply.prompt_tokens;
    w->job->reply.completion_tokens = reply.completion_tokens;
    accord_llm_wait_fail(w, ACCORD_CALL_API, why);
}

void accord_llm_client_decode(accord_llm *llm, accord_llm_wait *w) {
    accord_wire_reply head;
    char *frame = w->frame;
    const char *type = frame + sizeof(head);

    memcpy(&head, frame, sizeof(head));
    pthread_mutex_lock(&w->group->lock);
    w->frame = NULL;
    pthread_mutex_unlock(&w->group->lock);
    w->job->sent_ns = head.sent_ns;
    w->job->first_ns = head.first_ns;
    w->job->done_ns = head.done_ns;
    w->job->tries = head.tries;
    if (head.outcome == ACCORD_OUTCOME_HTTP)
        decode_http(llm, w, &head, type);
    else if (head.outcome == ACCORD_OUTCOME_STOPPED)
        accord_llm_group_stop(w->group);
    else
        accord_llm_wait_fail(w,
                             head.outcome == ACCORD_OUTCOME_TIMEOUT ? ACCORD_CALL_TIMEOUT
                                                                    : ACCORD_CALL_API,
                             type + head.n_type);
    free(frame);
    atomic_fetch_sub(&llm->undecided, 1);
}
