/* pictures.c - see pictures.h. */
#include "pictures.h"

#include <stdio.h>
#include <stdlib.h>

control_pictures *control_pictures_room(uint32_t n, uint32_t pixels) {
    control_pictures *p = calloc(1, sizeof(*p));

    if (!p)
        return NULL;
    p->n = n;
    p->side = 2 * pixels;
    p->rgbx = calloc((size_t)n * p->side * p->side + CONTROL_PADDING, 4);
    if (!p->rgbx) {
        free(p);
        return NULL;
    }
    return p;
}

static accord_code generate(const accord_host *host, uint32_t pixels,
                            control_pictures **out, accord_err *err) {
    control_pictures *p = control_pictures_room(CONTROL_TEXTURES, pixels);
    float *tile = malloc(sizeof(*tile) * CONTROL_TILE * CONTROL_TILE);

    if (!p || !tile) {
        control_pictures_destroy(p);
        free(tile);
        return host->fail(host, err, ACCORD_E_NOMEM, "no memory for overlay's pictures");
    }
    control_texture_tile(tile);
    for (uint32_t i = 0; i < p->n; i++)
        control_texture(tile, i, p->side, p->rgbx + (size_t)i * p->side * p->side * 4);
    free(tile);
    snprintf(p->text, sizeof(p->text),
             "%u generated textures; not comparable with published overlay scores", p->n);
    *out = p;
    return ACCORD_OK;
}

accord_code control_pictures_create(const accord_host *host, const char *folder,
                                    uint32_t pixels, control_pictures **out,
                                    accord_err *err) {
    *out = NULL;
    if (pixels < CONTROL_MIN_PIXELS || pixels > CONTROL_MAX_PIXELS)
        return host->fail(
            host, err, ACCORD_E_CONFIG,
            "augmentations are for frames of %d to %d pixels a side, not %u",
            CONTROL_MIN_PIXELS, CONTROL_MAX_PIXELS, pixels);
    return folder && folder[0] ? control_pictures_read(host, folder, pixels, out, err)
                               : generate(host, pixels, out, err);
}

void control_pictures_destroy(control_pictures *p) {
    if (!p)
        return;
    free(p->rgbx);
    free(p);
}

const char *control_pictures_text(const control_pictures *p) {
    return p->text;
}
