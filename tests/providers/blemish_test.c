#include "support/search.h"

/* Inputs that cannot be meant as they stand: each is named, and nobody is asked with it. */

#define BASE                                                                    \
    "[profile base]\naws_access_key_id = AKID\naws_secret_access_key = " CANARY \
    "\n[sso-session s]\nsso_region = us-east-1\nsso_start_url = https://x.awsapps.com/start\n"
#define ZERO_WIDTH "\xe2\x80\x8b"

/* Each property, the rest that its profile needs, and a value that would do. */
static const struct {
    const char *rest;
    const char *key;
    const char *value;
} properties[] = {
    {"source_profile = base\n", "role_arn", ROLE},
    {"role_arn = " ROLE "\n", "credential_source", "Ec2InstanceMetadata"},
    {"role_arn = " ROLE "\nsource_profile = base\n", "external_id", "id"},
    {"role_arn = " ROLE "\nsource_profile = base\n", "mfa_serial", "arn:aws:iam::1:mfa/me"},
    {"role_arn = " ROLE "\nsource_profile = base\n", "role_session_name", "name"},
    {"role_arn = " ROLE "\nsource_profile = base\n", "duration_seconds", "3600"},
    {"role_arn = " ROLE "\nsource_profile = base\n", "use_fips_endpoint", "true"},
    {"role_arn = " ROLE "\nsource_profile = base\n", "use_dualstack_endpoint", "true"},
    {"role_arn = " ROLE "\nsource_profile = base\n", "sts_regional_endpoints", "regional"},
    {"role_arn = " ROLE "\nsource_profile = base\n", "max_attempts", "3"},
    {"role_arn = " ROLE "\nsource_profile = base\n", "ca_bundle", "/ca.pem"},
    {"role_arn = " ROLE "\nsource_profile = base\n", "endpoint_url", "https://sts.example.com"},
    {"role_arn = " ROLE "\nsource_profile = base\n", "services", "mine"},
    {"role_arn = " ROLE "\nsource_profile = base\n", "ignore_configured_endpoint_urls", "true"},
    {"role_arn = " ROLE "\ncredential_source = Ec2InstanceMetadata\n", "disable_ec2_metadata",
     "true"},
    {"role_arn = " ROLE "\ncredential_source = Ec2InstanceMetadata\n", "ec2_metadata_v1_disabled",
     "true"},
    {"role_arn = " ROLE "\ncredential_source = Ec2InstanceMetadata\n",
     "ec2_metadata_service_endpoint_mode", "IPv6"},
    {"role_arn = " ROLE "\ncredential_source = Ec2InstanceMetadata\n", "ec2_instance_profile_name",
     "role"},
    {"sso_session = s\nsso_role_name = R\n", "sso_account_id", "123456789012"},
    {"sso_session = s\nsso_account_id = 123456789012\n", "sso_role_name", "R"},
    {"", "login_session", "arn:aws:sts::123456789012:assumed-role/x/me"},
};

static const char *told_of(struct fake *fake, const char *key, const char *value, const char *rest)
{
    struct searched *got = cc_alloc(&fake->mem, sizeof(*got));

    search_begin(fake, got);
    got->search.token_code = (struct cc_secret){"123456"};
    fake_file(fake, CONFIG,
              cc_textf(&fake->mem, BASE "[profile p]\n%s%s = %s\n", rest, key, value));
    assert_false(search_chain(fake, "p", got));
    assert_int_equal(got->why.code, CC_E_CONFIG);
    if (!strstr(got->why.what, key)) {
        fail_msg("\"%s\" does not name %s", got->why.what, key);
    }
    return got->why.why;
}

static void a_property_that_swallowed_a_comment_is_named_and_nobody_is_asked(void **state)
{
    struct fake *fake = *state;

    for (size_t i = 0; i < CC_COUNT(properties); i++) {
        const char *value = cc_textf(&fake->mem, "%s\n  # a comment", properties[i].value);

        assert_non_null(strstr(told_of(fake, properties[i].key, value, properties[i].rest),
                               "is an indented comment"));
    }
    assert_int_equal(fake->sent_count, 0);
}

static void a_property_with_an_invisible_character_is_named_and_nobody_is_asked(void **state)
{
    struct fake *fake = *state;

    for (size_t i = 0; i < CC_COUNT(properties); i++) {
        const char *value = cc_textf(&fake->mem, "%s" ZERO_WIDTH, properties[i].value);

        assert_non_null(
            strstr(told_of(fake, properties[i].key, value, properties[i].rest), "U+200B"));
    }
    assert_int_equal(fake->sent_count, 0);
}

static void a_variable_with_an_invisible_character_is_named(void **state)
{
    static const char *const names[] = {"AWS_ROLE_ARN", "AWS_ROLE_SESSION_NAME"};
    struct fake *fake = *state;

    for (size_t i = 0; i < CC_COUNT(names); i++) {
        struct searched got;

        search_begin(fake, &got);
        fake_file(fake, "/token", "a.b.c\n");
        fake_env(fake, "AWS_WEB_IDENTITY_TOKEN_FILE", "/token");
        fake_env(fake, "AWS_ROLE_ARN", ROLE);
        fake_env(fake, names[i], ROLE ZERO_WIDTH);
        assert_false(search_chain(fake, NULL, &got));
        assert_told(&got.why, CC_E_CONFIG, "U+200B", names[i]);
        fake_env(fake, names[i], NULL);
    }
    assert_int_equal(fake->sent_count, 0);
}

static void a_token_with_an_invisible_character_is_not_sent(void **state)
{
    struct fake *fake = *state;
    struct searched got;

    search_begin(fake, &got);
    fake_file(fake, "/token", "a.b" ZERO_WIDTH ".c\n");
    fake_env(fake, "AWS_WEB_IDENTITY_TOKEN_FILE", "/token");
    fake_env(fake, "AWS_ROLE_ARN", ROLE);
    assert_int_equal(search_one(fake, "web-identity", &got), CC_BROKEN);
    assert_told(&got.why, CC_E_TOKEN_FILE, "U+200B", "/token");

    fake_env(fake, "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/x");
    fake_env(fake, "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", "/token");
    assert_int_equal(search_one(fake, "container", &got), CC_BROKEN);
    assert_told(&got.why, CC_E_TOKEN_FILE, "U+200B", NULL);

    fake_env(fake, "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", NULL);
    fake_env(fake, "AWS_CONTAINER_AUTHORIZATION_TOKEN", CANARY ZERO_WIDTH);
    assert_int_equal(search_one(fake, "container", &got), CC_BROKEN);
    assert_told(&got.why, CC_E_CONFIG, "U+200B", NULL);
    assert_int_equal(fake->sent_count, 0);
}

static void what_nobody_needs_is_not_judged(void **state)
{
    struct fake *fake = *state;
    struct searched got;

    search_begin(fake, &got);
    fake_file(fake, CONFIG,
              "[profile p]\naws_access_key_id = AKID\naws_secret_access_key = " CANARY
              "\nca_bundle = /x\n  # a comment\nregion = here\n  # a comment\nmax_attempts = 3\n  "
              "# a comment\n[profile q]\nrole_arn = x\n  # a comment\n");
    assert_true(search_chain(fake, "p", &got));
}

static void names_of_profiles_and_files_may_hold_joined_emoji(void **state)
{
    struct fake *fake = *state;
    struct searched got;

    search_begin(fake, &got);
    fake_http(fake, STS, 200, sts_answer(fake, "AssumeRole"));
    fake_file(fake, CONFIG,
              "[profile a\xe2\x80\x8d"
              "b]\naws_access_key_id = AKID\naws_secret_access_key = " CANARY
              "\n[profile p]\nrole_arn = " ROLE "\nsource_profile = a\xe2\x80\x8d"
              "b\n");
    assert_true(search_chain(fake, "p", &got));
}

static void a_profile_whose_name_was_copied_with_something_invisible_is_told_so(void **state)
{
    struct fake *fake = *state;
    struct searched got;

    search_begin(fake, &got);
    fake_file(fake, CONFIG, BASE "[profile p" ZERO_WIDTH "]\nregion = us-east-1\n");
    assert_false(search_chain(fake, "base" ZERO_WIDTH, &got));
    assert_told(&got.why, CC_E_PROFILE, "U+200B", "--profile");
    search_begin(fake, &got);
    fake_file(fake, CONFIG, BASE "[profile p" ZERO_WIDTH "]\nregion = us-east-1\n");
    assert_false(search_chain(fake, "p", &got));
    assert_told(&got.why, CC_E_PROFILE, "--profile names it", "U+200B");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FAKE_WORLD(a_property_that_swallowed_a_comment_is_named_and_nobody_is_asked),
        IN_FAKE_WORLD(a_property_with_an_invisible_character_is_named_and_nobody_is_asked),
        IN_FAKE_WORLD(a_variable_with_an_invisible_character_is_named),
        IN_FAKE_WORLD(a_token_with_an_invisible_character_is_not_sent),
        IN_FAKE_WORLD(what_nobody_needs_is_not_judged),
        IN_FAKE_WORLD(names_of_profiles_and_files_may_hold_joined_emoji),
        IN_FAKE_WORLD(a_profile_whose_name_was_copied_with_something_invisible_is_told_so),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
