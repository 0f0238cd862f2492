#ifndef TEMPLATES_PARAMETER_H
#define TEMPLATES_PARAMETER_H

/* The section Parameters of a draft, and values for it. */

#include "credctl/templates/generate.h"

#include "draft.h"

struct cc_parameters cc_parameters_of(struct cc_arena *mem, const struct cc_draft_node *root);

/*
 * Checks the values as CloudFormation would, and writes them into the draft. The value of a
 * parameter whose type looks something up becomes its default. Fails with CC_E_USAGE.
 */
CC_MUST_USE bool cc_parameter_apply(struct cc_arena *mem, struct cc_draft_node *root,
                                    const struct cc_setting *setting, struct cc_error *err);

#endif
