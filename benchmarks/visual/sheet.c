/* sheet.c - the contact sheet: every domain of the task visual in every mode, through the
 * plugin as a run would use it, as one PNG.
 *
 * A row is a domain and a column a mode; both are printed in their order, with what the
 * pictures of each mode are made of.  Actions are random and the same in every mode, and
 * so is the state: pictures of a row differ by their look alone. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include <accord/rng.h>

#include "base/mem.h"
#include "host/instance.h"
#include "pictures/picture.h"

/* The episodes are those that show most. */
enum { GAP = 2, FIRST_ITEM = 12, STEPS = 4, MAX_MODES = 16, MAX_ACTIONS = 16 };

static const char *const domains[] = {"cartpole", "ball_in_cup", "finger",
                                      "walker",   "cheetah",     "reacher"};

enum { N_DOMAINS = sizeof(domains) / sizeof(domains[0]) };

typedef struct sheet {
    uint32_t n_modes, side;      /* of a picture, pixels */
    uint32_t width, height;      /* of the sheet */
    uint8_t *pixels;             /* [3][height][width] */
    const char *const *modes;    /* of the task */
    char *provenance[MAX_MODES]; /* of the last domain's modes */
} sheet;

static accord_code create(const char *domain, json_t **params, accord_instance **out,
                          accord_err *err) {
    *params = json_pack("{s:s, s:s}", "domain", domain, "observation", "pixels");
    const accord_instance_setup setup = {.role = ACCORD_ROLE_TASK,
                                         .plugin = "visual",
                                         .name = domain,
                                         .params = accord_json_root(*params, domain),
                                         .seed = 1};

    return accord_instance_create(&setup, out, err);
}

/* Room for the pictures, on white. */
static accord_code make_room(sheet *s, const accord_spec *spec, accord_err *err) {
    for (s->modes = spec->modes; s->modes[s->n_modes];)
        s->n_modes++;
    if (s->n_modes > MAX_MODES || spec->obs.height != spec->obs.width)
        return accord_fail(err, ACCORD_E_INTERNAL, "a sheet of up to %d modes in squares",
                           MAX_MODES);
    s->side = spec->obs.height;
    s->width = s->n_modes * (s->side + GAP) + GAP;
    s->height = N_DOMAINS * (s->side + GAP) + GAP;
    accord_code rc = accord_alloc(3 * (size_t)s->width, s->height, &s->pixels, err);
    if (!rc)
        memset(s->pixels, 255, 3 * (size_t)s->width * s->height);
    return rc;
}

static void paste(sheet *s, uint32_t row, uint32_t column, const uint8_t *pixels) {
    const size_t plane = (size_t)s->width * s->height;
    const uint32_t left = GAP + column * (s->side + GAP),
                   top = GAP + row * (s->side + GAP);

    for (size_t c = 0; c < 3; c++)
        for (uint32_t y = 0; y < s->side; y++)
            memcpy(s->pixels + c * plane + (size_t)(top + y) * s->width + left,
                   pixels + (c * s->side + y) * s->side, s->side);
}

/* Some steps; obs is the last one's. */
static accord_code play(const accord_task_ops *task, void *ep, uint32_t n_actions,
                        accord_obs *obs, accord_err *err) {
    double parts[ACCORD_MAX_PARTS];
    uint64_t state = 1;

    for (int t = 0; t < STEPS; t++) {
        float vector[MAX_ACTIONS];
        accord_step step = {.struct_size = sizeof(step), .parts = parts, .obs = obs};

        for (uint32_t i = 0; i < n_actions; i++)
            vector[i] = (float)(2 * accord_rng_uniform(&state) - 1);
        const accord_action action = {
            .struct_size = sizeof(action), .kind = ACCORD_VECTOR, .vector = vector};
        accord_code rc = task->step(ep, &action, &step, err);
        if (rc)
            return rc;
    }
    return ACCORD_OK;
}

static accord_code draw(sheet *s, const accord_instance *task, uint32_t row,
                        uint32_t column, accord_err *err) {
    const accord_key key = {.struct_size = sizeof(key),
                            .split = ACCORD_SPLIT_EVAL,
                            .mode = s->modes[column],
                            .item = FIRST_ITEM + row};
    const accord_spec *spec;
    accord_obs obs = {.struct_size = sizeof(obs)};
    const char *id;
    void *ep;
    accord_code rc = task->task->spec(task->self, key.mode, &spec, err);

    if (rc)
        return rc;
    free(s->provenance[column]);
    s->provenance[column] = accord_xstrdup(spec->provenance ? spec->provenance : "");
    rc = task->task->open(task->self, &key, &ep, &obs, &id, err);
    if (rc)
        return rc;
    rc = play(task->task, ep, spec->action.n, &obs, err);
    if (!rc)
        paste(s, row, column, obs.pixels);
    task->task->close(ep);
    return rc;
}

static accord_code draw_row(sheet *s, uint32_t row, accord_err *err) {
    const accord_spec *spec;
    accord_instance *task;
    json_t *params;
    accord_code rc = create(domains[row], &params, &task, err);

    if (!rc)
        rc = task->task->spec(task->self, NULL, &spec, err);
    if (!rc && !s->pixels)
        rc = make_room(s, spec, err);
    for (uint32_t column = 0; !rc && column < s->n_modes; column++)
        rc = draw(s, task, row, column, err);
    if (rc)
        accord_err_context(err, "domain %s", domains[row]);
    accord_instance_destroy(task);
    json_decref(params);
    return rc;
}

static void print_legend(const sheet *s) {
    for (uint32_t i = 0; i < N_DOMAINS; i++)
        printf("row %u     %s\n", i + 1, domains[i]);
    for (uint32_t i = 0; i < s->n_modes; i++)
        printf("column %u  %s: %s\n", i + 1, s->modes[i], s->provenance[i]);
}

int main(int argc, char **argv) {
    accord_err err = {0};
    sheet s = {0};
    accord_code rc = ACCORD_OK;

    if (argc != 2) {
        fputs("usage: sheet FILE.png\n", stderr);
        return EXIT_FAILURE;
    }
    if (!accord_has_png()) {
        fputs("skipped: sheet: this Accord was built without libpng\n", stderr);
        return 77;
    }
    for (uint32_t row = 0; !rc && row < N_DOMAINS; row++)
        rc = draw_row(&s, row, &err);
    const accord_picture picture = {s.pixels, s.height, s.width};
    if (!rc)
        rc = accord_png_write(argv[1], &picture, &err);
    if (rc)
        fprintf(stderr, "error: sheet: %s\n", err.msg);
    else
        print_legend(&s);
    for (uint32_t i = 0; i < MAX_MODES; i++)
        free(s.provenance[i]);
    free(s.pixels);
    return rc ? EXIT_FAILURE : EXIT_SUCCESS;
}
