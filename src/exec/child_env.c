#include "child_env.h"

#include "credctl/base/text.h"
#include "credctl/base/time.h"

void cc_child_env_region(struct cc_child_env *env, const struct cc_exec_options *options,
                         const struct cc_settings *settings)
{
    const char *region = options->set_region ? options->set_region : settings->region;

    cc_child_env_set(env, "AWS_REGION", region);
    cc_child_env_set(env, "AWS_DEFAULT_REGION", region);
    if (settings->fips) {
        cc_child_env_set(env, "AWS_USE_FIPS_ENDPOINT", "true"); /* a pseudo-region lost its word */
    }
    cc_child_env_set(env, "CREDCTL_SESSION", "exec");
}

void cc_child_env_keys(struct cc_child_env *env, const struct cc_keys *keys)
{
    cc_child_env_set(env, "AWS_ACCESS_KEY_ID", keys->access_key_id);
    cc_child_env_set(env, "AWS_SECRET_ACCESS_KEY", cc_secret_reveal(keys->secret_key));
    if (cc_secret_present(keys->session_token)) {
        cc_child_env_set(env, "AWS_SESSION_TOKEN", cc_secret_reveal(keys->session_token));
    }
    if (keys->expires != CC_NEVER_EXPIRES) {
        cc_child_env_set(env, "AWS_CREDENTIAL_EXPIRATION", cc_time_iso(env->mem, keys->expires));
    }
}

void cc_child_env_endpoint(struct cc_child_env *env, const char *url, struct cc_secret token)
{
    cc_child_env_set(env, "AWS_CONTAINER_CREDENTIALS_FULL_URI", url);
    cc_child_env_set(env, "AWS_CONTAINER_AUTHORIZATION_TOKEN", cc_secret_reveal(token));
}

bool cc_exec_as_expected(struct cc_run *run, const struct cc_expect *expect,
                         const struct cc_settings *settings, const struct cc_keys *keys,
                         const char *region, struct cc_error *err)
{
    struct cc_identity identity = {0};

    if (!cc_expect_given(expect)) {
        return true;
    }
    if (!cc_sts_caller(run, settings, keys, region, &identity, err)) {
        return false;
    }
    const struct cc_expect_of of = {.account = identity.account_id, .arn = identity.arn};
    return cc_expect_met(&run->mem, expect, &of, err);
}
