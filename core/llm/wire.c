/* wire.c - see wire.h. */
#include "llm/wire.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum { HEAD = 2 * sizeof(uint32_t), KEEP = 1 << 20 };

void accord_wire_fini(accord_wire *w) {
    free(w->data);
    *w = (accord_wire){0};
}

void accord_wire_reserve(accord_wire *w, size_t n) {
    if (w->end + n <= w->cap)
        return;
    if (w->begin) {
        memmove(w->data, w->data + w->begin, w->end - w->begin);
        w->end -= w->begin;
        w->begin = 0;
    }
    if (w->end + n <= w->cap)
        return;
    size_t cap = w->cap ? w->cap : 4096;
    while (cap < w->end + n)
        cap *= 2;
    w->data = accord_xrealloc(w->data, cap);
    w->cap = cap;
}

void accord_wire_drop(accord_wire *w, size_t n) {
    w->begin += n;
    if (w->begin < w->end)
        return;
    w->begin = w->end = 0;
    if (w->cap > KEEP)
        accord_wire_fini(w);
}

void accord_wire_put(accord_wire *w, uint32_t type, const struct iovec *parts, int n) {
    size_t total = 0;

    for (int i = 0; i < n; i++)
        total += parts[i].iov_len;
    accord_wire_reserve(w, HEAD + total);
    uint32_t head[2] = {type, (uint32_t)total};
    memcpy(w->data + w->end, head, HEAD);
    w->end += HEAD;
    for (int i = 0; i < n; i++) {
        if (parts[i].iov_len)
            memcpy(w->data + w->end, parts[i].iov_base, parts[i].iov_len);
        w->end += parts[i].iov_len;
    }
}

int accord_wire_next(accord_wire *w, uint32_t *type, const char **data, size_t *n) {
    uint32_t head[2];

    if (w->end - w->begin < HEAD)
        return 0;
    memcpy(head, w->data + w->begin, HEAD);
    if (head[1] > ACCORD_WIRE_FRAME_MAX)
        return -1;
    if (w->end - w->begin < HEAD + head[1]) {
        accord_wire_reserve(w, HEAD + head[1] - (w->end - w->begin));
        return 0;
    }
    *type = head[0];
    *data = w->data + w->begin + HEAD;
    *n = head[1];
    w->begin += HEAD + head[1]; /* the bytes stay until something is read or put */
    return 1;
}
