#include "credctl/base/text.h"
#include "credctl/base/time.h"

#include "static_keys.h"
#include "table.h"

static enum cc_outcome half(struct cc_error *why, const char *there, const char *missing)
{
    cc_fail(why, CC_E_HALF_SET, "the environment holds half a key pair");
    cc_why(why, "%s is set, %s is not", there, missing);
    cc_fix(why, "set %s too, or unset %s", missing, there);
    return CC_BROKEN;
}

/* Additional facts about the keys: ignored when they are malformed. */
static const char *beside(struct cc_search *search, const char *name)
{
    const char *text = cc_input_raw_variable(search, name);

    return cc_text_blank(text) ? NULL : cc_text_trim(&search->run->mem, text);
}

static int64_t expiration(struct cc_search *search)
{
    const char *text = beside(search, "AWS_CREDENTIAL_EXPIRATION");
    int64_t at = CC_NEVER_EXPIRES;

    if (!text) {
        return at;
    }
    if (!cc_time_from_iso(text, &at)) {
        cc_search_warn(search, "AWS_CREDENTIAL_EXPIRATION is not a time of the form "
                               "2026-11-22T16:08:00Z and was ignored");
        return CC_NEVER_EXPIRES;
    }
    if (at <= cc_now_aws(search->run)) {
        cc_search_warn(search, "the keys in the environment have expired according to "
                               "AWS_CREDENTIAL_EXPIRATION: fetch new ones, or unset them");
    }
    return at;
}

static const char *account(struct cc_search *search)
{
    const char *text = beside(search, "AWS_ACCOUNT_ID");

    if (text && !cc_text_digits(text, 12)) {
        cc_search_warn(search, "AWS_ACCOUNT_ID does not have twelve digits and was ignored");
        return NULL;
    }
    return text;
}

static enum cc_outcome plan(struct cc_search *search, const struct cc_section *section,
                            struct cc_question *question, struct cc_error *why)
{
    struct cc_run *run = search->run;
    const char *id = cc_input_variable(search, "AWS_ACCESS_KEY_ID");
    const char *secret = cc_input_variable(search, "AWS_SECRET_ACCESS_KEY");

    (void)section;
    if (!id && !secret) {
        return cc_absent(why, "AWS_ACCESS_KEY_ID is not set");
    }
    if (!id) {
        return half(why, "AWS_SECRET_ACCESS_KEY", "AWS_ACCESS_KEY_ID");
    }
    if (!secret) {
        return half(why, "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY");
    }
    const char *token = cc_input_variable(search, "AWS_SESSION_TOKEN");
    token = token ? token : cc_input_variable(search, "AWS_SECURITY_TOKEN");
    struct cc_ready *ready = cc_alloc(&run->mem, sizeof(*ready));
    *ready = (struct cc_ready){
        .keys =
            {
                .access_key_id = id,
                .secret_key = cc_secret_keep(&run->mem, secret),
                .session_token = cc_secret_keep(&run->mem, token),
                .expires = expiration(search),
                .account_id = account(search),
            },
        .detail = "AWS_ACCESS_KEY_ID",
    };
    question->about = ready;
    return cc_keys_judge(&ready->keys, "the environment", why) ? CC_FOUND : CC_BROKEN;
}

const struct cc_provider cc_provider_environment = {
    .name = "environment",
    .title = "keys in the environment",
    .credential_source = "Environment",
    .reach = CC_LOCAL,
    .only_unasked = true,
    .plan = plan,
    .fetch = cc_fetch_ready,
};
