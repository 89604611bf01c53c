/* fail.c - see fail.h. */
#include "fail.h"

#include <stdarg.h>
#include <stdio.h>

accord_code pocket_fail(struct pocket_err *err, accord_code code, const char *format,
                        ...) {
    if (err && err->code == ACCORD_OK) {
        va_list args;
        va_start(args, format);
        vsnprintf(err->text, sizeof(err->text), format, args);
        va_end(args);
        err->code = code;
    }
    return code;
}
