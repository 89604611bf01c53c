/* econ_table.c - see econ_table.h. */
#include "econ_table.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"

econ_lines econ_says;

void econ_says_reset(void) {
    static char said[16][32], local[8][32], refined[8][32];

    econ_says = (econ_lines){.strategy = {"add both numbers", "add them", "sum", "add"}};
    for (int i = 0; i < 16; i++)
        snprintf(said[i], sizeof(said[i]), "I think that %d =18", i);
    for (int k = 0; k < 8; k++) {
        snprintf(local[k], sizeof(local[k]), "group %d says =18", k);
        snprintf(refined[k], sizeof(refined[k]), "group %d adds", k);
        econ_says.refined[k] = refined[k];
    }
    for (int t = 0; t < 4; t++) {
        for (int i = 0; i < 16; i++)
            econ_says.said[t][i] = said[i];
        for (int k = 0; k < 8; k++)
            econ_says.local[t][k] = local[k];
        econ_says.merged[t] = "all in all =18";
    }
}

static const char *speak(const fake_call *call) {
    const accord_request *r = &call->request;

    if (strcmp(r->role, "strategy") == 0)
        return econ_says.strategy[r->sample];
    if (strcmp(r->role, "refine") == 0)
        return econ_says.refined[r->agent];
    if (strcmp(r->role, "executor") == 0)
        return econ_says.said[r->round][r->agent];
    if (strcmp(r->role, "local") == 0)
        return econ_says.local[r->round][r->agent];
    ck_assert_str_eq(r->role, "coordinator");
    return econ_says.merged[r->round];
}

fake_host *econ_seat_at(const char *path, const char *options, const econ_seats *s) {
    static const accord_model *models[16];
    static accord_role roles[4];
    accord_spec task = fake_task;
    fake_host *f = accord_xalloc(sizeof(*f));
    char params[512];

    for (int i = 0; i < 16; i++)
        models[i] = fake_model(i);
    roles[0] =
        (accord_role){.name = "coordinator", .n = 1, .n_groups = 1, .models = models};
    roles[1] = (accord_role){.name = "executor",
                             .n = s->executors,
                             .n_groups = s->clusters ? s->clusters : 1,
                             .models = models + 1,
                             .group_sizes = s->clusters ? s->sizes : &s->executors};
    roles[2] = (accord_role){
        .name = "local", .n = s->locals, .n_groups = 1, .models = models + TABLE_LOCAL};
    roles[3] = (accord_role){.name = "encoder",
                             .n = s->encoders,
                             .n_groups = 1,
                             .models = models + TABLE_ENCODER};
    task.n_items[ACCORD_SPLIT_TRAIN] = 100;
    f->script = speak;
    f->caps = s->caps ? s->caps : ACCORD_CAP_TOP_P | ACCORD_CAP_EMBED;
    f->embed_width = s->width ? s->width : TABLE_WIDTH;
    f->train_budget = s->budget;
    snprintf(params, sizeof(params),
             "{\"entity\":8,\"belief\":8,\"heads\":2,\"buffer\":4,\"batch\":4,"
             "\"update_every\":2%s%s}",
             *options ? "," : "", options);
    fake_create(f, path, params, roles, 4, &task);
    return f;
}

fake_host *econ_seat(const char *options, const econ_seats *s) {
    fake_host *f = econ_seat_at(ECON_SO, options, s);

    ck_assert_msg(f->err.code == ACCORD_OK, "%s", f->err.msg);
    return f;
}

uint32_t econ_calls(const fake_host *f, const char *role, int round) {
    uint32_t n = 0;

    for (uint32_t i = 0; i < f->n_calls; i++)
        n += strcmp(f->calls[i].request.role, role) == 0 &&
             (round < 0 || f->calls[i].request.round == (uint32_t)round);
    return n;
}

const fake_call *econ_call(const fake_host *f, const char *role, uint32_t agent,
                           uint32_t round) {
    for (uint32_t i = 0; i < f->n_calls; i++) {
        const accord_request *r = &f->calls[i].request;
        if (strcmp(r->role, role) == 0 && r->agent == agent && r->round == round)
            return &f->calls[i];
    }
    ck_abort_msg("no call of %s %u in round %u", role, agent, round);
    return NULL;
}
