/* main.c - the program that makes the pocket models: see README.md. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "tool.h"

int pocket_complain(const char *fmt, ...) {
    va_list args;

    va_start(args, fmt);
    fprintf(stderr, "pocket: ");
    vfprintf(stderr, fmt, args);
    fputc('\n', stderr);
    va_end(args);
    return 1;
}

ACCORD_PRINTF(4, 5)
static accord_code fail(const accord_host *host, accord_err *err, accord_code code,
                        const char *fmt, ...) {
    va_list args;

    va_start(args, fmt);
    fprintf(stderr, "pocket: ");
    vfprintf(stderr, fmt, args);
    fputc('\n', stderr);
    va_end(args);
    return code;
}

const accord_host pocket_tool_host = {.struct_size = sizeof(pocket_tool_host),
                                      .fail = fail};

int pocket_find(const char *model, const char *phase, const pocket_recipe **recipe,
                const pocket_phase **out) {
    *recipe = pocket_recipe_of(model);
    *out = *recipe ? pocket_phase_of(*recipe, phase) : NULL;
    if (!*recipe)
        return !pocket_complain("no model \"%s\": s, m or m2", model);
    return *out || !pocket_complain("model %s has no phase \"%s\"", model, phase);
}

const char *pocket_path(const char *dir, const char *model, const char *what,
                        const char *ending) {
    static char path[4096];

    snprintf(path, sizeof(path), "%s/%s-%s%s", dir, model, what, ending);
    return path;
}

int pocket_read_samples(const char *dir, const pocket_phase *phase,
                        pocket_samples *samples) {
    *samples = (pocket_samples){0};
    for (int i = 0; phase->sampled[i]; i++)
        if (pocket_samples_read(&pocket_tool_host,
                                pocket_path(dir, phase->sampled[i], "samples", ".jsonl"),
                                samples, NULL))
            return 0;
    pocket_samples_prune(samples, 3);
    return 1;
}

static const struct {
    const char *name, *use;
    int (*run)(int n, char **arg);
} commands[] = {
    {"train", "MODEL PHASE DIR [STEP]", pocket_command_train},
    {"export", "MODEL PHASE DIR FILE", pocket_command_export},
    {"sample", "MODEL WEIGHTS DIR PROBLEMS", pocket_command_sample},
    {"score", "WEIGHTS_DIR PROBLEMS", pocket_command_score},
    {"manifest", "DIR SCORES_FILE", pocket_command_manifest},
    {"corpus", "MODEL PHASE DIR [COUNT]", pocket_command_corpus},
};
enum { N_COMMANDS = sizeof(commands) / sizeof(commands[0]) };

int main(int argc, char **argv) {
    for (int i = 0; i < N_COMMANDS && argc > 1; i++)
        if (strcmp(argv[1], commands[i].name) == 0)
            return commands[i].run(argc - 2, argv + 2);
    for (int i = 0; i < N_COMMANDS; i++)
        fprintf(stderr, "usage: pocket %s %s\n", commands[i].name, commands[i].use);
    return 2;
}
