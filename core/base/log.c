/* log.c - see log.h. */
#include "base/log.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *const level_names[] = {"debug", "info", "warn", "error"};

static int32_t lowest_shown(void) {
    const char *wanted = getenv("ACCORD_LOG");

    for (int32_t i = ACCORD_DEBUG; wanted && i <= ACCORD_ERROR; i++)
        if (strcmp(wanted, level_names[i]) == 0)
            return i;
    return ACCORD_INFO;
}

void accord_vlog(int32_t level, const char *module, const char *fmt, va_list ap) {
    char line[2048];

    if (level < lowest_shown())
        return;
    int n = snprintf(line, sizeof(line), "%s: %s: ", level_names[level & 3], module);
    vsnprintf(line + n, sizeof(line) - (size_t)n - 1, fmt, ap);
    size_t end = strlen(line);
    for (char *p = line; *p; p++)
        if ((unsigned char)*p < 0x20) /* one line a message, no escape codes of others */
            *p = ' ';
    line[end] = '\n';
    if (write(STDERR_FILENO, line, end + 1) < 0)
        return; /* nowhere left to say so */
}

void accord_log(int32_t level, const char *module, const char *fmt, ...) {
    va_list ap;

    va_start(ap, fmt);
    accord_vlog(level, module, fmt, ap);
    va_end(ap);
}
