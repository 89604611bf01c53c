/* columns.c - see columns.h. */
#include "cli/columns.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

void accord_columns_init(accord_columns *c, size_t n_columns) {
    assert(n_columns <= ACCORD_COLUMNS_MAX);
    *c = (accord_columns){.n_columns = n_columns};
}

void accord_columns_add(accord_columns *c, const char *const *row) {
    if (c->n_rows == c->cap) {
        c->cap = c->cap ? 2 * c->cap : 16;
        c->cells = accord_xrealloc(c->cells, c->cap * c->n_columns * sizeof(*c->cells));
    }
    for (size_t i = 0; i < c->n_columns; i++)
        c->cells[c->n_rows * c->n_columns + i] = accord_xstrdup(row[i] ? row[i] : "");
    c->n_rows++;
}

/* What a terminal makes of UTF-8: bytes that continue a character take no column. */
static size_t width(const char *text) {
    size_t n = 0;

    for (; *text; text++)
        n += ((unsigned char)*text & 0xc0u) != 0x80u;
    return n;
}

static void print_row(char *const *row, const size_t *widths, size_t shown, FILE *out) {
    while (shown > 1 && !row[shown - 1][0])
        shown--; /* no blanks at the end of a line */
    for (size_t i = 0; i < shown; i++) {
        fputs(row[i], out);
        if (i + 1 < shown)
            fprintf(out, "%*s", (int)(widths[i] - width(row[i])) + 2, "");
    }
    fputc('\n', out);
}

static void measure(const accord_columns *c, size_t shown, size_t *widths) {
    for (size_t i = 0; i < c->n_rows; i++)
        for (size_t j = 0; j < shown; j++) {
            size_t w = width(c->cells[i * c->n_columns + j]);
            if (w > widths[j])
                widths[j] = w;
        }
}

void accord_columns_print(const accord_columns *c, size_t shown, int indent, FILE *out) {
    size_t widths[ACCORD_COLUMNS_MAX] = {0};

    measure(c, shown, widths);
    for (size_t i = 0; i < c->n_rows; i++) {
        fprintf(out, "%*s", indent, "");
        print_row(&c->cells[i * c->n_columns], widths, shown, out);
    }
}

/* The bytes of as many words as fit, at least one. */
static size_t fitting(const char *text, size_t room) {
    size_t fits = 0;

    for (size_t i = 0, n = 0; !fits || n <= room; i++) {
        if (text[i] == ' ' || text[i] == '\0')
            fits = i;
        if (text[i] == '\0')
            break;
        n += ((unsigned char)text[i] & 0xc0u) != 0x80u;
    }
    return fits;
}

static void print_words(const char *text, size_t room, int deep, FILE *out) {
    for (size_t n = fitting(text, room); text[n]; n = fitting(text, room)) {
        fprintf(out, "%.*s\n%*s", (int)n, text, deep, "");
        text += n + strspn(text + n, " ");
    }
    fprintf(out, "%s\n", text);
}

void accord_columns_wrap(const accord_columns *c, int indent, size_t edge, size_t least,
                         FILE *out) {
    size_t widths[ACCORD_COLUMNS_MAX] = {0};
    size_t last = c->n_columns - 1, deep = (size_t)indent;

    measure(c, c->n_columns, widths);
    for (size_t j = 0; j < last; j++)
        deep += widths[j] + 2;
    for (size_t i = 0; i < c->n_rows; i++) {
        char **row = &c->cells[i * c->n_columns];
        fprintf(out, "%*s", indent, "");
        for (size_t j = 0; j < last; j++)
            fprintf(out, "%s%*s", row[j], (int)(widths[j] - width(row[j])) + 2, "");
        print_words(row[last], edge > deep + least ? edge - deep : least, (int)deep, out);
    }
}

void accord_columns_fini(accord_columns *c) {
    for (size_t i = 0; i < c->n_rows * c->n_columns; i++)
        free(c->cells[i]);
    free(c->cells);
    *c = (accord_columns){0};
}
