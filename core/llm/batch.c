/* batch.c - models that compute: one thread takes all that waits at the moment and hands
 * it to each model at once.  It works on copies, so a thread may stop waiting at any
 * time. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "llm/llm_parts.h"

static void item_free(accord_llm_item *i) {
    for (uint32_t t = 0; t < i->n_text; t++)
        free(i->text[t]);
    free(i->text);
    free(i->request);
    free(i);
}

static accord_llm_item *item_make(accord_llm_wait *w) {
    const accord_call *call = w->call;
    accord_llm_item *i = accord_xalloc(sizeof(*i));

    i->wait = w;
    i->model = w->job->model;
    if (call->request)
        i->request = accord_llm_request_dup(call->request);
    i->n_text = call->n_text;
    i->text = accord_xalloc(call->n_text * sizeof(*i->text));
    for (uint32_t t = 0; t < call->n_text; t++)
        i->text[t] = accord_xstrdup(call->text[t]);
    return i;
}

void accord_llm_batch_start(accord_llm *llm, accord_llm_wait *w) {
    accord_llm_item *i = item_make(w);

    pthread_mutex_lock(&llm->lock);
    w->item = i;
    *(llm->last ? &llm->last->next : &llm->first) = i;
    llm->last = i;
    if (llm->stopped)
        accord_llm_group_stop(w->group);
    pthread_cond_signal(&llm->work);
    pthread_mutex_unlock(&llm->lock);
}

void accord_llm_batch_stop(accord_llm *llm) {
    for (accord_llm_item *i = llm->first; i; i = i->next)
        if (i->wait)
            accord_llm_group_stop(i->wait->group);
}

void accord_llm_batch_fini(accord_llm *llm) {
    while (llm->first) {
        accord_llm_item *i = llm->first;
        llm->first = i->next;
        item_free(i);
    }
}

/* Cuts the items of the first one's model and kind out of the list. */
static accord_llm_item *take_alike(accord_llm_item **list) {
    const accord_llm_item *first = *list;
    const accord_llm_model *model = first->model;
    bool embeds = !first->request;
    accord_llm_item *alike = NULL, **end = &alike;

    while (*list) {
        accord_llm_item *i = *list;
        if (i->model != model || embeds != !i->request) {
            list = &i->next;
            continue;
        }
        *list = i->next;
        i->next = NULL;
        *end = i;
        end = &i->next;
    }
    return alike;
}

static accord_code complete(accord_llm_item *items, uint32_t n, accord_err *err) {
    const accord_llm_model *m = items->model;
    const accord_request **requests = accord_xalloc(n * sizeof(*requests));
    accord_reply **replies = accord_xalloc(n * sizeof(*replies));
    uint32_t k = 0;

    for (accord_llm_item *i = items; i; i = i->next, k++) {
        i->reply = (accord_reply){.struct_size = sizeof(i->reply), .text = ""};
        requests[k] = i->request;
        replies[k] = &i->reply;
    }
    accord_code code = m->ops->complete(m->self, requests, n, replies, err);
    free(requests);
    free(replies);
    return code;
}

static accord_code embed(accord_llm_item *items, float *out, uint32_t n,
                         accord_err *err) {
    const accord_llm_model *m = items->model;
    const char **text = accord_xalloc(n * sizeof(*text));
    uint32_t k = 0;

    for (accord_llm_item *i = items; i; i = i->next) {
        i->reply = (accord_reply){.struct_size = sizeof(i->reply), .text = ""};
        for (uint32_t t = 0; t < i->n_text; t++)
            text[k++] = i->text[t];
    }
    accord_code code = m->ops->embed(m->self, text, n, out, err);
    free(text);
    return code;
}

typedef struct batch_end {
    accord_code code;
    accord_err err;
    int64_t begin_ns, end_ns;
} batch_end;

/* Under llm->lock. */
static void deliver(accord_llm_item *i, const batch_end *end, const float *vectors) {
    accord_llm_wait *w = i->wait;

    if (!w)
        return;
    w->item = NULL;
    w->job->sent_ns = end->begin_ns;
    w->job->first_ns = w->job->done_ns = end->end_ns;
    w->job->tries = 1;
    if (end->code == ACCORD_E_STOPPED) {
        accord_llm_group_stop(w->group);
        return;
    }
    if (end->code != ACCORD_OK) {
        accord_llm_wait_fail(w, ACCORD_CALL_API,
                             end->err.msg[0] ? end->err.msg : "the model failed");
        return;
    }
    if (w->vectors)
        memcpy(w->vectors, vectors,
               (size_t)i->n_text * i->model->caps->embed_width * sizeof(float));
    accord_llm_reply_copy(&w->job->reply, &i->reply);
    accord_llm_wait_done(w);
}

static void report(accord_llm *llm, accord_llm_item *items, accord_code code) {
    accord_wire_usage u = {.model = items->model->index};

    for (accord_llm_item *i = items; i; i = i->next) {
        u.calls++;
        u.prompt_tokens += code == ACCORD_OK ? i->reply.prompt_tokens : 0;
        u.completion_tokens += code == ACCORD_OK ? i->reply.completion_tokens : 0;
    }
    if (llm->fd >= 0)
        accord_llm_send(llm, ACCORD_FRAME_USAGE, &u, sizeof(u));
}

/* One model's share of what waited.  Frees the items. */
static void run(accord_llm *llm, accord_llm_item *items) {
    batch_end end = {.begin_ns = accord_now_ns()};
    uint32_t n = 0, n_text = 0;

    for (accord_llm_item *i = items; i; i = i->next) {
        n++;
        n_text += i->n_text;
    }
    size_t width = items->model->caps->embed_width;
    float *vectors =
        items->request ? NULL : accord_xalloc(n_text * width * sizeof(float));
    end.code = items->request ? complete(items, n, &end.err)
                              : embed(items, vectors, n_text, &end.err);
    end.end_ns = accord_now_ns();
    report(llm, items, end.code);
    pthread_mutex_lock(&llm->lock);
    const float *at = vectors;
    for (accord_llm_item *i = items; i; i = i->next) {
        deliver(i, &end, at);
        at = at ? at + i->n_text * width : NULL;
    }
    pthread_mutex_unlock(&llm->lock);
    while (items) {
        accord_llm_item *i = items;
        items = i->next;
        item_free(i);
    }
    free(vectors);
}

/* Under llm->lock: what waits, without those whom nobody misses. */
static accord_llm_item *take_waiting(accord_llm *llm) {
    accord_llm_item *list = llm->first, **at = &list;

    llm->first = llm->last = NULL;
    while (*at) {
        accord_llm_item *i = *at;
        if (i->wait) {
            at = &i->next;
            continue;
        }
        *at = i->next;
        item_free(i);
    }
    return list;
}

void *accord_llm_batch_run(void *user) {
    accord_llm *llm = user;

    pthread_mutex_lock(&llm->lock);
    while (!llm->closing) {
        if (!llm->first && !llm->flush_wanted) {
            pthread_cond_wait(&llm->work, &llm->lock);
            continue;
        }
        bool flush = llm->flush_wanted;
        llm->flush_wanted = false;
        accord_llm_item *list = take_waiting(llm);
        pthread_mutex_unlock(&llm->lock);
        if (flush)
            accord_llm_flush(llm, true);
        while (list)
            run(llm, take_alike(&list));
        pthread_mutex_lock(&llm->lock);
    }
    pthread_mutex_unlock(&llm->lock);
    return NULL;
}
