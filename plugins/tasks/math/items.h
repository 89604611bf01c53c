/* items.h - the questions of a data set in memory, by split, and where they come from. */
#ifndef ACCORD_MATH_ITEMS_H
#define ACCORD_MATH_ITEMS_H

#include <accord/plugin.h>

struct math_item {
    char *id;
    char *question;
    char *answer;   /* the reference */
    char *solution; /* its steps without the closing sentence; "" for none */
    uint64_t hash;  /* of the question: equal questions never stand in two splits */
};

/* The texts of an item to be. */
struct math_row {
    const char *id;
    const char *question;
    const char *answer;
    const char *solution;
};

struct math_items {
    struct math_item *item;
    size_t n;
    size_t room;
};

/* Appends an item with copies of the row's texts.  ACCORD_E_NOMEM. */
accord_code math_items_add(const accord_host *host, struct math_items *items,
                           const struct math_row *row, accord_err *err);

/* Moves the items whose SHA-256 of the question is 0 mod 5 from `eval` to the end of
 * `train`, both in their order. */
accord_code math_items_hold_out(const accord_host *host, struct math_items *eval,
                                struct math_items *train, accord_err *err);

/* Drops the items of `train` whose question is also in `eval`; *n_dropped says how many.
 */
accord_code math_items_separate(const accord_host *host, struct math_items *train,
                                const struct math_items *eval, size_t *n_dropped,
                                accord_err *err);

/* ACCORD_E_CONFIG names the first id that occurs twice in the two together. */
accord_code math_items_check_ids(const accord_host *host, const struct math_items *train,
                                 const struct math_items *eval, accord_err *err);

/* Frees the items, not the struct. */
void math_items_fini(struct math_items *items);

#endif
