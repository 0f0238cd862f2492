#ifndef TEMPLATES_READ_H
#define TEMPLATES_READ_H

/* The two readers. Each fills the tree, or makes a finding and sets tree->failed. */

#include "tree.h"

void cc_yaml_read(struct cc_tree *tree);
struct cc_json_source {
    const char *text;     /* terminated */
    struct cc_place from; /* of its first character */
    int margin;           /* columns before the text in all other lines */
    bool loose;           /* a placeholder (see value.h) can stand where a value is */
};

void cc_json_read(struct cc_tree *tree, const struct cc_json_source *json);

/* The place of a byte. */
struct cc_place cc_place_in(const char *text, size_t offset);
/* The place of the first character of a scalar's text, and the columns before its other lines. As
 * good as can be known: folded text has other lines than its source. */
struct cc_place cc_place_of_text(const struct cc_lint *lint, const struct cc_node *node);
int cc_margin_of_text(const struct cc_lint *lint, const struct cc_node *node);
/* There is a tab before this place in its line. */
bool cc_tab_before(const char *text, struct cc_place place);
/* Characters that mark placeholders (see value.h) become DEL in a text from outside. */
void cc_readable(struct cc_arena *mem, const char **text);

#endif
