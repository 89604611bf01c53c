/* words.h - the words and phrases of the vocabulary.  Private to the tokenizer. */
#ifndef ACCORD_POCKET_WORDS_H
#define ACCORD_POCKET_WORDS_H

#include <stddef.h>

/* Phrases are what tasks and templates say word for word.  The order is the order of the
 * tokens: a change of any kind makes weights that were trained before unusable. */
extern const char *const pocket_words[];
extern const size_t pocket_n_words;

#endif
