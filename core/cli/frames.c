/* frames.c - see frames.h. */
#include "cli/frames.h"

#include <dirent.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "cli/cli.h"
#include "pictures/picture.h"
#include "run/frames.h"

/* Pictures of two episodes in one folder would be taken for one. */
static accord_code must_be_empty(const char *dir, accord_err *err) {
    const struct dirent *entry;
    bool empty = true;
    DIR *d = opendir(dir);

    if (!d)
        return accord_fail(err, ACCORD_E_IO, "cannot read %s: %s", dir, strerror(errno));
    while ((entry = readdir(d)))
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            empty = false;
    closedir(d);
    return empty ? ACCORD_OK
                 : accord_fail(err, ACCORD_E_ARG,
                               "%s is not empty: the frames need a folder of their own",
                               dir);
}

static accord_code shoot(const accord_cli_frames *what, const accord_recorded *r,
                         accord_frames *out, accord_err *err) {
    accord_manifest *manifest;

    accord_code rc = accord_manifest_read(what->wish.run_dir, &manifest, err);
    if (rc)
        return rc;
    const accord_frames_order order = {.manifest = manifest,
                                       .cell = r->cell,
                                       .mode = r->mode,
                                       .index = r->index,
                                       .item = what->wish.item,
                                       .actions = r->actions,
                                       .dir = what->dir,
                                       .side = what->side,
                                       .scale = what->scale,
                                       .delay_cs = (100 + what->fps / 2) / what->fps};
    rc = r->cell < manifest->n_cells
             ? accord_frames_write(&order, out, err)
             : accord_fail(err, ACCORD_E_CONFIG, "%s has no cell %u", manifest->dir,
                           r->cell);
    accord_manifest_destroy(manifest);
    return rc;
}

/* Returns may differ in their last digits between machines, which nobody sees.  An
 * episode that failed counts as 0 in the journal, whatever it had gained. */
static bool as_recorded(const accord_recorded *r, const accord_frames *f) {
    double distance = fabs(f->score - r->score);

    if (r->answered && isfinite(r->score) &&
        !(distance <= 1e-6 * fmax(1.0, fabs(r->score))))
        return false;
    return f->steps == (uint64_t)json_integer_value(json_object_get(r->actions, "steps"));
}

static int tell(const accord_cli_frames *what, const accord_recorded *r,
                const accord_frames *f) {
    unsigned delay_ms = (100 + what->fps / 2) / what->fps * 10;

    if (accord_has_png())
        printf("%s/frame-0000.png .. frame-%04u.png: %u frames of %u x %u pixels\n",
               what->dir, f->n - 1, f->n, f->width, f->height);
    if (accord_has_gif())
        printf("%s/" ACCORD_FRAMES_GIF ": %u x %u pixels, %u ms a frame\n", what->dir,
               f->width * f->scale, f->height * f->scale, delay_ms);
    if (!accord_has_png() || !accord_has_gif())
        fprintf(stderr,
                "warn: accord: no %s: this accord was built without %s (Debian: %s)\n",
                accord_has_png() ? "GIF" : "PNG", accord_has_png() ? "giflib" : "libpng",
                accord_has_png() ? "libgif-dev" : "libpng-dev");
    if (as_recorded(r, f)) {
        printf("%llu steps, return %g, as in the run\n", (unsigned long long)f->steps,
               f->score);
        return ACCORD_EXIT_OK;
    }
    fprintf(
        stderr,
        "accord: the episode took another course than in the run: return %.9g in %llu "
        "steps, not %.9g in %llu; the task, a library or the machine is another one\n",
        f->score, (unsigned long long)f->steps, r->score, (unsigned long long)r->steps);
    return ACCORD_EXIT_INCOMPLETE;
}

int accord_cli_show_frames(const accord_cli_frames *what) {
    accord_recorded r;
    accord_frames frames;
    accord_err err = {0};
    bool made = false;

    json_object_seed(0);
    accord_code rc = accord_recorded_find(&what->wish, &r, &err);
    if (!rc) {
        made = !accord_file_exists(what->dir);
        rc = accord_mkdirs(what->dir, &err);
    }
    if (!rc)
        rc = must_be_empty(what->dir, &err);
    if (!rc)
        rc = shoot(what, &r, &frames, &err);
    int status = rc ? accord_cli_fail(&err) : tell(what, &r, &frames);
    if (rc && made)
        rmdir(what->dir); /* only where nothing was written */
    accord_recorded_fini(&r);
    return status;
}
