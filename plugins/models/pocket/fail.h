/* fail.h - why something of the pocket models failed. */
#ifndef ACCORD_POCKET_FAIL_H
#define ACCORD_POCKET_FAIL_H

#include <accord/plugin.h>

/* The caller's, zeroed before use.  The first reason wins. */
struct pocket_err {
    accord_code code;
    char text[300]; /* lower case, no full stop */
};

/* [any] Notes why and returns `code`.  `err` may be NULL. */
accord_code pocket_fail(struct pocket_err *err, accord_code code, const char *format, ...)
    ACCORD_PRINTF(3, 4);

#endif
