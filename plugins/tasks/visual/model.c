/* model.c - MJCF becomes an mjModel. */
#include "model.h"

#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine.h"
#include "includes.h"

enum { SENTENCE = 1000 };

/* What an mjData has room for.  The defaults make it 13 MB instead of 0.3; 400 random
 * episodes of every task needed at most 34 rows, 8 contacts and 544 numbers of stack.  A
 * model that needs more fails with a sentence. */
enum { MAX_ROWS = 60, MAX_CONTACTS = 20, STACK = 20000 };

/* The stars of the sky are drawn with the C library's generator, which has one state for
 * all threads: models are made one at a time, so that each has the same stars. */
static pthread_mutex_t one_at_a_time = PTHREAD_MUTEX_INITIALIZER;

struct load {
    const char *path; /* of a file, or the name of a text */
    const char *text; /* NULL: a file */
    mjVFS *vfs;
    mjModel *m;
    char sentence[SENTENCE];
};

static void load(void *arg) {
    struct load *l = arg;

    if (l->text) {
        int n = (int)strlen(l->text);
        mj_makeEmptyFileVFS(l->vfs, l->path, n);
        memcpy(l->vfs->filedata[0], l->text, (size_t)n);
    }
    l->m = mj_loadXML(l->path, l->vfs, l->sentence, sizeof(l->sentence));
}

/* MuJoCo's sentences have several lines. */
static void make_one_line(char *text) {
    size_t n = strlen(text);

    while (n && text[n - 1] == '\n')
        text[--n] = '\0';
    for (char *p = text; (p = strchr(p, '\n'));)
        *p = ' ';
}

static accord_code compile(const accord_host *host, struct load *l, struct model *out,
                           accord_err *err) {
    char why[SENTENCE] = "";

    pthread_mutex_lock(&one_at_a_time);
    int failed = engine_try(load, l, why, sizeof(why));
    pthread_mutex_unlock(&one_at_a_time);
    out->m = l->m;
    if (!failed && l->m) {
        l->m->njmax = MAX_ROWS;
        l->m->nconmax = MAX_CONTACTS;
        l->m->nstack = STACK;
        return ACCORD_OK;
    }
    make_one_line(failed ? why : l->sentence);
    return host->fail(host, err, ACCORD_E_CONFIG, "%s: %s", l->path,
                      failed ? why : l->sentence);
}

accord_code model_parse(const accord_host *host, const char *name, const char *text,
                        struct model *out, accord_err *err) {
    struct load l = {.path = name, .text = text};

    *out = (struct model){0};
    l.vfs = malloc(sizeof(*l.vfs));
    if (!l.vfs)
        return host->fail(host, err, ACCORD_E_NOMEM, "out of memory");
    mj_defaultVFS(l.vfs);
    accord_code rc = compile(host, &l, out, err);
    mj_deleteVFS(l.vfs);
    free(l.vfs);
    return rc;
}

accord_code model_read(const accord_host *host, const char *folder, const char *name,
                       struct model *out, accord_err *err) {
    char relative[PATH_MAX], path[PATH_MAX];
    struct load l = {.path = path};

    *out = (struct model){0};
    if (snprintf(relative, sizeof(relative), "%s/%s.xml", folder, name) >= PATH_MAX)
        return host->fail(host, err, ACCORD_E_CONFIG, "the path of assets is too long");
    accord_code rc = host->data_path(host, relative, path, sizeof(path), err);
    if (rc || (rc = includes_list(host, path, &out->files, err)))
        return rc;
    return compile(host, &l, out, err);
}

struct make {
    const mjModel *m;
    mjData *d;
};

static void make_data(void *arg) {
    struct make *make = arg;

    make->d = mj_makeData(make->m);
}

mjData *model_data(const mjModel *m) {
    struct make make = {.m = m};
    char why[SENTENCE];

    return engine_try(make_data, &make, why, sizeof(why)) ? NULL : make.d;
}

void model_fini(struct model *model) {
    if (model->m)
        mj_deleteModel(model->m);
    includes_free(model->files);
    *model = (struct model){0};
}
