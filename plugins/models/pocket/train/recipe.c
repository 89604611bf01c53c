/* recipe.c - see recipe.h. */
#include "recipe.h"

#include <string.h>

/* All levels are learnt, and most of the time those that the suites ask. */
#define MATHS_LEVELS \
    { 0, 1, 3, 6, 5, 1 }
#define BLOCKS_LEVELS \
    { 0, 1, 6, 1 }

#define ALL_TASKS \
    { \
        .name = "base", .steps = 7200, .warmup = 300, .tokens = 2048, .peak = 2e-3, \
        .mix = {.skill = {[POCKET_SKILL_MATHS] = 70, \
                          [POCKET_SKILL_BLOCKS] = 10, \
                          [POCKET_SKILL_BARE] = 20, \
                          [POCKET_SKILL_PLAN] = 6, \
                          [POCKET_SKILL_FOLLOW] = 9}, \
                .maths = MATHS_LEVELS, \
                .blocks = BLOCKS_LEVELS}, \
    }
#define ALL_SKILLS(own) \
    { \
        .name = "skills", .steps = 1300, .warmup = 50, .tokens = 4096, .peak = 1e-3, \
        .sampled = {own}, \
        .mix = {.skill = {[POCKET_SKILL_MATHS] = 25, \
                          [POCKET_SKILL_BLOCKS] = 6, \
                          [POCKET_SKILL_PLAN] = 3, \
                          [POCKET_SKILL_FOLLOW] = 6, \
                          [POCKET_SKILL_REVISE] = 30, \
                          [POCKET_SKILL_MERGE] = 30}, \
                .maths = MATHS_LEVELS, \
                .blocks = BLOCKS_LEVELS}, \
    }
/* What the skills cost the answers is won back. */
#define ALL_TOGETHER(own) \
    { \
        .name = "all", .steps = 1000, .warmup = 30, .tokens = 4096, .peak = 5e-4, \
        .sampled = {own}, \
        .mix = {.skill = {[POCKET_SKILL_MATHS] = 60, \
                          [POCKET_SKILL_BLOCKS] = 10, \
                          [POCKET_SKILL_BARE] = 10, \
                          [POCKET_SKILL_PLAN] = 4, \
                          [POCKET_SKILL_FOLLOW] = 6, \
                          [POCKET_SKILL_REVISE] = 30, \
                          [POCKET_SKILL_MERGE] = 20}, \
                .maths = MATHS_LEVELS, \
                .blocks = BLOCKS_LEVELS}, \
    }

static const pocket_recipe recipes[] = {
    {.model = "s",
     .seed = UINT64_C(0x706f636b65740001),
     .phase = {{.name = "base",
                .steps = 4500,
                .warmup = 300,
                .tokens = 2048,
                .peak = 4e-3,
                .mix = {.skill = {[POCKET_SKILL_MATHS] = 4, [POCKET_SKILL_BARE] = 1},
                        .maths = MATHS_LEVELS}}}},
    {.model = "m",
     .seed = UINT64_C(0x706f636b65740002),
     .phase = {ALL_TASKS, ALL_SKILLS("m"), ALL_TOGETHER("m")}},
    {.model = "m2",
     .seed = UINT64_C(0x706f636b65740003),
     .phase = {ALL_TASKS, ALL_SKILLS("m2"), ALL_TOGETHER("m2")}},
};

const pocket_recipe *pocket_recipe_of(const char *model) {
    for (size_t i = 0; i < sizeof(recipes) / sizeof(recipes[0]); i++)
        if (strcmp(recipes[i].model, model) == 0)
            return &recipes[i];
    return NULL;
}

const pocket_phase *pocket_phase_of(const pocket_recipe *recipe, const char *name) {
    for (size_t i = 0; i < POCKET_PHASES; i++)
        if (recipe->phase[i].steps && strcmp(recipe->phase[i].name, name) == 0)
            return &recipe->phase[i];
    return NULL;
}
