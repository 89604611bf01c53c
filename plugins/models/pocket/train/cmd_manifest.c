/* cmd_manifest.c - pocket manifest: what the committed weights were made of and what they
 * are worth, as JSON on stdout. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <accord/rng.h>

#include "template.h"
#include "tokenizer.h"
#include "tool.h"

enum { CONTEXT = 512 };

/* What was learnt in a phase, by skill. */
typedef struct census {
    uint64_t lessons[POCKET_SKILLS], tokens[POCKET_SKILLS], all_tokens;
    accord_sha256 hash;
} census;

static accord_code count_lesson(const pocket_lesson *lesson, census *c) {
    static int32_t tokens[CONTEXT];
    size_t n_prompt, n;

    accord_code rc = pocket_lesson_hash(lesson, &c->hash);
    if (!rc)
        rc = pocket_lesson_tokens(lesson, tokens, CONTEXT, &n_prompt, &n);
    if (rc || n == 0)
        return rc;
    c->lessons[lesson->skill]++;
    c->tokens[lesson->skill] += n - 1;
    c->all_tokens += n - 1;
    return ACCORD_OK;
}

/* All lessons of the windows that a phase opened. */
static accord_code take_census(const pocket_trainer_config *config, uint64_t windows,
                               census *out) {
    uint64_t seed = accord_rng_fold_text(config->seed, config->phase->name);
    accord_code rc = ACCORD_OK;

    *out = (census){.all_tokens = 0};
    accord_sha256_init(&out->hash);
    for (uint64_t i = 0; i < windows * POCKET_WINDOW && !rc; i++) {
        pocket_lesson lesson;
        rc = pocket_lesson_make(seed, i, &config->phase->mix, config->samples, &lesson);
        if (!rc)
            rc = count_lesson(&lesson, out);
        pocket_lesson_fini(&lesson);
    }
    return rc;
}

static void print_skills(const census *c, double cpu_seconds) {
    const char *comma = "";

    printf("\n     \"skills\": {");
    for (int i = 0; i < POCKET_SKILLS; i++) {
        if (!c->lessons[i])
            continue;
        printf("%s\n      \"%s\": {\"lessons\": %" PRIu64 ", \"tokens\": %" PRIu64
               ", \"cpu_seconds\": %.0f}",
               comma, pocket_skill_names[i], c->lessons[i], c->tokens[i],
               cpu_seconds * (double)c->tokens[i] / (double)c->all_tokens);
        comma = ",";
    }
    printf("}}");
}

static int print_phase(const char *dir, const pocket_recipe *recipe,
                       const pocket_phase *phase, int is_first) {
    pocket_bench b;
    census c;
    char hex[65];
    char *const arg[] = {(char *)recipe->model, (char *)phase->name, (char *)dir};

    int is_ok = pocket_bench_open(&b, arg);
    const pocket_progress *p = is_ok ? pocket_trainer_progress(b.trainer) : NULL;
    if (is_ok && take_census(&b.config, p->place.window + 1, &c))
        is_ok = !pocket_complain("out of memory");
    if (is_ok) {
        accord_sha256_hex(&c.hash, hex);
        printf("%s\n    \"%s\": {\"steps\": %" PRIu64 ", \"of\": %" PRIu64
               ", \"tokens\": %" PRIu64 ", \"cpu_seconds\": %.0f,\n     \"corpus\": "
               "\"%s\",",
               is_first ? "" : ",", phase->name, p->step, phase->steps, p->tokens,
               p->cpu_seconds, hex);
        print_skills(&c, p->cpu_seconds);
    }
    pocket_bench_close(&b);
    return is_ok;
}

static int print_model(const char *dir, const char *name, int is_first) {
    const pocket_recipe *recipe = pocket_recipe_of(name);
    struct pocket_shape shape;
    int is_ok = 1;

    pocket_shape_of(name, &shape);
    printf("%s\n   \"%s\": {\"seed\": \"%016" PRIx64 "\", \"parameters\": %zu, "
           "\"phases\": {",
           is_first ? "" : ",", name, recipe->seed, pocket_shape_size(&shape));
    for (size_t i = 0; i < POCKET_PHASES && is_ok; i++)
        if (recipe->phase[i].steps)
            is_ok = print_phase(dir, recipe, &recipe->phase[i], i == 0);
    printf("}}");
    return is_ok;
}

/* The name of the processor, without quotes. */
static void print_machine(void) {
    char line[512], name[256] = "unknown";
    FILE *file = fopen("/proc/cpuinfo", "r");

    while (file && fgets(line, sizeof(line), file))
        if (sscanf(line, "model name : %255[^\n\"\\]", name) == 1)
            break;
    if (file)
        fclose(file);
    char backend[256];
    accord_nn_backend(backend, sizeof(backend));
    printf(" \"machine\": \"%s\",\n \"backend\": \"%s\",\n", name, backend);
}

static int print_file(const char *path) {
    char text[4096];
    size_t n, last = 0;
    FILE *file = fopen(path, "r");

    if (!file)
        return !pocket_complain("cannot read %s", path);
    while ((n = fread(text, 1, sizeof(text), file)) > 0) {
        fwrite(text, 1, n, stdout);
        last = n;
    }
    fclose(file);
    return last > 0 || !pocket_complain("%s is empty", path);
}

int pocket_command_manifest(int n, char **arg) {
    static const char *const names[] = {"s", "m", "m2"};
    char sections[65], vocabulary[65];

    if (n != 2)
        return pocket_complain("manifest takes a folder and the scores' file");
    if (pocket_sections_hash(sections, NULL))
        return pocket_complain("out of memory");
    pocket_vocabulary_hash(vocabulary);
    printf("{\"sections\": \"%s\",\n \"vocabulary\": \"%s\",\n", sections, vocabulary);
    print_machine();
    printf(" \"models\": {");
    int is_ok = 1;
    for (int i = 0; i < 3 && is_ok; i++)
        is_ok = print_model(arg[0], names[i], i == 0);
    printf("},\n \"scores\": ");
    is_ok = is_ok && print_file(arg[1]);
    printf("}\n");
    return !is_ok;
}
