/* cmd_run.c - accord run: plays a suite, or goes on with an interrupted run. */
#include <curl/curl.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "base/mem.h"
#include "cli/cli.h"
#include "cli/progress.h"
#include "host/registry.h"
#include "judge/board.h"
#include "report/report.h"
#include "run/changed.h"
#include "run/dryrun.h"

enum { MAX_SETS = 64, MAX_JOBS = 1024 };

typedef struct options {
    const char *suite, *resume, *out, *progress, *plugin_path;
    const char *sets[MAX_SETS];
    accord_suite_edit edit;
    long jobs;
    bool dry_run, json;
    bool lost; /* an option that does not exist: the usage helps */
} options;

static bool parse_jobs(const char *text, long *out) {
    char *end;

    *out = strtol(text, &end, 10);
    if (*end == '\0' && end != text && *out >= 1 && *out <= MAX_JOBS)
        return true;
    fprintf(stderr, "accord: -j %s: expected a whole number in 1 .. %d\n", text,
            MAX_JOBS);
    return false;
}

static const struct option long_options[] = {
    {"resume", required_argument, NULL, 'R'},
    {"set", required_argument, NULL, 'S'},
    {"method", required_argument, NULL, 'm'},
    {"task", required_argument, NULL, 't'},
    {"seed", required_argument, NULL, 's'},
    {"limit", required_argument, NULL, 'L'},
    {"dry-run", no_argument, NULL, 'n'},
    {"progress", required_argument, NULL, 'p'},
    {"plugin-path", required_argument, NULL, 'P'},
    {"json", no_argument, NULL, 'J'},
    {"help", no_argument, NULL, 'h'},
    {NULL, 0, NULL, 0},
};

/* One option; false when it makes no sense, which was said. */
static bool take(options *o, int option, const char *value) {
    switch (option) {
    case 'R':
        o->resume = value;
        return true;
    case 'S':
        if (o->edit.n_set == MAX_SETS) {
            fprintf(stderr, "accord: more than %d times --set\n", MAX_SETS);
            return false;
        }
        o->sets[o->edit.n_set++] = value;
        return true;
    case 'm':
        o->edit.method = value;
        return true;
    case 't':
        o->edit.task = value;
        return true;
    case 's':
        o->edit.seed = value;
        return true;
    case 'L':
        o->edit.limit = value;
        return true;
    case 'n':
        return o->dry_run = true;
    case 'p':
        o->progress = value;
        return true;
    case 'P':
        o->plugin_path = value;
        return true;
    case 'J':
        return o->json = true;
    case 'o':
        o->out = value;
        return true;
    case 'j':
        return parse_jobs(value, &o->jobs);
    default:
        o->lost = true;
        return false;
    }
}

/* What cannot go together, or NULL.  What a run is made of stands in its manifest, so a
 * change of it on resume would be passed over. */
static const char *slip(const options *o) {
    const accord_suite_edit *e = &o->edit;

    if (!o->suite && !o->resume)
        return "run: expected a suite, or --resume DIR";
    if (o->suite && o->resume)
        return "run: --resume goes on with the run's own suite; name no other";
    if (o->resume && (e->n_set || e->method || e->task || e->seed || e->limit))
        return "run: --resume goes on with the suite as it was run; --set, --method, "
               "--task, --seed and --limit cannot change it";
    if (o->resume && (o->out || o->dry_run))
        return "run: --resume goes together with neither -o nor --dry-run";
    return NULL;
}

static bool parse(options *o, int argc, char **argv) {
    int option;

    *o = (options){.progress = "auto", .jobs = sysconf(_SC_NPROCESSORS_ONLN)};
    optind = 1;
    while ((option = getopt_long(argc, argv, "o:j:L:h", long_options, NULL)) != -1)
        if (!take(o, option, optarg))
            return false;
    o->edit.set = o->sets;
    if (optind < argc)
        o->suite = argv[optind++];
    if (optind < argc)
        fprintf(stderr, "accord: run: one suite at a time, and %s is one more\n",
                argv[optind]);
    else if (slip(o))
        fprintf(stderr, "accord: %s\n", slip(o));
    return optind == argc && !slip(o);
}

/* Cells are the parallelism: the libraries below a worker use one thread each. */
static void settle_environment(void) {
    setenv("OPENBLAS_NUM_THREADS", "1", 1);
    setenv("OMP_NUM_THREADS", "1", 1);
    json_object_seed(0);
    curl_global_init(CURL_GLOBAL_DEFAULT);
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN); /* a full disk is an error of write() */
}

static accord_code new_folder(const options *o, const accord_suite *suite, char *dir,
                              size_t size, accord_err *err) {
    char date[32], manifest[4200];

    accord_utc(date, sizeof(date), 1);
    if (o->out)
        snprintf(dir, size, "%s", o->out);
    else
        snprintf(dir, size, "results/%s-%s", suite->name, date);
    snprintf(manifest, sizeof(manifest), "%s/manifest.json", dir);
    if (accord_file_exists(manifest))
        return accord_fail(err, ACCORD_E_CONFIG,
                           "%s already holds a run; --resume %s goes on with it", dir,
                           dir);
    if (accord_mkdirs(dir, err)) {
        err->code = ACCORD_E_CONFIG; /* a matter of -o, not of Accord */
        return err->code;
    }
    if (access(dir, W_OK))
        return accord_fail(err, ACCORD_E_CONFIG, "cannot write into %s: %s", dir,
                           strerror(errno));
    return ACCORD_OK;
}

static accord_code find_run(const char *resume, char *dir, size_t size, accord_err *err) {
    char manifest[4200];

    snprintf(dir, size, "%s", resume);
    snprintf(manifest, sizeof(manifest), "%s/manifest.json", dir);
    if (!accord_file_exists(manifest))
        return accord_fail(err, ACCORD_E_NOTFOUND, "%s holds no run (no manifest.json)",
                           dir);
    return ACCORD_OK;
}

/* Held until the process ends. */
static accord_code lock_run(const char *dir, accord_err *err) {
    char path[4200];

    snprintf(path, sizeof(path), "%s/lock", dir);
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (fd < 0)
        return accord_fail(err, ACCORD_E_IO, "cannot open %s: %s", path, strerror(errno));
    if (flock(fd, LOCK_EX | LOCK_NB))
        return accord_fail(err, ACCORD_E_CONFIG, "%s: another accord is running it", dir);
    return ACCORD_OK;
}

/* Plans a new run; *dir stays empty after a dry run. */
static accord_code prepare(const options *o, char *dir, size_t size, accord_err *err) {
    accord_suite *suite;
    accord_plan *plan = NULL;

    accord_code rc = accord_suite_load(o->suite, &o->edit, &suite, err);
    if (rc == ACCORD_E_IO) /* a path that was typed wrong is a usage error */
        err->code = ACCORD_E_CONFIG;
    if (!rc)
        rc = accord_plan_make(suite, &plan, err);
    if (!rc && o->dry_run) {
        rc = accord_plan_print(suite, plan, o->json, stdout, err);
    } else if (!rc) {
        rc = new_folder(o, suite, dir, size, err);
        if (!rc)
            rc = accord_manifest_write(dir, suite, plan, (uint32_t)o->jobs, err);
    }
    accord_plan_destroy(plan);
    accord_suite_destroy(suite);
    return rc;
}

static int exit_status(const accord_standing *s, uint32_t missing) {
    if (s->signal)
        return 128 + s->signal;
    if (s->usage.budget_spent && missing)
        return ACCORD_EXIT_BUDGET;
    return missing ? ACCORD_EXIT_INCOMPLETE : ACCORD_EXIT_OK;
}

static void say_how_it_ended(const accord_standing *s, const char *dir,
                             uint32_t missing) {
    if (missing == 0)
        return;
    const char *why = s->signal               ? "interrupted"
                      : s->usage.budget_spent ? "the budget is spent"
                      : s->message[0]         ? s->message
                                              : "unfinished";
    accord_log(ACCORD_WARN, "run", "%u of %u cells are not done: %s", missing, s->n_cells,
               why);
    accord_log(ACCORD_WARN, "run", "go on with: accord run --resume %s", dir);
}

static accord_code play(const options *o, const char *dir, accord_standing *standing,
                        uint32_t *missing, accord_err *err) {
    accord_progress progress;
    accord_manifest *manifest = NULL;
    accord_supervise_setup setup = {
        .jobs = (uint32_t)o->jobs, .progress = accord_progress_draw, .ctx = &progress};

    accord_code rc = accord_progress_init(&progress, o->progress, err);
    if (!rc)
        rc = lock_run(dir, err);
    if (!rc)
        rc = accord_manifest_read(dir, &manifest, err);
    setup.manifest = manifest;
    if (!rc && o->resume)
        rc = accord_run_unchanged(manifest, err);
    if (!rc)
        rc = accord_supervise(&setup, standing, err);
    accord_progress_end(&progress);
    if (!rc)
        rc = accord_report_results(dir, missing, err);
    accord_manifest_destroy(manifest);
    return rc;
}

int accord_cmd_run(const accord_command *self, int argc, char **argv) {
    char dir[4096] = "";
    accord_standing standing = {0};
    accord_err err = {0};
    uint32_t missing = 0;
    options o;

    if (!parse(&o, argc, argv))
        return o.lost ? accord_cli_usage(self) : ACCORD_EXIT_USAGE;
    accord_registry_path(o.plugin_path);
    settle_environment();
    if ((o.resume ? find_run(o.resume, dir, sizeof(dir), &err)
                  : prepare(&o, dir, sizeof(dir), &err)))
        return accord_cli_fail(&err);
    if (o.dry_run)
        return ACCORD_EXIT_OK;
    if (play(&o, dir, &standing, &missing, &err))
        return accord_cli_fail(&err);
    const char *dirs[] = {dir};
    const accord_table_how how = {
        .format = o.json ? "json" : "text", .by = "mode", .mark = accord_board_mark};
    if (accord_report_table(dirs, 1, &how, stdout, &err))
        return accord_cli_fail(&err);
    say_how_it_ended(&standing, dir, missing);
    return exit_status(&standing, missing);
}
