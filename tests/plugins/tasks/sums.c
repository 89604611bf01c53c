/* sums.c - fixture: small sums as questions; 40 to learn from, 100 to be judged by. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <accord/plugin.h>

enum { N_TRAIN = 40, N_EVAL = 100 };

struct sums {
    const accord_host *host;
};

struct sum {
    const accord_host *host;
    long answer;
    char id[32];
    char question[64];
    accord_record record;
};

static const char *const modes[] = {"default", NULL};
static const char *const parts[] = {"exact", NULL};

static const accord_spec spec = {
    .struct_size = sizeof(spec),
    .obs = {.kind = ACCORD_TEXT},
    .action = {.kind = ACCORD_TEXT},
    .n_items = {N_TRAIN, N_EVAL},
    .max_steps = 1,
    .higher_is_better = 1,
    .score = "accuracy",
    .score_max = 1.0,
    .modes = modes,
    .parts = parts,
};

static accord_code sums_create(const accord_host *host, const accord_setup *setup,
                               void **self, accord_err *err) {
    struct sums *s = calloc(1, sizeof(*s));

    if (!s)
        return host->fail(host, err, ACCORD_E_NOMEM, "out of memory");
    s->host = host;
    *self = s;
    return ACCORD_OK;
}

static accord_code sums_spec(void *self, const char *mode, const accord_spec **out,
                             accord_err *err) {
    struct sums *s = self;

    *out = &spec;
    if (mode && strcmp(mode, modes[0]) != 0)
        return s->host->fail(s->host, err, ACCORD_E_NOTFOUND, "there is no mode %s",
                             mode);
    return ACCORD_OK;
}

static accord_code sums_open(void *self, const accord_key *key, void **ep,
                             accord_obs *obs, const char **id, accord_err *err) {
    struct sums *s = self;
    struct sum *e = calloc(1, sizeof(*e));
    long a = (long)key->item + 2, b = (long)key->item * 7 % 31;

    if (!e)
        return s->host->fail(s->host, err, ACCORD_E_NOMEM, "out of memory");
    e->host = s->host;
    e->answer = a + b;
    snprintf(e->id, sizeof(e->id), "%s-%03lu",
             key->split == ACCORD_SPLIT_TRAIN ? "train" : "sum",
             (unsigned long)key->item);
    snprintf(e->question, sizeof(e->question), "What is %ld + %ld?", a, b);
    e->record = (accord_record){
        .struct_size = sizeof(e->record), .question = e->question, .instruction = ""};
    obs->record = &e->record;
    *id = e->id;
    *ep = e;
    return ACCORD_OK;
}

static accord_code sums_canon(void *ep, const accord_action *action, char *buf,
                              size_t size, accord_err *err) {
    const char *digits = strpbrk(action->text ? action->text : "", "0123456789");

    snprintf(buf, size, "%.*s", digits ? (int)strspn(digits, "0123456789") : 0,
             digits ? digits : "");
    return ACCORD_OK;
}

static accord_code sums_step(void *ep, const accord_action *action, accord_step *out,
                             accord_err *err) {
    struct sum *e = ep;
    char canon[32];

    sums_canon(ep, action, canon, sizeof(canon), err);
    out->reward = *canon && strtol(canon, NULL, 10) == e->answer;
    out->parts[0] = out->reward;
    out->note = "digits";
    out->end = ACCORD_END_TERMINATED;
    return ACCORD_OK;
}

static const accord_task_ops task_ops = {
    .struct_size = sizeof(task_ops),
    .spec = sums_spec,
    .open = sums_open,
    .step = sums_step,
    .canon = sums_canon,
    .close = free,
};

static const void *sums_extension(const char *id) {
    return strcmp(id, ACCORD_TASK) == 0 ? &task_ops : NULL;
}

static const accord_ops ops = {
    .struct_size = sizeof(ops),
    .create = sums_create,
    .destroy = free,
    .extension = sums_extension,
};

const accord_plugin accord_plugin_entry = {
    ACCORD_PLUGIN_HEAD, .role = ACCORD_ROLE_TASK,         .id = "sums",
    .version = "1",     .summary = "fixture: small sums", .license = "MIT",
    .ops = &ops,
};
