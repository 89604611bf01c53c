/* options.h - what the user may set.  The help of each option ends in "(paper)" where the
 * paper gives the value and in "(resolved)" where it is silent or contradicts itself and
 * the default is this design's. */
#ifndef ECON_OPTIONS_H
#define ECON_OPTIONS_H

#include <accord/plugin.h>

#include "learner.h"

enum { ECON_LEARNED, ECON_FIXED, ECON_RANDOM };              /* action */
enum { ECON_PROBE_NONE, ECON_PROBE_ENDS, ECON_PROBE_EVERY }; /* probe */

typedef struct econ_options {
    uint32_t stages;     /* stage 1 and those of stage 2 */
    int action;          /* ECON_LEARNED, ... */
    bool has_strategy;   /* false: executors get none */
    bool is_replanned;   /* the plan is shown in later stages too */
    bool is_merged;      /* by the coordinator; false: the majority */
    bool is_checked;     /* TS by train.score; false: by the coordinator's scores */
    bool is_team_scored; /* r_tot is the final output's score; false: the mean */
    double fixed_temperature, fixed_top_p; /* 0: the middle of the box */
    double strategy_temperature, commit_temperature;
    uint32_t strategy_tokens, strategy_limit, strategy_tries;
    uint32_t max_tokens; /* of executors and commitments */
    double eps_c, eps_e, eps_l, r_threshold;
    uint32_t patience;
    int probe; /* ECON_PROBE_NONE, ... */
    uint32_t probe_items, probe_every, deviations;
    econ_config learner; /* n, clusters and width are the panel's */
} econ_options;

enum { ECON_N_PARAMS = 53 };
extern const accord_param econ_params[ECON_N_PARAMS];

/* [worker] Reads the options.  ACCORD_E_CONFIG where they contradict each other. */
accord_code econ_options_read(econ_options *o, const accord_host *host,
                              const accord_setup *setup, accord_err *err);

#endif
