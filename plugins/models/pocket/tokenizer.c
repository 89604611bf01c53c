/* tokenizer.c - see tokenizer.h. */
#include "tokenizer.h"

#include <ctype.h>
#include <string.h>

#include <accord/sha256.h>

#include "words.h"

uint32_t pocket_vocabulary_size(void) {
    return (uint32_t)(POCKET_WORDS + pocket_n_words);
}

void pocket_vocabulary_hash(char hex[65]) {
    accord_sha256 sha;

    accord_sha256_init(&sha);
    for (size_t i = 0; i < pocket_n_words; i++)
        accord_sha256_update(&sha, pocket_words[i], strlen(pocket_words[i]) + 1);
    accord_sha256_hex(&sha, hex);
}

static int is_word(int32_t token) {
    return token >= POCKET_WORDS;
}

static int is_byte(int32_t token) {
    return token >= POCKET_BYTES && token < POCKET_WORDS;
}

static const char *word(int32_t token) {
    return pocket_words[token - POCKET_WORDS];
}

static int is_digit(int32_t token) {
    return token >= POCKET_BYTES + '0' && token <= POCKET_BYTES + '9';
}

static int is_one_of(int c, const char *list) {
    return c != 0 && strchr(list, c) != NULL;
}

/* Does a blank stand before the token, where the one before allows it? */
static int wants_blank_before(int32_t token) {
    if (is_word(token))
        return isalnum((unsigned char)*word(token)) || *word(token) == '\\';
    return is_digit(token) ||
           (is_byte(token) && is_one_of(token - POCKET_BYTES, "+-*/=([{$"));
}

static int wants_blank_after(int32_t token) {
    if (is_word(token)) {
        int last = (unsigned char)word(token)[strlen(word(token)) - 1];
        return isalnum(last) || is_one_of(last, ".:");
    }
    return is_digit(token) ||
           (is_byte(token) && is_one_of(token - POCKET_BYTES, "+-*/=)]}.,;:?!%"));
}

/* The rule that makes most blanks needless; a number is not torn apart. */
static int has_blank(int32_t last, int32_t token) {
    return wants_blank_after(last) && wants_blank_before(token) &&
           !(is_digit(last) && is_digit(token));
}

static int touches_word(const char *text, size_t n_bytes, size_t from, size_t to) {
    int tears_begin = from > 0 && isalpha((unsigned char)text[from]) &&
                      isalnum((unsigned char)text[from - 1]);
    int tears_end = to < n_bytes && isalpha((unsigned char)text[to - 1]) &&
                    isalnum((unsigned char)text[to]);

    return tears_begin || tears_end;
}

/* The longest word or phrase at text[at], else the byte there. */
static int32_t longest(const char *text, size_t n_bytes, size_t at, size_t *length) {
    int32_t best = POCKET_BYTES + (unsigned char)text[at];

    *length = 1;
    for (size_t i = 0; i < pocket_n_words; i++) {
        const char *w = pocket_words[i];
        if (*w != text[at])
            continue;
        size_t n = strlen(w);
        if ((n > *length || !is_word(best)) && n <= n_bytes - at &&
            memcmp(w, text + at, n) == 0 && !touches_word(text, n_bytes, at, at + n)) {
            best = (int32_t)(POCKET_WORDS + i);
            *length = n;
        }
    }
    return best;
}

struct writer {
    int32_t *tokens;
    size_t room, n;
    int32_t last;
};

static void put(struct writer *w, int32_t token) {
    if (w->n < w->room)
        w->tokens[w->n] = token;
    w->n++;
    w->last = token;
}

size_t pocket_encode(const char *text, size_t n_bytes, int32_t *tokens, size_t room) {
    struct writer w = {.tokens = tokens, .room = room, .last = POCKET_REPLY};
    size_t length;

    for (size_t at = 0; at < n_bytes; at += length) {
        if (text[at] == ' ' && at + 1 < n_bytes) {
            int32_t token = longest(text, n_bytes, at + 1, &length);
            if (has_blank(w.last, token)) {
                put(&w, token);
                length++;
                continue;
            }
        }
        int32_t token = longest(text, n_bytes, at, &length);
        if (has_blank(w.last, token))
            put(&w, POCKET_GLUE);
        put(&w, token);
    }
    return w.n;
}

size_t pocket_piece(int32_t last, int32_t token, char *piece) {
    size_t n = 0;

    if (has_blank(last, token))
        piece[n++] = ' ';
    if (is_byte(token)) {
        piece[n++] = (char)(unsigned char)(token - POCKET_BYTES);
    } else if (is_word(token)) {
        size_t length = strlen(word(token));
        memcpy(piece + n, word(token), length);
        n += length;
    }
    return n;
}

size_t pocket_decode(const int32_t *tokens, size_t n, char *text, size_t size) {
    char piece[POCKET_LONGEST_PIECE];
    int32_t last = POCKET_REPLY;
    size_t used = 0;

    for (size_t i = 0; i < n; last = tokens[i++]) {
        size_t length = pocket_piece(last, tokens[i], piece);
        for (size_t k = 0; k < length; k++, used++)
            if (used + 1 < size)
                text[used] = piece[k];
    }
    if (size > 0)
        text[used < size ? used : size - 1] = '\0';
    return used;
}

int pocket_is_speech(int32_t token) {
    int byte = token - POCKET_BYTES;

    if (is_byte(token))
        return byte == '\n' || (byte >= ' ' && byte <= '~');
    return is_word(token) || token == POCKET_GLUE || token == POCKET_END;
}
