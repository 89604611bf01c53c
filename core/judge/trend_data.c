/* trend_data.c - a trend as one JSON document. */
#include "judge/trend.h"

static void open_list(accord_buf *b, const char *key) {
    accord_json_key(b, key);
    accord_buf_puts(b, "[");
}

static void open_member(accord_buf *b) {
    accord_json_key(b, NULL);
    accord_buf_puts(b, "{");
}

static void point(const accord_trend_point *p, accord_buf *b) {
    open_member(b);
    accord_json_text(b, "date", p->run->date);
    accord_json_text(b, "commit", p->run->commit);
    accord_json_text(b, "run", p->run->run);
    accord_json_text(b, "suite_sha256", p->run->suite_sha256);
    accord_json_int(b, "n", (int64_t)p->row->n);
    accord_json_int(b, "seeds", (int64_t)p->row->seeds);
    accord_json_real(b, "score", p->row->score);
    accord_json_finite(b, "se", p->row->se);
    accord_json_finite(b, "lo", p->row->lo);
    accord_json_finite(b, "hi", p->row->hi);
    accord_buf_puts(b, "}");
}

static void step(const accord_trend_series *s, const accord_level *level, accord_buf *b) {
    const accord_trend_point *first = accord_trend_first(s, level);

    open_member(b);
    accord_json_int(b, "point", first - s->points);
    accord_json_text(b, "date", first->run->date);
    accord_json_text(b, "commit", first->run->commit);
    accord_json_int(b, "earliest", (int64_t)s->searched[level->earliest]);
    accord_json_int(b, "latest", (int64_t)s->searched[level->latest]);
    accord_json_real(b, "from", (level - 1)->mean);
    accord_json_real(b, "to", level->mean);
    accord_json_real(b, "step", level->step);
    accord_json_real(b, "se", level->step_se);
    accord_json_real(b, "p", level->p);
    accord_json_bool(b, "better", (level->step > 0) == s->scale.higher);
    accord_json_bool(b, "suite_changed", accord_trend_suite_changed(s, level));
    accord_buf_puts(b, "}");
}

static void sentences(const accord_sentences *list, const char *key, accord_buf *b) {
    open_list(b, key);
    for (size_t i = 0; i < list->n; i++)
        accord_json_text(b, NULL, list->items[i]);
    accord_buf_puts(b, "]");
}

static void series(const accord_trend_series *s, accord_buf *b) {
    open_member(b);
    accord_json_text(b, "task", s->task);
    accord_json_text(b, "mode", s->mode);
    accord_json_text(b, "method", s->method);
    accord_json_text(b, "score", s->scale.name);
    accord_json_bool(b, "higher_is_better", s->scale.higher);
    accord_json_bool(b, "ended", s->ended);
    sentences(&s->why, "begins", b);
    accord_json_int(b, "searched", (int64_t)s->n_searched);
    open_list(b, "points");
    for (size_t i = 0; i < s->n; i++)
        point(&s->points[i], b);
    accord_buf_puts(b, "]");
    open_list(b, "steps");
    for (size_t k = 1; k < s->steps.n; k++)
        step(s, &s->steps.levels[k], b);
    accord_buf_puts(b, "]}");
}

void accord_trend_json(const accord_trend *t, accord_buf *b) {
    accord_buf_puts(b, "{");
    accord_json_text(b, "schema", "accord.trend/1");
    accord_json_text(b, "suite", t->history.runs[0].suite);
    accord_json_int(b, "runs", (int64_t)t->history.n);
    open_list(b, "series");
    for (size_t i = 0; i < t->n; i++)
        series(&t->items[i], b);
    accord_buf_puts(b, "]");
    sentences(&t->notes, "notes", b);
    accord_buf_puts(b, "}\n");
}
