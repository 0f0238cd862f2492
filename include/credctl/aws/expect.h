#ifndef CREDCTL_AWS_EXPECT_H
#define CREDCTL_AWS_EXPECT_H

/* What --expect-account and --expect-role ask of an identity, judged and told in one place. */

#include "credctl/base/error.h"
#include "credctl/base/shape.h"

struct cc_expect {
    const char *account; /* 12 digits; NULL: any */
    const char *role;    /* a pattern with * and ? for the role's name or ARN; NULL: any */
};

/* As options. */
extern const struct cc_shape cc_expect_shape;

/* Whose account and role they are. Each text may be NULL: not known. */
struct cc_expect_of {
    const char *account;
    const char *arn;       /* of a role or of a session */
    const char *role_name; /* NULL: that of the ARN */
};

/* What came of it, as every answer tells it. */
struct cc_expectation {
    bool met;
    const char *reason; /* for people; NULL when it is met */
};

extern const struct cc_shape cc_expectation_shape;

bool cc_expect_given(const struct cc_expect *expect);

/* NULL when nothing is expected. */
const struct cc_expectation *cc_expect_judge(struct cc_arena *mem, const struct cc_expect *expect,
                                             const struct cc_expect_of *of);

/* The same as a gate: fails with CC_E_NOT_EXPECTED. */
CC_MUST_USE bool cc_expect_met(struct cc_arena *mem, const struct cc_expect *expect,
                               const struct cc_expect_of *of, struct cc_error *err);

#endif
