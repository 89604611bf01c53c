/* grade_answers.c - gives the answers of a cell to its task again, and writes the lines
 * of journal.jsonl that would have been. */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "run/ask.h"
#include "run/describe.h"
#include "run/grade_parts.h"
#include "run/outcome.h"
#include "run/score.h"

/* An episode's line, its name taken apart, and what the task makes of it. */
typedef struct graded {
    const char *ep;
    accord_grade_name name;
    const accord_graded_ep *known;
    const accord_spec *spec;
    accord_key key;
    uint32_t n_parts;
} graded;

static const char *text_of(const json_t *object, const char *key) {
    const char *text = json_string_value(json_object_get(object, key));

    return text ? text : "";
}

/* A number as journals write it: also "nan", "inf" and "-inf". */
static double real_of(const json_t *value) {
    return json_is_string(value) ? strtod(json_string_value(value), NULL)
                                 : json_number_value(value);
}

static bool same_real(double a, double b) {
    return (isnan(a) && isnan(b)) || (a <= b && a >= b);
}

static bool same_text(const char *a, const char *b) {
    return a == b || (a && b && strcmp(a, b) == 0);
}

/* ---- the task ---------------------------------------------------------------------- */

/* Which episode of the task a line of the journal is of. */
static accord_code look_up(const accord_grading *g, const char *ep, graded *out,
                           accord_err *err) {
    uint64_t visit;

    *out = (graded){.ep = ep, .known = accord_grade_find(&g->files, ep)};
    if (!out->known || !out->known->ended || !accord_grade_name_read(ep, &out->name))
        return accord_fail(err, ACCORD_E_CONFIG, "%s never ended", ep);
    accord_code rc = g->task->task->spec(g->task->self, out->name.mode, &out->spec, err);
    if (rc)
        return rc;
    while (out->spec->parts && out->spec->parts[out->n_parts] &&
           out->n_parts < ACCORD_MAX_PARTS)
        out->n_parts++;
    out->key = (accord_key){
        .struct_size = sizeof(out->key),
        .split = ACCORD_SPLIT_EVAL,
        .mode = out->name.mode,
        .item = accord_order_item(&g->items, out->known->index, &visit),
        .seed = (uint64_t)json_integer_value(json_object_get(g->order, "seed"))};
    return ACCORD_OK;
}

/* *failed is what a grader said that failed on this answer: the answer's matter, not the
 * run's. */
static accord_code score(const accord_grading *g, const graded *of, const char *text,
                         accord_scored *out, accord_err *failed, accord_err *err) {
    const accord_action action = {
        .struct_size = sizeof(action), .kind = ACCORD_TEXT, .text = text};
    char doing[160];
    bool opened;

    snprintf(doing, sizeof(doing), "item %.100s was graded again", of->name.item);
    accord_ask_note(g->who, doing);
    accord_code rc = accord_score_afresh(g->task, of->spec, &of->key, of->name.item,
                                         &action, out, &opened, failed);
    if (!rc || opened) {
        if (rc && !failed->code)
            accord_fail(failed, rc, "failed with code %d and no word", rc);
        return ACCORD_OK;
    }
    accord_scored_fini(out);
    return accord_fail(err, ACCORD_E_CONFIG, "task %s has changed since the run: %s",
                       g->entry->name, failed->msg);
}

/* ---- writing ----------------------------------------------------------------------- */

accord_code accord_grade_write(const accord_grading *g, const char *raw, size_t n,
                               accord_err *err) {
    if (g->out && fwrite(raw, 1, n, g->out) != n)
        return accord_fail(err, ACCORD_E_IO, "cannot write %s: %s", g->path,
                           strerror(errno));
    return ACCORD_OK;
}

static accord_code write_line(const accord_grading *g, accord_buf *members,
                              accord_err *err) {
    accord_buf_puts(members, "}\n");
    accord_code rc = accord_buf_check(members, "a journal line", err);

    return rc ? rc : accord_grade_write(g, members->data, members->n, err);
}

/* ---- candidates -------------------------------------------------------------------- */

static accord_code write_candidate(const accord_grading *g, const graded *of,
                                   const json_t *line, const accord_scored *now,
                                   accord_err *err) {
    const accord_candidate c = {
        .kind = (char *)text_of(line, "kind"),
        .index = (uint32_t)json_integer_value(json_object_get(line, "index")),
        .tokens = (uint64_t)json_integer_value(json_object_get(line, "tokens")),
        .canon = now->canon,
        .score = now->score};
    accord_buf b;

    accord_buf_init(&b, (size_t)1 << 28);
    accord_buf_puts(&b, "{");
    accord_journal_candidate_line(&b, of->ep, &c);
    accord_code rc = write_line(g, &b, err);
    accord_buf_fini(&b);
    return rc;
}

accord_code accord_grade_candidate(accord_grading *g, const json_t *line, const char *raw,
                                   size_t n, accord_err *err) {
    const char *kind = text_of(line, "kind");
    json_int_t index = json_integer_value(json_object_get(line, "index"));
    const char *text = accord_grade_text(&g->files, text_of(line, "ep"), kind, index);
    accord_err failed = {0};
    accord_scored now;
    graded of;

    accord_code rc = look_up(g, text_of(line, "ep"), &of, err);
    if (!rc && !text)
        rc = accord_fail(err, ACCORD_E_CONFIG,
                         "the journal has %s %lld of %s, and text.jsonl has not", kind,
                         (long long)index, of.ep);
    if (!rc)
        rc = score(g, &of, text, &now, &failed, err);
    if (!rc && failed.code) {
        rc = accord_fail(err, failed.code, "%s %lld of %s: %s", kind, (long long)index,
                         of.ep, failed.msg);
        accord_scored_fini(&now);
    }
    if (rc)
        return rc;
    bool moved = !same_real(now.score, real_of(json_object_get(line, "score")));
    bool same =
        !moved && same_text(now.canon, json_string_value(json_object_get(line, "canon")));
    g->candidates++;
    g->moved_candidates += moved;
    rc = same ? accord_grade_write(g, raw, n, err)
              : write_candidate(g, &of, line, &now, err);
    accord_scored_fini(&now);
    return rc;
}

/* ---- endings ----------------------------------------------------------------------- */

static bool is_in(const char *word, const char *const *words) {
    while (*words && strcmp(*words, word) != 0)
        words++;
    return *words != NULL;
}

static const char *const answered[] = {"correct", "wrong", NULL};
static const char *const unread[] = {"refused", "truncated", "unparsed", NULL};

/* By the rule of the run.  What could not be read then failed for a reason that stands.
 */
static const char *outcome_of(const graded *of, const accord_scored *now,
                              const accord_err *failed, const char *before) {
    const accord_episode e = {.spec = of->spec,
                              .end = ACCORD_END_TERMINATED,
                              .crashed = failed->code != ACCORD_OK,
                              .canon = now->canon,
                              .score = now->score,
                              .timeouts = of->known->timeouts,
                              .api_errors = of->known->api_errors,
                              .last_finish = of->known->finish};
    const char *outcome = accord_outcome_of(&e);

    return !e.crashed && !accord_outcome_answered(outcome) && is_in(before, unread)
               ? before
               : outcome;
}

static accord_ending ending_of(const graded *of, const json_t *line) {
    static const char *const ends[] = {"no", "terminated", "truncated"};
    accord_ending e = {
        .ep = of->ep,
        .item = of->name.item,
        .index = of->known->index,
        .outcome = text_of(line, "outcome"),
        .canon = json_string_value(json_object_get(line, "canon")),
        .n_parts = of->n_parts,
        .note = json_string_value(json_object_get(line, "note")),
        .steps = (uint64_t)json_integer_value(json_object_get(line, "steps")),
        .ns = json_integer_value(json_object_get(line, "us")) * 1000,
        .failed_calls =
            (uint32_t)json_integer_value(json_object_get(line, "failed_calls")),
        .error = json_string_value(json_object_get(line, "error"))};

    while (e.end < 2 && strcmp(ends[e.end], text_of(line, "end")) != 0)
        e.end++;
    return e;
}

static bool same_parts(const json_t *before, const accord_scored *now, uint32_t n) {
    bool same = json_array_size(before) == n;

    for (uint32_t i = 0; same && i < n; i++)
        same = same_real(real_of(json_array_get(before, i)), now->parts[i]);
    return same;
}

static accord_code write_ending(const accord_grading *g, const accord_ending *e,
                                accord_err *err) {
    accord_buf b;

    accord_buf_init(&b, (size_t)1 << 28);
    accord_buf_puts(&b, "{");
    accord_journal_ending_line(&b, e);
    accord_code rc = write_line(g, &b, err);
    accord_buf_fini(&b);
    return rc;
}

static accord_graded_mode *mode_of(accord_grading *g, const char *mode, accord_err *err) {
    const json_t *at = json_object_get(g->modes, mode);

    if (at)
        return &g->sums[json_integer_value(at)];
    if (accord_grow(&g->sums, g->n_sums, &g->cap_sums, sizeof(*g->sums), err))
        return NULL;
    accord_describe_put(g->modes, mode, json_integer((json_int_t)g->n_sums));
    g->sums[g->n_sums] = (accord_graded_mode){0};
    return &g->sums[g->n_sums++];
}

static json_t *side(const char *outcome, double score_then, const char *canon) {
    return json_pack("{s:s, s:o, s:s?}", "outcome", outcome, "score",
                     isfinite(score_then) ? json_real(score_then) : json_null(), "canon",
                     canon);
}

static void note_move(accord_grading *g, const graded *of, const json_t *line,
                      const accord_ending *now) {
    accord_describe_append(
        g->moves,
        json_pack("{s:s, s:s, s:o, s:o}", "mode", of->name.mode, "item", of->name.item,
                  "before",
                  side(text_of(line, "outcome"), real_of(json_object_get(line, "score")),
                       json_string_value(json_object_get(line, "canon"))),
                  "after", side(now->outcome, now->score, now->canon)));
}

/* What the table counts: the later line of a key, of the last evaluation. */
static bool counts(const accord_grading *g, const graded *of) {
    const json_t *last = json_object_get(g->files.last, of->name.mode);

    return of->known->line == g->line &&
           of->name.step == (uint64_t)json_integer_value(last);
}

static accord_code add_up(accord_grading *g, const graded *of, const json_t *line,
                          const accord_ending *now, bool same, accord_err *err) {
    double before = real_of(json_object_get(line, "score"));
    bool moved = strcmp(text_of(line, "outcome"), now->outcome) != 0 ||
                 !same_real(before, now->score);

    if (!counts(g, of))
        return ACCORD_OK;
    accord_graded_mode *sum = mode_of(g, of->name.mode, err);
    if (!sum)
        return ACCORD_E_NOMEM;
    sum->n++;
    sum->before += before;
    sum->after += now->score;
    sum->moved += moved;
    sum->otherwise += !moved && !same;
    sum->kept += !accord_outcome_answered(now->outcome) && !is_in(now->outcome, unread);
    if (moved)
        note_move(g, of, line, now);
    return ACCORD_OK;
}

/* Without an answer to grade the outcome stays; where the task has other parts now, they
 * are those of an empty answer. */
static accord_code keep(accord_grading *g, const graded *of, const json_t *line,
                        const char *raw, size_t n, accord_err *err) {
    const json_t *parts = json_object_get(line, "parts");
    accord_ending e = ending_of(of, line);
    accord_err failed = {0};
    accord_scored now = {0};

    e.score = real_of(json_object_get(line, "score"));
    accord_code rc = add_up(g, of, line, &e, true, err);
    if (rc || json_array_size(parts) == of->n_parts)
        return rc ? rc : accord_grade_write(g, raw, n, err);
    rc = score(g, of, "", &now, &failed, err);
    e.answered = accord_outcome_answered(e.outcome);
    e.parts = now.parts;
    if (!rc)
        rc = write_ending(g, &e, err);
    accord_scored_fini(&now);
    return rc;
}

static accord_code grade(accord_grading *g, const graded *of, const json_t *line,
                         const char *text, const char *raw, size_t n, accord_err *err) {
    const char *before = text_of(line, "outcome");
    accord_err failed = {0};
    accord_scored now;

    accord_code rc = score(g, of, text, &now, &failed, err);
    if (rc)
        return rc;
    accord_ending e = ending_of(of, line);
    e.outcome = outcome_of(of, &now, &failed, before);
    e.answered = accord_outcome_answered(e.outcome);
    e.score = e.answered ? now.score : 0.0; /* as in the run */
    e.canon = now.canon;
    e.parts = now.parts;
    e.note = now.note;
    if (failed.code)
        e.error = failed.msg;
    bool same = strcmp(before, e.outcome) == 0 &&
                same_real(e.score, real_of(json_object_get(line, "score"))) &&
                same_text(e.canon, json_string_value(json_object_get(line, "canon"))) &&
                same_text(e.note, json_string_value(json_object_get(line, "note"))) &&
                same_parts(json_object_get(line, "parts"), &now, of->n_parts);
    rc = add_up(g, of, line, &e, same, err);
    if (!rc)
        rc = same ? accord_grade_write(g, raw, n, err) : write_ending(g, &e, err);
    accord_scored_fini(&now);
    return rc;
}

accord_code accord_grade_ending(accord_grading *g, const json_t *line, const char *raw,
                                size_t n, accord_err *err) {
    const char *outcome = text_of(line, "outcome");
    bool steps = json_integer_value(json_object_get(line, "steps")) > 0;
    graded of;

    accord_code rc = look_up(g, text_of(line, "ep"), &of, err);
    if (rc)
        return rc;
    if (!is_in(outcome, answered) && !(is_in(outcome, unread) && steps))
        return keep(g, &of, line, raw, n, err);
    const char *text = accord_grade_text(&g->files, of.ep, NULL, 0);
    if (!text)
        return accord_fail(err, ACCORD_E_CONFIG,
                           "%s ended as %s, and text.jsonl has no answer of it", of.ep,
                           outcome);
    return grade(g, &of, line, text, raw, n, err);
}
