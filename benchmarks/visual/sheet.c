/* sheet.c - the contact sheet: every domain of the task visual in every mode, through the
 * plugin as a run would use it, as one PNG.
 *
 * A row is a domain and a column a mode; both are printed in their order, with what the
 * pictures of each mode are made of.  Actions are random and the same in every mode, and
 * so is the state: pictures of a row differ by their look alone. */
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "parts.h"
#include "pictures/picture.h"

/* The episodes are those that show most. */
enum { SIZE = 84, FIRST_ITEM = 12, STEPS = 4, MAX_MODES = 16 };

typedef struct sheet {
    uint32_t n_modes;
    parts_sheet squares;
    const char *const *modes;    /* of the task */
    char *provenance[MAX_MODES]; /* of the last domain's modes */
} sheet;

static accord_code make_room(sheet *s, const accord_spec *spec, accord_err *err) {
    for (s->modes = spec->modes; s->modes[s->n_modes];)
        s->n_modes++;
    if (s->n_modes > MAX_MODES)
        return accord_fail(err, ACCORD_E_INTERNAL, "a sheet of up to %d modes",
                           MAX_MODES);
    return parts_sheet_make(&s->squares, PARTS_DOMAINS, s->n_modes, SIZE, err);
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
    uint64_t state = 1;
    void *ep;
    accord_code rc = task->task->spec(task->self, key.mode, &spec, err);

    if (rc)
        return rc;
    free(s->provenance[column]);
    s->provenance[column] = accord_xstrdup(spec->provenance ? spec->provenance : "");
    rc = task->task->open(task->self, &key, &ep, &obs, &id, err);
    if (rc)
        return rc;
    rc = parts_play(task->task, ep, spec->action.n, STEPS, &state, &obs, err);
    if (!rc)
        parts_paste(&s->squares, row, column, obs.pixels);
    task->task->close(ep);
    return rc;
}

static accord_code draw_row(sheet *s, uint32_t row, accord_err *err) {
    const accord_spec *spec;
    accord_instance *task;
    json_t *params;
    accord_code rc = parts_task(parts_domains[row], SIZE, &params, &task, err);

    if (!rc)
        rc = task->task->spec(task->self, NULL, &spec, err);
    if (!rc && !s->squares.pixels)
        rc = make_room(s, spec, err);
    for (uint32_t column = 0; !rc && column < s->n_modes; column++)
        rc = draw(s, task, row, column, err);
    if (rc)
        accord_err_context(err, "domain %s", parts_domains[row]);
    accord_instance_destroy(task);
    json_decref(params);
    return rc;
}

static void print_legend(const sheet *s) {
    for (uint32_t i = 0; i < PARTS_DOMAINS; i++)
        printf("row %u     %s\n", i + 1, parts_domains[i]);
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
    for (uint32_t row = 0; !rc && row < PARTS_DOMAINS; row++)
        rc = draw_row(&s, row, &err);
    if (!rc)
        rc = parts_write(&s.squares, argv[1], &err);
    if (rc)
        fprintf(stderr, "error: sheet: %s\n", err.msg);
    else
        print_legend(&s);
    for (uint32_t i = 0; i < MAX_MODES; i++)
        free(s.provenance[i]);
    free(s.squares.pixels);
    return rc ? EXIT_FAILURE : EXIT_SUCCESS;
}
