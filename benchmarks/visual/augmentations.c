/* augmentations.c - every augmentation of the control methods on frames of the task
 * visual, as one PNG.
 *
 * A row is an augmentation and a column a domain, or two samples of it; the first row is
 * what the others are made of.  What is shown is the last frame of a stack of three. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "augment.h"
#include "base/mem.h"
#include "host/host.h"
#include "parts.h"
#include "pictures/picture.h"

/* Small pictures make a small file; the episode is one that shows much. */
enum { SIZE = 56, ITEM = 15, STEPS = 1, FRAMES = 3, SAMPLES = 2, N_SHOWN = 2 };
enum { N = SAMPLES * N_SHOWN, PLANES = 3 * FRAMES, SQUARE = SIZE * SIZE };

static const char *const shown[N_SHOWN] = {"cartpole", "walker"};
static const char *const chains =
    "shift,conv,overlay,cutout,cutout_color,jitter,grayscale,rotation,noise,blur,"
    "conv+overlay";
enum { MAX_CHAINS = 16 };

typedef struct stacks {
    uint8_t in[N][PLANES][SQUARE], out[N][PLANES][SQUARE], scratch[N][PLANES][SQUARE];
} stacks;

/* The last frames of an episode to stack[FRAMES][3][SQUARE]. */
static accord_code play(const accord_instance *task, uint8_t *stack, accord_err *err) {
    const accord_key key = {.struct_size = sizeof(key),
                            .split = ACCORD_SPLIT_EVAL,
                            .mode = "train",
                            .item = ITEM};
    const accord_spec *spec;
    accord_obs obs = {.struct_size = sizeof(obs)};
    const char *id;
    uint64_t state = 1;
    void *ep;
    accord_code rc = task->task->spec(task->self, key.mode, &spec, err);

    if (!rc)
        rc = task->task->open(task->self, &key, &ep, &obs, &id, err);
    if (rc)
        return rc;
    for (size_t f = 0; !rc && f < FRAMES; f++) {
        rc = parts_play(task->task, ep, spec->action.n, STEPS, &state, &obs, err);
        if (!rc)
            memcpy(stack + 3 * SQUARE * f, obs.pixels, 3 * SQUARE);
    }
    task->task->close(ep);
    return rc;
}

static accord_code fill(stacks *s, accord_err *err) {
    accord_code rc = ACCORD_OK;

    for (int i = 0; !rc && i < N_SHOWN; i++) {
        accord_instance *task;
        json_t *params;

        rc = parts_task(shown[i], SIZE, &params, &task, err);
        if (!rc)
            rc = play(task, s->in[SAMPLES * i][0], err);
        for (int k = 1; k < SAMPLES; k++)
            memcpy(s->in[SAMPLES * i + k], s->in[SAMPLES * i], sizeof(s->in[0]));
        accord_instance_destroy(task);
        json_decref(params);
    }
    return rc;
}

static void paste_row(parts_sheet *sheet, uint32_t row, uint8_t from[N][PLANES][SQUARE]) {
    for (uint32_t i = 0; i < N; i++)
        parts_paste(sheet, row, i, from[i][3 * (FRAMES - 1)]);
}

static accord_code draw(stacks *s, const char *path, accord_err *err) {
    control_chain chain[MAX_CHAINS];
    control_pictures *pictures = NULL;
    parts_sheet sheet = {0};
    uint32_t n;
    uint64_t rng = 5;
    accord_code rc =
        control_chains_read(&accord_host_default, chains, chain, MAX_CHAINS, &n, err);

    if (!rc)
        rc = control_pictures_create(&accord_host_default, NULL, SIZE, &pictures, err);
    if (!rc)
        rc = parts_sheet_make(&sheet, n + 1, N, SIZE, err);
    if (!rc)
        paste_row(&sheet, 0, s->in);
    for (uint32_t i = 0; !rc && i < n; i++) {
        const control_stacks all = {N, FRAMES, SIZE, s->in[0][0], s->out[0][0]};

        control_chain_apply(&chain[i], &all, s->scratch[0][0], pictures, &rng);
        paste_row(&sheet, i + 1, s->out);
    }
    if (!rc)
        rc = parts_write(&sheet, path, err);
    for (uint32_t i = 0; !rc && i < n; i++)
        printf("row %-2u  %s: %s\n", i + 2, chain[i].name,
               chain[i].n == 1 ? chain[i].of[0]->help : "one after the other");
    if (!rc)
        printf("overlay: %s\n", control_pictures_text(pictures));
    control_pictures_destroy(pictures);
    free(sheet.pixels);
    return rc;
}

int main(int argc, char **argv) {
    accord_err err = {0};
    stacks *s;

    if (argc != 2) {
        fputs("usage: augmentations FILE.png\n", stderr);
        return EXIT_FAILURE;
    }
    if (!accord_has_png()) {
        fputs("skipped: augmentations: this Accord was built without libpng\n", stderr);
        return 77;
    }
    s = accord_xalloc(sizeof(*s));
    accord_code rc = fill(s, &err);
    if (!rc)
        rc = draw(s, argv[1], &err);
    if (rc)
        fprintf(stderr, "error: augmentations: %s\n", err.msg);
    free(s);
    return rc ? EXIT_FAILURE : EXIT_SUCCESS;
}
