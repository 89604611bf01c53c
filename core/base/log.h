/* log.h - diagnostics on stderr: "level: module: text", one write a line.  ACCORD_LOG
 * (debug, info, warn, error) sets the lowest level shown; default info. */
#ifndef ACCORD_LOG_H
#define ACCORD_LOG_H

#include <stdarg.h>

#include <accord/plugin.h>

/* [any] */
void accord_log(int32_t level, const char *module, const char *fmt, ...)
    ACCORD_PRINTF(3, 4);
void accord_vlog(int32_t level, const char *module, const char *fmt, va_list ap)
    ACCORD_PRINTF(3, 0);

#endif
