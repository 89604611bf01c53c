/* clock.h - the only clock: durations are monotonic nanoseconds, dates are UTC. */
#ifndef ACCORD_CLOCK_H
#define ACCORD_CLOCK_H

#include <stddef.h>
#include <stdint.h>

#define ACCORD_S_NS INT64_C(1000000000)

/* [any] Monotonic, from an arbitrary start; comparable between processes. */
int64_t accord_now_ns(void);
/* [any] "2026-11-23T10:11:12Z"; `compact` gives "20261123T101112Z". */
void accord_utc(char *out, size_t size, int compact);

#endif
