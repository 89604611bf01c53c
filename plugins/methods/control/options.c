/* options.c - see options.h. */
#include "options.h"

#include <string.h>

const char *const control_size_choices[] = {"laptop", "paper", NULL};
const char *const control_scope_choices[] = {"critic_all", "encoder_only", NULL};
const char *const control_gas_choices[] = {"cosine", "agreement", "cos_agreement",
                                           "maxmin", "none",      NULL};
const char *const control_sgs_choices[] = {"vote",   "scale",    "hard", "purity", "sand",
                                           "pcgrad", "agr_rand", "none", NULL};
const char *const control_scale_choices[] = {"none", "mean_norm", NULL};

/* Where the value of an option goes. */
static const struct place {
    const char *name;
    size_t at;
} places[] = {
#define PLACE(member) \
    { #member, offsetof(control_options, member) }
    PLACE(size),          PLACE(augmentations),
    PLACE(overlay),       PLACE(reading),
    PLACE(scope),         PLACE(gas),
    PLACE(sgs),           PLACE(scale),
    PLACE(batch),         PLACE(init_steps),
    PLACE(actor_every),   PLACE(target_every),
    PLACE(metrics_every), PLACE(views_per_update),
    PLACE(discount),      PLACE(actor_rate),
    PLACE(critic_rate),   PLACE(alpha_rate),
    PLACE(temperature),   PLACE(critic_tau),
    PLACE(encoder_tau),   PLACE(lambda),
    PLACE(power),         PLACE(updates_per_step),
    PLACE(n_step),
#undef PLACE
};

static void put(char *at, int32_t type, const accord_param_value *value) {
    if (type == ACCORD_STRING)
        memcpy(at, &value->s, sizeof(value->s));
    else if (type == ACCORD_REAL)
        memcpy(at, &value->r, sizeof(value->r));
    else
        memcpy(at, &value->i, sizeof(value->i));
}

void control_options_read(const accord_param *params, uint32_t n_params,
                          const accord_param_value *values, control_options *out) {
    for (uint32_t i = 0; i < n_params; i++)
        for (size_t k = 0; k < sizeof(places) / sizeof(places[0]); k++)
            if (strcmp(params[i].name, places[k].name) == 0)
                put((char *)out + places[k].at, params[i].type, &values[i]);
}
