/* file.c - see file.h. */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <accord/sha256.h>

#include "base/buf.h"

accord_code accord_file_read(const char *path, size_t max, char **out, size_t *n,
                             accord_err *err) {
    accord_buf b;
    char block[16384];
    size_t got;

    *out = NULL;
    *n = 0;
    FILE *f = fopen(path, "re");
    if (!f)
        return accord_fail(err, ACCORD_E_IO, "cannot open %s: %s", path, strerror(errno));
    accord_buf_init(&b, max);
    while (!b.failed && (got = fread(block, 1, sizeof(block), f)) > 0)
        accord_buf_add(&b, block, got);
    accord_code rc = ACCORD_OK;
    if (ferror(f))
        rc = accord_fail(err, ACCORD_E_IO, "cannot read %s: %s", path, strerror(errno));
    else
        rc = accord_buf_check(&b, path, err);
    fclose(f);
    size_t length = b.n;
    if (!rc && !(*out = accord_buf_take(&b)))
        rc = accord_fail(err, ACCORD_E_NOMEM, "out of memory for %s", path);
    if (rc)
        accord_buf_fini(&b);
    else
        *n = length;
    return rc;
}

accord_code accord_write_all(int fd, const void *data, size_t n, const char *name,
                             accord_err *err) {
    const char *p = data;

    while (n > 0) {
        ssize_t done = write(fd, p, n);
        if (done < 0 && errno == EINTR)
            continue;
        if (done < 0)
            return accord_fail(err, ACCORD_E_IO, "cannot write %s: %s", name,
                               strerror(errno));
        p += done;
        n -= (size_t)done;
    }
    return ACCORD_OK;
}

accord_code accord_file_write(const char *path, const void *data, size_t n,
                              accord_err *err) {
    char tmp[PATH_MAX];

    if (snprintf(tmp, sizeof(tmp), "%s.tmp", path) >= (int)sizeof(tmp))
        return accord_fail(err, ACCORD_E_ARG, "path too long: %s", path);
    int fd = open(tmp, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (fd < 0)
        return accord_fail(err, ACCORD_E_IO, "cannot write %s: %s", tmp, strerror(errno));
    accord_code rc = accord_write_all(fd, data, n, tmp, err);
    if (!rc && fsync(fd))
        rc = accord_fail(err, ACCORD_E_IO, "cannot flush %s: %s", tmp, strerror(errno));
    close(fd);
    if (!rc && rename(tmp, path))
        rc = accord_fail(err, ACCORD_E_IO, "cannot write %s: %s", path, strerror(errno));
    if (rc)
        unlink(tmp);
    return rc;
}

accord_code accord_mkdirs(const char *path, accord_err *err) {
    char part[PATH_MAX];
    struct stat st;

    if (strlen(path) >= sizeof(part))
        return accord_fail(err, ACCORD_E_ARG, "path too long: %s", path);
    for (size_t i = 0;; i++) {
        part[i] = path[i];
        if (i > 0 && (path[i] == '/' || path[i] == '\0')) {
            part[i] = '\0';
            if (mkdir(part, 0777) && errno != EEXIST)
                return accord_fail(err, ACCORD_E_IO, "cannot make folder %s: %s", part,
                                   strerror(errno));
            part[i] = path[i];
        }
        if (path[i] == '\0')
            break;
    }
    if (stat(path, &st) || !S_ISDIR(st.st_mode))
        return accord_fail(err, ACCORD_E_IO, "%s is not a folder", path);
    return ACCORD_OK;
}

static int remove_one(const char *path, const struct stat *st, int type,
                      struct FTW *ftw) {
    return remove(path);
}

accord_code accord_remove_tree(const char *path, accord_err *err) {
    if (nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS) && errno != ENOENT)
        return accord_fail(err, ACCORD_E_IO, "cannot remove %s: %s", path,
                           strerror(errno));
    return ACCORD_OK;
}

bool accord_file_exists(const char *path) {
    return access(path, F_OK) == 0;
}

accord_code accord_file_sha256(const char *path, char hex[65], accord_err *err) {
    accord_sha256 s;
    char block[16384];
    size_t got;

    hex[0] = '\0';
    FILE *f = fopen(path, "re");
    if (!f)
        return accord_fail(err, ACCORD_E_IO, "cannot open %s: %s", path, strerror(errno));
    accord_sha256_init(&s);
    while ((got = fread(block, 1, sizeof(block), f)) > 0)
        accord_sha256_update(&s, block, got);
    accord_code rc = ACCORD_OK;
    if (ferror(f))
        rc = accord_fail(err, ACCORD_E_IO, "cannot read %s: %s", path, strerror(errno));
    fclose(f);
    accord_sha256_hex(&s, hex);
    return rc;
}
