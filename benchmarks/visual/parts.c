/* parts.c - see parts.h. */
#include "parts.h"

#include <string.h>

#include <accord/rng.h>

#include "base/mem.h"
#include "pictures/picture.h"

enum { GAP = 2, MAX_ACTIONS = 16 };

const char *const parts_domains[PARTS_DOMAINS] = {"cartpole", "ball_in_cup", "finger",
                                                  "walker",   "cheetah",     "reacher"};

accord_code parts_task(const char *domain, uint32_t size, json_t **params,
                       accord_instance **out, accord_err *err) {
    *params = json_pack("{s:s, s:s, s:i}", "domain", domain, "observation", "pixels",
                        "size", (int)size);
    const accord_instance_setup setup = {.role = ACCORD_ROLE_TASK,
                                         .plugin = "visual",
                                         .name = domain,
                                         .params = accord_json_root(*params, domain),
                                         .seed = 1};

    return accord_instance_create(&setup, out, err);
}

accord_code parts_play(const accord_task_ops *task, void *ep, uint32_t n_actions,
                       int steps, uint64_t *state, accord_obs *obs, accord_err *err) {
    double parts[ACCORD_MAX_PARTS];

    for (int t = 0; t < steps; t++) {
        float vector[MAX_ACTIONS];
        accord_step step = {.struct_size = sizeof(step), .parts = parts, .obs = obs};

        for (uint32_t i = 0; i < n_actions; i++)
            vector[i] = (float)(2 * accord_rng_uniform(state) - 1);
        const accord_action action = {
            .struct_size = sizeof(action), .kind = ACCORD_VECTOR, .vector = vector};
        accord_code rc = task->step(ep, &action, &step, err);
        if (rc)
            return rc;
    }
    return ACCORD_OK;
}

accord_code parts_sheet_make(parts_sheet *s, uint32_t rows, uint32_t columns,
                             uint32_t side, accord_err *err) {
    s->side = side;
    s->width = columns * (side + GAP) + GAP;
    s->height = rows * (side + GAP) + GAP;
    accord_code rc = accord_alloc(3 * (size_t)s->width, s->height, &s->pixels, err);
    if (!rc)
        memset(s->pixels, 255, 3 * (size_t)s->width * s->height);
    return rc;
}

void parts_paste(parts_sheet *s, uint32_t row, uint32_t column, const uint8_t *pixels) {
    const size_t plane = (size_t)s->width * s->height;
    const uint32_t left = GAP + column * (s->side + GAP),
                   top = GAP + row * (s->side + GAP);

    for (size_t c = 0; c < 3; c++)
        for (uint32_t y = 0; y < s->side; y++)
            memcpy(s->pixels + c * plane + (size_t)(top + y) * s->width + left,
                   pixels + (c * s->side + y) * s->side, s->side);
}

accord_code parts_write(const parts_sheet *s, const char *path, accord_err *err) {
    const accord_picture picture = {s->pixels, s->height, s->width};

    return accord_png_write(path, &picture, err);
}
