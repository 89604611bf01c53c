/* out_file.c - see out_file.h. */
#include "pictures/out_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

accord_code accord_out_open(const char *path, accord_out_file *out, accord_err *err) {
    out->fd = -1;
    if (snprintf(out->path, sizeof(out->path), "%s", path) >= (int)sizeof(out->path) ||
        snprintf(out->tmp, sizeof(out->tmp), "%s.tmp", path) >= (int)sizeof(out->tmp))
        return accord_fail(err, ACCORD_E_ARG, "path too long: %s", path);
    out->fd = open(out->tmp, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (out->fd < 0)
        return accord_fail(err, ACCORD_E_IO, "cannot write %s: %s", out->tmp,
                           strerror(errno));
    return ACCORD_OK;
}

accord_code accord_out_close(accord_out_file *f, bool keep, accord_err *err) {
    accord_code rc = ACCORD_OK;

    if (f->fd < 0)
        return ACCORD_OK;
    if (close(f->fd) && keep)
        rc =
            accord_fail(err, ACCORD_E_IO, "cannot write %s: %s", f->tmp, strerror(errno));
    if (!rc && keep && rename(f->tmp, f->path))
        rc = accord_fail(err, ACCORD_E_IO, "cannot write %s: %s", f->path,
                         strerror(errno));
    if (rc || !keep)
        unlink(f->tmp);
    f->fd = -1;
    return rc;
}
