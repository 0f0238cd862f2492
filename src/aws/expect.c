#include "credctl/aws/expect.h"

#include "credctl/aws/arn.h"
#include "credctl/base/text.h"

static const struct cc_shape_field options[] = {
    CC_ROW_AS("expect_account", TEXT, struct cc_expect, account, "ID",
              "exit with status 1 unless the account is this one", .form = &cc_account_form),
    CC_ROW_AS("expect_role", TEXT, struct cc_expect, role, "PATTERN",
              "exit with status 1 unless the name or ARN of the role matches (* and ?)"),
    {0},
};

const struct cc_shape cc_expect_shape = {"expect", options, sizeof(struct cc_expect)};

static const struct cc_shape_field fields[] = {
    CC_ROW(FLAG, struct cc_expectation, met, NULL, "what was found is what was expected"),
    CC_ROW(TEXT, struct cc_expectation, reason, NULL, "what was found instead", .rules = CC_NULL),
    {0},
};

const struct cc_shape cc_expectation_shape = {"expectation", fields, sizeof(struct cc_expectation)};

bool cc_expect_given(const struct cc_expect *expect)
{
    return expect->account || expect->role;
}

static const char *wrong_account(struct cc_arena *mem, const char *expected, const char *account)
{
    if (cc_text_equal(expected, account)) {
        return NULL;
    }
    return account ? cc_textf(mem, "the account is %s, not %s", account, expected)
                   : cc_textf(mem, "the account is not known; %s was expected", expected);
}

static const char *wrong_role(struct cc_arena *mem, const char *pattern,
                              const struct cc_expect_of *of)
{
    const char *name = of->role_name ? of->role_name : cc_role_of_arn(mem, of->arn);

    if ((of->arn && cc_text_matches(pattern, of->arn)) ||
        (name && cc_text_matches(pattern, name))) {
        return NULL;
    }
    if (!of->arn && !name) {
        return cc_textf(mem, "the role is not known; %s was expected", pattern);
    }
    return cc_textf(mem, "the identity %s does not match %s", of->arn ? of->arn : name, pattern);
}

static const char *reason_not(struct cc_arena *mem, const struct cc_expect *expect,
                              const struct cc_expect_of *of)
{
    const char *reason = expect->account ? wrong_account(mem, expect->account, of->account) : NULL;

    if (!reason && expect->role) {
        reason = wrong_role(mem, expect->role, of);
    }
    return reason ? cc_text_printable(mem, reason) : NULL;
}

const struct cc_expectation *cc_expect_judge(struct cc_arena *mem, const struct cc_expect *expect,
                                             const struct cc_expect_of *of)
{
    if (!cc_expect_given(expect)) {
        return NULL;
    }
    struct cc_expectation *expectation = cc_alloc(mem, sizeof(*expectation));

    expectation->reason = reason_not(mem, expect, of);
    expectation->met = !expectation->reason;
    return expectation;
}

bool cc_expect_met(struct cc_arena *mem, const struct cc_expect *expect,
                   const struct cc_expect_of *of, struct cc_error *err)
{
    const char *reason = reason_not(mem, expect, of);

    if (!reason) {
        return true;
    }
    cc_fail(err, CC_E_NOT_EXPECTED, "the credentials are not the expected ones");
    cc_why(err, "%s", reason);
    return cc_fix(err, "check --profile and --role-arn, or correct the --expect option");
}
