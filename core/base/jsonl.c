/* jsonl.c - see <accord/jsonl.h>.  zlib reads plain files as they are. */
#include <accord/jsonl.h>

#include <errno.h>
#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

enum { MAX_LINE = 64 << 20, FIRST_LINE = 16384 };

struct accord_jsonl {
    const accord_host *host;
    char *path;
    gzFile file;
    char *line;
    size_t cap;
    uint64_t number;
    json_t *object;
    char **kept; /* texts made for the accessors, freed with the object */
    size_t n_kept;
    bool no_memory; /* an accessor could not say so */
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
    free(r->kept);
    if (r->file)
        gzclose(r->file);
    free(r->line);
    free(r->path);
    free(r);
}

/* What zlib says begins with the path.  Bytes that are no gzip are the user's file and
 * not the system's refusal. */
static accord_code damaged(accord_jsonl *r, accord_err *err) {
    int code, no = errno;
    const char *why = gzerror(r->file, &code);
    size_t n = strlen(r->path);

    if (code == Z_ERRNO)
        return r->host->fail(r->host, err, no == EISDIR ? ACCORD_E_CONFIG : ACCORD_E_IO,
                             "%s: cannot read: %s", r->path, strerror(no));
    if (strncmp(why, r->path, n) == 0 && strncmp(why + n, ": ", 2) == 0)
        why += n + 2;
    return r->host->fail(r->host, err, ACCORD_E_CONFIG, "%s:%llu: cannot read: %s",
                         r->path, (unsigned long long)r->number + 1, why);
}

/* Makes the line's buffer twice as large. */
static accord_code longer(accord_jsonl *r, accord_err *err) {
    if (r->cap >= MAX_LINE)
        return r->host->fail(r->host, err, ACCORD_E_LIMIT,
                             "%s:%llu: line longer than %d bytes", r->path,
                             (unsigned long long)r->number + 1, MAX_LINE);
    char *line = realloc(r->line, r->cap * 2);
    if (!line)
        return r->host->fail(r->host, err, ACCORD_E_NOMEM, "out of memory");
    r->line = line;
    r->cap *= 2;
    return ACCORD_OK;
}

/* Reads one line into r->line; *n is its length, SIZE_MAX at the end of the file.
 * gzgets() does not say how much it read, so a NUL byte is found by the position. */
static accord_code read_line(accord_jsonl *r, size_t *n, accord_err *err) {
    z_off_t start = gztell(r->file);
    size_t have = 0;
    bool whole = false;

    *n = SIZE_MAX;
    while (!whole && gzgets(r->file, r->line + have, (int)(r->cap - have))) {
        have += strlen(r->line + have);
        if (gztell(r->file) != start + (z_off_t)have)
            return r->host->fail(r->host, err, ACCORD_E_CONFIG, "%s:%llu: a NUL byte",
                                 r->path, (unsigned long long)r->number + 1);
        whole = r->line[have - 1] == '\n';
        if (!whole && have + 1 == r->cap) {
            accord_code rc = longer(r, err);
            if (rc)
                return rc;
        }
    }
    int code;
    gzerror(r->file, &code);
    if (!whole && code != Z_OK && code != Z_STREAM_END)
        return damaged(r, err);
    if (have > 0) {
        r->number++;
        *n = have;
    }
    return ACCORD_OK;
}

static accord_code no_object(accord_jsonl *r, accord_err *err) {
    return r->host->fail(r->host, err, ACCORD_E_CONFIG,
                         "%s:%llu: expected an object in braces", r->path,
                         (unsigned long long)r->number);
}

/* The object on the current line. */
static accord_code parse(accord_jsonl *r, size_t n, accord_err *err) {
    json_error_t why;

    r->object = json_loadb(r->line, n, JSON_REJECT_DUPLICATES, &why);
    if (!r->object && !why.text[0]) /* jansson says nothing when memory runs out */
        return r->host->fail(r->host, err, ACCORD_E_NOMEM, "out of memory");
    if (!r->object)
        return r->host->fail(r->host, err, ACCORD_E_CONFIG, "%s:%llu:%d: %s", r->path,
                             (unsigned long long)r->number, why.column, why.text);
    return json_is_object(r->object) ? ACCORD_OK : no_object(r, err);
}

/* Drops the byte order mark that some editors write before the first line. */
static void drop_mark(char *line, size_t *n) {
    if (*n < 3 || memcmp(line, "\xef\xbb\xbf", 3) != 0)
        return;
    *n -= 3;
    memmove(line, line + 3, *n + 1);
}

/* True when line[n], which is not blank, looks like an object from outside. */
static bool in_braces(const char *line, size_t n) {
    while (strchr(" \t\r\n", line[n - 1]))
        n--;
    return line[strspn(line, " \t")] == '{' && line[n - 1] == '}';
}

accord_code accord_jsonl_next_with(accord_jsonl *r, const char *bytes, int *more,
                                   accord_err *err) {
    size_t n_bytes = strlen(bytes);
    accord_code rc;
    size_t n;

    *more = 0;
    forget(r);
    if (r->no_memory)
        return r->host->fail(r->host, err, ACCORD_E_NOMEM, "out of memory");
    for (;;) {
        rc = read_line(r, &n, err);
        if (rc || n == SIZE_MAX)
            return rc;
        if (r->number == 1)
            drop_mark(r->line, &n);
        if (strspn(r->line, " \t\r\n") == n)
            continue;
        if (memmem(r->line, n, bytes, n_bytes))
            break;
        if (!in_braces(r->line, n))
            return no_object(r, err);
    }
    rc = parse(r, n, err);
    *more = rc == ACCORD_OK;
    return rc;
}

accord_code accord_jsonl_next(accord_jsonl *r, int *more, accord_err *err) {
    return accord_jsonl_next_with(r, "", more, err);
}

uint64_t accord_jsonl_line(const accord_jsonl *r) {
    return r->number;
}

/* The shortest text that reads back as the same number.  jansson would write 17 digits:
 * 67327402.519999996 for 67327402.52. */
static char *real_text(double value) {
    char text[40];

    for (int digits = 15; digits <= 17; digits++) {
        snprintf(text, sizeof(text) - 2, "%.*g", digits, value);
        if (strtod(text, NULL) == value)
            break;
    }
    size_t n = strlen(text);
    if (strspn(text, "-0123456789") == n)
        memcpy(text + n, ".0", 3);
    return strdup(text);
}

/* Keeps a text until the next line; NULL when memory is out. */
static const char *keep(accord_jsonl *r, char *text) {
    char **kept = text ? realloc(r->kept, (r->n_kept + 1) * sizeof(*kept)) : NULL;

    if (!kept) {
        free(text);
        r->no_memory = true;
        return NULL;
    }
    r->kept = kept;
    r->kept[r->n_kept++] = text;
    return text;
}

const char *accord_jsonl_raw(const accord_jsonl *r) {
    return r->line;
}

const char *accord_jsonl_text(accord_jsonl *r, const char *field) {
    const json_t *value = json_object_get(r->object, field);

    if (!value || json_is_null(value))
        return NULL;
    if (json_is_string(value))
        return json_string_value(value);
    if (json_is_real(value))
        return keep(r, real_text(json_real_value(value)));
    return keep(r, json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY));
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
