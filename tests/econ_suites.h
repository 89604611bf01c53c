/* econ_suites.h - one function per suite, run by check_econ.c. */
#ifndef ECON_SUITES_H
#define ECON_SUITES_H

#include <check.h>

Suite *suite_econ_games(void);
Suite *suite_econ_learner(void);
Suite *suite_econ_net(void);
Suite *suite_econ_play(void);
Suite *suite_econ_probe(void);
Suite *suite_econ_rewards(void);

#endif
