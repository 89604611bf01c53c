/* cmd_sample.c - pocket sample: what a model answers to problems of the train split. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "samples.h"
#include "speaker.h"
#include "tool.h"

enum { BLOCK = 64, SAMPLES = 6 };

/* No task can name this stream: its own seeds end at 1e9. */
static const uint64_t stream = UINT64_C(1) << 40;

static int write_block(FILE *file, pocket_speaker *s, const pocket_problem *problem,
                       size_t n, uint64_t seed) {
    const pocket_round round = {
        .task = ACCORD_TASK_ANSWER, .temperature = 0.9, .samples = SAMPLES, .seed = seed};
    struct pocket_err err = {0};
    static pocket_said said[BLOCK * SAMPLES];

    accord_code rc = pocket_speak(s, problem, n, &round, said, &err);
    for (size_t i = 0; i < n * SAMPLES && !rc; i++)
        if (*said[i].text)
            pocket_sample_write(file, &problem[i / SAMPLES].key, said[i].is_right,
                                said[i].text);
    pocket_said_fini(said, n * SAMPLES);
    return !rc || !pocket_complain("%s", err.code ? err.text : "out of memory");
}

/* One in eight is Blocksworld, most of the others are of the level that suites ask. */
static pocket_key key_of(uint64_t i) {
    static const int32_t levels[8] = {3, 3, 4, 3, 2, 3, 4, 3};
    int is_blocks = i % 8 == 7;

    return (pocket_key){.kind = is_blocks ? POCKET_BLOCKS : POCKET_MATHS,
                        .level = is_blocks ? 2 : levels[i % 8],
                        .seed = stream,
                        .split = ACCORD_SPLIT_TRAIN,
                        .item = i};
}

static int write_all(FILE *file, pocket_speaker *s, uint64_t count) {
    static pocket_problem problem[BLOCK];
    size_t n = 0;

    for (uint64_t i = 0; i < count; i++) {
        pocket_key key = key_of(i);
        if (pocket_problem_make(&key, &problem[n++]))
            return !pocket_complain("out of memory");
        if (n < BLOCK && i + 1 < count)
            continue;
        if (!write_block(file, s, problem, n, i))
            return 0;
        n = 0;
    }
    return 1;
}

int pocket_command_sample(int n, char **arg) {
    struct pocket_err err = {0};
    pocket_speaker s;

    if (n != 4)
        return pocket_complain("sample takes a model, its weights, a folder, a number");
    if (pocket_speaker_open(&s, arg[0], arg[1], &err)) {
        pocket_speaker_close(&s);
        return pocket_complain("%s", err.text);
    }
    char part[4096];
    snprintf(part, sizeof(part), "%s",
             pocket_path(arg[2], arg[0], "samples", ".jsonl.part"));
    FILE *file = fopen(part, "w");
    int is_ok = file && write_all(file, &s, strtoull(arg[3], NULL, 10));
    is_ok &= file && !ferror(file);
    if (file)
        is_ok &= fclose(file) == 0;
    is_ok = is_ok && rename(part, pocket_path(arg[2], arg[0], "samples", ".jsonl")) == 0;
    pocket_speaker_close(&s);
    return is_ok ? 0 : pocket_complain("%s is not written", part);
}
