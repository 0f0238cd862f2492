#include "credctl/report/markup.h"

#include "credctl/base/text.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

/* U+FFFE and U+FFFF, which are UTF-8 but not XML. */
static void remove_others(char *text)
{
    for (char *at = strstr(text, "\xef\xbf"); at; at = strstr(at + 1, "\xef\xbf")) {
        if ((unsigned char)at[2] >= 0xbe) {
            memset(at, '?', 3);
        }
    }
}

/* Where a text stands. In an attribute, a reader would make a blank of a line break. */
struct place {
    const char *special;
    const char *line_break;
    const char *tab;
};

static const struct place between_tags = {"&<>", "\n", "\t"};
static const struct place anywhere = {"&<>\"'", "&#10;", "&#9;"};

static const char *entity(char c)
{
    switch (c) {
    case '&': return "&amp;";
    case '<': return "&lt;";
    case '>': return "&gt;"; /* XML: "]]>" must not stand in a text */
    case '"': return "&quot;";
    default: return "&#39;";
    }
}

/* Without line breaks and tabs. */
static void add_piece(struct cc_buf *out, const char *text, size_t len, const struct place *place)
{
    char *piece = cc_text_dup(out->mem, text, len);

    cc_text_make_printable(piece);
    remove_others(piece);
    for (const char *at = piece; *at;) {
        const size_t plain = strcspn(at, place->special);

        cc_buf_add(out, at, plain);
        at += plain;
        if (*at) {
            cc_buf_text(out, entity(*at));
            at++;
        }
    }
}

static void add_text(struct cc_buf *out, const char *text, const struct place *place)
{
    while (*text) {
        const size_t len = strcspn(text, "\n\t");

        add_piece(out, text, len, place);
        text += len;
        if (*text) {
            cc_buf_text(out, *text == '\n' ? place->line_break : place->tab);
            text++;
        }
    }
}

void cc_markup_text(struct cc_buf *out, const char *text)
{
    add_text(out, text ? text : "", &between_tags);
}

void cc_markup(struct cc_buf *out, const char *markup, ...)
{
    va_list args;

    va_start(args, markup);
    while (*markup) {
        const size_t len = strcspn(markup, "%");

        cc_buf_add(out, markup, len);
        markup += len;
        if (*markup && markup[1] != 's') {
            abort(); /* a mistake in the source */
        }
        if (*markup) {
            const char *text = va_arg(args, const char *);

            add_text(out, text ? text : "", &anywhere);
            markup += strlen("%s");
        }
    }
    va_end(args);
}
