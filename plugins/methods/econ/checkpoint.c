/* checkpoint.c - a learner's file: networks, targets, optimisers, episodes, counters. */
#include <stdio.h>
#include <string.h>

#include "learner_parts.h"

/* What must be equal for a checkpoint to mean the same thing, and the counters. */
struct header {
    uint32_t n, n_clusters, cluster[ECON_MAX_CLUSTERS];
    uint32_t width, entity, belief, heads, grid_t, grid_p;
    double box[4];
};
struct counters {
    uint64_t episodes, rng;
    uint32_t waiting, stored, next, unused;
};

static struct header header_of(const econ_config *c) {
    struct header h;

    memset(&h, 0, sizeof(h)); /* compared byte by byte */
    h.n = c->n;
    h.n_clusters = c->n_clusters;
    if (c->n_clusters > 1)
        memcpy(h.cluster, c->cluster, sizeof(h.cluster));
    h.width = c->width;
    h.entity = c->entity;
    h.belief = c->belief;
    h.heads = c->heads;
    h.grid_t = c->grid_t;
    h.grid_p = c->grid_p;
    h.box[0] = c->t_min;
    h.box[1] = c->t_max;
    h.box[2] = c->p_min;
    h.box[3] = c->p_max;
    return h;
}

enum { PARTS = 8 + ECON_GROUPS + 4 };

static size_t parts_of(econ_learner *l, struct header *h, struct counters *n,
                       accord_nn_part *part) {
    const econ_replay *r = &l->replay;
    size_t table = (size_t)r->capacity * r->max_rows * r->width * sizeof(*r->table);
    const accord_nn_part all[] = {
        {.name = "header", .bytes = h, .n_bytes = sizeof(*h)},
        {.name = "counters", .bytes = n, .n_bytes = sizeof(*n)},
        {.name = "beliefs", .params = l->now.beliefs.set},
        {.name = "actors", .params = l->actors.set},
        {.name = "encoder", .params = l->now.encoder.set},
        {.name = "mixer", .params = l->now.mixer.set},
        {.name = "weights", .params = l->weights},
        {.name = "target.beliefs", .params = l->target.beliefs.set},
        {.name = "target.encoder", .params = l->target.encoder.set},
        {.name = "target.mixer", .params = l->target.mixer.set},
        {.name = "adam.beliefs", .adam = l->adam[ECON_BELIEFS]},
        {.name = "adam.actors", .adam = l->adam[ECON_ACTORS]},
        {.name = "adam.encoder", .adam = l->adam[ECON_ENCODER]},
        {.name = "adam.mixer", .adam = l->adam[ECON_MIXER]},
        {.name = "adam.weights", .adam = l->adam[ECON_ALPHA]},
        {.name = "episodes",
         .bytes = r->episode,
         .n_bytes = r->capacity * sizeof(*r->episode)},
        {.name = "embeddings", .bytes = r->table, .n_bytes = table},
    };

    _Static_assert(sizeof(all) / sizeof(all[0]) == PARTS, "room for all parts");
    memcpy(part, all, sizeof(all));
    return PARTS;
}

static accord_code path_of(char *path, size_t size, const char *dir, accord_nn_err *err) {
    int n = snprintf(path, size, "%s/learner.nn", dir);

    if (n < 0 || (size_t)n >= size)
        return accord_nn_fail(err, ACCORD_E_ARG, "the folder's name is too long");
    return ACCORD_OK;
}

accord_code econ_learner_save(econ_learner *l, const char *dir, accord_nn_err *err) {
    struct header h = header_of(&l->c);
    struct counters n = {.episodes = l->episodes,
                         .rng = l->rng,
                         .waiting = l->waiting,
                         .stored = l->replay.stored,
                         .next = l->replay.next};
    accord_nn_part part[PARTS];
    char path[4096];
    accord_code rc = path_of(path, sizeof(path), dir, err);

    return rc ? rc : accord_nn_save(path, part, parts_of(l, &h, &n, part), err);
}

/* Into a learner of its own, so that nothing is changed if something is wrong. */
static accord_code load_twin(econ_learner *twin, const char *path, accord_nn_err *err) {
    struct header want = header_of(&twin->c), h;
    struct counters n;
    accord_nn_part part[PARTS];
    accord_code rc = accord_nn_load(path, part, parts_of(twin, &h, &n, part), err);

    if (rc)
        return rc;
    if (memcmp(&h, &want, sizeof(h)) != 0)
        return accord_nn_fail(err, ACCORD_E_CONFIG,
                              "%s: of other executors, clusters, sizes or bounds", path);
    twin->episodes = n.episodes;
    twin->rng = n.rng;
    twin->waiting = n.waiting;
    twin->replay.stored = n.stored;
    twin->replay.next = n.next;
    econ_weights_read(twin);
    return econ_replay_check(&twin->replay, &twin->c, err);
}

accord_code econ_learner_load(econ_learner *l, const char *dir, accord_nn_err *err) {
    econ_learner *twin = NULL;
    char path[4096];
    accord_code rc = path_of(path, sizeof(path), dir, err);

    if (!rc)
        rc = econ_learner_create(&l->c, &twin, err);
    if (!rc)
        rc = load_twin(twin, path, err);
    if (!rc) {
        econ_learner old = *l;
        *l = *twin;
        *twin = old;
    }
    econ_learner_destroy(twin);
    return rc;
}
