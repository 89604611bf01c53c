/* options.c - the parameters of the task visual. */
#include "options.h"

#include <string.h>

enum {
    P_DOMAIN,
    P_TASK,
    P_OBSERVATION,
    P_REPEAT,
    P_ASSETS,
    P_SIZE,
    P_CAMERA,
    P_CLIPS,
    P_KEY,
    P_INTENSITY
};

enum { SIZE = 84, MAX_SIZE = 4096, MAX_CAMERA = 15 };

static const char *const domain_names[] = {"ball_in_cup", "cartpole", "cheetah", "finger",
                                           "reacher",     "walker",   NULL};
static const char *const observations[] = {"pixels", "state", NULL};

const accord_param options_params[OPTIONS_N] = {
    {.name = "domain",
     .help = "what is controlled",
     .type = ACCORD_STRING,
     .text = "cartpole",
     .choices = domain_names},
    {.name = "task",
     .help = "what is to be done; empty: swingup, catch, run, spin, easy or walk",
     .type = ACCORD_STRING,
     .text = ""},
    {.name = "observation",
     .help = "a picture, or positions and velocities as numbers",
     .type = ACCORD_STRING,
     .text = "pixels",
     .choices = observations},
    {.name = "action_repeat",
     .help = "control steps for which an action is held; 0: as in DMControl-GB",
     .type = ACCORD_INT,
     .min = 0,
     .max = CONTROL_STEPS},
    {.name = "assets",
     .help = "folder of the published suite's models; empty: our own",
     .type = ACCORD_STRING,
     .text = ""},
    {.name = "size",
     .help = "height and width of a picture, pixels",
     .type = ACCORD_INT,
     .value = SIZE,
     .min = 1,
     .max = MAX_SIZE},
    {.name = "camera",
     .help = "number of the model's camera that sees the picture",
     .type = ACCORD_INT,
     .min = 0,
     .max = MAX_CAMERA},
    {.name = "clips",
     .help =
         "folder of folders of frames for the video and distracting modes; empty: the "
         "published ones, else generated",
     .type = ACCORD_STRING,
     .text = ""},
    {.name = "color_key",
     .help = "video modes replace what is green in the picture, as published, not what "
             "is sky or floor",
     .type = ACCORD_BOOL},
    {.name = "intensity",
     .help = "of the distracting mode: 0.025, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4 or 0.5",
     .type = ACCORD_REAL,
     .value = .1,
     .min = .025,
     .max = .5},
};

static bool is_default(int p, const accord_param_value *value) {
    const accord_param *param = &options_params[p];

    switch (param->type) {
    case ACCORD_STRING:
        return strcmp(value->s, param->text) == 0;
    case ACCORD_REAL:
        return value->r >= param->value && value->r <= param->value;
    default:
        return value->i == (int64_t)param->value;
    }
}

static accord_code check_state(const accord_host *host, const accord_param_value *v,
                               accord_err *err) {
    for (int p = P_SIZE; p < OPTIONS_N; p++)
        if (!is_default(p, &v[p]))
            return host->fail(host, err, ACCORD_E_CONFIG,
                              "\"%s\" is for pictures, and \"observation\" is \"state\"",
                              options_params[p].name);
    return ACCORD_OK;
}

accord_code options_read(const accord_host *host, const accord_param_value *v,
                         options *out, accord_err *err) {
    *out = (options){
        .world = {.domain = v[P_DOMAIN].s,
                  .task = v[P_TASK].s,
                  .assets = v[P_ASSETS].s,
                  .repeat = (int)v[P_REPEAT].i},
        .look = {.clips = v[P_CLIPS].s,
                 .key = v[P_KEY].i != 0,
                 .intensity = v[P_INTENSITY].r,
                 .width = (int)v[P_SIZE].i,
                 .height = (int)v[P_SIZE].i,
                 .camera = (int)v[P_CAMERA].i},
        .pixels = strcmp(v[P_OBSERVATION].s, "pixels") == 0,
    };
    return out->pixels ? ACCORD_OK : check_state(host, v, err);
}
