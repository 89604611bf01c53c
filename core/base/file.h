/* file.h - whole files and folders. */
#ifndef ACCORD_FILE_H
#define ACCORD_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

/* [any] Reads a whole file of at most `max` bytes; *out is NUL-terminated, free() it. */
accord_code accord_file_read(const char *path, size_t max, char **out, size_t *n,
                             accord_err *err) ACCORD_MUST_CHECK;
/* [any] Writes path.tmp, flushes it to disk and renames it: whole or not at all. */
accord_code accord_file_write(const char *path, const void *data, size_t n,
                              accord_err *err) ACCORD_MUST_CHECK;
/* [any] Writes all of it to an open file, over short writes and EINTR. */
accord_code accord_write_all(int fd, const void *data, size_t n, const char *name,
                             accord_err *err) ACCORD_MUST_CHECK;
/* [any] mkdir -p. */
accord_code accord_mkdirs(const char *path, accord_err *err) ACCORD_MUST_CHECK;
/* [any] rm -rf; no error when there is nothing. */
accord_code accord_remove_tree(const char *path, accord_err *err) ACCORD_MUST_CHECK;
/* [any] */
bool accord_file_exists(const char *path);
/* [any] SHA-256 of a file, as 64 hexadecimal digits. */
accord_code accord_file_sha256(const char *path, char hex[65],
                               accord_err *err) ACCORD_MUST_CHECK;

#endif
