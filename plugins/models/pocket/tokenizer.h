/* tokenizer.h - text into tokens and back.
 *
 * Tokens are, in this order: the marks of the chat template, the 256 bytes, and the words
 * and phrases that the generated problems use (words.c).  A blank between two tokens that
 * want one ("3 apples .": between 3 and apples) is not written; a glue token stands where
 * they touch.  Words that are not in the table are spelled in bytes.  So every text has
 * its tokens, and they give back the same bytes.  Digits are tokens one by one. */
#ifndef ACCORD_POCKET_TOKENIZER_H
#define ACCORD_POCKET_TOKENIZER_H

#include <stddef.h>
#include <stdint.h>

/* Tokens without a text of their own. */
enum {
    POCKET_END = 0,     /* of a reply */
    POCKET_REPLY,       /* here the reply begins */
    POCKET_TASK_ANSWER, /* a message begins with one of these four */
    POCKET_TASK_REVISE,
    POCKET_TASK_PLAN,
    POCKET_TASK_MERGE,
    POCKET_QUESTION, /* a section begins */
    POCKET_FORMAT,
    POCKET_PLAN,
    POCKET_ANSWER,
    POCKET_PEER,
    POCKET_GLUE, /* no blank here */
    POCKET_BYTES = 16,
    POCKET_WORDS = POCKET_BYTES + 256,
    POCKET_LONGEST_PIECE = 160, /* bytes, with its blank; no NUL */
};

/* [any] Tokens in all. */
uint32_t pocket_vocabulary_size(void);

/* [any] SHA-256 of the whole table in hexadecimal: weights fit one table only. */
void pocket_vocabulary_hash(char hex[65]);

/* [any] Writes the tokens of text[n_bytes] and returns how many they are, which may be
 * more than `room`; then the first `room` are written.  At most 2 n_bytes. */
size_t pocket_encode(const char *text, size_t n_bytes, int32_t *tokens, size_t room);

/* [any] What `token` adds to a text whose last token was `last` (POCKET_REPLY at the
 * beginning): writes it to piece[POCKET_LONGEST_PIECE] and returns its length. */
size_t pocket_piece(int32_t last, int32_t token, char *piece);

/* [any] Writes the text of tokens[n] and a NUL, cut to `size` bytes; returns its whole
 * length. */
size_t pocket_decode(const int32_t *tokens, size_t n, char *text, size_t size);

/* [any] 1 for what a model may say: words, glue, printable ASCII and the line's end, and
 * POCKET_END. */
int pocket_is_speech(int32_t token);

#endif
