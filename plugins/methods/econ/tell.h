/* tell.h - what is written down: metrics of an episode, of an update and of a probe.
 *
 * Of an episode, of training ("train") and of evaluation too ("both"):
 *   temperature.I, top_p.I   what executor I plays as learnt, last stage   both
 *   stages            how many were played                              both
 *   generic_plan      1: no strategy of the coordinator would do        both, and probes
 *   revealed          1: the final output stands in the strategy        both
 *   undetermined      1: no answer could be read                        both
 *   reward            mean r_i of the last stage                        train
 *   reward_al, _ts, _cc   its parts                                     train
 *   agreement         cosine of strategy and final output               train
 * Of an update:
 *   loss.*            see losses.h; skipped: a step was left out, and the others are not
 *                     written
 *   alpha.al, .ts, .cc    the reward's weights
 * Of a probe:
 *   bne_gap, bne_gap_cross, regret, cumulative_regret   see gap.h
 *   gain.I            cross-fitted gain of executor I
 *   commitment_change mean distance since the last probe
 *   probe.reward, .agreement, .temperature.I, .top_p.I   means over its items as learnt;
 *                     reward: the executors' mean utility
 */
#ifndef ECON_TELL_H
#define ECON_TELL_H

#include "play.h"

/* [worker] After an episode was played. */
void econ_tell_played(const econ_episode *e);
/* [worker] What a training episode earned, and its losses. */
void econ_tell_learned(const econ_episode *e, const econ_losses *losses);
/* [worker] An episode of a probe ends. */
void econ_tell_probe(econ_episode *e);
/* [worker] Concludes a probe whose last episodes never came, when something else begins;
 * `info` may be NULL. */
void econ_settle(econ *c, const accord_episode_info *info);

/* [any] What executor i earned in an episode: the discounted mean of r_i over its stages
 * under the initial weights. */
double econ_utility(const econ_episode *e, uint32_t i);

#endif
