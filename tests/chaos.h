/* chaos.h - memory that runs out on purpose: malloc, calloc, realloc and strdup of what
 * is linked into the test program (see -Wl,--wrap in tests.am), and of jansson. */
#ifndef CHAOS_H
#define CHAOS_H

#include <stdint.h>

/* From now on the allocation after `n` more fails, once. */
void chaos_fail_after(uint64_t n);
/* Back to normal.  Returns 1 when an allocation was made to fail. */
int chaos_stop(void);

#endif
