/* corpus.c - see corpus.h. */
#include "corpus.h"

#include <string.h>

#include <accord/rng.h>

enum { MOST_PEERS = 4, MOST_ANSWERS = 64 };

const char *const pocket_skill_names[POCKET_SKILLS] = {"maths",  "blocks", "bare", "plan",
                                                       "follow", "revise", "merge"};

/* An index drawn by weight; n - 1 when all weights are 0. */
static int draw(uint64_t *rng, const uint32_t *weight, int n) {
    uint64_t sum = 0;

    for (int i = 0; i < n; i++)
        sum += weight[i];
    if (sum == 0)
        return n - 1;
    uint64_t at = accord_rng_below(rng, sum);
    int i = 0;
    for (; at >= weight[i]; i++)
        at -= weight[i];
    return i;
}

/* PLAN and FOLLOW are about problems of both kinds, as often as these themselves. */
static int kind_of(int skill, uint64_t *rng, const pocket_mix *mix) {
    const uint32_t both[2] = {mix->skill[POCKET_SKILL_MATHS],
                              mix->skill[POCKET_SKILL_BLOCKS]};

    if (skill == POCKET_SKILL_PLAN || skill == POCKET_SKILL_FOLLOW)
        return draw(rng, both, 2) ? POCKET_BLOCKS : POCKET_MATHS;
    return skill == POCKET_SKILL_BLOCKS ? POCKET_BLOCKS : POCKET_MATHS;
}

static accord_code make_fresh(uint64_t seed, uint64_t index, uint64_t *rng,
                              const pocket_mix *mix, pocket_lesson *out) {
    pocket_key key = {.kind = kind_of(out->skill, rng, mix),
                      .seed = seed,
                      .split = ACCORD_SPLIT_TRAIN,
                      .item = index};

    key.level =
        key.kind == POCKET_MATHS ? draw(rng, mix->maths, 6) : draw(rng, mix->blocks, 8);
    return pocket_problem_make(&key, &out->problem);
}

/* Different answers of a group in random order; how many. */
static size_t shuffle(uint64_t *rng, const pocket_group *group,
                      const char *order[MOST_ANSWERS]) {
    size_t n = group->n < MOST_ANSWERS ? group->n : MOST_ANSWERS;

    for (size_t i = 0; i < n; i++) {
        size_t j = (size_t)accord_rng_below(rng, i + 1);
        order[i] = order[j];
        order[j] = group->text[i];
    }
    return n;
}

/* BARE and one in ten of the others do not say how to answer. */
static void ask(pocket_lesson *l, uint64_t *rng) {
    static const char *const tasks[POCKET_SKILLS] = {
        ACCORD_TASK_ANSWER, ACCORD_TASK_ANSWER, ACCORD_TASK_ANSWER, ACCORD_TASK_PLAN,
        ACCORD_TASK_ANSWER, ACCORD_TASK_REVISE, ACCORD_TASK_MERGE};
    const char *format = l->skill != POCKET_SKILL_BARE && accord_rng_below(rng, 10)
                             ? pocket_problem_format(l->problem.key.kind)
                             : "";
    const accord_record record = {.struct_size = sizeof(record),
                                  .question = l->problem.question,
                                  .instruction = format};

    accord_chat_ask(l->chat, tasks[l->skill], &record);
}

/* One answer of one's own and two peers most of the time, as in a debate of three; a
 * judge sees three to five. */
static void show_answers(pocket_lesson *l, uint64_t *rng, const pocket_group *group) {
    static const uint32_t peers[MOST_PEERS + 1] = {0, 1, 6, 1, 1};
    static const uint32_t merged[MOST_PEERS + 2] = {0, 0, 1, 6, 1, 2};
    const char *answer[MOST_ANSWERS];
    size_t n = shuffle(rng, group, answer), at = 0, wanted;

    if (l->skill == POCKET_SKILL_REVISE) {
        accord_chat_section(l->chat, "Answer", answer[at++]);
        wanted = 1 + (size_t)draw(rng, peers, MOST_PEERS + 1);
    } else {
        wanted = (size_t)draw(rng, merged, MOST_PEERS + 2);
    }
    for (uint32_t k = 1; at < n && at < wanted; k++)
        accord_chat_peer(l->chat, k, answer[at++]);
}

accord_code pocket_lesson_make(uint64_t seed, uint64_t index, const pocket_mix *mix,
                               const pocket_samples *samples, pocket_lesson *out) {
    uint64_t rng = accord_rng_fold(accord_rng_fold_text(seed, "lesson"), index);
    const pocket_group *group = NULL;
    accord_code rc;

    out->skill = draw(&rng, mix->skill, POCKET_SKILLS);
    out->chat = NULL;
    if (out->skill >= POCKET_SKILL_REVISE) {
        if (!samples || samples->n == 0)
            return ACCORD_E_ARG;
        group = &samples->group[accord_rng_below(&rng, samples->n)];
        rc = pocket_problem_make(&group->key, &out->problem);
    } else {
        rc = make_fresh(seed, index, &rng, mix, out);
    }
    if (rc)
        return rc;
    out->chat = accord_chat_create();
    ask(out, &rng);
    if (out->skill == POCKET_SKILL_FOLLOW)
        accord_chat_section(out->chat, "Plan", out->problem.strategy);
    if (group)
        show_answers(out, &rng, group);
    out->reply =
        out->skill == POCKET_SKILL_PLAN ? out->problem.strategy : out->problem.reply;
    return out->chat ? ACCORD_OK : ACCORD_E_NOMEM;
}

void pocket_lesson_fini(pocket_lesson *lesson) {
    accord_chat_destroy(lesson->chat);
    lesson->chat = NULL;
}

accord_code pocket_lesson_hash(const pocket_lesson *lesson, accord_sha256 *hash) {
    accord_request request = ACCORD_REQUEST_INIT;

    accord_code rc = accord_chat_request(lesson->chat, &request);
    for (uint32_t i = 0; !rc && i < request.n_messages; i++)
        accord_sha256_update(hash, request.messages[i].text,
                             strlen(request.messages[i].text) + 1);
    accord_sha256_update(hash, lesson->reply, strlen(lesson->reply) + 1);
    return rc;
}
