/* buffer.h - a text that grows. */
#ifndef ACCORD_PLANNING_BUFFER_H
#define ACCORD_PLANNING_BUFFER_H

#include <stddef.h>

#include <accord/plugin.h>

/* Begin with {0}.  After a failed allocation it stays as it is and says so at the end. */
struct planning_buffer {
    char *text; /* NUL-terminated; NULL while empty */
    size_t n, room;
    int is_out_of_memory;
};

/* [any] */
void planning_write(struct planning_buffer *b, const char *fmt, ...) ACCORD_PRINTF(2, 3);
/* [any] Forgets the text and keeps the memory. */
void planning_buffer_clear(struct planning_buffer *b);
/* [any] The text, never NULL; "" when it is empty. */
const char *planning_text(const struct planning_buffer *b);
/* [any] */
void planning_buffer_fini(struct planning_buffer *b);

#endif
