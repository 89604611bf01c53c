/* chaos.c - see chaos.h. */
#include "chaos.h"

#include <jansson.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

void *__real_malloc(size_t size);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *p, size_t size);
char *__real_strdup(const char *text);
char *__real_strndup(const char *text, size_t n);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *p, size_t size);
char *__wrap_strdup(const char *text);
char *__wrap_strndup(const char *text, size_t n);

static int on, failed;
static uint64_t left;

static int out_of_memory(void) {
    if (!on || failed)
        return 0;
    failed = left == 0;
    left--;
    return failed;
}

void *__wrap_malloc(size_t size) {
    return out_of_memory() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t n, size_t size) {
    return out_of_memory() ? NULL : __real_calloc(n, size);
}

void *__wrap_realloc(void *p, size_t size) {
    return out_of_memory() ? NULL : __real_realloc(p, size);
}

char *__wrap_strdup(const char *text) {
    return out_of_memory() ? NULL : __real_strdup(text);
}

char *__wrap_strndup(const char *text, size_t n) {
    return out_of_memory() ? NULL : __real_strndup(text, n);
}

void chaos_fail_after(uint64_t n) {
    json_set_alloc_funcs(__wrap_malloc, free);
    left = n;
    failed = 0;
    on = 1;
}

int chaos_stop(void) {
    on = 0;
    return failed;
}
