/* augment.c - what each augmentation of the control methods costs one core, for the batch
 * of an update: 128 stacks of 3 frames. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <accord/rng.h>

#include "augment.h"
#include "base/clock.h"
#include "base/mem.h"
#include "host/host.h"

enum { STACKS = 128, FRAMES = 3, ROUNDS = 21 };

/* Processor time: what other programs take from this one does not count. */
static int64_t spent_ns(void) {
    struct timespec t;

    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return t.tv_sec * ACCORD_S_NS + t.tv_nsec;
}

static int by_value(const void *a, const void *b) {
    const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return (x > y) - (x < y);
}

/* The median and the least of some rounds. */
static void measure(const control_augmentation *a, const control_stacks *s,
                    const control_pictures *pictures) {
    int64_t ns[ROUNDS];
    uint64_t rng = 1;

    for (int i = 0; i < ROUNDS; i++) {
        const int64_t begin = spent_ns();
        a->apply(s, pictures, &rng);
        ns[i] = spent_ns() - begin;
    }
    qsort(ns, ROUNDS, sizeof(ns[0]), by_value);
    printf("%-14s %6u %10.2f %10.2f\n", a->name, s->pixels, (double)ns[ROUNDS / 2] / 1e6,
           (double)ns[0] / 1e6);
}

static void measure_all(uint32_t pixels) {
    const size_t n = (size_t)STACKS * 3 * FRAMES * pixels * pixels;
    uint8_t *in = accord_xalloc(n), *out = accord_xalloc(n);
    control_pictures *pictures;
    uint64_t rng = 1;

    for (size_t i = 0; i < n; i++)
        in[i] = (uint8_t)accord_rng_next(&rng);
    memset(out, 0, n);
    if (control_pictures_create(&accord_host_default, NULL, pixels, &pictures, NULL))
        abort();
    const control_stacks s = {STACKS, FRAMES, pixels, in, out};
    for (uint32_t i = 0; control_augmentation_at(i); i++)
        measure(control_augmentation_at(i), &s, pictures);
    control_pictures_destroy(pictures);
    free(in);
    free(out);
}

int main(void) {
    printf("%d stacks of %d frames, ms on one core\n%-14s %6s %10s %10s\n", STACKS,
           FRAMES, "augmentation", "pixels", "median", "least");
    measure_all(84);
    measure_all(48);
    return 0;
}
