/* xml.h - texts inside of XML 1.0. */
#ifndef ACCORD_XML_H
#define ACCORD_XML_H

#include "base/buf.h"

/* [any] A text with what XML has no character for replaced, and markup made harmless;
 * good between tags and between double quotes. */
void accord_xml_text(accord_buf *out, const char *text);
/* [any] " NAME=\"VALUE\"". */
void accord_xml_attribute(accord_buf *out, const char *name, const char *value);

#endif
