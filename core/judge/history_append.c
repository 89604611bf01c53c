/* history_append.c - one more run in a history: see history.h. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "judge/fingerprint.h"
#include "judge/gate.h"
#include "judge/history_parts.h"

#define MAX_LINE ((size_t)1 << 27)

/* Whether the open file is still the one of that name. */
static bool is_current(int fd, const char *file) {
    struct stat mine, there;

    return fstat(fd, &mine) == 0 && stat(file, &there) == 0 &&
           mine.st_ino == there.st_ino && mine.st_dev == there.st_dev;
}

/* Opens and locks; another process may have put a new file there while this one waited.
 */
static accord_code open_locked(const char *file, int *fd, accord_err *err) {
    for (;;) {
        *fd = open(file, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
        if (*fd < 0)
            return accord_fail(err, ACCORD_E_IO, "cannot open %s: %s", file,
                               strerror(errno));
        int rc;
        do
            rc = flock(*fd, LOCK_EX);
        while (rc && errno == EINTR);
        if (rc) {
            accord_fail(err, ACCORD_E_IO, "cannot lock %s: %s", file, strerror(errno));
            close(*fd);
            *fd = -1;
            return ACCORD_E_IO;
        }
        if (is_current(*fd, file))
            return ACCORD_OK;
        close(*fd);
    }
}

static accord_code cut(int fd, const char *file, size_t n, accord_err *err) {
    if (ftruncate(fd, (off_t)n))
        return accord_fail(err, ACCORD_E_IO, "cannot cut off the end of %s: %s", file,
                           strerror(errno));
    return ACCORD_OK;
}

/* All of the line on disk, or the file as it was. */
static accord_code write_line(int fd, const char *file, size_t from, const accord_buf *b,
                              accord_err *err) {
    accord_code rc = accord_write_all(fd, b->data, b->n, file, err);

    if (!rc && fsync(fd))
        rc = accord_fail(err, ACCORD_E_IO, "cannot write %s: %s", file, strerror(errno));
    if (rc && cut(fd, file, from, NULL))
        accord_err_context(err, "its last line is torn");
    return rc;
}

static bool is_known(const accord_history *h, const accord_history_run *new_run) {
    for (size_t i = 0; i < h->n; i++)
        if (strcmp(h->runs[i].id, new_run->id) == 0)
            return true;
    return false;
}

/* What is about to be written, read as a reader would. */
static accord_code check_line(const accord_history *h, const char *file,
                              const accord_buf *line, bool *known, accord_err *err) {
    accord_history own = {0};

    accord_code rc = accord_history_parse(&own, "the run", line->data, line->n, err);
    if (!rc) {
        *known = is_known(h, &own.runs[0]);
        if (h->n > 0 && strcmp(h->runs[0].suite, own.runs[0].suite) != 0)
            rc =
                accord_fail(err, ACCORD_E_CONFIG,
                            "%s is the history of the suite \"%.60s\", and the run is of "
                            "\"%.60s\"",
                            file, h->runs[0].suite, own.runs[0].suite);
    }
    accord_history_fini(&own);
    return rc;
}

static accord_code append_locked(int fd, const char *file, const accord_buf *line,
                                 int *found, accord_sentences *notes, accord_err *err) {
    accord_history h;
    bool known = false;
    accord_buf b;

    accord_buf_init(&b, MAX_LINE);
    accord_code rc = accord_history_read(file, &h, err);
    if (!rc)
        rc = check_line(&h, file, line, &known, err);
    if (!rc && !known && h.torn) {
        accord_sentences_take(
            notes,
            accord_xasprintf("the last line of %s was torn, and is cut off", file));
        rc = cut(fd, file, h.whole, err);
    }
    if (!rc && !known) {
        accord_buf_puts(&b, h.open_end ? "\n" : "");
        accord_buf_add(&b, line->data, line->n);
        rc = accord_buf_check(&b, "the run's line", err);
        if (!rc)
            rc = write_line(fd, file, h.whole, &b, err);
    }
    if (!rc)
        *found = known ? ACCORD_HISTORY_KNOWN : ACCORD_HISTORY_ADDED;
    accord_history_fini(&h);
    accord_buf_fini(&b);
    return rc;
}

/* Half a run would look like a step. */
static bool is_fit(const accord_rundir *run, const accord_rows *rows, double coverage,
                   accord_sentences *notes) {
    bool fit = accord_run_missing(run, notes) == 0;

    for (size_t i = 0; i < rows->n; i++) {
        char *why = accord_gate_broken(&rows->items[i], coverage);
        if (!why)
            continue;
        accord_sentences_take(notes, why);
        fit = false;
    }
    return fit;
}

static accord_code append_run(const char *file, const accord_rundir *run,
                              const accord_rows *rows, const accord_history_note *note,
                              int *found, accord_sentences *notes, accord_err *err) {
    accord_buf line;
    int fd = -1;

    accord_buf_init(&line, MAX_LINE);
    accord_code rc = accord_history_line(run, rows, note, &line, notes, err);
    if (!rc)
        rc = open_locked(file, &fd, err);
    if (!rc)
        rc = append_locked(fd, file, &line, found, notes, err);
    if (fd >= 0)
        close(fd);
    accord_buf_fini(&line);
    return rc;
}

accord_code accord_history_append(const char *file, const char *run,
                                  const accord_history_note *note, int *found,
                                  accord_sentences *notes, accord_err *err) {
    accord_rundir dir;
    accord_rows rows = {.keep_scores = true};

    *found = ACCORD_HISTORY_UNFIT;
    if (!(note->coverage >= 0 && note->coverage <= 1))
        return accord_fail(err, ACCORD_E_ARG, "the coverage is a share from 0 to 1");
    accord_code rc = accord_rundir_open(run, &dir, err);
    if (!rc)
        rc = accord_rows_add(&dir, false, &rows, err);
    if (!rc && is_fit(&dir, &rows, note->coverage, notes))
        rc = append_run(file, &dir, &rows, note, found, notes, err);
    accord_rows_fini(&rows);
    accord_rundir_fini(&dir);
    return rc;
}
