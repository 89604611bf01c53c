/* rewards.c - see rewards.h. */
#include "rewards.h"

#include <math.h>
#include <stdlib.h>

/* ---- similarities ------------------------------------------------------------------
 *
 * One call embeds all texts of a stage: of executors, of clusters, the final output. */
typedef struct gallery {
    const char *text[ECON_MAX_AGENTS + ECON_MAX_CLUSTERS + 1];
    uint32_t said[ECON_MAX_AGENTS], local[ECON_MAX_CLUSTERS], final; /* places + 1 */
    uint32_t n;
    float *vectors;
} gallery;

static uint32_t hang(gallery *g, const econ_answer *a) {
    if (!a->canon)
        return 0;
    g->text[g->n++] = a->text;
    return g->n;
}

static void collect(const econ_episode *e, uint32_t t, gallery *g) {
    const econ_panel *p = &e->self->panel;
    const econ_turn *turn = &e->turn[t];

    *g = (gallery){.n = 0};
    for (uint32_t i = 0; i < p->n; i++)
        g->said[i] = hang(g, &turn->said[i]);
    for (uint32_t k = 0; k < p->n_clusters && p->n_clusters > 1; k++)
        g->local[k] = hang(g, &turn->local[k]);
    g->final = hang(g, &turn->final);
}

static double similarity(const gallery *g, uint32_t a, uint32_t b, uint32_t width) {
    if (a == 0 || b == 0)
        return 0;
    return fmin(1, econ_cosine(g->vectors + (size_t)(a - 1) * width,
                               g->vectors + (size_t)(b - 1) * width, width));
}

static void compare(econ_episode *e, uint32_t t, const gallery *g) {
    const econ_panel *p = &e->self->panel;
    econ_turn *turn = &e->turn[t];

    for (uint32_t i = 0; i < p->n; i++)
        turn->reward[i][ECON_AL] = similarity(g, g->said[i], g->final, p->width);
    for (uint32_t k = 0; k < p->n_clusters; k++)
        turn->cluster_reward[k] = similarity(g, g->local[k], g->final, p->width);
    for (uint32_t d = 0; d < p->width && g->final; d++)
        econ_vector_final(e, t)[d] = g->vectors[(size_t)(g->final - 1) * p->width + d];
    turn->is_embedded = g->final > 0;
}

static accord_code earn_likelihood(econ_episode *e, uint32_t t, accord_err *err) {
    gallery g;
    accord_code rc;

    collect(e, t, &g);
    g.vectors = calloc((size_t)g.n * e->self->panel.width + 1, sizeof(float));
    if (!g.vectors)
        return econ_nomem(e->self, err);
    rc = g.n ? econ_embed(e, g.text, g.n, g.vectors, err) : ACCORD_OK;
    if (!rc)
        compare(e, t, &g);
    free(g.vectors);
    return rc;
}

/* ---- scores ----------------------------------------------------------------------- */

/* From 0 to 1 within the range of the task's score. */
static accord_code check(const econ_episode *e, const econ_answer *a, double *out,
                         accord_err *err) {
    const econ *c = e->self;
    const accord_action action = {
        .struct_size = sizeof(action), .kind = ACCORD_TEXT, .text = a->text};
    double range = c->score_max - c->score_min;

    *out = 0;
    if (!a->canon)
        return ACCORD_OK;
    accord_code rc = c->score->score(e->host, &action, out, err);
    *out = range > 0 ? (*out - c->score_min) / range : *out;
    *out = fmin(fmax(*out, 0), 1);
    return rc;
}

static accord_code earn_scores(econ_episode *e, uint32_t t, accord_err *err) {
    const econ *c = e->self;
    econ_turn *turn = &e->turn[t];
    accord_code rc = ACCORD_OK;

    for (uint32_t i = 0; i < c->panel.n && !rc; i++) {
        double *ts = &turn->reward[i][ECON_TS];
        if (c->o.is_checked)
            rc = check(e, &turn->said[i], ts, err);
        else
            *ts =
                turn->said[i].canon && !isnan(turn->assessed[i]) ? turn->assessed[i] : 0;
    }
    turn->team = (double)NAN;
    if (!rc && c->o.is_team_scored)
        rc = check(e, &turn->final, &turn->team, err);
    return rc;
}

static void earn_contributions(econ_episode *e, uint32_t t) {
    uint32_t n = e->self->panel.n;
    econ_turn *turn = &e->turn[t];
    double ts[ECON_MAX_AGENTS];

    for (uint32_t i = 0; i < n; i++)
        ts[i] = turn->reward[i][ECON_TS];
    double all = econ_plurality_quality(turn->said, ts, n, n);
    for (uint32_t i = 0; i < n; i++)
        turn->reward[i][ECON_CC] =
            turn->said[i].canon ? all - econ_plurality_quality(turn->said, ts, n, i) : 0;
}

accord_code econ_earn(econ_episode *e, uint32_t t, accord_err *err) {
    accord_code rc = earn_likelihood(e, t, err);

    if (!rc)
        rc = earn_scores(e, t, err);
    if (!rc)
        earn_contributions(e, t);
    return rc;
}

double econ_earned(const econ_episode *e, uint32_t t, uint32_t i, bool first) {
    const econ *c = e->self;
    const econ_turn *turn = &e->turn[t];
    const double *alpha = c->o.learner.alpha;
    double sum = 0, beta = c->panel.n_clusters > 1 ? c->o.learner.beta : 0;

    for (int k = 0; k < ECON_REWARDS; k++)
        sum += alpha[k] * turn->reward[i][k];
    if (!first && c->learns)
        sum = econ_reward(c->learner, turn->reward[i]);
    return (1 - beta) * sum + beta * turn->cluster_reward[c->panel.cluster[i]];
}
