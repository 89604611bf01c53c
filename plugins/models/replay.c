/* replay.c - answers with what a model said before, by item and sample.  It computes
 * nothing, so a whole evaluation over recorded answers takes seconds and repeats exactly.
 *
 * The request's text is not looked at: item (stamped by the host) and sample pick the
 * answer.  Settings of sampling have no effect either. */
#include <accord/plugin.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "recording.h"

enum { MESSAGE_SIZE = 768 }; /* holds two item ids of 255 bytes */

typedef struct replay {
    const accord_host *host;
    accord_recording *recording;
    accord_caps caps;
    const char *files[2];
    char path[4096];
    char (*messages)[MESSAGE_SIZE]; /* [n_messages], of the misses of the last call */
    uint32_t n_messages;
} replay;

enum { P_FILE, P_MODEL };

static const accord_param params[] = {
    {"file", "recorded answers, .jsonl or .jsonl.gz", ACCORD_STRING, .required = 1},
    {"model", "whose answers, as the file names it; empty: the only one of the file",
     ACCORD_STRING, .text = ""},
};

static void replay_destroy(void *self) {
    replay *r = self;

    if (!r)
        return;
    accord_recording_free(r->recording);
    free(r->messages);
    free(r);
}

static accord_code replay_create(const accord_host *host, const accord_setup *setup,
                                 void **self, accord_err *err) {
    const accord_param_value *values = setup->params;
    replay *r = calloc(1, sizeof(*r));
    if (!r)
        return host->fail(host, err, ACCORD_E_NOMEM, "out of memory");
    r->host = host;
    accord_code rc =
        host->data_path(host, values[P_FILE].s, r->path, sizeof(r->path), err);
    if (!rc)
        rc = accord_recording_load(host, r->path, values[P_MODEL].s, &r->recording, err);
    if (rc) {
        replay_destroy(r);
        return rc;
    }
    r->files[0] = r->path;
    r->caps = (accord_caps){
        .struct_size = sizeof(r->caps),
        .flags = ACCORD_CAP_DETERMINISTIC,
        .files = r->files,
    };
    *self = r;
    return ACCORD_OK;
}

static accord_code replay_caps(void *self, const accord_caps **out, accord_err *err) {
    const replay *r = self;

    *out = &r->caps;
    return ACCORD_OK;
}

/* About what a tokeniser would count: a token for every four bytes, or part of them, of
 * each word between white space. */
static uint64_t count_tokens(const char *text) {
    static const char space[] = " \t\r\n";
    uint64_t n = 0;

    for (text += strspn(text, space); *text; text += strspn(text, space)) {
        size_t word = strcspn(text, space);
        n += (word + 3) / 4;
        text += word;
    }
    return n;
}

static uint64_t count_prompt(const accord_request *request) {
    uint64_t n = 0;

    for (uint32_t i = 0; i < request->n_messages; i++)
        n += count_tokens(request->messages[i].text);
    return n;
}

static void answer(const accord_recorded *row, const accord_request *request,
                   accord_reply *reply) {
    reply->text = row->response;
    reply->finish = row->finish;
    reply->prompt_tokens = row->prompt_tokens == ACCORD_RECORDING_UNKNOWN
                               ? count_prompt(request)
                               : row->prompt_tokens;
    reply->completion_tokens = row->completion_tokens == ACCORD_RECORDING_UNKNOWN
                                   ? count_tokens(row->response)
                                   : row->completion_tokens;
}

/* Room for the messages of n misses. */
static accord_code reserve(replay *r, uint32_t n, accord_err *err) {
    if (n <= r->n_messages)
        return ACCORD_OK;
    char(*longer)[MESSAGE_SIZE] = realloc(r->messages, n * sizeof(*longer));
    if (!longer)
        return r->host->fail(r->host, err, ACCORD_E_NOMEM, "out of memory");
    r->messages = longer;
    r->n_messages = n;
    return ACCORD_OK;
}

static void miss(const replay *r, const char *item, uint32_t sample, char *message,
                 accord_reply *reply) {
    const accord_recorded *near = accord_recording_nearest(r->recording, item, sample);

    snprintf(message, MESSAGE_SIZE,
             "no recorded answer of %s to item %s, sample %u; the nearest is item %s, "
             "sample %u",
             accord_recording_model(r->recording), item, sample, near->item,
             near->sample);
    reply->error = ACCORD_CALL_API;
    reply->text = "";
    reply->message = message;
}

static accord_code replay_complete(void *self, const accord_request *const *requests,
                                   uint32_t n, accord_reply *const *replies,
                                   accord_err *err) {
    replay *r = self;

    for (uint32_t i = 0; i < n; i++) {
        const char *item = requests[i]->item ? requests[i]->item : "";
        const accord_recorded *row =
            accord_recording_find(r->recording, item, requests[i]->sample);
        if (row) {
            answer(row, requests[i], replies[i]);
            continue;
        }
        accord_code rc = reserve(r, n, err);
        if (rc)
            return rc;
        miss(r, item, requests[i]->sample, r->messages[i], replies[i]);
    }
    return ACCORD_OK;
}

static const accord_model_ops model = {
    .struct_size = sizeof(model),
    .caps = replay_caps,
    .complete = replay_complete,
};

static const void *replay_extension(const char *id) {
    return strcmp(id, ACCORD_MODEL) == 0 ? &model : NULL;
}

static const accord_ops ops = {
    .struct_size = sizeof(ops),
    .create = replay_create,
    .destroy = replay_destroy,
    .extension = replay_extension,
};

static const char *const needs[] = {NULL};

const accord_plugin accord_plugin_entry = {
    ACCORD_PLUGIN_HEAD,
    .role = ACCORD_ROLE_MODEL,
    .id = "replay",
    .version = "1.0",
    .summary = "answers with recorded replies, by item, model and sample",
    .license = "MIT",
    .params = params,
    .n_params = sizeof(params) / sizeof(params[0]),
    .needs = needs,
    .ops = &ops,
};
