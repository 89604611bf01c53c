/* resize.c - see picture_resize(). */
#include <stddef.h>

#include "picture.h"

/* Between which two pixels of `n` the centre of target pixel `i` falls, and how far
 * along.  In float, in this order, as torch computes it. */
static float place(int i, float scale, int n, int *low, int *high) {
    float at = scale * ((float)i + 0.5f) - 0.5f;

    if (at < 0)
        at = 0;
    *low = (int)at < n - 1 ? (int)at : n - 1;
    *high = *low < n - 1 ? *low + 1 : *low;
    return at - (float)*low;
}

void picture_resize(const picture *p, int width, int height, unsigned char *out) {
    const float sx = (float)p->width / (float)width;
    const float sy = (float)p->height / (float)height;

    for (int y = 0; y < height; y++) {
        int top, bottom;
        const float v = place(y, sy, p->height, &top, &bottom);
        const unsigned char *above = p->rgb + (size_t)top * (size_t)p->width * 3;
        const unsigned char *below = p->rgb + (size_t)bottom * (size_t)p->width * 3;

        for (int x = 0; x < width; x++) {
            int left, right;
            const float u = place(x, sx, p->width, &left, &right);

            for (int c = 0; c < 3; c++) {
                int l = 3 * left + c, r = 3 * right + c;
                float a = (1 - u) * (float)above[l] + u * (float)above[r];
                float b = (1 - u) * (float)below[l] + u * (float)below[r];

                *out++ = (unsigned char)((1 - v) * a + v * b);
            }
        }
    }
}
