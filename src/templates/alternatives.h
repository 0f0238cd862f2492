#ifndef TEMPLATES_ALTERNATIVES_H
#define TEMPLATES_ALTERNATIVES_H

/* Values that depend on conditions: Fn::If and AWS::NoValue. */

#include "types.h"

enum cc_presence { CC_ABSENT_VALUE, CC_PRESENT_VALUE, CC_MAYBE_VALUE };

/* Whether a map has a member after deployment. */
enum cc_presence cc_presence(const struct cc_node *map, const char *name);

/* What a value can be: itself, or the branches of Fn::If; without AWS::NoValue. */
struct cc_choice {
    const struct cc_node *node;
};

struct cc_nodes {
    struct cc_choice *rows;
    size_t count;
    size_t room;
};
struct cc_nodes cc_alternatives(struct cc_arena *mem, const struct cc_node *node);
/* The items that a list can have; a single value is a list of one. Functions are items. */
struct cc_nodes cc_items(struct cc_arena *mem, const struct cc_node *node);

/* Which members go together. */
void cc_lint_rules_of(struct cc_lint *lint, const struct cc_node *map,
                      const struct cc_object *object, const char *type);

#endif
