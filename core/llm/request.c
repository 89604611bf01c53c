/* request.c - requests and replies: what is valid, and copies of them. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "llm/llm_parts.h"

const char *accord_llm_request_check(const accord_request *r) {
    if (!r->n_messages || !r->messages)
        return "the request has no messages";
    for (uint32_t i = 0; i < r->n_messages; i++)
        if (!r->messages[i].role || !r->messages[i].text)
            return "a message of the request has no role or no text";
    if (!isfinite(r->temperature) || r->temperature < 0)
        return "the temperature is not a number of at least 0";
    if (!(r->top_p > 0 && r->top_p <= 1))
        return "top_p is not in (0, 1]";
    if (!r->max_tokens)
        return "max_tokens is 0";
    for (uint32_t i = 0; i < r->n_stop; i++)
        if (!r->stop || !r->stop[i] || !r->stop[i][0])
            return "a stop sequence is empty";
    return NULL;
}

static size_t text_size(const char *text) {
    return text ? strlen(text) + 1 : 0;
}

static const char *put_text(char **at, const char *text) {
    size_t n = text_size(text);

    if (!n)
        return NULL;
    char *copy = memcpy(*at, text, n);
    *at += n;
    return copy;
}

accord_request *accord_llm_request_dup(const accord_request *r) {
    size_t n_texts = text_size(r->role) + text_size(r->task) + text_size(r->item);

    for (uint32_t i = 0; i < r->n_messages; i++)
        n_texts += text_size(r->messages[i].role) + text_size(r->messages[i].text);
    for (uint32_t i = 0; i < r->n_stop; i++)
        n_texts += text_size(r->stop[i]);
    accord_request *copy =
        accord_xalloc(sizeof(*copy) + r->n_messages * sizeof(*r->messages) +
                      r->n_stop * sizeof(*r->stop) + n_texts);
    accord_message *messages = (accord_message *)(copy + 1);
    const char **stop = (const char **)(messages + r->n_messages);
    char *at = (char *)(stop + r->n_stop);
    *copy = *r;
    copy->struct_size = sizeof(*copy);
    copy->messages = messages;
    copy->stop = stop;
    for (uint32_t i = 0; i < r->n_messages; i++) {
        messages[i].role = put_text(&at, r->messages[i].role);
        messages[i].text = put_text(&at, r->messages[i].text);
    }
    for (uint32_t i = 0; i < r->n_stop; i++)
        stop[i] = put_text(&at, r->stop[i]);
    copy->role = put_text(&at, r->role);
    copy->task = put_text(&at, r->task);
    copy->item = put_text(&at, r->item);
    return copy;
}

void accord_llm_reply_copy(accord_reply *to, const accord_reply *from) {
    float *logprobs = NULL;
    bool ok = from->error == ACCORD_CALL_OK;

    if (ok && from->n_logprobs && from->logprobs) {
        logprobs = accord_xalloc(from->n_logprobs * sizeof(*logprobs));
        memcpy(logprobs, from->logprobs, from->n_logprobs * sizeof(*logprobs));
    }
    *to = (accord_reply){
        .struct_size = sizeof(*to),
        .error = from->error,
        .finish = from->finish,
        .n_logprobs = logprobs ? from->n_logprobs : 0,
        .prompt_tokens = from->prompt_tokens,
        .completion_tokens = from->completion_tokens,
        .text = accord_xstrdup(ok && from->text ? from->text : ""),
        .message = ok ? NULL : accord_xstrdup(from->message ? from->message : "failed"),
        .logprobs = logprobs,
    };
}

void accord_llm_job_fini(accord_llm_job *job) {
    free((void *)(uintptr_t)job->reply.text);
    free((void *)(uintptr_t)job->reply.message);
    free((void *)(uintptr_t)job->reply.logprobs);
    job->reply = (accord_reply){.struct_size = sizeof(job->reply)};
}
