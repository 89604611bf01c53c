/* options.h - the options of the plugin, which all kinds share. */
#ifndef ACCORD_PLANNING_OPTIONS_H
#define ACCORD_PLANNING_OPTIONS_H

#include <accord/plugin.h>

enum {
    PLANNING_DOMAIN,
    PLANNING_SOURCE,
    PLANNING_SEED,
    PLANNING_LEVEL,
    PLANNING_FILE,
    PLANNING_HOLDOUT,
    PLANNING_DOMAIN_FILE,
    PLANNING_PROBLEM_FILE,
    PLANNING_NAMES,
    PLANNING_WORDING,
    PLANNING_SHOTS,
    PLANNING_READING,
    PLANNING_PLAY,
    PLANNING_MAX_ACTIONS,
    PLANNING_ROUNDS,
    PLANNING_N_OPTIONS,
};

/* The choices of PLANNING_DOMAIN, PLANNING_SOURCE, ... in the order of their lists. */
enum { PLANNING_BLOCKSWORLD, PLANNING_LOGISTICS, PLANNING_PDDL, PLANNING_TRAVEL };
enum {
    PLANNING_AUTO, /* never after planning_options_read() */
    PLANNING_GENERATED,
    PLANNING_PLANBENCH,
    PLANNING_FILES,
    PLANNING_TRAVELPLANNER,
};
enum { PLANNING_PLAIN, PLANNING_MYSTERY, PLANNING_RANDOM };
enum { PLANNING_IN_WORDS, PLANNING_IN_PDDL };
enum { PLANNING_FLEXIBLE, PLANNING_PUBLISHED };
enum { PLANNING_WHOLE, PLANNING_INTERACTIVE, PLANNING_BACKPROMPT };

extern const accord_param planning_params[PLANNING_N_OPTIONS];

/* The options as given; a choice is also there as its place in the list. */
struct planning_options {
    const accord_param_value *value; /* [PLANNING_N_OPTIONS] */
    int choice[PLANNING_N_OPTIONS];  /* of an option without choices: 0 */
};

/* [any] Reads the values and finds the source that "auto" means.  ACCORD_E_CONFIG for a
 * source that the domain does not have, and for an option that would do nothing. */
accord_code planning_options_read(const accord_host *host,
                                  const accord_param_value *value,
                                  struct planning_options *out, accord_err *err);

#endif
