/* pictures_folder.c - the user's own pictures for overlay. */
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <accord/sha256.h>

#include "picture.h"
#include "pictures.h"

/* Places365 has folders of a letter with folders of a kind; links in circles end. */
enum { MAX_DEPTH = 4 };

typedef struct list {
    const accord_host *host;
    accord_err *err;
    char **path;
    size_t n, room;
} list;

static accord_code no_memory(const list *l) {
    return l->host->fail(l->host, l->err, ACCORD_E_NOMEM,
                         "no memory for overlay's pictures");
}

static accord_code add(list *l, const char *path) {
    if (l->n == l->room) {
        const size_t room = l->room ? 2 * l->room : 256;
        char **more = realloc(l->path, room * sizeof(*more));
        if (!more)
            return no_memory(l);
        l->path = more;
        l->room = room;
    }
    l->path[l->n] = strdup(path);
    if (!l->path[l->n])
        return no_memory(l);
    l->n++;
    return ACCORD_OK;
}

static bool is_folder(const char *path) {
    struct stat st;

    return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

/* Pictures in the folder and, to some depth, in the folders in it. */
static accord_code walk(list *l, const char *folder, int depth) {
    char path[PATH_MAX];
    accord_code rc = ACCORD_OK;
    DIR *dir = opendir(folder);

    if (!dir)
        return l->host->fail(l->host, l->err,
                             errno == ENOENT ? ACCORD_E_NOTFOUND : ACCORD_E_IO,
                             "cannot list %s: %s", folder, strerror(errno));
    for (struct dirent *e; !rc && (e = readdir(dir));) {
        if (e->d_name[0] == '.' || (size_t)snprintf(path, sizeof(path), "%s/%s", folder,
                                                    e->d_name) >= sizeof(path))
            continue;
        if (picture_is_name(e->d_name))
            rc = add(l, path);
        else if (depth < MAX_DEPTH && is_folder(path))
            rc = walk(l, path, depth + 1);
    }
    closedir(dir);
    return rc;
}

static int by_name(const void *a, const void *b) {
    const char *const *x = a, *const *y = b;

    return strverscmp(*x, *y);
}

/* The square in the middle, made side x side: each pixel the mean of those it covers, or
 * the nearest one. */
static void fit(const picture *p, size_t side, uint8_t *rgbx) {
    const size_t width = (size_t)p->width, height = (size_t)p->height;
    const size_t n = width < height ? width : height;
    const unsigned char *middle =
        p->rgb + 3 * ((height - n) / 2 * width + (width - n) / 2);

    for (size_t y = 0; y < side; y++)
        for (size_t x = 0; x < side; x++, rgbx += 4) {
            const size_t y0 = y * n / side, y1 = (y + 1) * n / side;
            const size_t x0 = x * n / side, x1 = (x + 1) * n / side;
            const size_t rows = y1 > y0 ? y1 - y0 : 1, columns = x1 > x0 ? x1 - x0 : 1;
            size_t sum[3] = {0};

            for (size_t i = 0; i < rows * columns; i++)
                for (size_t c = 0; c < 3; c++)
                    sum[c] +=
                        middle[3 * ((y0 + i / columns) * width + x0 + i % columns) + c];
            for (size_t c = 0; c < 3; c++)
                rgbx[c] = (uint8_t)((sum[c] + rows * columns / 2) / (rows * columns));
        }
}

static accord_code read_all(const list *l, control_pictures *p) {
    const size_t bytes = (size_t)p->side * p->side * 4;
    accord_sha256 hash;
    char hex[65];

    accord_sha256_init(&hash);
    for (size_t i = 0; i < p->n; i++) {
        picture one;
        accord_code rc = picture_read(l->host, l->path[i * l->n / p->n], &one, l->err);
        if (rc)
            return rc;
        fit(&one, p->side, p->rgbx + i * bytes);
        picture_fini(&one);
        accord_sha256_update(&hash, p->rgbx + i * bytes, bytes);
    }
    accord_sha256_hex(&hash, hex);
    snprintf(p->text, sizeof(p->text),
             "%u of %zu pictures of the user's, sha256 of their pixels %.16s", p->n, l->n,
             hex);
    return ACCORD_OK;
}

static accord_code read_list(list *l, const char *folder, uint32_t pixels,
                             control_pictures **out) {
    if (l->n == 0)
        return l->host->fail(l->host, l->err, ACCORD_E_CONFIG,
                             "%s: no PNG or JPEG file in it, so overlay has no pictures",
                             folder);
    qsort(l->path, l->n, sizeof(*l->path), by_name);
    *out = control_pictures_room(
        (uint32_t)(l->n < CONTROL_MAX_PICTURES ? l->n : CONTROL_MAX_PICTURES), pixels);
    return *out ? read_all(l, *out) : no_memory(l);
}

accord_code control_pictures_read(const accord_host *host, const char *folder,
                                  uint32_t pixels, control_pictures **out,
                                  accord_err *err) {
    list l = {.host = host, .err = err};
    char path[PATH_MAX];
    accord_code rc = host->data_path(host, folder, path, sizeof(path), err);

    *out = NULL;
    if (!rc)
        rc = walk(&l, path, 0);
    if (!rc)
        rc = read_list(&l, path, pixels, out);
    for (size_t i = 0; i < l.n; i++)
        free(l.path[i]);
    free(l.path);
    if (rc) {
        control_pictures_destroy(*out);
        *out = NULL;
    }
    return rc;
}
