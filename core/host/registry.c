/* registry.c - see registry.h. */
#include "host/registry.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/text.h"
#include "host/loader.h"
#include "host/paths.h"

#define PATH_ENV "ACCORD_PLUGIN_PATH"

enum { MAX_NAMED = 400 }; /* bytes of folders in a message */

/* The folders to search, colon-separated like the variables they come from.  free() it.
 */
static char *search_path(void) {
    const char *env = getenv(PATH_ENV);
    char user[PATH_MAX], own[PATH_MAX];

    accord_path_user("plugins", user);
    accord_path_plugins(own);
    return accord_xasprintf("%s:%s:%s", env ? env : "", user, own);
}

/* The next folder of a list, or NULL; empty ones are passed over. */
static const char *next_dir(char **list) {
    const char *dir;

    do
        dir = strsep(list, ":");
    while (dir && !dir[0]);
    return dir;
}

void accord_registry_path(const char *path) {
    const char *env = getenv(PATH_ENV);

    if (!path || !path[0])
        return;
    char *both = accord_xasprintf("%s:%s", path, env ? env : "");
    setenv(PATH_ENV, both, 1);
    free(both);
}

/* ---- what there is ----------------------------------------------------------------- */

typedef struct found {
    char *id;
    char *path;
    size_t rank; /* which folder it lies in: the first wins */
} found;

typedef struct list {
    found *items;
    size_t n, cap;
} list;

static int by_id(const void *a, const void *b) {
    const found *x = a, *y = b;
    int order = strcmp(x->id, y->id);

    if (order == 0)
        return (x->rank > y->rank) - (x->rank < y->rank);
    return order;
}

static void add(list *l, const char *dir, const char *file, size_t rank) {
    const char *dot = strrchr(file, '.');

    if (!dot || dot == file || strcmp(dot, ".so") != 0)
        return;
    if (l->n == l->cap) {
        l->cap = l->cap ? 2 * l->cap : 16;
        l->items = accord_xrealloc(l->items, l->cap * sizeof(found));
    }
    char *id = accord_xstrdup(file);
    id[dot - file] = '\0';
    l->items[l->n++] =
        (found){.id = id, .path = accord_xasprintf("%s/%s", dir, file), .rank = rank};
}

static void add_folder(list *l, const char *root, int32_t role, size_t rank) {
    char *dir = accord_xasprintf("%s/%ss", root, accord_role_name(role));
    DIR *d = opendir(dir);
    const struct dirent *entry;

    while (d && (entry = readdir(d)))
        add(l, dir, entry->d_name, rank);
    if (d)
        closedir(d);
    free(dir);
}

/* Every plugin file of a role, sorted, each id once. */
static list find_all(int32_t role) {
    list l = {0};
    char *path = search_path(), *rest = path;
    size_t n = 0, rank = 0;

    for (const char *dir; (dir = next_dir(&rest));)
        add_folder(&l, dir, role, rank++);
    free(path);
    if (l.n > 1)
        qsort(l.items, l.n, sizeof(found), by_id);
    for (size_t i = 0; i < l.n; i++) {
        if (n > 0 && strcmp(l.items[n - 1].id, l.items[i].id) == 0) {
            free(l.items[i].id);
            free(l.items[i].path);
        } else {
            l.items[n++] = l.items[i];
        }
    }
    l.n = n;
    return l;
}

static void list_fini(list *l) {
    for (size_t i = 0; i < l->n; i++) {
        free(l->items[i].id);
        free(l->items[i].path);
    }
    free(l->items);
}

void accord_registry_each(int32_t role, void (*visit)(void *ctx, const char *path),
                          void *ctx) {
    list l = find_all(role);

    for (size_t i = 0; i < l.n; i++)
        visit(ctx, l.items[i].path);
    list_fini(&l);
}

/* ---- one plugin -------------------------------------------------------------------- */

static accord_code not_found(int32_t role, const char *id, accord_err *err) {
    list l = find_all(role);
    const char **ids = accord_xalloc((l.n + 1) * sizeof(*ids));
    char *path = search_path(), *rest = path;
    accord_buf dirs;

    for (size_t i = 0; i < l.n; i++)
        ids[i] = l.items[i].id;
    accord_buf_init(&dirs, MAX_NAMED);
    for (const char *dir; (dir = next_dir(&rest));)
        accord_buf_printf(&dirs, "%s%s", dirs.n ? ", " : "", dir);
    const char *near = accord_text_nearest(id, ids);
    accord_fail(err, ACCORD_E_NOTFOUND, "no %s \"%.63s\"%s%s%s in %s",
                accord_role_name(role), id, near ? " (did you mean \"" : "",
                near ? near : "", near ? "\"?)" : "", dirs.data ? dirs.data : "");
    accord_buf_fini(&dirs);
    free(path);
    free(ids);
    list_fini(&l);
    return ACCORD_E_NOTFOUND;
}

accord_code accord_registry_find(int32_t role, const char *id, char *path,
                                 accord_err *err) {
    path[0] = '\0';
    if (!accord_text_is_id(id)) /* nothing with a slash reaches the file system */
        return accord_fail(err, ACCORD_E_NOTFOUND, "no %s \"%.63s\": ids are [a-z0-9_]+",
                           accord_role_name(role), id);
    char *dirs = search_path(), *rest = dirs;
    for (const char *dir; (dir = next_dir(&rest));) {
        int n = snprintf(path, PATH_MAX, "%s/%ss/%s.so", dir, accord_role_name(role), id);
        if (n < PATH_MAX && accord_file_exists(path))
            break;
        path[0] = '\0';
    }
    free(dirs);
    return path[0] ? ACCORD_OK : not_found(role, id, err);
}

accord_code accord_registry_open(int32_t role, const char *id, const accord_plugin **out,
                                 char *path, accord_err *err) {
    *out = NULL;
    accord_code rc = accord_registry_find(role, id, path, err);
    if (!rc)
        rc = accord_loader_open(path, out, err);
    if (!rc && (*out)->role != role) {
        rc = accord_fail(err, ACCORD_E_ABI, "%s is a %s, and lies among the %ss", path,
                         accord_role_name((*out)->role), accord_role_name(role));
        *out = NULL;
    }
    return rc;
}
