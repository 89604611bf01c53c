/* feed.c - see feed.h. */
#include "feed.h"

#include <stdlib.h>
#include <string.h>

#include <accord/rng.h>

#include "template.h"

/* A lesson of the window: where its tokens are. */
typedef struct entry {
    size_t from, n_prompt, n;
} entry;

/* Entries `first` .. `first + rows - 1`, in order of length. */
typedef struct cut {
    size_t first, rows;
} cut;

struct pocket_feed {
    pocket_feed_config config;
    pocket_place place;
    uint64_t loaded; /* window + 1 whose lessons are here, 0: none */
    int32_t *text;   /* tokens of all entries */
    size_t n_text, cap_text;
    entry *entry; /* [n_entries] */
    cut *cut;     /* [n_cuts], in the order in which they come */
    size_t n_entries, n_cuts;
    int32_t *tokens, *at, *next; /* of the batch that was given last */
    size_t cap_tokens;
};

pocket_feed *pocket_feed_create(const pocket_feed_config *config) {
    pocket_feed *f = calloc(1, sizeof(*f));

    if (!f)
        return NULL;
    f->config = *config;
    f->entry = calloc(config->lessons, sizeof(*f->entry));
    f->cut = calloc(config->lessons, sizeof(*f->cut));
    if (!f->entry || !f->cut) {
        pocket_feed_destroy(f);
        return NULL;
    }
    return f;
}

void pocket_feed_destroy(pocket_feed *f) {
    if (!f)
        return;
    free(f->text);
    free(f->entry);
    free(f->cut);
    free(f->tokens);
    free(f->at);
    free(f->next);
    free(f);
}

pocket_place pocket_feed_place(const pocket_feed *f) {
    return f->place;
}

void pocket_feed_go(pocket_feed *f, pocket_place place) {
    f->place = place;
}

static accord_code reserve_text(pocket_feed *f) {
    if (f->n_text + f->config.context <= f->cap_text)
        return ACCORD_OK;
    size_t cap = 2 * (f->cap_text + f->config.context);
    int32_t *more = realloc(f->text, cap * sizeof(*more));
    if (!more)
        return ACCORD_E_NOMEM;
    f->text = more;
    f->cap_text = cap;
    return ACCORD_OK;
}

static accord_code load_lesson(pocket_feed *f, uint64_t index) {
    const pocket_feed_config *c = &f->config;
    entry e = {.from = f->n_text};
    pocket_lesson lesson;

    accord_code rc = reserve_text(f);
    if (!rc)
        rc = pocket_lesson_make(c->seed, index, c->mix, c->samples, &lesson);
    if (rc)
        return rc;
    rc = pocket_lesson_tokens(&lesson, f->text + e.from, c->context, &e.n_prompt, &e.n);
    pocket_lesson_fini(&lesson);
    if (!rc && e.n > 0) {
        f->entry[f->n_entries++] = e;
        f->n_text += e.n;
    }
    return rc;
}

/* By length; equal ones as they were drawn. */
static int compare(const void *a, const void *b) {
    const entry *x = a, *y = b;

    if (x->n != y->n)
        return x->n < y->n ? -1 : 1;
    return x->from < y->from ? -1 : x->from > y->from;
}

static void cut_window(pocket_feed *f) {
    uint64_t rng =
        accord_rng_fold(accord_rng_fold_text(f->config.seed, "cut"), f->place.window);

    f->n_cuts = 0;
    qsort(f->entry, f->n_entries, sizeof(*f->entry), compare);
    for (size_t i = 0, rows; i < f->n_entries; i += rows) {
        for (rows = 1; i + rows < f->n_entries; rows++)
            if ((rows + 1) * f->entry[i + rows].n > f->config.tokens)
                break;
        f->cut[f->n_cuts++] = (cut){i, rows};
    }
    for (size_t i = 1; i < f->n_cuts; i++) {
        size_t j = (size_t)accord_rng_below(&rng, i + 1);
        cut other = f->cut[i];
        f->cut[i] = f->cut[j];
        f->cut[j] = other;
    }
}

static accord_code load_window(pocket_feed *f) {
    uint64_t first = f->place.window * f->config.lessons;
    accord_code rc = ACCORD_OK;

    f->n_text = f->n_entries = 0;
    f->loaded = 0;
    for (uint64_t i = 0; i < f->config.lessons && !rc; i++)
        rc = load_lesson(f, first + i);
    if (rc)
        return rc;
    cut_window(f);
    f->loaded = f->place.window + 1;
    return ACCORD_OK;
}

static accord_code reserve_batch(pocket_feed *f, size_t n) {
    int32_t **arrays[] = {&f->tokens, &f->at, &f->next};

    if (n <= f->cap_tokens)
        return ACCORD_OK;
    for (int i = 0; i < 3; i++) {
        int32_t *more = realloc(*arrays[i], n * sizeof(*more));
        if (!more)
            return ACCORD_E_NOMEM;
        *arrays[i] = more;
    }
    f->cap_tokens = n;
    return ACCORD_OK;
}

/* The last token of a sequence is only wanted, never read. */
static void fill(pocket_feed *f, const cut *c, pocket_batch *out) {
    *out = (pocket_batch){.tokens = f->tokens,
                          .at = f->at,
                          .next = f->next,
                          .rows = c->rows,
                          .time = f->entry[c->first + c->rows - 1].n - 1};
    memset(f->tokens, 0, out->rows * out->time * sizeof(*f->tokens));
    for (size_t i = 0; i < c->rows; i++) {
        const entry *e = &f->entry[c->first + i];
        const int32_t *text = f->text + e->from;
        memcpy(f->tokens + i * out->time, text, (e->n - 1) * sizeof(*text));
        out->n_tokens += e->n - 1;
        for (size_t k = e->n_prompt; k < e->n; k++) {
            f->at[out->n_wanted] = (int32_t)(i * out->time + k - 1);
            f->next[out->n_wanted++] = text[k];
        }
    }
}

accord_code pocket_feed_next(pocket_feed *f, pocket_batch *out) {
    accord_code rc = ACCORD_OK;

    if (f->loaded != f->place.window + 1)
        rc = load_window(f);
    while (!rc && f->place.batch >= f->n_cuts) {
        f->place = (pocket_place){f->place.window + 1, 0};
        rc = load_window(f);
    }
    if (rc)
        return rc;
    const cut *c = &f->cut[f->place.batch++];
    rc = reserve_batch(f, c->rows * f->entry[c->first + c->rows - 1].n);
    if (!rc)
        fill(f, c, out);
    return rc;
}

accord_code pocket_lesson_tokens(const pocket_lesson *lesson, int32_t *tokens,
                                 size_t room, size_t *n_prompt, size_t *n) {
    accord_request request = ACCORD_REQUEST_INIT;

    accord_code rc = accord_chat_request(lesson->chat, &request);
    if (!rc)
        rc = pocket_prompt(request.messages, request.n_messages, tokens, room, n_prompt,
                           NULL);
    if (rc)
        return rc;
    *n = *n_prompt;
    pocket_reply(lesson->reply, tokens, room, n);
    if (*n > room)
        *n = 0;
    return ACCORD_OK;
}
