/* instance.c - see instance.h. */
#include "host/instance.h"

#include <stdlib.h>

#include "base/mem.h"
#include "host/loader.h"
#include "host/params.h"
#include "host/registry.h"

_Static_assert(sizeof(((accord_instance *)NULL)->path) >= PATH_MAX, "a path must fit");

static void take_tables(accord_instance *i) {
    const accord_ops *ops = i->plugin->ops;

    switch (i->plugin->role) {
    case ACCORD_ROLE_TASK:
        i->task = ops->extension(ACCORD_TASK);
        break;
    case ACCORD_ROLE_METHOD:
        i->method = ops->extension(ACCORD_METHOD);
        i->learner = ops->extension(ACCORD_LEARNER);
        i->probe = ops->extension(ACCORD_PROBE);
        break;
    default:
        i->model = ops->extension(ACCORD_MODEL);
        break;
    }
}

accord_code accord_instance_open(const accord_instance_setup *setup,
                                 accord_instance **out, accord_err *err) {
    accord_instance *i = accord_xalloc(sizeof(*i));
    accord_code rc =
        accord_registry_open(setup->role, setup->plugin, &i->plugin, i->path, err);

    *out = NULL;
    if (!rc)
        rc = accord_params_read(i->plugin, &setup->params, &i->params, err);
    if (rc) {
        accord_instance_destroy(i);
        return rc;
    }
    take_tables(i);
    i->name = accord_xstrdup(setup->name ? setup->name : i->plugin->id);
    accord_host_init(&i->host, i->name, setup->services, setup->ctx);
    *out = i;
    return ACCORD_OK;
}

static accord_code create(accord_instance *i, const accord_instance_setup *s,
                          accord_err *err) {
    const accord_setup setup = {
        .struct_size = sizeof(setup),
        .n_roles = s->n_roles,
        .params = i->params,
        .roles = s->roles,
        .task = s->task,
        .seed = s->seed,
        .train_budget = s->train_budget,
        .train_width = s->train_width,
        .name = i->name,
        .folder = s->folder,
    };
    accord_code rc = i->plugin->ops->create(&i->host.host, &setup, &i->self, err);

    if (rc) {
        i->self = NULL; /* a failed create() left nothing to destroy */
        accord_fail(err, rc, "create() failed with code %d and gave no reason", rc);
        accord_err_context(err, "%s %s", accord_role_name(s->role), i->name);
    }
    return rc;
}

accord_code accord_instance_create(const accord_instance_setup *setup,
                                   accord_instance **out, accord_err *err) {
    accord_code rc = accord_instance_open(setup, out, err);

    if (!rc)
        rc = create(*out, setup, err);
    if (rc) {
        accord_instance_destroy(*out);
        *out = NULL;
    }
    return rc;
}

void accord_instance_destroy(accord_instance *instance) {
    if (!instance)
        return;
    if (instance->self)
        instance->plugin->ops->destroy(instance->self);
    free(instance->params);
    free(instance->name);
    free(instance);
}
