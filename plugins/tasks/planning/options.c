/* options.c - see options.h. */
#include "options.h"

#include <stdio.h>
#include <string.h>

static const char *const domains[] = {"blocksworld", "logistics", "pddl", "travel", NULL};
static const char *const sources[] = {"auto",  "generated",     "planbench",
                                      "files", "travelplanner", NULL};
static const char *const names[] = {"plain", "mystery", "random", NULL};
static const char *const wordings[] = {"words", "pddl", NULL};
static const char *const readings[] = {"flexible", "published", NULL};
static const char *const plays[] = {"plan", "interactive", "backprompt", NULL};

const accord_param planning_params[PLANNING_N_OPTIONS] = {
    [PLANNING_DOMAIN] = {.name = "domain",
                         .help = "what is planned",
                         .type = ACCORD_STRING,
                         .text = "blocksworld",
                         .choices = domains},
    [PLANNING_SOURCE] = {.name = "source",
                         .help = "where problems come from; auto: files for domain pddl, "
                                 "else generated",
                         .type = ACCORD_STRING,
                         .text = "auto",
                         .choices = sources},
    [PLANNING_SEED] = {.name = "seed",
                       .help = "generated: the stream of problems",
                       .type = ACCORD_INT,
                       .value = 1,
                       .max = 1e9},
    [PLANNING_LEVEL] = {.name = "level",
                        .help = "generated: how hard",
                        .type = ACCORD_INT,
                        .value = 1,
                        .min = 1,
                        .max = 7},
    [PLANNING_FILE] = {.name = "file",
                       .help = "planbench: the records",
                       .type = ACCORD_STRING,
                       .text = "planbench/blocksworld.jsonl"},
    [PLANNING_HOLDOUT] = {.name = "holdout",
                          .help = "train on the evaluated problems whose SHA-256 is 0 "
                                  "mod 5",
                          .type = ACCORD_BOOL},
    [PLANNING_DOMAIN_FILE] = {.name = "domain_file",
                              .help = "files: the domain in PDDL",
                              .type = ACCORD_STRING,
                              .text = ""},
    [PLANNING_PROBLEM_FILE] = {.name = "problem_file",
                               .help = "files: a problem in PDDL, or a folder of them",
                               .type = ACCORD_STRING,
                               .text = ""},
    [PLANNING_NAMES] = {.name = "names",
                        .help = "mystery: names that say nothing; random: invented words",
                        .type = ACCORD_STRING,
                        .text = "plain",
                        .choices = names},
    [PLANNING_WORDING] = {.name = "wording",
                          .help = "how the question is put",
                          .type = ACCORD_STRING,
                          .text = "words",
                          .choices = wordings},
    [PLANNING_SHOTS] = {.name = "shots",
                        .help = "1: the question itself shows a worked example",
                        .type = ACCORD_INT,
                        .max = 1},
    [PLANNING_READING] = {.name = "reading",
                          .help = "how a plan is found in a reply; published: by "
                                  "PlanBench's own rule",
                          .type = ACCORD_STRING,
                          .text = "flexible",
                          .choices = readings},
    [PLANNING_PLAY] = {.name = "play",
                       .help =
                           "the whole plan, one action a step, or the whole plan with "
                           "the verifier's complaint",
                       .type = ACCORD_STRING,
                       .text = "plan",
                       .choices = plays},
    [PLANNING_MAX_ACTIONS] = {.name = "max_actions",
                              .help = "interactive: most actions of an episode",
                              .type = ACCORD_INT,
                              .value = 40,
                              .min = 1,
                              .max = 1000},
    [PLANNING_ROUNDS] = {.name = "rounds",
                         .help = "backprompt: how often the verifier speaks at most",
                         .type = ACCORD_INT,
                         .value = 3,
                         .min = 1,
                         .max = 100},
};

/* Option `option` does something only where option `by` has one of `values`. */
static const struct use {
    int option, by;
    const char *values[4];
} uses[] = {
    {PLANNING_SEED, PLANNING_SOURCE, {"generated"}},
    {PLANNING_LEVEL, PLANNING_SOURCE, {"generated"}},
    {PLANNING_FILE, PLANNING_SOURCE, {"planbench"}},
    {PLANNING_HOLDOUT, PLANNING_SOURCE, {"planbench", "files", "travelplanner"}},
    {PLANNING_DOMAIN_FILE, PLANNING_SOURCE, {"files"}},
    {PLANNING_PROBLEM_FILE, PLANNING_SOURCE, {"files"}},
    {PLANNING_NAMES, PLANNING_DOMAIN, {"blocksworld", "logistics", "pddl"}},
    {PLANNING_WORDING, PLANNING_DOMAIN, {"blocksworld", "logistics", "pddl"}},
    {PLANNING_SHOTS, PLANNING_DOMAIN, {"blocksworld", "logistics", "pddl"}},
    {PLANNING_PLAY, PLANNING_DOMAIN, {"blocksworld", "logistics", "pddl"}},
    {PLANNING_READING, PLANNING_SOURCE, {"planbench"}},
    {PLANNING_MAX_ACTIONS, PLANNING_PLAY, {"interactive"}},
    {PLANNING_ROUNDS, PLANNING_PLAY, {"backprompt"}},
};

/* Which sources a domain has. */
static const struct use has[] = {
    {PLANNING_SOURCE, PLANNING_BLOCKSWORLD, {"generated", "planbench", "files"}},
    {PLANNING_SOURCE, PLANNING_LOGISTICS, {"generated", "files"}},
    {PLANNING_SOURCE, PLANNING_PDDL, {"files"}},
    {PLANNING_SOURCE, PLANNING_TRAVEL, {"generated", "travelplanner"}},
};

static int place_of(const char *const *list, const char *text) {
    int i = 0;

    while (list && list[i] && strcmp(list[i], text) != 0)
        i++;
    return list && list[i] ? i : 0;
}

static int is_default(const accord_param *p, const accord_param_value *v) {
    if (p->type == ACCORD_STRING)
        return strcmp(v->s, p->text) == 0;
    return p->type == ACCORD_REAL ? !(v->r < p->value || v->r > p->value)
                                  : v->i == (int64_t)p->value;
}

static int is_among(const char *const values[4], const char *text) {
    for (int i = 0; i < 4 && values[i]; i++)
        if (strcmp(values[i], text) == 0)
            return 1;
    return 0;
}

static const char *chosen(const struct planning_options *o, int option) {
    return planning_params[option].choices[o->choice[option]];
}

static accord_code find_source(const accord_host *host, struct planning_options *o,
                               accord_err *err) {
    const struct use *row = &has[o->choice[PLANNING_DOMAIN]];

    if (o->choice[PLANNING_SOURCE] == PLANNING_AUTO)
        o->choice[PLANNING_SOURCE] = place_of(sources, row->values[0]);
    if (is_among(row->values, chosen(o, PLANNING_SOURCE)))
        return ACCORD_OK;
    return host->fail(host, err, ACCORD_E_CONFIG, "domain \"%s\" has no source \"%s\"",
                      chosen(o, PLANNING_DOMAIN), chosen(o, PLANNING_SOURCE));
}

accord_code planning_options_read(const accord_host *host,
                                  const accord_param_value *value,
                                  struct planning_options *out, accord_err *err) {
    *out = (struct planning_options){.value = value};
    for (int i = 0; i < PLANNING_N_OPTIONS; i++)
        if (planning_params[i].choices)
            out->choice[i] = place_of(planning_params[i].choices, value[i].s);
    accord_code rc = find_source(host, out, err);
    for (size_t i = 0; i < sizeof(uses) / sizeof(uses[0]) && !rc; i++) {
        const struct use *u = &uses[i];
        if (!is_default(&planning_params[u->option], &value[u->option]) &&
            !is_among(u->values, chosen(out, u->by)))
            rc = host->fail(host, err, ACCORD_E_CONFIG,
                            "\"%s\" is for %s \"%s\", not \"%s\"",
                            planning_params[u->option].name, planning_params[u->by].name,
                            u->values[0], chosen(out, u->by));
    }
    return rc;
}
