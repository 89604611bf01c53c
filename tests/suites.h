/* suites.h - one function per suite, run by check_main.c. */
#ifndef SUITES_H
#define SUITES_H

#include <check.h>

Suite *suite_err(void);
Suite *suite_math_grade(void);
Suite *suite_rng(void);
Suite *suite_suite(void);

#endif
