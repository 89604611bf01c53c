/* xml.c - see xml.h. */
#include "judge/xml.h"

#include <stdbool.h>

#include "report/sheet.h"

/* The bytes at p that XML 1.0 has no character for: surrogates, U+FFFE and U+FFFF.  No
 * control codes are left here. */
static bool no_xml(const unsigned char *p) {
    return (p[0] == 0xed && p[1] >= 0xa0) ||
           (p[0] == 0xef && p[1] == 0xbf && p[2] >= 0xbe);
}

static const char *entity(char c) {
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    default:
        return NULL;
    }
}

void accord_xml_text(accord_buf *out, const char *text) {
    accord_buf clean;

    accord_buf_init(&clean, 1 << 20);
    accord_report_clean(&clean, text, false);
    for (const char *p = clean.data ? clean.data : ""; *p; p++) {
        if (entity(*p)) {
            accord_buf_puts(out, entity(*p));
        } else if (no_xml((const unsigned char *)p)) {
            accord_buf_puts(out, "?");
            p += 2;
        } else {
            accord_buf_add(out, p, 1);
        }
    }
    out->failed |= clean.failed;
    out->no_memory |= clean.no_memory;
    accord_buf_fini(&clean);
}

void accord_xml_attribute(accord_buf *out, const char *name, const char *value) {
    accord_buf_printf(out, " %s=\"", name);
    accord_xml_text(out, value);
    accord_buf_puts(out, "\"");
}
