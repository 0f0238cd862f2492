#ifndef CREDCTL_AWS_EXPECT_H
#define CREDCTL_AWS_EXPECT_H

/* What --expect-account and --expect-role ask of an identity, judged and told in one place. */

#include "credctl/base/arena.h"

#include <stdbool.h>

struct cc_expect {
    const char *account; /* 12 digits; NULL: any */
    const char *role;    /* a pattern with * and ? for the role's name or ARN; NULL: any */
};

bool cc_expect_given(const struct cc_expect *expect);

/*
 * Does the identity meet it? True also when nothing is asked. When not, *reason says why, for
 * people. `arn` may be of a role or of a session; each text may be NULL when it is not known.
 */
bool cc_expect_met(struct cc_arena *mem, const struct cc_expect *expect, const char *account,
                   const char *arn, const char **reason);

#endif
