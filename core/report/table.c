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

accord_code accord_report_table(const char *const *run_dirs, uint32_t n,
                                const accord_table_how *wanted, FILE *out,
                                accord_err *err) {
    const accord_table_how how = {.format = wanted->format ? wanted->format : "text",
                                  .by = wanted->by ? wanted->by : "task",
                                  .parts = wanted->parts};
    accord_rundir *runs = NULL;
    accord_rows rows = {0};
    accord_buf b;

    accord_buf_init(&b, MAX_TABLE);
    accord_code rc = check_word("format", how.format, formats, err);
    if (!rc)
        rc = check_word("order", how.by, orders, err);
    if (!rc)
        rc = accord_alloc(n, sizeof(*runs), &runs, err);
    for (uint32_t i = 0; !rc && i < n; i++) {
        rc = accord_rundir_open(run_dirs[i], &runs[i], err);
        if (!rc)
            rc = accord_rows_add(&runs[i], strcmp(how.by, "mode") == 0, &rows, err);
    }
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
