/* screen.c - what the episodes of a task show. */
#include "screen.h"

#include <stdlib.h>

#include "engine.h"

static accord_code no_memory(const screen *s, accord_err *err) {
    return s->world->host->fail(s->world->host, err, ACCORD_E_NOMEM, "out of memory");
}

/* A call of the renderer, which asks MuJoCo for the scene. */
struct call {
    screen *screen;
    const environment *e; /* NULL: make the renderer */
    const render_look *now;
    unsigned char *pixels;
    accord_err *err;
    accord_code rc;
};

static void enter_renderer(void *arg) {
    struct call *c = arg;
    screen *s = c->screen;
    const mjModel *m = s->world->model.m;
    const look_options *o = &s->options;

    if (c->e)
        c->rc =
            render_frame(s->render, m, c->e->data, o->camera, c->now, c->pixels, c->err);
    else
        c->rc = render_new(s->world->host, m, o->width, o->height, &s->render, c->err);
}

static accord_code call_renderer(struct call *c) {
    const accord_host *host = c->screen->world->host;
    char why[200];

    if (engine_try(enter_renderer, c, why, sizeof(why)))
        return host->fail(host, c->err, ACCORD_E_INTERNAL, "MuJoCo, for a picture: %s",
                          why);
    return c->rc;
}

accord_code screen_init(screen *s, const world *w, const look_options *options,
                        accord_err *err) {
    const mjModel *m = w->model.m;

    *s = (screen){.world = w, .options = *options};
    if (options->camera >= m->ncam)
        return w->host->fail(w->host, err, ACCORD_E_CONFIG,
                             "no camera %d: %s has %d, counted from 0", options->camera,
                             w->domain->name, m->ncam);
    return call_renderer(&(struct call){.screen = s, .err = err});
}

void screen_fini(screen *s) {
    for (int i = 0; i < SCREEN_MODES; i++) {
        free(s->modes[i].files);
        look_source_close(s->modes[i].source);
    }
    render_free(s->render);
}

static size_t count(const char *const *list) {
    size_t n = 0;

    while (list && list[n])
        n++;
    return n;
}

static accord_code list_files(screen *s, screen_mode *m, accord_err *err) {
    const char *const *own = (const char *const *)s->world->model.files;
    const char *const *looks = look_source_files(m->source);
    size_t n = 0;

    m->files = calloc(count(own) + count(looks) + 1, sizeof(*m->files));
    if (!m->files)
        return no_memory(s, err);
    for (; own && *own; own++)
        m->files[n++] = *own;
    for (; looks && *looks; looks++)
        m->files[n++] = *looks;
    return ACCORD_OK;
}

/* To the host, ACCORD_E_NOTFOUND would say that there is no such mode. */
accord_code screen_open_mode(screen *s, int mode, accord_err *err) {
    screen_mode *m = &s->modes[mode];
    look_options options = s->options;

    if (m->files)
        return ACCORD_OK;
    options.mode = look_modes[mode];
    accord_code rc =
        look_source_open(s->world->host, &options, s->world->model.m, &m->source, err);
    if (!rc)
        rc = list_files(s, m, err);
    if (rc) {
        look_source_close(m->source);
        m->source = NULL;
    }
    return rc == ACCORD_E_NOTFOUND ? ACCORD_E_CONFIG : rc;
}

accord_code view_init(view *v, screen *s, int mode, const accord_key *key,
                      accord_err *err) {
    size_t n = (size_t)s->options.width * (size_t)s->options.height;

    *v = (view){.screen = s, .pixels = malloc(3 * n)};
    if (!v->pixels)
        return no_memory(s, err);
    accord_code rc = look_open(s->modes[mode].source, &v->look, err);
    return rc ? rc : look_reset(v->look, key, err);
}

void view_fini(view *v) {
    look_close(v->look);
    free(v->pixels);
    *v = (view){0};
}

accord_code view_draw(view *v, const environment *e, accord_err *err) {
    struct call c = {.screen = v->screen, .e = e, .pixels = v->pixels, .err = err};

    c.now = look_now(v->look, v->screen->world->model.m, e->data);
    return call_renderer(&c);
}

accord_code view_step(view *v, const environment *e, accord_err *err) {
    accord_code rc = look_step(v->look, ++v->t, err);

    return rc ? rc : view_draw(v, e, err);
}
