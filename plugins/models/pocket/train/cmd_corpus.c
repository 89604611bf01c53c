/* cmd_corpus.c - pocket corpus: shows lessons, and their tokens by skill. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include <accord/rng.h>

#include "tool.h"

enum { CONTEXT = 4096 };

typedef struct count {
    uint64_t lessons, tokens, wanted, longest, too_long;
} count;

static void show(const pocket_lesson *lesson) {
    accord_request request = ACCORD_REQUEST_INIT;

    if (accord_chat_request(lesson->chat, &request))
        return;
    for (uint32_t i = 0; i < request.n_messages; i++)
        printf("[%s] %s", request.messages[i].role, request.messages[i].text);
    printf("[reply] %s\n\n", lesson->reply);
}

static int add(const pocket_lesson *lesson, count *c) {
    static int32_t tokens[CONTEXT];
    size_t n_prompt, n;

    if (pocket_lesson_tokens(lesson, tokens, CONTEXT, &n_prompt, &n))
        return 0;
    c->lessons++;
    c->tokens += n;
    c->wanted += n - n_prompt;
    c->longest = n > c->longest ? n : c->longest;
    c->too_long += n > 512 || n == 0;
    return 1;
}

int pocket_command_corpus(int n, char **arg) {
    const pocket_recipe *recipe;
    const pocket_phase *phase;
    pocket_samples samples;
    count by_skill[POCKET_SKILLS] = {{0}};
    uint64_t shown = n > 3 ? strtoull(arg[3], NULL, 10) : 0;

    if (n < 3)
        return pocket_complain("corpus takes a model, a phase and a folder");
    if (!pocket_find(arg[0], arg[1], &recipe, &phase) ||
        !pocket_read_samples(arg[2], phase, &samples))
        return 1;
    uint64_t seed = accord_rng_fold_text(recipe->seed, phase->name);
    int is_ok = 1;
    for (uint64_t i = 0; i < 4000 && is_ok; i++) {
        pocket_lesson lesson;
        if (pocket_lesson_make(seed, i, &phase->mix, &samples, &lesson))
            return pocket_complain("lesson %" PRIu64 " cannot be made", i);
        if (i < shown)
            show(&lesson);
        is_ok = add(&lesson, &by_skill[lesson.skill]);
        pocket_lesson_fini(&lesson);
    }
    for (int i = 0; i < POCKET_SKILLS; i++)
        printf("%-8s lessons %" PRIu64 " tokens %.1f wanted %.1f longest %" PRIu64
               " too long %" PRIu64 "\n",
               pocket_skill_names[i], by_skill[i].lessons,
               (double)by_skill[i].tokens / (double)(by_skill[i].lessons + 1),
               (double)by_skill[i].wanted / (double)(by_skill[i].lessons + 1),
               by_skill[i].longest, by_skill[i].too_long);
    pocket_samples_fini(&samples);
    return !is_ok;
}
