/* table.h - the parts of `accord table`: what rows say in words and as data. */
#ifndef ACCORD_TABLE_H
#define ACCORD_TABLE_H

#include "report/equal.h"
#include "report/rows.h"
#include "report/sheet.h"

/* [main] The rows in words; `named` adds the run's name. */
void accord_table_words(const accord_rows *rows, bool named, accord_sheet *out);
/* [main] What a reader must know of a run beside its rows: missing cells, skipped pairs,
 * held-out items. */
void accord_table_notes(const accord_rundir *run, bool named, accord_sheet *out);

/* [any] A score of the row, with an arrow where better is; "n/a".  The caller's. */
char *accord_table_score(const accord_row *row, double score, bool arrow);
/* [any] The arrow of all rows, or NULL where they differ. */
const char *accord_table_better(const accord_rows *rows);

/* [main] The rows with all digits. */
void accord_table_csv(const accord_rows *rows, accord_buf *out);
void accord_table_json(const accord_rows *rows, accord_buf *out);
/* [any] The members "score,FILTER" and "score_stderr,FILTER" as lm-eval names them. */
void accord_results_score(accord_buf *out, const char *filter, const accord_stat *stat);
/* [any] A field of a CSV line, in quotes where it needs them. */
void accord_table_csv_text(accord_buf *out, const char *text);

/* [main] The parts of the rows' scores, a line each. */
void accord_table_parts_words(const accord_rows *rows, bool named, accord_sheet *out);
void accord_table_parts_csv(const accord_rows *rows, accord_buf *out);
void accord_table_parts_json(const accord_rows *rows, accord_buf *out);

/* [main] What stands beside one method, a line each. */
void accord_table_equal_words(const accord_rows *rows, const accord_equal *equal,
                              bool named, accord_sheet *out);
void accord_table_equal_csv(const accord_equal *equal, accord_buf *out);
void accord_table_equal_json(const accord_rows *rows, const accord_equal *equal,
                             accord_buf *out);

/* A metric of a row. */
typedef struct accord_metric_line {
    const accord_row *row;
    const accord_row_metric *metric;
} accord_metric_line;

typedef struct accord_metric_lines {
    accord_metric_line *items; /* free() them */
    size_t n, cap;
} accord_metric_lines;

/* [main] The metrics whose names begin with a word of `list` ("grad,loss"; "" is all);
 * those of a training once, with its first row.  ACCORD_E_ARG for a word that begins
 * none, with the nearest name. */
accord_code accord_table_metrics_find(const accord_rows *rows, const char *list,
                                      accord_metric_lines *out,
                                      accord_err *err) ACCORD_MUST_CHECK;
/* [main] They, a line each. */
void accord_table_metrics_words(const accord_metric_lines *lines, bool named,
                                accord_sheet *out);
void accord_table_metrics_csv(const accord_metric_lines *lines, accord_buf *out);
void accord_table_metrics_json(const accord_metric_lines *lines, accord_buf *out);

#endif
