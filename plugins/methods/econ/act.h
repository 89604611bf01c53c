/* act.h - the executors of a stage: which temperature and top-p each plays, and what it
 * says. */
#ifndef ECON_ACT_H
#define ECON_ACT_H

#include "play.h"

/* [worker] Chooses the actions of stage t: learned (exploring in training), fixed or
 * random, and in a probe the one deviation of its variant. */
accord_code econ_choose(econ_episode *e, uint32_t t, accord_err *err);

/* [worker] All executors answer at once.  Each is shown the question, its plan and, after
 * the first stage, the last final output as the section Answer; never a word of another
 * executor. */
accord_code econ_speak(econ_episode *e, uint32_t t, accord_err *err);

#endif
