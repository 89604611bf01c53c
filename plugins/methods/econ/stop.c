/* stop.c - see stop.h. */
#include "stop.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

accord_code econ_stop_init(econ_stop *s, uint32_t items, uint32_t width) {
    *s = (econ_stop){
        .loss = (double)NAN, .loss_now = (double)NAN, .items = items, .width = width};
    s->finals = calloc((size_t)items * width + 1, sizeof(*s->finals));
    return s->finals ? ACCORD_OK : ACCORD_E_NOMEM;
}

void econ_stop_fini(econ_stop *s) {
    free(s->finals);
    s->finals = NULL;
}

/* ---- checks ----------------------------------------------------------------------- */

static double distance(const float *a, const float *b, uint32_t n) {
    double sum = 0;

    for (uint32_t i = 0; i < n; i++) {
        double d = (double)a[i] - (double)b[i];
        sum += d * d;
    }
    return sqrt(sum);
}

/* Over the items that have a final output now and had one then. */
static double change_since(const econ_stop *s, const econ_check *c) {
    double sum = 0;
    uint32_t n = 0;

    for (uint32_t i = 0; i < c->items && s->checks > 0; i++)
        for (uint32_t k = 0; k < s->items; k++)
            if (s->item[k] == c->base[i].item && s->has_final[k] &&
                c->base[i].has_final) {
                sum += distance(s->finals + (size_t)k * s->width,
                                c->finals + (size_t)i * s->width, s->width);
                n++;
            }
    return n ? sum / n : (double)NAN;
}

static void remember(econ_stop *s, const econ_check *c) {
    s->step = c->step;
    s->regret = c->regret;
    s->loss = s->loss_now;
    s->checks++;
    memset(s->has_final, 0, sizeof(s->has_final));
    for (uint32_t i = 0; i < c->items && i < s->items; i++) {
        s->item[i] = c->base[i].item;
        s->has_final[i] = c->base[i].has_final;
        memcpy(s->finals + (size_t)i * s->width, c->finals + (size_t)i * s->width,
               s->width * sizeof(*s->finals));
    }
}

void econ_stop_check(econ_stop *s, const econ_check *c, const econ_options *o,
                     double *change) {
    *change = change_since(s, c);
    double moved = fabs(s->loss_now - s->loss);

    /* A comparison with an unknown number is false. */
    bool calm = *change <= o->eps_c && c->reward >= o->r_threshold && moved <= o->eps_l;
    s->streak = calm ? s->streak + 1 : 0;
    if (s->checks > 0) /* the trapezoidal rule over training episodes */
        s->cumulative += (double)(c->step - s->step) * (s->regret + c->regret) / 2;
    remember(s, c);
}

bool econ_stop_due(const econ_stop *s, const econ_options *o) {
    return o->probe == ECON_PROBE_EVERY && o->patience > 0 && s->streak >= o->patience;
}

/* ---- file -------------------------------------------------------------------------- */

static const char first_line[] = "econ probe 1\n";

static void write_all(const econ_stop *s, FILE *f) {
    fputs(first_line, f);
    fprintf(f, "%u %u %u %u %" PRIu64 " %.17g %.17g %.17g %.17g\n", s->items, s->width,
            s->checks, s->streak, s->step, s->regret, s->cumulative, s->loss,
            s->loss_now);
    for (uint32_t i = 0; i < s->items; i++) {
        fprintf(f, "%" PRIu64 " %d", s->item[i], s->has_final[i]);
        for (uint32_t d = 0; d < s->width; d++)
            fprintf(f, " %.9g", (double)s->finals[(size_t)i * s->width + d]);
        fputc('\n', f);
    }
}

accord_code econ_stop_save(const econ_stop *s, const char *dir, const accord_host *host,
                           accord_err *err) {
    char path[4096];

    snprintf(path, sizeof(path), "%s/probe", dir);
    FILE *f = fopen(path, "w");
    if (!f)
        return host->fail(host, err, ACCORD_E_IO, "cannot write %s: %s", path,
                          strerror(errno));
    write_all(s, f);
    bool failed = ferror(f);
    failed = fclose(f) || failed;
    return failed ? host->fail(host, err, ACCORD_E_IO, "cannot write %s", path)
                  : ACCORD_OK;
}

static bool read_item(econ_stop *s, uint32_t i, FILE *f) {
    int has;

    if (fscanf(f, "%" SCNu64 " %d", &s->item[i], &has) != 2)
        return false;
    s->has_final[i] = has != 0;
    for (uint32_t d = 0; d < s->width; d++) {
        float *x = &s->finals[(size_t)i * s->width + d];
        if (fscanf(f, "%f", x) != 1 || !isfinite(*x))
            return false;
    }
    return true;
}

static bool read_all(econ_stop *s, FILE *f) {
    char line[sizeof(first_line)];
    uint32_t items, width;

    if (!fgets(line, sizeof(line), f) || strcmp(line, first_line) != 0 ||
        fscanf(f, "%u %u %u %u %" SCNu64 " %lf %lf %lf %lf", &items, &width, &s->checks,
               &s->streak, &s->step, &s->regret, &s->cumulative, &s->loss,
               &s->loss_now) != 9)
        return false;
    if (items != s->items || width != s->width)
        return false;
    for (uint32_t i = 0; i < items; i++)
        if (!read_item(s, i, f))
            return false;
    return true;
}

accord_code econ_stop_load(econ_stop *s, const char *dir, const accord_host *host,
                           accord_err *err) {
    char path[4096];
    econ_stop read;

    snprintf(path, sizeof(path), "%s/probe", dir);
    FILE *f = fopen(path, "r");
    if (!f)
        return host->fail(host, err, ACCORD_E_IO, "cannot read %s: %s", path,
                          strerror(errno));
    if (econ_stop_init(&read, s->items, s->width)) {
        fclose(f);
        return host->fail(host, err, ACCORD_E_NOMEM, "out of memory");
    }
    bool fits = read_all(&read, f);
    fclose(f);
    if (!fits) {
        econ_stop_fini(&read);
        return host->fail(host, err, ACCORD_E_CONFIG,
                          "%s is damaged or of another configuration", path);
    }
    econ_stop_fini(s);
    *s = read;
    return ACCORD_OK;
}
