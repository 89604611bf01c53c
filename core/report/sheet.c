/* sheet.c - see sheet.h. */
#include "report/sheet.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

static void take(char ***items, size_t *n, size_t *cap, char *text) {
    if (*n == *cap) {
        *cap = *cap ? *cap * 2 : 64;
        *items = accord_xrealloc(*items, *cap * sizeof(**items));
    }
    (*items)[(*n)++] = text;
}

void accord_sheet_take(accord_sheet *s, char *text) {
    take(&s->cells, &s->n_cells, &s->cap, text);
}

void accord_sheet_note(accord_sheet *s, char *text) {
    take(&s->notes, &s->n_notes, &s->cap_notes, text);
}

void accord_sheet_fini(accord_sheet *s) {
    for (size_t i = 0; i < s->n_cells; i++)
        free(s->cells[i]);
    for (size_t i = 0; i < s->n_notes; i++)
        free(s->notes[i]);
    free(s->cells);
    free(s->notes);
    *s = (accord_sheet){0};
}

/* The length of the sequence at p when it is UTF-8 and no control code, else 0.  C1
 * controls (U+0080 to U+009F) begin escape sequences on some terminals. */
static size_t printable(const unsigned char *p) {
    size_t n = *p < 0x80 ? 1 : *p >= 0xf0 ? 4 : *p >= 0xe0 ? 3 : 2;

    if (*p < 0x20 || *p == 0x7f || (*p >= 0x80 && *p < 0xc2) || *p > 0xf4)
        return 0;
    for (size_t i = 1; i < n; i++)
        if ((p[i] & 0xc0) != 0x80)
            return 0;
    return *p == 0xc2 && p[1] < 0xa0 ? 0 : n;
}

void accord_report_clean(accord_buf *out, const char *text, bool lines) {
    const unsigned char *p = (const unsigned char *)text;

    while (*p) {
        size_t n = printable(p);
        if (n == 0 && !(lines && (*p == '\n' || *p == '\t'))) {
            accord_buf_puts(out, *p < 0x80 || *p == 0xc2 ? "?" : "\xef\xbf\xbd");
            p += *p == 0xc2 && (p[1] & 0xc0) == 0x80 ? 2 : 1;
            continue;
        }
        accord_buf_add(out, p, n ? n : 1);
        p += n ? n : 1;
    }
}

size_t accord_report_width(const char *text) {
    size_t n = 0;

    for (; *text; text++)
        n += ((unsigned char)*text & 0xc0) != 0x80;
    return n;
}

void accord_report_duration(char out[32], double ms) {
    if (isnan(ms))
        snprintf(out, 32, "n/a");
    else if (ms < 1000)
        snprintf(out, 32, "%.*fms", ms < 10 ? 1 : 0, ms);
    else
        snprintf(out, 32, "%.1fs", ms / 1000);
}

static void pad(accord_buf *out, size_t n) {
    while (n-- > 0)
        accord_buf_add(out, " ", 1);
}

static void text_row(const accord_sheet *s, const size_t *width, size_t from,
                     accord_buf *out) {
    accord_buf cell;

    accord_buf_init(&cell, 1 << 20);
    for (size_t c = 0; c < s->n_columns; c++) {
        accord_buf_clear(&cell);
        accord_report_clean(&cell, s->cells[from + c], false);
        const char *text = cell.n ? cell.data : "";
        size_t fill = width[c] - accord_report_width(text);
        if (c > 0)
            accord_buf_puts(out, "  ");
        if (!s->left[c])
            pad(out, fill);
        accord_buf_puts(out, text);
        if (s->left[c] && c + 1 < s->n_columns)
            pad(out, fill);
    }
    accord_buf_puts(out, "\n");
    accord_buf_fini(&cell);
}

/* A note, broken between words at 100 columns, its later lines indented. */
static void wrap(accord_buf *out, const char *note) {
    accord_buf clean;
    size_t column = 0;

    accord_buf_init(&clean, 1 << 20);
    accord_report_clean(&clean, note, false);
    for (const char *p = clean.n ? clean.data : ""; *p;) {
        size_t blanks = strspn(p, " ");
        size_t n = blanks + strcspn(p + blanks, " ");
        if (column > 4 && column + n > 100) {
            accord_buf_puts(out, "\n    ");
            column = 4;
            p += blanks;
            n -= blanks;
        }
        accord_buf_add(out, p, n);
        column += n;
        p += n;
    }
    accord_buf_puts(out, "\n");
    accord_buf_fini(&clean);
}

void accord_sheet_text(const accord_sheet *s, accord_buf *out) {
    size_t width[ACCORD_SHEET_COLUMNS] = {0};
    accord_buf cell;

    accord_buf_init(&cell, 1 << 20);
    for (size_t i = 0; i < s->n_cells; i++) {
        accord_buf_clear(&cell);
        accord_report_clean(&cell, s->cells[i], false);
        size_t n = cell.n ? accord_report_width(cell.data) : 0;
        if (n > width[i % s->n_columns])
            width[i % s->n_columns] = n;
    }
    accord_buf_fini(&cell);
    for (size_t i = 0; i < s->n_cells; i += s->n_columns)
        text_row(s, width, i, out);
    if (s->n_notes)
        accord_buf_puts(out, "\n");
    for (size_t i = 0; i < s->n_notes; i++)
        wrap(out, s->notes[i]);
}

static void md_cell(accord_buf *out, const char *text) {
    accord_buf clean;

    accord_buf_init(&clean, 1 << 20);
    accord_report_clean(&clean, text, false);
    for (const char *p = clean.n ? clean.data : ""; *p; p++) {
        if (strchr("\\`*_{}[]<>|#~&", *p))
            accord_buf_puts(out, "\\");
        accord_buf_add(out, p, 1);
    }
    accord_buf_fini(&clean);
}

void accord_sheet_md(const accord_sheet *s, accord_buf *out) {
    for (size_t i = 0; i < s->n_cells; i += s->n_columns) {
        for (size_t c = 0; c < s->n_columns; c++) {
            accord_buf_puts(out, c ? " | " : "| ");
            md_cell(out, s->cells[i + c]);
        }
        accord_buf_puts(out, " |\n");
        for (size_t c = 0; i == 0 && c < s->n_columns; c++)
            accord_buf_puts(out, s->left[c] ? "|---" : "|--:");
        if (i == 0)
            accord_buf_puts(out, "|\n");
    }
    if (s->n_notes)
        accord_buf_puts(out, "\n");
    for (size_t i = 0; i < s->n_notes; i++) {
        accord_buf_puts(out, "- ");
        md_cell(out, s->notes[i]);
        accord_buf_puts(out, "\n");
    }
}

static void tex_cell(accord_buf *out, const char *text) {
    static const struct {
        const char *text, *tex;
    } special[] = {
        {"\\", "\\textbackslash{}"},       {"~", "\\textasciitilde{}"},
        {"^", "\\textasciicircum{}"},      {"<", "\\textless{}"},
        {">", "\\textgreater{}"},          {"\xe2\x86\x91", "$\\uparrow$"},
        {"\xe2\x86\x93", "$\\downarrow$"}, {"\xc2\xb1", "$\\pm$"},
    };
    accord_buf clean;

    accord_buf_init(&clean, 1 << 20);
    accord_report_clean(&clean, text, false);
    for (const char *p = clean.n ? clean.data : ""; *p; p++) {
        size_t i = 0;
        while (i < sizeof(special) / sizeof(special[0]) &&
               strncmp(p, special[i].text, strlen(special[i].text)) != 0)
            i++;
        if (i < sizeof(special) / sizeof(special[0])) {
            accord_buf_puts(out, special[i].tex);
            p += strlen(special[i].text) - 1;
            continue;
        }
        if (strchr("_%&#${}", *p))
            accord_buf_puts(out, "\\");
        accord_buf_add(out, p, 1);
    }
    accord_buf_fini(&clean);
}

void accord_sheet_tex(const accord_sheet *s, accord_buf *out) {
    accord_buf_puts(out, "% needs \\usepackage{booktabs}\n\\begin{tabular}{");
    for (size_t c = 0; c < s->n_columns; c++)
        accord_buf_puts(out, s->left[c] ? "l" : "r");
    accord_buf_puts(out, "}\n\\toprule\n");
    for (size_t i = 0; i < s->n_cells; i += s->n_columns) {
        for (size_t c = 0; c < s->n_columns; c++) {
            accord_buf_puts(out, c ? " & " : "");
            tex_cell(out, s->cells[i + c]);
        }
        accord_buf_puts(out, i == 0 ? " \\\\\n\\midrule\n" : " \\\\\n");
    }
    accord_buf_puts(out, "\\bottomrule\n\\end{tabular}\n");
    for (size_t i = 0; i < s->n_notes; i++) {
        accord_buf_puts(out, "% ");
        accord_report_clean(out, s->notes[i], false);
        accord_buf_puts(out, "\n");
    }
}
