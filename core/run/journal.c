/* journal.c - the writing half of the journal. */
#include "run/journal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "run/journal_file.h"

accord_code accord_journal_open(const char *dir, bool learns, accord_journal **out,
                                accord_err *err) {
    accord_journal *j = accord_xalloc(sizeof(*j));

    *out = NULL;
    pthread_mutex_init(&j->lock, NULL);
    accord_buf_init(&j->line, ACCORD_LINE_MAX);
    j->journal.fd = j->text.fd = -1;
    strncat(j->dir, dir, sizeof(j->dir) - 1);
    accord_code rc = accord_mkdirs(dir, err);
    if (!rc)
        rc = accord_journal_load(j, learns, err);
    if (rc) {
        accord_journal_close(j);
        return rc;
    }
    *out = j;
    return ACCORD_OK;
}

void accord_journal_close(accord_journal *j) {
    if (!j)
        return;
    if (j->journal.fd >= 0)
        close(j->journal.fd);
    if (j->text.fd >= 0)
        close(j->text.fd);
    accord_index_fini(&j->calls);
    accord_index_fini(&j->episodes);
    accord_buf_fini(&j->line);
    pthread_mutex_destroy(&j->lock);
    free(j);
}

/* Appends the scratch line.  A line that was written in part is taken back, so that the
 * file ends in a whole line even while the disk is full. */
static accord_code append(accord_journal *j, accord_log_file *f, accord_err *err) {
    if (j->failed.code)
        return accord_fail(err, j->failed.code, "%s", j->failed.msg);
    accord_buf_puts(&j->line, "}\n");
    accord_code rc = accord_buf_check(&j->line, "a journal line", &j->failed);
    if (!rc)
        rc = accord_write_all(f->fd, j->line.data, j->line.n, f->path, &j->failed);
    if (rc) {
        if (ftruncate(f->fd, f->n))
            accord_err_context(&j->failed, "torn line left");
        return accord_fail(err, rc, "%s", j->failed.msg);
    }
    f->n += (int64_t)j->line.n;
    f->dirty = true;
    return ACCORD_OK;
}

/* The scratch line, begun. */
static accord_buf *blank(accord_journal *j) {
    accord_buf_clear(&j->line);
    accord_buf_puts(&j->line, "{");
    return &j->line;
}

/* Begins a line of kind `k`. */
static accord_buf *begin(accord_journal *j, const char *kind, const char *ep) {
    accord_buf *b = blank(j);

    accord_json_text(b, "k", kind);
    if (ep)
        accord_json_text(b, "ep", ep);
    return b;
}

static void add_key(accord_buf *b, const accord_call_key *k) {
    accord_json_int(b, "agent", k->agent);
    accord_json_text(b, "role", k->role);
    accord_json_int(b, "round", k->round);
    accord_json_int(b, "sample", k->sample);
    accord_json_int(b, "ord", k->ordinal);
    accord_json_text(b, "hash", k->hash);
}

static void add_messages(accord_buf *b, const accord_request *r) {
    accord_json_real(b, "temperature", r->temperature);
    accord_json_real(b, "top_p", r->top_p);
    accord_json_key(b, "messages");
    accord_buf_puts(b, "[");
    for (uint32_t i = 0; i < r->n_messages; i++) {
        accord_buf_puts(b, i ? ",{" : "{");
        accord_json_text(b, "role", r->messages[i].role);
        accord_json_text(b, "text", r->messages[i].text);
        accord_buf_puts(b, "}");
    }
    accord_buf_puts(b, "]");
}

static void add_reply(accord_buf *b, const accord_reply *r, const char *numbers) {
    accord_json_text(b, "reply", r->text);
    if (r->message)
        accord_json_text(b, "message", r->message);
    if (r->n_logprobs == 0)
        return;
    accord_json_key(b, numbers);
    accord_buf_puts(b, "[");
    for (uint32_t i = 0; i < r->n_logprobs; i++)
        accord_json_real(b, NULL, (double)r->logprobs[i]);
    accord_buf_puts(b, "]");
}

static void add_accounts(accord_buf *b, const char *model, const accord_llm_job *job) {
    static const char *const finishes[] = {"stop", "length", "refused"};
    static const char *const errors[] = {NULL, "timeout", "api", "budget"};
    const accord_reply *r = &job->reply;

    accord_json_text(b, "model", model);
    accord_json_key(b, "tokens");
    accord_buf_printf(b, "[%llu,%llu]", (unsigned long long)r->prompt_tokens,
                      (unsigned long long)r->completion_tokens);
    accord_json_text(b, "finish", finishes[(uint32_t)r->finish % 3]);
    accord_json_text(b, "error", errors[(uint32_t)r->error % 4]);
    accord_json_key(b, "us");
    accord_buf_printf(b, "[%lld,%lld,%lld]",
                      (long long)(job->sent_ns - job->scheduled_ns) / 1000,
                      (long long)(job->first_ns - job->sent_ns) / 1000,
                      (long long)(job->done_ns - job->sent_ns) / 1000);
    accord_json_int(b, "tries", job->tries);
}

accord_code accord_journal_call(accord_journal *j, const accord_call_key *key,
                                const char *model, const accord_llm_job *job,
                                accord_err *err) {
    pthread_mutex_lock(&j->lock);
    accord_buf *b = begin(j, "call", key->ep);
    add_key(b, key);
    if (job->request)
        add_messages(b, job->request);
    add_reply(b, &job->reply, job->request ? "logprobs" : "vectors");
    accord_code rc = append(j, &j->text, err);
    if (!rc) {
        b = begin(j, "call", key->ep);
        add_key(b, key);
        add_accounts(b, model, job);
        rc = append(j, &j->journal, err);
    }
    pthread_mutex_unlock(&j->lock);
    return rc;
}

void accord_journal_candidate_line(accord_buf *b, const char *ep,
                                   const accord_candidate *c) {
    accord_json_text(b, "k", "cand");
    accord_json_text(b, "ep", ep);
    accord_json_text(b, "kind", c->kind);
    accord_json_int(b, "index", c->index);
    accord_json_text(b, "canon", c->canon);
    accord_json_real(b, "score", c->score);
    accord_json_int(b, "tokens", (int64_t)c->tokens);
}

accord_code accord_journal_candidate(accord_journal *j, const char *ep,
                                     const accord_candidate *c, accord_err *err) {
    pthread_mutex_lock(&j->lock);
    accord_buf *b = begin(j, "cand", ep);
    accord_json_text(b, "kind", c->kind);
    accord_json_int(b, "index", c->index);
    accord_json_text(b, "text", c->text);
    accord_code rc = append(j, &j->text, err);
    if (!rc) {
        accord_journal_candidate_line(blank(j), ep, c);
        rc = append(j, &j->journal, err);
    }
    pthread_mutex_unlock(&j->lock);
    return rc;
}

accord_code accord_journal_score(accord_journal *j, const char *ep, const char *canon,
                                 double score, accord_err *err) {
    pthread_mutex_lock(&j->lock);
    accord_buf *b = begin(j, "score", ep);
    accord_json_text(b, "canon", canon);
    accord_json_real(b, "score", score);
    accord_code rc = append(j, &j->journal, err);
    pthread_mutex_unlock(&j->lock);
    return rc;
}

void accord_journal_ending_line(accord_buf *b, const accord_ending *e) {
    static const char *const ends[] = {"no", "terminated", "truncated"};

    accord_json_text(b, "k", "ep");
    accord_json_text(b, "ep", e->ep);
    accord_json_text(b, "item", e->item);
    accord_json_int(b, "index", (int64_t)e->index);
    accord_json_text(b, "outcome", e->outcome);
    accord_json_bool(b, "answered", e->answered);
    accord_json_text(b, "canon", e->canon);
    accord_json_real(b, "score", e->score);
    accord_json_key(b, "parts");
    accord_buf_puts(b, "[");
    for (uint32_t i = 0; i < e->n_parts; i++)
        accord_json_real(b, NULL, e->parts[i]);
    accord_buf_puts(b, "]");
    accord_json_text(b, "note", e->note);
    accord_json_int(b, "steps", (int64_t)e->steps);
    accord_json_text(b, "end", ends[(uint32_t)e->end % 3]);
    accord_json_int(b, "us", e->ns / 1000);
    accord_json_int(b, "failed_calls", e->failed_calls);
    accord_json_text(b, "error", e->error);
}

accord_code accord_journal_episode(accord_journal *j, const accord_ending *e,
                                   accord_err *err) {
    bool whole = false;
    accord_code rc =
        e->actions ? accord_actions_check(e->actions, &whole, err) : ACCORD_OK;

    if (rc)
        return rc;
    pthread_mutex_lock(&j->lock);
    if (whole) {
        accord_actions_write(e->actions, begin(j, "actions", e->ep));
        rc = append(j, &j->text, err);
    }
    if (!rc && e->text) {
        accord_json_text(begin(j, "action", e->ep), "text", e->text);
        rc = append(j, &j->text, err);
    }
    if (!rc) {
        accord_journal_ending_line(blank(j), e);
        rc = append(j, &j->journal, err);
    }
    pthread_mutex_unlock(&j->lock);
    return rc;
}

accord_code accord_journal_eval(accord_journal *j, uint64_t step, const char *mode,
                                uint64_t episodes, accord_err *err) {
    pthread_mutex_lock(&j->lock);
    accord_buf *b = begin(j, "eval", NULL);
    accord_json_int(b, "step", (int64_t)step);
    accord_json_text(b, "mode", mode);
    accord_json_int(b, "episodes", (int64_t)episodes);
    accord_code rc = append(j, &j->journal, err);
    pthread_mutex_unlock(&j->lock);
    return rc;
}

accord_code accord_journal_metric(accord_journal *j, const char *ep, uint64_t step,
                                  const char *name, double value, accord_err *err) {
    pthread_mutex_lock(&j->lock);
    accord_buf *b = begin(j, "metric", NULL);
    accord_json_text(b, "ep", ep);
    accord_json_int(b, "step", (int64_t)step);
    accord_json_text(b, "name", name);
    accord_json_real(b, "value", value);
    accord_code rc = append(j, &j->journal, err);
    pthread_mutex_unlock(&j->lock);
    return rc;
}

/* The lock is not held while the disk works. */
static accord_code flush_one(accord_journal *j, accord_log_file *f, accord_err *err) {
    pthread_mutex_lock(&j->lock);
    bool dirty = f->dirty;
    f->dirty = false;
    pthread_mutex_unlock(&j->lock);
    if (dirty && fdatasync(f->fd))
        return accord_fail(err, ACCORD_E_IO, "cannot flush %s: %s", f->path,
                           strerror(errno));
    return ACCORD_OK;
}

accord_code accord_journal_flush(accord_journal *j, accord_err *err) {
    accord_code rc = flush_one(j, &j->text, err);

    return rc ? rc : flush_one(j, &j->journal, err);
}

accord_code accord_journal_mark(accord_journal *j, const accord_checkpoint *c,
                                accord_err *err) {
    pthread_mutex_lock(&j->lock);
    accord_buf *b = begin(j, "mark", NULL);
    accord_json_text(b, "what", "checkpoint");
    accord_json_int(b, "step", (int64_t)c->step);
    accord_json_int(b, "episodes", (int64_t)c->episodes);
    accord_json_int(b, "next_eval", (int64_t)c->next_eval);
    accord_json_int(b, "next_probe", (int64_t)c->next_probe);
    accord_json_text(b, "dir", c->dir);
    accord_json_int(b, "journal", j->journal.n);
    accord_code rc = append(j, &j->journal, err);
    if (!rc) {
        j->checkpoint = *c;
        j->checkpoint.exists = true;
    }
    pthread_mutex_unlock(&j->lock);
    return rc ? rc : accord_journal_flush(j, err);
}

accord_code accord_journal_finish(accord_journal *j, accord_err *err) {
    pthread_mutex_lock(&j->lock);
    accord_json_text(begin(j, "mark", NULL), "what", "done");
    accord_code rc = append(j, &j->journal, err);
    j->finished = !rc;
    pthread_mutex_unlock(&j->lock);
    return rc ? rc : accord_journal_flush(j, err);
}
