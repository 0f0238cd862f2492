#include "lines.h"

#include "credctl/base/text.h"

#include <string.h>

#define LINE   100 /* where paragraphs are broken */
#define INDENT 4
#define LABEL  6 /* of "why:" and its like, with the blanks behind it */

void cc_lines_wrapped(const char *text, size_t indent, struct cc_buf *out)
{
    size_t used = 0;

    while (*text) {
        const size_t len = strcspn(text, " ");
        const size_t width = cc_text_width(cc_text_dup(out->mem, text, len));

        if (used > 0 && indent + used + 1 + width > LINE) {
            cc_buf_addf(out, "\n%*s", (int)indent, "");
            used = 0;
        } else if (used > 0) {
            cc_buf_text(out, " ");
            used++;
        }
        cc_buf_add(out, text, len);
        used += width;
        text += len + strspn(text + len, " ");
    }
    cc_buf_text(out, "\n");
}

void cc_lines_paragraph(const char *label, const char *text, struct cc_buf *out)
{
    if (text && text[0]) {
        cc_buf_addf(out, "%*s%-*s", INDENT, "", LABEL, label);
        cc_lines_wrapped(cc_text_printable(out->mem, text), INDENT + LABEL, out);
    }
}
