/* math.c - questions with a checkable answer: published sets, any JSONL, and word
 * problems made from a seed. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <accord/plugin.h>

#include "datasets.h"
#include "generate.h"
#include "grade.h"
#include "steps.h"

enum {
    N_EXAMPLES = 8,
    /* One more, because an item is no example of itself. */
    N_CHOSEN = N_EXAMPLES + 1,
    /* The answer stands at the end, so only this much of a reply's end is looked at. */
    MAX_REPLY = 64 << 10,
    MAX_ANSWER = 4096,
};

/* Generated examples come from here on: no run trains that far. */
#define EXAMPLE_ITEMS (UINT64_C(1) << 63)

struct task {
    const accord_host *host;
    accord_spec spec;
    int kind; /* MATH_ANSWER_... */
    int is_generated;
    uint64_t seed;
    int level;
    struct math_dataset data;
    struct math_layout own; /* of dataset "jsonl" */
    char *stem[2];          /* id prefixes of dataset "jsonl", by split */
    accord_example example[N_CHOSEN];
    char *example_text[N_CHOSEN][2]; /* question and solution */
    uint32_t n_examples;
};

struct episode {
    const struct task *task;
    const char *answer;
    accord_record record;
    accord_example example[N_EXAMPLES];
    char id[64];
    char number[24];
    struct math_story story;
};

enum {
    P_DATASET,
    P_HOLDOUT,
    P_SEED,
    P_LEVEL,
    P_FILE,
    P_TRAIN_FILE,
    P_QUESTION,
    P_ANSWER,
    P_ID,
    P_SOLUTION,
    P_KIND,
    N_PARAMS,
};

static const char *const dataset_names[] = {
    "generated", "gsm8k", "gsm_hard", "jsonl", "math500", "strategyqa", "svamp", NULL};
static const char *const kind_names[] = {
    [MATH_ANSWER_NUMBER] = "number", [MATH_ANSWER_EXPRESSION] = "expression",
    [MATH_ANSWER_YES_NO] = "yes_no", [MATH_ANSWER_CHOICE] = "choice",
    [MATH_ANSWER_AUTO] = "auto",     [MATH_ANSWER_AUTO + 1] = NULL,
};

static const accord_param params[N_PARAMS] = {
    [P_DATASET] = {.name = "dataset",
                   .help = "which questions",
                   .type = ACCORD_STRING,
                   .text = "generated",
                   .choices = dataset_names},
    [P_HOLDOUT] = {.name = "holdout",
                   .help = "train on the evaluated items whose SHA-256 is 0 mod 5",
                   .type = ACCORD_BOOL},
    [P_SEED] = {.name = "seed",
                .help = "generated: the stream of problems",
                .type = ACCORD_INT,
                .value = 1,
                .min = 0,
                .max = 1e9},
    [P_LEVEL] = {.name = "level",
                 .help = "generated: 1 to 4 steps, 5: 5 or 6 steps",
                 .type = ACCORD_INT,
                 .value = 1,
                 .min = 1,
                 .max = MATH_LEVELS},
    [P_FILE] = {.name = "file",
                .help = "jsonl: the evaluated file (.jsonl or .jsonl.gz)",
                .type = ACCORD_STRING,
                .text = ""},
    [P_TRAIN_FILE] = {.name = "train_file",
                      .help = "jsonl: the file of the train split, or empty",
                      .type = ACCORD_STRING,
                      .text = ""},
    [P_QUESTION] = {.name = "question_field",
                    .help = "jsonl: field of the question",
                    .type = ACCORD_STRING,
                    .text = "question"},
    [P_ANSWER] = {.name = "answer_field",
                  .help = "jsonl: field of the reference answer",
                  .type = ACCORD_STRING,
                  .text = "answer"},
    [P_ID] = {.name = "id_field",
              .help = "jsonl: field of the item's id; empty: file name and line",
              .type = ACCORD_STRING,
              .text = ""},
    [P_SOLUTION] = {.name = "solution_field",
                    .help = "jsonl: field of the worked solution, or empty",
                    .type = ACCORD_STRING,
                    .text = ""},
    [P_KIND] = {.name = "answer_kind",
                .help = "jsonl: how answers look",
                .type = ACCORD_STRING,
                .text = "auto",
                .choices = kind_names},
};

static const char *const modes[] = {"default", NULL};
static const char *const parts[] = {"strict", "flexible", NULL};

/* What the method is told to end in, by kind. */
static const char *const instructions[] = {
    [MATH_ANSWER_NUMBER] = "Think step by step. End with the sentence \"The answer is "
                           "\\boxed{N}.\", where N is a number without a unit.",
    [MATH_ANSWER_EXPRESSION] =
        "Think step by step. End with the sentence \"The answer is "
        "\\boxed{A}.\", where A is the result in LaTeX.",
    [MATH_ANSWER_YES_NO] = "Think step by step. End with the sentence \"The answer is "
                           "\\boxed{A}.\", where A is yes or no.",
    [MATH_ANSWER_CHOICE] = "Think step by step. End with the sentence \"The answer is "
                           "\\boxed{A}.\", where A is the letter of the right choice.",
    [MATH_ANSWER_AUTO] = "Think step by step. End with the sentence \"The answer is "
                         "\\boxed{A}.\", where A is nothing but the answer.",
};

static accord_code no_memory(const struct task *t, accord_err *err) {
    return t->host->fail(t->host, err, ACCORD_E_NOMEM, "out of memory");
}

/* ---- worked examples -------------------------------------------------------------- */

/* Question, and solution with the sentence that the instruction asks for. */
static accord_code add_example(struct task *t, const char *question, const char *steps,
                               const char *answer, accord_err *err) {
    uint32_t i = t->n_examples;
    char **text = t->example_text[i];

    text[0] = strdup(question);
    if (asprintf(&text[1], "%s%s" MATH_CLOSING, steps, *steps ? "\n" : "", answer) < 0)
        text[1] = NULL;
    if (!text[0] || !text[1]) {
        free(text[0]);
        free(text[1]);
        return no_memory(t, err);
    }
    t->example[i] = (accord_example){.question = text[0], .solution = text[1]};
    t->n_examples++;
    return ACCORD_OK;
}

/* Examples spread evenly over the train split. */
static accord_code choose_items(struct task *t, accord_err *err) {
    const struct math_items *train = &t->data.part[ACCORD_SPLIT_TRAIN];
    size_t n = train->n < N_CHOSEN ? train->n : N_CHOSEN;

    for (size_t i = 0; i < n; i++) {
        const struct math_item *item = &train->item[i * train->n / n];
        accord_code rc =
            add_example(t, item->question, item->solution, item->answer, err);
        if (rc)
            return rc;
    }
    return ACCORD_OK;
}

static accord_code choose_stories(struct task *t, accord_err *err) {
    struct math_story story;
    char answer[24];

    for (uint64_t i = 0; i < N_CHOSEN; i++) {
        math_generate(t->seed, t->level, ACCORD_SPLIT_TRAIN, EXAMPLE_ITEMS + i, &story);
        snprintf(answer, sizeof(answer), "%" PRId64, story.answer);
        accord_code rc = add_example(t, story.question, story.solution, answer, err);
        if (rc)
            return rc;
    }
    return ACCORD_OK;
}

/* ---- creation --------------------------------------------------------------------- */

/* "data/my.jsonl.gz" is "my-". */
static char *stem_of(const char *path, const char *suffix) {
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    char *stem = NULL;

    if (asprintf(&stem, "%.*s%s", (int)(strcspn(name, ".") % 128), name, suffix) < 0)
        return NULL;
    return stem;
}

static int find_kind(const char *name) {
    int kind = 0;

    while (kind < MATH_ANSWER_AUTO && strcmp(kind_names[kind], name) != 0)
        kind++;
    return kind;
}

static accord_code use_own_layout(struct task *t, const accord_param_value *v,
                                  accord_err *err) {
    if (!*v[P_FILE].s)
        return t->host->fail(t->host, err, ACCORD_E_CONFIG,
                             "dataset \"jsonl\" needs the parameter \"file\"");
    t->stem[ACCORD_SPLIT_EVAL] = stem_of(v[P_FILE].s, "-");
    t->stem[ACCORD_SPLIT_TRAIN] = stem_of(v[P_TRAIN_FILE].s, "-train-");
    if (!t->stem[0] || !t->stem[1])
        return no_memory(t, err);
    t->own = (struct math_layout){
        .name = "jsonl",
        .kind = find_kind(v[P_KIND].s),
        .steps = MATH_STEPS_TEXT,
        .file = v[P_FILE].s,
        .train_file = v[P_TRAIN_FILE].s,
        .question = v[P_QUESTION].s,
        .answer = v[P_ANSWER].s,
        .solution = v[P_SOLUTION].s,
        .id = v[P_ID].s,
        .eval_id = t->stem[ACCORD_SPLIT_EVAL],
        .train_id = t->stem[ACCORD_SPLIT_TRAIN],
    };
    return ACCORD_OK;
}

/* An option that would do nothing is a mistake. */
static accord_code check_params(const struct task *t, const accord_param_value *v,
                                accord_err *err) {
    const char *dataset = v[P_DATASET].s;

    if (strcmp(dataset, "jsonl") != 0 && (*v[P_FILE].s || *v[P_TRAIN_FILE].s))
        return t->host->fail(t->host, err, ACCORD_E_CONFIG,
                             "\"file\" and \"train_file\" are for dataset \"jsonl\", not "
                             "\"%s\"",
                             dataset);
    if (t->is_generated && v[P_HOLDOUT].i)
        return t->host->fail(t->host, err, ACCORD_E_CONFIG,
                             "dataset \"generated\" has a train split: leave \"holdout\" "
                             "out");
    if (*v[P_TRAIN_FILE].s && v[P_HOLDOUT].i)
        return t->host->fail(t->host, err, ACCORD_E_CONFIG,
                             "give \"train_file\" or \"holdout\", not both");
    return ACCORD_OK;
}

static accord_code load(struct task *t, const accord_param_value *v, accord_err *err) {
    const struct math_layout *layout = math_layout_find(v[P_DATASET].s);

    if (t->is_generated) {
        t->kind = MATH_ANSWER_NUMBER;
        t->seed = (uint64_t)v[P_SEED].i;
        t->level = (int)v[P_LEVEL].i;
        return choose_stories(t, err);
    }
    accord_code rc = ACCORD_OK;
    if (!layout) {
        rc = use_own_layout(t, v, err);
        layout = &t->own;
    }
    t->kind = layout->kind;
    if (!rc)
        rc = math_dataset_read(t->host, layout, (int)v[P_HOLDOUT].i, &t->data, err);
    return rc ? rc : choose_items(t, err);
}

static void fill_spec(struct task *t) {
    t->spec = (accord_spec){
        .struct_size = sizeof(accord_spec),
        .obs = {.kind = ACCORD_TEXT},
        .action = {.kind = ACCORD_TEXT},
        .n_items = {t->data.part[0].n, t->data.part[1].n},
        .max_steps = 1,
        .higher_is_better = 1,
        .score = "accuracy",
        .score_max = 1,
        .modes = modes,
        .parts = parts,
    };
    if (t->is_generated)
        t->spec.n_items[0] = t->spec.n_items[1] = ACCORD_ENDLESS;
    else
        t->spec.files = (const char *const *)t->data.file;
}

static void math_destroy(void *self) {
    struct task *t = self;

    if (!t)
        return;
    math_dataset_fini(&t->data);
    for (uint32_t i = 0; i < t->n_examples; i++) {
        free(t->example_text[i][0]);
        free(t->example_text[i][1]);
    }
    free(t->stem[0]);
    free(t->stem[1]);
    free(t);
}

static accord_code math_create(const accord_host *host, const accord_setup *setup,
                               void **self, accord_err *err) {
    struct task *t = calloc(1, sizeof(*t));

    *self = NULL;
    if (!t)
        return host->fail(host, err, ACCORD_E_NOMEM, "out of memory");
    t->host = host;
    t->is_generated = strcmp(setup->params[P_DATASET].s, "generated") == 0;
    accord_code rc = check_params(t, setup->params, err);
    if (!rc)
        rc = load(t, setup->params, err);
    if (rc) {
        math_destroy(t);
        return rc;
    }
    fill_spec(t);
    *self = t;
    return ACCORD_OK;
}

/* ---- episodes --------------------------------------------------------------------- */

static accord_code math_spec(void *self, const char *mode, const accord_spec **out,
                             accord_err *err) {
    struct task *t = self;

    if (mode && strcmp(mode, modes[0]) != 0)
        return t->host->fail(t->host, err, ACCORD_E_NOTFOUND, "no mode \"%s\"", mode);
    *out = &t->spec;
    return ACCORD_OK;
}

static void open_story(struct episode *e, const accord_key *key, const char **id) {
    const struct task *t = e->task;

    math_generate(t->seed, t->level, key->split, key->item, &e->story);
    snprintf(e->id, sizeof(e->id), "generated-%" PRIu64 "-level%d-%s-%" PRIu64, t->seed,
             t->level, key->split == ACCORD_SPLIT_TRAIN ? "train" : "eval", key->item);
    snprintf(e->number, sizeof(e->number), "%" PRId64, e->story.answer);
    e->record.question = e->story.question;
    e->answer = e->number;
    *id = e->id;
}

static void open_item(struct episode *e, const accord_key *key, const char **id) {
    const struct math_item *item = &e->task->data.part[key->split].item[key->item];

    e->record.question = item->question;
    e->answer = item->answer;
    *id = item->id;
}

/* The examples but the one that asks the same. */
static void show_examples(struct episode *e) {
    const struct task *t = e->task;
    uint32_t n = 0;

    for (uint32_t i = 0; i < t->n_examples && n < N_EXAMPLES; i++)
        if (strcmp(t->example[i].question, e->record.question) != 0)
            e->example[n++] = t->example[i];
    e->record.examples = e->example;
    e->record.n_examples = n;
}

static accord_code math_open(void *self, const accord_key *key, void **ep,
                             accord_obs *obs, const char **id, accord_err *err) {
    const struct task *t = self;

    if (key->split < 0 || key->split > 1 || key->item >= t->spec.n_items[key->split])
        return t->host->fail(t->host, err, ACCORD_E_ARG, "no item %" PRIu64, key->item);
    struct episode *e = calloc(1, sizeof(*e));
    if (!e)
        return no_memory(t, err);
    e->task = t;
    e->record.struct_size = sizeof(e->record);
    e->record.instruction = instructions[t->kind];
    if (t->is_generated)
        open_story(e, key, id);
    else
        open_item(e, key, id);
    show_examples(e);
    obs->kind = ACCORD_TEXT;
    obs->record = &e->record;
    *ep = e;
    return ACCORD_OK;
}

/* The end of a reply, from the beginning of a line or at least of a character. */
static const char *tail(const char *reply) {
    size_t n = reply ? strlen(reply) : 0;

    if (n <= MAX_REPLY)
        return reply;
    reply += n - MAX_REPLY;
    const char *line = memchr(reply, '\n', MAX_REPLY / 2);
    if (line)
        return line + 1;
    while (((unsigned char)*reply & 0xc0) == 0x80)
        reply++;
    return reply;
}

static accord_code math_step(void *ep, const accord_action *action, accord_step *out,
                             accord_err *err) {
    const struct episode *e = ep;
    int kind = e->task->kind;
    const char *reply = tail(action->text);
    char answer[MAX_ANSWER];
    const char *rule; /* the note is the flexible grader's */

    int strict = math_extract(reply, kind, 1, answer, sizeof(answer), &rule) &&
                 math_equal_strict(e->answer, answer, kind);
    int flexible = math_extract(reply, kind, 0, answer, sizeof(answer), &out->note) &&
                   math_equal(e->answer, answer, kind);
    out->end = ACCORD_END_TERMINATED;
    out->reward = flexible;
    out->parts[0] = strict;
    out->parts[1] = flexible;
    return ACCORD_OK;
}

static accord_code math_canon_action(void *ep, const accord_action *action, char *buf,
                                     size_t size, accord_err *err) {
    const struct episode *e = ep;
    int kind = e->task->kind;
    char answer[MAX_ANSWER];
    const char *rule;

    if (size > 0)
        buf[0] = '\0';
    if (math_extract(tail(action->text), kind, 0, answer, sizeof(answer), &rule))
        math_canon(answer, kind, buf, size);
    return ACCORD_OK;
}

/* ---- the entry -------------------------------------------------------------------- */

static const void *math_extension(const char *id) {
    static const accord_task_ops task = {
        .struct_size = sizeof(task),
        .spec = math_spec,
        .open = math_open,
        .step = math_step,
        .canon = math_canon_action,
        .close = free,
    };

    return strcmp(id, ACCORD_TASK) == 0 ? &task : NULL;
}

static const accord_ops ops = {
    .struct_size = sizeof(ops),
    .create = math_create,
    .destroy = math_destroy,
    .extension = math_extension,
};

const accord_plugin accord_plugin_entry = {
    ACCORD_PLUGIN_HEAD,
    .role = ACCORD_ROLE_TASK,
    .id = "math",
    .version = "1.0",
    .summary = "questions with a checkable answer: GSM8K and others, or generated ones",
    .license = "MIT",
    .params = params,
    .n_params = N_PARAMS,
    .ops = &ops,
};
