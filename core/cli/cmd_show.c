/* cmd_show.c - accord show: who said what, and what it cost; how an episode looked. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

#include "cli/cli.h"
#include "cli/frames.h"
#include "host/registry.h"
#include "report/report.h"
#include "run/frames.h"

enum {
    FPS = 25,
    MAX_FPS = 50, /* viewers slow a GIF of more down */
    MAX_SCALE = 16,
};

typedef struct options {
    accord_show show;
    accord_cli_frames frames;
    const char *only_frames; /* an option that goes with --frames */
} options;

static const struct option long_options[] = {
    {"cell", required_argument, NULL, 'c'},
    {"item", required_argument, NULL, 'i'},
    {"json", no_argument, NULL, 'j'},
    {"frames", required_argument, NULL, 'F'},
    {"mode", required_argument, NULL, 'm'},
    {"step", required_argument, NULL, 's'},
    {"frame-size", required_argument, NULL, 'S'},
    {"scale", required_argument, NULL, 'x'},
    {"fps", required_argument, NULL, 'f'},
    {"plugin-path", required_argument, NULL, 'P'},
    {0},
};

/* A whole number of an option; false, and a sentence, for anything else. */
static bool number(const char *option, const char *text, uint64_t min, uint64_t max,
                   uint64_t *out) {
    char *end;

    *out = strtoull(text, &end, 10);
    if (text[0] >= '0' && text[0] <= '9' && *end == '\0' && *out >= min && *out <= max)
        return true;
    fprintf(stderr, "accord: %s %s: expected a whole number in %llu .. %llu\n", option,
            text, (unsigned long long)min, (unsigned long long)max);
    return false;
}

static bool small(options *o, const char *option, const char *text, uint32_t max,
                  uint32_t *out) {
    uint64_t n;

    o->only_frames = option;
    bool good = number(option, text, 1, max, &n);
    *out = (uint32_t)n;
    return good;
}

/* One option; false when it makes no sense.  `lost`: which was said by getopt alone. */
static bool take(options *o, int option, const char *value, bool *lost) {
    switch (option) {
    case 'c':
        o->show.cell = value;
        return true;
    case 'i':
        o->show.item = value;
        return true;
    case 'j':
        return o->show.raw = true;
    case 'P':
        accord_registry_path(value);
        return true;
    case 'F':
        o->frames.dir = value;
        return true;
    case 'm':
        o->only_frames = "--mode";
        o->frames.wish.mode = value;
        return true;
    case 's':
        o->only_frames = "--step";
        return number("--step", value, 0, INT64_MAX, &o->frames.wish.step);
    case 'S':
        return small(o, "--frame-size", value, ACCORD_FRAMES_MAX_SIDE, &o->frames.side);
    case 'x':
        return small(o, "--scale", value, MAX_SCALE, &o->frames.scale);
    case 'f':
        return small(o, "--fps", value, MAX_FPS, &o->frames.fps);
    default:
        *lost = true;
        return false;
    }
}

/* What cannot go together, or NULL. */
static const char *slip(const options *o) {
    if (!o->frames.dir)
        return o->only_frames ? "goes with --frames DIR" : NULL;
    if (!o->show.item)
        return "--frames needs an --item: `accord show RUN` lists them";
    return o->show.raw ? "--json does not go with --frames" : NULL;
}

int accord_cmd_show(const accord_command *self, int argc, char **argv) {
    options o = {.frames = {.wish = {.step = UINT64_MAX}, .fps = FPS}};
    accord_err err = {0};
    bool lost = false;

    for (int c; (c = getopt_long(argc, argv, "", long_options, NULL)) != -1;)
        if (!take(&o, c, optarg, &lost))
            return lost ? accord_cli_usage(self) : ACCORD_EXIT_USAGE;
    if (optind + 1 != argc)
        return accord_cli_usage(self);
    o.show.run_dir = o.frames.wish.run_dir = argv[optind];
    o.frames.wish.cell = o.show.cell;
    o.frames.wish.item = o.show.item;
    const char *wrong = slip(&o);
    if (wrong) {
        fprintf(stderr, "accord: show: %s%s%s\n", o.frames.dir ? "" : o.only_frames,
                o.frames.dir ? "" : " ", wrong);
        return ACCORD_EXIT_USAGE;
    }
    if (o.frames.dir)
        return accord_cli_show_frames(&o.frames);
    if (accord_report_show(&o.show, stdout, &err))
        return accord_cli_fail(&err);
    return ACCORD_EXIT_OK;
}
