#include "credctl/aws/expect.h"

#include "credctl/aws/arn.h"
#include "credctl/base/text.h"

bool cc_expect_given(const struct cc_expect *expect)
{
    return expect->account || expect->role;
}

bool cc_expect_met(struct cc_arena *mem, const struct cc_expect *expect, const char *account,
                   const char *arn, const char **reason)
{
    const char *name = cc_role_of_arn(mem, arn);

    if (expect->account && !cc_text_equal(expect->account, account)) {
        *reason = account
                      ? cc_textf(mem, "the account is %s, not %s", account, expect->account)
                      : cc_textf(mem, "the account is not known; %s is expected", expect->account);
        return false;
    }
    if (expect->role && !(arn && cc_text_matches(expect->role, arn)) &&
        !(name && cc_text_matches(expect->role, name))) {
        *reason =
            arn ? cc_textf(mem, "the identity is %s, which %s does not match", arn, expect->role)
                : cc_textf(mem, "the role is not known; %s is expected", expect->role);
        return false;
    }
    return true;
}
