/* commit.c - see commit.h. */
#include "commit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

const char econ_undetermined[] = "undetermined";

static const char merge_words[] =
    "Merge the best parts of the solvers' answers into one consistent final output, in "
    "the format asked for. Make up nothing that none of them supports.";
static const char score_words[] =
    " After it write a last line \"Scores:\" with a number from 0 to 1 for each answer "
    "in order: how close it is to your final output, and how correct.";

/* ---- scores ----------------------------------------------------------------------- */

/* The last line that begins with "Scores:". */
static const char *find_scores(const char *text) {
    static const char mark[] = "Scores:";
    const char *found = NULL;

    for (const char *at = text; (at = strstr(at, mark)) != NULL; at += sizeof(mark) - 1)
        if (at == text || at[-1] == '\n')
            found = at;
    return found;
}

size_t econ_read_scores(const char *text, double *score, uint32_t n) {
    const char *at = find_scores(text);
    size_t length = at ? (size_t)(at - text) : strlen(text);

    at = at ? strchr(at, ':') + 1 : "";
    for (uint32_t i = 0; i < n; i++) {
        at += strcspn(at, "0123456789.\n");
        char *end = (char *)(uintptr_t)at;
        double x = *at && *at != '\n' ? strtod(at, &end) : (double)NAN;
        score[i] = end == at ? (double)NAN : fmin(fmax(x, 0), 1);
        at = end;
    }
    return length;
}

/* ---- one merge ---------------------------------------------------------------------
 *
 * Answers in[first .. first + n - 1] become *out.  Only those that can be read are shown.
 */
typedef struct merge {
    const econ_answer *in;
    uint32_t first, n;
    econ_answer *out;
    double *assessed; /* as `in`, or NULL: not asked for */
    accord_request request;
    accord_chat *chat; /* NULL: nothing to ask */
} merge;

static accord_code merge_chat(const econ_episode *e, merge *m, accord_err *err) {
    uint32_t k = 0;

    m->chat = accord_chat_create();
    if (!m->chat)
        return econ_nomem(e->self, err);
    accord_chat_message(m->chat, "system");
    accord_chat_text(m->chat, merge_words);
    if (m->assessed)
        accord_chat_text(m->chat, score_words);
    accord_chat_ask(m->chat, ACCORD_TASK_MERGE, e->record);
    for (uint32_t i = m->first; i < m->first + m->n; i++)
        if (m->in[i].canon)
            accord_chat_peer(m->chat, ++k, m->in[i].text);
    return accord_chat_request(m->chat, &m->request) ? econ_nomem(e->self, err)
                                                     : ACCORD_OK;
}

/* The scores go to the answers that were shown. */
static void assess(const merge *m, const double *score) {
    uint32_t k = 0;

    for (uint32_t i = m->first; i < m->first + m->n; i++)
        if (m->in[i].canon)
            m->assessed[i] = score[k++];
}

static accord_code take_merge(const econ_episode *e, merge *m, const char *text,
                              accord_err *err) {
    const econ *c = e->self;
    const econ_reader reader = {c->host, c->canon, e->host};
    double score[ECON_MAX_AGENTS];
    char *own = NULL;

    if (m->assessed) {
        size_t length = econ_read_scores(text, score, m->n);
        assess(m, score);
        own = strndup(text, length);
        if (!own)
            return econ_nomem(c, err);
        text = own;
    }
    accord_code rc = econ_answer_read(&reader, text, m->out, err);
    m->out->own = own;
    return rc;
}

/* All merges of a level at once. */
static accord_code ask_merges(econ_episode *e, merge *merges, uint32_t n,
                              accord_err *err) {
    accord_request requests[ECON_MAX_CLUSTERS];
    uint32_t which[ECON_MAX_CLUSTERS], n_asked = 0;
    const accord_reply *const *replies;
    accord_code rc = ACCORD_OK;

    for (uint32_t k = 0; k < n && !rc; k++) {
        if (!econ_plurality(merges[k].in + merges[k].first, merges[k].n, merges[k].n))
            continue;
        rc = merge_chat(e, &merges[k], err);
        which[n_asked] = k;
        requests[n_asked++] = merges[k].request;
    }
    if (!rc && n_asked > 0)
        rc = e->self->models->complete(e->host, requests, n_asked, &replies, err);
    for (uint32_t i = 0; i < n_asked && !rc; i++)
        rc = take_merge(e, &merges[which[i]], replies[i]->text, err);
    for (uint32_t k = 0; k < n; k++)
        accord_chat_destroy(merges[k].chat);
    return rc;
}

/* The control: the plurality speaks. */
static accord_code take_pluralities(const econ *c, merge *merges, uint32_t n,
                                    accord_err *err) {
    for (uint32_t k = 0; k < n; k++) {
        const econ_answer *best =
            econ_plurality(merges[k].in + merges[k].first, merges[k].n, merges[k].n);
        if (!best)
            continue;
        merges[k].out->text = best->text;
        merges[k].out->canon = strdup(best->canon);
        if (!merges[k].out->canon)
            return econ_nomem(c, err);
    }
    return ACCORD_OK;
}

static accord_code merge_all(econ_episode *e, merge *merges, uint32_t n,
                             accord_err *err) {
    const econ *c = e->self;

    return c->o.is_merged ? ask_merges(e, merges, n, err)
                          : take_pluralities(c, merges, n, err);
}

/* ---- a stage ---------------------------------------------------------------------- */

static accord_request merge_request(const econ_episode *e, uint32_t t) {
    const econ *c = e->self;
    accord_request request = ACCORD_REQUEST_INIT;

    request.model = c->panel.coordinator;
    request.role = "coordinator";
    request.round = t;
    request.temperature = c->o.commit_temperature;
    request.max_tokens = c->o.max_tokens;
    return request;
}

static accord_code commit_clusters(econ_episode *e, uint32_t t, accord_err *err) {
    const econ_panel *p = &e->self->panel;
    econ_turn *turn = &e->turn[t];
    merge merges[ECON_MAX_CLUSTERS];

    for (uint32_t k = 0; k < p->n_clusters; k++) {
        merges[k] = (merge){.in = turn->said,
                            .first = p->first[k],
                            .n = p->first[k + 1] - p->first[k],
                            .out = &turn->local[k],
                            .assessed = e->self->o.is_checked ? NULL : turn->assessed,
                            .request = merge_request(e, t)};
        turn->local[k].text = "";
        merges[k].request.model = p->local[k];
        merges[k].request.role = "local";
        merges[k].request.agent = k;
    }
    return merge_all(e, merges, p->n_clusters, err);
}

/* Nothing that can be read came of it: what stood before stands. */
static accord_code keep_last(econ_episode *e, uint32_t t, accord_err *err) {
    econ_answer *final = &e->turn[t].final;

    econ_answer_fini(final);
    final->text = econ_undetermined;
    if (t == 0 || !e->turn[t - 1].final.canon)
        return ACCORD_OK;
    final->text = e->turn[t - 1].final.text; /* lives as long as the episode */
    final->canon = strdup(e->turn[t - 1].final.canon);
    return final->canon ? ACCORD_OK : econ_nomem(e->self, err);
}

accord_code econ_commit(econ_episode *e, uint32_t t, accord_err *err) {
    const econ_panel *p = &e->self->panel;
    econ_turn *turn = &e->turn[t];
    bool has_clusters = p->n_clusters > 1;
    merge final = {.in = has_clusters ? turn->local : turn->said,
                   .n = has_clusters ? p->n_clusters : p->n,
                   .out = &turn->final,
                   .request = merge_request(e, t)};
    accord_code rc = ACCORD_OK;

    for (uint32_t i = 0; i < p->n; i++)
        turn->assessed[i] = (double)NAN;
    if (!e->self->o.is_checked && !has_clusters)
        final.assessed = turn->assessed;
    turn->final.text = "";
    if (has_clusters)
        rc = commit_clusters(e, t, err);
    if (!rc)
        rc = merge_all(e, &final, 1, err);
    return !rc && !turn->final.canon ? keep_last(e, t, err) : rc;
}
