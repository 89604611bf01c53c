/* dots.c - fixture: a white dot on a coloured ground that moves as the action says; its
 * reward is how near it is to the middle.  Environment variables make it go wrong as
 * other machines and plugins do: DOTS_WIND adds to each reward, DOTS_CRASH aborts in that
 * step, DOTS_SHORT ends the episode after it.  DOTS_TRACE is a file to which the bytes of
 * every frame are added. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <accord/plugin.h>

enum { P_SIZE, P_OBSERVATION, P_ACTION, P_STEPS, N_PARAMS };
enum { N_EVAL = 6, MAX_SIZE = 512 };

static const char *const observations[] = {"pixels", "state", NULL};
static const char *const actions[] = {"vector", "discrete", NULL};

static const accord_param params[] = {
    {.name = "size",
     .help = "height, and 3 less is the width",
     .type = ACCORD_INT,
     .value = 12,
     .min = 4,
     .max = MAX_SIZE},
    {.name = "observation",
     .help = "what is seen",
     .type = ACCORD_STRING,
     .text = "pixels",
     .choices = observations},
    {.name = "action",
     .help = "how the dot is moved",
     .type = ACCORD_STRING,
     .text = "vector",
     .choices = actions},
    {.name = "steps", .help = "of an episode", .type = ACCORD_INT, .value = 5},
};

struct dots {
    const accord_host *host;
    uint32_t height, width;
    int64_t steps;
    const char *modes[3];
    accord_spec spec;
};

struct dot {
    struct dots *self;
    int night;
    long x, y, t; /* place in percent of the ground */
    float state[2];
    char id[32];
    uint8_t *pixels; /* [3][height][width] */
};

static accord_code dots_create(const accord_host *host, const accord_setup *setup,
                               void **self, accord_err *err) {
    const accord_param_value *p = setup->params;
    struct dots *d = calloc(1, sizeof(*d));

    if (!d)
        return host->fail(host, err, ACCORD_E_NOMEM, "out of memory");
    *d = (struct dots){.host = host,
                       .height = (uint32_t)p[P_SIZE].i,
                       .width = (uint32_t)p[P_SIZE].i - 3,
                       .steps = p[P_STEPS].i,
                       .modes = {"day", "night"}};
    d->spec = (accord_spec){.struct_size = sizeof(d->spec),
                            .flags = ACCORD_SPEC_SEEDED,
                            .obs = {ACCORD_PIXELS, 0, d->height, d->width},
                            .action = {ACCORD_VECTOR, 2, 0, 0},
                            .n_items = {0, N_EVAL},
                            .max_steps = (uint32_t)d->steps,
                            .higher_is_better = 1,
                            .score = "return",
                            .score_max = 1000.0,
                            .modes = d->modes};
    if (strcmp(p[P_OBSERVATION].s, "state") == 0)
        d->spec.obs = (accord_space){ACCORD_VECTOR, 2, 0, 0};
    if (strcmp(p[P_ACTION].s, "discrete") == 0)
        d->spec.action = (accord_space){ACCORD_DISCRETE, 4, 0, 0};
    *self = d;
    return ACCORD_OK;
}

static accord_code dots_spec(void *self, const char *mode, const accord_spec **out,
                             accord_err *err) {
    struct dots *d = self;

    *out = &d->spec;
    if (mode && strcmp(mode, "day") != 0 && strcmp(mode, "night") != 0)
        return d->host->fail(d->host, err, ACCORD_E_NOTFOUND, "there is no mode %s",
                             mode);
    return ACCORD_OK;
}

static void trace(const uint8_t *pixels, size_t n) {
    const char *path = getenv("DOTS_TRACE");
    FILE *f = path ? fopen(path, "a") : NULL;

    if (!f)
        return;
    fwrite(pixels, 1, n, f);
    fclose(f);
}

static void draw(struct dot *e) {
    const uint32_t h = e->self->height, w = e->self->width;

    for (uint32_t y = 0; y < h; y++)
        for (uint32_t x = 0; x < w; x++) {
            size_t i = (size_t)y * w + x;
            e->pixels[i] = (uint8_t)(x * 200 / w);
            e->pixels[(size_t)h * w + i] = (uint8_t)(y * 200 / h);
            e->pixels[(size_t)2 * h * w + i] = e->night ? 10 : 150;
        }
    size_t at = (size_t)(e->y * (long)h / 101) * w + (size_t)(e->x * (long)w / 101);
    for (size_t c = 0; c < 3; c++)
        e->pixels[c * h * w + at] = 255;
    trace(e->pixels, (size_t)3 * h * w);
}

static void look(struct dot *e, accord_obs *obs) {
    draw(e);
    e->state[0] = (float)e->x;
    e->state[1] = (float)e->y;
    obs->pixels = e->pixels;
    obs->vector = e->state;
}

static void dots_close(void *ep) {
    struct dot *e = ep;

    free(e->pixels);
    free(e);
}

static accord_code dots_open(void *self, const accord_key *key, void **ep,
                             accord_obs *obs, const char **id, accord_err *err) {
    struct dots *d = self;
    struct dot *e = calloc(1, sizeof(*e));

    if (!e || !(e->pixels = malloc((size_t)3 * d->height * d->width))) {
        free(e);
        return d->host->fail(d->host, err, ACCORD_E_NOMEM, "out of memory");
    }
    e->self = d;
    e->night = key->mode && strcmp(key->mode, "night") == 0;
    e->x = (long)(key->item * 31 + key->seed * 17) % 101;
    e->y = (long)(key->item * 13 + key->seed * 29) % 101;
    snprintf(e->id, sizeof(e->id), "dot-%lu", (unsigned long)key->item);
    look(e, obs);
    *id = e->id;
    *ep = e;
    return ACCORD_OK;
}

static long moved(long place, float by) {
    long to = place + (long)(by * 20.0f);

    return to < 0 ? 0 : to > 100 ? 100 : to;
}

static long variable(const char *name) {
    const char *text = getenv(name);

    return text ? strtol(text, NULL, 10) : -1;
}

static accord_code dots_step(void *ep, const accord_action *action, accord_step *out,
                             accord_err *err) {
    struct dot *e = ep;

    if (variable("DOTS_CRASH") == e->t)
        abort();
    if (action->kind == ACCORD_VECTOR) {
        e->x = moved(e->x, action->vector[0]);
        e->y = moved(e->y, action->vector[1]);
    } else {
        e->x = moved(e->x, action->index == 0 ? 1.0f : action->index == 1 ? -1.0f : 0.0f);
        e->y = moved(e->y, action->index == 2 ? 1.0f : action->index == 3 ? -1.0f : 0.0f);
    }
    out->reward = 1.0 - (double)(labs(e->x - 50) + labs(e->y - 50)) / 100.0;
    out->reward += getenv("DOTS_WIND") ? 0.25 : 0.0;
    if (variable("DOTS_SHORT") == e->t)
        out->end = ACCORD_END_TERMINATED;
    e->t++;
    look(e, out->obs);
    return ACCORD_OK;
}

static const accord_task_ops task_ops = {
    .struct_size = sizeof(task_ops),
    .spec = dots_spec,
    .open = dots_open,
    .step = dots_step,
    .close = dots_close,
};

static const void *dots_extension(const char *id) {
    return strcmp(id, ACCORD_TASK) == 0 ? &task_ops : NULL;
}

static const accord_ops ops = {
    .struct_size = sizeof(ops),
    .create = dots_create,
    .destroy = free,
    .extension = dots_extension,
};

const accord_plugin accord_plugin_entry = {
    ACCORD_PLUGIN_HEAD, .role = ACCORD_ROLE_TASK, .id = "dots",
    .version = "1",     .license = "MIT",         .summary = "fixture: a dot that moves",
    .params = params,   .n_params = N_PARAMS,     .ops = &ops,
};
