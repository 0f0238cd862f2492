#ifndef CREDCTL_AWS_EXPECT_H
#define CREDCTL_AWS_EXPECT_H

/* --expect-account and --expect-role: how they are checked and shown. */

#include "credctl/base/error.h"
#include "credctl/base/shape.h"

struct cc_expect {
    const char *account; /* 12 digits; NULL: any */
    const char *role;    /* a pattern with * and ? for the role's name or ARN; NULL: any */
};

/* As options. */
extern const struct cc_shape cc_expect_shape;

/* The identity to check. Each text may be NULL: not known. */
struct cc_expect_of {
    const char *account;
    const char *arn;       /* the ARN of a role or of a session */
    const char *role_name; /* NULL: the role name of the ARN */
};

/* The result, as in every answer. */
struct cc_expectation {
    bool met;
    const char *reason; /* for people; NULL when it is met */
};

extern const struct cc_shape cc_expectation_shape;

bool cc_expect_given(const struct cc_expect *expect);

/* NULL when nothing is expected. */
const struct cc_expectation *cc_expect_judge(struct cc_arena *mem, const struct cc_expect *expect,
                                             const struct cc_expect_of *of);

/* The same, but fails with CC_E_NOT_EXPECTED when it is not met. */
CC_MUST_USE bool cc_expect_met(struct cc_arena *mem, const struct cc_expect *expect,
                               const struct cc_expect_of *of, struct cc_error *err);

#endif
