#ifndef TEMPLATES_LINT_H
#define TEMPLATES_LINT_H

/* One template while it is checked. */

#include "credctl/templates/finding.h"
#include "credctl/templates/node.h"

#define CC_FINDINGS_MAX 1000

struct cc_place {
    int line;
    int column;
};

struct cc_lint {
    struct cc_arena *mem;
    const char *text;
    size_t len;
    const struct cc_node *root; /* a map */
    const struct cc_node *parameters;
    const struct cc_node *rules;
    const struct cc_node *mappings;
    const struct cc_node *conditions;
    const struct cc_node *resources;
    const struct cc_node *outputs;
    struct cc_types *types;
    bool transformed; /* a macro writes parts of the template that are not here */
    bool serverless;
    bool extended; /* AWS::LanguageExtensions */
    struct cc_template_finding *findings;
    size_t count;
    size_t room;
    bool too_many;
    struct cc_size *inline_sizes; /* of the policies of each resource; by its index */
};

/* At the place of a value; NULL: at the beginning. */
CC_PRINTF(4, 5)
void cc_found(struct cc_lint *lint, const struct cc_node *node, enum cc_template_code code,
              const char *message, ...);
/* At the name of a member. */
CC_PRINTF(4, 5)
void cc_found_at_name(struct cc_lint *lint, const struct cc_node *node, enum cc_template_code code,
                      const char *message, ...);
/* Where there is no value. */
CC_PRINTF(4, 5)
void cc_found_at(struct cc_lint *lint, struct cc_place place, enum cc_template_code code,
                 const char *message, ...);
/* A better remedy for the last one. */
CC_PRINTF(2, 3) void cc_found_fix(struct cc_lint *lint, const char *fix, ...);

/* The last one is a case of another code, at this node. */
void cc_found_is(struct cc_lint *lint, enum cc_template_code code, const struct cc_node *node);
/* It is less severe here than its code says. */
void cc_found_only(struct cc_lint *lint, enum cc_template_severity severity);

/* --- parts --- */

/* The tree, or NULL when the text cannot be read. */
const struct cc_node *cc_document_read(struct cc_lint *lint);
void cc_lint_sections(struct cc_lint *lint);
void cc_lint_parameters(struct cc_lint *lint);
void cc_lint_mappings(struct cc_lint *lint);
void cc_lint_conditions(struct cc_lint *lint);
void cc_lint_rules(struct cc_lint *lint);
void cc_lint_outputs(struct cc_lint *lint);
void cc_lint_resources(struct cc_lint *lint);
/* Resources by the schemas of their types. */
void cc_lint_types(struct cc_lint *lint);
void cc_lint_policies(struct cc_lint *lint);
void cc_lint_hosts(struct cc_lint *lint);
void cc_lint_ended(struct cc_lint *lint);
void cc_lint_networks(struct cc_lint *lint);
void cc_lint_usage(struct cc_lint *lint);
void cc_lint_functions(struct cc_lint *lint);
void cc_lint_references(struct cc_lint *lint);
void cc_lint_circles(struct cc_lint *lint);

/* --- what parts share --- */

/* Each member of the map must have one of these names; the list ends with NULL. */
void cc_lint_names(struct cc_lint *lint, const struct cc_node *map, const char *const *allowed,
                   enum cc_template_code code, const char *what);
/* False, with a finding, when it has another kind. */
bool cc_lint_kind(struct cc_lint *lint, const struct cc_node *node, enum cc_node_kind kind,
                  enum cc_template_code code, const char *what);
/* The name in the list that is most similar, as " (did you mean ...?)"; or "". */
const char *cc_did_you_mean(struct cc_lint *lint, const char *name, const char *const *names);
const char *cc_did_you_mean_member(struct cc_lint *lint, const char *name,
                                   const struct cc_node *map);
bool cc_one_of(const char *text, const char *const *list);
/* The Type of the resource of that name; or NULL. */
const char *cc_type_of(const struct cc_lint *lint, const char *resource);
/* A loop of AWS::LanguageExtensions, whose members are written at deployment. */
bool cc_is_loop(const struct cc_node *member);
/* A member of the section is one. */
bool cc_has_loop(const struct cc_node *section);
bool cc_parameter_is_list(const struct cc_node *parameter);
/* A condition function. */
bool cc_is_condition(const struct cc_node *node);

#endif
