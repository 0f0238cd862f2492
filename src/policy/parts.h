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

/* Takes steps from what is left; false: nothing is left. `work` NULL: there is no limit. */
bool cc_work_take(struct cc_work *work, size_t steps);
bool cc_work_spent(const struct cc_work *work);

enum cc_pattern_kind {
    CC_PATTERN_TEXT,
    CC_PATTERN_ACTION,   /* without regard to case */
    CC_PATTERN_RESOURCE, /* wildcards of an ARN stay in their part of it, but for a * that ends it
                          */
};

/* False too when `work` is spent. */
bool cc_pattern_fits(const char *pattern, const char *text, enum cc_pattern_kind kind,
                     struct cc_work *work);
/* The six parts of an ARN one by one. */
bool cc_pattern_fits_arn(const char *pattern, const char *text, struct cc_work *work);

/*
 * Replaces policy variables (IAM User Guide, "IAM policy elements: Variables and tags"). NULL: one
 * has no single value in the context. *unknown is set when that is not known.
 */
const char *cc_pattern_expand(struct cc_arena *mem, const char *value,
                              const struct cc_context *context, bool *unknown);
/* The same, but only behind the fifth colon: no other part of an ARN can be a variable. */
const char *cc_pattern_expand_arn(struct cc_arena *mem, const char *value,
                                  const struct cc_context *context, bool *unknown);
/* The literal characters as themselves. */
const char *cc_pattern_plain(struct cc_arena *mem, const char *pattern);

/* A value of a condition or of the context as text; NULL: neither text nor number nor flag. */
const char *cc_policy_value(struct cc_arena *mem, const cJSON *value);

/* What a comparison may use: `mem` lasts until its end only. */
struct cc_comparing {
    struct cc_arena *mem;
    struct cc_work *work;
};

struct cc_operator {
    const char *name;
    bool negated;
    bool null;      /* Null: about the key itself */
    bool variables; /* policy variables are replaced */
    bool pattern;   /* * and ? are special */
    size_t steps;   /* that a comparison of short values takes */
    /* One value of the request against one of the policy, for the positive form. */
    bool (*same)(const struct cc_comparing *comparing, const char *have, const char *want);
};

/* How the principal element names the caller; CC_NAMED_NOT. */
enum cc_named cc_principal_named(const struct cc_statement *statement,
                                 const struct cc_caller *caller);

#endif
