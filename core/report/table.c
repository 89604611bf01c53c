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
                        const char *format, accord_buf *out) {
    accord_sheet sheet = {0};

    accord_table_words(rows, n > 1, &sheet);
    for (uint32_t i = 0; i < n; i++)
        accord_table_notes(&runs[i], n > 1, &sheet);
    if (strcmp(format, "text") == 0)
        accord_sheet_text(&sheet, out);
    else if (strcmp(format, "md") == 0)
        accord_sheet_md(&sheet, out);
    else
        accord_sheet_tex(&sheet, out);
    accord_sheet_fini(&sheet);
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
                                const char *format, const char *by, FILE *out,
                                accord_err *err) {
    accord_rundir *runs = NULL;
    accord_rows rows = {0};
    accord_buf b;

    accord_buf_init(&b, MAX_TABLE);
    accord_code rc = check_word("format", format, formats, err);
    if (!rc)
        rc = check_word("order", by, orders, err);
    if (!rc)
        rc = accord_alloc(n, sizeof(*runs), &runs, err);
    for (uint32_t i = 0; !rc && i < n; i++) {
        rc = accord_rundir_open(run_dirs[i], &runs[i], err);
        if (!rc)
            rc = accord_rows_add(&runs[i], strcmp(by, "mode") == 0, &rows, err);
    }
    if (!rc && strcmp(format, "csv") == 0)
        accord_table_csv(&rows, &b);
    else if (!rc && strcmp(format, "json") == 0)
        accord_table_json(&rows, &b);
    else if (!rc)
        print_words(runs, n, &rows, format, &b);
    if (!rc)
        rc = print(&b, out, err);
    accord_rows_fini(&rows);
    for (uint32_t i = 0; runs && i < n; i++)
        accord_rundir_fini(&runs[i]);
    free(runs);
    accord_buf_fini(&b);
    return rc;
}
