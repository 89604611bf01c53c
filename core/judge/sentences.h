/* sentences.h - lists of sentences for readers, and how numbers look in them. */
#ifndef ACCORD_SENTENCES_H
#define ACCORD_SENTENCES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "report/rows.h"

/* A zeroed list is empty. */
typedef struct accord_sentences {
    char **items;
    size_t n, cap;
} accord_sentences;

/* [any] One more; takes `text`. */
void accord_sentences_take(accord_sentences *list, char *text);
/* [any] */
void accord_sentences_fini(accord_sentences *list);

/* [any] Writes a sentence in lines of at most 80 columns where its words allow, the first
 * after `indent` spaces, further ones four deeper; cleaned for a terminal. */
void accord_sentence_write(accord_buf *out, const char *text, size_t indent);

/* How a score is spoken of. */
typedef struct accord_scale {
    bool share;       /* from 0 to 1: in percent and points */
    bool higher;      /* is better */
    const char *name; /* the score's */
} accord_scale;

/* [any] "96.1%", "812.3"; "n/a" for NaN.  The caller's. */
char *accord_scale_score(const accord_scale *s, double score);
/* [any] A difference without its unit: "6.1", or "+6.1" with `sign`.  The caller's. */
char *accord_scale_gap(const accord_scale *s, double gap, bool sign);
/* [any] " points", or nothing where the unit is the score's own. */
const char *accord_scale_unit(const accord_scale *s);
/* [any] "p < 0.001", "p = 0.021"; "p n/a".  The caller's. */
char *accord_p_text(double p);

/* [main] ACCORD_E_NOTFOUND unless a row is of `method`; names the nearest that is.  `run`
 * is where it was looked for. */
accord_code accord_rows_need_method(const accord_rows *rows, const char *run,
                                    const char *method,
                                    accord_err *err) ACCORD_MUST_CHECK;

/* [main] The command that shows an item's transcript: of a row's cells the one in which
 * it scored least. */
void accord_show_command(const accord_rundir *run, const accord_row *row,
                         const char *item, accord_buf *out);

/* [any] A word of a shell's command line, in quotes where it needs them. */
void accord_shell_word(accord_buf *out, const char *word);

#endif
