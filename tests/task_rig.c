/* task_rig.c - see task_rig.h. */
#include "task_rig.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void task_rig_end(task_rig *rig) {
    accord_instance_destroy(rig->instance);
    json_decref(rig->params);
}

accord_code task_rig_try(task_rig *rig, const char *id, const char *params,
                         accord_err *err) {
    char *text = strdup(params);

    *rig = (task_rig){0};
    for (char *p = text; (p = strchr(p, '\''));)
        *p = '"';
    /* A plugin whose memory runs out on purpose shares jansson with this program. */
    json_malloc_t chaotic;
    json_free_t release;
    json_get_alloc_funcs(&chaotic, &release);
    json_set_alloc_funcs(malloc, free);
    rig->params = json_loads(text, 0, NULL);
    json_set_alloc_funcs(chaotic, release);
    free(text);
    ck_assert_msg(rig->params != NULL, "%s", params);
    const accord_instance_setup setup = {
        .role = ACCORD_ROLE_TASK,
        .plugin = id,
        .name = id,
        .params = accord_json_root(rig->params, "test"),
        .seed = 1,
    };
    accord_code rc = accord_instance_create(&setup, &rig->instance, err);
    if (rc) {
        json_decref(rig->params);
        return rc;
    }
    rig->ops = rig->instance->task;
    rc = rig->ops->spec(rig->instance->self, NULL, &rig->spec, err);
    if (rc)
        task_rig_end(rig);
    return rc;
}

void task_rig_begin(task_rig *rig, const char *id, const char *params) {
    accord_err err = {0};

    ck_assert_msg(!task_rig_try(rig, id, params, &err), "%s", err.msg);
}

void *task_rig_open(task_rig *rig, int32_t split, uint64_t item, accord_obs *obs,
                    const char **id) {
    const accord_key key = {
        .struct_size = sizeof(key),
        .split = split,
        .mode = rig->spec->modes[0],
        .item = item,
        .seed = 1,
    };
    accord_err err = {0};
    void *ep;

    *obs = (accord_obs){.struct_size = sizeof(*obs)};
    accord_code rc = rig->ops->open(rig->instance->self, &key, &ep, obs, id, &err);
    ck_assert_msg(!rc, "%s", err.msg);
    return ep;
}

void task_rig_close(task_rig *rig, void *ep) {
    rig->ops->close(ep);
}

task_verdict task_rig_answer(task_rig *rig, int32_t split, uint64_t item,
                             const char *text) {
    const accord_action action = {
        .struct_size = sizeof(action), .kind = ACCORD_TEXT, .text = text};
    task_verdict v = {0};
    accord_obs obs;
    accord_step step = {.struct_size = sizeof(step), .parts = v.parts, .obs = &obs};
    accord_err err = {0};
    const char *id;
    void *ep = task_rig_open(rig, split, item, &obs, &id);

    snprintf(v.id, sizeof(v.id), "%s", id);
    accord_code rc = rig->ops->canon(ep, &action, v.canon, sizeof(v.canon), &err);
    ck_assert_msg(!rc, "%s", err.msg);
    rc = rig->ops->step(ep, &action, &step, &err);
    ck_assert_msg(!rc, "%s", err.msg);
    v.reward = step.reward;
    v.end = step.end;
    snprintf(v.note, sizeof(v.note), "%s", step.note ? step.note : "");
    task_rig_close(rig, ep);
    return v;
}
