/* distract.h - one episode of the Distracting Control Suite (Stone et al., 2021): what
 * wanders, and how far, at an intensity.
 *
 * Everything changes on every second control step.  Colours of all materials start within
 * s of their own and walk by 0.03 s per change within that box and [0, 1].  One film of
 * the first few runs from a random frame in a random direction, and back at its ends.
 * The camera: camera_walk.h. */
#ifndef ACCORD_VISUAL_DISTRACT_H
#define ACCORD_VISUAL_DISTRACT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "camera_walk.h"

/* What the published code fixes for a domain and an intensity. */
typedef struct distract_rules {
    double intensity;
    size_t n_films;    /* the first so many are used */
    bool above;        /* the camera stays above the horizon */
    float floor_alpha; /* the film shows through the floor */
} distract_rules;

/* The eight published intensities, as a sentence names them. */
#define DISTRACT_INTENSITIES "0.025, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4 or 0.5"

/* [any] False for an intensity that is not one of them. */
bool distract_at(double intensity, distract_rules *out);
/* [any] Completes the rules; false for a domain that the published code refuses. */
bool distract_domain(const char *domain, distract_rules *out);

typedef struct distract {
    const distract_rules *rules;
    size_t n_materials;
    const float (*home)[4]; /* the materials' own colours */
    float (*rgba)[4];       /* now */
    size_t film, frame, length;
    bool backwards;
    camera_walk camera;
    uint64_t colour_state, camera_state; /* of <accord/rng.h> */
    uint64_t changes;                    /* so far */
} distract;

/* [any] Begins an episode from a state of <accord/rng.h>.  rules, n_materials, home and
 * rgba are set; `film` is drawn from n_films, and frame from its length later, see
 * distract_film(). */
void distract_begin(distract *d, size_t n_films, uint64_t state);
/* [any] Draws frame and direction in the film, which has `length` frames. */
void distract_film(distract *d, size_t length, uint64_t state);
/* [any] Goes on to control step `step`. */
void distract_advance(distract *d, uint64_t step);

#endif
