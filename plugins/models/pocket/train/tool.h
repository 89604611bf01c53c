/* tool.h - the commands of the program that makes the pocket models. */
#ifndef ACCORD_POCKET_TOOL_H
#define ACCORD_POCKET_TOOL_H

#include "trainer.h"

/* [main] Each takes what follows its name on the command line and returns the program's
 * exit status; what went wrong was said on stderr. */
int pocket_command_train(int n, char **arg);
int pocket_command_export(int n, char **arg);
int pocket_command_sample(int n, char **arg);
int pocket_command_score(int n, char **arg);
int pocket_command_manifest(int n, char **arg);
int pocket_command_corpus(int n, char **arg);

/* [main] Says what went wrong and returns 1. */
int pocket_complain(const char *fmt, ...) ACCORD_PRINTF(1, 2);

/* [main] A host that can only fail, with its sentence on stderr. */
extern const accord_host pocket_tool_host;

/* A phase of a model in the making. */
typedef struct pocket_bench {
    const pocket_recipe *recipe;
    const pocket_phase *phase;
    const char *dir;
    pocket_samples samples;
    pocket_trainer_config config;
    pocket_trainer *trainer;
} pocket_bench;

/* [main] Opens model arg[0], phase arg[1], folder arg[2], where its checkpoint stands;
 * without one, where it begins: a later phase with what the phase before it left.  0
 * after a complaint.  *b is the caller's either way. */
int pocket_bench_open(pocket_bench *b, char *const *arg);
void pocket_bench_close(pocket_bench *b);

/* [main] The recipe and the phase of these names; 0 after a complaint. */
int pocket_find(const char *model, const char *phase, const pocket_recipe **recipe,
                const pocket_phase **out);

/* [main] Reads the samples dir/NAME-samples.jsonl that a phase wants; 0 after a
 * complaint. */
int pocket_read_samples(const char *dir, const pocket_phase *phase,
                        pocket_samples *samples);

/* [main] "dir/m-base.ckpt"; static until the next call. */
const char *pocket_path(const char *dir, const char *model, const char *what,
                        const char *ending);

#endif
