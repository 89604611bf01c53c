/* learn.h - the plugin's "accord.learner/1": an episode becomes stages of the learner. */
#ifndef ECON_LEARN_H
#define ECON_LEARN_H

#include "play.h"

extern const accord_learner_ops econ_learner_ops;

#endif
