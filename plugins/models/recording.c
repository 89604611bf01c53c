/* recording.c - see recording.h.  All texts lie in one buffer; while it still grows the
 * rows hold offsets in it. */
#include "recording.h"

#include <accord/jsonl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_NAMES = 64, MAX_LIST = 200 };

typedef struct offsets {
    size_t item;
    size_t response;
} offsets;

struct accord_recording {
    const accord_host *host;
    const char *path; /* while loading */
    char *model;      /* NULL until the first row, when the caller gave none */
    char *text;
    size_t n_text, cap_text;
    accord_recorded *rows; /* by item, then sample */
    offsets *offsets;      /* of rows, while loading */
    size_t n_rows, cap_rows;
    char *others[MAX_NAMES]; /* other models of the file */
    size_t n_others;
};

static accord_code nomem(const accord_recording *r, accord_err *err) {
    return r->host->fail(r->host, err, ACCORD_E_NOMEM, "out of memory");
}

static accord_code add_text(accord_recording *r, const char *text, size_t *at,
                            accord_err *err) {
    size_t n = strlen(text) + 1;

    if (r->n_text + n > r->cap_text) {
        size_t cap = (r->n_text + n) * 2;
        char *longer = realloc(r->text, cap);
        if (!longer)
            return nomem(r, err);
        r->text = longer;
        r->cap_text = cap;
    }
    *at = r->n_text;
    memcpy(r->text + r->n_text, text, n);
    r->n_text += n;
    return ACCORD_OK;
}

static accord_code add_row(accord_recording *r, const accord_recorded *row,
                           const offsets *where, accord_err *err) {
    if (r->n_rows == r->cap_rows) {
        size_t cap = r->cap_rows ? r->cap_rows * 2 : 256;
        accord_recorded *rows = realloc(r->rows, cap * sizeof(*rows));
        if (rows)
            r->rows = rows;
        offsets *longer = realloc(r->offsets, cap * sizeof(*longer));
        if (longer)
            r->offsets = longer;
        if (!rows || !longer)
            return nomem(r, err);
        r->cap_rows = cap;
    }
    r->rows[r->n_rows] = *row;
    r->offsets[r->n_rows++] = *where;
    return ACCORD_OK;
}

static accord_code wrong(const accord_recording *r, accord_jsonl *in, const char *what,
                         accord_err *err) {
    return r->host->fail(r->host, err, ACCORD_E_CONFIG, "%s:%llu: %s", r->path,
                         (unsigned long long)accord_jsonl_line(in), what);
}

static accord_code read_count(accord_jsonl *in, const char *field, uint64_t *out,
                              accord_err *err) {
    double value;

    *out = ACCORD_RECORDING_UNKNOWN;
    if (!accord_jsonl_text(in, field))
        return ACCORD_OK;
    accord_code rc = accord_jsonl_number(in, field, &value, err);
    if (!rc && value >= 0 && value < 0x1p53)
        *out = (uint64_t)value;
    return rc;
}

static accord_code read_finish(const accord_recording *r, accord_jsonl *in, int32_t *out,
                               accord_err *err) {
    static const char *const words[] = {"stop", "length", "refused"};
    const char *word;

    *out = ACCORD_FINISH_STOP;
    if (!accord_jsonl_text(in, "finish"))
        return ACCORD_OK;
    accord_code rc = accord_jsonl_string(in, "finish", &word, err);
    if (rc)
        return rc;
    for (int32_t i = 0; i < 3; i++)
        if (strcmp(word, words[i]) == 0) {
            *out = i;
            return ACCORD_OK;
        }
    return wrong(r, in, "\"finish\" must be \"stop\", \"length\" or \"refused\"", err);
}

/* Keeps the current line, which is one of the model's. */
static accord_code keep(accord_recording *r, accord_jsonl *in, accord_err *err) {
    accord_recorded row = {.line = accord_jsonl_line(in)};
    offsets where = {0};
    const char *item, *response;
    double sample;

    accord_code rc = accord_jsonl_string(in, "question_id", &item, err);
    if (!rc)
        rc = accord_jsonl_string(in, "response", &response, err);
    if (!rc)
        rc = accord_jsonl_number(in, "sample_index", &sample, err);
    if (!rc && !(sample >= 0 && sample < 1e9 && sample == (uint32_t)sample))
        rc = wrong(r, in, "\"sample_index\" must be a whole number from 0", err);
    if (!rc)
        rc = read_finish(r, in, &row.finish, err);
    if (!rc)
        rc = read_count(in, "prompt_tokens", &row.prompt_tokens, err);
    if (!rc)
        rc = read_count(in, "completion_tokens", &row.completion_tokens, err);
    if (!rc)
        rc = add_text(r, item, &where.item, err);
    if (!rc)
        rc = add_text(r, response, &where.response, err);
    if (rc)
        return rc;
    row.sample = (uint32_t)sample;
    return add_row(r, &row, &where, err);
}

/* Remembers the name of another model, for messages. */
static accord_code note(accord_recording *r, const char *name, accord_err *err) {
    for (size_t i = 0; i < r->n_others; i++)
        if (strcmp(r->others[i], name) == 0)
            return ACCORD_OK;
    if (r->n_others == MAX_NAMES)
        return ACCORD_OK;
    char *copy = strdup(name);
    if (!copy)
        return nomem(r, err);
    r->others[r->n_others++] = copy;
    return ACCORD_OK;
}

/* Reads the lines that contain `bytes` and keeps those of the model; without a model the
 * first line says which. */
static accord_code read_rows(accord_recording *r, const char *bytes, accord_err *err) {
    accord_jsonl *in;
    int more;

    accord_code rc = accord_jsonl_open(r->host, r->path, &in, err);
    while (!rc) {
        const char *name;
        rc = accord_jsonl_next_with(in, bytes, &more, err);
        if (rc || !more)
            break;
        rc = accord_jsonl_string(in, "model", &name, err);
        if (!rc && !r->model && !(r->model = strdup(name)))
            rc = nomem(r, err);
        if (rc)
            break;
        rc = strcmp(name, r->model) == 0 ? keep(r, in, err) : note(r, name, err);
    }
    accord_jsonl_close(in);
    return rc;
}

/* "a, b, c", cut where the message would not hold more. */
static void list_others(const accord_recording *r, char *list, size_t size) {
    size_t n = 0;

    *list = '\0';
    for (size_t i = 0; i < r->n_others && n < size; i++)
        n += (size_t)snprintf(list + n, size - n, "%s%s", i ? ", " : "", r->others[i]);
}

static accord_code check_model(accord_recording *r, const char *wanted, accord_err *err) {
    char list[MAX_LIST];

    list_others(r, list, sizeof(list));
    if (r->n_rows == 0 && r->n_others == 0)
        return r->host->fail(r->host, err, ACCORD_E_CONFIG, "%s holds no answers",
                             r->path);
    if (r->n_rows == 0)
        return r->host->fail(r->host, err, ACCORD_E_CONFIG,
                             "no answers of model \"%s\", only of %s, in %s", wanted,
                             list, r->path);
    if (!*wanted && r->n_others > 0)
        return r->host->fail(r->host, err, ACCORD_E_CONFIG,
                             "set \"model\", there are answers of %s, %s in %s", r->model,
                             list, r->path);
    return ACCORD_OK;
}

static int by_key(const void *a, const void *b) {
    const accord_recorded *x = a, *y = b;
    int order = strcmp(x->item, y->item);

    if (order == 0)
        order = (x->sample > y->sample) - (x->sample < y->sample);
    return order;
}

static int by_key_and_line(const void *a, const void *b) {
    const accord_recorded *x = a, *y = b;
    int order = by_key(a, b);

    return order ? order : (x->line > y->line) - (x->line < y->line);
}

/* From here on the buffer stays where it is. */
static accord_code finish(accord_recording *r, accord_err *err) {
    for (size_t i = 0; i < r->n_rows; i++) {
        r->rows[i].item = r->text + r->offsets[i].item;
        r->rows[i].response = r->text + r->offsets[i].response;
    }
    free(r->offsets);
    r->offsets = NULL;
    qsort(r->rows, r->n_rows, sizeof(*r->rows), by_key_and_line);
    for (size_t i = 1; i < r->n_rows; i++) {
        const accord_recorded *row = &r->rows[i];
        if (by_key(row - 1, row) == 0)
            return r->host->fail(r->host, err, ACCORD_E_CONFIG,
                                 "%s:%llu: item %s, sample %u stands there twice, first "
                                 "in line %llu",
                                 r->path, (unsigned long long)row->line, row->item,
                                 row->sample, (unsigned long long)row[-1].line);
    }
    return ACCORD_OK;
}

static accord_code load(accord_recording *r, const char *wanted, accord_err *err) {
    accord_code rc = ACCORD_OK;

    if (*wanted && !(r->model = strdup(wanted)))
        return nomem(r, err);
    if (*wanted)
        rc = read_rows(r, wanted, err);
    /* All lines: to find the only model, a name that JSON has escaped, or the names that
     * the message lists. */
    if (!rc && r->n_rows == 0)
        rc = read_rows(r, "", err);
    if (!rc)
        rc = check_model(r, wanted, err);
    if (!rc)
        rc = finish(r, err);
    return rc;
}

accord_code accord_recording_load(const accord_host *host, const char *path,
                                  const char *model, accord_recording **out,
                                  accord_err *err) {
    *out = NULL;
    accord_recording *r = calloc(1, sizeof(*r));
    if (!r)
        return host->fail(host, err, ACCORD_E_NOMEM, "out of memory");
    r->host = host;
    r->path = path;
    accord_code rc = load(r, model, err);
    r->path = NULL;
    if (rc) {
        accord_recording_free(r);
        return rc;
    }
    *out = r;
    return ACCORD_OK;
}

const accord_recorded *accord_recording_find(const accord_recording *r, const char *item,
                                             uint32_t sample) {
    accord_recorded key = {.item = item, .sample = sample};

    return bsearch(&key, r->rows, r->n_rows, sizeof(*r->rows), by_key);
}

/* How many bytes two names share at their beginning and their end; all of them and one
 * more when they are equal. */
static size_t likeness(const char *a, const char *b) {
    size_t n_a = strlen(a), n_b = strlen(b);
    size_t shorter = n_a < n_b ? n_a : n_b;
    size_t head = 0, tail = 0;

    while (head < shorter && a[head] == b[head])
        head++;
    while (tail < shorter - head && a[n_a - 1 - tail] == b[n_b - 1 - tail])
        tail++;
    return head + tail + (n_a == n_b && head == n_a);
}

const accord_recorded *accord_recording_nearest(const accord_recording *r,
                                                const char *item, uint32_t sample) {
    const accord_recorded *best = &r->rows[0];
    size_t most = likeness(best->item, item);

    for (size_t i = 1; i < r->n_rows; i++) {
        const accord_recorded *row = &r->rows[i];
        size_t alike = likeness(row->item, item);
        if (alike > most || (alike == most && strcmp(row->item, best->item) == 0 &&
                             llabs((long long)row->sample - sample) <
                                 llabs((long long)best->sample - sample))) {
            best = row;
            most = alike;
        }
    }
    return best;
}

const char *accord_recording_model(const accord_recording *r) {
    return r->model;
}

void accord_recording_free(accord_recording *r) {
    if (!r)
        return;
    while (r->n_others > 0)
        free(r->others[--r->n_others]);
    free(r->model);
    free(r->text);
    free(r->rows);
    free(r->offsets);
    free(r);
}
