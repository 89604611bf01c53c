/* moving_draw.c - draws a frame of a film, the nearest patch first: what is hidden costs
 * little. */
#include <math.h>
#include <stddef.h>

#include "moving_parts.h"

/* Few texels are beyond, and no shape of theirs is missed. */
#define NOISIEST 1.0f
/* What shows less than this through what lies in front is not drawn. */
#define FAINT 0.004f

static float smooth(float x) {
    return x * x * (3 - 2 * x);
}

static float clamp(float x, float low, float high) {
    return x < low ? low : x > high ? high : x;
}

/* The largest whole number not above x; floorf() is a call on the oldest processors. */
static int whole(float x) {
    const int i = (int)x;

    return i - (x < (float)i);
}

/* The nearest texel: texels are finer than pixels. */
static float texture(const moving *m, float u, float v) {
    const unsigned x = (unsigned)whole(u) % MOVING_TILE;
    const unsigned y = (unsigned)whole(v) % MOVING_TILE;

    return (float)m->tile[y][x] * (1 / 127.0f);
}

/* A patch in this frame: where it is, in the units of the view. */
struct placed {
    const struct patch *patch;
    float x, y, width, height;
    float per_width, per_height; /* 1 / width, 1 / height */
    float edge;                  /* coverage gained in one unit inwards */
    float bite;                  /* how far texture eats into the outline */
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

/* Adds what shows of the patch at (dx, dy) from its centre to the pixel's paint. */
static void draw_pixel(const moving *m, const struct placed *q, float dx, float dy,
                       float paint[4]) {
    const struct patch *p = q->patch;
    const float a = dx * p->cos + dy * p->sin, b = dy * p->cos - dx * p->sin;
    const float inside = depth(q, a, b);

    if ((inside + q->bite * NOISIEST) * q->edge <= -0.5f)
        return;
    const float noise = texture(m, p->u + MOVING_TEXELS * a, p->v + MOVING_TEXELS * b);
    const float cover = clamp((inside + q->bite * noise) * q->edge + 0.5f, 0, 1);
    const float light = p->light[0] * a * q->per_width + p->light[1] * b * q->per_height +
                        p->texture * noise;
    const float weight = cover * paint[3];

    for (int c = 0; c < 3; c++)
        paint[c] += weight * clamp(p->colour[c] + light, 0, 255);
    paint[3] -= weight;
}

static int pixel(float x, int most) {
    return (int)clamp(x, 0, (float)most);
}

static void draw_patch(moving *m, const struct placed *q) {
    const float w = (float)m->width, h = (float)m->height, per_w = 1 / w, per_h = 1 / h;
    const float c = fabsf(q->patch->cos), s = fabsf(q->patch->sin);
    const float out = q->bite * NOISIEST + 1 / q->edge;
    const float rx = c * q->width + s * q->height + out;
    const float ry = s * q->width + c * q->height + out;
    const int x0 = pixel((q->x - rx) * w, m->width);
    const int x1 = pixel((q->x + rx) * w + 1, m->width);
    const int y0 = pixel((q->y - ry) * h, m->height);
    const int y1 = pixel((q->y + ry) * h + 1, m->height);

    for (int y = y0; y < y1; y++) {
        const float dy = ((float)y + 0.5f) * per_h - q->y;
        float(*row)[4] = m->paint + (size_t)y * (size_t)m->width;

        for (int x = x0; x < x1; x++)
            if (row[x][3] > FAINT)
                draw_pixel(m, q, ((float)x + 0.5f) * per_w - q->x, dy, row[x]);
    }
}

static float wrap(float x) {
    return x - MOVING_FIELD * (float)whole(x / MOVING_FIELD) - 0.5f * (MOVING_FIELD - 1);
}

/* 0 to 1 and back, smoothly. */
static float sway(uint32_t t, uint32_t period) {
    const float phase = (float)(t % period) / (float)period;

    return smooth(phase < 0.5f ? 2 * phase : 2 - 2 * phase);
}

static struct placed place(const moving *m, const struct patch *p, uint32_t t) {
    const float zoom = 1 + m->breath * sway(t, m->period);
    const int pixels = m->width < m->height ? m->width : m->height;
    struct placed q = {.patch = p, .width = zoom * p->width, .height = zoom * p->height};

    q.x = 0.5f + zoom * (wrap(p->x + p->vx * (float)t) - 0.5f);
    q.y = 0.5f + zoom * (wrap(p->y + p->vy * (float)t) - 0.5f);
    q.per_width = 1 / q.width;
    q.per_height = 1 / q.height;
    q.edge = (float)pixels * p->sharp;
    q.bite = p->ragged * q.height;
    return q;
}

void moving_frame(moving *m, uint32_t t, unsigned char *rgb) {
    const size_t n = (size_t)m->width * (size_t)m->height;

    for (size_t i = 0; i < n; i++) {
        m->paint[i][0] = m->paint[i][1] = m->paint[i][2] = 0;
        m->paint[i][3] = 1;
    }
    for (int i = MOVING_PATCHES - 1; i >= -1; i--) {
        const struct placed q = place(m, i < 0 ? &m->ground : &m->patch[i], t);

        draw_patch(m, &q);
    }
    for (size_t i = 0; i < n; i++)
        for (int c = 0; c < 3; c++)
            *rgb++ = (unsigned char)m->paint[i][c];
}
