/* values.h - copies of observations and actions: what a plugin returned lives only until
 * its next call, feedback needs it longer. */
#ifndef ACCORD_VALUES_H
#define ACCORD_VALUES_H

#include "base/err.h"

/* [any] A deep copy of *from, whose space is `space`; accord_obs_free(). */
accord_code accord_obs_copy(const accord_obs *from, const accord_space *space,
                            accord_obs **out, accord_err *err) ACCORD_MUST_CHECK;
/* [any] NULL is allowed. */
void accord_obs_free(accord_obs *obs);

/* [any] Likewise. */
accord_code accord_action_copy(const accord_action *from, const accord_space *space,
                               accord_action **out, accord_err *err) ACCORD_MUST_CHECK;
/* [any] NULL is allowed. */
void accord_action_free(accord_action *action);

#endif
