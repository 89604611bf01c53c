/* scratch.h - a folder of a test's own: tcase_add_checked_fixture(tc, scratch_begin,
 * scratch_end). */
#ifndef SCRATCH_H
#define SCRATCH_H

#include <stddef.h>

/* Makes an empty folder below TMPDIR; scratch_end() removes it with all in it. */
void scratch_begin(void);
void scratch_end(void);

/* The path of `name` in the folder; "" is the folder.  The caller's to free(). */
char *scratch_path(const char *name);

/* Writes n bytes to `name` and returns its path as above. */
char *scratch_write(const char *name, const void *data, size_t n);

/* The same for a text. */
char *scratch_text(const char *name, const char *text);

#endif
