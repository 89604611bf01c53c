/* err.h - how core functions fail: an accord_code to act on, an accord_err to show. */
#ifndef ACCORD_ERR_H
#define ACCORD_ERR_H

#include <stdarg.h>

#include <accord/plugin.h>

struct accord_err {
    accord_code code;
    char msg[508];
};

#define ACCORD_MUST_CHECK __attribute__((warn_unused_result))

/* Records the first failure only and returns `code`, so that callers can write
 * `return accord_fail(err, ACCORD_E_IO, "cannot open %s", path);`.  `err` may be NULL. */
accord_code accord_fail(accord_err *err, accord_code code, const char *fmt, ...)
    ACCORD_PRINTF(3, 4);
accord_code accord_vfail(accord_err *err, accord_code code, const char *fmt, va_list ap)
    ACCORD_PRINTF(3, 0);

/* Puts "context: " in front of the recorded message. */
void accord_err_context(accord_err *err, const char *fmt, ...) ACCORD_PRINTF(2, 3);

#endif
