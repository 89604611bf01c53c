/* strategy.h - the coordinator's plan, before anybody answers. */
#ifndef ECON_STRATEGY_H
#define ECON_STRATEGY_H

#include "play.h"

/* [any] Whether a plan gives an answer away.  It does when
 *   - a word that announces an answer ("\boxed{", "####", "answer is", "answer:",
 *     "answer =") is followed by a number, or by yes, no, true or false;
 *   - it states a result: a number after an equals sign;
 *   - `canon`, what the task reads from it as an answer, consists of several words: then
 *     the plan is itself a whole answer (a list of actions).  A single number is no sign,
 *     since a task may read the last number of any text.
 * What is asked for ("\boxed{N}", "answer yes or no") is no answer. */
bool econ_leaks(const char *plan, const char *canon);

/* [any] Whether the whole word `canon` stands in the plan and not in the question: what
 * can be known of a leak only after the answers are there. */
bool econ_reveals(const char *plan, const char *question, const char *canon);

/* [worker] Asks for the strategy and, with clusters, for each cluster's own plan.  A plan
 * that is empty, longer than strategy_limit or gives an answer away is asked for again,
 * up to strategy_tries times; then it is a generic one. */
accord_code econ_plan(econ_episode *e, accord_err *err);

#endif
