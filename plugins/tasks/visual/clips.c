/* clips.c - see clips.h. */
#include "clips.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <accord/sha256.h>

struct clip {
    char *name;
    struct dirent **frame; /* [length], sorted */
    size_t length;
};

struct clips {
    const accord_host *host;
    char *folder;
    struct clip *clip;
    size_t n;
    char fingerprint[65];
};

static bool is_clip(const char *folder, const char *name) {
    char path[PATH_MAX];
    struct stat st;

    if (name[0] == '.' ||
        (size_t)snprintf(path, sizeof(path), "%s/%s", folder, name) >= sizeof(path))
        return false;
    return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

static int is_frame(const struct dirent *entry) {
    return entry->d_name[0] != '.' && picture_is_name(entry->d_name);
}

static int by_name(const struct dirent **a, const struct dirent **b) {
    return strverscmp((*a)->d_name, (*b)->d_name);
}

static void free_entries(struct dirent **entry, size_t n) {
    for (size_t i = 0; entry && i < n; i++)
        free(entry[i]);
    free(entry);
}

bool clips_seem_there(const char *folder) {
    DIR *dir = opendir(folder);
    bool found = false;

    for (struct dirent *e; dir && !found && (e = readdir(dir));)
        found = is_clip(folder, e->d_name);
    if (dir)
        closedir(dir);
    return found;
}

static accord_code cannot_list(const clips *c, const char *path, accord_err *err) {
    accord_code code = errno == ENOMEM ? ACCORD_E_NOMEM : ACCORD_E_IO;

    return c->host->fail(c->host, err, code, "cannot list %s: %s", path, strerror(errno));
}

/* The size of a frame goes into the fingerprint with its name. */
static accord_code sign(const clips *c, const struct clip *clip, accord_sha256 *hash,
                        accord_err *err) {
    for (size_t i = 0; i < clip->length; i++) {
        char path[PATH_MAX], line[PATH_MAX];
        struct stat st;

        snprintf(path, sizeof(path), "%s/%s/%s", c->folder, clip->name,
                 clip->frame[i]->d_name);
        if (stat(path, &st) != 0 || !S_ISREG(st.st_mode))
            return c->host->fail(c->host, err, ACCORD_E_IO, "%s is not a file", path);
        int n = snprintf(line, sizeof(line), "%s/%s %lld\n", clip->name,
                         clip->frame[i]->d_name, (long long)st.st_size);
        accord_sha256_update(hash, line, (size_t)n);
    }
    return ACCORD_OK;
}

static accord_code list_frames(clips *c, const char *name, accord_sha256 *hash,
                               accord_err *err) {
    struct clip *clip = &c->clip[c->n];
    char path[PATH_MAX];

    snprintf(path, sizeof(path), "%s/%s", c->folder, name);
    int n = scandir(path, &clip->frame, is_frame, by_name);
    if (n < 0)
        return cannot_list(c, path, err);
    clip->length = (size_t)n;
    c->n++;
    if (n == 0)
        return c->host->fail(c->host, err, ACCORD_E_CONFIG,
                             "%s: no PNG or JPEG file in it, so it is no clip", path);
    clip->name = strdup(name);
    if (!clip->name)
        return c->host->fail(c->host, err, ACCORD_E_NOMEM, "no memory for the clips");
    return sign(c, clip, hash, err);
}

static accord_code list_clips(clips *c, struct dirent **entry, size_t n, size_t most,
                              accord_err *err) {
    accord_sha256 hash;
    accord_code rc = ACCORD_OK;

    c->clip = calloc(n + 1, sizeof(*c->clip));
    if (!c->clip)
        return c->host->fail(c->host, err, ACCORD_E_NOMEM, "no memory for the clips");
    accord_sha256_init(&hash);
    for (size_t i = 0; !rc && i < n && (!most || c->n < most); i++)
        if (is_clip(c->folder, entry[i]->d_name))
            rc = list_frames(c, entry[i]->d_name, &hash, err);
    accord_sha256_hex(&hash, c->fingerprint);
    if (!rc && c->n == 0)
        rc = c->host->fail(c->host, err, ACCORD_E_CONFIG,
                           "%s: no folder in it, and every clip is a folder of pictures",
                           c->folder);
    return rc;
}

accord_code clips_open(const accord_host *host, const char *folder, size_t most,
                       clips **out, accord_err *err) {
    struct dirent **entry = NULL;
    clips *c = calloc(1, sizeof(*c));

    *out = NULL;
    if (!c || !(c->folder = strdup(folder))) {
        clips_close(c);
        return host->fail(host, err, ACCORD_E_NOMEM, "no memory for the clips");
    }
    c->host = host;
    int n = scandir(folder, &entry, NULL, by_name);
    accord_code rc =
        n < 0 ? cannot_list(c, folder, err) : list_clips(c, entry, (size_t)n, most, err);
    free_entries(entry, n < 0 ? 0 : (size_t)n);
    if (rc)
        clips_close(c);
    else
        *out = c;
    return rc;
}

void clips_close(clips *c) {
    if (!c)
        return;
    for (size_t i = 0; i < c->n; i++) {
        free_entries(c->clip[i].frame, c->clip[i].length);
        free(c->clip[i].name);
    }
    free(c->clip);
    free(c->folder);
    free(c);
}

size_t clips_count(const clips *c) {
    return c->n;
}

size_t clips_length(const clips *c, size_t clip) {
    return c->clip[clip].length;
}

const char *clips_fingerprint(const clips *c) {
    return c->fingerprint;
}

accord_code clips_read(const clips *c, size_t clip, size_t frame, picture *out,
                       accord_err *err) {
    const struct clip *of = &c->clip[clip];
    char path[PATH_MAX];

    snprintf(path, sizeof(path), "%s/%s/%s", c->folder, of->name,
             of->frame[frame]->d_name);
    return picture_read(c->host, path, out, err);
}
