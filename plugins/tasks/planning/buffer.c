/* buffer.c - see buffer.h. */
#include "buffer.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void planning_write(struct planning_buffer *b, const char *fmt, ...) {
    for (int attempt = 0; attempt < 2 && !b->is_out_of_memory; attempt++) {
        va_list args;
        va_start(args, fmt);
        int n = vsnprintf(b->text ? b->text + b->n : NULL, b->room - b->n, fmt, args);
        va_end(args);
        if (n < 0)
            return;
        if ((size_t)n < b->room - b->n) {
            b->n += (size_t)n;
            return;
        }
        size_t room = (b->n + (size_t)n + 1) * 2;
        char *more = realloc(b->text, room);
        if (!more) {
            b->is_out_of_memory = 1;
            if (b->text)
                b->text[b->n] = '\0';
            return;
        }
        b->text = more;
        b->room = room;
    }
}

void planning_buffer_clear(struct planning_buffer *b) {
    b->n = 0;
    if (b->text)
        b->text[0] = '\0';
}

const char *planning_text(const struct planning_buffer *b) {
    return b->text ? b->text : "";
}

void planning_buffer_fini(struct planning_buffer *b) {
    free(b->text);
    *b = (struct planning_buffer){0};
}
