/* cmd_score.c - pocket score: what the models are worth on fresh problems of the
 * evaluation split, as JSON on stdout. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <accord/rng.h>

#include "speaker.h"
#include "tool.h"

enum { SAMPLES = 15, MODELS = 3, DEBATERS = 3, MERGED = 5 };

/* As in cmd_sample.c, but the evaluation split of another stream: no run sees it. */
static const uint64_t stream = UINT64_C(1) << 41;

static const struct {
    const char *name;
    int32_t kind, level;
} suites[] = {
    {"maths_3", POCKET_MATHS, 3},
    {"maths_4", POCKET_MATHS, 4},
    {"blocks_2", POCKET_BLOCKS, 2},
};
enum { SUITES = sizeof(suites) / sizeof(suites[0]) };

typedef struct exam {
    pocket_problem *problem; /* [n] */
    size_t n;
    pocket_speaker model[MODELS];
    size_t n_models;
    pocket_said *sample[MODELS]; /* [n][SAMPLES] at T = 1, of the suite in hand */
    pocket_said *said;           /* [n]: what is looked at once */
    pocket_said *before;         /* [n][MERGED], borrowed texts */
} exam;

static int exam_init(exam *e, const char *dir, size_t n) {
    static const char *const names[MODELS] = {"s", "m", "m2"};
    struct pocket_err err;

    *e = (exam){.n = n,
                .problem = calloc(n, sizeof(*e->problem)),
                .said = calloc(n, sizeof(*e->said)),
                .before = calloc(n * MERGED, sizeof(*e->before))};
    for (int i = 0; i < MODELS; i++) {
        char path[4096];
        e->sample[i] = calloc(n * SAMPLES, sizeof(**e->sample));
        snprintf(path, sizeof(path), "%s/%s.pocket", dir, names[i]);
        err = (struct pocket_err){0};
        if (!pocket_speaker_open(&e->model[e->n_models], names[i], path, &err))
            e->n_models++;
        else
            pocket_complain("%s", err.text);
    }
    return e->problem && e->said && e->before && e->sample[0] && e->sample[1] &&
           e->sample[2] && e->n_models > 0;
}

static void exam_fini(exam *e) {
    for (size_t i = 0; i < e->n_models; i++)
        pocket_speaker_close(&e->model[i]);
    for (int i = 0; i < MODELS; i++)
        free(e->sample[i]);
    free(e->problem);
    free(e->said);
    free(e->before);
}

static int speak(exam *e, size_t model, const pocket_round *round, pocket_said *out) {
    struct pocket_err err = {0};

    accord_code rc = pocket_speak(&e->model[model], e->problem, e->n, round, out, &err);
    return !rc || !pocket_complain("%s", err.code ? err.text : "out of memory");
}

static void share(const char *name, double value) {
    printf(", \"%s\": %.1f", name, 100 * value);
}

static int at_temperatures(exam *e, size_t model) {
    static const struct {
        const char *name;
        double temperature;
    } all[] = {{"greedy", 0}, {"t0.2", 0.2}, {"t0.7", 0.7}, {"t1.5", 1.5}};

    for (uint64_t i = 0; i < 4; i++) {
        const pocket_round round = {.task = ACCORD_TASK_ANSWER,
                                    .temperature = all[i].temperature,
                                    .samples = 1,
                                    .seed = accord_rng_fold(stream, i)};
        if (!speak(e, model, &round, e->said))
            return 0;
        share(all[i].name, pocket_accuracy(e->said, e->n));
        pocket_said_fini(e->said, e->n);
    }
    return 1;
}

static int at_one(exam *e, size_t model) {
    const pocket_round round = {.task = ACCORD_TASK_ANSWER,
                                .temperature = 1,
                                .samples = SAMPLES,
                                .seed = accord_rng_fold_text(stream, "one")};
    pocket_said *said = e->sample[model];

    if (!speak(e, model, &round, said))
        return 0;
    share("t1", pocket_accuracy(said, e->n * SAMPLES));
    share("majority_3", pocket_majority(said, e->n, SAMPLES, DEBATERS));
    share("majority_5", pocket_majority(said, e->n, SAMPLES, MERGED));
    share("majority_15", pocket_majority(said, e->n, SAMPLES, SAMPLES));
    return 1;
}

/* The first answers of each problem are shown; of `task` one answer comes back. */
static int after_answers(exam *e, size_t model, const char *task, uint32_t own,
                         uint32_t peers) {
    const pocket_round round = {.task = task,
                                .temperature = 1,
                                .samples = 1,
                                .own = own,
                                .peers = peers,
                                .before = e->before,
                                .seed = accord_rng_fold_text(stream, task)};
    char name[32];

    for (size_t i = 0; i < e->n; i++)
        memcpy(e->before + i * (own + peers), e->sample[model] + i * SAMPLES,
               (own + peers) * sizeof(*e->before));
    if (!speak(e, model, &round, e->said))
        return 0;
    snprintf(name, sizeof(name), "%s_%u", task, own + peers);
    share(name, pocket_accuracy(e->said, e->n));
    pocket_said_fini(e->said, e->n);
    return 1;
}

/* Five samples of each model, side by side. */
static void score_panel(exam *e) {
    enum { EACH = 5 };
    pocket_said *all = calloc(e->n * EACH * MODELS, sizeof(*all));

    if (!all)
        return;
    for (size_t i = 0; i < e->n; i++)
        for (size_t k = 0; k < EACH * MODELS; k++)
            all[i * EACH * MODELS + k] = e->sample[k % MODELS][i * SAMPLES + k / MODELS];
    printf(",\n  {\"model\": \"s+m+m2\"");
    share("majority_3", pocket_majority(all, e->n, EACH * MODELS, MODELS));
    share("majority_15", pocket_majority(all, e->n, EACH * MODELS, EACH * MODELS));
    printf("}");
    free(all);
}

/* The smallest model knows maths only. */
static int knows_more(const exam *e, size_t model) {
    return strcmp(e->model[model].name, "s") != 0;
}

static int score_model(exam *e, size_t model, const char *comma) {
    printf("%s\n  {\"model\": \"%s\"", comma, e->model[model].name);
    int is_ok = at_temperatures(e, model) && at_one(e, model);
    if (is_ok && knows_more(e, model))
        is_ok = after_answers(e, model, ACCORD_TASK_REVISE, 1, DEBATERS - 1) &&
                after_answers(e, model, ACCORD_TASK_MERGE, 0, DEBATERS) &&
                after_answers(e, model, ACCORD_TASK_MERGE, 0, MERGED);
    printf("}");
    fflush(stdout);
    return is_ok;
}

static int make_problems(exam *e, int suite) {
    for (uint64_t i = 0; i < e->n; i++) {
        pocket_key key = {.kind = suites[suite].kind,
                          .level = suites[suite].level,
                          .seed = stream,
                          .split = ACCORD_SPLIT_EVAL,
                          .item = i};
        if (pocket_problem_make(&key, &e->problem[i]))
            return !pocket_complain("out of memory");
    }
    return 1;
}

static int score_suite(exam *e, int suite) {
    int is_maths = suites[suite].kind == POCKET_MATHS, is_ok = make_problems(e, suite);
    const char *comma = "";

    printf(",\n \"%s\": [", suites[suite].name);
    for (size_t i = 0; i < e->n_models && is_ok; i++) {
        if (!is_maths && !knows_more(e, i))
            continue;
        is_ok = score_model(e, i, comma);
        comma = ",";
    }
    if (is_ok && is_maths && e->n_models == MODELS)
        score_panel(e);
    for (size_t i = 0; i < e->n_models; i++)
        pocket_said_fini(e->sample[i], e->n * SAMPLES);
    printf("]");
    return is_ok;
}

int pocket_command_score(int n, char **arg) {
    exam e;

    if (n != 2)
        return pocket_complain("score takes the folder of the weights and a number");
    size_t problems = strtoull(arg[1], NULL, 10);
    int is_ok = exam_init(&e, arg[0], problems ? problems : 1);
    if (is_ok)
        printf("{\"problems\": %zu", e.n);
    for (int i = 0; i < SUITES && is_ok; i++)
        is_ok = score_suite(&e, i);
    printf("}\n");
    exam_fini(&e);
    return !is_ok;
}
