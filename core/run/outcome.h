/* outcome.h - every episode ends in one outcome; nothing leaves a denominator. */
#ifndef ACCORD_OUTCOME_H
#define ACCORD_OUTCOME_H

#include "run/episode.h"

/* [any] The outcome of an episode that was played: "correct" or "wrong" whenever the
 * method returned an answer that parses ("finished" in control), else the first failure
 * that applies.  A static text. */
const char *accord_outcome_of(const accord_episode *e);

/* [any] True for correct, wrong and finished. */
bool accord_outcome_answered(const char *outcome);

#endif
