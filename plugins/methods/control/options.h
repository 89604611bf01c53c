/* options.h - what a suite may set of the control methods. */
#ifndef CONTROL_OPTIONS_H
#define CONTROL_OPTIONS_H

#include <accord/plugin.h>

/* The value of every option that any control method has; a method offers some of them by
 * the entries below.  The defaults are DMControl-GB's, but for the small networks and
 * those of cg2a, the body of whose paper was not available. */
typedef struct control_options {
    const char *size, *augmentations, *overlay, *reading, *scope, *gas, *sgs, *scale;
    int64_t batch, init_steps, updates_per_step, n_step, actor_every, target_every;
    int64_t metrics_every, views_per_update;
    double discount, actor_rate, critic_rate, alpha_rate, temperature;
    double critic_tau, encoder_tau, lambda, power;
} control_options;

/* [worker] Takes the values of the options that the table has; leaves the others. */
void control_options_read(const accord_param *params, uint32_t n_params,
                          const accord_param_value *values, control_options *out);

/* Entries of an accord_param table. */
extern const char *const control_size_choices[];
extern const char *const control_scope_choices[];
extern const char *const control_gas_choices[];
extern const char *const control_sgs_choices[];
extern const char *const control_scale_choices[];

#define CONTROL_P_RATE(of, what, rate) \
    { \
        .name = of, .help = "learning rate of " what, .type = ACCORD_REAL, \
        .value = rate, .min = 1e-8, .max = 1 \
    }
#define CONTROL_P_COUNT(of, what, count, least) \
    { \
        .name = of, .help = what, .type = ACCORD_INT, .value = count, .min = least, \
        .max = 1e9 \
    }
#define CONTROL_P_SHARE(of, what, share) \
    { .name = of, .help = what, .type = ACCORD_REAL, .value = share, .min = 0, .max = 1 }
#define CONTROL_P_CHOICE(of, what, usual, all) \
    { .name = of, .help = what, .type = ACCORD_STRING, .text = usual, .choices = all }
#define CONTROL_P_TEXT(of, what, usual) \
    { .name = of, .help = what, .type = ACCORD_STRING, .text = usual }

/* Those of every control method. */
#define CONTROL_P_ALL \
    CONTROL_P_CHOICE( \
        "size", "of the networks: paper sees pictures of 84 x 84, laptop of 48 x 48", \
        "laptop", control_size_choices), \
        CONTROL_P_COUNT("batch", "transitions in an update", 128, 1), \
        CONTROL_P_COUNT( \
            "init_steps", \
            "agent steps of random actions, then the updates of all of them", 1000, 1), \
        CONTROL_P_COUNT("updates_per_step", \
                        "updates after an agent step, each of another batch", 1, 1), \
        CONTROL_P_COUNT("n_step", "rewards in a target before it relies on the critics", \
                        1, 1), \
        CONTROL_P_SHARE("discount", "of rewards, per agent step", 0.99), \
        CONTROL_P_RATE("actor_rate", "the actor", 1e-3), \
        CONTROL_P_RATE("critic_rate", "critics and encoder", 1e-3), \
        CONTROL_P_RATE("alpha_rate", "the temperature", 1e-4), \
        {.name = "temperature", \
         .help = "weight of the entropy at first", \
         .type = ACCORD_REAL, \
         .value = 0.1, \
         .min = 1e-6, \
         .max = 100}, \
        CONTROL_P_SHARE("critic_tau", "step of the target critics' moving average", \
                        0.01), \
        CONTROL_P_SHARE("encoder_tau", "step of the target encoder's moving average", \
                        0.05), \
        CONTROL_P_COUNT("actor_every", "agent steps between updates of the actor", 2, \
                        1), \
        CONTROL_P_COUNT("target_every", "agent steps between updates of the targets", 2, \
                        1), \
        CONTROL_P_COUNT("metrics_every", "updates between records of the metrics", 100, \
                        1)

/* Those of methods with strong augmentations. */
#define CONTROL_P_OVERLAY \
    CONTROL_P_TEXT( \
        "overlay", \
        "folder of pictures (PNG, JPEG) for the augmentation overlay; empty: " \
        "generated textures, which compare with no published table", \
        "")
#define CONTROL_P_VIEWS \
    CONTROL_P_TEXT("augmentations", \
                   "strong augmentations, one view each: a list of names or of chains " \
                   "(conv,overlay+jitter); empty: none", \
                   "conv,overlay"), \
        CONTROL_P_OVERLAY, \
        CONTROL_P_COUNT( \
            "views_per_update", \
            "strong views in an update, drawn from the list; 0: all of them", 0, 0)

/* Those of methods that combine gradients. */
#define CONTROL_P_SCOPE \
    CONTROL_P_CHOICE("scope", \
                     "what is combined: the gradient of encoder and critics, or of the " \
                     "encoder only, the critics taking the mean", \
                     "critic_all", control_scope_choices)
#define CONTROL_P_GAS \
    CONTROL_P_CHOICE("gas", \
                     "gradient agreement solver (a reconstruction): how the views' " \
                     "magnitudes are balanced", \
                     "cosine", control_gas_choices), \
        CONTROL_P_CHOICE("scale", \
                         "of the solver's gradient (a reconstruction): as it comes, or " \
                         "brought to the mean norm of the views", \
                         "none", control_scale_choices)
#define CONTROL_P_SGS \
    CONTROL_P_CHOICE("sgs", \
                     "soft gradient surgery (a reconstruction): what becomes of " \
                     "components on which the views disagree", \
                     "vote", control_sgs_choices), \
        CONTROL_P_SHARE("lambda", \
                        "least factor of such a component (sgs vote and scale; a " \
                        "reconstruction)", \
                        0.5), \
    { \
        .name = "power", \
        .help = "of the views' agreement in that factor (sgs vote; a reconstruction)", \
        .type = ACCORD_REAL, .value = 1, .min = 0.01, .max = 100 \
    }

#endif
