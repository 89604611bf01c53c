/* moving.c - makes the scenes of films; see moving.h. */
#include <math.h>
#include <stdlib.h>

#include <accord/rng.h>

#include "moving_parts.h"
#include "steady.h"

enum { TILE = MOVING_TILE, MOST_CELLS = 64, COLOURS = 4 };

#define SMALLEST 0.05f
#define LARGEST  0.7f

static float between(uint64_t *state, float low, float high) {
    return low + (high - low) * (float)accord_rng_uniform(state);
}

static float smooth(float x) {
    return x * x * (3 - 2 * x);
}

static float mix(float a, float b, float weight) {
    return a + (b - a) * weight;
}

/* Adds value noise with `cells` cells along each side of the tile to sum[TILE][TILE]. */
static void add_octave(float (*sum)[TILE], uint64_t *state, int cells, float weight) {
    float lattice[MOST_CELLS][MOST_CELLS];
    const int step = TILE / cells;

    for (int j = 0; j < cells; j++)
        for (int i = 0; i < cells; i++)
            lattice[j][i] = between(state, -weight, weight);
    for (int y = 0; y < TILE; y++) {
        const float *top = lattice[y / step], *bottom = lattice[(y / step + 1) % cells];
        const float v = smooth((float)(y % step) / (float)step);

        for (int x = 0; x < TILE; x++) {
            const int i = x / step, k = (i + 1) % cells;
            const float u = smooth((float)(x % step) / (float)step);

            sum[y][x] += mix(mix(top[i], top[k], u), mix(bottom[i], bottom[k], u), v);
        }
    }
}

/* Fractal noise: each octave is half as wide and 0.6 times as strong.  False without
 * memory. */
static bool make_tile(moving *m) {
    float(*sum)[TILE] = calloc(TILE, sizeof(*sum));
    uint64_t state = accord_rng_fold_text(0, "texture");
    float weight = 0.6f;

    for (int cells = 4; sum && cells <= MOST_CELLS; cells *= 2) {
        add_octave(sum, &state, cells, weight);
        weight *= 0.6f;
    }
    for (int y = 0; sum && y < TILE; y++)
        for (int x = 0; x < TILE; x++) {
            const float s = 127 * sum[y][x];

            m->tile[y][x] = (signed char)(s < -127 ? -127 : s > 127 ? 127 : s);
        }
    free(sum);
    return sum != NULL;
}

moving *moving_create(int width, int height) {
    moving *m = calloc(1, sizeof(*m));

    if (!m)
        return NULL;
    m->width = width;
    m->height = height;
    m->paint = calloc((size_t)width * (size_t)height, sizeof(*m->paint));
    if (m->paint && make_tile(m))
        return m;
    moving_destroy(m);
    return NULL;
}

void moving_destroy(moving *m) {
    if (m)
        free(m->paint);
    free(m);
}

/* A film keeps to a few hues of little to moderate saturation. */
static void make_colours(uint64_t *state, float colours[COLOURS][3]) {
    for (int k = 0; k < COLOURS; k++) {
        const float lightness = between(state, 25, 215);
        const float saturation = between(state, 0, 45);

        for (int c = 0; c < 3; c++)
            colours[k][c] = lightness + saturation * between(state, -1, 1);
    }
}

static void paint(struct patch *p, uint64_t *state, float colours[COLOURS][3]) {
    const float *base = colours[accord_rng_below(state, COLOURS)];
    const float brighter = 22 * (float)steady_normal(state);

    for (int c = 0; c < 3; c++)
        p->colour[c] = base[c] + brighter + 8 * (float)steady_normal(state);
    p->light[0] = between(state, -40, 40);
    p->light[1] = between(state, -50, 20);
    p->texture = between(state, 15, 70);
    p->u = between(state, 0, TILE);
    p->v = between(state, 0, TILE);
}

/* Sizes follow the density r^-3; the tilt is a point on the circle from its half-angle
 * tangent. */
static void shape(struct patch *p, uint64_t *state) {
    const float ratio = SMALLEST / LARGEST;
    const float u = between(state, 0, 1);
    const float half = between(state, -1, 1);

    p->width = SMALLEST / sqrtf(1 - u * (1 - ratio * ratio));
    p->height = p->width * between(state, 0.35f, 1);
    p->cos = (1 - half * half) / (1 + half * half);
    p->sin = 2 * half / (1 + half * half);
    p->round = accord_rng_below(state, 4) > 0;
    p->ragged = between(state, 0, 0.7f);
    p->sharp = between(state, 0.25f, 1);
}

/* Nearer patches move faster with the view; each has a little motion of its own. */
static void move(struct patch *p, uint64_t *state, float nearness, const float pan[2]) {
    p->x = between(state, 0, MOVING_FIELD);
    p->y = between(state, 0, MOVING_FIELD);
    p->vx = pan[0] * nearness + 0.0007f * (float)steady_normal(state);
    p->vy = pan[1] * nearness + 0.0004f * (float)steady_normal(state);
}

void moving_choose(moving *m, uint64_t seed) {
    uint64_t state = accord_rng_fold_text(seed, "film");
    float colours[COLOURS][3];
    const float pan[2] = {0.006f * (float)steady_normal(&state),
                          0.002f * (float)steady_normal(&state)};

    make_colours(&state, colours);
    m->breath = between(&state, 0, 0.15f);
    m->period = 100 + (uint32_t)accord_rng_below(&state, 200);
    m->ground = (struct patch){.x = MOVING_FIELD / 2,
                               .y = MOVING_FIELD / 2,
                               .width = MOVING_FIELD,
                               .height = MOVING_FIELD,
                               .cos = 1,
                               .sharp = 1};
    paint(&m->ground, &state, colours);
    for (int i = 0; i < MOVING_PATCHES; i++) {
        struct patch *p = &m->patch[i];

        shape(p, &state);
        paint(p, &state, colours);
        move(p, &state, 0.3f + (float)i / MOVING_PATCHES, pan);
    }
}
