/* panel.c - see panel.h. */
#include "panel.h"

const accord_role_spec econ_roles[ECON_ROLES] = {
    {"coordinator", "plans, and merges the answers into the final output", 1, 1, 0, 0},
    {"executor", "answers alone; a list of lists makes clusters", 1, ECON_MAX_AGENTS,
     ACCORD_CAP_TOP_P, ACCORD_ROLE_NESTED},
    {"local", "coordinates a cluster, one for each; left open, the coordinator", 0,
     ECON_MAX_CLUSTERS, 0, 0},
    {"encoder", "embeds texts; left open, the coordinator", 0, 1, 0, 0},
};

static accord_code fill_clusters(econ_panel *p, const accord_host *host,
                                 const accord_role *executors, accord_err *err) {
    p->n_clusters = executors->n_groups > 1 ? executors->n_groups : 1;
    if (p->n_clusters > ECON_MAX_CLUSTERS)
        return host->fail(host, err, ACCORD_E_CONFIG,
                          "there are %u clusters of executors, at most %d are played",
                          p->n_clusters, ECON_MAX_CLUSTERS);
    for (uint32_t k = 0, i = 0; k < p->n_clusters; k++) {
        uint32_t size = p->n_clusters > 1 ? executors->group_sizes[k] : p->n;

        if (p->n_clusters > 1 && (size < 1 || size > ECON_MAX_CLUSTER))
            return host->fail(host, err, ACCORD_E_CONFIG,
                              "cluster %u has %u executors: a local coordinator has 1 "
                              "to %d",
                              k + 1, size, ECON_MAX_CLUSTER);
        p->first[k] = i;
        for (p->first[k + 1] = i + size; i < p->first[k + 1]; i++)
            p->cluster[i] = k;
    }
    return ACCORD_OK;
}

static accord_code fill_locals(econ_panel *p, const accord_host *host,
                               const accord_role *local, accord_err *err) {
    p->has_local = local->n > 0;
    if (p->has_local && p->n_clusters == 1)
        return host->fail(host, err, ACCORD_E_CONFIG,
                          "the role local is filled, but the executors are in no "
                          "clusters: give them as a list of lists");
    if (p->has_local && local->n != p->n_clusters)
        return host->fail(host, err, ACCORD_E_CONFIG,
                          "there are %u local coordinators for %u clusters", local->n,
                          p->n_clusters);
    for (uint32_t k = 0; k < p->n_clusters; k++)
        p->local[k] = p->has_local ? local->models[k] : p->coordinator;
    return ACCORD_OK;
}

static accord_code fill_encoder(econ_panel *p, const accord_host *host,
                                const accord_role *encoder, accord_err *err) {
    const accord_models_service *models = host->extension(host, ACCORD_MODELS);

    p->encoder = encoder->n > 0 ? encoder->models[0] : p->coordinator;
    const accord_caps *caps = models->caps(p->encoder);
    if (!(caps->flags & ACCORD_CAP_EMBED))
        return host->fail(host, err, ACCORD_E_CONFIG,
                          "model %s embeds no texts: fill the role encoder with one "
                          "that does",
                          models->name(p->encoder));
    if (caps->embed_width == 0)
        return host->fail(host, err, ACCORD_E_CONFIG,
                          "model %s does not say how wide its embeddings are",
                          models->name(p->encoder));
    p->width = caps->embed_width;
    return ACCORD_OK;
}

accord_code econ_panel_fill(econ_panel *p, const accord_host *host,
                            const accord_setup *setup, bool embeds, accord_err *err) {
    const accord_role *roles = setup->roles;

    *p = (econ_panel){.coordinator = roles[ECON_R_COORDINATOR].models[0],
                      .executor = roles[ECON_R_EXECUTOR].models,
                      .n = roles[ECON_R_EXECUTOR].n};
    accord_code rc = fill_clusters(p, host, &roles[ECON_R_EXECUTOR], err);
    if (!rc)
        rc = fill_locals(p, host, &roles[ECON_R_LOCAL], err);
    if (!rc && embeds)
        rc = fill_encoder(p, host, &roles[ECON_R_ENCODER], err);
    return rc;
}
