/* sentences.c - see sentences.h. */
#include "judge/sentences.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "report/sheet.h"

enum { WIDTH = 80, DEEPER = 4 };

void accord_sentences_take(accord_sentences *list, char *text) {
    if (list->n == list->cap) {
        list->cap = list->cap ? 2 * list->cap : 8;
        list->items = accord_xrealloc(list->items, list->cap * sizeof(*list->items));
    }
    list->items[list->n++] = text;
}

void accord_sentences_fini(accord_sentences *list) {
    for (size_t i = 0; i < list->n; i++)
        free(list->items[i]);
    free(list->items);
    *list = (accord_sentences){0};
}

static void spaces(accord_buf *out, size_t n) {
    for (size_t i = 0; i < n; i++)
        accord_buf_puts(out, " ");
}

/* The end of what must stay on one line from `word` on: "95 %" and "p = 0.021". */
static char *chunk_end(char *word) {
    char *end = word + strcspn(word, " ");

    while (*end == ' ' && end[1] &&
           (strchr("%=<", end[1]) || (end > word && strchr("=<", end[-1]))))
        end += 1 + strcspn(end + 1, " ");
    return end;
}

void accord_sentence_write(accord_buf *out, const char *text, size_t indent) {
    accord_buf clean;
    size_t column = indent;

    accord_buf_init(&clean, out->max);
    accord_report_clean(&clean, text, false);
    spaces(out, indent);
    for (char *word = clean.data; word && *word;) {
        char *end = chunk_end(word);
        char rest = *end;
        *end = '\0';
        size_t width = accord_report_width(word);
        bool first = word == clean.data;
        if (!first && column + 1 + width > WIDTH) {
            accord_buf_puts(out, "\n");
            spaces(out, column = indent + DEEPER);
        } else if (!first) {
            accord_buf_puts(out, " ");
            column++;
        }
        accord_buf_puts(out, word);
        column += width;
        *end = rest;
        word = rest ? end + 1 : end;
    }
    accord_buf_puts(out, "\n");
    out->failed |= clean.failed;
    out->no_memory |= clean.no_memory;
    accord_buf_fini(&clean);
}

char *accord_scale_score(const accord_scale *s, double score) {
    if (isnan(score))
        return accord_xstrdup("n/a");
    return s->share ? accord_xasprintf("%.1f%%", score * 100)
                    : accord_xasprintf("%.4g", score);
}

char *accord_scale_gap(const accord_scale *s, double gap, bool sign) {
    if (isnan(gap))
        return accord_xstrdup("n/a");
    if (s->share) {
        /* What rounds to nothing has no sign. */
        double points = fabs(gap) * 100 < 0.05 ? 0 : gap * 100;
        return accord_xasprintf(sign ? "%+.1f" : "%.1f", points);
    }
    return accord_xasprintf(sign ? "%+.4g" : "%.4g", gap);
}

const char *accord_scale_unit(const accord_scale *s) {
    return s->share ? " points" : "";
}

char *accord_p_text(double p) {
    if (isnan(p))
        return accord_xstrdup("p n/a");
    if (p < 0.001)
        return accord_xstrdup("p < 0.001");
    return accord_xasprintf(p < 0.0995 ? "p = %.3f" : "p = %.2f", p);
}

void accord_shell_word(accord_buf *out, const char *word) {
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                "0123456789_-./:,=+@%";

    if (*word && word[strspn(word, plain)] == '\0') {
        accord_buf_puts(out, word);
        return;
    }
    accord_buf_puts(out, "'");
    for (; *word; word++) {
        if (*word == '\'')
            accord_buf_puts(out, "'\\''");
        else
            accord_buf_add(out, word, 1);
    }
    accord_buf_puts(out, "'");
}

/* The seed under which the item went worst: that transcript has something to tell. */
static uint64_t telling_seed(const accord_row *row, const char *item) {
    size_t at = accord_grid_find(&row->scores, item);
    size_t worst = 0;

    for (size_t s = 1; at < row->scores.n_items && s < row->done; s++)
        if (accord_grid_score(&row->scores, at, s) <
            accord_grid_score(&row->scores, at, worst))
            worst = s;
    return row->seeds[worst];
}

void accord_show_command(const accord_rundir *run, const accord_row *row,
                         const char *item, accord_buf *out) {
    accord_buf_puts(out, "accord show ");
    accord_shell_word(out, run->path);
    accord_buf_printf(out, " --cell %s/%s/%" PRIu64 " --item ", row->task, row->method,
                      telling_seed(row, item));
    accord_shell_word(out, item);
}

accord_code accord_rows_need_method(const accord_rows *rows, const char *run,
                                    const char *method, accord_err *err) {
    const char **names = accord_xalloc((rows->n + 1) * sizeof(*names));
    bool found = false;

    for (size_t i = 0; i < rows->n; i++) {
        names[i] = rows->items[i].method;
        found |= strcmp(names[i], method) == 0;
    }
    const char *near = accord_text_nearest(method, names);
    accord_code rc = ACCORD_OK;
    if (!found)
        rc = accord_fail(err, ACCORD_E_NOTFOUND, "no method \"%s\" in %s%s%s%s", method,
                         run, near ? " (did you mean \"" : "", near ? near : "",
                         near ? "\"?)" : "");
    free(names);
    return rc;
}
