/* textures.c - pictures made from a number, for users who have no folder of photographs.
 *
 * A texture is two layers, each a pattern (clouds, veins, stripes, rings, blobs, cells,
 * slope) in four colours of its own, bent by fractal noise; a third noise decides which
 * layer is seen where, and light falls from one side.  Nothing here is taken from the
 * generated films of the task visual: a policy that was trained with these textures has
 * not seen what it is tested on.  Only operations that are exactly rounded are used. */
#include <math.h>

#include <accord/rng.h>

#include "pictures.h"

enum { TILE = CONTROL_TILE };
enum { CLOUDS, VEINS, STRIPES, RINGS, BLOBS, CELLS, SLOPE, N_PATTERNS };

typedef struct layer {
    int pattern;
    float colour[4][3];
    float cos, sin, zoom, x, y; /* from the picture to the pattern */
    float warp, often;
    uint64_t seed; /* of the points */
} layer;

typedef struct texture {
    layer layer[2];
    float x, y, zoom, share, edge; /* of the mask between them */
    float light[2], grain;
} texture;

static float between(uint64_t *rng, double low, double high) {
    return (float)(low + (high - low) * accord_rng_uniform(rng));
}

static float clamp(float x, float low, float high) {
    return x < low ? low : x > high ? high : x;
}

static float smooth(float x) {
    return x * x * (3 - 2 * x);
}

static float mix(float a, float b, float t) {
    return a + (b - a) * t;
}

static int whole(float x) {
    const int i = (int)x;

    return i - (x < (float)i);
}

/* Adds an octave: random values on cells x cells points, smooth between them. */
static void add_octave(float *tile, uint32_t cells, float amplitude) {
    const uint32_t size = TILE / cells;

    for (uint32_t y = 0; y < TILE; y++)
        for (uint32_t x = 0; x < TILE; x++) {
            const float u = smooth((float)(x % size) / (float)size);
            const float v = smooth((float)(y % size) / (float)size);
            float corner[4];

            for (uint32_t k = 0; k < 4; k++) {
                const uint64_t column = (x / size + k % 2) % cells;
                const uint64_t row = (y / size + k / 2) % cells;
                const uint64_t bits =
                    accord_rng_mix((row * TILE + column) * 2 + (cells << 20) + 1);

                corner[k] = (float)(bits >> 40) * 0x1p-24f - 0.5f;
            }
            tile[y * TILE + x] += amplitude * mix(mix(corner[0], corner[1], u),
                                                  mix(corner[2], corner[3], u), v);
        }
}

/* Amplitudes that fall with the frequency, as in photographs. */
void control_texture_tile(float *tile) {
    float low = 1, high = -1;

    for (int i = 0; i < TILE * TILE; i++)
        tile[i] = 0;
    for (uint32_t cells = 4; cells <= TILE / 2; cells *= 2)
        add_octave(tile, cells, 4 / (float)cells);
    for (int i = 0; i < TILE * TILE; i++) {
        low = tile[i] < low ? tile[i] : low;
        high = tile[i] > high ? tile[i] : high;
    }
    for (int i = 0; i < TILE * TILE; i++)
        tile[i] = (tile[i] - low) / (high - low);
}

/* Noise at (u, v); the tile is one unit wide. */
static float noise(const float *tile, float u, float v) {
    const float x = u * TILE, y = v * TILE;
    const int left = whole(x), top = whole(y);
    const float a = x - (float)left, b = y - (float)top;
    const float *row = tile + (top & (TILE - 1)) * TILE;
    const float *next = tile + ((top + 1) & (TILE - 1)) * TILE;
    const int i = left & (TILE - 1), j = (left + 1) & (TILE - 1);

    return mix(mix(row[i], row[j], a), mix(next[i], next[j], a), b);
}

/* Up and down between 0 and 1, smoothly, once per unit. */
static float wave(float x) {
    const float phase = x - (float)whole(x);

    return smooth(phase < 0.5f ? 2 * phase : 2 - 2 * phase);
}

/* The nearest of points that are scattered one to a unit square: the square of its
 * distance, and its own value in 0 to 1. */
static float nearest(uint64_t seed, float x, float y, float *value) {
    const int column = whole(x), row = whole(y);
    float best = 9;

    for (int k = 0; k < 9; k++) {
        const int i = column + k % 3 - 1, j = row + k / 3 - 1;
        const uint64_t bits = accord_rng_mix(seed + (uint64_t)(i & 0xffff) * 65536 +
                                             (uint64_t)(j & 0xffff));
        const float dx = (float)i + (float)(bits & 0xffff) * 0x1p-16f - x;
        const float dy = (float)j + (float)(bits >> 16 & 0xffff) * 0x1p-16f - y;

        if (dx * dx + dy * dy < best) {
            best = dx * dx + dy * dy;
            *value = (float)(bits >> 40) * 0x1p-24f;
        }
    }
    return best;
}

/* The pattern's value at (x, y) of the picture, about 0 to 1. */
static float pattern(const layer *l, const float *tile, float x, float y) {
    float u = l->x + l->zoom * (x * l->cos + y * l->sin);
    float v = l->y + l->zoom * (y * l->cos - x * l->sin);
    const float bend = noise(tile, u * 0.5f, v * 0.5f) - 0.5f;
    float value = 0, d;

    u += l->warp * bend;
    v -= l->warp * (noise(tile, u * 0.5f + 0.37f, v * 0.5f + 0.71f) - 0.5f);
    switch (l->pattern) {
    case CLOUDS:
        return 2 * noise(tile, u, v) - 0.5f;
    case VEINS:
        return 1 - fabsf(6 * noise(tile, u, v) - 3);
    case STRIPES:
        return wave(l->often * u);
    case RINGS:
        return wave(l->often * sqrtf(u * u + v * v));
    case BLOBS:
        d = nearest(l->seed, l->often * u, l->often * v, &value);
        return mix(0, 0.3f + value, smooth(clamp(1.2f - 2 * d, 0, 1)));
    case CELLS:
        d = nearest(l->seed, l->often * u, l->often * v, &value);
        return value - 0.3f * d;
    default:
        return x * l->cos + y * l->sin + bend;
    }
}

static void colour_of(const layer *l, float value, float rgb[3]) {
    const float at = clamp(value, 0, 0.9999f) * 3;
    const int i = (int)at;
    const float t = smooth(at - (float)i);

    for (int c = 0; c < 3; c++)
        rgb[c] = mix(l->colour[i][c], l->colour[i + 1][c], t);
}

/* Colours stray from a common one, so that most textures have a tone, and few are as
 * vivid as they could be: photographs are not. */
static void draw_colours(layer *l, uint64_t *rng) {
    const float stray = between(rng, 0.15, 0.6), vivid = between(rng, 0.1, 0.9);
    float base[3];

    for (int c = 0; c < 3; c++)
        base[c] = between(rng, 0.05, 0.95);
    for (int k = 0; k < 4; k++) {
        const float lighter = between(rng, -0.3, 0.3);
        float *colour = l->colour[k];

        for (int c = 0; c < 3; c++)
            colour[c] = base[c] + lighter + stray * between(rng, -1, 1);
        const float grey = (colour[0] + colour[1] + colour[2]) * (1 / 3.0f);
        for (int c = 0; c < 3; c++)
            colour[c] = clamp(mix(grey, colour[c], vivid), 0, 1);
    }
}

static void draw_layer(layer *l, int which, uint64_t *rng) {
    /* A direction without sine and cosine: a point in the circle, scaled to it. */
    float x, y, d;

    do {
        x = between(rng, -1, 1);
        y = between(rng, -1, 1);
        d = sqrtf(x * x + y * y);
    } while (d > 1 || d < 0.1f);
    l->pattern = which;
    l->cos = x / d;
    l->sin = y / d;
    l->zoom = between(rng, 0.3, 1.2);
    l->x = between(rng, -0.6, 0);
    l->y = between(rng, -0.6, 0);
    l->warp = between(rng, 0, 1) < 0.3f ? 0 : between(rng, 0.1, 0.8);
    l->often = between(rng, 3, 12);
    l->seed = accord_rng_next(rng);
    draw_colours(l, rng);
}

static texture draw_texture(uint32_t i) {
    uint64_t rng = accord_rng_fold_text(i, "overlay");
    texture t = {.edge = 1};

    /* Every pattern is in front equally often. */
    draw_layer(&t.layer[0], (int)(i % N_PATTERNS), &rng);
    draw_layer(&t.layer[1], (int)accord_rng_below(&rng, N_PATTERNS), &rng);
    t.x = between(&rng, 0, 1);
    t.y = between(&rng, 0, 1);
    t.zoom = between(&rng, 0.2, 0.5);
    t.share = between(&rng, 0.35, 0.6);
    t.edge = between(&rng, 3, 40);
    t.light[0] = between(&rng, -0.5, 0.5);
    t.light[1] = between(&rng, -0.5, 0.5);
    t.grain = between(&rng, 0, 0.25);
    return t;
}

static void paint(const texture *t, const float *tile, float x, float y, uint8_t *rgbx) {
    const float over = (noise(tile, t->x + t->zoom * x, t->y + t->zoom * y) - t->share);
    const float cover = smooth(clamp(over * t->edge + 0.5f, 0, 1));
    const float light = 1 + t->light[0] * (x - 0.5f) + t->light[1] * (y - 0.5f) +
                        t->grain * (noise(tile, 2.3f * y, 2.3f * x) - 0.5f);
    float front[3] = {0}, back[3] = {0};

    if (cover < 1)
        colour_of(&t->layer[0], pattern(&t->layer[0], tile, x, y), front);
    if (cover > 0)
        colour_of(&t->layer[1], pattern(&t->layer[1], tile, x, y), back);
    for (int c = 0; c < 3; c++)
        rgbx[c] =
            (uint8_t)(255 * clamp(light * mix(front[c], back[c], cover), 0, 1) + 0.5f);
}

void control_texture(const float *tile, uint32_t i, uint32_t side, uint8_t *rgbx) {
    const texture t = draw_texture(i);

    for (uint32_t y = 0; y < side; y++)
        for (uint32_t x = 0; x < side; x++)
            paint(&t, tile, ((float)x + 0.5f) / (float)side,
                  ((float)y + 0.5f) / (float)side, rgbx + 4 * ((size_t)y * side + x));
}
