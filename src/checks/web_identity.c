#include "credctl/aws/arn.h"
#include "credctl/aws/jwt.h"
#include "credctl/base/text.h"
#include "credctl/base/time.h"

#include "parts.h"

#define TOKEN_MAX ((size_t)64 << 10)

static void tell_role(struct cc_checkup *checkup, const char *role)
{
    const char *name = NULL;
    struct cc_arn arn;
    struct cc_error err;

    if (cc_arn_role(&checkup->run->mem, role, &arn, &name)) {
        return;
    }
    cc_fail(&err, CC_E_CONFIG, "AWS_ROLE_ARN is not the ARN of a role");
    cc_why(&err, "it is \"%.120s\"", role);
    cc_fix(&err, "write it as arn:aws:iam::123456789012:role/NAME");
    cc_found_cause(checkup, CC_SOURCE_FAILS, &err);
}

/* A token that is not a JWT is left to STS. */
static void tell_expiry(struct cc_checkup *checkup, const char *path)
{
    struct cc_run *run = checkup->run;
    const char *text = NULL;
    size_t len = 0;
    struct cc_jwt jwt;
    struct cc_error err;

    if (!cc_read_file(run, cc_path_expand(run, path), TOKEN_MAX, &text, &len, &err) ||
        !cc_jwt_parse(&run->mem, text, len, path, &jwt, &err) || jwt.expires == 0 ||
        jwt.expires > cc_now_aws(run)) {
        return;
    }
    cc_fail(&err, CC_E_EXPIRED, "the token in %s has expired", path);
    cc_why(&err, "at %s; AWS_WEB_IDENTITY_TOKEN_FILE names it",
           cc_time_iso(&run->mem, jwt.expires));
    cc_fix(&err, "check who renews it: the kubelet, or the CI job; a copy of it is never renewed");
    cc_found_cause(checkup, CC_SOURCE_FAILS, &err);
}

static void tell_role_alone(struct cc_checkup *checkup)
{
    struct cc_error err;

    cc_fail(&err, CC_E_LEFTOVER, "AWS_ROLE_ARN is set without AWS_WEB_IDENTITY_TOKEN_FILE");
    cc_why(&err, "it is only for web identity, so no program assumes that role");
    cc_fix(&err, "unset AWS_ROLE_ARN; to assume the role, use role_arn in a profile (credctl also "
                 "reads AWS_ASSUME_ROLE_ARN)");
    cc_found_cause(checkup, CC_NONE_FOUND, &err);
}

static void run(struct cc_checkup *checkup)
{
    const char *path = cc_variable(checkup, "AWS_WEB_IDENTITY_TOKEN_FILE");
    const char *role = cc_variable(checkup, "AWS_ROLE_ARN");
    struct cc_error why = {0};

    if (!path && role) {
        tell_role_alone(checkup);
        return;
    }
    if (!path) {
        cc_found_ok(checkup, "AWS_WEB_IDENTITY_TOKEN_FILE is not set");
        return;
    }
    if (cc_plan_provider(checkup, "web-identity", &why) == CC_BROKEN) {
        cc_found_of_chain(checkup, &why);
        return;
    }
    tell_role(checkup, role);
    tell_expiry(checkup, path);
    if (cc_found_nothing(checkup)) {
        cc_found_ok(checkup, "%s with the token in %s", role, path);
    }
}

const struct cc_check cc_check_web_identity = {
    .name = "web_identity",
    .title = "Web identity",
    .about = "whether AWS_ROLE_ARN and AWS_WEB_IDENTITY_TOKEN_FILE belong together and can be used",
    .run = run,
};
