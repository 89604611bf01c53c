/* mem.h - memory.  The x functions are for what is small and fixed by the code: they
 * report and abort.  accord_alloc() is for what configuration or data size. */
#ifndef ACCORD_MEM_H
#define ACCORD_MEM_H

#include <stddef.h>

#include "base/err.h"

/* [any] Never NULL.  Zeroed. */
void *accord_xalloc(size_t n_bytes);
/* [any] Never NULL. */
void *accord_xrealloc(void *p, size_t n_bytes);
/* [any] Never NULL; dup of NULL is NULL. */
char *accord_xstrdup(const char *text);
/* [any] A formatted text, the caller's to free. */
char *accord_xasprintf(const char *fmt, ...) ACCORD_PRINTF(1, 2);

/* [any] n * size zeroed bytes in *out (a pointer to any pointer).  ACCORD_E_NOMEM also
 * when the product overflows. */
accord_code accord_alloc(size_t n, size_t size, void *out,
                         accord_err *err) ACCORD_MUST_CHECK;

/* [any] Room for one more in a growing array *items of *cap elements: doubles it when `n`
 * has reached *cap. */
accord_code accord_grow(void *items, size_t n, size_t *cap, size_t size,
                        accord_err *err) ACCORD_MUST_CHECK;

#endif
