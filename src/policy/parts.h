#ifndef POLICY_PARTS_H
#define POLICY_PARTS_H

#include "credctl/policy/evaluate.h"

/*
 * In an expanded pattern these bytes, which UTF-8 never has, are the characters *, ? and $ without
 * their meaning.
 */
#define CC_LITERAL_STAR     '\xfd'
#define CC_LITERAL_QUESTION '\xfe'
#define CC_LITERAL_DOLLAR   '\xff'

/*
 * Replaces policy variables (IAM User Guide, "IAM policy elements: Variables and tags"). NULL: one
 * has no single value in the context. *unknown is set when that is not known.
 */
const char *cc_pattern_expand(struct cc_arena *mem, const char *value,
                              const struct cc_context *context, bool *unknown);
/* The literal characters as themselves. */
const char *cc_pattern_plain(struct cc_arena *mem, const char *pattern);

struct cc_operator {
    const char *name;
    bool negated;
    bool null; /* Null: about the key itself */
    /* One value of the request against one of the policy, for the positive form. */
    bool (*same)(struct cc_arena *mem, const char *have, const char *want);
};

/* How the principal element names the caller; CC_NAMED_NOT. */
enum cc_named cc_principal_named(const struct cc_statement *statement,
                                 const struct cc_caller *caller);

#endif
