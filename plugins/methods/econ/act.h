/* act.h - the executors of a stage: which temperature and top-p each plays, and what it
 * says. */
#ifndef ECON_ACT_H
#define ECON_ACT_H

#include "play.h"

/* [worker] Chooses the actions of stage t: learned (exploring in training), fixed or
 * random, and in a probe the one deviation of its variant. */
accord_code econ_choose(econ_episode *e, uint32_t t, accord_err *err);

/* [worker] All executors answer at once.  Each is shown the question, its plan and, once
 * there is a final output, its own last answer (section Answer) and that final output
 * (section Peer 1: <accord/chat.h> has no other for a voice that is not one's own); never
 * what another executor said. */
accord_code econ_speak(econ_episode *e, uint32_t t, accord_err *err);

#endif
