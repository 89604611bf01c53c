/* fail.h - how the learner says what is wrong. */
#ifndef ECON_FAIL_H
#define ECON_FAIL_H

#include <accord/nn.h>

/* Notes the first reason (err may be NULL) and returns `code`. */
__attribute__((format(printf, 3, 4))) accord_code
econ_fail(accord_nn_err *err, accord_code code, const char *format, ...);

#endif
