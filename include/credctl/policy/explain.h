#ifndef CREDCTL_POLICY_EXPLAIN_H
#define CREDCTL_POLICY_EXPLAIN_H

/* Verdicts in words. Values of the request are shown; give no secrets as context. */

#include "credctl/policy/decide.h"

/* Why a statement does not apply to the request: "StringEquals sts:ExternalId wants "a"; the
 * request has "b"". NULL when it applies. */
const char *cc_explain_statement(struct cc_arena *mem, const struct cc_statement_verdict *verdict,
                                 const struct cc_access_request *request);
const char *cc_explain_condition(struct cc_arena *mem, const struct cc_condition *condition,
                                 const struct cc_context *context);
/* A list for a sentence: "a", "b" or "c". */
const char *cc_explain_list(struct cc_arena *mem, const char *const *values);

#endif
