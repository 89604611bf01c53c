/* items.c - see items.h. */
#include "items.h"

#include <stdlib.h>
#include <string.h>

#include <accord/sha256.h>

enum { HOLDOUT_MOD = 5 };

static void item_fini(struct math_item *item) {
    free(item->id);
    free(item->question);
    free(item->answer);
    free(item->solution);
}

void math_items_fini(struct math_items *items) {
    for (size_t i = 0; i < items->n; i++)
        item_fini(&items->item[i]);
    free(items->item);
    *items = (struct math_items){0};
}

/* The first 64 bits of the SHA-256. */
static uint64_t hash_question(const char *question) {
    accord_sha256 s;
    char hex[65];

    accord_sha256_init(&s);
    accord_sha256_update(&s, question, strlen(question));
    accord_sha256_hex(&s, hex);
    hex[16] = '\0';
    return strtoull(hex, NULL, 16);
}

static accord_code reserve(const accord_host *host, struct math_items *items,
                           accord_err *err) {
    if (items->n < items->room)
        return ACCORD_OK;
    size_t room = items->room ? items->room * 2 : 256;
    struct math_item *more = realloc(items->item, room * sizeof(*more));
    if (!more)
        return host->fail(host, err, ACCORD_E_NOMEM, "out of memory");
    items->item = more;
    items->room = room;
    return ACCORD_OK;
}

accord_code math_items_add(const accord_host *host, struct math_items *items,
                           const struct math_row *row, accord_err *err) {
    accord_code rc = reserve(host, items, err);

    if (rc)
        return rc;
    struct math_item copy = {
        .id = strdup(row->id),
        .question = strdup(row->question),
        .answer = strdup(row->answer),
        .solution = strdup(row->solution),
    };
    if (!copy.id || !copy.question || !copy.answer || !copy.solution) {
        item_fini(&copy);
        return host->fail(host, err, ACCORD_E_NOMEM, "out of memory");
    }
    copy.hash = hash_question(copy.question);
    items->item[items->n++] = copy;
    return ACCORD_OK;
}

accord_code math_items_hold_out(const accord_host *host, struct math_items *eval,
                                struct math_items *train, accord_err *err) {
    size_t kept = 0;
    accord_code rc = ACCORD_OK;

    for (size_t i = 0; i < eval->n; i++) {
        struct math_item *item = &eval->item[i];
        const char *q = item->question;
        if (!rc && accord_sha256_mod(q, strlen(q), HOLDOUT_MOD) == 0 &&
            !(rc = reserve(host, train, err)))
            train->item[train->n++] = *item;
        else
            eval->item[kept++] = *item;
    }
    eval->n = kept;
    return rc;
}

static int by_value(const void *a, const void *b) {
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

    return x < y ? -1 : x > y;
}

accord_code math_items_separate(const accord_host *host, struct math_items *train,
                                const struct math_items *eval, size_t *n_dropped,
                                accord_err *err) {
    size_t kept = 0;

    *n_dropped = 0;
    if (train->n == 0 || eval->n == 0)
        return ACCORD_OK;
    uint64_t *hash = malloc(eval->n * sizeof(*hash));
    if (!hash)
        return host->fail(host, err, ACCORD_E_NOMEM, "out of memory");
    for (size_t i = 0; i < eval->n; i++)
        hash[i] = eval->item[i].hash;
    qsort(hash, eval->n, sizeof(*hash), by_value);
    for (size_t i = 0; i < train->n; i++) {
        struct math_item *item = &train->item[i];
        if (bsearch(&item->hash, hash, eval->n, sizeof(*hash), by_value))
            item_fini(item);
        else
            train->item[kept++] = *item;
    }
    free(hash);
    *n_dropped = train->n - kept;
    train->n = kept;
    return ACCORD_OK;
}

static int by_text(const void *a, const void *b) {
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

accord_code math_items_check_ids(const accord_host *host, const struct math_items *train,
                                 const struct math_items *eval, accord_err *err) {
    size_t n = 0;
    const char **id = malloc((train->n + eval->n + 1) * sizeof(*id));
    accord_code rc = ACCORD_OK;

    if (!id)
        return host->fail(host, err, ACCORD_E_NOMEM, "out of memory");
    for (size_t i = 0; i < train->n; i++)
        id[n++] = train->item[i].id;
    for (size_t i = 0; i < eval->n; i++)
        id[n++] = eval->item[i].id;
    qsort(id, n, sizeof(*id), by_text);
    for (size_t i = 1; i < n && !rc; i++)
        if (strcmp(id[i - 1], id[i]) == 0)
            rc = host->fail(host, err, ACCORD_E_CONFIG, "two items have the id \"%s\"",
                            id[i]);
    free(id);
    return rc;
}
