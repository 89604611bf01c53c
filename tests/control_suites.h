/* control_suites.h - one function per suite, run by check_control.c. */
#ifndef CONTROL_SUITES_H
#define CONTROL_SUITES_H

#include <check.h>

Suite *suite_control_gradients(void);
Suite *suite_control_surgery(void);
Suite *suite_control_augment(void);
Suite *suite_control_pictures(void);
Suite *suite_control_sac(void);
Suite *suite_control_replay(void);
Suite *suite_control_agent(void);
Suite *suite_control_sac_steps(void);

#endif
