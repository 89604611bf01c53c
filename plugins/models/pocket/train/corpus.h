/* corpus.h - what the pocket models learn: conversations as the methods write them, each
 * with the reply that is wanted.
 *
 *   MATHS, BLOCKS   Task: answer, Question
 *   BARE            the same as MATHS without the answer's format
 *   PLAN            Task: plan, Question -> a strategy without results
 *   FOLLOW          Task: answer, Question, Plan
 *   REVISE          Task: revise, Question, Answer, Peer 1 ..
 *   MERGE           Task: merge, Question, Peer 1 ..
 *
 * Answers that are revised and merged are samples of models, right and wrong; the reply
 * is the right one whatever they say.  Only problems of the train split occur.  A lesson
 * depends on its key and the samples alone. */
#ifndef ACCORD_POCKET_CORPUS_H
#define ACCORD_POCKET_CORPUS_H

#include <accord/chat.h>
#include <accord/sha256.h>

#include "samples.h"

enum {
    POCKET_SKILL_MATHS,
    POCKET_SKILL_BLOCKS,
    POCKET_SKILL_BARE,
    POCKET_SKILL_PLAN,
    POCKET_SKILL_FOLLOW,
    POCKET_SKILL_REVISE,
    POCKET_SKILL_MERGE,
    POCKET_SKILLS
};

extern const char *const pocket_skill_names[POCKET_SKILLS];

/* How often each skill and level is drawn: any numbers >= 0. */
typedef struct pocket_mix {
    uint32_t skill[POCKET_SKILLS];
    uint32_t maths[6];  /* by level, 1 to 5 */
    uint32_t blocks[8]; /* by level, 1 to 7 */
} pocket_mix;

typedef struct pocket_lesson {
    int skill;
    pocket_problem problem;
    accord_chat *chat;
    const char *reply; /* in `problem` */
} pocket_lesson;

/* [any] Makes lesson `index` of the corpus of `seed`; *out is the caller's, see
 * pocket_lesson_fini().  REVISE and MERGE need samples, which may otherwise be NULL.
 * ACCORD_E_NOMEM. */
accord_code pocket_lesson_make(uint64_t seed, uint64_t index, const pocket_mix *mix,
                               const pocket_samples *samples, pocket_lesson *out);
void pocket_lesson_fini(pocket_lesson *lesson);

/* [any] Adds a lesson's messages and reply to a hash. */
accord_code pocket_lesson_hash(const pocket_lesson *lesson, accord_sha256 *hash);

#endif
