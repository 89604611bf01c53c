/* table.c - `accord table`: the rows of some runs in one of the formats. */
#include "report/table.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "report/report.h"

#define MAX_TABLE ((size_t)1 << 28)

static const char *const formats[] = {"text", "md", "csv", "tex", "json", NULL};
static const char *const orders[] = {"task", "mode", NULL};

/* Nothing but a listed word will do. */
static accord_code check_word(const char *what, const char *word,
                              const char *const *words, accord_err *err) {
    for (size_t i = 0; words[i]; i++)
        if (strcmp(words[i], word) == 0)
            return ACCORD_OK;
    const char *near = accord_text_nearest(word, words);
    return accord_fail(err, ACCORD_E_ARG, "unknown %s \"%s\"%s%s%s", what, word,
                       near ? " (did you mean \"" : "", near ? near : "",
                       near ? "\"?)" : "");
}

/* What is printed: the rows, their parts, their metrics, or what stands beside one
 * method.
 */
typedef struct sight {
    const accord_rundir *runs;
    uint32_t n;
    accord_rows rows;
    accord_equal equal;          /* where how->equal_tokens */
    accord_metric_lines metrics; /* where how->metrics */
    const accord_table_how *how;
} sight;

static void print_words(const sight *s, accord_buf *out) {
    const char *format = s->how->format;
    accord_sheet sheet = {0};

    if (s->how->equal_tokens)
        accord_table_equal_words(&s->rows, &s->equal, s->n > 1, &sheet);
    else if (s->how->parts)
        accord_table_parts_words(&s->rows, s->n > 1, &sheet);
    else if (s->how->metrics)
        accord_table_metrics_words(&s->metrics, s->n > 1, &sheet);
    else
        accord_table_words(&s->rows, s->n > 1, &sheet);
    for (size_t i = 0; !s->how->parts && i < s->rows.n_remarks; i++)
        accord_sheet_note(&sheet, accord_xstrdup(s->rows.remarks[i]));
    for (uint32_t i = 0; i < s->n; i++)
        accord_table_notes(&s->runs[i], s->n > 1, &sheet);
    if (strcmp(format, "text") == 0)
        accord_sheet_text(&sheet, out);
    else if (strcmp(format, "md") == 0)
        accord_sheet_md(&sheet, out);
    else
        accord_sheet_tex(&sheet, out);
    accord_sheet_fini(&sheet);
}

static void print_csv(const sight *s, accord_buf *out) {
    if (s->how->equal_tokens)
        accord_table_equal_csv(&s->equal, out);
    else if (s->how->parts)
        accord_table_parts_csv(&s->rows, out);
    else if (s->how->metrics)
        accord_table_metrics_csv(&s->metrics, out);
    else
        accord_table_csv(&s->rows, out);
}

static void print_json(const sight *s, accord_buf *out) {
    if (s->how->equal_tokens)
        accord_table_equal_json(&s->rows, &s->equal, out);
    else if (s->how->parts)
        accord_table_parts_json(&s->rows, out);
    else if (s->how->metrics)
        accord_table_metrics_json(&s->metrics, out);
    else
        accord_table_json(&s->rows, out);
}

static void print_sight(const sight *s, accord_buf *out) {
    if (strcmp(s->how->format, "csv") == 0)
        print_csv(s, out);
    else if (strcmp(s->how->format, "json") == 0)
        print_json(s, out);
    else
        print_words(s, out);
}

static accord_code print(const accord_buf *b, FILE *out, accord_err *err) {
    accord_code rc = accord_buf_check(b, "the table", err);
    if (rc)
        return rc;
    if (fwrite(b->data, 1, b->n, out) != b->n || fflush(out))
        return accord_fail(err, ACCORD_E_IO, "cannot write the table: %s",
                           strerror(errno));
    return ACCORD_OK;
}

/* Where two runs have one name, their paths tell them apart. */
static void name_apart(accord_rundir *runs, uint32_t n) {
    for (uint32_t i = 0; i < n; i++)
        for (uint32_t j = 0; j < n; j++) {
            const char *slash = strrchr(runs[j].path, '/');
            const char *name = slash && slash[1] ? slash + 1 : runs[j].path;
            if (i != j && strcmp(runs[i].name, name) == 0)
                runs[i].name = runs[i].path;
        }
}

static accord_code open_runs(const char *const *dirs, uint32_t n, accord_rundir *runs,
                             accord_err *err) {
    accord_code rc = ACCORD_OK;

    for (uint32_t i = 0; !rc && i < n; i++)
        rc = accord_rundir_open(dirs[i], &runs[i], err);
    if (!rc)
        name_apart(runs, n);
    return rc;
}

static accord_code check_how(const accord_table_how *how, accord_err *err) {
    accord_code rc = check_word("format", how->format, formats, err);

    if (!rc)
        rc = check_word("order", how->by, orders, err);
    if (!rc && how->parts && how->equal_tokens)
        rc = accord_fail(err, ACCORD_E_ARG,
                         "the parts of scores are not read at equal tokens: give one of "
                         "--parts and --equal-tokens");
    if (!rc && how->metrics && (how->parts || how->equal_tokens))
        rc = accord_fail(err, ACCORD_E_ARG,
                         "metrics stand in a table of their own: give one of --metrics "
                         "and %s",
                         how->parts ? "--parts" : "--equal-tokens");
    return rc;
}

static accord_code find_rows(sight *s, accord_err *err) {
    const accord_table_how *how = s->how;
    bool by_mode = strcmp(how->by, "mode") == 0;
    accord_code rc = ACCORD_OK;

    s->rows.keep_scores = how->mark != NULL || how->equal_tokens != NULL;
    s->rows.keep_metrics = how->metrics != NULL;
    for (uint32_t i = 0; !rc && i < s->n; i++)
        rc = accord_rows_add(&s->runs[i], by_mode, &s->rows, err);
    if (!rc && how->equal_tokens)
        rc = how->beside(&s->rows, how->equal_tokens, &s->equal, err);
    else if (!rc && how->metrics)
        rc = accord_table_metrics_find(&s->rows, how->metrics, &s->metrics, err);
    else if (!rc && how->mark)
        rc = how->mark(&s->rows, err);
    return rc;
}

accord_code accord_report_table(const char *const *run_dirs, uint32_t n,
                                const accord_table_how *wanted, FILE *out,
                                accord_err *err) {
    accord_table_how how = *wanted;
    accord_rundir *runs = NULL;
    sight s = {.n = n, .how = &how};
    accord_buf b;

    how.format = how.format ? how.format : "text";
    how.by = how.by ? how.by : "task";
    how.mark = how.parts || how.metrics ? NULL : how.mark;
    accord_buf_init(&b, MAX_TABLE);
    accord_code rc = check_how(&how, err);
    if (!rc)
        rc = accord_alloc(n, sizeof(*runs), &runs, err);
    if (!rc)
        rc = open_runs(run_dirs, n, runs, err);
    s.runs = runs;
    if (!rc)
        rc = find_rows(&s, err);
    if (!rc)
        print_sight(&s, &b);
    if (!rc)
        rc = print(&b, out, err);
    free(s.equal.items);
    free(s.metrics.items);
    accord_rows_fini(&s.rows);
    for (uint32_t i = 0; runs && i < n; i++)
        accord_rundir_fini(&runs[i]);
    free(runs);
    accord_buf_fini(&b);
    return rc;
}
