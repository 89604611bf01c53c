/* fake_host.h - a host for plugins under test: its models answer from a script, and all
 * that a method asks for is written down. */
#ifndef FAKE_HOST_H
#define FAKE_HOST_H

#include "base/err.h"
#include "host/host.h"

enum { FAKE_MAX_CALLS = 2048, FAKE_MAX_MODELS = 16, FAKE_MAX_METRICS = 1024 };

typedef struct fake_call {
    accord_request request; /* as sent; its messages are gone */
    uint32_t batch;         /* which complete() it came with */
    int model;              /* number of the model in its role list */
    char *prompt;           /* "role: text" of all messages */
} fake_call;

typedef struct fake_candidate {
    char *kind;
    uint32_t index;
    char *text;
} fake_candidate;

typedef struct fake_metric {
    char name[32];
    double value;
} fake_metric;

/* The reply to a call, or NULL for one that fails.  Its tokens are its words; one of as
 * many words as the call allows, or more, was cut. */
typedef const char *fake_script(const fake_call *call);

typedef struct fake_host {
    accord_host_instance instance;
    accord_err err;
    fake_script *script;
    accord_code stop; /* what complete() returns when it is not 0 */
    const accord_plugin *plugin;
    accord_param_value *params;
    const accord_method_ops *method;
    void *self;
    fake_call calls[FAKE_MAX_CALLS];
    uint32_t n_calls, n_batches;
    fake_candidate candidates[FAKE_MAX_CALLS];
    uint32_t n_candidates;
    char metric[32]; /* the last one */
    double value;
    fake_metric metrics[FAKE_MAX_METRICS];
    uint32_t n_metrics;
    /* Set before fake_create(): what the models can do, and the training to come. */
    uint32_t caps, embed_width;
    uint64_t train_budget;
    /* Set before an episode. */
    uint32_t variant;
    uint64_t item, trained;
    int32_t phase; /* of the episode that is played */
    uint64_t stream;
    uint32_t n_embeds; /* texts that were embedded */
    uint32_t n_scores; /* calls of train.score; a text is worth 1 when its form is "18" */
    char *answer;      /* the last action's text, or NULL */
    accord_reply *replies;
    const accord_reply **reply_pointers;
    char *texts[FAKE_MAX_CALLS];
} fake_host;

/* A model's handle by number, for roles. */
const accord_model *fake_model(int number);

/* Loads the plugin file and creates an instance with the options of a JSON text.  The
 * task plays questions of the space `kind`; it has `n_train` items to learn from. */
accord_code fake_create(fake_host *f, const char *path, const char *params,
                        const accord_role *roles, uint32_t n_roles,
                        const accord_spec *task);
/* One episode of one question.  The canonical form of a reply is what follows its last
 * "=". */
accord_code fake_ask(fake_host *f, const accord_record *record, uint64_t stream);
/* The same in training, with its feedback, and as one episode of a probe. */
accord_code fake_teach(fake_host *f, const accord_record *record, uint64_t stream);
accord_code fake_probe(fake_host *f, const accord_record *record, uint64_t stream);
/* The last value of a metric, NaN without one; how often it was told. */
double fake_metric_of(const fake_host *f, const char *name, uint32_t *n);
void fake_destroy(fake_host *f);

/* A question without examples, and a task that asks it. */
extern const accord_record fake_question;
extern const accord_spec fake_task;

#endif
