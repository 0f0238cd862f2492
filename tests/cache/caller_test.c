#include "credctl/cache/resolve.h"

#include "support/search.h"

#define IMDS  "http://169.254.169.254/latest/"
#define ROLES IMDS "meta-data/iam/security-credentials"
#define WHO                                                                                  \
    "<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws-cn:sts::111122223333:" \
    "assumed-role/r/i-1</Arn><UserId>AROA:i-1</UserId><Account>111122223333</Account>"       \
    "</GetCallerIdentityResult></GetCallerIdentityResponse>"

static bool ask(struct fake *fake, struct cc_identity *identity)
{
    const struct cc_chain_options options = {.no_cache = true};
    struct cc_resolve resolve;
    struct cc_error err;

    fake_env(fake, "HOME", "/home/u");
    if (!cc_resolve_prepare(&fake->run, &options, &resolve, &err) ||
        !cc_resolve_keys(&fake->run, &resolve, &err) ||
        !cc_resolve_caller(&fake->run, &resolve, identity, &err)) {
        fail_msg("%s: %s", err.what, err.why);
    }
    return true;
}

static void on_instance(struct fake *fake)
{
    fake_http_row(fake,
                  (struct fake_exchange){
                      .url = IMDS "api/token", .status = 200, .body = "token", .forever = true});
    fake_http(fake, ROLES "-extended/", 404, "");
    fake_http(fake, ROLES "/", 200, "r");
    fake_http(fake, ROLES "/r", 200,
              "{\"Code\":\"Success\",\"AccessKeyId\":\"ASIA\",\"SecretAccessKey\":\"" CANARY "\","
              "\"Token\":\"t\",\"Expiration\":\"2027-01-15T09:00:00Z\"}");
}

static void the_caller_is_asked_for_where_the_instance_is(void **state)
{
    struct fake *fake = *state;
    struct cc_identity identity;

    on_instance(fake);
    fake_http(fake, IMDS "meta-data/placement/region", 200, "cn-north-1");
    fake_http(fake, "https://sts.cn-north-1.amazonaws.com.cn/", 200, WHO);
    assert_true(ask(fake, &identity));
    assert_string_equal(identity.account_id, "111122223333");
}

static void a_region_that_is_set_beats_the_instances_own(void **state)
{
    struct fake *fake = *state;
    struct cc_identity identity;

    fake_env(fake, "AWS_REGION", "cn-northwest-1");
    on_instance(fake);
    fake_http(fake, "https://sts.cn-northwest-1.amazonaws.com.cn/", 200, WHO);
    assert_true(ask(fake, &identity));
}

static void elsewhere_without_a_region_the_global_endpoint_is_asked(void **state)
{
    struct fake *fake = *state;
    struct cc_identity identity;

    fake_env(fake, "AWS_ACCESS_KEY_ID", "AKID");
    fake_env(fake, "AWS_SECRET_ACCESS_KEY", CANARY);
    fake_http(fake, "https://sts.amazonaws.com/", 200, WHO);
    assert_true(ask(fake, &identity));
}

static void who_set_the_time_is_told_that_it_is_over(void **state)
{
    struct fake *fake = *state;
    const struct cc_assume hop = {.role_arn = "arn:aws:iam::111122223333:role/R"};
    const struct cc_chain_options options = {
        .no_cache = true, .hops = &hop, .hop_count = 1, .timeout_ms = 1000};
    struct cc_resolve resolve;
    struct cc_error err;

    fake_env(fake, "HOME", "/home/u");
    fake_env(fake, "AWS_REGION", "us-east-1");
    fake_env(fake, "AWS_ACCESS_KEY_ID", "AKID");
    fake_env(fake, "AWS_SECRET_ACCESS_KEY", CANARY);
    fake_http_row(fake, (struct fake_exchange){.url = "https://sts.us-east-1.amazonaws.com/",
                                               .takes_ms = 5000,
                                               .status = 200,
                                               .body = WHO});
    assert_true(cc_resolve_prepare(&fake->run, &options, &resolve, &err));
    assert_false(cc_resolve_keys(&fake->run, &resolve, &err));
    assert_told(&err, CC_E_DEADLINE, "the time for the whole run is over", "--timeout");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FAKE_WORLD(the_caller_is_asked_for_where_the_instance_is),
        IN_FAKE_WORLD(a_region_that_is_set_beats_the_instances_own),
        IN_FAKE_WORLD(who_set_the_time_is_told_that_it_is_over),
        IN_FAKE_WORLD(elsewhere_without_a_region_the_global_endpoint_is_asked),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
