/* score.h - an action on a fresh episode: the primitive behind candidates, train.score
 * and rescoring. */
#ifndef ACCORD_SCORE_H
#define ACCORD_SCORE_H

#include "host/instance.h"

typedef struct accord_scored {
    double score;
    double parts[ACCORD_MAX_PARTS];
    char *canon; /* NULL without canon() or after a failure */
    char *note;
} accord_scored;

/* [worker] Opens an episode of `key`, takes `action`, closes it.  `item`, where it is
 * given, is what the episode must be called: ACCORD_E_NOTFOUND when it is another.
 * *opened tells whether a failure came after that; it may be NULL.  accord_scored_fini()
 * in any case. */
accord_code accord_score_afresh(const accord_instance *task, const accord_spec *spec,
                                const accord_key *key, const char *item,
                                const accord_action *action, accord_scored *out,
                                bool *opened, accord_err *err) ACCORD_MUST_CHECK;
/* [any] */
void accord_scored_fini(accord_scored *s);

#endif
