/* commit.h - the commitment: the answers of a stage become one final output. */
#ifndef ECON_COMMIT_H
#define ECON_COMMIT_H

#include "play.h"

/* What is said when no answer can be read. */
extern const char econ_undetermined[];

/* [worker] Sets turn[t].local, .final and .assessed.  With clusters each one's answers
 * become one first.  Nobody is asked to merge nothing, and no answer is made up: when
 * none can be read, or the merge cannot, the last final output stands; without one it is
 * "undetermined". */
accord_code econ_commit(econ_episode *e, uint32_t t, accord_err *err);

/* [any] Reads "Scores: 0.5, 1, ..." at the end of a merge: up to n numbers into
 * score[n], each moved into 0 to 1, NaN for those that are missing.  The length of the
 * text before it. */
size_t econ_read_scores(const char *text, double *score, uint32_t n);

#endif
