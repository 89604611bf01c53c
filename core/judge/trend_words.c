/* trend_words.c - a trend for people, with a line of bars for each series. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "judge/trend.h"

enum { BARS = 60, HEIGHTS = 8 };
#define Z 1.959963984540054

const accord_trend_point *accord_trend_first(const accord_trend_series *s,
                                             const accord_level *level) {
    return &s->points[s->searched[level->from]];
}

bool accord_trend_suite_changed(const accord_trend_series *s, const accord_level *level) {
    const accord_trend_point *before = &s->points[s->searched[level->from - 1]];
    const accord_trend_point *first = accord_trend_first(s, level);

    return strcmp(before->run->suite_sha256, first->run->suite_sha256) != 0;
}

char *accord_trend_name(const accord_trend_series *s) {
    return strcmp(s->mode, "default") == 0
               ? accord_xasprintf("%s on %s", s->method, s->task)
               : accord_xasprintf("%s on %s/%s", s->method, s->task, s->mode);
}

char *accord_trend_when(const accord_trend_point *p) {
    const char *commit = p->run->commit;

    return commit ? accord_xasprintf("%.10s, commit %.12s", p->run->date, commit)
                  : accord_xasprintf("%.10s", p->run->date);
}

/* Where the step may lie instead, or nothing. */
static char *doubt(const accord_trend_series *s, const accord_level *level) {
    if (level->earliest == level->latest)
        return accord_xstrdup("");
    char *from = accord_trend_when(&s->points[s->searched[level->earliest]]);
    char *to = accord_trend_when(&s->points[s->searched[level->latest]]);
    char *text = accord_xasprintf("; it began between %s, and %s", from, to);

    free(from);
    free(to);
    return text;
}

char *accord_trend_step(const accord_trend_series *s, const accord_level *level) {
    double half = Z * level->step_se;
    bool better = (level->step > 0) == s->scale.higher;
    char *when = accord_trend_when(accord_trend_first(s, level));
    char *from = accord_scale_score(&s->scale, (level - 1)->mean);
    char *to = accord_scale_score(&s->scale, level->mean);
    char *step = accord_scale_gap(&s->scale, level->step, true);
    char *lo = accord_scale_gap(&s->scale, level->step - half, true);
    char *hi = accord_scale_gap(&s->scale, level->step + half, true);
    char *p = accord_p_text(level->p);
    char *between = doubt(s, level);
    char *text = accord_xasprintf(
        "%s since %s: %s -> %s, %s%s (%s to %s), %s%s%s", better ? "better" : "worse",
        when, from, to, step, accord_scale_unit(&s->scale), lo, hi, p, between,
        accord_trend_suite_changed(s, level) ? "; the suite changed there, too" : "");

    free(between);
    free(when);
    free(from);
    free(to);
    free(step);
    free(lo);
    free(hi);
    free(p);
    return text;
}

/* ---- bars */

typedef struct span {
    double lo, hi;
} span;

static span span_of(const accord_trend_series *s, size_t from) {
    span r = {(double)INFINITY, -(double)INFINITY};

    for (size_t i = from; i < s->n; i++) {
        r.lo = fmin(r.lo, s->points[i].row->score);
        r.hi = fmax(r.hi, s->points[i].row->score);
    }
    return r;
}

static int height_of(double score, span r) {
    if (!(r.hi > r.lo))
        return HEIGHTS / 2;
    return (int)((score - r.lo) / (r.hi - r.lo) * (HEIGHTS - 1) + 0.5);
}

static bool begins_level(const accord_trend_series *s, size_t point) {
    for (size_t k = 1; k < s->steps.n; k++)
        if (s->searched[s->steps.levels[k].from] == point)
            return true;
    return false;
}

/* The last points; a stroke where the level changed. */
static void bars(const accord_trend *t, const accord_trend_series *s, accord_buf *out) {
    static const char *const blocks[HEIGHTS] = {"\u2581", "\u2582", "\u2583", "\u2584",
                                                "\u2585", "\u2586", "\u2587", "\u2588"};
    static const char *const plain[HEIGHTS] = {"_", ".", ":", "-", "=", "+", "*", "#"};
    size_t from = s->n > BARS ? s->n - BARS : 0;
    span r = span_of(s, from);
    char *lo = accord_scale_score(&s->scale, r.lo);
    char *hi = accord_scale_score(&s->scale, r.hi);

    accord_buf_puts(out, "    ");
    for (size_t i = from; i < s->n; i++) {
        int h = height_of(s->points[i].row->score, r);
        accord_buf_puts(out, i > from && begins_level(s, i) ? "|" : "");
        accord_buf_puts(out, t->how.unicode ? blocks[h] : plain[h]);
    }
    if (r.hi > r.lo)
        accord_buf_printf(out, "  %s to %s\n", lo, hi);
    else
        accord_buf_printf(out, "  %s\n", lo);
    free(lo);
    free(hi);
}

/* ---- sentences */

static char *interval_text(const accord_trend_series *s, const accord_history_row *r) {
    if (isnan(r->lo) || isnan(r->hi))
        return accord_xstrdup("no interval");
    char *lo = accord_scale_score(&s->scale, r->lo);
    char *hi = accord_scale_score(&s->scale, r->hi);
    char *text = accord_xasprintf("%s to %s", lo, hi);

    free(lo);
    free(hi);
    return text;
}

static void latest(const accord_trend_series *s, accord_buf *out) {
    const accord_trend_point *last = &s->points[s->n - 1];
    char *name = accord_trend_name(s);
    char *score = accord_scale_score(&s->scale, last->row->score);
    char *interval = interval_text(s, last->row);
    char *when = accord_trend_when(last);
    char *text = accord_xasprintf("%s: %s (%s) %s %s; %zu point%s since %.10s", name,
                                  score, interval, s->ended ? "until" : "on", when, s->n,
                                  s->n == 1 ? "" : "s", s->points[0].run->date);

    accord_sentence_write(out, text, 0);
    free(text);
    free(when);
    free(interval);
    free(score);
    free(name);
}

static void take(accord_buf *out, char *text) {
    accord_sentence_write(out, text, 4);
    free(text);
}

size_t accord_trend_told(const accord_trend_series *s) {
    return s->steps.n > ACCORD_TREND_TOLD ? s->steps.n - ACCORD_TREND_TOLD : 1;
}

static void steps(const accord_trend_series *s, accord_buf *out) {
    size_t told = accord_trend_told(s);
    size_t unknown = s->n < ACCORD_TREND_LONGEST ? s->n - s->n_searched : 0;

    if (told > 1)
        take(out, accord_xasprintf("%zu earlier steps, which --json lists", told - 1));
    for (size_t k = told; k < s->steps.n; k++)
        take(out, accord_trend_step(s, &s->steps.levels[k]));
    if (s->n > ACCORD_TREND_LONGEST)
        take(out, accord_xasprintf("only the last %d points were searched for steps",
                                   ACCORD_TREND_LONGEST));
    if (unknown)
        take(out, accord_xasprintf("%zu point%s without an interval %s not searched for "
                                   "steps",
                                   unknown, unknown == 1 ? "" : "s",
                                   unknown == 1 ? "was" : "were"));
    if (s->steps.n == 1 && s->n_searched > 1)
        take(out, accord_xstrdup("no step"));
}

/* Why the series before this one went on no longer. */
static void begins(const accord_trend_series *s, accord_buf *out) {
    for (size_t i = 0; i < s->why.n; i++)
        take(out, accord_xasprintf("begins here: %s", s->why.items[i]));
}

void accord_trend_words(const accord_trend *t, accord_buf *out) {
    for (size_t i = 0; i < t->n; i++) {
        const accord_trend_series *s = &t->items[i];
        accord_buf_puts(out, i ? "\n" : "");
        latest(s, out);
        begins(s, out);
        bars(t, s, out);
        steps(s, out);
    }
    accord_buf_puts(out, t->notes.n ? "\n" : "");
    for (size_t i = 0; i < t->notes.n; i++)
        accord_sentence_write(out, t->notes.items[i], 0);
}
