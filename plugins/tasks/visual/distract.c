/* distract.c - see distract.h. */
#include "distract.h"

#include <string.h>

#include <accord/rng.h>

#include "steady.h"

bool distract_at(double intensity, distract_rules *out) {
    static const struct {
        double intensity;
        size_t n_films;
    } published[] = {{0.025, 2}, {0.05, 2}, {0.1, 4},  {0.15, 6},
                     {0.2, 8},   {0.3, 60}, {0.4, 60}, {0.5, 60}};

    for (size_t i = 0; i < sizeof(published) / sizeof(published[0]); i++)
        if (intensity == published[i].intensity) {
            out->intensity = intensity;
            out->n_films = published[i].n_films;
            return true;
        }
    return false;
}

bool distract_domain(const char *domain, distract_rules *out) {
    static const struct {
        const char *name;
        float floor_alpha;
        bool above;
    } published[] = {{"reacher", 0, false},       {"cartpole", 0.3f, true},
                     {"finger", 0.3f, true},      {"cheetah", 1, true},
                     {"ball_in_cup", 0.3f, true}, {"walker", 1, true}};

    for (size_t i = 0; i < sizeof(published) / sizeof(published[0]); i++)
        if (strcmp(domain, published[i].name) == 0) {
            out->floor_alpha = published[i].floor_alpha;
            out->above = published[i].above;
            return true;
        }
    return false;
}

/* Channel c of material m, kept in its box. */
static void set_colour(distract *d, size_t m, int c, double x) {
    const double home = (double)d->home[m][c], s = d->rules->intensity;
    const double low = home - s > 0 ? home - s : 0, high = home + s < 1 ? home + s : 1;

    d->rgba[m][c] = (float)(x < low ? low : x > high ? high : x);
}

static void begin_colours(distract *d) {
    for (size_t m = 0; m < d->n_materials; m++) {
        memcpy(d->rgba[m], d->home[m], sizeof(d->rgba[m]));
        for (int c = 0; c < 3; c++) {
            const double u = 2 * accord_rng_uniform(&d->colour_state) - 1;

            set_colour(d, m, c, (double)d->home[m][c] + u * d->rules->intensity);
        }
    }
}

static void walk_colours(distract *d) {
    const double spread = 0.03 * d->rules->intensity;

    for (size_t m = 0; m < d->n_materials; m++)
        for (int c = 0; c < 3; c++)
            set_colour(d, m, c,
                       (double)d->rgba[m][c] + spread * steady_normal(&d->colour_state));
}

void distract_begin(distract *d, size_t n_films, uint64_t state) {
    uint64_t films = accord_rng_fold_text(state, "film");

    d->colour_state = accord_rng_fold_text(state, "colour");
    d->camera_state = accord_rng_fold_text(state, "camera");
    d->changes = 0;
    begin_colours(d);
    camera_walk_begin(&d->camera, d->rules->intensity, d->rules->above, &d->camera_state);
    if (n_films > d->rules->n_films)
        n_films = d->rules->n_films;
    d->film = (size_t)accord_rng_below(&films, n_films);
}

void distract_film(distract *d, size_t length, uint64_t state) {
    uint64_t frames = accord_rng_fold_text(state, "frame");

    d->length = length;
    d->frame = (size_t)accord_rng_below(&frames, length);
    d->backwards = accord_rng_below(&frames, 2) == 1;
}

static void walk_film(distract *d) {
    if (d->backwards && d->frame > 0)
        d->frame--;
    else if (!d->backwards && d->frame + 1 < d->length)
        d->frame++;
    if (d->frame == 0)
        d->backwards = false;
    if (d->frame + 1 == d->length)
        d->backwards = true;
}

void distract_advance(distract *d, uint64_t step) {
    for (; d->changes < step / 2; d->changes++) {
        walk_colours(d);
        walk_film(d);
        camera_walk_step(&d->camera, &d->camera_state);
    }
}
