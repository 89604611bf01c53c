/* main.c - the command line: finds the sub-command and runs it. */
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "cli/cli.h"

static const accord_command commands[] = {
    {"compare", "RUN [RUN2] [--baseline METHOD | --pairs] [--clusters] [--json]",
     "which method is better, by how much, how sure", accord_cmd_compare},
    {"data", "ls [--json] | get NAME... [--table FILE]",
     "published data sets: list, download", accord_cmd_data},
    {"describe", NULL, NULL, accord_cmd_describe},
    {"frames", NULL, NULL, accord_cmd_frames},
    {"gate",
     "RUN (--baseline FILE | --write FILE) [--margin X] [--coverage X] [--strict]\n"
     "       [--json] [--junit FILE] [--bmf FILE] [--benchmark FILE]",
     "did a method get worse than its baseline?", accord_cmd_gate},
    {"grade", NULL, NULL, accord_cmd_grade},
    {"info", "PLUGIN [--json] [--plugin-path DIRS]",
     "what a plugin says of itself: options, roles, needs", accord_cmd_info},
    {"ls", "[methods|tasks|models|suites|runs] [--json] [--plugin-path DIRS]",
     "what there is to choose from", accord_cmd_ls},
    {"plugin", "new method NAME [-o DIR]", "begins a plugin: C file, Makefile, suite",
     accord_cmd_plugin},
    {"report", "RUN... [-o FILE] [--transcripts MB]",
     "one HTML file: verdict, charts, every wrong answer", accord_cmd_report},
    {"rescore",
     "RUN [-o DIR] [--set tasks/NAME/params/KEY=VALUE ...] [--json]\n"
     "       [--plugin-path DIRS]",
     "grades a run again without a call: which verdicts move", accord_cmd_rescore},
    {"show",
     "RUN [--cell TASK/METHOD/SEED] [--item ID] [--json]\n"
     "       [--frames DIR [--mode M] [--step N] [--frame-size N] [--scale N] [--fps N]\n"
     "       [--plugin-path DIRS]]",
     "the transcript: who said what, what it cost; an episode's frames", accord_cmd_show},
    {"table",
     "RUN... [-f text|md|csv|tex|json] [--by mode|task]\n"
     "       [--parts | --metrics[=NAME,...] | --equal-tokens METHOD]",
     "scores with their intervals, and what they cost", accord_cmd_table},
    {"trend",
     "HISTORY [--append RUN [--commit ID] [--date DATE] [--coverage X]]\n"
     "       [--method M] [--task T] [--json] [--svg FILE]",
     "scores over time, and where their level changed", accord_cmd_trend},
    {"run",
     "(SUITE | --resume DIR) [-o DIR] [-j N] [--set PATH=VALUE ...]\n"
     "       [--method M,...] [--task T,...] [--seed S,...] [--limit N] [--dry-run]\n"
     "       [--json] [--plugin-path DIRS] [--progress auto|bar|plain|none]",
     "plays a suite, or goes on with an interrupted run", accord_cmd_run},
    {"validate", "SUITE [--set PATH=VALUE ...] [--plugin-path DIRS] [--json]",
     "checks a suite without running it", accord_cmd_validate},
    {"version", "[--json]", "git commit, compiler, libraries", accord_cmd_version},
    {"worker", NULL, NULL, accord_cmd_worker},
};
enum { N_COMMANDS = sizeof(commands) / sizeof(commands[0]) };

static int help(FILE *out, int status) {
    fputs("usage: accord COMMAND [ARGUMENT ...]\n\n", out);
    for (size_t i = 0; i < N_COMMANDS; i++)
        if (commands[i].usage)
            fprintf(out, "  %-10s %s\n", commands[i].name, commands[i].summary);
    fputs("\n`accord COMMAND --help` says more.\n", out);
    return status;
}

/* --help as the first argument of a command. */
static int help_of(const accord_command *command) {
    printf("usage: accord %s %s\n\n%s\n", command->name, command->usage,
           command->summary);
    return ACCORD_EXIT_OK;
}

static int unknown(const char *name) {
    const char *names[N_COMMANDS + 1] = {NULL};
    size_t n = 0;

    for (size_t i = 0; i < N_COMMANDS; i++)
        if (commands[i].usage)
            names[n++] = commands[i].name;
    const char *near = accord_text_nearest(name, names);
    fprintf(stderr, "accord: unknown command \"%s\"", name);
    if (near)
        fprintf(stderr, " (did you mean \"%s\"?)", near);
    fputs("\n", stderr);
    return ACCORD_EXIT_USAGE;
}

static bool asks_help(const char *option) {
    return strcmp(option, "--help") == 0 || strcmp(option, "-h") == 0;
}

static int dispatch(int argc, char **argv) {
    if (argc < 2)
        return help(stderr, ACCORD_EXIT_USAGE);
    static char title[64]; /* how getopt names the command in its sentences */
    const char *name = argv[1];
    if (asks_help(name))
        return help(stdout, ACCORD_EXIT_OK);
    if (strcmp(name, "--version") == 0)
        name = "version";
    for (size_t i = 0; i < N_COMMANDS; i++) {
        if (strcmp(name, commands[i].name) != 0)
            continue;
        if (argc > 2 && commands[i].usage && asks_help(argv[2]))
            return help_of(&commands[i]);
        snprintf(title, sizeof(title), "accord %s", name);
        argv[1] = title;
        return commands[i].run(&commands[i], argc - 1, argv + 1);
    }
    return unknown(name);
}

/* Opens what of stdin, stdout and stderr is closed, so that no file of a run takes their
 * place; for reading only, so that what is written there fails as if still closed. */
static void fill_standard(void) {
    int fd;

    do
        fd = open("/dev/null", O_RDONLY);
    while (fd >= 0 && fd <= STDERR_FILENO);
    if (fd > STDERR_FILENO)
        close(fd);
}

int main(int argc, char **argv) {
    fill_standard();
    int status = dispatch(argc, argv);

    if ((fflush(stdout) == 0 && !ferror(stdout)) || status)
        return status;
    fputs("accord: cannot write to stdout\n", stderr);
    return ACCORD_EXIT_INTERNAL;
}
