/* nn_conv.c - convolutions through the seam: 32 filters of 3 x 3, batch 128. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "nn.h"
#include "nn/conv.h"

enum { BATCH = 128, OUT = 32 };

static const struct {
    uint32_t in, size, stride;
} shapes[] = {{9, 84, 2},  {9, 84, 1},  {9, 41, 1}, {9, 21, 1},
              {32, 84, 1}, {32, 41, 1}, {32, 21, 1}};
static const char *const passes[] = {"forward", "data", "weights"};

typedef struct conv {
    int pass;
    accord_conv *plan;
    float *x, *y, *kept, *w, *b, *dw, *db, *dx;
} conv;

static void run(void *self) {
    conv *c = self;
    const float *const w[] = {c->w}, *const b[] = {c->b};
    float *const dw[] = {c->pass == 2 ? c->dw : NULL};
    float *const db[] = {c->pass == 2 ? c->db : NULL};

    if (c->pass == 0)
        accord_conv_forward(c->plan, c->y, c->kept, c->x, w, b);
    else
        accord_conv_backward(c->plan,
                             &(accord_conv_back){.dy = c->y,
                                                 .y = c->y,
                                                 .kept = c->kept,
                                                 .x = c->x,
                                                 .w = w,
                                                 .dw = dw,
                                                 .db = db,
                                                 .dx = c->pass == 1 ? c->dx : NULL});
}

static void destroy(void *self) {
    conv *c = self;

    accord_conv_destroy(c->plan);
    free(c->x);
    free(c->y);
    free(c->kept);
    free(c->w);
    free(c->b);
    free(c->dw);
    free(c->db);
    free(c->dx);
    free(c);
}

static conv *create(uint32_t in, uint32_t size, uint32_t stride, int pass) {
    conv *c = calloc(1, sizeof(*c));
    accord_conv_shape s = {BATCH, in, size,
                           size,  1,  {{.out = OUT, .kernel = 3, .stride = stride}}};
    size_t side = accord_conv_out(size, 3, stride, 0), weights = (size_t)OUT * in * 9;
    size_t n_x = (size_t)BATCH * in * size * size, n_y = BATCH * OUT * side * side;

    perf_need(c && !accord_conv_create(&s, ACCORD_CONV_BEST, &c->plan), "a convolution");
    c->pass = pass;
    c->x = perf_draw(n_x, 1);
    c->dx = perf_draw(n_x, 1);
    c->y = perf_draw(n_y, 1);
    c->kept = perf_draw(accord_conv_kept(c->plan), 1);
    c->w = perf_draw(weights, 0.1f);
    c->dw = perf_draw(weights, 0.1f);
    c->b = perf_draw(OUT, 0.1f);
    c->db = perf_draw(OUT, 0.1f);
    return c;
}

int perf_conv_case(int i, const char *wanted, perf_case *out) {
    size_t shape = (size_t)i / 3;
    int pass = i % 3;

    if (shape >= sizeof(shapes) / sizeof(shapes[0]))
        return 0;
    uint32_t in = shapes[shape].in, size = shapes[shape].size,
             stride = shapes[shape].stride;
    double side = accord_conv_out(size, 3, stride, 0);
    snprintf(out->name, sizeof(out->name), "conv %s %u channels %u px stride %u",
             passes[pass], in, size, stride);
    if (!strstr(out->name, wanted))
        return 1;
    out->flops = 2.0 * BATCH * OUT * side * side * in * 9;
    out->self = create(in, size, stride, pass);
    out->run = run;
    out->destroy = destroy;
    return 1;
}
