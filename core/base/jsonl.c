/* jsonl.c - see <accord/jsonl.h>.  zlib reads plain files as they are. */
#include <accord/jsonl.h>

#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

enum { MAX_LINE = 64 << 20, FIRST_LINE = 16384, MAX_KEPT = 64 };

struct accord_jsonl {
    const accord_host *host;
    char *path;
    gzFile file;
    char *line;
    size_t cap;
    uint64_t number;
    json_t *object;
    char *kept[MAX_KEPT]; /* texts made for the accessors, freed with the object */
    size_t n_kept;
};

accord_code accord_jsonl_open(const accord_host *host, const char *path,
                              accord_jsonl **out, accord_err *err) {
    *out = NULL;
    accord_jsonl *r = calloc(1, sizeof(*r));
    if (!r)
        return host->fail(host, err, ACCORD_E_NOMEM, "out of memory");
    r->host = host;
    r->cap = FIRST_LINE;
    r->path = strdup(path);
    r->line = malloc(r->cap);
    if (!r->path || !r->line) {
        accord_jsonl_close(r);
        return host->fail(host, err, ACCORD_E_NOMEM, "out of memory");
    }
    r->file = gzopen(path, "rbe");
    if (!r->file) {
        accord_jsonl_close(r);
        return host->fail(host, err, ACCORD_E_IO, "cannot open %s: %s", path,
                          strerror(errno));
    }
    gzbuffer(r->file, 1 << 17);
    *out = r;
    return ACCORD_OK;
}

static void forget(accord_jsonl *r) {
    for (size_t i = 0; i < r->n_kept; i++)
        free(r->kept[i]);
    r->n_kept = 0;
    json_decref(r->object);
    r->object = NULL;
}

void accord_jsonl_close(accord_jsonl *r) {
    if (!r)
        return;
    forget(r);
    if (r->file)
        gzclose(r->file);
    free(r->line);
    free(r->path);
    free(r);
}

static accord_code damaged(accord_jsonl *r, accord_err *err) {
    int code;
    const char *why = gzerror(r->file, &code);

    return r->host->fail(r->host, err, ACCORD_E_IO, "%s:%llu: cannot read: %s", r->path,
                         (unsigned long long)r->number + 1,
                         code == Z_ERRNO ? strerror(errno) : why);
}

/* Reads one line into r->line; *n is its length, SIZE_MAX at the end of the file. */
static accord_code read_line(accord_jsonl *r, size_t *n, accord_err *err) {
    size_t have = 0;

    *n = SIZE_MAX;
    while (gzgets(r->file, r->line + have, (int)(r->cap - have))) {
        have += strlen(r->line + have);
        if (have > 0 && r->line[have - 1] == '\n')
            break;
        if (have + 1 < r->cap) /* the last line, or a NUL byte in it */
            break;
        if (r->cap >= MAX_LINE)
            return r->host->fail(r->host, err, ACCORD_E_LIMIT,
                                 "%s:%llu: line longer than %d bytes", r->path,
                                 (unsigned long long)r->number + 1, MAX_LINE);
        char *longer = realloc(r->line, r->cap * 2);
        if (!longer)
            return r->host->fail(r->host, err, ACCORD_E_NOMEM, "out of memory");
        r->line = longer;
        r->cap *= 2;
    }
    int code;
    gzerror(r->file, &code);
    if (code != Z_OK && code != Z_STREAM_END)
        return damaged(r, err);
    if (have > 0) {
        r->number++;
        *n = have;
    }
    return ACCORD_OK;
}

accord_code accord_jsonl_next(accord_jsonl *r, int *more, accord_err *err) {
    json_error_t why;
    size_t n;

    *more = 0;
    forget(r);
    do {
        accord_code rc = read_line(r, &n, err);
        if (rc || n == SIZE_MAX)
            return rc;
    } while (strspn(r->line, " \t\r\n") == n);
    r->object = json_loadb(r->line, n, JSON_REJECT_DUPLICATES, &why);
    if (!r->object)
        return r->host->fail(r->host, err, ACCORD_E_CONFIG, "%s:%llu:%d: %s", r->path,
                             (unsigned long long)r->number, why.column, why.text);
    if (!json_is_object(r->object))
        return r->host->fail(r->host, err, ACCORD_E_CONFIG,
                             "%s:%llu: expected an object in braces", r->path,
                             (unsigned long long)r->number);
    *more = 1;
    return ACCORD_OK;
}

uint64_t accord_jsonl_line(const accord_jsonl *r) {
    return r->number;
}

const char *accord_jsonl_text(accord_jsonl *r, const char *field) {
    const json_t *value = json_object_get(r->object, field);

    if (!value || json_is_null(value))
        return NULL;
    if (json_is_string(value))
        return json_string_value(value);
    if (r->n_kept == MAX_KEPT)
        return NULL;
    char *text = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
    if (text)
        r->kept[r->n_kept++] = text;
    return text;
}

static accord_code wrong(accord_jsonl *r, const char *field, const char *what,
                         accord_err *err) {
    return r->host->fail(r->host, err, ACCORD_E_CONFIG, "%s:%llu: \"%s\" must be %s",
                         r->path, (unsigned long long)r->number, field, what);
}

accord_code accord_jsonl_string(accord_jsonl *r, const char *field, const char **out,
                                accord_err *err) {
    *out = json_string_value(json_object_get(r->object, field));
    return *out ? ACCORD_OK : wrong(r, field, "a text", err);
}

accord_code accord_jsonl_number(accord_jsonl *r, const char *field, double *out,
                                accord_err *err) {
    const json_t *value = json_object_get(r->object, field);

    *out = json_number_value(value);
    return json_is_number(value) ? ACCORD_OK : wrong(r, field, "a number", err);
}
