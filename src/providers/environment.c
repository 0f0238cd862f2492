#include "credctl/base/text.h"
#include "credctl/base/time.h"

#include "table.h"
#include "walk.h"

static enum cc_outcome half(struct cc_error *why, const char *there, const char *missing)
{
    cc_fail(why, CC_E_HALF_SET, "the environment holds half a key pair");
    cc_why(why, "%s is set, %s is not", there, missing);
    cc_fix(why, "set %s too, or unset %s", missing, there);
    return CC_BROKEN;
}

static int64_t expiration(struct cc_search *search)
{
    struct cc_run *run = search->run;
    const char *text = cc_variable(run, "AWS_CREDENTIAL_EXPIRATION");
    int64_t at = CC_NEVER_EXPIRES;

    if (!text) {
        return at;
    }
    if (!cc_time_from_iso(text, &at)) {
        cc_search_warn(search, "AWS_CREDENTIAL_EXPIRATION is no time of the form "
                               "2026-11-22T16:08:00Z and was ignored");
        return CC_NEVER_EXPIRES;
    }
    if (at <= cc_now_aws(run)) {
        cc_search_warn(search, "the keys in the environment have expired, says "
                               "AWS_CREDENTIAL_EXPIRATION: fetch new ones, or unset them");
    }
    return at;
}

static const char *account(struct cc_search *search)
{
    const char *text = cc_variable(search->run, "AWS_ACCOUNT_ID");

    if (text && !cc_text_digits(text, 12)) {
        cc_search_warn(search, "AWS_ACCOUNT_ID does not have twelve digits and was ignored");
        return NULL;
    }
    return text;
}

static enum cc_outcome find(struct cc_search *search, struct cc_keys *keys, struct cc_error *why)
{
    struct cc_run *run = search->run;
    const char *id = cc_variable(run, "AWS_ACCESS_KEY_ID");
    const char *secret = cc_variable(run, "AWS_SECRET_ACCESS_KEY");
    const char *token = cc_variable(run, "AWS_SESSION_TOKEN");

    if (!id && !secret) {
        return cc_absent(why, "AWS_ACCESS_KEY_ID is not set");
    }
    if (!id) {
        return half(why, "AWS_SECRET_ACCESS_KEY", "AWS_ACCESS_KEY_ID");
    }
    if (!secret) {
        return half(why, "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY");
    }
    token = token ? token : cc_variable(run, "AWS_SECURITY_TOKEN");
    *keys = (struct cc_keys){
        .access_key_id = id,
        .secret_key = cc_secret_keep(&run->mem, secret),
        .session_token = cc_secret_keep(&run->mem, token),
        .expires = expiration(search),
        .account_id = account(search),
    };
    search->detail = "AWS_ACCESS_KEY_ID";
    return cc_keys_judge(keys, "the environment", why) ? CC_FOUND : CC_BROKEN;
}

const struct cc_provider cc_provider_environment = {
    .name = "environment",
    .title = "keys in the environment",
    .reach = CC_LOCAL,
    .find = find,
};
