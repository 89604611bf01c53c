/* sheet.h - a table of texts, and how it looks as plain text, Markdown and LaTeX. */
#ifndef ACCORD_SHEET_H
#define ACCORD_SHEET_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

enum { ACCORD_SHEET_COLUMNS = 16 };

/* The first row is the heading. */
typedef struct accord_sheet {
    size_t n_columns, n_cells, cap;
    bool left[ACCORD_SHEET_COLUMNS]; /* texts stand left, numbers right */
    char **cells;
    char **notes; /* lines below the table */
    size_t n_notes, cap_notes;
} accord_sheet;

/* [any] One more cell, row after row; takes `text`. */
void accord_sheet_take(accord_sheet *s, char *text);
/* [any] One more line below; takes `text`. */
void accord_sheet_note(accord_sheet *s, char *text);
/* [any] */
void accord_sheet_fini(accord_sheet *s);

/* [any] Writes the sheet.  What is hostile to a format (control characters, |, &, %) is
 * made harmless; no escape code ever comes out. */
void accord_sheet_text(const accord_sheet *s, accord_buf *out);
void accord_sheet_md(const accord_sheet *s, accord_buf *out);
void accord_sheet_tex(const accord_sheet *s, accord_buf *out);

/* [any] `text` for a terminal: control characters become "?", but line ends and tabs
 * stay where `lines` is true.  Invalid UTF-8 becomes U+FFFD. */
void accord_report_clean(accord_buf *out, const char *text, bool lines);
/* [any] How many columns a text takes: code points. */
size_t accord_report_width(const char *text);

/* [any] "0.2ms", "35ms", "1.2s"; "n/a" for NaN. */
void accord_report_duration(char out[32], double ms);

#endif
