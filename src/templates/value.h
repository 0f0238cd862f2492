#ifndef TEMPLATES_VALUE_H
#define TEMPLATES_VALUE_H

/*
 * Texts with parts that are only known at deployment. A placeholder is the name of what it stands
 * for between two control characters, which no text from outside has: OPEN Parameter CLOSE.
 */

#include "lint.h"

#define CC_OPEN  '\x01'
#define CC_CLOSE '\x02'

/* The text of a scalar, or of a function whose value is a text; NULL: it is none. */
const char *cc_value_text(struct cc_lint *lint, const struct cc_node *node);
/* Nothing in it is left to deployment. */
bool cc_value_known(const char *text);
/* The text that a value has; *usual: it is the default of a parameter. NULL: not known. */
const char *cc_value_usual(struct cc_lint *lint, const struct cc_node *node, bool *usual);
/* For people: a placeholder is ${Name}. */
const char *cc_value_shown(struct cc_arena *mem, const char *text);
/* The name of the one placeholder that is all of the text; NULL: there is more, or none. */
const char *cc_value_placeholder(struct cc_arena *mem, const char *text);

#endif
