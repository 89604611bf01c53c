/* table_parts.c - `accord table --parts`: a line for each part of the score. */
#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "report/table.h"

static char *mean_text(const accord_part *part) {
    return part->n > 0 && !isnan(part->mean) ? accord_xasprintf("%.4g", part->mean)
                                             : accord_xstrdup("n/a");
}

static void heading(accord_sheet *out, bool named) {
    static const char *const names[] = {"run", "task", "method", "part", "mean", "n"};

    for (size_t i = named ? 0 : 1; i < sizeof(names) / sizeof(names[0]); i++) {
        out->left[out->n_columns++] = i < 4; /* the rest are numbers */
        accord_sheet_take(out, accord_xstrdup(names[i]));
    }
}

void accord_table_parts_words(const accord_rows *rows, bool named, accord_sheet *out) {
    heading(out, named);
    for (size_t r = 0; r < rows->n; r++)
        for (size_t i = 0; i < rows->items[r].parts.n; i++) {
            const accord_row *row = &rows->items[r];
            const accord_part *part = &row->parts.items[i];
            if (named)
                accord_sheet_take(out, accord_xstrdup(row->run));
            accord_sheet_take(out, accord_row_place(row));
            accord_sheet_take(out, accord_xstrdup(row->method));
            accord_sheet_take(out, accord_xstrdup(part->name));
            accord_sheet_take(out, mean_text(part));
            accord_sheet_take(out, accord_xasprintf("%.0f", part->n));
        }
}

/* Unknown is an empty field. */
void accord_table_parts_csv(const accord_rows *rows, accord_buf *out) {
    accord_buf_puts(out, "run,task,mode,method,part,mean,n\n");
    for (size_t r = 0; r < rows->n; r++)
        for (size_t i = 0; i < rows->items[r].parts.n; i++) {
            const accord_row *row = &rows->items[r];
            const accord_part *part = &row->parts.items[i];
            const char *names[] = {row->run, row->task, row->mode, row->method,
                                   part->name};
            for (int k = 0; k < 5; k++) {
                accord_table_csv_text(out, names[k]);
                accord_buf_puts(out, ",");
            }
            if (part->n > 0 && !isnan(part->mean))
                accord_buf_printf(out, "%.17g", part->mean);
            accord_buf_printf(out, ",%.0f\n", part->n);
        }
}

/* Unknown is null. */
void accord_table_parts_json(const accord_rows *rows, accord_buf *out) {
    size_t n = 0;

    accord_buf_puts(out, "[");
    for (size_t r = 0; r < rows->n; r++)
        for (size_t i = 0; i < rows->items[r].parts.n; i++) {
            const accord_row *row = &rows->items[r];
            const accord_part *part = &row->parts.items[i];
            accord_buf_puts(out, n++ ? ",\n{" : "{");
            accord_json_text(out, "run", row->run);
            accord_json_text(out, "task", row->task);
            accord_json_text(out, "mode", row->mode);
            accord_json_text(out, "method", row->method);
            accord_json_text(out, "part", part->name);
            accord_json_known(out, "mean", part->n > 0 ? part->mean : (double)NAN);
            accord_json_int(out, "n", (int64_t)part->n);
            accord_buf_puts(out, "}");
        }
    accord_buf_puts(out, "]\n");
}
