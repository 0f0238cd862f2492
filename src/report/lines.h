#ifndef REPORT_LINES_H
#define REPORT_LINES_H

/* Paragraphs for a terminal. */

#include "credctl/base/buf.h"

/* From column `indent` on, where the line already ends; broken at blanks. A longer word is whole,
 * so that what is in it can be copied. */
void cc_lines_wrapped(const char *text, size_t indent, struct cc_buf *out);
/* A label of at most 6 columns, in column 4, and a paragraph behind it; nothing for an empty text.
 */
void cc_lines_paragraph(const char *label, const char *text, struct cc_buf *out);

#endif
