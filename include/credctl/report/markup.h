#ifndef CREDCTL_REPORT_MARKUP_H
#define CREDCTL_REPORT_MARKUP_H

/*
 * XML and HTML from texts that may hold anything. What XML 1.0 does not allow becomes '?': what is
 * not UTF-8, control characters, U+FFFE and U+FFFF; also characters that change the direction of
 * text.
 */

#include "credctl/base/buf.h"

/* A text between tags. Line breaks and tabs stay. */
void cc_markup_text(struct cc_buf *out, const char *text);
/* Markup in which each %s is a text, for places between tags and for quoted values of attributes;
 * NULL is "". No other conversion is known. */
CC_PRINTF(2, 3) void cc_markup(struct cc_buf *out, const char *markup, ...);

#endif
