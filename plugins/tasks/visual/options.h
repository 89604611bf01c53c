/* options.h - the parameters of the task visual. */
#ifndef ACCORD_VISUAL_OPTIONS_H
#define ACCORD_VISUAL_OPTIONS_H

#include "environment.h"
#include "look.h"

enum { OPTIONS_N = 10 };

extern const accord_param options_params[OPTIONS_N];

typedef struct options {
    world_options world;
    look_options look; /* without mode, domain and action_repeat */
    bool pixels;       /* the observation is a picture, not the state */
} options;

/* [any] Texts are those of `values`.  ACCORD_E_CONFIG for options that would do nothing.
 */
accord_code options_read(const accord_host *host, const accord_param_value *values,
                         options *out, accord_err *err);

#endif
