/* fail.c - see fail.h. */
#include "fail.h"

#include <stdarg.h>
#include <stdio.h>

accord_code econ_fail(accord_nn_err *err, accord_code code, const char *format, ...) {
    va_list arguments;

    if (!err || err->code)
        return code;
    err->code = code;
    va_start(arguments, format);
    vsnprintf(err->text, sizeof(err->text), format, arguments);
    va_end(arguments);
    return code;
}
