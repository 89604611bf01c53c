/* travel_text.c - see travel_text.h. */
#include "travel_text.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { BLOCK_BYTES = 16 << 10, ALIGN = sizeof(max_align_t) };

struct travel_block {
    struct travel_block *next;
    size_t used, room;
    max_align_t data[];
};

static struct travel_block *new_block(struct travel_arena *a, size_t n) {
    size_t room = n > BLOCK_BYTES ? n : BLOCK_BYTES;
    struct travel_block *b =
        room > SIZE_MAX / 2 ? NULL : calloc(1, sizeof(struct travel_block) + room);

    if (!b) {
        a->failed = 1;
        return NULL;
    }
    b->room = room;
    b->next = a->blocks;
    a->blocks = b;
    return b;
}

void *travel_take(struct travel_arena *a, size_t n) {
    struct travel_block *b = a->blocks;

    if (n > SIZE_MAX / 2) {
        a->failed = 1;
        return NULL;
    }
    n = (n + ALIGN - 1) / ALIGN * ALIGN;
    if (!b || n > b->room - b->used)
        b = new_block(a, n);
    if (!b)
        return NULL;
    void *p = (char *)b->data + b->used;
    b->used += n;
    return p;
}

const char *travel_copy(struct travel_arena *a, const char *text, size_t n) {
    char *copy = travel_take(a, n + 1);

    if (!copy)
        return "";
    memcpy(copy, text, n);
    return copy;
}

void travel_arena_fini(struct travel_arena *a) {
    for (struct travel_block *b = a->blocks; b;) {
        struct travel_block *next = b->next;
        free(b);
        b = next;
    }
    *a = (struct travel_arena){0};
}

/* ---- pieces ----------------------------------------------------------------------- */

static int is_space(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static int is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

struct travel_span travel_span_of(const char *text) {
    return (struct travel_span){.p = text, .n = strlen(text)};
}

struct travel_span travel_trim(struct travel_span s) {
    while (s.n && is_space(*s.p)) {
        s.p++;
        s.n--;
    }
    while (s.n && is_space(s.p[s.n - 1]))
        s.n--;
    return s;
}

int travel_same(struct travel_span s, const char *text) {
    return strlen(text) == s.n && memcmp(s.p, text, s.n) == 0;
}

int travel_equal(struct travel_span a, struct travel_span b) {
    return a.n == b.n && memcmp(a.p, b.p, a.n) == 0;
}

int travel_contains(const char *text, struct travel_span part) {
    return part.n > 0 && memmem(text, strlen(text), part.p, part.n) != NULL;
}

const char *travel_find(const char *text, const char *word) {
    size_t n = strlen(word);

    for (; *text; text++)
        if (strncasecmp(text, word, n) == 0)
            return text;
    return NULL;
}

struct travel_span travel_city(struct travel_span s) {
    const char *open = memchr(s.p, '(', s.n);

    if (open && memchr(open, ')', s.n - (size_t)(open - s.p)))
        s.n = (size_t)(open - s.p);
    return travel_trim(s);
}

int travel_place(struct travel_span s, struct travel_span *name,
                 struct travel_span *city) {
    const char *comma = memrchr(s.p, ',', s.n);

    *name = *city = (struct travel_span){.p = ""};
    if (!comma)
        return 0;
    size_t at = (size_t)(comma - s.p);
    *name = travel_trim((struct travel_span){.p = s.p, .n = at});
    *city = travel_city((struct travel_span){.p = comma + 1, .n = s.n - at - 1});
    return name->n > 0 && city->n > 0;
}

/* The first `word` from `at` on that white space follows, and where `before` is set also
 * precedes; the length of the text where there is none. */
static size_t find_word(struct travel_span s, size_t at, const char *word, int before) {
    size_t n = strlen(word);

    for (; at + n < s.n; at++)
        if (strncasecmp(s.p + at, word, n) == 0 && is_space(s.p[at + n]) &&
            (before ? at > 0 && is_space(s.p[at - 1])
                    : at == 0 || !is_letter(s.p[at - 1])))
            return at;
    return s.n;
}

int travel_from_to(struct travel_span s, struct travel_span *from,
                   struct travel_span *to) {
    size_t begin = find_word(s, 0, "from", 0) + 4;

    *from = *to = (struct travel_span){.p = ""};
    if (begin >= s.n)
        return 0;
    while (begin < s.n && is_space(s.p[begin]))
        begin++;
    size_t mid = find_word(s, begin + 1, "to", 1);
    if (mid >= s.n)
        return 0;
    size_t end = mid + 3;
    while (end < s.n && !strchr(",;\n", s.p[end]))
        end++;
    *from = travel_city((struct travel_span){.p = s.p + begin, .n = mid - begin});
    *to = travel_city((struct travel_span){.p = s.p + mid + 3, .n = end - mid - 3});
    return from->n > 0 && to->n > 0;
}

int travel_next(struct travel_span *rest, char mark, struct travel_span *entry) {
    while (rest->n) {
        const char *end = memchr(rest->p, mark, rest->n);
        size_t n = end ? (size_t)(end - rest->p) : rest->n;
        *entry = travel_trim((struct travel_span){.p = rest->p, .n = n});
        n += end != NULL;
        rest->p += n;
        rest->n -= n;
        if (entry->n)
            return 1;
    }
    return 0;
}
