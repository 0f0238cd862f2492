#include "credctl/aws/instance.h"

#include "support/test.h"

#define HOST4 "http://169.254.169.254"
#define BASE  HOST4 "/latest/"
#define PUT   BASE "api/token"
#define DOC   BASE "dynamic/instance-identity/document"
#define INFO  BASE "meta-data/iam/info"
#define ROLES BASE "meta-data/iam/security-credentials/"
#define SIX   "http://[fd00:ec2::254]/latest/"
#define DOCUMENT                                                                                       \
    "{\"instanceId\":\"i-1234567890abcdef0\",\"accountId\":\"111122223333\",\"region\":\"us-west-2\"," \
    "\"availabilityZone\":\"us-west-2b\",\"instanceType\":\"c5.large\"}"
#define CONFIG "/home/u/.aws/config"

static struct cc_instance visit(struct fake *fake)
{
    struct cc_instance instance;

    fake_env(fake, "HOME", "/home/u");
    cc_instance_visit(&fake->run, 200, &instance);
    return instance;
}

static void answers(struct fake *fake, int document, const char *body, int others)
{
    fake_http(fake, DOC, document, body);
    fake_http(fake, INFO, others, "");
    fake_http(fake, ROLES, others, others == 200 ? "app" : "");
}

static void expect_state(struct fake *fake, enum cc_imds_state state)
{
    struct cc_instance instance = visit(fake);

    if (instance.state != state) {
        fail_msg("%s: %s", cc_imds_state_words[instance.state], instance.why.why);
    }
    if (state != CC_IMDS_AVAILABLE && state != CC_IMDS_NOT_ASKED) {
        assert_true(instance.why.why[0] != '\0');
    }
}

static void the_profile_forbids_version_1_as_the_variable_does(void **state)
{
    struct fake *fake = *state;

    fake_file(fake, CONFIG, "[default]\nec2_metadata_v1_disabled = true\n");
    fake_http(fake, PUT, 404, "");
    expect_state(fake, CC_IMDS_LOOK_ALIKE);
    fake_http(fake, PUT, 403, "");
    expect_state(fake, CC_IMDS_DISABLED);
    assert_int_equal(fake->sent_count, 2);
    fake_file(fake, CONFIG, "");
    fake_env(fake, "AWS_EC2_METADATA_V1_DISABLED", "TRUE");
    fake_http(fake, PUT, 405, "");
    expect_state(fake, CC_IMDS_LOOK_ALIKE);
    assert_int_equal(fake->sent_count, 3);
}

static void the_profile_switches_the_visit_off_as_the_variable_does(void **state)
{
    struct fake *fake = *state;

    fake_file(fake, CONFIG, "[profile dev]\ndisable_ec2_metadata = true\n");
    fake_env(fake, "AWS_PROFILE", "dev");
    expect_state(fake, CC_IMDS_FORBIDDEN);
    fake_file(fake, CONFIG, "");
    fake_env(fake, "AWS_EC2_METADATA_DISABLED", "true");
    expect_state(fake, CC_IMDS_FORBIDDEN);
    fake->run.offline = true;
    expect_state(fake, CC_IMDS_NOT_ASKED);
    assert_int_equal(fake->sent_count, 0);
}

static void a_malformed_setting_does_not_stop_the_visit(void **state)
{
    struct fake *fake = *state;

    fake_env(fake, "AWS_MAX_ATTEMPTS", "many");
    fake_env(fake, "AWS_METADATA_SERVICE_TIMEOUT", "soon");
    fake_http(fake, PUT, 200, "token");
    answers(fake, 200, DOCUMENT, 404);
    expect_state(fake, CC_IMDS_AVAILABLE);
}

static void version_1_serves_where_there_are_no_tokens(void **state)
{
    struct fake *fake = *state;

    fake_http(fake, PUT, 404, "");
    answers(fake, 200, DOCUMENT, 200);
    struct cc_instance instance = visit(fake);
    assert_int_equal(instance.state, CC_IMDS_AVAILABLE);
    assert_true(instance.version1);
    assert_string_equal(instance.role_name, "app");
    assert_string_equal(fake->sent[1].headers, "");
}

static void a_token_that_is_refused_for_good_is_told(void **state)
{
    struct fake *fake = *state;

    fake_http_row(
        fake, (struct fake_exchange){.url = PUT, .status = 200, .body = "token", .forever = true});
    for (int i = 0; i < 2; i++) {
        answers(fake, 401, "", 401);
    }
    expect_state(fake, CC_IMDS_TOKEN_REJECTED);
}

static void a_token_that_became_invalid_is_renewed(void **state)
{
    struct fake *fake = *state;

    fake_http(fake, PUT, 200, "old");
    fake_http(fake, DOC, 401, "");
    fake_http(fake, PUT, 200, "new");
    answers(fake, 200, DOCUMENT, 404);
    expect_state(fake, CC_IMDS_AVAILABLE);
}

/* As `session` refuses: what was meant to switch it off is not passed over. */
static void a_switch_that_swallowed_a_comment_keeps_every_request_back(void **state)
{
    struct fake *fake = *state;

    fake_file(fake, CONFIG, "[default]\ndisable_ec2_metadata = true\n  # a comment\n");
    struct cc_instance instance = visit(fake);
    assert_int_equal(instance.state, CC_IMDS_NOT_ASKED);
    assert_non_null(strstr(instance.notes[0].seen, "line 3 is an indented comment"));
    assert_int_equal(fake->sent_count, 0);
}

static void a_token_request_that_fails_is_made_again(void **state)
{
    struct fake *fake = *state;

    fake_http(fake, PUT, 503, "");
    fake_no_answer(fake, PUT, CC_NET_CUT);
    fake_http(fake, PUT, 200, "token");
    answers(fake, 200, DOCUMENT, 404);
    expect_state(fake, CC_IMDS_AVAILABLE);
}

static void refuse_tokens(struct fake *fake, int status)
{
    for (size_t i = 0; i < 3; i++) {
        if (status) {
            fake_http(fake, PUT, status, "");
        } else {
            fake_no_answer(fake, PUT, CC_NET_CUT);
        }
    }
}

/* As `session` does: any answer but 400 leads to version 1. */
static void where_the_token_keeps_failing_version_1_is_asked(void **state)
{
    static const int statuses[] = {500, 503, 429, 0};
    struct fake *fake = *state;

    for (size_t i = 0; i < CC_COUNT(statuses); i++) {
        refuse_tokens(fake, statuses[i]);
        answers(fake, 200, DOCUMENT, 200);
        struct cc_instance instance = visit(fake);
        assert_int_equal(instance.state, CC_IMDS_AVAILABLE);
        assert_true(instance.version1);

        refuse_tokens(fake, statuses[i]);
        answers(fake, 401, "", 401);
        instance = visit(fake);
        assert_int_equal(instance.state, CC_IMDS_FAILING);
        assert_false(instance.version1);
    }
    fake_env(fake, "AWS_EC2_METADATA_V1_DISABLED", "true");
    refuse_tokens(fake, 503);
    expect_state(fake, CC_IMDS_FAILING);
}

static void a_service_that_repeats_the_token_is_not_shown(void **state)
{
    struct fake *fake = *state;

    fake_http(fake, PUT, 200, "token-0123456789");
    fake_http(fake, DOC, 200,
              "{\"instanceId\":\"i-1234567890abcdef0\",\"accountId\":\"111122223333\","
              "\"availabilityZone\":\"token-0123456789\",\"instanceType\":\"token-0123456789\"}");
    fake_http(fake, INFO, 200, "{\"Code\":\"token-0123456789\"}");
    fake_http(fake, ROLES, 200, "token-0123456789");
    struct cc_instance instance = visit(fake);
    assert_null(instance.zone);
    assert_null(instance.instance_type);
    assert_null(instance.profile_code);
    assert_null(instance.role_name);
}

static void states_follow_from_what_answers(void **state)
{
    static const struct {
        int put;
        const char *token;
        enum cc_imds_state state;
    } rows[] = {
        {302, "", CC_IMDS_LOOK_ALIKE},
        {400, "", CC_IMDS_LOOK_ALIKE},
        {200, "<html>", CC_IMDS_LOOK_ALIKE},
    };

    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        fake_http(*state, PUT, rows[i].put, rows[i].token);
        expect_state(*state, rows[i].state);
    }
}

static void single_keys_stand_in_for_a_document_that_is_none(void **state)
{
    struct fake *fake = *state;

    fake_http(fake, PUT, 200, "token");
    answers(fake, 404, "", 404);
    fake_http(fake, BASE "meta-data/instance-id", 200, "i-1234567890abcdef0\n");
    fake_http(fake, BASE "meta-data/placement/region", 200, "eu-west-1");
    fake_http(fake, BASE "meta-data/mac", 200, "0a:00:00:00:00:01");
    fake_http(fake, BASE "meta-data/network/interfaces/macs/0a:00:00:00:00:01/owner-id", 200,
              "111122223333");
    struct cc_instance instance = visit(fake);
    assert_int_equal(instance.state, CC_IMDS_PARTIAL);
    assert_string_equal(instance.account, "111122223333");
    assert_string_equal(instance.region, "eu-west-1");
    assert_true(instance.role_known);
}

static void silence_before_version_1_is_not_the_end(void **state)
{
    struct fake *fake = *state;

    fake_http_row(fake, (struct fake_exchange){.url = PUT, .status = 200, .takes_ms = 60000});
    fake_http(fake, DOC, 200, DOCUMENT);
    answers(fake, 200, DOCUMENT, 404);
    struct cc_instance instance = visit(fake);
    assert_int_equal(instance.state, CC_IMDS_AVAILABLE);
    assert_true(instance.version1);
}

static void a_401_after_silence_is_the_hop_limit_and_costs_no_second_wait(void **state)
{
    struct fake *fake = *state;

    fake_http_row(fake, (struct fake_exchange){.url = PUT, .status = 200, .takes_ms = 60000});
    fake_http(fake, DOC, 401, "");
    expect_state(fake, CC_IMDS_HOP_LIMIT);
    assert_true(fake->ticks - 5000 <= 1500);
}

static void where_nobody_answers_the_other_family_is_tried(void **state)
{
    struct fake *fake = *state;

    fake_no_answer(fake, PUT, CC_NET_CONNECT_TIMEOUT);
    fake_no_answer(fake, SIX "api/token", CC_NET_NO_ROUTE);
    expect_state(fake, CC_IMDS_UNREACHABLE);
    fake_env(fake, "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE", "ipv6");
    fake_no_answer(fake, SIX "api/token", CC_NET_NO_ROUTE);
    fake_http(fake, PUT, 200, "token");
    answers(fake, 200, DOCUMENT, 404);
    expect_state(fake, CC_IMDS_AVAILABLE);
}

static void the_chosen_endpoint_is_asked_only_where_it_is_near(void **state)
{
    struct fake *fake = *state;

    fake_env(fake, "AWS_EC2_METADATA_SERVICE_ENDPOINT", "http://127.0.0.1:1338/");
    fake_no_answer(fake, "http://127.0.0.1:1338/latest/api/token", CC_NET_REFUSED);
    struct cc_instance instance = visit(fake);
    assert_true(instance.custom);
    fake_env(fake, "AWS_EC2_METADATA_SERVICE_ENDPOINT", "http://192.0.2.1/");
    fake_http(fake, PUT, 200, "token");
    answers(fake, 200, DOCUMENT, 404);
    instance = visit(fake);
    assert_false(instance.custom);
    assert_string_equal(instance.base, HOST4);
    fake_env(fake, "AWS_EC2_METADATA_SERVICE_ENDPOINT", HOST4 "/");
    fake_http(fake, PUT, 200, "token");
    answers(fake, 200, DOCUMENT, 404);
    assert_int_equal(visit(fake).state, CC_IMDS_AVAILABLE);
}

static void an_instance_profile_of_another_account_is_noticed(void **state)
{
    struct fake *fake = *state;

    fake_http(fake, PUT, 200, "token");
    fake_http(fake, DOC, 200, DOCUMENT);
    fake_http(fake, INFO, 200,
              "{\"Code\":\"Success\",\"InstanceProfileArn\":\"arn:aws:iam::444455556666:"
              "instance-profile/p\"}");
    fake_http(fake, ROLES, 200, "");
    struct cc_instance instance = visit(fake);
    assert_true(instance.accounts_differ);
    assert_true(instance.role_known);
    fake_http(fake, PUT, 200, "token");
    fake_http(fake, DOC, 200, DOCUMENT);
    fake_http(fake, INFO, 200, "{\"Code\":\"AssumeRoleUnauthorizedAccess\"}");
    fake_http(fake, ROLES, 200, "app");
    assert_string_equal(visit(fake).profile_code, "AssumeRoleUnauthorizedAccess");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FAKE_WORLD(the_profile_forbids_version_1_as_the_variable_does),
        IN_FAKE_WORLD(the_profile_switches_the_visit_off_as_the_variable_does),
        IN_FAKE_WORLD(a_malformed_setting_does_not_stop_the_visit),
        IN_FAKE_WORLD(version_1_serves_where_there_are_no_tokens),
        IN_FAKE_WORLD(a_token_that_is_refused_for_good_is_told),
        IN_FAKE_WORLD(a_token_that_became_invalid_is_renewed),
        IN_FAKE_WORLD(a_switch_that_swallowed_a_comment_keeps_every_request_back),
        IN_FAKE_WORLD(a_token_request_that_fails_is_made_again),
        IN_FAKE_WORLD(where_the_token_keeps_failing_version_1_is_asked),
        IN_FAKE_WORLD(a_service_that_repeats_the_token_is_not_shown),
        IN_FAKE_WORLD(states_follow_from_what_answers),
        IN_FAKE_WORLD(single_keys_stand_in_for_a_document_that_is_none),
        IN_FAKE_WORLD(silence_before_version_1_is_not_the_end),
        IN_FAKE_WORLD(a_401_after_silence_is_the_hop_limit_and_costs_no_second_wait),
        IN_FAKE_WORLD(where_nobody_answers_the_other_family_is_tried),
        IN_FAKE_WORLD(the_chosen_endpoint_is_asked_only_where_it_is_near),
        IN_FAKE_WORLD(an_instance_profile_of_another_account_is_noticed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
