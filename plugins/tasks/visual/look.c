/* look.c - one episode's look; see look.h. */
#include "look.h"

#include <stdlib.h>
#include <string.h>

#include <accord/rng.h>

#include "look_model.h"
#include "look_source.h"

/* The published evaluation draws its colours with the seed of training plus this. */
enum { COLOUR_SEED_OFFSET = 42 };

struct look {
    look_source *source;
    render_look now;
    float (*rgba)[4];      /* [n_materials], or NULL: the model's */
    unsigned char *screen; /* the film's frame; NULL: no film */
    size_t film;
    distract distract;
    render_camera camera;
};

static bool has_film(const look_source *s) {
    return s->kind == LOOK_VIDEO || s->kind == LOOK_DISTRACTING;
}

static bool has_colours(const look_source *s) {
    return s->kind == LOOK_COLOUR || s->kind == LOOK_DISTRACTING;
}

static accord_code make_room(look *l, accord_err *err) {
    const look_source *s = l->source;
    const size_t n_pixels = (size_t)s->width * (size_t)s->height;

    if (has_colours(s))
        l->rgba = calloc(s->n_materials + 1, sizeof(*l->rgba));
    if (has_film(s))
        l->screen = malloc(n_pixels * 3);
    if ((has_colours(s) && !l->rgba) || (has_film(s) && !l->screen))
        return s->host->fail(s->host, err, ACCORD_E_NOMEM, "no memory for the look");
    return ACCORD_OK;
}

accord_code look_open(look_source *s, look **out, accord_err *err) {
    look *l = calloc(1, sizeof(*l));

    *out = NULL;
    if (!l)
        return s->host->fail(s->host, err, ACCORD_E_NOMEM, "no memory for the look");
    l->source = s;
    accord_code rc = make_room(l, err);
    if (rc) {
        look_close(l);
        return rc;
    }
    l->now.materials = (const float(*)[4])l->rgba;
    l->now.background = l->screen;
    l->now.background_floor = s->floor;
    l->now.key = s->kind == LOOK_VIDEO && s->key;
    *out = l;
    return ACCORD_OK;
}

static accord_code reset_colours(look *l, const accord_key *key) {
    look_source *s = l->source;
    const uint32_t seed = (uint32_t)(key->seed + COLOUR_SEED_OFFSET);
    const palette_setting *setting = palette_draw(&s->palette, seed, key->item);

    memcpy(l->rgba, s->rgba, s->n_materials * sizeof(*l->rgba));
    memcpy(l->rgba[s->self], setting->self, sizeof(setting->self));
    l->now.grid = setting->grid;
    l->now.sky = setting->sky;
    return ACCORD_OK;
}

static accord_code show_video(look *l, uint64_t t, accord_err *err) {
    films *f = l->source->films;

    return films_frame(f, l->film, (size_t)(t % films_length(f, l->film)), l->screen,
                       err);
}

/* The published index grows before the first episode, which so gets the second clip. */
static accord_code reset_video(look *l, const accord_key *key, accord_err *err) {
    const uint64_t n = films_count(l->source->films);

    l->film = (size_t)((key->item % n + 1) % n);
    return show_video(l, 0, err);
}

static accord_code show_distraction(look *l, uint64_t t, accord_err *err) {
    distract *d = &l->distract;

    distract_advance(d, t * (uint64_t)l->source->action_repeat);
    return films_frame(l->source->films, d->film, d->frame, l->screen, err);
}

static accord_code reset_distraction(look *l, const accord_key *key, accord_err *err) {
    look_source *s = l->source;
    distract *d = &l->distract;
    uint64_t state = accord_rng_fold_text(0, "distracting");

    state = accord_rng_fold(state, key->seed);
    state = accord_rng_fold(state, (uint64_t)key->split);
    state = accord_rng_fold(state, key->item);
    *d = (distract){.rules = &s->rules,
                    .n_materials = s->n_materials,
                    .home = (const float(*)[4])s->rgba,
                    .rgba = l->rgba};
    distract_begin(d, films_count(s->films), state);
    distract_film(d, films_length(s->films, d->film), state);
    l->now.has_floor_alpha = true;
    l->now.floor_alpha = s->rules.floor_alpha;
    return show_distraction(l, 0, err);
}

accord_code look_reset(look *l, const accord_key *key, accord_err *err) {
    switch (l->source->kind) {
    case LOOK_COLOUR:
        return reset_colours(l, key);
    case LOOK_VIDEO:
        return reset_video(l, key, err);
    case LOOK_DISTRACTING:
        return reset_distraction(l, key, err);
    case LOOK_TRAIN:
        break;
    }
    return ACCORD_OK;
}

accord_code look_step(look *l, uint64_t t, accord_err *err) {
    if (l->source->kind == LOOK_VIDEO)
        return show_video(l, t, err);
    if (l->source->kind == LOOK_DISTRACTING)
        return show_distraction(l, t, err);
    return ACCORD_OK;
}

const render_look *look_now(look *l, const mjModel *m, const mjData *d) {
    const look_source *s = l->source;

    if (s->kind == LOOK_TRAIN)
        return NULL;
    if (s->kind == LOOK_DISTRACTING && s->camera >= 0) {
        render_camera own;
        float target[3];

        look_camera(m, d, s->camera, &own, target);
        camera_walk_pose(&l->distract.camera, &own, target, &l->camera);
        l->now.camera = &l->camera;
    }
    return &l->now;
}

void look_close(look *l) {
    if (!l)
        return;
    free(l->rgba);
    free(l->screen);
    free(l);
}
