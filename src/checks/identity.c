#include "credctl/base/text.h"
#include "credctl/checks/check.h"

/* A variable that some programs trust instead of asking. */
static void compare_account(struct cc_checkup *checkup)
{
    const char *claimed = cc_env(checkup->run, "AWS_ACCOUNT_ID");
    const char *account = checkup->identity.account_id;
    struct cc_error err;

    if (cc_text_blank(claimed) ||
        cc_text_equal(cc_text_trim(&checkup->run->mem, claimed), account)) {
        return;
    }
    cc_fail(&err, CC_E_DIFFERS, "AWS_ACCOUNT_ID is not the account of the credentials");
    cc_why(&err, "it is \"%.40s\"; the credentials are of account %s", claimed, account);
    cc_fix(&err, "export AWS_ACCOUNT_ID=%s", account);
    cc_found_warning(checkup, &err);
}

/* A network that fails only for AWS is often one with a proxy. */
static void mention_proxy(const struct cc_run *run, struct cc_error *err)
{
    const bool proxy = cc_env(run, "HTTPS_PROXY") || cc_env(run, "https_proxy");

    if (proxy && (err->code == CC_E_UNREACHABLE || err->code == CC_E_TIMEOUT)) {
        cc_fix(err, "check that the proxy of HTTPS_PROXY is right and lets this host reach AWS");
    }
}

static void run(struct cc_checkup *checkup)
{
    const struct cc_stage *caller = cc_checkup_caller(checkup);
    struct cc_error err = caller->why;

    if (caller->state == CC_STAGE_NOT_TRIED) {
        cc_found_unchecked(checkup, "%s", err.what);
        return;
    }
    if (caller->state == CC_STAGE_OK) {
        cc_found_ok(checkup, "STS confirms %s (account %s)", checkup->identity.arn,
                    checkup->identity.account_id);
        compare_account(checkup);
        return;
    }
    const char *told = cc_found_before(checkup, &err);
    if (told) {
        cc_found_unchecked(checkup, "%s: see %s", err.what, told);
        return;
    }
    mention_proxy(checkup->run, &err);
    cc_found_failure(checkup, &err);
}

const struct cc_check cc_check_identity = {
    .name = "identity",
    .title = "Identity",
    .about = "whether STS accepts the credentials, and as whom (GetCallerIdentity)",
    .run = run,
};
