/* openai.c - chat completions and embeddings of any OpenAI-compatible server: OpenAI,
 * vLLM, llama.cpp, Ollama, gateways.  Only the wire format lives here; sending, retries
 * and the key are the host's.
 *
 * https://platform.openai.com/docs/api-reference/chat */
#include <jansson.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <accord/plugin.h>

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
    char *body;     /* of the last request */
    char *text;     /* of the last reply; likewise below */
    float *numbers; /* log-probabilities or vectors */
    char message[256];
} openai;

/* ---- life ---- */

static void destroy(void *self) {
    openai *m = self;

    if (!m)
        return;
    free(m->url);
    free(m->body);
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

/* The length of the valid UTF-8 sequence at s (RFC 3629), or 0. */
static size_t sequence(const unsigned char *s) {
    if (s[0] < 0x80)
        return 1;
    size_t n = s[0] >= 0xf0 ? 4 : s[0] >= 0xe0 ? 3 : 2;
    if (s[0] < 0xc2 || s[0] > 0xf4)
        return 0;
    for (size_t i = 1; i < n; i++)
        if ((s[i] & 0xc0) != 0x80)
            return 0;
    bool bad = (s[0] == 0xe0 && s[1] < 0xa0) || (s[0] == 0xed && s[1] > 0x9f) ||
               (s[0] == 0xf0 && s[1] < 0x90) || (s[0] == 0xf4 && s[1] > 0x8f);
    return bad ? 0 : n;
}

/* A JSON string.  Methods may cut a text in the middle of a character: what is no UTF-8
 * becomes U+FFFD, as in the journal. */
static json_t *string(const char *text) {
    json_t *value = json_string(text);

    if (value)
        return value;
    char *clean = malloc(3 * strlen(text) + 1);
    size_t k = 0;
    while (clean && *text) {
        size_t n = sequence((const unsigned char *)text);
        memcpy(clean + k, n ? text : "\xef\xbf\xbd", n ? n : 3);
        k += n ? n : 3;
        text += n ? n : 1;
    }
    value = clean ? json_stringn(clean, k) : NULL;
    free(clean);
    return value;
}

static json_t *strings(const char *const *text, uint32_t n) {
    json_t *array = json_array();

    for (uint32_t i = 0; i < n; i++)
        if (json_array_append_new(array, string(text[i])) != 0) {
            json_decref(array);
            return NULL;
        }
    return array;
}

static json_t *messages(const accord_request *r) {
    json_t *array = json_array();

    for (uint32_t i = 0; i < r->n_messages; i++) {
        json_t *message = json_pack("{s:o, s:o}", "role", string(r->messages[i].role),
                                    "content", string(r->messages[i].text));
        if (json_array_append_new(array, message) != 0) {
            json_decref(array);
            return NULL;
        }
    }
    return array;
}

/* Servers hold seeds in 31 bits and more. */
static json_int_t seed_of(const accord_request *r) {
    return (json_int_t)((r->seed ^ r->seed >> 32) & 0x7fffffff);
}

static json_t *chat_body(const openai *m, const accord_request *r) {
    json_t *j = json_pack("{s:o, s:o, s:f, s:I}", "model", string(m->params[P_MODEL].s),
                          "messages", messages(r), "temperature", r->temperature,
                          m->params[P_LIMIT].s, (json_int_t)r->max_tokens);
    int bad = !j;

    if (r->top_p < 1)
        bad |= json_object_set_new(j, "top_p", json_real(r->top_p));
    if (r->n_stop)
        bad |= json_object_set_new(j, "stop", strings(r->stop, r->n_stop));
    if (m->caps.flags & ACCORD_CAP_SEED)
        bad |= json_object_set_new(j, "seed", json_integer(seed_of(r)));
    if (r->logprobs)
        bad |= json_object_set_new(j, "logprobs", json_true());
    if (!bad)
        return j;
    json_decref(j);
    return NULL;
}

static json_t *embed_body(const openai *m, const accord_call *call) {
    const char *name = m->params[P_EMBED_MODEL].s;

    return json_pack("{s:o, s:o, s:s}", "model",
                     string(*name ? name : m->params[P_MODEL].s), "input",
                     strings(call->text, call->n_text), "encoding_format", "float");
}

static accord_code encode(void *self, const accord_call *call, accord_http *out,
                          accord_err *err) {
    openai *m = self;
    bool chat = call->kind == ACCORD_CALL_CHAT;
    json_t *j = chat ? chat_body(m, call->request) : embed_body(m, call);

    free(m->body);
    m->body = j ? json_dumps(j, JSON_COMPACT | JSON_REAL_PRECISION(9)) : NULL;
    json_decref(j);
    if (!m->body)
        return m->host->fail(m->host, err, ACCORD_E_NOMEM,
                             "out of memory for the request");
    out->path = chat ? "/chat/completions" : "/embeddings";
    out->body = m->body;
    out->n_body = strlen(m->body);
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

/* jansson descends 2,048 levels, more than the stack of an episode may hold. */
static bool too_deep(const char *body, size_t n) {
    enum { DEEPEST = 64 };
    size_t depth = 0;
    bool quoted = false;

    for (size_t i = 0; i < n; i++) {
        char c = body[i];
        if (quoted && c == '\\')
            i++;
        else if (c == '"')
            quoted = !quoted;
        else if (!quoted && (c == '[' || c == '{')) {
            if (++depth > DEEPEST)
                return true;
        } else if (!quoted && (c == ']' || c == '}'))
            depth -= depth > 0;
    }
    return false;
}

static uint64_t count(const json_t *usage, const char *name) {
    json_int_t n = json_integer_value(json_object_get(usage, name));

    return n > 0 && n < INT64_C(1) << 40 ? (uint64_t)n : 0;
}

/* {"error": {"message", "type", "code"}} with status 200: some gateways do that. */
static accord_code decode_error(openai *m, const json_t *error, accord_decoded *out) {
    static const char *const passing[] = {"rate_limit", "server_error", "overloaded",
                                          "timeout",    "unavailable",  NULL};
    const char *type = json_string_value(json_object_get(error, "type"));
    const char *text = json_string_value(json_object_get(error, "message"));
    json_int_t code = json_integer_value(json_object_get(error, "code"));
    bool passes = code == 408 || code == 429 || code >= 500;

    for (size_t i = 0; type && passing[i]; i++)
        passes |= strstr(type, passing[i]) != NULL;
    text = text ? text : json_string_value(error);
    return verdict(m, out, passes ? ACCORD_VERDICT_RETRY : ACCORD_VERDICT_FAIL,
                   "the server reports an error: %.180s", text ? text : "without a text");
}

static bool take_logprobs(openai *m, const json_t *choice, accord_reply *reply) {
    const json_t *list = json_object_get(json_object_get(choice, "logprobs"), "content");
    size_t n = json_array_size(list);

    if (!n)
        return true;
    free(m->numbers);
    m->numbers = malloc(n * sizeof(*m->numbers));
    if (!m->numbers)
        return false;
    for (size_t i = 0; i < n; i++)
        m->numbers[i] =
            (float)json_number_value(json_object_get(json_array_get(list, i), "logprob"));
    reply->logprobs = m->numbers;
    reply->n_logprobs = (uint32_t)n;
    return true;
}

/* A C string of a JSON one, which may hold NUL: those are left out. */
static bool take_text(openai *m, const json_t *content) {
    const char *text = json_string_value(content);
    size_t n = text ? json_string_length(content) : 0;
    size_t k = 0;

    free(m->text);
    m->text = malloc(n + 1);
    if (!m->text)
        return false;
    for (size_t i = 0; i < n; i++)
        if (text[i])
            m->text[k++] = text[i];
    m->text[k] = '\0';
    return true;
}

static int32_t finish_of(const json_t *choice, const json_t *message) {
    const char *why = json_string_value(json_object_get(choice, "finish_reason"));
    const char *refusal = json_string_value(json_object_get(message, "refusal"));

    if ((refusal && *refusal) || (why && strcmp(why, "content_filter") == 0))
        return ACCORD_FINISH_REFUSED;
    return why && strcmp(why, "length") == 0 ? ACCORD_FINISH_LENGTH : ACCORD_FINISH_STOP;
}

static accord_code decode_chat(openai *m, const json_t *j, accord_decoded *out,
                               accord_err *err) {
    const json_t *choices = json_object_get(j, "choices");
    const json_t *choice = json_array_get(choices, 0);
    const json_t *message = json_object_get(choice, "message");
    const json_t *content = json_object_get(message, "content");

    if (!json_is_array(choices) || !choice)
        return verdict(m, out, ACCORD_VERDICT_RETRY, "the reply has no choices");
    if (!json_is_object(message) ||
        (content && !json_is_string(content) && !json_is_null(content)))
        return verdict(m, out, ACCORD_VERDICT_RETRY, "the reply's choice has no text");
    if (!take_text(m, content) || !take_logprobs(m, choice, out->reply))
        return m->host->fail(m->host, err, ACCORD_E_NOMEM, "out of memory for the reply");
    out->verdict = ACCORD_VERDICT_OK;
    out->reply->text = m->text;
    out->reply->finish = finish_of(choice, message);
    return ACCORD_OK;
}

/* Writes the vector of one element of "data" where its index says; false when it has none
 * or not the width. */
static bool take_vector(openai *m, const json_t *element, size_t at, size_t n) {
    const json_t *vector = json_object_get(element, "embedding");
    const json_t *index = json_object_get(element, "index");
    size_t width = m->caps.embed_width;

    if (json_is_integer(index))
        at = (size_t)json_integer_value(index);
    if (at >= n || json_array_size(vector) != width)
        return false;
    for (size_t i = 0; i < width; i++)
        m->numbers[at * width + i] = (float)json_number_value(json_array_get(vector, i));
    return true;
}

static accord_code decode_embed(openai *m, const json_t *j, size_t n, accord_decoded *out,
                                accord_err *err) {
    const json_t *data = json_object_get(j, "data");

    if (json_array_size(data) != n)
        return verdict(m, out, ACCORD_VERDICT_RETRY,
                       "the reply has %zu embeddings for %zu texts",
                       json_array_size(data), n);
    free(m->numbers);
    m->numbers = calloc(n * m->caps.embed_width + 1, sizeof(*m->numbers));
    if (!m->numbers)
        return m->host->fail(m->host, err, ACCORD_E_NOMEM, "out of memory for the reply");
    for (size_t i = 0; i < n; i++)
        if (!take_vector(m, json_array_get(data, i), i, n))
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

static accord_code decode(void *self, const accord_call *call,
                          const accord_http_reply *http, accord_decoded *out,
                          accord_err *err) {
    openai *m = self;
    json_error_t why;

    if (!is_json(http->content_type)) /* a portal or a wrong address: it would not pass */
        return verdict(
            m, out, ACCORD_VERDICT_FAIL,
            "the server sent \"%.80s\" where JSON was expected; is base_url right?",
            http->content_type);
    if (too_deep(http->body, http->n_body))
        return verdict(m, out, ACCORD_VERDICT_FAIL,
                       "the reply's JSON is nested too deep");
    json_t *j = json_loadb(http->body, http->n_body, JSON_ALLOW_NUL, &why);
    if (!j)
        return verdict(m, out, ACCORD_VERDICT_RETRY, "the reply is no JSON: %s",
                       why.text);
    const json_t *error = json_object_get(j, "error");
    const json_t *usage = json_object_get(j, "usage");
    out->reply->prompt_tokens = count(usage, "prompt_tokens");
    out->reply->completion_tokens = count(usage, "completion_tokens");
    accord_code code = error && !json_is_null(error) ? decode_error(m, error, out)
                       : call->kind == ACCORD_CALL_CHAT
                           ? decode_chat(m, j, out, err)
                           : decode_embed(m, j, call->n_text, out, err);
    json_decref(j);
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
