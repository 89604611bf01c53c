/* rewards.h - what each executor earns at a stage, outside evaluation.
 *
 *   AL_i  min(1, cos(u_i, C)): agreement of its answer with the final output
 *   TS_i  score of its own answer by the task's checker, from 0 to 1 (train.score), or
 *         with ts = coordinator what the coordinator gave it; 0 where it gave nothing
 *   CC_i  what it contributes: quality(all) - quality(all without i), where the quality
 *         of some answers is TS of their plurality.  From -1 to 1.  It needs no call: TS
 *         of every answer is known.  With one executor, quality(nobody) is 0.
 *   R_k   cos(c_k, C) of cluster k; 0 where one of the two is missing
 *
 * An answer that cannot be read earns 0 in all three.  The paper gives AL, that TS and CC
 * are at most 1, and names the coordinator as judge of both; per executor, the checker
 * and the marginal are resolved. */
#ifndef ECON_REWARDS_H
#define ECON_REWARDS_H

#include "play.h"

/* [worker] Embeds what is needed, and sets reward, cluster_reward and team of turn[t] and
 * the vector of its final output. */
accord_code econ_earn(econ_episode *e, uint32_t t, accord_err *err);

/* [any] r_i of stage t, from the learnt weights or, `first`, from those that training
 * begins with, so that values of different times compare. */
double econ_earned(const econ_episode *e, uint32_t t, uint32_t i, bool first);

#endif
