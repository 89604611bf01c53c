/* cmd_info.c - accord info: all that a plugin says of itself. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "cli/cli.h"
#include "cli/columns.h"
#include "host/loader.h"
#include "host/registry.h"

enum { MAX_JSON = 1 << 20, MAX_TEXT = 4096, EDGE = 100, HELP_WIDTH = 40 };

static const char *const tables[] = {ACCORD_METHOD, ACCORD_LEARNER, ACCORD_PROBE,
                                     ACCORD_TASK, ACCORD_MODEL};
static const char *const types[] = {"", "bool", "int", "real", "string"};
static const char *const kinds[] = {"", "text", "discrete", "vector", "pixels"};
static const char *const caps[] = {"top_p",         "seed",  "logprobs",
                                   "deterministic", "embed", "server"};
enum {
    N_TABLES = sizeof(tables) / sizeof(tables[0]),
    N_KINDS = sizeof(kinds) / sizeof(kinds[0]),
    N_CAPS = sizeof(caps) / sizeof(caps[0])
};

static bool bounded(const accord_param *p) {
    return (p->type == ACCORD_INT || p->type == ACCORD_REAL) &&
           (p->min != 0.0 || p->max != 0.0);
}

/* ---- for people -------------------------------------------------------------------- */

static void join(accord_buf *b, const char *text) {
    accord_buf_printf(b, "%s%s", b->n ? ", " : "", text);
}

static void join_bits(accord_buf *b, uint32_t bits, const char *const *names, size_t n) {
    for (size_t i = 0; i < n; i++)
        if (bits & 1u << i)
            join(b, names[i]);
}

/* A line "label  text", nothing for an empty text; empties the buffer. */
static void line(const char *label, accord_buf *b) {
    if (b->n)
        printf("%-12s%s\n", label, b->data);
    accord_buf_clear(b);
}

static void head_line(const char *label, const char *text, accord_buf *b) {
    accord_buf_puts(b, text ? text : "");
    line(label, b);
}

static void default_of(const accord_param *p, accord_buf *b) {
    if (p->required)
        accord_buf_puts(b, "required");
    else if (p->type == ACCORD_STRING)
        accord_buf_printf(b, "\"%s\"", p->text);
    else if (p->type == ACCORD_BOOL)
        accord_buf_puts(b, p->value != 0.0 ? "true" : "false");
    else
        accord_buf_printf(b, "%.15g", p->value);
}

/* Choices stand here and not in a column of their own: some lists are long. */
static void help_of(const accord_param *p, accord_buf *b) {
    const char *const *c = p->type == ACCORD_STRING ? p->choices : NULL;

    accord_buf_puts(b, p->help);
    for (const char *before = ": "; c && *c; c++, before = " | ")
        accord_buf_printf(b, "%s%s", before, *c);
}

static void print_params(const accord_plugin *p) {
    accord_columns c;
    accord_buf value, range, help;

    accord_columns_init(&c, 5);
    accord_buf_init(&value, MAX_TEXT);
    accord_buf_init(&range, MAX_TEXT);
    accord_buf_init(&help, MAX_TEXT);
    for (uint32_t i = 0; i < p->n_params; i++) {
        accord_buf_clear(&value);
        accord_buf_clear(&range);
        accord_buf_clear(&help);
        default_of(&p->params[i], &value);
        if (bounded(&p->params[i]))
            accord_buf_printf(&range, "%.15g .. %.15g", p->params[i].min,
                              p->params[i].max);
        help_of(&p->params[i], &help);
        const char *const row[] = {p->params[i].name, types[p->params[i].type],
                                   value.data, range.n ? range.data : "", help.data};
        accord_columns_add(&c, row);
    }
    if (p->n_params)
        puts("\nparameters: name, type, default, range, what it is");
    accord_columns_wrap(&c, 2, EDGE, HELP_WIDTH, stdout);
    accord_buf_fini(&value);
    accord_buf_fini(&range);
    accord_buf_fini(&help);
    accord_columns_fini(&c);
}

static void print_roles(const accord_method_ops *m) {
    accord_columns c;
    accord_buf number, wants;

    accord_columns_init(&c, 4);
    accord_buf_init(&number, MAX_TEXT);
    accord_buf_init(&wants, MAX_TEXT);
    for (uint32_t i = 0; i < m->n_roles; i++) {
        const accord_role_spec *r = &m->roles[i];
        accord_buf_clear(&number);
        accord_buf_clear(&wants);
        accord_buf_printf(&number, "%u", r->min);
        if (r->max == UINT32_MAX)
            accord_buf_puts(&number, " or more");
        else if (r->max != r->min)
            accord_buf_printf(&number, " .. %u", r->max);
        join_bits(&wants, r->caps, caps, N_CAPS);
        if (r->flags & ACCORD_ROLE_NESTED)
            join(&wants, "clusters allowed");
        const char *const row[] = {r->name, number.data, r->help,
                                   wants.n ? wants.data : ""};
        accord_columns_add(&c, row);
    }
    if (m->n_roles)
        puts("\nroles: name, number of models, what they do");
    accord_columns_print(&c, 4, 2, stdout);
    accord_buf_fini(&number);
    accord_buf_fini(&wants);
    accord_columns_fini(&c);
}

static void print_text(const accord_plugin *p, const char *path) {
    const accord_method_ops *m = p->ops->extension(ACCORD_METHOD);
    accord_buf b;

    accord_buf_init(&b, MAX_TEXT);
    head_line("id", p->id, &b);
    head_line("role", accord_role_name(p->role), &b);
    head_line("version", p->version, &b);
    head_line("summary", p->summary, &b);
    head_line("reference", p->reference, &b);
    head_line("license", p->license, &b);
    head_line("file", path, &b);
    for (const char *const *id = p->needs; id && *id; id++)
        join(&b, *id);
    line("needs", &b);
    for (size_t i = 0; i < N_TABLES; i++)
        if (p->ops->extension(tables[i]))
            join(&b, tables[i]);
    line("offers", &b);
    if (m) {
        join_bits(&b, m->obs_kinds, kinds, N_KINDS);
        line("sees", &b);
        join_bits(&b, m->action_kinds, kinds, N_KINDS);
        line("does", &b);
        print_roles(m);
    }
    print_params(p);
    accord_buf_fini(&b);
}

/* ---- for programs ------------------------------------------------------------------ */

static void json_bits(accord_buf *b, const char *key, uint32_t bits,
                      const char *const *names, size_t n) {
    accord_json_key(b, key);
    accord_buf_puts(b, "[");
    for (size_t i = 0; i < n; i++)
        if (bits & 1u << i)
            accord_json_text(b, NULL, names[i]);
    accord_buf_puts(b, "]");
}

static void json_param(accord_buf *b, const accord_param *p) {
    accord_json_key(b, NULL);
    accord_buf_puts(b, "{");
    accord_json_text(b, "name", p->name);
    accord_json_text(b, "type", types[p->type]);
    accord_json_bool(b, "required", p->required);
    if (p->required)
        accord_json_text(b, "default", NULL);
    else if (p->type == ACCORD_STRING)
        accord_json_text(b, "default", p->text);
    else if (p->type == ACCORD_BOOL)
        accord_json_bool(b, "default", p->value != 0.0);
    else
        accord_json_real(b, "default", p->value);
    if (bounded(p)) {
        accord_json_real(b, "min", p->min);
        accord_json_real(b, "max", p->max);
    }
    if (p->type == ACCORD_STRING && p->choices) {
        accord_json_key(b, "choices");
        accord_buf_puts(b, "[");
        for (const char *const *c = p->choices; *c; c++)
            accord_json_text(b, NULL, *c);
        accord_buf_puts(b, "]");
    }
    accord_json_text(b, "help", p->help);
    accord_buf_puts(b, "}");
}

static void json_method(accord_buf *b, const accord_method_ops *m) {
    json_bits(b, "sees", m->obs_kinds, kinds, N_KINDS);
    json_bits(b, "does", m->action_kinds, kinds, N_KINDS);
    accord_json_key(b, "roles");
    accord_buf_puts(b, "[");
    for (uint32_t i = 0; i < m->n_roles; i++) {
        const accord_role_spec *r = &m->roles[i];
        accord_json_key(b, NULL);
        accord_buf_puts(b, "{");
        accord_json_text(b, "name", r->name);
        accord_json_int(b, "min", r->min);
        accord_json_int(b, "max", r->max);
        accord_json_bool(b, "clusters", r->flags & ACCORD_ROLE_NESTED);
        json_bits(b, "caps", r->caps, caps, N_CAPS);
        accord_json_text(b, "help", r->help);
        accord_buf_puts(b, "}");
    }
    accord_buf_puts(b, "]");
}

static void json_plugin(accord_buf *b, const accord_plugin *p, const char *path) {
    const accord_method_ops *m = p->ops->extension(ACCORD_METHOD);

    accord_buf_puts(b, b->n > 1 ? ",\n {" : "{");
    accord_json_text(b, "id", p->id);
    accord_json_text(b, "role", accord_role_name(p->role));
    accord_json_text(b, "version", p->version);
    accord_json_text(b, "summary", p->summary);
    accord_json_text(b, "reference", p->reference);
    accord_json_text(b, "license", p->license);
    accord_json_text(b, "file", path);
    accord_json_key(b, "needs");
    accord_buf_puts(b, "[");
    for (const char *const *id = p->needs; id && *id; id++)
        accord_json_text(b, NULL, *id);
    accord_buf_puts(b, "]");
    accord_json_key(b, "offers");
    accord_buf_puts(b, "[");
    for (size_t i = 0; i < N_TABLES; i++)
        if (p->ops->extension(tables[i]))
            accord_json_text(b, NULL, tables[i]);
    accord_buf_puts(b, "]");
    if (m)
        json_method(b, m);
    accord_json_key(b, "params");
    accord_buf_puts(b, "[");
    for (uint32_t i = 0; i < p->n_params; i++)
        json_param(b, &p->params[i]);
    accord_buf_puts(b, "]}");
}

/* ---- the command ------------------------------------------------------------------- */

typedef struct report {
    bool json;
    accord_buf b;
    size_t n;
} report;

static void add(report *r, const accord_plugin *p, const char *path) {
    if (r->json) {
        json_plugin(&r->b, p, path);
    } else {
        if (r->n)
            putchar('\n');
        print_text(p, path);
    }
    r->n++;
}

/* An id may name a method and a task at once ("null"): each is shown. */
static accord_code add_all(report *r, const char *id, accord_err *err) {
    char path[PATH_MAX];
    accord_code rc = ACCORD_OK;

    for (int32_t role = ACCORD_ROLE_METHOD; role <= ACCORD_ROLE_MODEL && !rc; role++) {
        const accord_plugin *p;
        if (accord_registry_find(role, id, path, NULL))
            continue;
        rc = accord_registry_open(role, id, &p, path, err);
        if (!rc)
            add(r, p, path);
    }
    return rc;
}

/* Nothing has that id: the role with a near one words the message. */
static accord_code not_found(const char *id, accord_err *err) {
    char path[PATH_MAX];

    for (int32_t role = ACCORD_ROLE_METHOD; role <= ACCORD_ROLE_MODEL; role++) {
        accord_err why = {0};
        if (accord_registry_find(role, id, path, &why) && strstr(why.msg, "did you mean"))
            return accord_fail(err, why.code, "%s", why.msg);
    }
    return accord_fail(err, ACCORD_E_NOTFOUND,
                       "no plugin \"%.63s\"; \"accord ls\" names them all", id);
}

static accord_code show(report *r, const char *name, accord_err *err) {
    const accord_plugin *p;

    if (!strchr(name, '/')) {
        accord_code rc = add_all(r, name, err);
        return rc || r->n ? rc : not_found(name, err);
    }
    accord_code rc = accord_loader_open(name, &p, err);
    if (rc == ACCORD_E_IO)
        err->code = ACCORD_E_NOTFOUND; /* a matter of what was typed, not of Accord */
    if (!rc)
        add(r, p, name);
    return rc;
}

int accord_cmd_info(const accord_command *self, int argc, char **argv) {
    static const struct option options[] = {{"json", no_argument, NULL, 'J'},
                                            {"plugin-path", required_argument, NULL, 'P'},
                                            {NULL, 0, NULL, 0}};
    accord_err err = {0};
    report r = {0};
    int option;

    optind = 1;
    while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
        if (option == 'J')
            r.json = true;
        else if (option == 'P')
            accord_registry_path(optarg);
        else
            return accord_cli_usage(self);
    }
    if (argc - optind != 1)
        return accord_cli_usage(self);
    accord_buf_init(&r.b, MAX_JSON);
    accord_buf_puts(&r.b, "[");
    accord_code rc = show(&r, argv[optind], &err);
    if (!rc && r.json)
        printf("%s]\n", r.b.data);
    accord_buf_fini(&r.b);
    return rc ? accord_cli_fail(&err) : ACCORD_EXIT_OK;
}
