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
    size_t prefix; /* length of the folder's own path, with its slash */
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

/* The mean of rows x columns pixels, rounded. */
static void mean(const unsigned char *rgb, size_t stride, size_t rows, size_t columns,
                 uint8_t out[3]) {
    size_t sum[3] = {0}, n = rows * columns;

    for (size_t y = 0; y < rows; y++)
        for (size_t x = 0; x < columns; x++)
            for (size_t c = 0; c < 3; c++)
                sum[c] += rgb[y * stride + 3 * x + c];
    for (size_t c = 0; c < 3; c++)
        out[c] = (uint8_t)((sum[c] + n / 2) / n);
}

/* The square in the middle, made side x side: each pixel the mean of those it covers, or
 * the nearest one. */
static void fit(const picture *p, size_t side, uint8_t *rgbx) {
    const size_t width = (size_t)p->width, height = (size_t)p->height;
    const size_t n = width < height ? width : height, stride = 3 * width;
    const unsigned char *middle =
        p->rgb + (height - n) / 2 * stride + 3 * ((width - n) / 2);

    for (size_t y = 0; y < side; y++)
        for (size_t x = 0; x < side; x++) {
            const size_t top = y * n / side, rows = (y + 1) * n / side - top;
            const size_t left = x * n / side, columns = (x + 1) * n / side - left;

            mean(middle + top * stride + 3 * left, stride, rows ? rows : 1,
                 columns ? columns : 1, rgbx + 4 * (y * side + x));
        }
}

/* A picture's name in the folder and its size tell sets of pictures apart. */
static accord_code sign(const list *l, const char *path, accord_sha256 *hash) {
    char line[PATH_MAX + 32];
    struct stat st;

    if (stat(path, &st) != 0)
        return l->host->fail(l->host, l->err, ACCORD_E_IO, "cannot read %s: %s", path,
                             strerror(errno));
    const int n = snprintf(line, sizeof(line), "%s %lld\n", path + l->prefix,
                           (long long)st.st_size);
    accord_sha256_update(hash, line, (size_t)n);
    return ACCORD_OK;
}

static accord_code read_all(const list *l, control_pictures *p) {
    const size_t bytes = (size_t)p->side * p->side * 4;
    accord_code rc = ACCORD_OK;
    accord_sha256 hash;
    char hex[65];

    accord_sha256_init(&hash);
    for (size_t i = 0; !rc && i < p->n; i++) {
        const char *path = l->path[i * l->n / p->n];
        picture one;

        rc = picture_read(l->host, path, &one, l->err);
        if (rc)
            break;
        fit(&one, p->side, p->rgbx + i * bytes);
        picture_fini(&one);
        rc = sign(l, path, &hash);
    }
    accord_sha256_hex(&hash, hex);
    snprintf(p->text, sizeof(p->text),
             "%u of %zu pictures of the user's, sha256 of their names and sizes %.16s",
             p->n, l->n, hex);
    return rc;
}

static accord_code read_list(list *l, const char *folder, uint32_t pixels,
                             control_pictures **out) {
    if (l->n == 0)
        return l->host->fail(l->host, l->err, ACCORD_E_CONFIG,
                             "%s: no PNG or JPEG file in it, so overlay has no pictures",
                             folder);
    l->prefix = strlen(folder) + 1;
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
