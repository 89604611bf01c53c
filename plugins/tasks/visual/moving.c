/* moving.c - see moving.h.
 *
 * The view is the square [0, 1] x [0, 1].  Patches live on a torus of side FIELD around
 * it, so that one which leaves comes back elsewhere, out of sight. */
#include "moving.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include <accord/rng.h>

#include "steady.h"

enum { TILE = 128, PATCHES = 200, COLOURS = 4 };

#define FIELD    2.4f
#define SMALLEST 0.05f
#define LARGEST  0.7f
#define NOISIEST 1.0f /* few texels are beyond, and no shape of theirs is missed */

struct patch {
    float x, y;          /* where it is at t = 0 */
    float vx, vy;        /* per frame */
    float width, height; /* half sizes, along its own axes */
    float cos, sin;      /* of its tilt */
    float colour[3];     /* 0 to 255 */
    float light[2];      /* how brightness changes across it */
    float texture;       /* contrast of its texture */
    float ragged; /* how far the texture eats into its outline, of its half height */
    float sharp;  /* of its edge, 1 for one pixel wide */
    float u, v;   /* where its texture begins */
    bool round;
};

struct moving {
    float tile[TILE][TILE];      /* texture, about -1 to 1, periodic; of all films */
    struct patch ground;         /* behind all others */
    struct patch patch[PATCHES]; /* far to near */
    float breath;                /* how much the view widens and narrows */
    uint32_t period;             /* of that, frames */
};

static float between(uint64_t *state, float low, float high) {
    return low + (high - low) * (float)accord_rng_uniform(state);
}

static float smooth(float x) {
    return x * x * (3 - 2 * x);
}

static float mix(float a, float b, float weight) {
    return a + (b - a) * weight;
}

/* A value in [-1, 1] at a corner of octave `cells`' lattice. */
static float corner(uint64_t seed, int cells, int x, int y) {
    uint64_t bits =
        accord_rng_fold(seed, ((uint64_t)cells << 32) | ((uint64_t)(y % cells) << 16) |
                                  (uint64_t)(x % cells));

    return (float)(bits >> 40) * 0x1p-23f - 1;
}

/* Adds value noise with `cells` cells along each side of the tile. */
static void add_octave(moving *m, uint64_t seed, int cells, float weight) {
    const int step = TILE / cells;

    for (int y = 0; y < TILE; y++)
        for (int x = 0; x < TILE; x++) {
            const int i = x / step, j = y / step;
            const float u = smooth((float)(x % step) / (float)step);
            const float v = smooth((float)(y % step) / (float)step);
            const float top =
                mix(corner(seed, cells, i, j), corner(seed, cells, i + 1, j), u);
            const float bottom =
                mix(corner(seed, cells, i, j + 1), corner(seed, cells, i + 1, j + 1), u);

            m->tile[y][x] += weight * mix(top, bottom, v);
        }
}

static void make_tile(moving *m, uint64_t seed) {
    float weight = 0.6f;

    for (int cells = 4; cells <= 64; cells *= 2) {
        add_octave(m, seed, cells, weight);
        weight *= 0.6f;
    }
}

moving *moving_create(void) {
    moving *m = calloc(1, sizeof(*m));

    if (m)
        make_tile(m, accord_rng_fold_text(0, "texture"));
    return m;
}

void moving_destroy(moving *m) {
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
    p->x = between(state, 0, FIELD);
    p->y = between(state, 0, FIELD);
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
    m->ground = (struct patch){.width = FIELD, .height = FIELD, .cos = 1, .sharp = 1};
    paint(&m->ground, &state, colours);
    for (int i = 0; i < PATCHES; i++) {
        struct patch *p = &m->patch[i];

        shape(p, &state);
        paint(p, &state, colours);
        move(p, &state, 0.3f + (float)i / PATCHES, pan);
    }
}

/* The largest whole number not above x; floorf() is a call on the oldest processors. */
static int whole(float x) {
    const int i = (int)x;

    return i - (x < (float)i);
}

/* The texture at (u, v), between texels. */
static float texture(const moving *m, float u, float v) {
    const int i = whole(u), j = whole(v);
    const unsigned x = (unsigned)i % TILE, y = (unsigned)j % TILE;
    const unsigned x1 = (x + 1) % TILE, y1 = (y + 1) % TILE;
    const float right = u - (float)i, down = v - (float)j;

    return mix(mix(m->tile[y][x], m->tile[y][x1], right),
               mix(m->tile[y1][x], m->tile[y1][x1], right), down);
}

/* A patch in this frame: where it is, in the units of the view. */
struct placed {
    const struct patch *patch;
    float x, y, width, height;
    float per_width, per_height; /* 1 / width, 1 / height */
    float pixels;                /* of the picture in one unit */
};

/* How far the point (a, b) along the patch's axes lies inside its outline, about. */
static float depth(const struct placed *q, float a, float b) {
    if (q->patch->round) {
        const float da = a * q->per_width, db = b * q->per_height;

        return (1 - (da * da + db * db)) * 0.5f * q->height;
    }
    const float ia = q->width - fabsf(a), ib = q->height - fabsf(b);
    return ia < ib ? ia : ib;
}

/* How much of a pixel is covered whose centre lies `inside` the outline so far. */
static float cover(const struct placed *q, float inside) {
    const float weight = inside * q->pixels * q->patch->sharp + 0.5f;

    return weight < 0 ? 0 : weight > 1 ? 1 : weight;
}

static unsigned char byte(float x) {
    return (unsigned char)(x < 0 ? 0 : x > 255 ? 255 : x);
}

static void draw_pixel(const moving *m, const struct placed *q, float dx, float dy,
                       unsigned char *rgb) {
    const struct patch *p = q->patch;
    const float a = dx * p->cos + dy * p->sin, b = dy * p->cos - dx * p->sin;
    const float inside = depth(q, a, b), bite = p->ragged * q->height;

    if (cover(q, inside + bite * NOISIEST) == 0.0f)
        return;
    const float noise = texture(m, p->u + 90 * a, p->v + 90 * b);
    const float weight = cover(q, inside + bite * noise);
    const float light = p->light[0] * a * q->per_width + p->light[1] * b * q->per_height +
                        p->texture * noise;
    for (int c = 0; c < 3; c++)
        rgb[c] = byte(mix((float)rgb[c], p->colour[c] + light, weight));
}

static int clamp(float x, int most) {
    return x < 0 ? 0 : x > (float)most ? most : (int)x;
}

static void draw_patch(const moving *m, const struct placed *q, int width, int height,
                       unsigned char *rgb) {
    const float w = (float)width, h = (float)height, dx = 1 / w, dy = 1 / h;
    const float c = fabsf(q->patch->cos), s = fabsf(q->patch->sin);
    const float out = q->patch->ragged * q->height * NOISIEST + 2 / q->pixels;
    const float rx = c * q->width + s * q->height + out;
    const float ry = s * q->width + c * q->height + out;
    const int x0 = clamp((q->x - rx) * w, width), x1 = clamp((q->x + rx) * w + 1, width);
    const int y0 = clamp((q->y - ry) * h, height),
              y1 = clamp((q->y + ry) * h + 1, height);

    for (int y = y0; y < y1; y++)
        for (int x = x0; x < x1; x++)
            draw_pixel(m, q, ((float)x + 0.5f) * dx - q->x, ((float)y + 0.5f) * dy - q->y,
                       rgb + 3 * ((size_t)y * (size_t)width + (size_t)x));
}

static float wrap(float x) {
    return x - FIELD * floorf(x / FIELD) - 0.5f * (FIELD - 1);
}

/* 0 to 1 and back, smoothly. */
static float sway(uint32_t t, uint32_t period) {
    const float phase = (float)(t % period) / (float)period;

    return smooth(phase < 0.5f ? 2 * phase : 2 - 2 * phase);
}

void moving_frame(const moving *m, uint32_t t, int width, int height,
                  unsigned char *rgb) {
    const float zoom = 1 + m->breath * sway(t, m->period);
    const float pixels = (float)(width < height ? width : height);
    struct placed q = {&m->ground, 0.5f,      0.5f,      FIELD,
                       FIELD,      1 / FIELD, 1 / FIELD, pixels};

    draw_patch(m, &q, width, height, rgb);
    for (int i = 0; i < PATCHES; i++) {
        const struct patch *p = &m->patch[i];

        q = (struct placed){.patch = p, .pixels = pixels};
        q.x = 0.5f + zoom * (wrap(p->x + p->vx * (float)t) - 0.5f);
        q.y = 0.5f + zoom * (wrap(p->y + p->vy * (float)t) - 0.5f);
        q.width = zoom * p->width;
        q.height = zoom * p->height;
        q.per_width = 1 / q.width;
        q.per_height = 1 / q.height;
        draw_patch(m, &q, width, height, rgb);
    }
}
