/* openai.c - chat completions and embeddings of any OpenAI-compatible server: OpenAI,
 * vLLM, llama.cpp, Ollama, gateways.  Only the wire format lives here; sending, retries
 * and the key are the host's.
 *
 * https://platform.openai.com/docs/api-reference/chat */
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <accord/plugin.h>

#include "json_emit.h"
#include "json_scan.h"

enum {
    P_MODEL,
    P_BASE_URL,
    P_KEY_ENV,
    P_CONTEXT,
    P_SEED,
    P_LIMIT,
    P_EMBED_MODEL,
    P_EMBED_WIDTH,
    N_PARAMS
};

static const char *const limit_names[] = {"max_tokens", "max_completion_tokens", NULL};

static const accord_param params[N_PARAMS] = {
    [P_MODEL] = {.name = "model",
                 .help = "the server's name of the model",
                 .type = ACCORD_STRING,
                 .required = 1},
    [P_BASE_URL] = {.name = "base_url",
                    .help = "address up to /v1; empty: OPENAI_BASE_URL, or OpenAI's own",
                    .type = ACCORD_STRING,
                    .text = ""},
    [P_KEY_ENV] = {.name = "key_env",
                   .help = "environment variable that holds the key",
                   .type = ACCORD_STRING,
                   .text = "OPENAI_API_KEY"},
    [P_CONTEXT] = {.name = "context",
                   .help = "length of the context in tokens, 0 = unknown",
                   .type = ACCORD_INT,
                   .min = 0,
                   .max = 1e9},
    [P_SEED] = {.name = "seed",
                .help = "the server draws by the seed it is given",
                .type = ACCORD_BOOL,
                .value = 1},
    [P_LIMIT] = {.name = "limit",
                 .help = "the server's name of the bound of a reply",
                 .type = ACCORD_STRING,
                 .text = "max_tokens",
                 .choices = limit_names},
    [P_EMBED_MODEL] = {.name = "embed_model",
                       .help = "the server's name of the model that embeds; empty: model",
                       .type = ACCORD_STRING,
                       .text = ""},
    [P_EMBED_WIDTH] = {.name = "embed_width",
                       .help = "floats of an embedding, 0 = it embeds nothing",
                       .type = ACCORD_INT,
                       .min = 0,
                       .max = 1e6},
};

typedef struct openai {
    const accord_host *host;
    const accord_param_value *params;
    accord_caps caps;
    char *url;
    json_emit body;       /* of the last request */
    json_scan_list reply; /* the last one that was read */
    char *text;           /* of the last reply; likewise below */
    float *numbers;       /* log-probabilities or vectors */
    char message[256];
} openai;

/* ---- life ---- */

static void destroy(void *self) {
    openai *m = self;

    if (!m)
        return;
    free(m->url);
    free(m->body.text);
    json_scan_fini(&m->reply);
    free(m->text);
    free(m->numbers);
    free(m);
}

/* The address without a slash at its end, because paths begin with one. */
static char *base_url(const char *given) {
    const char *from = given;

    if (!*from)
        from = getenv("OPENAI_BASE_URL");
    if (!from || !*from)
        from = "https://api.openai.com/v1";
    size_t n = strlen(from);
    while (n && from[n - 1] == '/')
        n--;
    return strndup(from, n);
}

static accord_code create(const accord_host *host, const accord_setup *setup, void **self,
                          accord_err *err) {
    openai *m = calloc(1, sizeof(*m));

    *self = NULL;
    if (!m || !(m->url = base_url(setup->params[P_BASE_URL].s))) {
        destroy(m);
        return host->fail(host, err, ACCORD_E_NOMEM, "out of memory");
    }
    m->host = host;
    m->params = setup->params;
    m->caps = (accord_caps){
        .struct_size = sizeof(m->caps),
        .flags = ACCORD_CAP_SERVER | ACCORD_CAP_TOP_P | ACCORD_CAP_LOGPROBS |
                 (m->params[P_SEED].i ? ACCORD_CAP_SEED : 0u) |
                 (m->params[P_EMBED_WIDTH].i ? ACCORD_CAP_EMBED : 0u),
        .context = (uint32_t)m->params[P_CONTEXT].i,
        .embed_width = (uint32_t)m->params[P_EMBED_WIDTH].i,
        .base_url = m->url,
        .key_env = m->params[P_KEY_ENV].s,
    };
    if (strncmp(m->url, "http://", 7) != 0 && strncmp(m->url, "https://", 8) != 0) {
        host->fail(host, err, ACCORD_E_CONFIG,
                   "base_url \"%s\" does not begin with http:// or https://", m->url);
        destroy(m);
        return ACCORD_E_CONFIG;
    }
    *self = m;
    return ACCORD_OK;
}

static accord_code caps(void *self, const accord_caps **out, accord_err *err) {
    openai *m = self;

    (void)err;
    *out = &m->caps;
    return ACCORD_OK;
}

/* ---- encode ---- */

static void put_strings(json_emit *w, const char *const *text, uint32_t n) {
    json_emit_text(w, "[");
    for (uint32_t i = 0; i < n; i++) {
        json_emit_text(w, i ? "," : "");
        json_emit_string(w, text[i]);
    }
    json_emit_text(w, "]");
}

static void put_messages(json_emit *w, const accord_request *r) {
    json_emit_text(w, "[");
    for (uint32_t i = 0; i < r->n_messages; i++) {
        json_emit_text(w, i ? ",{\"role\":" : "{\"role\":");
        json_emit_string(w, r->messages[i].role);
        json_emit_text(w, ",\"content\":");
        json_emit_string(w, r->messages[i].text);
        json_emit_text(w, "}");
    }
    json_emit_text(w, "]");
}

/* Servers hold seeds in 31 bits and more. */
static int64_t seed_of(const accord_request *r) {
    return (int64_t)((r->seed ^ r->seed >> 32) & 0x7fffffff);
}

static void put_chat(const openai *m, const accord_request *r, json_emit *w) {
    json_emit_text(w, "{\"model\":");
    json_emit_string(w, m->params[P_MODEL].s);
    json_emit_text(w, ",\"messages\":");
    put_messages(w, r);
    json_emit_text(w, ",\"temperature\":");
    json_emit_real(w, r->temperature);
    json_emit_text(w, ",");
    json_emit_string(w, m->params[P_LIMIT].s);
    json_emit_text(w, ":");
    json_emit_integer(w, r->max_tokens);
    if (r->top_p < 1) {
        json_emit_text(w, ",\"top_p\":");
        json_emit_real(w, r->top_p);
    }
    if (r->n_stop) {
        json_emit_text(w, ",\"stop\":");
        put_strings(w, r->stop, r->n_stop);
    }
    if (m->caps.flags & ACCORD_CAP_SEED) {
        json_emit_text(w, ",\"seed\":");
        json_emit_integer(w, seed_of(r));
    }
    json_emit_text(w, r->logprobs ? ",\"logprobs\":true}" : "}");
}

static void put_embed(const openai *m, const accord_call *call, json_emit *w) {
    const char *name = m->params[P_EMBED_MODEL].s;

    json_emit_text(w, "{\"model\":");
    json_emit_string(w, *name ? name : m->params[P_MODEL].s);
    json_emit_text(w, ",\"input\":");
    put_strings(w, call->text, call->n_text);
    json_emit_text(w, ",\"encoding_format\":\"float\"}");
}

static accord_code encode(void *self, const accord_call *call, accord_http *out,
                          accord_err *err) {
    openai *m = self;
    bool chat = call->kind == ACCORD_CALL_CHAT;

    m->body.n = 0;
    m->body.failed = false;
    if (chat)
        put_chat(m, call->request, &m->body);
    else
        put_embed(m, call, &m->body);
    if (m->body.failed)
        return m->host->fail(m->host, err, ACCORD_E_NOMEM,
                             "out of memory for the request");
    out->path = chat ? "/chat/completions" : "/embeddings";
    out->body = m->body.text;
    out->n_body = m->body.n;
    return ACCORD_OK;
}

/* ---- decode ---- */

__attribute__((format(printf, 4, 5))) static accord_code
verdict(openai *m, accord_decoded *out, int32_t what, const char *fmt, ...) {
    va_list ap;

    va_start(ap, fmt);
    vsnprintf(m->message, sizeof(m->message), fmt, ap);
    va_end(ap);
    out->verdict = what;
    out->reply->message = m->message;
    return ACCORD_OK;
}

static const json_scan_value *member(const openai *m, const json_scan_value *v,
                                     const char *name) {
    return json_scan_member(&m->reply, v, name);
}

static bool is_null(const json_scan_value *v) {
    return !v || v->kind == JSON_SCAN_NULL;
}

static uint64_t count(const openai *m, const json_scan_value *usage, const char *name) {
    int64_t n = json_scan_integer(member(m, usage, name));

    return n > 0 && n < INT64_C(1) << 40 ? (uint64_t)n : 0;
}

/* A value's characters, in m->text; "" when it is no string. */
static bool take_text(openai *m, const json_scan_value *v) {
    free(m->text);
    m->text = malloc((v ? v->length : 0) + 1);
    if (m->text)
        json_scan_string(v, m->text);
    return m->text;
}

static bool type_passes(openai *m, const json_scan_value *type) {
    static const char *const passing[] = {"rate_limit", "server_error", "overloaded",
                                          "timeout",    "unavailable",  NULL};
    bool passes = false;

    if (!take_text(m, type))
        return false;
    for (size_t i = 0; passing[i]; i++)
        passes |= strstr(m->text, passing[i]) != NULL;
    return passes;
}

/* {"error": {"message", "type", "code"}} with status 200: some gateways do that. */
static accord_code decode_error(openai *m, const json_scan_value *error,
                                accord_decoded *out) {
    int64_t code = json_scan_integer(member(m, error, "code"));
    bool passes = code == 408 || code == 429 || code >= 500 ||
                  type_passes(m, member(m, error, "type"));
    const json_scan_value *message = member(m, error, "message");
    bool said = take_text(m, message ? message : error) && *m->text;

    return verdict(m, out, passes ? ACCORD_VERDICT_RETRY : ACCORD_VERDICT_FAIL,
                   "the server reports an error: %.180s",
                   said ? m->text : "without a text");
}

static bool take_logprobs(openai *m, const json_scan_value *choice, accord_reply *reply) {
    const json_scan_value *list = member(m, member(m, choice, "logprobs"), "content");
    const json_scan_value *token = json_scan_first(list);

    if (!token)
        return true;
    free(m->numbers);
    m->numbers = malloc(list->length * sizeof(*m->numbers));
    if (!m->numbers)
        return false;
    for (uint32_t i = 0; i < list->length; i++) {
        m->numbers[i] = (float)json_scan_number(member(m, token, "logprob"));
        token = json_scan_after(&m->reply, token);
    }
    reply->logprobs = m->numbers;
    reply->n_logprobs = list->length;
    return true;
}

static bool is_string(const json_scan_value *v, const char *text) {
    return v && v->kind == JSON_SCAN_STRING && v->length == strlen(text) &&
           memcmp(v->text, text, v->length) == 0;
}

static int32_t finish_of(const openai *m, const json_scan_value *choice,
                         const json_scan_value *message) {
    const json_scan_value *why = member(m, choice, "finish_reason");
    const json_scan_value *refusal = member(m, message, "refusal");

    if ((refusal && refusal->kind == JSON_SCAN_STRING && refusal->length) ||
        is_string(why, "content_filter"))
        return ACCORD_FINISH_REFUSED;
    return is_string(why, "length") ? ACCORD_FINISH_LENGTH : ACCORD_FINISH_STOP;
}

static accord_code decode_chat(openai *m, accord_decoded *out, accord_err *err) {
    const json_scan_value *choice =
        json_scan_first(member(m, m->reply.values, "choices"));
    const json_scan_value *message = member(m, choice, "message");
    const json_scan_value *content = member(m, message, "content");

    if (!choice)
        return verdict(m, out, ACCORD_VERDICT_RETRY, "the reply has no choices");
    if (!message || message->kind != JSON_SCAN_OBJECT ||
        (!is_null(content) && content->kind != JSON_SCAN_STRING))
        return verdict(m, out, ACCORD_VERDICT_RETRY, "the reply's choice has no text");
    if (!take_text(m, content) || !take_logprobs(m, choice, out->reply))
        return m->host->fail(m->host, err, ACCORD_E_NOMEM, "out of memory for the reply");
    out->verdict = ACCORD_VERDICT_OK;
    out->reply->text = m->text;
    out->reply->finish = finish_of(m, choice, message);
    return ACCORD_OK;
}

/* Writes the vector of one element of "data" where its index says; false when it has none
 * or not the width. */
static bool take_vector(openai *m, const json_scan_value *element, size_t at, size_t n) {
    const json_scan_value *vector = member(m, element, "embedding");
    const json_scan_value *index = member(m, element, "index");
    const json_scan_value *number = json_scan_first(vector);
    uint32_t width = m->caps.embed_width;

    if (index && index->kind == JSON_SCAN_INTEGER)
        at = (size_t)json_scan_integer(index);
    if (at >= n || !number || vector->length != width)
        return false;
    for (uint32_t i = 0; i < width; i++, number = json_scan_after(&m->reply, number))
        m->numbers[at * width + i] = (float)json_scan_number(number);
    return true;
}

static accord_code decode_embed(openai *m, size_t n, accord_decoded *out,
                                accord_err *err) {
    const json_scan_value *data = member(m, m->reply.values, "data");
    const json_scan_value *element = json_scan_first(data);
    size_t found = element ? data->length : 0;

    if (found != n)
        return verdict(m, out, ACCORD_VERDICT_RETRY,
                       "the reply has %zu embeddings for %zu texts", found, n);
    free(m->numbers);
    m->numbers = calloc(n * m->caps.embed_width + 1, sizeof(*m->numbers));
    if (!m->numbers)
        return m->host->fail(m->host, err, ACCORD_E_NOMEM, "out of memory for the reply");
    for (size_t i = 0; i < n; i++, element = json_scan_after(&m->reply, element))
        if (!take_vector(m, element, i, n))
            return verdict(m, out, ACCORD_VERDICT_FAIL,
                           "an embedding is not of %u floats (embed_width)",
                           m->caps.embed_width);
    out->verdict = ACCORD_VERDICT_OK;
    out->vectors = m->numbers;
    out->width = m->caps.embed_width;
    out->reply->text = "";
    return ACCORD_OK;
}

static bool is_json(const char *type) {
    return !*type || strcasestr(type, "json");
}

/* What the reply says, once it is read. */
static accord_code decode_reply(openai *m, const accord_call *call, accord_decoded *out,
                                accord_err *err) {
    const json_scan_value *error = member(m, m->reply.values, "error");
    const json_scan_value *usage = member(m, m->reply.values, "usage");

    out->reply->prompt_tokens = count(m, usage, "prompt_tokens");
    out->reply->completion_tokens = count(m, usage, "completion_tokens");
    if (!is_null(error))
        return decode_error(m, error, out);
    return call->kind == ACCORD_CALL_CHAT ? decode_chat(m, out, err)
                                          : decode_embed(m, call->n_text, out, err);
}

static accord_code decode(void *self, const accord_call *call,
                          const accord_http_reply *http, accord_decoded *out,
                          accord_err *err) {
    enum { KEEP = 1 << 16 }; /* values whose room is kept for the next reply */
    openai *m = self;
    accord_code code = ACCORD_OK;
    size_t at;

    if (!is_json(http->content_type)) /* a portal or a wrong address: it would not pass */
        return verdict(
            m, out, ACCORD_VERDICT_FAIL,
            "the server sent \"%.80s\" where JSON was expected; is base_url right?",
            http->content_type);
    switch (json_scan_text(&m->reply, http->body, http->n_body, &at)) {
    case JSON_SCAN_FINE:
        code = decode_reply(m, call, out, err);
        break;
    case JSON_SCAN_TOO_DEEP:
        verdict(m, out, ACCORD_VERDICT_FAIL, "the reply's JSON is nested too deep");
        break;
    case JSON_SCAN_MALFORMED:
        verdict(m, out, ACCORD_VERDICT_RETRY, "the reply is no JSON (byte %zu of %zu)",
                at, http->n_body);
        break;
    case JSON_SCAN_NO_MEMORY:
        code = m->host->fail(m->host, err, ACCORD_E_NOMEM, "out of memory for the reply");
        break;
    }
    if (m->reply.cap > KEEP)
        json_scan_fini(&m->reply);
    return code;
}

/* ---- entry ---- */

static const accord_model_ops model_ops = {
    .struct_size = sizeof(model_ops),
    .caps = caps,
    .encode = encode,
    .decode = decode,
};

static const void *extension(const char *id) {
    return strcmp(id, ACCORD_MODEL) == 0 ? &model_ops : NULL;
}

static const accord_ops ops = {
    .struct_size = sizeof(ops),
    .create = create,
    .destroy = destroy,
    .extension = extension,
};

const accord_plugin accord_plugin_entry = {
    ACCORD_PLUGIN_HEAD,
    .role = ACCORD_ROLE_MODEL,
    .id = "openai",
    .version = "1.0",
    .summary = "Any OpenAI-compatible server: chat completions and embeddings",
    .reference = "https://platform.openai.com/docs/api-reference/chat",
    .license = "MIT",
    .params = params,
    .n_params = N_PARAMS,
    .ops = &ops,
};
