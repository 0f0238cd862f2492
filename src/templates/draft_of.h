#ifndef TEMPLATES_DRAFT_OF_H
#define TEMPLATES_DRAFT_OF_H

/* A template from its bytes to its text. */

#include "credctl/templates/generate.h"

#include "draft.h"

CC_MUST_USE bool cc_draft_load(struct cc_arena *mem, const struct cc_template *template,
                               struct cc_draft_node **root, struct cc_error *err);
/* Writes all settings into the draft. Fails with CC_E_USAGE. */
CC_MUST_USE bool cc_draft_settings(struct cc_arena *mem, struct cc_draft_node *root,
                                   const struct cc_generation *generation, struct cc_error *err);
/* Fails with CC_E_TOO_BIG. */
CC_MUST_USE bool cc_draft_write(struct cc_arena *mem, const struct cc_draft_node *root, bool json,
                                struct cc_generated *generated, struct cc_error *err);
/* All but a StackSet, whose template contains another one. */
CC_MUST_USE bool cc_generate_one(struct cc_arena *mem, const struct cc_generation *generation,
                                 struct cc_generated *generated, struct cc_error *err);

#endif
