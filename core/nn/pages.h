/* pages.h - large arrays in huge pages: fewer addresses to translate, and a stream is not
 * stopped every 4 KiB. */
#ifndef ACCORD_PAGES_H
#define ACCORD_PAGES_H

#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>

/* Asks for them under p[n_bytes], fresh memory of malloc(); small or NULL is left alone.
 */
static inline void accord_pages_huge(void *p, size_t n_bytes) {
    const size_t page = (size_t)2 << 20;
    uintptr_t from = ((uintptr_t)p + page - 1) / page * page;
    uintptr_t to = ((uintptr_t)p + n_bytes) / page * page;

#ifdef MADV_HUGEPAGE
    if (p && to > from)
        madvise((void *)from, to - from, MADV_HUGEPAGE);
#endif
}

#endif
