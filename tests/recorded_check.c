/* recorded_check.c - holds a run of benchmarks/recorded-gsm8k.json to the figures that
 * were published with the recordings: recorded_check RUN DATA.
 *
 * For every method: 1,319 questions, and a score within 1 point of the fixed one.  Every
 * question on which Accord's verdict is not the recorded one is listed with the reason,
 * and one that has none fails.  Exit status 0 or 1; 2 when something cannot be read. */
#include <accord/jsonl.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/mem.h"
#include "host/host.h"

enum { N_MODELS = 12, N_ITEMS = 1319 };
#define ITEM_PREFIX "gsm8k-main-test-#"

typedef struct row {
    char *value;     /* the number that was compared, or NULL */
    char *extracted; /* what the source took it from, or NULL */
    bool correct;
} row;

typedef struct verdict {
    char *canon; /* NULL until the question was played */
    char *note;
    bool correct;
} verdict;

static char *models[N_MODELS]; /* as the recordings name them */
static row rows[N_MODELS][N_ITEMS];
static verdict ours[N_ITEMS];

static void die(const accord_err *err) {
    fprintf(stderr, "recorded_check: %s\n", err->msg);
    exit(2);
}

/* The line of gsm8k/test.jsonl that an item's id names. */
static size_t item_of(const char *id) {
    size_t n = strlen(ITEM_PREFIX);
    long i = strncmp(id, ITEM_PREFIX, n) == 0 ? strtol(id + n, NULL, 10) : -1;

    if (i < 0 || i >= N_ITEMS) {
        fprintf(stderr, "recorded_check: no such item: %s\n", id);
        exit(2);
    }
    return (size_t)i;
}

static size_t model_of(const char *name) {
    size_t m = 0;

    while (m < N_MODELS && models[m] && strcmp(models[m], name) != 0)
        m++;
    if (m == N_MODELS) {
        fprintf(stderr, "recorded_check: more than %d models\n", N_MODELS);
        exit(2);
    }
    if (!models[m])
        models[m] = accord_xstrdup(name);
    return m;
}

/* Calls `visit` for each line of a file, or of those that contain `bytes`. */
static void each_line(const char *path, const char *bytes,
                      void (*visit)(accord_jsonl *)) {
    accord_err err = {0};
    accord_jsonl *in;
    int more;

    if (accord_jsonl_open(&accord_host_default, path, &in, &err))
        die(&err);
    for (;;) {
        if (accord_jsonl_next_with(in, bytes, &more, &err))
            die(&err);
        if (!more)
            break;
        visit(in);
    }
    accord_jsonl_close(in);
}

/* A text that must be there. */
static const char *need(accord_jsonl *in, const char *field) {
    accord_err err = {0};
    const char *text;

    if (accord_jsonl_string(in, field, &text, &err))
        die(&err);
    return text;
}

static void take_row(accord_jsonl *in) {
    row *r = &rows[model_of(need(in, "model"))][item_of(need(in, "question_id"))];

    r->value = accord_xstrdup(accord_jsonl_text(in, "value"));
    r->extracted = accord_xstrdup(accord_jsonl_text(in, "extracted"));
    r->correct = strcmp(accord_jsonl_text(in, "correct"), "true") == 0;
}

static void take_verdict(accord_jsonl *in) {
    const char *canon = accord_jsonl_text(in, "canon");
    const char *note = accord_jsonl_text(in, "note");
    verdict *v = &ours[item_of(need(in, "item"))];

    if (v->canon)
        fprintf(stderr, "recorded_check: %s was played twice\n", need(in, "item"));
    free(v->canon);
    free(v->note);
    v->canon = accord_xstrdup(canon ? canon : "");
    v->note = accord_xstrdup(note ? note : "no rule");
    v->correct = strcmp(need(in, "outcome"), "correct") == 0;
}

static void forget_verdicts(void) {
    for (size_t i = 0; i < N_ITEMS; i++) {
        free(ours[i].canon);
        free(ours[i].note);
        ours[i] = (verdict){0};
    }
}

/* What the members of a method said, decided as the fixed points are: plurality of
 * `value`, ties to the earliest member. */
static const row *recorded_vote(const size_t *members, size_t n, size_t item) {
    const row *best = &rows[members[0]][item];
    size_t most = 0;

    for (size_t i = 0; i < n; i++) {
        const row *candidate = &rows[members[i]][item];
        size_t votes = 0;
        for (size_t j = 0; j < n && candidate->value; j++) {
            const char *other = rows[members[j]][item].value;
            votes += other && strcmp(other, candidate->value) == 0;
        }
        if (votes > most) {
            best = candidate;
            most = votes;
        }
    }
    return best;
}

/* Prints one difference.  False when both read the same and still disagree. */
static bool explain(const char *method, size_t item, const row *recorded) {
    const verdict *v = &ours[item];
    const char *value = recorded->value ? recorded->value : "";

    printf("%s " ITEM_PREFIX "%zu: recorded %s, ours %s: ", method, item,
           recorded->correct ? "right" : "wrong", v->correct ? "right" : "wrong");
    if (strcmp(value, v->canon) == 0) {
        printf("both read \"%s\": NO REASON\n", value);
        return false;
    }
    if (!*v->canon)
        printf("the source read %s, we find no answer\n", value);
    else if (!*value)
        printf("the source found no answer, we read %s (rule %s)\n", v->canon, v->note);
    else
        printf("the source read %s in \"%.60s\", we read %s (rule %s)\n", value,
               recorded->extracted ? recorded->extracted : "the reply", v->canon,
               v->note);
    return true;
}

/* The number of right answers that the fixed points give to these members. */
static int64_t fixed_right(const json_t *fixed, const size_t *members, size_t n) {
    const char *name;
    json_t *entry;

    if (n == 1)
        return json_integer_value(
            json_object_get(json_object_get(json_object_get(fixed, "gsm8k_12_models"),
                                            models[members[0]]),
                            "correct"));
    json_object_foreach(json_object_get(fixed, "gsm8k_votes"), name, entry) {
        const json_t *list = json_object_get(entry, "models");
        size_t same = 0;
        while (same < n && same < json_array_size(list) &&
               strcmp(json_string_value(json_array_get(list, same)),
                      models[members[same]]) == 0)
            same++;
        if (same == n && json_array_size(list) == n)
            return json_integer_value(
                json_object_get(json_object_get(entry, "right"), "first"));
    }
    return -1;
}

/* The models of a method, by the suite that was run. */
static size_t members_of(const json_t *suite, const json_t *method, size_t *members) {
    json_t *solver = json_object_get(json_object_get(method, "roles"), "solver");
    size_t n = json_is_array(solver) ? json_array_size(solver) : 1;

    for (size_t i = 0; i < n && i < N_MODELS; i++) {
        json_t *one = json_is_array(solver) ? json_array_get(solver, i) : solver;
        const json_t *model =
            json_object_get(json_object_get(suite, "models"), json_string_value(one));
        members[i] = model_of(json_string_value(
            json_object_get(json_object_get(model, "params"), "model")));
    }
    return n;
}

static bool check_method(const char *name, const size_t *members, size_t n,
                         int64_t fixed) {
    size_t played = 0, right = 0, recorded = 0, differ = 0, unexplained = 0;

    for (size_t i = 0; i < N_ITEMS; i++) {
        const row *r = recorded_vote(members, n, i);
        recorded += r->correct;
        if (!ours[i].canon)
            continue;
        played++;
        right += ours[i].correct;
        if (ours[i].correct != r->correct) {
            differ++;
            unexplained += !explain(name, i, r);
        }
    }
    double points = 100.0 * ((double)right - (double)fixed) / N_ITEMS;
    bool good = played == N_ITEMS && recorded == (size_t)fixed && unexplained == 0 &&
                fabs(points) <= 1.0;
    printf("%s %s: %zu right of %zu, fixed %lld (%+.2f points), %zu verdicts differ\n",
           good ? "ok" : "FAILED", name, right, played, (long long)fixed, points, differ);
    return good;
}

/* Checks every method of the run and returns how many failed. */
static int check_run(const char *run, const json_t *suite, const json_t *fixed) {
    const char *name;
    json_t *method;
    int failed = 0;

    json_object_foreach(json_object_get(suite, "methods"), name, method) {
        size_t members[N_MODELS];
        size_t n = members_of(suite, method, members);
        char *path = accord_xasprintf("%s/cells/gsm8k/%s/1/journal.jsonl", run, name);
        forget_verdicts();
        each_line(path, "\"k\":\"ep\"", take_verdict);
        failed += !check_method(name, members, n, fixed_right(fixed, members, n));
        free(path);
    }
    if (json_object_size(json_object_get(suite, "methods")) == 0) {
        printf("the run has no methods\n");
        failed++;
    }
    return failed;
}

int main(int argc, char **argv) {
    accord_err err = {0};
    json_t *manifest, *fixed;

    if (argc != 3) {
        fprintf(stderr, "usage: recorded_check RUN DATA\n");
        return 2;
    }
    char *of_run = accord_xasprintf("%s/manifest.json", argv[1]);
    char *of_fixed = accord_xasprintf("%s/recorded/fixed_points.json", argv[2]);
    char *of_rows = accord_xasprintf("%s/recorded/gsm8k_12_models.jsonl.gz", argv[2]);
    if (accord_json_load(of_run, &manifest, &err) ||
        accord_json_load(of_fixed, &fixed, &err))
        die(&err);
    each_line(of_rows, "", take_row);
    int failed = check_run(argv[1], json_object_get(manifest, "suite"), fixed);
    printf("%d methods failed\n", failed);
    return failed > 0;
}
