/* journal_read.c - the reading half of the journal: what a cell did before. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "run/journal_file.h"

static const char *text_of(const json_t *object, const char *key) {
    return json_string_value(json_object_get(object, key));
}

static int64_t int_of(const json_t *object, const char *key) {
    return json_integer_value(json_object_get(object, key));
}

static int64_t int_at(const json_t *object, const char *key, size_t i) {
    return json_integer_value(json_array_get(json_object_get(object, key), i));
}

uint64_t accord_call_hash(const accord_call_key *k) {
    char head[512];

    snprintf(head, sizeof(head), "%s|%u|%s|%u|%u|%u|%s", k->ep, k->agent, k->role,
             k->round, k->sample, k->ordinal, k->hash);
    return accord_index_hash(head);
}

static uint64_t line_hash(const json_t *line) {
    accord_call_key key = {.ep = text_of(line, "ep"),
                           .agent = (uint32_t)int_of(line, "agent"),
                           .role = text_of(line, "role"),
                           .round = (uint32_t)int_of(line, "round"),
                           .sample = (uint32_t)int_of(line, "sample"),
                           .ordinal = (uint32_t)int_of(line, "ord")};
    const char *hash = text_of(line, "hash");

    if (!key.ep || !key.role || !hash || strlen(hash) != 16)
        return 0;
    memcpy(key.hash, hash, sizeof(key.hash));
    return accord_call_hash(&key);
}

/* Cuts what stands behind the last newline. */
static accord_code cut_torn_line(accord_log_file *f, accord_err *err) {
    struct stat st;
    char block[4096];

    if (fstat(f->fd, &st))
        return accord_fail(err, ACCORD_E_IO, "cannot read %s: %s", f->path,
                           strerror(errno));
    int64_t end = st.st_size;
    while (end > 0) {
        int64_t from = end > (int64_t)sizeof(block) ? end - (int64_t)sizeof(block) : 0;
        ssize_t got = pread(f->fd, block, (size_t)(end - from), from);
        if (got != end - from)
            return accord_fail(err, ACCORD_E_IO, "cannot read %s", f->path);
        const char *newline = memrchr(block, '\n', (size_t)got);
        if (newline) {
            end = from + (newline - block) + 1;
            break;
        }
        end = from;
    }
    if (end < st.st_size && ftruncate(f->fd, end))
        return accord_fail(err, ACCORD_E_IO, "cannot cut the torn line of %s: %s",
                           f->path, strerror(errno));
    f->n = end;
    return ACCORD_OK;
}

static accord_code open_log(const char *dir, const char *name, accord_log_file *f,
                            accord_err *err) {
    snprintf(f->path, sizeof(f->path), "%.4000s/%s", dir, name);
    f->fd = open(f->path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
    if (f->fd < 0)
        return accord_fail(err, ACCORD_E_IO, "cannot open %s: %s", f->path,
                           strerror(errno));
    return ACCORD_OK;
}

/* The kernel drops the lock with the last copy of the descriptor, however its holder
 * died. */
static accord_code lock_cell(accord_log_file *f, accord_err *err) {
    enum { TRIES = 100, PAUSE_NS = 50000000 };

    for (int i = 0; i < TRIES; i++) {
        if (flock(f->fd, LOCK_EX | LOCK_NB) == 0)
            return ACCORD_OK;
        nanosleep(&(struct timespec){.tv_nsec = PAUSE_NS}, NULL);
    }
    return accord_fail(err, ACCORD_E_STOPPED, "%s is locked by another worker", f->path);
}

static accord_code read_call(accord_journal *j, const json_t *line, int64_t offset,
                             accord_err *err) {
    accord_index_entry *e;
    uint64_t hash = line_hash(line);

    if (!hash)
        return ACCORD_OK;
    accord_code rc = accord_index_put(&j->calls, hash, &e, err);
    if (rc)
        return rc;
    e->journal = offset;
    return ACCORD_OK;
}

static void read_mark(accord_journal *j, const json_t *line) {
    const char *what = text_of(line, "what"), *dir = text_of(line, "dir");
    char path[8192];

    j->finished = what && strcmp(what, "done") == 0;
    if (!what || strcmp(what, "checkpoint") != 0 || !dir)
        return;
    snprintf(path, sizeof(path), "%s/%s", j->dir, dir);
    if (!accord_file_exists(path))
        return;
    j->checkpoint =
        (accord_checkpoint){.exists = true,
                            .step = (uint64_t)int_of(line, "step"),
                            .episodes = (uint64_t)int_of(line, "episodes"),
                            .next_eval = (uint64_t)int_of(line, "next_eval"),
                            .next_probe = (uint64_t)int_of(line, "next_probe")};
    snprintf(j->checkpoint.dir, sizeof(j->checkpoint.dir), "%s", dir);
    j->limit = int_of(line, "journal");
}

static accord_code read_journal_line(accord_journal *j, const json_t *line,
                                     int64_t offset, accord_err *err) {
    const char *kind = text_of(line, "k"), *ep = text_of(line, "ep");
    accord_index_entry *e;

    if (!kind)
        return ACCORD_OK;
    if (strcmp(kind, "call") == 0)
        return read_call(j, line, offset, err);
    if (strcmp(kind, "mark") == 0)
        read_mark(j, line);
    if (strcmp(kind, "ep") != 0 || !ep)
        return ACCORD_OK;
    accord_code rc = accord_index_put(&j->episodes, accord_index_hash(ep), &e, err);
    if (!rc && e->journal < 0) /* the first one: is it before the checkpoint? */
        e->journal = offset;
    return rc;
}

static accord_code read_text_line(accord_journal *j, const json_t *line, int64_t offset,
                                  accord_err *err) {
    const char *kind = text_of(line, "k");
    accord_index_entry *e;

    if (!kind || strcmp(kind, "call") != 0)
        return ACCORD_OK;
    uint64_t hash = line_hash(line);
    if (!hash)
        return ACCORD_OK;
    accord_code rc = accord_index_put(&j->calls, hash, &e, err);
    if (!rc)
        e->text = offset;
    return rc;
}

typedef accord_code (*line_reader)(accord_journal *, const json_t *, int64_t,
                                   accord_err *);

static accord_code read_log(accord_journal *j, accord_log_file *f, line_reader reader,
                            accord_err *err) {
    char *line = NULL;
    size_t cap = 0;
    int64_t offset = 0;
    accord_code rc = ACCORD_OK;

    FILE *in = fopen(f->path, "re");
    if (!in)
        return accord_fail(err, ACCORD_E_IO, "cannot open %s: %s", f->path,
                           strerror(errno));
    for (uint64_t number = 1; !rc; number++) {
        json_error_t why;
        ssize_t n = getline(&line, &cap, in);
        if (n <= 0)
            break;
        json_t *object = json_loadb(line, (size_t)n, 0, &why);
        rc = object ? reader(j, object, offset, err)
                    : accord_fail(err, ACCORD_E_IO, "%s:%llu: damaged line: %s", f->path,
                                  (unsigned long long)number, why.text);
        json_decref(object);
        offset += n;
    }
    free(line);
    fclose(in);
    return rc;
}

accord_code accord_journal_load(accord_journal *j, bool learns, accord_err *err) {
    accord_code rc = open_log(j->dir, "journal.jsonl", &j->journal, err);

    j->limit = learns ? 0 : INT64_MAX;
    if (!rc)
        rc = lock_cell(&j->journal, err);
    if (!rc)
        rc = open_log(j->dir, "text.jsonl", &j->text, err);
    if (!rc)
        rc = cut_torn_line(&j->journal, err);
    if (!rc)
        rc = cut_torn_line(&j->text, err);
    if (!rc)
        rc = read_log(j, &j->journal, read_journal_line, err);
    if (!rc && j->calls.n > 0)
        rc = read_log(j, &j->text, read_text_line, err);
    return rc;
}

accord_code accord_log_line(accord_log_file *f, int64_t offset, json_t **out,
                            accord_err *err) {
    accord_buf line;
    char block[8192];
    json_error_t why;
    ssize_t got;

    *out = NULL;
    accord_buf_init(&line, ACCORD_LINE_MAX);
    while ((got = pread(f->fd, block, sizeof(block), offset + (int64_t)line.n)) > 0) {
        const char *newline = memchr(block, '\n', (size_t)got);
        accord_buf_add(&line, block, newline ? (size_t)(newline - block) : (size_t)got);
        if (newline)
            break;
    }
    accord_code rc = accord_buf_check(&line, f->path, err);
    if (!rc) {
        *out = json_loadb(line.data ? line.data : "", line.n, 0, &why);
        if (!*out)
            rc = accord_fail(err, ACCORD_E_IO, "%s: damaged line at byte %lld: %s",
                             f->path, (long long)offset, why.text);
    }
    accord_buf_fini(&line);
    return rc;
}

bool accord_journal_finished(const accord_journal *j) {
    return j->finished;
}

const accord_checkpoint *accord_journal_checkpoint(const accord_journal *j) {
    return &j->checkpoint;
}

bool accord_journal_has_episode(accord_journal *j, const char *ep) {
    const accord_index_entry *e = accord_index_find(&j->episodes, accord_index_hash(ep));

    return e && e->journal < j->limit;
}

static int32_t enum_of(const char *name, const char *const *names, int32_t n) {
    for (int32_t i = 0; name && i < n; i++)
        if (strcmp(names[i], name) == 0)
            return i;
    return 0;
}

/* The parts of a reply that lie in the journal. */
static void fill_from_journal(accord_llm_job *job, const json_t *line) {
    static const char *const finishes[] = {"stop", "length", "refused"};
    static const char *const errors[] = {"", "timeout", "api", "budget"};

    job->reply.struct_size = sizeof(job->reply);
    job->reply.finish = enum_of(text_of(line, "finish"), finishes, 3);
    job->reply.error = enum_of(text_of(line, "error"), errors, 4);
    job->reply.prompt_tokens = (uint64_t)int_at(line, "tokens", 0);
    job->reply.completion_tokens = (uint64_t)int_at(line, "tokens", 1);
    job->tries = (uint32_t)int_of(line, "tries");
}

static void fill_from_text(accord_llm_job *job, const json_t *line) {
    const json_t *logprobs = json_object_get(line, "logprobs");
    const char *reply = text_of(line, "reply");

    if (!logprobs) /* an embedding */
        logprobs = json_object_get(line, "vectors");
    size_t n = json_array_size(logprobs);
    job->reply.text = accord_xstrdup(reply ? reply : "");
    job->reply.message = accord_xstrdup(text_of(line, "message"));
    if (n == 0)
        return;
    float *values = accord_xalloc(n * sizeof(*values));
    for (size_t i = 0; i < n; i++)
        values[i] = (float)json_number_value(json_array_get(logprobs, i));
    job->reply.logprobs = values;
    job->reply.n_logprobs = (uint32_t)n;
}

accord_code accord_journal_find_call(accord_journal *j, const accord_call_key *key,
                                     bool *found, accord_llm_job *job, accord_err *err) {
    json_t *line, *text;

    *found = false;
    const accord_index_entry *e = accord_index_find(&j->calls, accord_call_hash(key));
    if (!e || e->journal < 0 || e->text < 0)
        return ACCORD_OK;
    accord_code rc = accord_log_line(&j->journal, e->journal, &line, err);
    if (rc)
        return rc;
    rc = accord_log_line(&j->text, e->text, &text, err);
    if (!rc) {
        fill_from_journal(job, line);
        fill_from_text(job, text);
        *found = true;
    }
    json_decref(line);
    json_decref(text);
    return rc;
}
