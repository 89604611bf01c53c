/* run_files.c - see run_files.h. */
#include "run_files.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "report/report.h"
#include "scratch.h"

static char current[64];

char *run_path(const char *file) {
    char *name = accord_xasprintf("%s/%s", current, file);
    char *path = scratch_path(name);

    free(name);
    return path;
}

void run_begin(const char *name, const char *cells) {
    snprintf(current, sizeof(current), "%s", name);
    char *dir = run_path("");
    char *path = run_path("manifest.json");
    ck_assert_int_eq(accord_mkdirs(dir, NULL), ACCORD_OK);
    FILE *f = fopen(path, "we");
    ck_assert_ptr_nonnull(f);
    fprintf(f,
            "{\"schema\":\"accord.manifest/1\",\"suite\":{\"suite\":\"s\","
            "\"models\":{\"m\":{\"plugin\":\"replay\","
            "\"price\":{\"prompt\":1,\"completion\":2}}}},"
            "\"tasks\":{\"gsm\":{\"plugin\":\"math\",\"score\":\"accuracy\","
            "\"higher_is_better\":true,\"min\":0,\"max\":1,"
            "\"parts\":[\"strict\",\"flexible\"],\"modes\":[\"default\"]},"
            "\"trip\":{\"plugin\":\"planning\",\"score\":\"final_pass\","
            "\"higher_is_better\":true,\"min\":0,\"max\":1,"
            "\"parts\":[\"plain\",\"a/x\",\"b/z\",\"a/y\"],\"modes\":[\"default\"]},"
            "\"pole\":{\"plugin\":\"visual\",\"action\":\"vector\",\"max_steps\":500,"
            "\"score\":\"return\","
            "\"higher_is_better\":true,\"min\":0,\"max\":1000,\"parts\":[],"
            "\"modes\":[\"train\",\"hard\"]}},"
            "\"models\":{\"m\":{\"plugin\":\"replay\",\"index\":0}},"
            "\"methods\":{},\"cells\":[%s],"
            "\"skipped\":[{\"task\":\"gsm\",\"method\":\"cg2a\",\"reason\":\"it plays "
            "pixels\"}]}\n",
            cells);
    fclose(f);
    free(path);
    free(dir);
}

char *run_cell(const char *task, const char *method, int seed) {
    char *name = accord_xasprintf("cells/%s/%s/%d", task, method, seed);
    char *path = run_path(name);

    ck_assert_int_eq(accord_mkdirs(path, NULL), ACCORD_OK);
    free(name);
    return path;
}

FILE *run_open(const char *cell, const char *file) {
    char *path = accord_xasprintf("%s/%s", cell, file);
    FILE *f = fopen(path, "ae");

    ck_assert_ptr_nonnull(f);
    free(path);
    return f;
}

void run_episode(FILE *journal, const ep_line *e) {
    bool answered =
        strcmp(e->outcome, "correct") == 0 || strcmp(e->outcome, "wrong") == 0;

    fprintf(journal,
            "{\"k\":\"call\",\"ep\":\"eval/0/default/0/%s\",\"agent\":0,\"role\":"
            "\"solver\",\"round\":0,\"sample\":0,\"ord\":0,\"hash\":\"89abcdef01234567\","
            "\"model\":\"m\",\"tokens\":[%d,%d],\"finish\":\"stop\",\"error\":%s,"
            "\"us\":[12,3400,%d],\"tries\":1}\n",
            e->item, e->prompt, e->completion,
            strcmp(e->outcome, "api_error") == 0 ? "\"api\"" : "null",
            1000 * (e->index + 1));
    fprintf(journal,
            "{\"k\":\"ep\",\"ep\":\"eval/0/default/0/%s\",\"item\":\"%s\",\"index\":%d,"
            "\"outcome\":\"%s\",\"answered\":%s,\"canon\":\"%s\",\"score\":%.17g,"
            "\"parts\":[%.17g,%d],\"note\":\"boxed\",\"steps\":1,\"end\":\"terminated\","
            "\"us\":%d,\"failed_calls\":%d,\"error\":null}\n",
            e->item, e->item, e->index, e->outcome, answered ? "true" : "false",
            strcmp(e->outcome, "correct") == 0 ? "42" : "", e->score, e->score, answered,
            2000 * (e->index + 1), strcmp(e->outcome, "api_error") == 0);
}

void run_finish(FILE *journal) {
    fputs("{\"k\":\"eval\",\"step\":0,\"mode\":\"default\",\"episodes\":1}\n"
          "{\"k\":\"mark\",\"what\":\"done\"}\n",
          journal);
    ck_assert_int_eq(fclose(journal), 0);
}

char *run_read(const char *path) {
    accord_err err = {0};
    char *text;
    size_t n;

    ck_assert_msg(accord_file_read(path, (size_t)1 << 30, &text, &n, &err) == ACCORD_OK,
                  "%s", err.msg);
    return text;
}

void run_join(char *text) {
    char *to = text;

    for (const char *from = text; *from;) {
        if (strncmp(from, "\n    ", 5) == 0) {
            *to++ = ' ';
            from += 1 + strspn(from + 1, " ");
        } else {
            *to++ = *from++;
        }
    }
    *to = '\0';
}

void run_seal(const char *cell) {
    accord_err err = {0};
    char *run = run_path("");

    ck_assert_msg(accord_report_seal(run, cell, &err) == ACCORD_OK, "%s", err.msg);
    free(run);
}

void run_play(const char *method, int seed, const char *right, int tokens) {
    char *cell = run_cell("gsm", method, seed);
    FILE *f = run_open(cell, "journal.jsonl");

    for (int i = 0; right[i]; i++) {
        char id[16];
        const char *outcome = right[i] == '1'   ? "correct"
                              : right[i] == 'x' ? "api_error"
                                                : "wrong";
        snprintf(id, sizeof(id), "q#%d", i);
        if (right[i] != '-')
            run_episode(f, &(ep_line){id, i, outcome, right[i] == '1', 100, tokens});
    }
    run_finish(f);
    run_seal(cell);
    free(cell);
}

void run_edit_manifest(const char *from, const char *to) {
    char *path = run_path("manifest.json");
    char *text = run_read(path);
    char *at = strstr(text, from);

    ck_assert_ptr_nonnull(at);
    FILE *f = fopen(path, "we");
    fprintf(f, "%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
    ck_assert_int_eq(fclose(f), 0);
    free(text);
    free(path);
}
