/* loader.c - see loader.h.
 *
 * The order is the order of trust: what the file is, what loading it did to the process,
 * size and version, the rest of the descriptor, and only then the plugin's own code. */
#include "host/loader.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <fenv.h>
#include <limits.h>
#include <link.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#if defined(__SSE__)
#include <xmmintrin.h>
#endif

#include "base/text.h"
#include "host/host.h"
#include "host/params.h"

#define FLAGS_MUST_UNDERSTAND 0xffffu /* and none is defined yet */

const char *accord_role_name(int32_t role) {
    switch (role) {
    case ACCORD_ROLE_METHOD:
        return "method";
    case ACCORD_ROLE_TASK:
        return "task";
    case ACCORD_ROLE_MODEL:
        return "model";
    default:
        return "unknown";
    }
}

/* The floating-point mode bits that a library can change for the whole process. */
static unsigned fp_mode(void) {
    unsigned mode = (unsigned)fegetround();

#if defined(__SSE__)
    mode |= _mm_getcsr() & 0xffc0u; /* all but the sticky exception flags */
#endif
    return mode;
}

static accord_code check_elf(const char *path, accord_err *err) {
    char magic[SELFMAG] = {0};

    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return accord_fail(err, ACCORD_E_IO, "%s", strerror(errno));
    ssize_t n = read(fd, magic, sizeof(magic));
    close(fd);
    if (n != SELFMAG || memcmp(magic, ELFMAG, SELFMAG) != 0)
        return accord_fail(err, ACCORD_E_ABI, "is no ELF file");
    return ACCORD_OK;
}

/* What a table must have, as data: pointers that may not be NULL. */
typedef struct member {
    size_t offset;
    const char *name;
} member;
#define MEMBER(type, m) \
    { offsetof(type, m), #m }

static const member ops_members[] = {
    MEMBER(accord_ops, create),
    MEMBER(accord_ops, destroy),
    MEMBER(accord_ops, extension),
    {0, NULL},
};
static const member task_members[] = {
    MEMBER(accord_task_ops, spec),
    MEMBER(accord_task_ops, open),
    MEMBER(accord_task_ops, step),
    MEMBER(accord_task_ops, close),
    {0, NULL},
};
static const member method_members[] = {
    MEMBER(accord_method_ops, open),
    MEMBER(accord_method_ops, act),
    MEMBER(accord_method_ops, close),
    {0, NULL},
};
static const member learner_members[] = {
    MEMBER(accord_learner_ops, feedback),
    MEMBER(accord_learner_ops, save),
    MEMBER(accord_learner_ops, load),
    {0, NULL},
};
static const member probe_members[] = {
    MEMBER(accord_probe_ops, plan),
    {0, NULL},
};
static const member model_members[] = {
    MEMBER(accord_model_ops, caps),
    {0, NULL},
};

/* `table` begins with its struct_size, and its members are pointers. */
static accord_code check_table(const void *table, const char *name, const member *need,
                               accord_err *err) {
    uint32_t size;
    void (*f)(void);

    memcpy(&size, table, sizeof(size));
    for (; need->name; need++) {
        if (size < need->offset + sizeof(f))
            return accord_fail(err, ACCORD_E_ABI, "%s: %u bytes are too short for %s()",
                               name, size, need->name);
        memcpy(&f, (const char *)table + need->offset, sizeof(f));
        if (!f)
            return accord_fail(err, ACCORD_E_ABI, "%s: %s() is missing", name,
                               need->name);
    }
    return ACCORD_OK;
}

static accord_code check_role_specs(const accord_method_ops *m, accord_err *err) {
    if (m->n_roles && !m->roles)
        return accord_fail(err, ACCORD_E_ABI, "%u roles, but no table of them",
                           m->n_roles);
    for (uint32_t i = 0; i < m->n_roles; i++) {
        const accord_role_spec *r = &m->roles[i];
        if (!accord_text_is_id(r->name))
            return accord_fail(err, ACCORD_E_ABI, "the name of role %u is not [a-z0-9_]+",
                               i);
        if (!r->help || r->max == 0 || r->min > r->max)
            return accord_fail(err, ACCORD_E_ABI,
                               "role %s: help, and min <= max with max > 0 are required",
                               r->name);
        for (uint32_t j = 0; j < i; j++)
            if (strcmp(m->roles[j].name, r->name) == 0)
                return accord_fail(err, ACCORD_E_ABI, "two roles are called %s", r->name);
    }
    return ACCORD_OK;
}

static accord_code check_method(const accord_plugin *p, accord_err *err) {
    const accord_method_ops *m = p->ops->extension(ACCORD_METHOD);
    const void *learner = p->ops->extension(ACCORD_LEARNER);
    const void *probe = p->ops->extension(ACCORD_PROBE);

    if (!m)
        return accord_fail(err, ACCORD_E_ABI, "does not offer " ACCORD_METHOD);
    accord_code rc = check_table(m, ACCORD_METHOD, method_members, err);
    if (!rc && (!m->obs_kinds || !m->action_kinds))
        rc = accord_fail(err, ACCORD_E_ABI,
                         "does not say which observations and actions it plays");
    if (!rc)
        rc = check_role_specs(m, err);
    if (!rc && learner)
        rc = check_table(learner, ACCORD_LEARNER, learner_members, err);
    if (!rc && probe)
        rc = check_table(probe, ACCORD_PROBE, probe_members, err);
    return rc;
}

static accord_code check_task(const accord_plugin *p, accord_err *err) {
    const accord_task_ops *t = p->ops->extension(ACCORD_TASK);

    if (!t)
        return accord_fail(err, ACCORD_E_ABI, "does not offer " ACCORD_TASK);
    return check_table(t, ACCORD_TASK, task_members, err);
}

static accord_code check_model(const accord_plugin *p, accord_err *err) {
    const accord_model_ops *m = p->ops->extension(ACCORD_MODEL);

    if (!m)
        return accord_fail(err, ACCORD_E_ABI, "does not offer " ACCORD_MODEL);
    accord_code rc = check_table(m, ACCORD_MODEL, model_members, err);
    if (!rc && !ACCORD_HAS(m, complete) &&
        !(ACCORD_HAS(m, encode) && ACCORD_HAS(m, decode)))
        rc = accord_fail(err, ACCORD_E_ABI,
                         ACCORD_MODEL ": needs complete(), or encode() and decode()");
    return rc;
}

static bool stem_is(const char *path, const char *id) {
    const char *slash = strrchr(path, '/');
    const char *file = slash ? slash + 1 : path;
    size_t n = strlen(id);

    return strncmp(file, id, n) == 0 && strcmp(file + n, ".so") == 0;
}

static accord_code check_texts(const accord_plugin *p, accord_err *err) {
    const char *const texts[] = {p->version, p->summary, p->license};
    static const char *const names[] = {"version", "summary", "license"};

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (!texts[i] || !texts[i][0])
            return accord_fail(err, ACCORD_E_ABI, "says nothing as its %s", names[i]);
    return ACCORD_OK;
}

/* Size and version, which alone may be read of a plugin of another ABI; `n_bytes` is what
 * the file says it exports. */
static accord_code check_head(const accord_plugin *p, size_t n_bytes, accord_err *err) {
    if (n_bytes < offsetof(accord_plugin, role))
        return accord_fail(err, ACCORD_E_ABI, "accord_plugin_entry is no descriptor");
    if (p->abi_major != ACCORD_ABI_MAJOR)
        return accord_fail(err, ACCORD_E_ABI, "built for ABI %u, this host has ABI %u",
                           p->abi_major, ACCORD_ABI_MAJOR);
    if (p->struct_size < sizeof(accord_plugin) || n_bytes < sizeof(accord_plugin))
        return accord_fail(err, ACCORD_E_ABI,
                           "its descriptor has %u bytes, this host needs %zu",
                           p->struct_size < n_bytes ? p->struct_size : (unsigned)n_bytes,
                           sizeof(accord_plugin));
    if (p->reserved)
        return accord_fail(err, ACCORD_E_ABI, "a reserved field is not 0");
    return ACCORD_OK;
}

static accord_code check_identity(const accord_plugin *p, const char *path,
                                  accord_err *err) {
    if (!accord_text_is_id(p->id))
        return accord_fail(err, ACCORD_E_ABI, "its id \"%s\" is not [a-z0-9_]+",
                           p->id ? p->id : "");
    if (!stem_is(path, p->id))
        return accord_fail(err, ACCORD_E_ABI, "calls itself \"%s\"", p->id);
    if (p->flags & FLAGS_MUST_UNDERSTAND)
        return accord_fail(err, ACCORD_E_ABI, "flags 0x%x are unknown to this host",
                           p->flags & FLAGS_MUST_UNDERSTAND);
    if (p->role < ACCORD_ROLE_METHOD || p->role > ACCORD_ROLE_MODEL)
        return accord_fail(err, ACCORD_E_ABI, "role %d is unknown to this host", p->role);
    return check_texts(p, err);
}

static accord_code check_plugin(const accord_plugin *p, const char *path,
                                accord_err *err) {
    accord_code rc = check_identity(p, path, err);

    if (!rc)
        rc = accord_params_check(p, err);
    if (rc)
        return rc;
    for (const char *const *id = p->needs; id && *id; id++)
        if (!accord_host_knows(*id))
            return accord_fail(err, ACCORD_E_ABI, "needs %s, which this host lacks", *id);
    if (!p->ops)
        return accord_fail(err, ACCORD_E_ABI, "has no operations");
    rc = check_table(p->ops, "operations", ops_members, err);
    if (rc)
        return rc;
    if (p->role == ACCORD_ROLE_METHOD)
        return check_method(p, err);
    return p->role == ACCORD_ROLE_TASK ? check_task(p, err) : check_model(p, err);
}

/* The descriptor, if the library exports one; *n_bytes is its size in the file. */
static const accord_plugin *entry_of(void *dl, size_t *n_bytes) {
    const accord_plugin *p = dlsym(dl, "accord_plugin_entry");
    const ElfW(Sym) *sym = NULL;
    Dl_info info;

    *n_bytes = 0;
    if (p && dladdr1(p, &info, (void **)&sym, RTLD_DL_SYMENT) && sym &&
        ELF64_ST_TYPE(sym->st_info) == STT_OBJECT)
        *n_bytes = sym->st_size;
    return p;
}

static accord_code check_library(void *dl, const char *path, const accord_plugin **out,
                                 accord_err *err) {
    size_t n_bytes;
    const accord_plugin *p = entry_of(dl, &n_bytes);

    if (!p)
        return accord_fail(err, ACCORD_E_ABI, "does not export accord_plugin_entry");
    accord_code rc = check_head(p, n_bytes, err);
    if (!rc)
        rc = check_plugin(p, path, err);
    if (!rc)
        *out = p;
    return rc;
}

static accord_code load(const char *path, const accord_plugin **out, accord_err *err) {
    fenv_t env;
    accord_code rc;

    unsigned before = fp_mode();
    fegetenv(&env);
    void *dl = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (!dl)
        return accord_fail(err, ACCORD_E_ABI, "%s", dlerror());
    if (fp_mode() != before) {
        fesetenv(&env);
        rc = accord_fail(err, ACCORD_E_ABI,
                         "changes the floating-point mode (-ffast-math?)");
    } else {
        rc = check_library(dl, path, out, err);
    }
    if (rc)
        dlclose(dl);
    return rc;
}

accord_code accord_loader_open(const char *path, const accord_plugin **out,
                               accord_err *err) {
    char file[PATH_MAX];

    *out = NULL;
    /* Without a slash the dynamic linker would search its own folders. */
    if (snprintf(file, sizeof(file), "%s%s", strchr(path, '/') ? "" : "./", path) >=
        (int)sizeof(file))
        return accord_fail(err, ACCORD_E_ARG, "path too long: %s", path);
    accord_code rc = check_elf(file, err);
    if (!rc)
        rc = load(file, out, err);
    if (rc)
        accord_err_context(err, "cannot use %s", path);
    return rc;
}
