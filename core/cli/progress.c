/* progress.c - see progress.h. */
#include "cli/progress.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"

enum { BAR = 24, PLAIN_EVERY_S = 10 };

accord_code accord_progress_init(accord_progress *p, const char *name, accord_err *err) {
    static const char *const names[] = {"none", "plain", "bar"};
    const char *term = getenv("TERM");
    bool terminal = isatty(STDERR_FILENO) && term && strcmp(term, "dumb") != 0;

    *p = (accord_progress){.started_ns = accord_now_ns(), .mode = -1};
    if (strcmp(name, "auto") == 0)
        p->mode = terminal && !getenv("CI") ? ACCORD_PROGRESS_BAR : ACCORD_PROGRESS_PLAIN;
    for (int i = 0; i < 3; i++)
        if (strcmp(name, names[i]) == 0)
            p->mode = i;
    if (p->mode < 0)
        return accord_fail(err, ACCORD_E_ARG,
                           "--progress is auto, bar, plain or none, not \"%s\"", name);
    return ACCORD_OK;
}

/* "1:02:03" or "2:03" */
static void format_time(double seconds, char out[24]) {
    long s = (long)(seconds + 0.5);

    if (s >= 3600)
        snprintf(out, 24, "%ld:%02ld:%02ld", s / 3600, s / 60 % 60, s % 60);
    else
        snprintf(out, 24, "%ld:%02ld", s / 60, s % 60);
}

static void describe(const accord_progress *p, const accord_standing *s, char *out,
                     size_t size) {
    double elapsed_s = (double)(accord_now_ns() - p->started_ns) * 1e-9;
    uint64_t played = s->played - p->first_played;
    double rate = elapsed_s > 0 ? (double)played / elapsed_s : 0;
    char left[24] = "?", trained[64] = "", calls[64] = "";

    if (rate > 0)
        format_time((double)(s->total - s->played) / rate, left);
    if (s->train_budget)
        snprintf(trained, sizeof(trained), ", trained %llu of %llu",
                 (unsigned long long)s->trained, (unsigned long long)s->train_budget);
    if (s->usage.calls)
        snprintf(calls, sizeof(calls), ", %llu calls",
                 (unsigned long long)s->usage.calls);
    snprintf(out, size, "%u/%u cells, %llu/%llu episodes%s%s, %.0f/s, %s left", s->done,
             s->n_cells, (unsigned long long)s->played, (unsigned long long)s->total,
             trained, calls, rate, left);
}

static void draw_bar(const accord_standing *s, const char *text) {
    char bar[BAR + 1];
    size_t full = s->total ? (size_t)(s->played * BAR / s->total) : 0;

    for (size_t i = 0; i < BAR; i++)
        bar[i] = i < full ? '#' : '.';
    bar[BAR] = '\0';
    fprintf(stderr, "\r[%s] %s\033[K", bar, text);
    fflush(stderr);
}

void accord_progress_draw(void *ctx, const accord_standing *s) {
    accord_progress *p = ctx;
    int64_t now_ns = accord_now_ns();
    char text[320];

    if (!p->begun) {
        p->begun = true;
        p->first_played = s->played;
        p->drawn_ns = now_ns;
    }
    if (p->mode == ACCORD_PROGRESS_NONE)
        return;
    bool due = now_ns - p->drawn_ns >= PLAIN_EVERY_S * ACCORD_S_NS;
    if (p->mode == ACCORD_PROGRESS_PLAIN && !due)
        return;
    p->drawn_ns = now_ns;
    describe(p, s, text, sizeof(text));
    if (p->mode == ACCORD_PROGRESS_BAR)
        draw_bar(s, text);
    else
        fprintf(stderr, "info: run: %s\n", text);
}

void accord_progress_end(accord_progress *p) {
    if (p->mode == ACCORD_PROGRESS_BAR && p->begun)
        fputs("\r\033[K", stderr);
}
