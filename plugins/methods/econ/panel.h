/* panel.h - who plays: models by role, and executors in clusters. */
#ifndef ECON_PANEL_H
#define ECON_PANEL_H

#include "options.h"

enum { ECON_MAX_CLUSTER = 4 }; /* executors of a local coordinator */
enum { ECON_R_COORDINATOR, ECON_R_EXECUTOR, ECON_R_LOCAL, ECON_R_ENCODER, ECON_ROLES };
extern const accord_role_spec econ_roles[ECON_ROLES];

typedef struct econ_panel {
    const accord_model *coordinator;
    const accord_model *const *executor; /* [n], cluster after cluster */
    const accord_model *local[ECON_MAX_CLUSTERS];
    const accord_model *encoder; /* NULL: nothing is embedded */
    uint32_t n, n_clusters;
    uint32_t first[ECON_MAX_CLUSTERS + 1]; /* executors of cluster k: first[k] .. */
    uint32_t cluster[ECON_MAX_AGENTS];     /* of each executor */
    uint32_t width;                        /* of an embedding */
    bool has_local;                        /* the role is filled */
} econ_panel;

/* [worker] ACCORD_E_CONFIG with a sentence for clusters and an encoder that do not fit.
 * `embeds` says whether an encoder is needed. */
accord_code econ_panel_fill(econ_panel *p, const accord_host *host,
                            const accord_setup *setup, bool embeds, accord_err *err);

#endif
