/* extract.c - finds the final answer in a reply. */
#include <stdio.h>
#include <string.h>

#include "grade.h"

size_t math_extract(const char *reply, int kind, int strict, char *buf, size_t size,
                    const char **rule) {
    const char *mark = reply ? strstr(reply, "#### ") : NULL;

    (void)kind;
    (void)strict;
    *rule = mark ? "hashes" : "none";
    if (!size)
        return 0;
    snprintf(buf, size, "%s", mark ? mark + 5 : "");
    buf[strcspn(buf, "\n")] = '\0';
    return strlen(buf);
}
