/* parrot.c - fixture: a model that adds up "What is A + B?", wrong in a share of its
 * answers that the seed picks.  It computes, so it is batched. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <accord/plugin.h>
#include <accord/rng.h>

enum { P_WRONG, P_DELAY, P_SEEDED, N_PARAMS };

static const accord_param params[] = {
    {.name = "wrong",
     .help = "share of wrong answers",
     .type = ACCORD_REAL,
     .value = 0.3,
     .max = 1.0},
    {.name = "delay_us", .help = "time of a batch", .type = ACCORD_INT},
    {.name = "seeded",
     .help = "whether the seed counts",
     .type = ACCORD_BOOL,
     .value = 1},
};

struct parrot {
    const accord_host *host;
    double wrong;
    int64_t delay_us;
    accord_caps caps;
    char (*text)[64];
    uint32_t n_text;
};

static accord_code parrot_create(const accord_host *host, const accord_setup *setup,
                                 void **self, accord_err *err) {
    struct parrot *p = calloc(1, sizeof(*p));

    if (!p)
        return host->fail(host, err, ACCORD_E_NOMEM, "out of memory");
    p->host = host;
    p->wrong = setup->params[P_WRONG].r;
    p->delay_us = setup->params[P_DELAY].i;
    p->caps = (accord_caps){.struct_size = sizeof(p->caps),
                            .flags = ACCORD_CAP_TOP_P | ACCORD_CAP_DETERMINISTIC |
                                     ACCORD_CAP_EMBED,
                            .embed_width = 2};
    if (setup->params[P_SEEDED].i)
        p->caps.flags |= ACCORD_CAP_SEED;
    *self = p;
    return ACCORD_OK;
}

static void parrot_destroy(void *self) {
    struct parrot *p = self;

    if (p)
        free(p->text);
    free(p);
}

static accord_code parrot_caps(void *self, const accord_caps **out, accord_err *err) {
    *out = &((struct parrot *)self)->caps;
    return ACCORD_OK;
}

static void answer(const struct parrot *p, const accord_request *r, char text[64]) {
    uint64_t rng = r->seed;
    long a = 0, b = 0;
    const char *at = strstr(r->messages[r->n_messages - 1].text, "What is ");

    if (at && sscanf(at, "What is %ld + %ld", &a, &b) == 2)
        snprintf(text, 64, "The answer is %ld.",
                 a + b + (accord_rng_uniform(&rng) < p->wrong));
    else
        snprintf(text, 64, "I do not know.");
}

static accord_code parrot_complete(void *self, const accord_request *const *requests,
                                   uint32_t n, accord_reply *const *replies,
                                   accord_err *err) {
    struct parrot *p = self;

    if (n > p->n_text) {
        void *more = realloc(p->text, n * sizeof(*p->text));
        if (!more)
            return p->host->fail(p->host, err, ACCORD_E_NOMEM, "out of memory");
        p->text = more;
        p->n_text = n;
    }
    if (p->delay_us)
        usleep((useconds_t)p->delay_us);
    for (uint32_t i = 0; i < n; i++) {
        answer(p, requests[i], p->text[i]);
        replies[i]->text = p->text[i];
        replies[i]->prompt_tokens = 10;
        replies[i]->completion_tokens = 5;
    }
    return ACCORD_OK;
}

static accord_code parrot_embed(void *self, const char *const *text, uint32_t n,
                                float *out, accord_err *err) {
    for (uint32_t i = 0; i < n; i++) {
        out[2 * i] = (float)strlen(text[i]);
        out[2 * i + 1] = (float)(unsigned char)text[i][0];
    }
    return ACCORD_OK;
}

static const accord_model_ops model_ops = {
    .struct_size = sizeof(model_ops),
    .caps = parrot_caps,
    .complete = parrot_complete,
    .embed = parrot_embed,
};

static const void *parrot_extension(const char *id) {
    return strcmp(id, ACCORD_MODEL) == 0 ? &model_ops : NULL;
}

static const accord_ops ops = {
    .struct_size = sizeof(ops),
    .create = parrot_create,
    .destroy = parrot_destroy,
    .extension = parrot_extension,
};

const accord_plugin accord_plugin_entry = {
    ACCORD_PLUGIN_HEAD,
    .role = ACCORD_ROLE_MODEL,
    .id = "parrot",
    .version = "1",
    .summary = "fixture: adds up, not always right",
    .license = "MIT",
    .params = params,
    .n_params = N_PARAMS,
    .ops = &ops,
};
