/* augment.c - the table of augmentations, lists and chains of them.
 *
 * Sources of the definitions:
 *   DMControl-GB   Hansen and Wang 2021, the benchmark's own code (SODA, SVEA)
 *   RAD            Laskin et al. 2020, its code
 *   TLDA           Yuan et al. 2022, its code
 * Draws are made for each stack and shared by its frames.  Where a published length is
 * for frames of 84 pixels it scales with pixels / 84. */
#include "augment.h"

#include <stdio.h>
#include <string.h>

#include <accord/rng.h>

#include "augment_parts.h"

void control_each(const control_stacks *s, const control_pictures *pictures,
                  uint64_t *rng, control_draw *draw) {
    const uint64_t batch = accord_rng_next(rng);
    const size_t size = 3 * (size_t)s->frames * s->pixels * s->pixels;
    control_sample one = {
        .frames = s->frames, .pixels = s->pixels, .kernels = control_kernels_best()};

    for (uint32_t i = 0; i < s->n; i++) {
        uint64_t stream = accord_rng_fold(batch, i);

        one.in = s->in + i * size;
        one.out = s->out + i * size;
        draw(&one, pictures, &stream);
    }
}

#define ENTRY(name) \
    static void name(const control_stacks *s, const control_pictures *pictures, \
                     uint64_t *rng) { \
        control_each(s, pictures, rng, control_draw_##name); \
    }
ENTRY(blur)
ENTRY(conv)
ENTRY(cutout)
ENTRY(cutout_color)
ENTRY(grayscale)
ENTRY(jitter)
ENTRY(noise)
ENTRY(overlay)
ENTRY(rotation)
ENTRY(shift)

static const control_augmentation table[] = {
    {.name = "shift",
     .help = "pad 4 of 84 pixels by replication, crop back at random (DMControl-GB, DrQ)",
     .apply = shift},
    {.name = "conv",
     .help = "a random 3 x 3 convolution of the colours, squashed (DMControl-GB)",
     .apply = conv},
    {.name = "overlay",
     .help = "mix evenly with a random part of a picture (DMControl-GB)",
     .needs_pictures = 1,
     .apply = overlay},
    {.name = "cutout", .help = "blacken a random rectangle (RAD)", .apply = cutout},
    {.name = "cutout_color",
     .help = "fill a random rectangle with a random colour (RAD)",
     .apply = cutout_color},
    {.name = "jitter",
     .help = "random contrast, brightness, saturation and hue (RAD)",
     .apply = jitter},
    {.name = "grayscale", .help = "grey, with probability 0.3 (RAD)", .apply = grayscale},
    {.name = "rotation",
     .help = "turn by 90, 180 or 270 degrees, with probability 0.3 (RAD)",
     .apply = rotation},
    {.name = "noise",
     .help = "one pixel in ten is black or white (salt and pepper, after TLDA)",
     .apply = noise},
    {.name = "blur",
     .help = "Gaussian blur, standard deviation 5 of 84 pixels (TLDA)",
     .apply = blur},
};

enum { N_TABLE = sizeof(table) / sizeof(table[0]) };

const control_augmentation *control_augmentation_at(uint32_t i) {
    return i < N_TABLE ? &table[i] : NULL;
}

static const control_augmentation *find(const char *name, size_t n) {
    for (size_t i = 0; i < N_TABLE; i++)
        if (strlen(table[i].name) == n && memcmp(table[i].name, name, n) == 0)
            return &table[i];
    return NULL;
}

const control_augmentation *control_augmentation_find(const char *name) {
    return find(name, strlen(name));
}

static accord_code unknown(const accord_host *host, const char *name, size_t n,
                           accord_err *err) {
    char names[160] = "";
    size_t used = 0;

    for (size_t i = 0; i < N_TABLE; i++)
        used +=
            (size_t)snprintf(names + used, sizeof(names) - used, " %s", table[i].name);
    return host->fail(host, err, ACCORD_E_CONFIG,
                      "'%.*s' is no augmentation; there are:%s", (int)(n < 40 ? n : 40),
                      name, names);
}

/* Reads a chain, text[n]. */
static accord_code read_chain(const accord_host *host, const char *text, size_t n,
                              control_chain *out, accord_err *err) {
    *out = (control_chain){.n = 0};
    for (size_t at = 0; at <= n;) {
        const char *plus = memchr(text + at, '+', n - at);
        const size_t end = plus ? (size_t)(plus - text) : n;
        const control_augmentation *a = find(text + at, end - at);

        if (!a)
            return unknown(host, text + at, end - at, err);
        if (out->n == CONTROL_MAX_CHAIN)
            return host->fail(host, err, ACCORD_E_CONFIG,
                              "'%.*s...' chains more than %d augmentations", (int)at - 1,
                              text, CONTROL_MAX_CHAIN);
        out->of[out->n++] = a;
        at = end + 1;
    }
    snprintf(out->name, sizeof(out->name), "%.*s", (int)n, text);
    return ACCORD_OK;
}

accord_code control_chains_read(const accord_host *host, const char *text,
                                control_chain *out, uint32_t max, uint32_t *n,
                                accord_err *err) {
    const size_t length = strlen(text);

    *n = 0;
    if (length == 0 || strcmp(text, "none") == 0)
        return ACCORD_OK;
    for (size_t at = 0; at <= length;) {
        const char *comma = strchr(text + at, ',');
        const size_t end = comma ? (size_t)(comma - text) : length;

        if (*n == max)
            return host->fail(host, err, ACCORD_E_CONFIG,
                              "more than %u augmentations, from '%.40s' on", max,
                              text + at);
        accord_code rc = read_chain(host, text + at, end - at, &out[*n], err);
        if (rc)
            return rc;
        for (uint32_t i = 0; i < *n; i++)
            if (strcmp(out[i].name, out[*n].name) == 0)
                return host->fail(host, err, ACCORD_E_CONFIG, "'%s' is there twice",
                                  out[i].name);
        (*n)++;
        at = end + 1;
    }
    return ACCORD_OK;
}

/* Every second result lies in `scratch`, the last one in s->out. */
void control_chain_apply(const control_chain *c, const control_stacks *s,
                         uint8_t *scratch, const control_pictures *pictures,
                         uint64_t *rng) {
    control_stacks step = *s;

    for (uint32_t i = 0; i < c->n; i++) {
        step.out = (c->n - i) % 2 ? s->out : scratch;
        c->of[i]->apply(&step, pictures, rng);
        step.in = step.out;
    }
}
