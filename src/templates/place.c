#include "credctl/base/text.h"

#include "read.h"
#include "value.h"

#include <string.h>

struct cc_place cc_place_in(const char *text, size_t offset)
{
    struct cc_place place = {1, 1};

    for (size_t i = 0; i < offset && text[i]; i++) {
        if (text[i] == '\n') {
            place.line++;
            place.column = 1;
        } else if ((text[i] & 0xc0) != 0x80) {
            place.column++;
        }
    }
    return place;
}

static const char *line_at(const char *text, int line)
{
    for (int i = 1; i < line && text; i++) {
        text = strchr(text, '\n');
        text = text ? text + 1 : NULL;
    }
    return text;
}

/* Blanks before the lines of a block, without those that belong to its text. */
int cc_margin_of_text(const struct cc_lint *lint, const struct cc_node *node)
{
    const char *line = node->block ? line_at(lint->text, node->line + 1) : NULL;
    const size_t source = line ? strspn(line, " ") : 0;
    const size_t own = strspn(node->text ? node->text : "", " ");

    return source > own ? (int)(source - own) : 0;
}

struct cc_place cc_place_of_text(const struct cc_lint *lint, const struct cc_node *node)
{
    if (node->block) {
        return (struct cc_place){node->line + 1, cc_margin_of_text(lint, node) + 1};
    }
    return (struct cc_place){node->line, node->column + 1};
}

bool cc_tab_before(const char *text, struct cc_place place)
{
    text = line_at(text, place.line);
    const size_t blanks = text ? strspn(text, " \t") : 0;
    return blanks > 0 && memchr(text, '\t', blanks) != NULL;
}

void cc_readable(struct cc_arena *mem, const char **text)
{
    static const char marks[] = {CC_OPEN, CC_CLOSE, '\0'};
    const size_t len = strlen(*text);

    if (strcspn(*text, marks) == len) {
        return;
    }
    char *copy = cc_text_dup(mem, *text, len);
    for (char *at = copy; *at; at++) {
        if (*at == CC_OPEN || *at == CC_CLOSE) {
            *at = '\x7f';
        }
    }
    *text = copy;
}
