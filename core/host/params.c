/* params.c - see params.h. */
#include "host/params.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/text.h"

#define WHOLE_MAX 0x1p53 /* beyond it a double skips whole numbers */

static bool bounded(const accord_param *p) {
    return p->min != 0.0 || p->max != 0.0;
}

static bool outside(const accord_param *p, double value) {
    return bounded(p) && !(value >= p->min && value <= p->max);
}

static bool is_choice(const accord_param *p, const char *text) {
    for (const char *const *c = p->choices; c && *c; c++)
        if (strcmp(*c, text) == 0)
            return true;
    return p->choices == NULL;
}

/* ---- the table --------------------------------------------------------------------- */

/* What is wrong with one entry, or NULL. */
static const char *fault_of_number(const accord_param *p) {
    if (p->type == ACCORD_BOOL)
        return p->value == 0.0 || p->value == 1.0 ? NULL : "its default is no truth";
    if (!(isfinite(p->min) && isfinite(p->max)) || p->min > p->max)
        return "its bounds are no range";
    if (!isfinite(p->value) || (!p->required && outside(p, p->value)))
        return "its default is out of bounds";
    if (p->type == ACCORD_INT &&
        (p->value != floor(p->value) || p->min != floor(p->min) ||
         p->max != floor(p->max) || fabs(p->value) > WHOLE_MAX ||
         fabs(p->min) > WHOLE_MAX || fabs(p->max) > WHOLE_MAX))
        return "its default or bounds are no whole numbers";
    return NULL;
}

static const char *fault_of(const accord_param *p) {
    if (!p->help || !p->help[0])
        return "it has no help";
    if (p->type < ACCORD_BOOL || p->type > ACCORD_STRING)
        return "its type is unknown to this host";
    if (p->type != ACCORD_STRING)
        return fault_of_number(p);
    if (p->required)
        return NULL;
    if (!p->text)
        return "it has no default";
    return is_choice(p, p->text) ? NULL : "its default is none of its choices";
}

accord_code accord_params_check(const accord_plugin *plugin, accord_err *err) {
    if (plugin->n_params && !plugin->params)
        return accord_fail(err, ACCORD_E_ABI, "%u options, but no table of them",
                           plugin->n_params);
    for (uint32_t i = 0; i < plugin->n_params; i++) {
        const accord_param *p = &plugin->params[i];
        if (!accord_text_is_id(p->name))
            return accord_fail(err, ACCORD_E_ABI,
                               "the name of option %u is not [a-z0-9_]+", i);
        const char *fault = fault_of(p);
        if (fault)
            return accord_fail(err, ACCORD_E_ABI, "option %s: %s", p->name, fault);
        for (uint32_t j = 0; j < i; j++)
            if (strcmp(plugin->params[j].name, p->name) == 0)
                return accord_fail(err, ACCORD_E_ABI, "two options are called %s",
                                   p->name);
    }
    return ACCORD_OK;
}

/* ---- the values -------------------------------------------------------------------- */

static accord_code check_names(const accord_plugin *plugin, const accord_json *j,
                               accord_err *err) {
    const char **names = accord_xalloc((plugin->n_params + 1) * sizeof(*names));

    for (uint32_t i = 0; i < plugin->n_params; i++)
        names[i] = plugin->params[i].name;
    const char *name, *near = NULL, *unknown = NULL;
    json_t *value;
    json_object_foreach(j->value, name, value) {
        near = accord_text_nearest(name, names);
        if (!near || strcmp(near, name) != 0) {
            unknown = name;
            break;
        }
    }
    free(names);
    if (!unknown)
        return ACCORD_OK;
    accord_json member = accord_json_get(j, unknown);
    if (near)
        return accord_json_fail(&member, err,
                                "%s has no such option (did you mean \"%s\"?)",
                                plugin->id, near);
    return accord_json_fail(&member, err, "%s has no such option", plugin->id);
}

static accord_code read_int(const accord_param *p, const accord_json *j, int64_t *out,
                            accord_err *err) {
    int64_t min = bounded(p) ? (int64_t)p->min : INT64_MIN;
    int64_t max = bounded(p) ? (int64_t)p->max : INT64_MAX;

    if (json_is_real(j->value))
        return accord_json_fail(j, err, "expected a whole number, found %g",
                                json_real_value(j->value));
    return accord_json_read_int(j, min, max, out, err);
}

static accord_code read_real(const accord_param *p, const accord_json *j, double *out,
                             accord_err *err) {
    accord_code rc = accord_json_read_real(j, out, err);

    if (!rc && outside(p, *out))
        rc = accord_json_fail(j, err, "%g is not in %g .. %g", *out, p->min, p->max);
    return rc;
}

static accord_code read_string(const accord_param *p, const accord_json *j,
                               const char **out, accord_err *err) {
    accord_buf list;
    accord_code rc = accord_json_read_text(j, out, err);

    if (rc || is_choice(p, *out))
        return rc;
    accord_buf_init(&list, 200);
    for (const char *const *c = p->choices; *c; c++)
        accord_buf_printf(&list, "%s\"%s\"", c == p->choices ? "" : ", ", *c);
    rc = accord_json_fail(j, err, "\"%.60s\" is none of %s", *out,
                          list.data ? list.data : "its choices");
    accord_buf_fini(&list);
    return rc;
}

static accord_code read_given(const accord_param *p, const accord_json *j,
                              accord_param_value *out, accord_err *err) {
    accord_code rc;
    bool truth = false;

    switch (p->type) {
    case ACCORD_BOOL:
        rc = accord_json_read_bool(j, &truth, err);
        out->i = truth;
        return rc;
    case ACCORD_INT:
        return read_int(p, j, &out->i, err);
    case ACCORD_REAL:
        return read_real(p, j, &out->r, err);
    default:
        return read_string(p, j, &out->s, err);
    }
}

static accord_code read_one(const accord_param *p, const accord_json *j,
                            accord_param_value *out, accord_err *err) {
    if (j->value)
        return read_given(p, j, out, err);
    if (p->required)
        return accord_json_fail(j, err, "is required: %s", p->help);
    if (p->type == ACCORD_STRING)
        out->s = p->text;
    else if (p->type == ACCORD_REAL)
        out->r = p->value;
    else
        out->i = (int64_t)p->value;
    return ACCORD_OK;
}

accord_code accord_params_read(const accord_plugin *plugin, const accord_json *j,
                               accord_param_value **out, accord_err *err) {
    accord_json root = *j;
    accord_code rc = ACCORD_OK;

    *out = NULL;
    if (!root.document)
        root.document = plugin->id;
    if (root.value)
        rc = accord_json_expect(&root, JSON_OBJECT, err);
    if (!rc)
        rc = check_names(plugin, &root, err);
    if (rc)
        return rc;
    accord_param_value *values = accord_xalloc((plugin->n_params + 1) * sizeof(*values));
    for (uint32_t i = 0; i < plugin->n_params && !rc; i++) {
        accord_json member = accord_json_get(&root, plugin->params[i].name);
        rc = read_one(&plugin->params[i], &member, &values[i], err);
    }
    if (rc)
        free(values);
    else
        *out = values;
    return rc;
}
