/* datasets.c - see datasets.h. */
#include "datasets.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <accord/jsonl.h>

#include "grade.h"
#include "steps.h"

/* A question set that is not listed here is read with dataset "jsonl". */
static const struct math_layout layouts[] = {
    {.name = "gsm8k",
     .kind = MATH_ANSWER_NUMBER,
     .steps = MATH_STEPS_GSM8K,
     .file = "gsm8k/test.jsonl",
     .train_file = "gsm8k/train.jsonl",
     .question = "question",
     .answer = "answer",
     .eval_id = "gsm8k-main-test-#",
     .train_id = "gsm8k-main-train-#"},
    {.name = "gsm_hard",
     .kind = MATH_ANSWER_NUMBER,
     .file = "gsm_hard/gsmhardv2.jsonl",
     .question = "input",
     .answer = "target",
     .eval_id = "gsm_hard-"},
    {.name = "svamp",
     .kind = MATH_ANSWER_NUMBER,
     .steps = MATH_STEPS_EQUATION,
     .file = "svamp/svamp.jsonl",
     .question = "question",
     .answer = "answer",
     .solution = "equation",
     .id = "id"},
    {.name = "math500",
     .kind = MATH_ANSWER_EXPRESSION,
     .steps = MATH_STEPS_TEXT,
     .file = "math500/math500.jsonl",
     .question = "problem",
     .answer = "answer",
     .solution = "solution",
     .id = "id"},
    {.name = "strategyqa",
     .kind = MATH_ANSWER_YES_NO,
     .steps = MATH_STEPS_FACTS,
     .file = "strategyqa/strategyqa.jsonl",
     .split = "split",
     .eval_value = "dev",
     .question = "question",
     .answer = "answer",
     .solution = "facts",
     .id = "id"},
};

const struct math_layout *math_layout_find(const char *name) {
    for (size_t i = 0; i < sizeof(layouts) / sizeof(layouts[0]); i++)
        if (strcmp(layouts[i].name, name) == 0)
            return &layouts[i];
    return NULL;
}

/* One file on its way into the data set. */
struct reading {
    const accord_host *host;
    const struct math_layout *layout;
    const char *path;
    accord_jsonl *lines;
    struct math_dataset *out;
    int split; /* of the file */
};

static int is_set(const char *text) {
    return text && *text;
}

static accord_code complain(struct reading *r, const char *field, const char *what,
                            accord_err *err) {
    return r->host->fail(r->host, err, ACCORD_E_CONFIG, "%s:%llu: \"%s\" %s", r->path,
                         (unsigned long long)accord_jsonl_line(r->lines), field, what);
}

/* *out is a copy of a text or the shortest form of a number. */
static accord_code take_answer(struct reading *r, char **out, accord_err *err) {
    const char *field = r->layout->answer;
    const char *text = accord_jsonl_text(r->lines, field), *string;
    double number;

    if (!text)
        return complain(r, field, "is missing", err);
    int is_text = !accord_jsonl_string(r->lines, field, &string, NULL);
    int is_number = !accord_jsonl_number(r->lines, field, &number, NULL);
    if (!is_text && strchr("[{", *text))
        return complain(r, field, "must be a text, a number or true or false", err);
    if (is_number && strpbrk(text, ".eE"))
        *out = math_number_text(number);
    else
        *out = strdup(text);
    return *out ? ACCORD_OK
                : r->host->fail(r->host, err, ACCORD_E_NOMEM, "out of memory");
}

/* Sets item->answer inside *answer, and *solution. */
static accord_code take_steps(struct reading *r, char *answer, struct math_row *item,
                              char **solution, accord_err *err) {
    const struct math_layout *layout = r->layout;
    const char *text =
        is_set(layout->solution) ? accord_jsonl_text(r->lines, layout->solution) : NULL;

    item->answer = answer;
    switch (layout->steps) {
    case MATH_STEPS_GSM8K:
        item->answer = math_steps_gsm8k(answer);
        if (!item->answer)
            return complain(r, layout->answer, "has no \"#### \" before its result", err);
        *solution = strdup(answer);
        break;
    case MATH_STEPS_EQUATION:
        *solution = text ? math_steps_equation(text, answer) : strdup("");
        break;
    case MATH_STEPS_FACTS:
        *solution = text ? math_steps_facts(text) : strdup("");
        break;
    default:
        *solution = strdup(text ? text : "");
        break;
    }
    return *solution ? ACCORD_OK : complain(r, layout->solution, "cannot be read", err);
}

/* Item ids stand in journals and on terminals. */
static int is_printable(const char *id) {
    for (const char *p = id; *p; p++)
        if ((unsigned char)*p < 0x20 || *p == 0x7f)
            return 0;
    return strlen(id) <= 255;
}

static accord_code take_id(struct reading *r, int split, char *buf, size_t size,
                           accord_err *err) {
    const struct math_layout *layout = r->layout;

    if (!is_set(layout->id)) {
        snprintf(buf, size, "%s%llu",
                 split == ACCORD_SPLIT_TRAIN ? layout->train_id : layout->eval_id,
                 (unsigned long long)accord_jsonl_line(r->lines) - 1);
        return ACCORD_OK;
    }
    const char *id = accord_jsonl_text(r->lines, layout->id);
    if (!is_set(id))
        return complain(r, layout->id, "is missing", err);
    if (!is_printable(id))
        return complain(r, layout->id, "is no name of at most 255 bytes", err);
    snprintf(buf, size, "%s", id);
    return ACCORD_OK;
}

/* A reference that no grader can read would count every reply as wrong. */
static accord_code check_item(struct reading *r, const struct math_row *item,
                              accord_err *err) {
    char canon[256];

    if (!*item->question)
        return complain(r, r->layout->question, "is empty", err);
    math_canon(item->answer, r->layout->kind, canon, sizeof(canon));
    if (!*canon)
        return complain(r, r->layout->answer, "is no answer of this kind", err);
    return ACCORD_OK;
}

static accord_code take_split(struct reading *r, int *split, accord_err *err) {
    const char *value;

    *split = r->split;
    if (!is_set(r->layout->split))
        return ACCORD_OK;
    accord_code rc = accord_jsonl_string(r->lines, r->layout->split, &value, err);
    if (!rc && strcmp(value, r->layout->eval_value) != 0)
        *split = ACCORD_SPLIT_TRAIN;
    return rc;
}

static accord_code take_item(struct reading *r, accord_err *err) {
    const char *question;
    char *answer = NULL, *solution = NULL, id[256];
    struct math_row item = {0};
    int split;

    accord_code rc = accord_jsonl_string(r->lines, r->layout->question, &question, err);
    if (!rc)
        rc = take_split(r, &split, err);
    if (!rc)
        rc = take_id(r, split, id, sizeof(id), err);
    if (!rc)
        rc = take_answer(r, &answer, err);
    if (!rc)
        rc = take_steps(r, answer, &item, &solution, err);
    if (!rc) {
        item.id = id;
        item.question = question;
        item.solution = solution;
        rc = check_item(r, &item, err);
    }
    if (!rc)
        rc = math_items_add(r->host, &r->out->part[split], &item, err);
    free(answer);
    free(solution);
    return rc;
}

/* Finds the file, remembers it by its absolute path and reads it. */
static accord_code read_file(struct reading *r, const char *name, accord_err *err) {
    char found[PATH_MAX];
    char **file = r->out->file[0] ? &r->out->file[1] : &r->out->file[0];
    int more = 0;

    accord_code rc = r->host->data_path(r->host, name, found, sizeof(found), err);
    if (rc)
        return rc;
    *file = realpath(found, NULL);
    if (!*file)
        return r->host->fail(r->host, err, ACCORD_E_IO, "cannot open %s", found);
    r->path = *file;
    rc = accord_jsonl_open(r->host, *file, &r->lines, err);
    while (!rc && !(rc = accord_jsonl_next(r->lines, &more, err)) && more)
        rc = take_item(r, err);
    accord_jsonl_close(r->lines);
    r->lines = NULL;
    return rc;
}

/* After this no question stands in both parts. */
static accord_code separate(struct reading *r, int holdout, accord_err *err) {
    struct math_items *train = &r->out->part[ACCORD_SPLIT_TRAIN];
    struct math_items *eval = &r->out->part[ACCORD_SPLIT_EVAL];
    size_t n_dropped;
    accord_code rc;

    if (holdout) {
        math_items_fini(train);
        rc = math_items_hold_out(r->host, eval, train, err);
    } else {
        rc = math_items_separate(r->host, train, eval, &n_dropped, err);
        if (!rc && n_dropped)
            r->host->log(r->host, ACCORD_INFO,
                         "left out %zu train questions that are also evaluated",
                         n_dropped);
    }
    return rc ? rc : math_items_check_ids(r->host, train, eval, err);
}

accord_code math_dataset_read(const accord_host *host, const struct math_layout *layout,
                              int holdout, struct math_dataset *out, accord_err *err) {
    struct reading r = {.host = host, .layout = layout, .out = out};

    *out = (struct math_dataset){0};
    r.split = ACCORD_SPLIT_EVAL;
    accord_code rc = read_file(&r, layout->file, err);
    if (!rc && out->part[ACCORD_SPLIT_EVAL].n == 0)
        rc =
            host->fail(host, err, ACCORD_E_CONFIG, "%s: no question to evaluate", r.path);
    if (!rc && is_set(layout->train_file) && !holdout) {
        r.split = ACCORD_SPLIT_TRAIN;
        rc = read_file(&r, layout->train_file, err);
        if (!rc && out->part[ACCORD_SPLIT_TRAIN].n == 0)
            rc = host->fail(host, err, ACCORD_E_CONFIG, "%s: no question to train on",
                            r.path);
    }
    return rc ? rc : separate(&r, holdout, err);
}

void math_dataset_fini(struct math_dataset *d) {
    for (int split = 0; split < 2; split++)
        math_items_fini(&d->part[split]);
    for (int i = 0; i < MATH_MAX_FILES; i++)
        free(d->file[i]);
    *d = (struct math_dataset){0};
}
