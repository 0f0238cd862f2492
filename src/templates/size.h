#ifndef TEMPLATES_SIZE_H
#define TEMPLATES_SIZE_H

/* The sizes of policies, as IAM counts them: without white space. */

#include "policy.h"

struct cc_size {
    size_t least; /* with everything that is only known at deployment as short as it can be */
    size_t about; /* with what it usually is */
    const struct cc_node *node; /* the first policy */
};

struct cc_size cc_policy_size(struct cc_lint *lint, const struct cc_node *document);

void cc_sizes_begin(struct cc_lint *lint);
/* One policy against its quota; inline policies are added up. */
void cc_lint_policy_size(struct cc_lint *lint, const struct cc_document_policy *policy);
/* The inline policies of each role, user and group together. */
void cc_lint_inline_sizes(struct cc_lint *lint);

#endif
