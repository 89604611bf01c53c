/* render_key.c - the colour key of the published video modes: sky, and floor where it
 * goes too, are drawn green, and then what is green gives way to the film.
 *
 * Source: DMControl-GB (Hansen and Wang 2021): green (.2, .8, .2); replaced are hue 100
 * to 185 degrees, saturation of 80/255 and value of 70/255 or more. */
#include "render_parts.h"

const float render_key_green[6] = {0.2f, 0.8f, 0.2f, 0.2f, 0.8f, 0.2f};

static bool is_green(int r, int g, int b) {
    int high = r > g ? r : g, low = r < g ? r : g;

    high = high > b ? high : b;
    low = low < b ? low : b;
    int range = high - low;
    if (high < 70 || 255 * range < 80 * high || high == r)
        return false;
    /* Hue is 120 + 60 (b - r) / range where green is highest, else 240 + 60 (r - g) /
     * range. */
    if (high == g)
        return 60 * (b - r) >= -20 * range && 60 * (b - r) <= 65 * range;
    return 60 * (r - g) <= -55 * range;
}

void render_key_apply(const struct render_frame *f, unsigned char *planar) {
    size_t n = (size_t)f->width * (size_t)f->height;
    unsigned char *r = planar, *g = planar + n, *b = planar + 2 * n;

    for (size_t i = 0; i < n; i++)
        if (is_green(r[i], g[i], b[i])) {
            r[i] = f->background[3 * i];
            g[i] = f->background[3 * i + 1];
            b[i] = f->background[3 * i + 2];
        }
}
