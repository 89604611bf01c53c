/* escape.h - text from outside in a page: as HTML, and as JSON within a script. */
#ifndef ACCORD_PAGE_ESCAPE_H
#define ACCORD_PAGE_ESCAPE_H

#include <stddef.h>

#include "base/buf.h"

/* [any] `text` as content or as an attribute in double quotes.  Invalid UTF-8 and control
 * characters but tab and line end become U+FFFD.  NULL writes nothing. */
void accord_page_text(accord_buf *out, const char *text);
/* [any] n bytes of JSON, valid or not, as content of a script element: <, >, & and the
 * line separators U+2028 and U+2029 become \u escapes, so that neither "</script>" nor
 * "<!--" comes out.  All of them can only stand within strings. */
void accord_page_json(accord_buf *out, const char *json, size_t n);

#endif
