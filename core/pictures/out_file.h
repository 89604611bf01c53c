/* out_file.h - a file that is written piece by piece and gets its name when it is whole.
 * Unlike accord_file_write() it does not wait for the disk: a picture can be made again.
 */
#ifndef ACCORD_OUT_FILE_H
#define ACCORD_OUT_FILE_H

#include <limits.h>
#include <stdbool.h>

#include "base/err.h"

typedef struct accord_out_file {
    int fd;
    char path[PATH_MAX], tmp[PATH_MAX];
} accord_out_file;

/* [any] ACCORD_E_IO or ACCORD_E_ARG, with the path. */
accord_code accord_out_open(const char *path, accord_out_file *out,
                            accord_err *err) ACCORD_MUST_CHECK;
/* [any] Closes it; renames it to its path, or removes it where `keep` is false. */
accord_code accord_out_close(accord_out_file *f, bool keep,
                             accord_err *err) ACCORD_MUST_CHECK;

#endif
