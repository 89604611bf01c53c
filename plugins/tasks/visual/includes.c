/* includes.c - which files a file of MJCF is made of. */
#include "includes.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_FILES = 64, MAX_BYTES = 1 << 24 };

struct list {
    const accord_host *host;
    accord_err *err;
    char **file; /* [MAX_FILES + 1], NULL-terminated */
    size_t n;
};

static accord_code no_memory(const struct list *l) {
    return l->host->fail(l->host, l->err, ACCORD_E_NOMEM, "out of memory");
}

static char *read_whole(FILE *f) {
    size_t n = 0, room = 1 << 14;
    char *text = malloc(room);

    while (text && (n += fread(text + n, 1, room - n - 1, f)) == room - 1 &&
           room < MAX_BYTES) {
        char *more = realloc(text, room *= 2);
        if (!more)
            free(text);
        text = more;
    }
    if (text)
        text[n] = '\0';
    return text;
}

/* A file that includes itself is MuJoCo's to refuse, not ours to follow. */
static accord_code append(struct list *l, const char *path) {
    char *real = realpath(path, NULL);

    if (!real)
        return errno == ENOMEM ? no_memory(l) : ACCORD_OK;
    for (size_t i = 0; i < l->n; i++)
        if (strcmp(l->file[i], real) == 0 || l->n == MAX_FILES) {
            free(real);
            return ACCORD_OK;
        }
    l->file[l->n++] = real;
    return ACCORD_OK;
}

/* The value of the attribute `file` of the element that begins at `text`, as a path in
 * the folder of `first`. */
static void path_of(const char *text, const char *first, char path[PATH_MAX]) {
    const char *end = strchr(text, '>');
    const char *value = strstr(text, "file");
    const char *slash = strrchr(first, '/');
    size_t quote = value && end && value < end ? strcspn(value, "\"'>") : 0;

    path[0] = '\0';
    if (!quote || value[quote] == '>' || !value[quote])
        return;
    const char *name = value + quote + 1;
    int n = (int)strcspn(name, "\"'>");
    int folder = name[0] == '/' || !slash ? 0 : (int)(slash - first + 1);
    if (snprintf(path, PATH_MAX, "%.*s%.*s", folder, first, n, name) >= PATH_MAX)
        path[0] = '\0';
}

static accord_code follow(struct list *l, const char *path, const char *first) {
    FILE *f = fopen(path, "r");
    char included[PATH_MAX];
    accord_code rc = ACCORD_OK;

    if (!f)
        return l->host->fail(l->host, l->err, ACCORD_E_IO, "cannot open %s: %s", path,
                             strerror(errno));
    char *text = read_whole(f);
    fclose(f);
    if (!text)
        return no_memory(l);
    for (const char *p = text; !rc && (p = strstr(p, "<include")); p++) {
        path_of(p, first, included);
        if (included[0])
            rc = append(l, included);
    }
    free(text);
    return rc;
}

accord_code includes_list(const accord_host *host, const char *path, char ***out,
                          accord_err *err) {
    struct list l = {.host = host, .err = err};

    *out = l.file = calloc(MAX_FILES + 1, sizeof(*l.file));
    if (!l.file)
        return no_memory(&l);
    accord_code rc = append(&l, path);
    for (size_t i = 0; i < l.n && !rc; i++)
        rc = follow(&l, l.file[i], l.file[0]);
    if (rc) {
        includes_free(l.file);
        *out = NULL;
    }
    return rc;
}

void includes_free(char **files) {
    for (char **f = files; f && *f; f++)
        free(*f);
    free(files);
}
