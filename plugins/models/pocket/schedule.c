/* schedule.c - many jobs in the slots of an engine, a pass at a time.
 *
 * A job is admitted to a free slot, its prompt is read in blocks, then each pass gives it
 * a token.  A prompt that begins like what another slot holds, or is about to hold,
 * copies that beginning instead of computing it again: the numbers would be the same. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine_parts.h"
#include "tokenizer.h"

/* A shorter beginning is computed rather than copied. */
enum { WORTH_COPYING = 16, NO_SLOT = UINT32_MAX };

/* A job and what has come of it. */
struct stream {
    const struct pocket_job *job;
    struct pocket_answer *answer;
    struct pocket_draw draw;
    int32_t *tokens; /* [room] */
    float *logprobs; /* [room] */
    char *text;
    size_t n_text, room_text;
    uint32_t n, room;
    uint32_t slot;
    uint32_t leader; /* the slot whose beginning is copied, once it is there */
    size_t n_shared; /* how long that is */
    size_t n_read;   /* tokens of prompt and reply that the slot holds */
};

void pocket_streams_free(struct pocket_engine *e) {
    for (size_t i = 0; i < e->n_streams; i++) {
        free(e->streams[i].tokens);
        free(e->streams[i].logprobs);
        free(e->streams[i].text);
    }
    free(e->streams);
    e->streams = NULL;
    e->n_streams = 0;
}

static accord_code check_settings(const struct pocket_job *job, struct pocket_err *err) {
    if (!(job->temperature >= 0 && job->temperature < 1e30))
        return pocket_fail(err, ACCORD_E_ARG,
                           "the temperature is %g, and must be 0 or more",
                           job->temperature);
    if (!(job->top_p >= 0 && job->top_p <= 1))
        return pocket_fail(err, ACCORD_E_ARG, "top_p is %g, and must be from 0 to 1",
                           job->top_p);
    return ACCORD_OK;
}

static accord_code check_job(const struct pocket_engine *e, const struct pocket_job *job,
                             struct pocket_err *err) {
    if (job->n_prompt == 0)
        return pocket_fail(err, ACCORD_E_ARG, "the prompt is empty");
    if (job->n_prompt >= e->shape.context)
        return pocket_fail(err, ACCORD_E_ARG,
                           "the prompt has %zu tokens, and the context of %u holds no "
                           "reply to it",
                           job->n_prompt, e->shape.context);
    for (size_t i = 0; i < job->n_prompt; i++)
        if (job->prompt[i] < 0 || job->prompt[i] >= (int32_t)e->shape.vocabulary)
            return pocket_fail(err, ACCORD_E_ARG, "%d is no token", (int)job->prompt[i]);
    return check_settings(job, err);
}

/* A temperature at which only the likeliest token has any weight left is as good as a
 * lower one, and its inverse is finite. */
static float bounded_temperature(double t) {
    return t > 0 ? fmaxf((float)t, 1e-6f) : 0;
}

static accord_code begin(struct pocket_engine *e, struct stream *s,
                         const struct pocket_job *job, struct pocket_answer *answer) {
    *answer = (struct pocket_answer){.text = ""};
    *s = (struct stream){.job = job, .answer = answer, .slot = NO_SLOT};
    if (check_job(e, job, &answer->err))
        return ACCORD_OK;
    size_t left = e->shape.context - job->n_prompt;
    s->room = job->max_tokens < left ? job->max_tokens : (uint32_t)left;
    s->draw = (struct pocket_draw){.temperature = bounded_temperature(job->temperature),
                                   .top_p = (float)job->top_p,
                                   .rng = job->seed};
    s->tokens = malloc(s->room * sizeof(*s->tokens) + 1);
    s->logprobs = malloc(s->room * sizeof(*s->logprobs) + 1);
    s->room_text = 512;
    s->text = malloc(s->room_text);
    if (!s->tokens || !s->logprobs || !s->text)
        return ACCORD_E_NOMEM;
    s->text[0] = '\0';
    answer->text = s->text;
    answer->tokens = s->tokens;
    answer->logprobs = s->logprobs;
    answer->finish = ACCORD_FINISH_LENGTH;
    return ACCORD_OK;
}

/* Cuts the text before the first stop that ends in its last n_new bytes; 1 if there is
 * one. */
static int stops(struct stream *s, size_t n_new) {
    size_t before = s->n_text - n_new, first = SIZE_MAX;

    for (uint32_t i = 0; i < s->job->n_stop; i++) {
        const char *stop = s->job->stop[i];
        size_t n = strlen(stop);
        const char *from = s->text + (before > n ? before - n : 0);
        const char *at = n > 0 ? strstr(from, stop) : NULL;
        if (at && (size_t)(at - s->text) < first)
            first = (size_t)(at - s->text);
    }
    if (first == SIZE_MAX)
        return 0;
    s->n_text = first;
    s->text[first] = '\0';
    return 1;
}

/* Takes a token into the reply; *ended says whether it was the last. */
static accord_code say(struct stream *s, int32_t token, float logprob, int *ended) {
    int32_t last = s->n ? s->tokens[s->n - 1] : POCKET_REPLY;

    if (s->n_text + POCKET_LONGEST_PIECE + 1 > s->room_text) {
        char *longer = realloc(s->text, 2 * s->room_text);
        if (!longer)
            return ACCORD_E_NOMEM;
        s->answer->text = s->text = longer;
        s->room_text *= 2;
    }
    size_t n_new = pocket_piece(last, token, s->text + s->n_text);
    s->tokens[s->n] = token;
    s->logprobs[s->n] = logprob;
    s->answer->n_tokens = ++s->n;
    s->n_text += n_new;
    s->text[s->n_text] = '\0';
    int is_stopped = token == POCKET_END || stops(s, n_new);
    if (is_stopped)
        s->answer->finish = ACCORD_FINISH_STOP;
    *ended = is_stopped || s->n == s->room;
    return ACCORD_OK;
}

/* The jobs of a run in their slots. */
struct floor {
    struct pocket_engine *e;
    struct stream *in[POCKET_SLOTS]; /* NULL: free */
    size_t next;                     /* stream to be admitted */
    struct pocket_row rows[POCKET_ROWS];
    size_t n_rows;
};

static size_t common(const int32_t *a, size_t n_a, const int32_t *b, size_t n_b) {
    size_t i = 0;

    while (i < n_a && i < n_b && a[i] == b[i])
        i++;
    return i;
}

/* What slot i holds or will hold when its prompt is read. */
static size_t shared_with(const struct floor *f, uint32_t i, const struct stream *s) {
    const struct pocket_slot *slot = &f->e->slot[i];
    const struct stream *other = f->in[i];
    size_t most = s->job->n_prompt - 1; /* the last one's logits are needed */

    if (other)
        return common(other->job->prompt, other->job->n_prompt, s->job->prompt, most);
    return common(slot->tokens, slot->n, s->job->prompt, most);
}

/* The slot for a stream: the one that it shares most with, if that is free, else the
 * first free one. */
static void admit(struct floor *f, struct stream *s) {
    uint32_t best = NO_SLOT, free_slot = NO_SLOT;

    s->n_shared = 0;
    for (uint32_t i = 0; i < POCKET_SLOTS; i++) {
        size_t n = shared_with(f, i, s);
        if (n > s->n_shared) {
            s->n_shared = n;
            best = i;
        }
        if (!f->in[i] && free_slot == NO_SLOT)
            free_slot = i;
    }
    if (s->n_shared < WORTH_COPYING)
        s->n_shared = 0;
    s->leader = s->n_shared ? best : NO_SLOT;
    s->slot = s->n_shared && !f->in[best] ? best : free_slot;
    f->in[s->slot] = s;
    if (s->leader == s->slot) {
        s->n_read = f->e->slot[s->slot].n = s->n_shared;
        s->leader = NO_SLOT;
    } else {
        f->e->slot[s->slot].n = 0;
    }
}

/* Copies what has become ready.  Before anything is admitted: a leader that has ended is
 * still as it was. */
static void follow(struct floor *f) {
    for (uint32_t i = 0; i < POCKET_SLOTS; i++) {
        struct stream *s = f->in[i];
        if (!s || s->leader == NO_SLOT || f->e->slot[s->leader].n < s->n_shared)
            continue;
        pocket_copy_slot(f->e, s->slot, s->leader, s->n_shared);
        s->n_read = s->n_shared;
        s->leader = NO_SLOT;
    }
}

static int fill_slots(struct floor *f) {
    int n = 0;

    follow(f);
    for (uint32_t i = 0; i < POCKET_SLOTS; i++) {
        while (!f->in[i] && f->next < f->e->n_streams) {
            struct stream *s = &f->e->streams[f->next++];
            if (!s->answer->err.code && s->room > 0)
                admit(f, s);
        }
        n += f->in[i] != NULL;
    }
    follow(f);
    return n;
}

static int32_t token_at(const struct stream *s, size_t i) {
    return i < s->job->n_prompt ? s->job->prompt[i] : s->tokens[i - s->job->n_prompt];
}

/* Rows for what a stream has not read yet, as far as there is room. */
static void put_rows(struct floor *f, struct stream *s) {
    size_t end = s->job->n_prompt + s->n;

    while (s->n_read < end && f->n_rows < POCKET_ROWS) {
        f->rows[f->n_rows++] = (struct pocket_row){.slot = s->slot,
                                                   .position = (uint32_t)s->n_read,
                                                   .token = token_at(s, s->n_read),
                                                   .wants_logits = s->n_read + 1 == end};
        s->n_read++;
    }
}

/* Replies first, so that no prompt keeps them waiting. */
static void plan_pass(struct floor *f) {
    f->n_rows = 0;
    for (int prompts = 0; prompts < 2; prompts++)
        for (uint32_t i = 0; i < POCKET_SLOTS; i++) {
            struct stream *s = f->in[i];
            if (s && s->leader == NO_SLOT && (s->n == 0) == prompts)
                put_rows(f, s);
        }
}

static accord_code pass(struct floor *f) {
    struct pocket_engine *e = f->e;
    float *logits = e->scratch.logits, logprob;
    int ended;

    plan_pass(f);
    size_t n = pocket_forward(e, f->rows, f->n_rows);
    for (size_t r = 0; r < n; r++) {
        struct stream *s = f->in[f->rows[r].slot];
        int32_t token = pocket_sample(e, logits, &s->draw, &logprob);
        if (say(s, token, logprob, &ended))
            return ACCORD_E_NOMEM;
        if (ended)
            f->in[s->slot] = NULL;
        logits += e->embed.rows;
    }
    return ACCORD_OK;
}

accord_code pocket_engine_run(struct pocket_engine *e, const struct pocket_job *jobs,
                              size_t n, struct pocket_answer *answers,
                              struct pocket_err *err) {
    struct floor f = {.e = e};
    accord_code rc = ACCORD_OK;

    pocket_streams_free(e);
    e->streams = calloc(n ? n : 1, sizeof(*e->streams));
    if (!e->streams)
        return pocket_fail(err, ACCORD_E_NOMEM, "out of memory");
    e->n_streams = n;
    for (size_t i = 0; i < n && !rc; i++)
        rc = begin(e, &e->streams[i], &jobs[i], &answers[i]);
    while (!rc && fill_slots(&f) > 0)
        rc = pass(&f);
    if (rc)
        return pocket_fail(err, rc, "out of memory");
    return ACCORD_OK;
}
