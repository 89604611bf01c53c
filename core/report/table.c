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

static void print_words(const accord_rundir *runs, uint32_t n, const accord_rows *rows,
                        const accord_table_how *how, accord_buf *out) {
    accord_sheet sheet = {0};

    if (how->parts)
        accord_table_parts_words(rows, n > 1, &sheet);
    else
        accord_table_words(rows, n > 1, &sheet);
    for (size_t i = 0; !how->parts && i < rows->n_remarks; i++)
        accord_sheet_note(&sheet, accord_xstrdup(rows->remarks[i]));
    for (uint32_t i = 0; i < n; i++)
        accord_table_notes(&runs[i], n > 1, &sheet);
    if (strcmp(how->format, "text") == 0)
        accord_sheet_text(&sheet, out);
    else if (strcmp(how->format, "md") == 0)
        accord_sheet_md(&sheet, out);
    else
        accord_sheet_tex(&sheet, out);
    accord_sheet_fini(&sheet);
}

static void print_rows(const accord_rundir *runs, uint32_t n, const accord_rows *rows,
                       const accord_table_how *how, accord_buf *out) {
    if (strcmp(how->format, "csv") == 0)
        (how->parts ? accord_table_parts_csv : accord_table_csv)(rows, out);
    else if (strcmp(how->format, "json") == 0)
        (how->parts ? accord_table_parts_json : accord_table_json)(rows, out);
    else
        print_words(runs, n, rows, how, out);
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

accord_code accord_report_table(const char *const *run_dirs, uint32_t n,
                                const accord_table_how *wanted, FILE *out,
                                accord_err *err) {
    const accord_table_how how = {.format = wanted->format ? wanted->format : "text",
                                  .by = wanted->by ? wanted->by : "task",
                                  .parts = wanted->parts,
                                  .mark = wanted->parts ? NULL : wanted->mark};
    accord_rundir *runs = NULL;
    accord_rows rows = {.keep_scores = how.mark != NULL};
    accord_buf b;

    accord_buf_init(&b, MAX_TABLE);
    accord_code rc = check_word("format", how.format, formats, err);
    if (!rc)
        rc = check_word("order", how.by, orders, err);
    if (!rc)
        rc = accord_alloc(n, sizeof(*runs), &runs, err);
    if (!rc)
        rc = open_runs(run_dirs, n, runs, err);
    for (uint32_t i = 0; !rc && i < n; i++)
        rc = accord_rows_add(&runs[i], strcmp(how.by, "mode") == 0, &rows, err);
    if (!rc && how.mark)
        rc = how.mark(&rows, err);
    if (!rc)
        print_rows(runs, n, &rows, &how, &b);
    if (!rc)
        rc = print(&b, out, err);
    accord_rows_fini(&rows);
    for (uint32_t i = 0; runs && i < n; i++)
        accord_rundir_fini(&runs[i]);
    free(runs);
    accord_buf_fini(&b);
    return rc;
}
