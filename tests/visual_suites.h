/* visual_suites.h - one function per suite, run by check_visual.c. */
#ifndef VISUAL_SUITES_H
#define VISUAL_SUITES_H

#include <check.h>

Suite *suite_visual_domains(void);
Suite *suite_visual_engine(void);
Suite *suite_visual_films(void);
Suite *suite_visual_gl(void);
Suite *suite_visual_look(void);
Suite *suite_visual_modes(void);
Suite *suite_visual_picture(void);
Suite *suite_visual_render(void);
Suite *suite_visual_runs(void);
Suite *suite_visual_task(void);

#endif
