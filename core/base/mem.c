/* mem.c - see mem.h. */
#include "base/mem.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *or_die(void *p, size_t n_bytes) {
    if (!p) {
        fprintf(stderr, "error: accord: out of memory (%zu bytes)\n", n_bytes);
        abort();
    }
    return p;
}

void *accord_xalloc(size_t n_bytes) {
    return or_die(calloc(1, n_bytes ? n_bytes : 1), n_bytes);
}

void *accord_xrealloc(void *p, size_t n_bytes) {
    return or_die(realloc(p, n_bytes ? n_bytes : 1), n_bytes);
}

char *accord_xstrdup(const char *text) {
    return text ? or_die(strdup(text), strlen(text) + 1) : NULL;
}

char *accord_xasprintf(const char *fmt, ...) {
    char *text = NULL;
    va_list ap;

    va_start(ap, fmt);
    int n = vasprintf(&text, fmt, ap);
    va_end(ap);
    return or_die(n < 0 ? NULL : text, 0);
}

accord_code accord_alloc(size_t n, size_t size, void *out, accord_err *err) {
    void *p = calloc(n ? n : 1, size ? size : 1);

    memcpy(out, &p, sizeof(p));
    if (!p)
        return accord_fail(err, ACCORD_E_NOMEM, "out of memory: %zu x %zu bytes", n,
                           size);
    return ACCORD_OK;
}

accord_code accord_grow(void *items, size_t n, size_t *cap, size_t size,
                        accord_err *err) {
    void *p;

    if (n < *cap)
        return ACCORD_OK;
    size_t want = *cap ? *cap * 2 : 8;
    memcpy(&p, items, sizeof(p));
    p = want > SIZE_MAX / size ? NULL : realloc(p, want * size);
    if (!p)
        return accord_fail(err, ACCORD_E_NOMEM, "out of memory: %zu x %zu bytes", want,
                           size);
    memcpy(items, &p, sizeof(p));
    *cap = want;
    return ACCORD_OK;
}
