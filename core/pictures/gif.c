/* gif.c - the GIF half of picture.h. */
#include "pictures/picture.h"

#ifdef HAVE_GIF

#include <gif_lib.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "pictures/out_file.h"

enum { COLOURS = 256 };

struct accord_gif {
    accord_gif_look look;
    accord_out_file file;
    GifFileType *gif;
    accord_err why;      /* why a write failed: giflib only says that one did */
    GifByteType *planes; /* [3][height][width]: giflib takes no const */
    GifByteType *index;  /* [height][width]: a pixel's place among the colours */
    GifByteType *line;   /* [width * scale] */
};

bool accord_has_gif(void) {
    return true;
}

static int on_bytes(GifFileType *gif, const GifByteType *data, int n) {
    accord_gif *g = gif->UserData;

    return accord_write_all(g->file.fd, data, (size_t)n, g->file.path, &g->why) ? 0 : n;
}

/* What giflib said, or what stood behind it. */
static accord_code failed(accord_gif *g, int code, accord_err *err) {
    const char *text = GifErrorString(code);

    if (g->why.code)
        return accord_fail(err, g->why.code, "%s", g->why.msg);
    return accord_fail(err, ACCORD_E_INTERNAL, "%s: giflib: %s", g->file.path,
                       text ? text : "an unknown error");
}

/* The screen, and the extension by which browsers repeat an animation for ever:
 * "NETSCAPE", version 2.0, a block 1 with the number of repetitions, 0 for no end. */
static int write_head(accord_gif *g) {
    static const GifByteType loop[3] = {1, 0, 0};
    const accord_gif_look *l = &g->look;

    EGifSetGifVersion(g->gif, true);
    return EGifPutScreenDesc(g->gif, (int)(l->width * l->scale),
                             (int)(l->height * l->scale), 8, 0, NULL) == GIF_OK &&
           EGifPutExtensionLeader(g->gif, APPLICATION_EXT_FUNC_CODE) == GIF_OK &&
           EGifPutExtensionBlock(g->gif, 11, "NETSCAPE2.0") == GIF_OK &&
           EGifPutExtensionBlock(g->gif, sizeof(loop), loop) == GIF_OK &&
           EGifPutExtensionTrailer(g->gif) == GIF_OK;
}

static accord_code make_room(accord_gif *g, accord_err *err) {
    size_t plane = (size_t)g->look.height * g->look.width;

    accord_code rc = accord_alloc(plane, 3, &g->planes, err);
    if (!rc)
        rc = accord_alloc(plane, 1, &g->index, err);
    if (!rc)
        rc = accord_alloc(g->look.width, g->look.scale, &g->line, err);
    return rc;
}

static accord_code begin(accord_gif *g, const char *path, accord_err *err) {
    int code = E_GIF_SUCCEEDED;

    accord_code rc = make_room(g, err);
    if (!rc)
        rc = accord_out_open(path, &g->file, err);
    if (rc)
        return rc;
    g->gif = EGifOpen(g, on_bytes, &code);
    if (!g->gif)
        return failed(g, code, err);
    return write_head(g) ? ACCORD_OK : failed(g, g->gif->Error, err);
}

/* giflib does not look at every write, so `why` is asked, too. */
static accord_code end(accord_gif *g, bool keep, accord_err *err) {
    accord_code rc = ACCORD_OK;
    int code = E_GIF_SUCCEEDED;

    if (g->gif && EGifCloseFile(g->gif, &code) != GIF_OK && keep)
        rc = failed(g, code, err);
    if (keep && !rc && g->why.code)
        rc = failed(g, code, err);
    accord_code closed = accord_out_close(&g->file, keep && !rc, err);
    free(g->planes);
    free(g->index);
    free(g->line);
    free(g);
    return rc ? rc : closed;
}

static bool fits(uint32_t side, uint32_t scale) {
    return side > 0 && scale > 0 && (uint64_t)side * scale <= UINT16_MAX;
}

accord_code accord_gif_open(const char *path, const accord_gif_look *look,
                            accord_gif **out, accord_err *err) {
    *out = NULL;
    if (!fits(look->height, look->scale) || !fits(look->width, look->scale))
        return accord_fail(err, ACCORD_E_ARG,
                           "a GIF of %u x %u pixels times %u cannot be: a side has 1 to "
                           "%u",
                           look->width, look->height, look->scale, UINT16_MAX);
    accord_gif *g = accord_xalloc(sizeof(*g));
    g->look = *look;
    g->file.fd = -1;
    accord_code rc = begin(g, path, err);
    if (rc)
        end(g, false, NULL);
    else
        *out = g;
    return rc;
}

/* giflib counts colours in five bits and leaves the lower three 0; the mean of the pixels
 * that share an entry is nearer to them, and exact where they are of one colour. */
static void refine(const accord_gif *g, ColorMapObject *map) {
    size_t plane = (size_t)g->look.height * g->look.width;
    uint64_t sum[COLOURS][3] = {{0}}, n[COLOURS] = {0};

    for (size_t i = 0; i < plane; i++) {
        n[g->index[i]]++;
        for (size_t c = 0; c < 3; c++)
            sum[g->index[i]][c] += g->planes[c * plane + i];
    }
    for (int i = 0; i < map->ColorCount; i++)
        if (n[i])
            map->Colors[i] = (GifColorType){(GifByteType)((sum[i][0] + n[i] / 2) / n[i]),
                                            (GifByteType)((sum[i][1] + n[i] / 2) / n[i]),
                                            (GifByteType)((sum[i][2] + n[i] / 2) / n[i])};
}

static bool quantise(accord_gif *g, ColorMapObject *map) {
    size_t plane = (size_t)g->look.height * g->look.width;
    int n = COLOURS;

    if (GifQuantizeBuffer(g->look.width, g->look.height, &n, g->planes, g->planes + plane,
                          g->planes + 2 * plane, g->index, map->Colors) != GIF_OK)
        return false;
    refine(g, map);
    return true;
}

static int write_rows(accord_gif *g) {
    const accord_gif_look *l = &g->look;
    uint32_t width = l->width * l->scale;

    for (uint32_t y = 0; y < l->height; y++) {
        for (uint32_t x = 0; x < width; x++)
            g->line[x] = g->index[(size_t)y * l->width + x / l->scale];
        for (uint32_t i = 0; i < l->scale; i++)
            if (EGifPutLine(g->gif, g->line, (int)width) != GIF_OK)
                return GIF_ERROR;
    }
    return GIF_OK;
}

static int write_frame(accord_gif *g, ColorMapObject *map) {
    const accord_gif_look *l = &g->look;
    const GraphicsControlBlock control = {.DisposalMode = DISPOSE_DO_NOT,
                                          .DelayTime = (int)l->delay_cs,
                                          .TransparentColor = NO_TRANSPARENT_COLOR};
    GifByteType extension[4];

    size_t n = EGifGCBToExtension(&control, extension);
    return EGifPutExtension(g->gif, GRAPHICS_EXT_FUNC_CODE, (int)n, extension) ==
                       GIF_OK &&
                   EGifPutImageDesc(g->gif, 0, 0, (int)(l->width * l->scale),
                                    (int)(l->height * l->scale), false, map) == GIF_OK
               ? write_rows(g)
               : GIF_ERROR;
}

accord_code accord_gif_add(accord_gif *g, const uint8_t *pixels, accord_err *err) {
    accord_code rc = ACCORD_OK;

    memcpy(g->planes, pixels, (size_t)3 * g->look.height * g->look.width);
    ColorMapObject *map = GifMakeMapObject(COLOURS, NULL);
    if (!map || !quantise(g, map))
        rc = accord_fail(err, ACCORD_E_NOMEM, "out of memory for %s", g->file.path);
    else if (write_frame(g, map) != GIF_OK || g->why.code)
        rc = failed(g, g->gif->Error, err);
    GifFreeMapObject(map);
    return rc;
}

accord_code accord_gif_close(accord_gif *g, bool keep, accord_err *err) {
    return g ? end(g, keep, err) : ACCORD_OK;
}

#else

bool accord_has_gif(void) {
    return false;
}

static accord_code missing(accord_err *err) {
    return accord_fail(err, ACCORD_E_UNSUPPORTED,
                       "this accord was built without giflib (Debian: libgif-dev) and "
                       "writes no GIF");
}

accord_code accord_gif_open(const char *path, const accord_gif_look *look,
                            accord_gif **out, accord_err *err) {
    *out = NULL;
    return missing(err);
}

accord_code accord_gif_add(accord_gif *g, const uint8_t *pixels, accord_err *err) {
    return missing(err);
}

accord_code accord_gif_close(accord_gif *g, bool keep, accord_err *err) {
    return g ? missing(err) : ACCORD_OK;
}

#endif
