/* mujoco_gl.c - see mujoco_gl.h. */
#include "mujoco_gl.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

#include "engine.h"

/* What OSMesa allocates it keeps; that is no leak of ours. */
void __lsan_disable(void) __attribute__((weak));
void __lsan_enable(void) __attribute__((weak));

static void watch_leaks(bool on) {
    void (*call)(void) = on ? __lsan_enable : __lsan_disable;
    if (call)
        call();
}

/* RGBA of 8 bits, depth of 24, stencil of 8 (reflections need it). */
static const int attributes[] = {0x22, 0x1908, 0x30, 24, 0x31, 8, 0};
enum { UNSIGNED_BYTE = 0x1401 };

static const char *open_mesa(mujoco_gl *g) {
    setenv("LP_NUM_THREADS", "0", 1);
    void *lib = dlopen("libOSMesa.so.8", RTLD_NOW | RTLD_LOCAL);
    if (!lib)
        lib = dlopen("libOSMesa.so.6", RTLD_NOW | RTLD_LOCAL);
    if (!lib)
        return "no OSMesa here (Debian: libosmesa6)";
    void *(*create)(const int *, void *);
    unsigned char (*make_current)(void *, void *, unsigned, int, int);
    *(void **)&create = dlsym(lib, "OSMesaCreateContextAttribs");
    *(void **)&make_current = dlsym(lib, "OSMesaMakeCurrent");
    g->context = create ? create(attributes, NULL) : NULL;
    g->buffer = malloc((size_t)g->width * (size_t)g->height * 4);
    if (!g->context || !make_current || !g->buffer ||
        !make_current(g->context, g->buffer, UNSIGNED_BYTE, g->width, g->height))
        return "OSMesa makes no context of compatible OpenGL";
    return NULL;
}

static void make_cheap(mjModel *m) {
    m->vis.quality.shadowsize = 0;
    m->vis.quality.offsamples = 0;
    m->vis.quality.numslices = 12;
    m->vis.quality.numstacks = 6;
    m->vis.quality.numquads = 1;
}

struct making {
    mujoco_gl *g;
    mjModel *m;
};

static void make(void *arg) {
    struct making *k = arg;

    mjr_makeContext(k->m, &k->g->mjr, mjFONTSCALE_100);
    mjr_setBuffer(mjFB_OFFSCREEN, &k->g->mjr);
    mjv_makeScene(k->m, &k->g->scene, 1000);
}

const char *mujoco_gl_open(mujoco_gl *g, mjModel *m, int width, int height,
                           bool cheapest) {
    static char why[200];

    memset(g, 0, sizeof *g);
    g->width = width;
    g->height = height;
    mjr_defaultContext(&g->mjr);
    mjv_defaultScene(&g->scene);
    mjv_defaultOption(&g->option);
    m->vis.global.offwidth = width;
    m->vis.global.offheight = height;
    if (cheapest)
        make_cheap(m);
    watch_leaks(false);
    const char *missing = open_mesa(g);
    g->rows = malloc(3 * (size_t)width * (size_t)height);
    if (!missing && engine_try(make, &(struct making){g, m}, why, sizeof why))
        missing = why;
    watch_leaks(true);
    if (cheapest) {
        g->scene.flags[mjRND_SHADOW] = 0;
        g->scene.flags[mjRND_REFLECTION] = 0;
    }
    return missing;
}

void mujoco_gl_close(mujoco_gl *g) {
    mjv_freeScene(&g->scene);
    if (g->context)
        mjr_freeContext(&g->mjr);
    free(g->rows);
    free(g->buffer);
}

void mujoco_gl_look(mujoco_gl *g, const mjModel *m, mjData *d, int camera) {
    mjvCamera c;

    mjv_defaultCamera(&c);
    c.type = mjCAMERA_FIXED;
    c.fixedcamid = camera;
    mjv_updateScene(m, d, &g->option, NULL, &c, mjCAT_ALL, &g->scene);
}

void mujoco_gl_draw(mujoco_gl *g, unsigned char *rgb) {
    const mjrRect all = {0, 0, g->width, g->height};
    size_t row = 3 * (size_t)g->width;

    watch_leaks(false);
    mjr_render(all, &g->scene, &g->mjr);
    mjr_readPixels(g->rows, NULL, all, &g->mjr);
    watch_leaks(true);
    for (int y = 0; y < g->height; y++)
        memcpy(rgb + row * (size_t)y, g->rows + row * (size_t)(g->height - 1 - y), row);
}

void mujoco_gl_ids(mujoco_gl *g, int16_t *ids) {
    size_t n = (size_t)g->width * (size_t)g->height;
    unsigned char *rgb = malloc(3 * n);

    g->scene.flags[mjRND_SEGMENT] = g->scene.flags[mjRND_IDCOLOR] = 1;
    mujoco_gl_draw(g, rgb);
    g->scene.flags[mjRND_SEGMENT] = g->scene.flags[mjRND_IDCOLOR] = 0;
    for (size_t i = 0; i < n; i++)
        ids[i] = (int16_t)(rgb[3 * i] + 256 * rgb[3 * i + 1] - 1);
    free(rgb);
}
