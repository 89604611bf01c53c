/* agent_report.c - what an agent says of its training. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "agent_parts.h"

void control_report_add(control_state *s, int which, double value) {
    if (!isfinite(value))
        return;
    s->mean[which].sum += value;
    s->mean[which].n++;
}

/* The place of cosine i, j among those above the diagonal, i < j. */
static int pair(uint32_t i, uint32_t j) {
    return (int)(i * CONTROL_MAX_VIEWS - i * (i + 1) / 2 + j - i - 1);
}

void control_report_combined(control_state *s, const control_combined *info) {
    control_report_add(s, MEAN_RATIO, info->norm_ratio);
    control_report_add(s, MEAN_CONFLICT, info->conflict);
    control_report_add(s, MEAN_MASK, info->mask);
    control_report_add(s, MEAN_LENGTH, info->length);
    control_report_add(s, MEAN_SCALE, info->scale);
    for (uint32_t i = 0; i < info->n; i++) {
        control_report_add(s, MEAN_WEIGHT + (int)i, info->weight[i]);
        for (uint32_t j = i + 1; j < info->n; j++)
            control_report_add(s, MEAN_COSINE + pair(i, j), info->cosine[i][j]);
    }
}

static void write_mean(const control_agent *a, int which, const char *name) {
    const control_mean *m = &a->state.mean[which];

    if (m->n)
        a->metrics->record(a->host, NULL, name, m->sum / (double)m->n);
}

static void write_views(const control_agent *a) {
    char name[32];

    for (uint32_t i = 0; i < CONTROL_MAX_VIEWS; i++) {
        snprintf(name, sizeof(name), "weight.%u", i);
        write_mean(a, MEAN_WEIGHT + (int)i, name);
        for (uint32_t j = i + 1; j < CONTROL_MAX_VIEWS; j++) {
            snprintf(name, sizeof(name), "cosine.%u_%u", i, j);
            write_mean(a, MEAN_COSINE + pair(i, j), name);
        }
    }
}

void control_report_write(control_agent *a) {
    static const char *const names[MEAN_WEIGHT] = {
        [MEAN_CRITIC] = "critic_loss", [MEAN_TARGET] = "target",
        [MEAN_ACTOR] = "actor_loss",   [MEAN_ALPHA] = "alpha",
        [MEAN_ENTROPY] = "entropy",    [MEAN_Q] = "q",
        [MEAN_RATIO] = "norm_ratio",   [MEAN_CONFLICT] = "conflict",
        [MEAN_MASK] = "mask",          [MEAN_LENGTH] = "length",
        [MEAN_SCALE] = "scale",
    };

    for (int i = 0; i < MEAN_WEIGHT; i++)
        write_mean(a, i, names[i]);
    write_views(a);
    a->metrics->record(a->host, NULL, "skipped", (double)a->state.skipped);
    memset(a->state.mean, 0, sizeof(a->state.mean));
}
