/* describe_services.c - the services of an instance that is created to be described: the
 * same tables as in a run, so that create() finds what it looks for, but no episode. */
#include <stdint.h>

#include "run/describe.h"

static accord_code no_episode(accord_err *err) {
    return accord_fail(err, ACCORD_E_UNSUPPORTED,
                       "services of an episode are not there while a method is created");
}

static accord_code complete(accord_episode *e, const accord_request *requests, uint32_t n,
                            const accord_reply *const **replies, accord_err *err) {
    return no_episode(err);
}

static accord_code embed(accord_episode *e, const accord_model *model,
                         const char *const *text, uint32_t n, float *out,
                         accord_err *err) {
    return no_episode(err);
}

static const accord_described_model *described(const accord_model *model) {
    return (const accord_described_model *)(const void *)model;
}

static const accord_caps *caps(const accord_model *model) {
    return described(model)->caps;
}

static const char *name(const accord_model *model) {
    return described(model)->name;
}

static accord_code canon(accord_episode *e, const accord_action *action, char *buf,
                         size_t size, accord_err *err) {
    return no_episode(err);
}

static accord_code score(accord_episode *e, const accord_action *action, double *reward,
                         accord_err *err) {
    return no_episode(err);
}

static void record(const accord_host *host, accord_episode *e, const char *metric,
                   double value) {
}

static accord_code candidate(accord_episode *e, const char *kind, uint32_t index,
                             const accord_action *action, accord_err *err) {
    return no_episode(err);
}

static uint64_t stream(accord_episode *e, uint32_t agent, const char *role,
                       uint32_t round, uint32_t sample) {
    return 0;
}

static int64_t left_ns(accord_episode *e) {
    return INT64_MAX;
}

static const accord_models_service models = {.struct_size = sizeof(models),
                                             .complete = complete,
                                             .embed = embed,
                                             .caps = caps,
                                             .name = name};
static const accord_canon_service canons = {.struct_size = sizeof(canons),
                                            .canon = canon};
static const accord_train_score_service scores = {.struct_size = sizeof(scores),
                                                  .score = score};
static const accord_metrics_service metrics = {.struct_size = sizeof(metrics),
                                               .record = record};
static const accord_trace_service traces = {.struct_size = sizeof(traces),
                                            .candidate = candidate};
static const accord_random_service randoms = {.struct_size = sizeof(randoms),
                                              .stream = stream};
static const accord_deadline_service deadlines = {.struct_size = sizeof(deadlines),
                                                  .left_ns = left_ns};

const accord_service accord_describe_services[] = {
    {ACCORD_MODELS, &models},      {ACCORD_CANON, &canons},
    {ACCORD_TRAIN_SCORE, &scores}, {ACCORD_METRICS, &metrics},
    {ACCORD_TRACE, &traces},       {ACCORD_RANDOM, &randoms},
    {ACCORD_DEADLINE, &deadlines}, {NULL, NULL},
};
