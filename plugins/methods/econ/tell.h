/* tell.h - what is written down: metrics of an episode, of an update and of a probe.
 *
 *   reward            mean r_i of the last stage                        training, probe
 *   reward_al, _ts, _cc   its parts                                     training
 *   temperature.I, top_p.I   what executor I plays as learnt            everywhere
 *   stages            how many were played                              everywhere
 *   generic_plan      1: no strategy of the coordinator would do        everywhere
 *   revealed          1: the final output stands in the strategy        everywhere
 *   undetermined      1: no answer could be read                        everywhere
 *   agreement         cosine of strategy and final output               training, probe
 *   loss.*            of an update, see losses.h                        training
 *   alpha.al, .ts, .cc    the reward's weights                          training
 *   bne_gap, bne_gap_cross, regret, cumulative_regret   see gap.h       probe
 *   gain.I            cross-fitted gain of executor I                   probe
 *   commitment_change mean distance since the last probe                probe
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
