#ifndef TEMPLATES_SCHEMA_H
#define TEMPLATES_SCHEMA_H

/* Values against the schemas of types. The language of values is described in types.c. */

#include "types.h"

/* What follows the kind: bounds, enumeration, pattern. */
struct cc_limits {
    bool has_least;
    bool has_most;
    double least;
    double most;
    int values; /* -1: any */
    bool any_case;
    int pattern; /* -1: none */
    bool unique;
};

/* `at` is behind the kind. */
struct cc_limits cc_limits_of(const char *at);

/* A scalar of CloudFormation can be written as text: "3", "true". `kind`: s, i, n, b. */
bool cc_scalar_fits(const struct cc_node *node, char kind);
void cc_lint_scalar(struct cc_lint *lint, const struct cc_node *node, const char *value,
                    const char *type);
void cc_refuse_value(struct cc_lint *lint, const struct cc_node *node, const char *why);

/* The properties of a resource; `root` is the object of its type. */
void cc_lint_properties(struct cc_lint *lint, const struct cc_node *resource, const char *type,
                        int root);

#endif
