#ifndef TEMPLATES_EDIT_H
#define TEMPLATES_EDIT_H

/* What options change in a draft, apart from parameters. */

#include "credctl/templates/generate.h"

#include "draft.h"

/* The resource of that name, and its properties; NULL: none. */
struct cc_draft_node *cc_draft_resource(const struct cc_draft_node *root, const char *name);
struct cc_draft_node *cc_draft_properties(const struct cc_draft_node *root, const char *name);
/* The first statement of that Sid. */
struct cc_draft_node *cc_draft_statement(struct cc_draft_node *root, const char *sid);
/* Fails with CC_E_USAGE: the kind of template does not have what the option changes. */
bool cc_no_meaning(const struct cc_generation *generation, const char *option,
                   struct cc_error *err);

/* The trust policy of a target role. */
CC_MUST_USE bool cc_edit_trust(struct cc_arena *mem, struct cc_draft_node *root,
                               const struct cc_generation *generation, struct cc_error *err);
/* A trust policy that was text becomes a document, when no key of it holds a function. */
void cc_edit_trust_text(struct cc_arena *mem, struct cc_draft_node *root);

/* Permissions and limits of the roles. */
CC_MUST_USE bool cc_edit_roles(struct cc_arena *mem, struct cc_draft_node *root,
                               const struct cc_generation *generation, struct cc_error *err);
CC_MUST_USE bool cc_edit_tags(struct cc_arena *mem, struct cc_draft_node *root,
                              const char *const *tags, struct cc_error *err);

#endif
