/* clock.c - see clock.h. */
#include "base/clock.h"

#include <time.h>

int64_t accord_now_ns(void) {
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * ACCORD_S_NS + t.tv_nsec;
}

void accord_utc(char *out, size_t size, int compact) {
    time_t now = time(NULL);
    struct tm tm;

    gmtime_r(&now, &tm);
    if (strftime(out, size, compact ? "%Y%m%dT%H%M%SZ" : "%Y-%m-%dT%H:%M:%SZ", &tm) == 0)
        out[0] = '\0';
}
