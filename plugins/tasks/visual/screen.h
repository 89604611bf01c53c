/* screen.h - what the episodes of a task show: one renderer, the looks of each mode. */
#ifndef ACCORD_VISUAL_SCREEN_H
#define ACCORD_VISUAL_SCREEN_H

#include "environment.h"
#include "look.h"
#include "render.h"

enum { SCREEN_MODES = 6 };

/* How a task looks in one mode; opened when the mode is first asked for. */
typedef struct screen_mode {
    look_source *source;
    const char **files; /* of model and look, NULL-terminated */
} screen_mode;

typedef struct screen {
    const world *world;
    look_options options; /* of every mode, without its name */
    render *render;
    screen_mode modes[SCREEN_MODES]; /* in the order of look_modes */
} screen;

/* [worker] A screen for environments of `w`, which must outlive it; options->mode is not
 * read.  ACCORD_E_CONFIG for a camera that the model does not have.  screen_fini() in any
 * case. */
accord_code screen_init(screen *s, const world *w, const look_options *options,
                        accord_err *err);
/* [worker] */
void screen_fini(screen *s);

/* [worker] Opens mode number `mode` of look_modes unless it is open.  Every failure is
 * ACCORD_E_CONFIG or ACCORD_E_NOMEM: the mode is there, its pictures are not. */
accord_code screen_open_mode(screen *s, int mode, accord_err *err);

/* What one episode shows. */
typedef struct view {
    screen *screen;
    look *look;
    unsigned char *pixels; /* [3][height][width] */
    uint64_t t;            /* agent steps so far */
} view;

/* [worker] A view of an open mode.  view_fini() in any case. */
accord_code view_init(view *v, screen *s, int mode, const accord_key *key,
                      accord_err *err);
/* [worker] */
void view_fini(view *v);

/* [worker] Draws the environment as it is at the start of the episode, or after one more
 * agent step, to v->pixels. */
accord_code view_draw(view *v, const environment *e, accord_err *err);
accord_code view_step(view *v, const environment *e, accord_err *err);

#endif
