/* look.h - how a task looks in one mode: colours, films behind the agent, wandering
 * cameras, in the form that the renderer takes.
 *
 * A look_source holds what all episodes of one mode share (published settings, folders of
 * clips, their cache), a look what belongs to one episode.  The same key gives the same
 * look, in whatever order episodes are played and on every machine.  The modes are those
 * of DMControl-GB, and distracting is the Distracting Control Suite's:
 *
 *   train          the model as it is
 *   color_easy     another colour for floor, agent and sky, one of 100 settings
 *   color_hard     the same, further from the default
 *   video_easy     a film in place of the sky
 *   video_hard     a film in place of sky and floor
 *   distracting    wandering camera and colours, a film in place of the sky */
#ifndef ACCORD_VISUAL_LOOK_H
#define ACCORD_VISUAL_LOOK_H

#include <stdbool.h>

#include <accord/plugin.h>

#include "render.h"

/* [any] The names of the modes, NULL-terminated. */
extern const char *const look_modes[];

typedef struct look_options {
    const char *mode;   /* one of look_modes */
    const char *domain; /* "walker", ... */
    const char *clips;  /* folder of clip folders; "" = the published ones if they are
                         * there, else generated films.  Modes without films ignore it */
    bool key;           /* the published colour key in place of exact masks (video) */
    double intensity;   /* distracting: one of the published eight, 0.025 to 0.5 */
    int width, height;  /* of the picture, pixels */
    int action_repeat;  /* control steps per agent step */
    int camera;         /* the model's camera that is drawn */
} look_options;

typedef struct look_source look_source;

/* [worker] Opens what the mode needs for models like `m`, which is only read now.  *out
 * is the caller's, see look_source_close().  ACCORD_E_NOTFOUND for an unknown mode or a
 * named folder that is not there, ACCORD_E_CONFIG for an intensity that was never
 * published, a file of colours that cannot be used, a clip folder without pictures. */
accord_code look_source_open(const accord_host *host, const look_options *options,
                             const mjModel *m, look_source **out, accord_err *err);
/* [any] The files that were read, NULL-terminated; the source's.  Clips are too many:
 * the provenance names them. */
const char *const *look_source_files(const look_source *s);
/* [any] One line for the manifest: what is published, what generated, which masks. */
const char *look_source_provenance(const look_source *s);
/* [worker] Its looks must be closed.  NULL is allowed. */
void look_source_close(look_source *s);

/* Belongs to one episode at a time.  Two looks of one source are never used at the same
 * time: they share the cache of clips. */
typedef struct look look;

/* [worker] Needs look_reset() before use.  *out is the caller's. */
accord_code look_open(look_source *s, look **out, accord_err *err);
/* [worker] Begins the episode of `key` at its first picture.  Errors: a frame that cannot
 * be read, as a sentence with its path. */
accord_code look_reset(look *l, const accord_key *key, accord_err *err);
/* [worker] Goes to the picture after `t` agent steps, t not less than the last one. */
accord_code look_step(look *l, uint64_t t, accord_err *err);
/* [worker] What to give render_frame() for the state `d`, whose kinematics are current.
 * NULL: the model's own look.  Until the next call on `l`. */
const render_look *look_now(look *l, const mjModel *m, const mjData *d);
/* [worker] NULL is allowed. */
void look_close(look *l);

#endif
