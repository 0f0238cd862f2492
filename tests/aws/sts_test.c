#include "credctl/aws/sts.h"

#include "credctl/base/text.h"

#include "support/test.h"

#define URL "https://sts.eu-west-1.amazonaws.com/"
#define CREDENTIALS                                                            \
    "<Credentials><AccessKeyId>ASIAROLE</AccessKeyId><SecretAccessKey>" CANARY \
    "</SecretAccessKey><SessionToken>" CANARY "/t+=</SessionToken>"            \
    "<Expiration>2027-01-15T14:00:00.123Z</Expiration></Credentials>"
#define ANSWER(operation)                                                                       \
    "<" operation "Response xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">\n <" operation \
    "Result>" CREDENTIALS "<AssumedRoleUser><AssumedRoleId>AROA:s</AssumedRoleId>"              \
    "<Arn>arn:aws:sts::210987654321:assumed-role/r/s</Arn></AssumedRoleUser></" operation       \
    "Result></" operation "Response>"
#define ROLE "arn:aws:iam::123456789012:role/r"

static const struct cc_keys by = {
    .access_key_id = "AKIDBASE", .secret_key = {CANARY}, .expires = CC_NEVER_EXPIRES};

static struct cc_settings in_ireland(void)
{
    return (struct cc_settings){.max_attempts = 3, .region = "eu-west-1", .profile = "default"};
}

static bool assume(struct fake *fake, const struct cc_assume *how, struct cc_keys *keys,
                   struct cc_error *err)
{
    struct cc_settings settings = in_ireland();

    return cc_sts_assume_role(&fake->run, &settings, &by, how, keys, err);
}

static void a_role_is_assumed_and_its_account_is_where_the_session_is(void **state)
{
    struct fake *fake = *state;
    const struct cc_assume how = {.role_arn = ROLE, .session_name = "sess"};
    struct cc_keys keys;
    struct cc_error err;

    fake_http(fake, URL, 200, ANSWER("AssumeRole"));
    assert_true(assume(fake, &how, &keys, &err));
    assert_string_equal(keys.access_key_id, "ASIAROLE");
    assert_string_equal(cc_secret_reveal(keys.secret_key), CANARY);
    assert_string_equal(cc_secret_reveal(keys.session_token), CANARY "/t+=");
    assert_int_equal(keys.expires, 1800021600);
    assert_string_equal(keys.account_id, "210987654321");
    assert_string_equal(keys.role_arn, ROLE);
    assert_string_equal(fake_sent(fake, URL)->body,
                        "Action=AssumeRole&Version=2011-06-15&RoleArn=arn%3Aaws%3Aiam%3A%3A"
                        "123456789012%3Arole%2Fr&RoleSessionName=sess");
    assert_non_null(
        strstr(fake_sent(fake, URL)->headers, "Credential=AKIDBASE/20270115/eu-west-1"));
}

static void every_parameter_is_sent_as_the_api_spells_it(void **state)
{
    struct fake *fake = *state;
    static const char *const arns[] = {"arn:aws:iam::aws:policy/A", "arn:aws:iam::aws:policy/B",
                                       NULL};
    static const char *const tags[] = {"team=a b ", "empty=", "bare", "eq=a=b+", NULL};
    static const char *const transitive[] = {"team", "eq", NULL};
    const struct cc_assume how = {
        .role_arn = "r",
        .session_name = "s-1",
        .external_id = "x/1",
        .duration_seconds = 900,
        .policy = "{\"Version\":\"2012-10-17\"}",
        .policy_arns = arns,
        .tags = tags,
        .transitive_tag_keys = transitive,
        .source_identity = "me",
        .serial_number = "arn:aws:iam::1:mfa/me",
        .token_code = {"123456"},
    };
    struct cc_keys keys;
    struct cc_error err;

    fake_http(fake, URL, 200, ANSWER("AssumeRole"));
    assert_true(assume(fake, &how, &keys, &err));
    assert_string_equal(
        fake_sent(fake, URL)->body,
        "Action=AssumeRole&Version=2011-06-15&RoleArn=r&RoleSessionName=s-1&DurationSeconds=900&"
        "Policy=%7B%22Version%22%3A%222012-10-17%22%7D&"
        "PolicyArns.member.1.arn=arn%3Aaws%3Aiam%3A%3Aaws%3Apolicy%2FA&"
        "PolicyArns.member.2.arn=arn%3Aaws%3Aiam%3A%3Aaws%3Apolicy%2FB&"
        "ExternalId=x%2F1&SerialNumber=arn%3Aaws%3Aiam%3A%3A1%3Amfa%2Fme&TokenCode=123456&"
        "SourceIdentity=me&"
        "Tags.member.1.Key=team&Tags.member.1.Value=a+b+&"
        "Tags.member.2.Key=empty&Tags.member.2.Value=&"
        "Tags.member.3.Key=bare&Tags.member.3.Value=&"
        "Tags.member.4.Key=eq&Tags.member.4.Value=a%3Db%2B&"
        "TransitiveTagKeys.member.1=team&TransitiveTagKeys.member.2=eq");
}

static void a_session_without_a_name_gets_one_with_the_time(void **state)
{
    struct fake *fake = *state;
    const struct cc_assume how = {.role_arn = ROLE};
    struct cc_keys keys;
    struct cc_error err;

    fake_http(fake, URL, 200, ANSWER("AssumeRole"));
    assert_true(assume(fake, &how, &keys, &err));
    assert_true(cc_text_ends(fake_sent(fake, URL)->body, "RoleSessionName=credctl-1800000000"));
}

static void the_region_asked_for_beats_the_settings_and_none_is_global(void **state)
{
    struct fake *fake = *state;
    struct cc_assume how = {.role_arn = ROLE, .region = "us-gov-west-1"};
    struct cc_settings settings = in_ireland();
    struct cc_keys keys;
    struct cc_error err;

    fake_http(fake, "https://sts.us-gov-west-1.amazonaws.com/", 200, ANSWER("AssumeRole"));
    assert_true(assume(fake, &how, &keys, &err));
    how.region = NULL;
    settings.region = NULL;
    fake_http(fake, "https://sts.amazonaws.com/", 200, ANSWER("AssumeRole"));
    assert_true(cc_sts_assume_role(&fake->run, &settings, &by, &how, &keys, &err));
    assert_non_null(strstr(fake->sent[1].headers, "/us-east-1/sts/"));
}

static void a_setting_that_means_nothing_stops_the_call_that_needs_it(void **state)
{
    struct fake *fake = *state;
    const struct cc_assume how = {.role_arn = ROLE};
    struct cc_error broken = {.code = CC_E_CONFIG, .what = "broken"};
    struct cc_settings settings = in_ireland();
    struct cc_keys keys;
    struct cc_error err;

    settings.sts_broken = &broken;
    assert_false(cc_sts_assume_role(&fake->run, &settings, &by, &how, &keys, &err));
    assert_string_equal(err.what, "broken");
    settings.sts_broken = NULL;
    settings.attempts_broken = &broken;
    assert_false(cc_sts_assume_role(&fake->run, &settings, &by, &how, &keys, &err));
    assert_string_equal(err.what, "broken");
    assert_int_equal(fake->sent_count, 0);
}

static void web_identity_is_not_signed(void **state)
{
    struct fake *fake = *state;
    const struct cc_assume how = {.role_arn = ROLE, .session_name = "sess"};
    struct cc_settings settings = in_ireland();
    struct cc_keys keys;
    struct cc_error err;

    fake_http(fake, URL, 400,
              "<ErrorResponse><Error><Code>IDPCommunicationError</Code></Error></ErrorResponse>");
    fake_http(fake, URL, 200, ANSWER("AssumeRoleWithWebIdentity"));
    assert_true(
        cc_sts_web_identity(&fake->run, &settings, &how, (struct cc_secret){"a.b.c"}, &keys, &err));
    assert_string_equal(keys.account_id, "210987654321");
    assert_null(strstr(fake->sent[1].headers, "Authorization"));
    assert_non_null(strstr(fake->sent[1].body, "Action=AssumeRoleWithWebIdentity&"));
    assert_non_null(strstr(fake->sent[1].body, "&WebIdentityToken=a.b.c"));
}

static void a_web_identity_token_that_is_repeated_is_not_shown(void **state)
{
    struct fake *fake = *state;
    const struct cc_assume how = {.role_arn = ROLE};
    struct cc_settings settings = in_ireland();
    struct cc_keys keys;
    struct cc_error err;

    fake_http(fake, URL, 400,
              "<ErrorResponse><Error><Code>InvalidIdentityToken</Code><Message>bad " CANARY
              "</Message></Error></ErrorResponse>");
    assert_false(
        cc_sts_web_identity(&fake->run, &settings, &how, (struct cc_secret){CANARY}, &keys, &err));
    assert_null(strstr(err.why, CANARY));
    assert_non_null(strstr(err.why, "InvalidIdentityToken"));
    assert_non_null(strstr(err.fix, "identity provider"));
}

static void an_expired_web_identity_token_is_not_taken_for_expired_keys(void **state)
{
    struct fake *fake = *state;
    const struct cc_assume how = {.role_arn = ROLE};
    struct cc_settings settings = in_ireland();
    struct cc_keys keys;
    struct cc_error err;

    fake_http(fake, URL, 400,
              "<ErrorResponse><Error><Code>ExpiredTokenException</Code><Message>Token expired"
              "</Message></Error></ErrorResponse>");
    assert_false(
        cc_sts_web_identity(&fake->run, &settings, &how, (struct cc_secret){CANARY}, &keys, &err));
    assert_int_equal(err.code, CC_E_EXPIRED);
    assert_non_null(strstr(err.fix, "web identity token"));
}

static void what_cannot_be_a_session_name_is_not_sent(void **state)
{
    struct fake *fake = *state;
    static const char *const names[] = {"", "a", "a b", "a/b"};

    for (size_t i = 0; i < CC_COUNT(names); i++) {
        const struct cc_assume how = {.role_arn = ROLE, .session_name = names[i]};
        struct cc_keys keys;
        struct cc_error err;

        assert_false(assume(fake, &how, &keys, &err));
        assert_int_equal(err.code, CC_E_CONFIG);
        assert_non_null(strstr(err.fix, "role_session_name"));
    }
    assert_int_equal(fake->sent_count, 0);
}

static void a_region_that_is_no_host_label_is_not_asked(void **state)
{
    struct fake *fake = *state;
    const struct cc_assume how = {.role_arn = ROLE, .region = "x.evil.com/"};
    struct cc_keys keys;
    struct cc_error err;

    assert_false(assume(fake, &how, &keys, &err));
    assert_int_equal(err.code, CC_E_CONFIG);
    assert_non_null(strstr(err.fix, "AWS_REGION"));
}

static void an_answer_without_a_member_is_refused_by_its_name(void **state)
{
    struct fake *fake = *state;
    const struct cc_assume how = {.role_arn = ROLE};
    struct cc_keys keys = {.access_key_id = "untouched"};
    struct cc_error err;

    fake_http(fake, URL, 200,
              "<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>A</AccessKeyId>"
              "</Credentials></AssumeRoleResult></AssumeRoleResponse>");
    assert_false(assume(fake, &how, &keys, &err));
    assert_int_equal(err.code, CC_E_BAD_ANSWER);
    assert_non_null(strstr(err.why, "SecretAccessKey"));
    assert_string_equal(err.fix, cc_code_remedy(CC_E_BAD_ANSWER));
    assert_string_equal(keys.access_key_id, "untouched");
    fake_http(fake, URL, 200, "{\"not\":\"XML\"}");
    assert_false(assume(fake, &how, &keys, &err));
    assert_int_equal(err.code, CC_E_BAD_ANSWER);
    fake_http(fake, URL, 200, ANSWER("AssumeRoleWithSAML"));
    assert_false(assume(fake, &how, &keys, &err));
    assert_int_equal(err.code, CC_E_BAD_ANSWER);
}

static void a_policy_without_end_is_not_sent(void **state)
{
    struct fake *fake = *state;
    char *policy = cc_alloc(&fake->run.mem, 200000);
    const struct cc_assume how = {.role_arn = ROLE, .policy = policy};
    struct cc_keys keys;
    struct cc_error err;

    memset(policy, 'x', 199999);
    assert_false(assume(fake, &how, &keys, &err));
    assert_int_equal(err.code, CC_E_TOO_BIG);
    assert_string_equal(err.fix, cc_code_remedy(CC_E_TOO_BIG));
}

static void the_caller_learns_who_it_is(void **state)
{
    struct fake *fake = *state;
    struct cc_settings settings = in_ireland();
    struct cc_identity identity;
    struct cc_error err;

    fake_http(fake, URL, 200,
              "<GetCallerIdentityResponse><GetCallerIdentityResult>"
              "<Arn>arn:aws:iam::123456789012:user/me</Arn><UserId>AIDA</UserId>"
              "<Account>123456789012</Account></GetCallerIdentityResult>"
              "</GetCallerIdentityResponse>");
    assert_true(cc_sts_caller(&fake->run, &settings, &by, NULL, &identity, &err));
    assert_string_equal(identity.account_id, "123456789012");
    assert_string_equal(identity.arn, "arn:aws:iam::123456789012:user/me");
    assert_string_equal(identity.user_id, "AIDA");
    assert_string_equal(fake_sent(fake, URL)->body, "Action=GetCallerIdentity&Version=2011-06-15");
}

static void a_caller_without_an_account_is_refused(void **state)
{
    struct fake *fake = *state;
    struct cc_settings settings = in_ireland();
    struct cc_identity identity;
    struct cc_error err;

    fake_http(fake, URL, 200,
              "<GetCallerIdentityResponse><GetCallerIdentityResult><Account>12</Account>"
              "</GetCallerIdentityResult></GetCallerIdentityResponse>");
    assert_false(cc_sts_caller(&fake->run, &settings, &by, NULL, &identity, &err));
    assert_int_equal(err.code, CC_E_BAD_ANSWER);
    assert_non_null(strstr(err.why, "Account"));
}

#define DENIED(message)                                                \
    "<ErrorResponse><Error><Code>AccessDenied</Code><Message>" message \
    "</Message></Error></ErrorResponse>"

static void an_external_id_that_is_repeated_is_not_shown(void **state)
{
    static const char *const messages[] = {DENIED("the external id " CANARY " is not that one"),
                                           DENIED("ExternalId=" CANARY "%21 does not match")};
    const struct cc_assume how = {
        .role_arn = ROLE, .session_name = "sess", .external_id = CANARY "!"};

    for (size_t i = 0; i < CC_COUNT(messages); i++) {
        struct fake *fake = *state;
        struct cc_assume one = how;
        struct cc_keys keys;
        struct cc_error err;

        one.external_id = i == 0 ? CANARY : how.external_id;
        fake_http(fake, URL, 403, messages[i]);
        assert_false(assume(fake, &one, &keys, &err));
        assert_null(strstr(err.why, CANARY));
        assert_int_equal(err.code, CC_E_DENIED);
    }
}

static void an_external_id_that_is_part_of_the_roles_name_hides_nothing(void **state)
{
    struct fake *fake = *state;
    const struct cc_assume how = {
        .role_arn = ROLE, .session_name = "sess", .external_id = "123456789012"};
    struct cc_keys keys;
    struct cc_error err;

    fake_http(fake, URL, 403, DENIED("not authorized to perform: sts:AssumeRole on " ROLE));
    assert_false(assume(fake, &how, &keys, &err));
    assert_non_null(strstr(err.why, "on " ROLE));
}

static void the_caller_is_asked_for_in_the_region_given(void **state)
{
    struct fake *fake = *state;
    struct cc_settings settings = in_ireland();
    struct cc_identity identity;
    struct cc_error err;

    settings.region = NULL;
    fake_http(fake, "https://sts.cn-north-1.amazonaws.com.cn/", 403, DENIED("no"));
    assert_false(cc_sts_caller(&fake->run, &settings, &by, "cn-north-1", &identity, &err));
    assert_non_null(strstr(fake->sent[0].headers, "/cn-north-1/sts/aws4_request"));
}

/* What only makes up a host name is judged where one is made. */
static void with_an_endpoint_of_ones_own_any_region_is_signed(void **state)
{
    struct fake *fake = *state;
    struct cc_settings settings = in_ireland();
    struct cc_error broken = {.code = CC_E_CONFIG};
    struct cc_identity identity;
    struct cc_error err;

    settings.region = "US_EAST_1";
    settings.sts_broken = &broken;
    assert_false(cc_sts_caller(&fake->run, &settings, &by, NULL, &identity, &err));
    assert_int_equal(fake->sent_count, 0);
    fake_env(fake, "AWS_ENDPOINT_URL", "https://s3.example.com");
    fake_http(fake, "https://s3.example.com/", 403, DENIED("no"));
    assert_false(cc_sts_caller(&fake->run, &settings, &by, NULL, &identity, &err));
    assert_non_null(strstr(fake->sent[0].headers, "/US_EAST_1/sts/aws4_request"));
    settings.region = "us east/1";
    assert_false(cc_sts_caller(&fake->run, &settings, &by, NULL, &identity, &err));
    assert_int_equal(fake->sent_count, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FAKE_WORLD(a_role_is_assumed_and_its_account_is_where_the_session_is),
        IN_FAKE_WORLD(every_parameter_is_sent_as_the_api_spells_it),
        IN_FAKE_WORLD(a_session_without_a_name_gets_one_with_the_time),
        IN_FAKE_WORLD(the_region_asked_for_beats_the_settings_and_none_is_global),
        IN_FAKE_WORLD(a_setting_that_means_nothing_stops_the_call_that_needs_it),
        IN_FAKE_WORLD(web_identity_is_not_signed),
        IN_FAKE_WORLD(a_web_identity_token_that_is_repeated_is_not_shown),
        IN_FAKE_WORLD(an_expired_web_identity_token_is_not_taken_for_expired_keys),
        IN_FAKE_WORLD(what_cannot_be_a_session_name_is_not_sent),
        IN_FAKE_WORLD(a_region_that_is_no_host_label_is_not_asked),
        IN_FAKE_WORLD(an_answer_without_a_member_is_refused_by_its_name),
        IN_FAKE_WORLD(a_policy_without_end_is_not_sent),
        IN_FAKE_WORLD(the_caller_learns_who_it_is),
        IN_FAKE_WORLD(a_caller_without_an_account_is_refused),
        IN_FAKE_WORLD(an_external_id_that_is_repeated_is_not_shown),
        IN_FAKE_WORLD(an_external_id_that_is_part_of_the_roles_name_hides_nothing),
        IN_FAKE_WORLD(the_caller_is_asked_for_in_the_region_given),
        IN_FAKE_WORLD(with_an_endpoint_of_ones_own_any_region_is_signed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
