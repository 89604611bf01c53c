/* cmd_train.c - pocket train, export: from a recipe to weights. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tool.h"
#include "weights.h"

enum { LOG_STEPS = 50, SAVE_STEPS = 250 };

static int begin(pocket_bench *b, char *const *arg) {
    accord_nn_err err = {0};

    *b = (pocket_bench){.dir = arg[2]};
    if (!pocket_find(arg[0], arg[1], &b->recipe, &b->phase) ||
        !pocket_read_samples(b->dir, b->phase, &b->samples))
        return 0;
    b->config = (pocket_trainer_config){
        .seed = b->recipe->seed, .phase = b->phase, .samples = &b->samples};
    pocket_shape_of(b->recipe->model, &b->config.shape);
    if (pocket_trainer_create(&b->config, &b->trainer, &err))
        return !pocket_complain("%s", err.code ? err.text : "out of memory");
    return 1;
}

static int resume(const pocket_bench *b) {
    accord_nn_err err = {0};
    const char *path =
        pocket_path(b->dir, b->recipe->model, b->phase->name, ".checkpoint");

    accord_code rc = pocket_trainer_load(b->trainer, path, &err);
    if (rc == ACCORD_E_NOTFOUND && b->phase == &b->recipe->phase[0])
        return 1;
    if (rc == ACCORD_E_NOTFOUND) {
        err = (accord_nn_err){0};
        path = pocket_path(b->dir, b->recipe->model, b->phase[-1].name, ".checkpoint");
        rc = pocket_trainer_begin_with(b->trainer, path, &err);
    }
    return !rc || !pocket_complain("%s", err.text);
}

int pocket_bench_open(pocket_bench *b, char *const *arg) {
    return begin(b, arg) && resume(b);
}

void pocket_bench_close(pocket_bench *b) {
    pocket_trainer_destroy(b->trainer);
    pocket_samples_fini(&b->samples);
}

static int save(const pocket_bench *b) {
    accord_nn_err err = {0};

    return !pocket_trainer_save(
               b->trainer,
               pocket_path(b->dir, b->recipe->model, b->phase->name, ".checkpoint"),
               &err) ||
           !pocket_complain("%s", err.text);
}

static int study(const pocket_bench *b, uint64_t last) {
    const pocket_progress *p = pocket_trainer_progress(b->trainer);
    accord_nn_err err = {0};
    double loss, sum = 0;
    int n = 0;

    while (p->step < last) {
        if (pocket_trainer_step(b->trainer, &loss, &err))
            return !pocket_complain("step %" PRIu64 ": %s", p->step,
                                    err.code ? err.text : "out of memory");
        sum += loss;
        n++;
        if (p->step % LOG_STEPS == 0 || p->step == last) {
            printf("%s %s step %" PRIu64 " tokens %" PRIu64 " loss %.4f cpu %.1f\n",
                   b->recipe->model, b->phase->name, p->step, p->tokens, sum / n,
                   p->cpu_seconds);
            fflush(stdout);
            sum = n = 0;
        }
        if ((p->step % SAVE_STEPS == 0 || p->step == last) && !save(b))
            return 0;
    }
    return 1;
}

int pocket_command_train(int n, char **arg) {
    pocket_bench b;

    if (n < 3)
        return pocket_complain("train takes a model, a phase and a folder");
    int is_ok = pocket_bench_open(&b, arg);
    if (is_ok) {
        uint64_t last = n > 3 ? strtoull(arg[3], NULL, 10) : b.phase->steps;
        is_ok = study(&b, last < b.phase->steps ? last : b.phase->steps);
    }
    pocket_bench_close(&b);
    return !is_ok;
}

int pocket_command_export(int n, char **arg) {
    struct pocket_err err = {0};
    pocket_bench b;

    if (n != 4)
        return pocket_complain("export takes a model, a phase, a folder and a file");
    int is_ok = pocket_bench_open(&b, arg);
    if (is_ok) {
        const pocket_net *net = pocket_trainer_net(b.trainer);
        if (pocket_weights_write(arg[3], &net->shape, accord_nn_group_all(net->set).value,
                                 &err))
            is_ok = !pocket_complain("%s", err.text);
    }
    pocket_bench_close(&b);
    return !is_ok;
}
