/* plugin.h - the plugin ABI: everything that a method, a task or a model shares with
 * Accord.
 *
 * A plugin is a shared object NAME.so that exports one const object, accord_plugin_entry.
 * The host reads it before any code of the plugin runs.  It is compiled with this include
 * folder and nothing else of Accord's, and reaches the host only through the accord_host
 * it is given.  The neighbours of this header are small libraries that a plugin may use.
 *
 * Growing the ABI: append members to structs that begin with struct_size, never insert,
 * reorder or retype, and bump ACCORD_ABI_MINOR.  Structs marked "frozen" never change.
 * Anything else bumps ACCORD_ABI_MAJOR and breaks every plugin.  tests/check_abi.c pins
 * every offset and signature.  Whoever makes a struct sets struct_size; whoever reads it
 * tests newer members with ACCORD_HAS.
 *
 * Thread tags, on every function pointer:
 *   [main]    on the thread that runs main(), never concurrently
 *   [worker]  under the worker's run token: never concurrent in an instance, though on
 *             changing threads, and other episodes may run while complete() waits
 *   [batch]   on the one thread that computes for a model, one call at a time per
 * instance [any]     from any thread, concurrently
 *
 * Ownership: what the host passes lives for the call, what a plugin returns lives until
 * the next call on the same ep (or self, where the function takes self), unless it says
 * otherwise.  Nothing allocated on one side is freed on the other.
 *
 * Failure: a function that returns accord_code says why through host->fail(host, err,
 * ...) and returns that code.  ACCORD_OK is 0.
 */
#ifndef ACCORD_PLUGIN_H
#define ACCORD_PLUGIN_H

#include <stddef.h>
#include <stdint.h>

#define ACCORD_ABI_MAJOR 1u
#define ACCORD_ABI_MINOR 2u

#define ACCORD_EXPORT       __attribute__((visibility("default")))
#define ACCORD_PRINTF(f, a) __attribute__((format(printf, f, a)))

/* True when the struct behind `p` is new enough to have member `m`, and it is set. */
#define ACCORD_HAS(p, m) \
    ((p)->struct_size >= offsetof(__typeof__(*(p)), m) + sizeof((p)->m) && (p)->m)

typedef int32_t accord_code; /* fixed width: an enum's size is the compiler's choice */
enum {
    ACCORD_OK = 0,
    ACCORD_E_NOMEM = 1,
    ACCORD_E_ARG = 2,    /* caller passed something it should not have */
    ACCORD_E_CONFIG = 3, /* the user's configuration is wrong */
    ACCORD_E_IO = 4,     /* the operating system said no; see the message */
    ACCORD_E_ABI = 5,    /* plugin and host do not fit */
    ACCORD_E_NOTFOUND = 6,
    ACCORD_E_LIMIT = 7,    /* the episode's time, tokens or memory are spent */
    ACCORD_E_INTERNAL = 8, /* a bug */
    ACCORD_E_STOPPED =
        9,               /* the run is stopping: return at once, the episode stays open */
    ACCORD_E_MODEL = 10, /* a model failed to answer */
    ACCORD_E_UNSUPPORTED = 11,
};

enum { ACCORD_DEBUG = 0, ACCORD_INFO = 1, ACCORD_WARN = 2, ACCORD_ERROR = 3 };

typedef struct accord_err accord_err; /* opaque; filled through accord_host.fail */
typedef struct accord_episode
    accord_episode;                       /* opaque; the host's handle of an episode */
typedef struct accord_model accord_model; /* opaque; a model that fills a role */

/* ---- the host --------------------------------------------------------------------- */

/* What the host offers an instance.  Valid until the instance's destroy() returns. */
typedef struct accord_host {
    uint32_t struct_size;
    uint32_t abi_minor;

    /* [any] One line, no newline at the end; the host adds the plugin's id. */
    void (*log)(const struct accord_host *host, int32_t level, const char *fmt, ...)
        ACCORD_PRINTF(3, 4);

    /* [any] Say why a call failed and return `code`.  `err` may be NULL.  The first
     * reason wins: an outer caller cannot overwrite it. */
    accord_code (*fail)(const struct accord_host *host, accord_err *err, accord_code code,
                        const char *fmt, ...) ACCORD_PRINTF(4, 5);

    /* [any] A service by id and revision (below), or NULL.  Owned by the host. */
    const void *(*extension)(const struct accord_host *host, const char *id);

    /* [any] Writes where the data file `name` ("gsm8k/test.jsonl") lies to path[size].
     * Looked for in ACCORD_DATA, then in the user's data directory; a name that begins
     * with "/" or "." is a path of its own.  ACCORD_E_NOTFOUND says what to do. */
    accord_code (*data_path)(const struct accord_host *host, const char *name, char *path,
                             size_t size, accord_err *err);
} accord_host;

/* ---- values ----------------------------------------------------------------------- */

enum { ACCORD_TEXT = 1, ACCORD_DISCRETE = 2, ACCORD_VECTOR = 3, ACCORD_PIXELS = 4 };
#define ACCORD_KIND_BIT(kind) (1u << (kind))

/* The type of an observation or action.  Frozen. */
typedef struct accord_space {
    int32_t kind;
    uint32_t n;      /* VECTOR: length.  DISCRETE: number of choices.  Else 0 */
    uint32_t height; /* PIXELS, else 0 */
    uint32_t width;
} accord_space;

/* A worked example of the train split.  Frozen. */
typedef struct accord_example {
    const char *question;
    const char *solution; /* with its steps; ends in the answer format the task wants */
} accord_example;

/* A named text that belongs to an observation ("pddl", "verifier").  Frozen. */
typedef struct accord_extra {
    const char *name;
    const char *text;
} accord_extra;

/* A text observation.  The method writes the messages. */
typedef struct accord_record {
    uint32_t struct_size;
    uint32_t n_examples;
    uint32_t n_extras;
    const char *question;
    const char *instruction; /* answer format the task wants; "" for a published prompt */
    const accord_example *examples;
    const accord_extra *extras;
} accord_record;

/* One observation; `kind` says which member counts. */
typedef struct accord_obs {
    uint32_t struct_size;
    int32_t kind;
    int32_t index; /* DISCRETE */
    const accord_record *record;
    const float *vector;   /* [n] */
    const uint8_t *pixels; /* [3][height][width], one frame */
} accord_obs;

/* One action.  The host sets struct_size and kind, the method the rest. */
typedef struct accord_action {
    uint32_t struct_size;
    int32_t kind;
    int32_t index;       /* DISCRETE */
    const char *text;    /* UTF-8; NULL or "" is "no answer" */
    const float *vector; /* [n] in [-1, 1] */
} accord_action;

enum { ACCORD_SPLIT_TRAIN = 0, ACCORD_SPLIT_EVAL = 1 };

/* What identifies an episode of a task.  Train and evaluation items are disjoint. */
typedef struct accord_key {
    uint32_t struct_size;
    int32_t split;
    const char *mode;
    uint64_t item; /* index in the task's own order of that split */
    uint64_t
        seed; /* moves start states (ACCORD_SPEC_SEEDED), never the choice of items */
} accord_key;

/* ---- options and creation --------------------------------------------------------- */

enum { ACCORD_BOOL = 1, ACCORD_INT = 2, ACCORD_REAL = 3, ACCORD_STRING = 4 };

/* An option: the host parses, checks and prints it; unknown names are errors.  Frozen. */
typedef struct accord_param {
    const char *name;
    const char *help; /* one line, with the unit */
    int32_t type;
    int32_t required;           /* 1: there is no default */
    double value;               /* default of BOOL, INT and REAL */
    const char *text;           /* default of STRING */
    double min, max;            /* INT and REAL, inclusive; both 0: no bound */
    const char *const *choices; /* STRING: NULL-terminated, or NULL for any text */
} accord_param;

/* The value of an option, in the order of the table.  Frozen. */
typedef union accord_param_value {
    int64_t i; /* BOOL (0 or 1) and INT */
    double r;
    const char *s; /* until destroy(), never NULL */
} accord_param_value;

/* The models that fill a role.  Frozen. */
typedef struct accord_role {
    const char *name;
    uint32_t n; /* number of models, 0 when the suite leaves the role open */
    uint32_t
        n_groups; /* 1, or the number of clusters where the suite gives lists of lists */
    const accord_model *const *models; /* [n], group after group */
    const uint32_t *group_sizes;       /* [n_groups] */
} accord_role;

typedef struct accord_spec accord_spec;

/* What create() is given.  The struct lives for the call, what it points to until
 * destroy(). */
typedef struct accord_setup {
    uint32_t struct_size;
    uint32_t n_roles;
    const accord_param_value *params; /* one for each entry of the plugin's table */
    const accord_role *roles; /* methods: in the order of accord_method_ops.roles */
    const accord_spec *task;  /* methods: what they play; else NULL */
    uint64_t seed;            /* the cell's */
    uint64_t train_budget;    /* learners: training episodes (text) or steps, or 0 */
    uint32_t train_width;     /* learners: training episodes in flight */
    const char *name;         /* what the suite calls this instance */
    /* Since minor 2: learners: a folder of this cell's own for files that outlive a
     * checkpoint (replay buffers: the checkpoint stores a length), or NULL where the
     * instance is not trained (describing, probing pairs).  What is in it stays there on
     * resume; the host removes it when the cell is done. */
    const char *folder;
} accord_setup;

/* The operations that every plugin has. */
typedef struct accord_ops {
    uint32_t struct_size;
    /* [worker] On success *self is the plugin's, freed only by destroy(). */
    accord_code (*create)(const accord_host *host, const accord_setup *setup, void **self,
                          accord_err *err);
    /* [worker] NULL is allowed. */
    void (*destroy)(void *self);
    /* [any] A const table by id ("accord.task/1"), or NULL.  Needs no instance. */
    const void *(*extension)(const char *id);
} accord_ops;

/* ---- role: task ------------------------------------------------------------------- */

#define ACCORD_TASK      "accord.task/1"
#define ACCORD_ENDLESS   UINT64_MAX
#define ACCORD_MAX_PARTS 64

enum { ACCORD_SPEC_SEEDED = 1u << 0 }; /* start states depend on key.seed */

/* What a task is in one mode.  Owned by the task, until destroy(). */
struct accord_spec {
    uint32_t struct_size;
    uint32_t flags;
    accord_space obs;
    accord_space action;
    uint64_t n_items[2]; /* by split; ACCORD_ENDLESS; train 0: nothing to learn from */
    uint32_t max_steps;  /* agent steps of an episode; 1: a question, one action */
    int32_t higher_is_better; /* 1 or 0 */
    const char *score;        /* name of the score: "accuracy", "return" */
    double score_min; /* the score of an episode is the sum of its rewards; on a */
    double score_max; /* question, score_max is what "correct" means */
    const char *const *modes; /* NULL-terminated; text tasks: {"default", NULL} */
    /* Names of the score parts, NULL-terminated, or NULL.  A part that is not asked of an
     * item is NaN there and counts in no mean.  Parts named "GROUP/NAME" are shares from
     * 0 to 1; a group's micro rate is the mean over all that was asked, its macro rate
     * the share of the items on which all that was asked is 1. */
    const char *const *parts;
    const char *const *files; /* data files that were read, NULL-terminated, or NULL */
    /* Since minor 1: one line for the manifest on what this mode is made of (published
     * pictures or generated ones), or NULL. */
    const char *provenance;
};

enum { ACCORD_END_NO = 0, ACCORD_END_TERMINATED = 1, ACCORD_END_TRUNCATED = 2 };

/* What a step gives.  The host clears it before the call. */
typedef struct accord_step {
    uint32_t struct_size;
    int32_t end;   /* ACCORD_END_...; a time limit is a truncation */
    double reward; /* sum over an action repeat */
    double *parts; /* [number of parts], the host's; read when the episode ends */
    accord_obs
        *obs; /* the host's; its pointers are the task's until the next call on ep */
    const char
        *note; /* how the verdict came about ("boxed"), or NULL; until the next call */
} accord_step;

/* "accord.task/1" */
typedef struct accord_task_ops {
    uint32_t struct_size;
    /* [worker] *out is the task's.  ACCORD_E_NOTFOUND for a mode it does not have; NULL
     * is its first mode. */
    accord_code (*spec)(void *self, const char *mode, const accord_spec **out,
                        accord_err *err);
    /* [worker] The same key gives the same episode.  Fills obs.  *id is the item's name,
     * which never changes (the data set's own where it has one); it holds no control
     * characters, is at most 255 bytes and lives until close(). */
    accord_code (*open)(void *self, const accord_key *key, void **ep, accord_obs *obs,
                        const char **id, accord_err *err);
    /* [worker] */
    accord_code (*step)(void *ep, const accord_action *action, accord_step *out,
                        accord_err *err);
    /* [worker] Writes the canonical form of an answer, made without the reference: "" is
     * none, equal bytes are the same answer.  NULL where actions are not TEXT. */
    accord_code (*canon)(void *ep, const accord_action *action, char *buf, size_t size,
                         accord_err *err);
    /* [worker] NULL is allowed. */
    void (*close)(void *ep);
} accord_task_ops;

/* ---- role: method ----------------------------------------------------------------- */

#define ACCORD_METHOD  "accord.method/1"
#define ACCORD_LEARNER "accord.learner/1"
#define ACCORD_PROBE   "accord.probe/1"

enum { ACCORD_PHASE_TRAIN = 0, ACCORD_PHASE_EVAL = 1, ACCORD_PHASE_PROBE = 2 };

/* What a method knows of the episode that it opens. */
typedef struct accord_episode_info {
    uint32_t struct_size;
    int32_t phase;
    accord_episode *episode; /* first argument of the services; valid until close() */
    const accord_key *key;
    uint64_t stream;  /* state for <accord/rng.h>: the same for every method */
    uint32_t variant; /* in a probe: which of accord_probe_plan.variants */
    uint64_t trained; /* training episodes (text) or agent steps so far */
} accord_episode_info;

enum { ACCORD_ROLE_NESTED = 1u << 0 }; /* lists of lists (clusters) are allowed */

/* A role that the suite fills with models.  Frozen. */
typedef struct accord_role_spec {
    const char *name;
    const char *help;
    uint32_t min, max; /* number of models; min 0: may be left open */
    uint32_t caps;     /* ACCORD_CAP_... that every model in it must have */
    uint32_t flags;
} accord_role_spec;

/* What one evaluation episode asks of one model, for `accord run --dry-run`. */
typedef struct accord_estimate {
    uint32_t struct_size;
    uint32_t calls;      /* expected number of calls */
    uint32_t max_tokens; /* bound of the completion tokens of each */
    uint32_t quoted;     /* bound of the tokens of earlier replies in each prompt, on the
                          * mean over the calls; 0 = the question is all it holds */
} accord_estimate;

/* "accord.method/1" */
typedef struct accord_method_ops {
    uint32_t struct_size;
    uint32_t obs_kinds; /* ACCORD_KIND_BITs that it plays */
    uint32_t action_kinds;
    uint32_t n_roles;
    const accord_role_spec *roles;
    /* [worker] */
    accord_code (*open)(void *self, const accord_episode_info *info, void **ep,
                        accord_err *err);
    /* [worker] Sets the action.  May wait in the services.  A failure ends the episode
     * without an answer. */
    accord_code (*act)(void *ep, const accord_obs *obs, accord_action *action,
                       accord_err *err);
    /* [worker] In training after the feedback of that episode.  NULL is allowed. */
    void (*close)(void *ep);
    /* [worker] What an episode asks of model number `model` of role number `role`.  The
     * host clears *out.  May be NULL: unknown. */
    void (*estimate)(void *self, uint32_t role, uint32_t model, accord_estimate *out);
} accord_method_ops;

/* One step of training.  The host keeps its own copy of what it points to. */
typedef struct accord_transition {
    uint32_t struct_size;
    int32_t end; /* ACCORD_END_... */
    void *ep;    /* the method's own */
    uint64_t t;  /* step in the episode, from 0 */
    double reward;
    const accord_obs *obs;
    const accord_action *action;
    const accord_obs *next_obs; /* what the last step of an episode led to, too */
    const double *parts;        /* when the episode ends, else NULL */
} accord_transition;

/* "accord.learner/1": a method that has it is trained before it is evaluated. */
typedef struct accord_learner_ops {
    uint32_t struct_size;
    /* [worker] Only in training.  At train_width 1 after each step; above that when the
     * round of episodes has ended, in episode order, while nobody acts. */
    accord_code (*feedback)(void *self, const accord_transition *t, accord_err *err);
    /* [worker] Writes all that the next step depends on into the folder `dir`, which
     * exists and is empty. */
    accord_code (*save)(void *self, const char *dir, accord_err *err);
    /* [worker] */
    accord_code (*load)(void *self, const char *dir, accord_err *err);
    /* [worker] 1 when training may stop before its budget is spent.  May be NULL. */
    int32_t (*finished)(void *self);
} accord_learner_ops;

/* What a method wants probed: the first `items` of the train split, each played once per
 * variant with the same streams, when training has come to each mark. */
typedef struct accord_probe_plan {
    uint32_t struct_size;
    uint32_t items;
    uint32_t variants;
    uint32_t n_marks;
    const uint64_t *marks; /* ascending, in units of the training budget; 0 = before, */
} accord_probe_plan;       /* UINT64_MAX = after training */

/* "accord.probe/1" */
typedef struct accord_probe_ops {
    uint32_t struct_size;
    /* [worker] *out is the method's until destroy(). */
    accord_code (*plan)(void *self, const accord_probe_plan **out, accord_err *err);
} accord_probe_ops;

/* ---- role: model ------------------------------------------------------------------ */

#define ACCORD_MODEL "accord.model/1"

enum {
    ACCORD_CAP_TOP_P = 1u << 0,
    ACCORD_CAP_SEED = 1u << 1,
    ACCORD_CAP_LOGPROBS = 1u << 2,
    ACCORD_CAP_DETERMINISTIC = 1u << 3, /* same request, same reply */
    ACCORD_CAP_EMBED = 1u << 4,
    ACCORD_CAP_SERVER = 1u << 5, /* encode and decode; else complete and embed */
};

/* What a model can do.  Owned by the model, until destroy(). */
typedef struct accord_caps {
    uint32_t struct_size;
    uint32_t flags;
    uint32_t context;         /* tokens, 0 = unknown */
    uint32_t embed_width;     /* floats of an embedding, 0 = none or unknown */
    const char *base_url;     /* SERVER: requests go to base_url + path */
    const char *key_env;      /* SERVER: environment variable with the key, or NULL */
    const char *const *files; /* files that were read, NULL-terminated, or NULL */
} accord_caps;

/* Frozen. */
typedef struct accord_message {
    const char *role; /* "system", "user", "assistant" */
    const char *text;
} accord_message;

/* A request for text.  Begin with ACCORD_REQUEST_INIT.  In an array, all have the
 * struct_size of the first. */
typedef struct accord_request {
    uint32_t struct_size;
    uint32_t n_messages;
    const accord_model *model;
    const accord_message *messages;
    double temperature; /* >= 0 */
    double top_p;       /* (0, 1] */
    uint32_t max_tokens;
    uint32_t n_stop;
    const char *const *stop;
    int32_t logprobs; /* 1: log-probabilities are wanted */
    /* For the accounts; (agent, role, round, sample) also picks the random stream. */
    uint32_t agent;
    uint32_t round;
    uint32_t sample;
    const char *role; /* "solver", "judge"; [a-z0-9_]+ */
    /* Set by the host; what a method writes here is ignored. */
    uint64_t seed;
    const char *task;
    const char *item;
} accord_request;

#define ACCORD_REQUEST_INIT \
    { \
        .struct_size = sizeof(accord_request), .top_p = 1.0, .max_tokens = 1024, \
        .role = "solver" \
    }

enum {
    ACCORD_FINISH_STOP = 0,
    ACCORD_FINISH_LENGTH = 1,  /* cut at max_tokens or at the context's end */
    ACCORD_FINISH_REFUSED = 2, /* content filter or refusal */
};

/* Why a call gave no text. */
enum {
    ACCORD_CALL_OK = 0,
    ACCORD_CALL_TIMEOUT = 1,
    ACCORD_CALL_API = 2,    /* the server or the model failed; see `message` */
    ACCORD_CALL_BUDGET = 3, /* the episode's own limit */
};

typedef struct accord_reply {
    uint32_t struct_size;
    int32_t error;  /* ACCORD_CALL_... */
    int32_t finish; /* ACCORD_FINISH_... */
    uint32_t n_logprobs;
    uint64_t prompt_tokens;
    uint64_t completion_tokens;
    const char *text;      /* never NULL; "" when error is set */
    const char *message;   /* what went wrong, or NULL */
    const float *logprobs; /* [n_logprobs], of the completion's tokens */
} accord_reply;

enum { ACCORD_CALL_CHAT = 1, ACCORD_CALL_EMBED = 2 };

/* A call on its way to a server. */
typedef struct accord_call {
    uint32_t struct_size;
    int32_t kind;
    const accord_request *request; /* CHAT */
    const char *const *text;       /* EMBED: [n_text] */
    uint32_t n_text;
} accord_call;

typedef struct accord_http {
    uint32_t struct_size;
    const char *path; /* "/chat/completions" */
    const char *body; /* JSON */
    size_t n_body;
} accord_http;

typedef struct accord_http_reply {
    uint32_t struct_size;
    int32_t status;
    const char *content_type; /* "" when the server named none */
    const char *body;         /* NUL-terminated */
    size_t n_body;
} accord_http_reply;

enum { ACCORD_VERDICT_OK = 0, ACCORD_VERDICT_RETRY = 1, ACCORD_VERDICT_FAIL = 2 };

/* What decode() makes of a server's reply.  The host clears it; its pointers are the
 * model's until the next call on self. */
typedef struct accord_decoded {
    uint32_t struct_size;
    int32_t verdict;
    accord_reply
        *reply; /* the host's; on RETRY and FAIL only `message` and tokens count */
    const float *vectors; /* EMBED: [n_text][width] */
    uint32_t width;
} accord_decoded;

/* "accord.model/1" */
typedef struct accord_model_ops {
    uint32_t struct_size;
    /* [worker] */
    accord_code (*caps)(void *self, const accord_caps **out, accord_err *err);
    /* [batch] Answers all n requests at once.  Replies come cleared; what they point to
     * is the model's until the next call.  NULL for SERVER. */
    accord_code (*complete)(void *self, const accord_request *const *requests, uint32_t n,
                            accord_reply *const *replies, accord_err *err);
    /* [batch] Writes out[n][embed_width].  NULL without ACCORD_CAP_EMBED and for SERVER.
     */
    accord_code (*embed)(void *self, const char *const *text, uint32_t n, float *out,
                         accord_err *err);
    /* [worker] Turns a call into a request on the wire.  SERVER only. */
    accord_code (*encode)(void *self, const accord_call *call, accord_http *out,
                          accord_err *err);
    /* [worker] Only called for status 200 to 299; others are the host's to retry. */
    accord_code (*decode)(void *self, const accord_call *call,
                          const accord_http_reply *http, accord_decoded *out,
                          accord_err *err);
} accord_model_ops;

/* ---- services of the host, by id -------------------------------------------------- */

#define ACCORD_MODELS      "accord.models/1"
#define ACCORD_CANON       "accord.canon/1"
#define ACCORD_TRAIN_SCORE "accord.train_score/1"
#define ACCORD_METRICS     "accord.metrics/1"
#define ACCORD_TRACE       "accord.trace/1"
#define ACCORD_RANDOM      "accord.random/1"
#define ACCORD_DEADLINE    "accord.deadline/1"

/* "accord.models/1" */
typedef struct accord_models_service {
    uint32_t struct_size;
    /* [worker] Sends n requests (to one model or several) together and waits.  Others
     * play meanwhile.  *replies ([n], in order) live until the episode closes.  A request
     * that failed says so in its reply's `error`; the code is ACCORD_OK then.
     * ACCORD_E_STOPPED: return at once.  ACCORD_E_LIMIT: the episode's time or tokens are
     * spent. */
    accord_code (*complete)(accord_episode *e, const accord_request *requests, uint32_t n,
                            const accord_reply *const **replies, accord_err *err);
    /* [worker] Writes out[n][embed_width of the model].  Waits like complete(). */
    accord_code (*embed)(accord_episode *e, const accord_model *model,
                         const char *const *text, uint32_t n, float *out,
                         accord_err *err);
    /* [any] Valid until destroy(). */
    const accord_caps *(*caps)(const accord_model *model);
    /* [any] What the suite calls the model. */
    const char *(*name)(const accord_model *model);
} accord_models_service;

/* "accord.canon/1" */
typedef struct accord_canon_service {
    uint32_t struct_size;
    /* [worker] The task's canonical form of an answer to the current item; "" = none. */
    accord_code (*canon)(accord_episode *e, const accord_action *action, char *buf,
                         size_t size, accord_err *err);
} accord_canon_service;

/* "accord.train_score/1" */
typedef struct accord_train_score_service {
    uint32_t struct_size;
    /* [worker] The reward of `action` on the current item, played on a fresh episode.
     * ACCORD_E_ARG outside the train split and on tasks of more than one step. */
    accord_code (*score)(accord_episode *e, const accord_action *action, double *reward,
                         accord_err *err);
} accord_train_score_service;

/* "accord.metrics/1" */
typedef struct accord_metrics_service {
    uint32_t struct_size;
    /* [worker] Journals a number, e.g. "loss"; name [a-z0-9_./]+.  `e` may be NULL. */
    void (*record)(const accord_host *host, accord_episode *e, const char *name,
                   double value);
} accord_metrics_service;

/* "accord.trace/1" */
typedef struct accord_trace_service {
    uint32_t struct_size;
    /* [worker] Names an answer on the way: ("sample", 3), ("round", 2).  It is scored
     * after the episode; the method never sees the score.  Questions only. */
    accord_code (*candidate)(accord_episode *e, const char *kind, uint32_t index,
                             const accord_action *action, accord_err *err);
} accord_trace_service;

/* "accord.random/1".  A method that draws random numbers lists it in needs[]: its cells
 * then run with every seed of the suite. */
typedef struct accord_random_service {
    uint32_t struct_size;
    /* [any] State for <accord/rng.h>: a stream of its own for (agent, role, round,
     * sample) of this episode. */
    uint64_t (*stream)(accord_episode *e, uint32_t agent, const char *role,
                       uint32_t round, uint32_t sample);
} accord_random_service;

/* "accord.deadline/1" */
typedef struct accord_deadline_service {
    uint32_t struct_size;
    /* [any] Nanoseconds until the episode's deadline; INT64_MAX without one. */
    int64_t (*left_ns)(accord_episode *e);
} accord_deadline_service;

/* ---- the entry -------------------------------------------------------------------- */

enum { ACCORD_ROLE_METHOD = 1, ACCORD_ROLE_TASK = 2, ACCORD_ROLE_MODEL = 3 };

/* Flags in the low half must be understood by the host or the plugin is refused; flags in
 * the high half are hints and may be ignored.  None is defined yet. */
typedef struct accord_plugin {
    uint32_t struct_size; /* sizeof(accord_plugin) as the plugin saw it */
    uint16_t abi_major;
    uint16_t abi_minor;
    int32_t role;
    uint32_t flags;
    const char *id; /* [a-z0-9_]+, equal to the file's stem */
    const char *version;
    const char *summary;   /* one line, for the user */
    const char *reference; /* paper or URL, or NULL */
    const char *license;   /* SPDX */
    const accord_param *params;
    uint32_t n_params;
    uint32_t reserved;        /* 0 */
    const char *const *needs; /* services without which it is useless; NULL-terminated */
    const accord_ops *ops;
} accord_plugin;

#define ACCORD_PLUGIN_HEAD \
    .struct_size = sizeof(accord_plugin), .abi_major = ACCORD_ABI_MAJOR, \
    .abi_minor = ACCORD_ABI_MINOR

/* A const object, so that the host reads it before any code of the plugin runs. */
extern ACCORD_EXPORT const accord_plugin accord_plugin_entry;

#endif
