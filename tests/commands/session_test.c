#include "../detectors/scene_support.h"
#include "support/command.h"
#include "support/search.h"

#define IDENTITY(account, role)                                                      \
    "<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:sts::" account \
    ":assumed-role/" role "/s</Arn><UserId>U:s</UserId><Account>" account            \
    "</Account></GetCallerIdentityResult></GetCallerIdentityResponse>"

static void keys(struct fake *fake)
{
    fake_env(fake, "HOME", "/home/u");
    fake_env(fake, "AWS_REGION", "us-east-1");
    fake_env(fake, "AWS_ACCESS_KEY_ID", "AKIDEXAMPLE");
    fake_env(fake, "AWS_SECRET_ACCESS_KEY", CANARY);
}

static void on_no_instance(struct fake *fake)
{
    fake_env(fake, "AWS_EC2_METADATA_DISABLED", "true");
}

static struct asked ask(struct fake *fake, const char *option, const char *value, int status)
{
    struct asked result;
    struct cc_error err;

    if (!ASK(fake, &result, &err, "session", option, value)) {
        fail_msg("%s: %s", err.what, err.why);
    }
    asked_as_in_schema(fake, &result);
    assert_int_equal(fake->run.exit_status, status);
    return result;
}

static const cJSON *part(const struct asked *result, const char *name)
{
    return cJSON_GetObjectItem(result->json, name);
}

static void who_it_is_and_until_when_is_told(void **state)
{
    struct fake *fake = *state;

    keys(fake);
    on_no_instance(fake);
    fake_http(fake, STS, 200, IDENTITY("210987654321", "r"));
    const struct asked result = ask(fake, NULL, NULL, 0);
    const char *text = asked_text(fake, &result);
    assert_true(cc_text_starts(text, "arn:aws:sts::210987654321:assumed-role/r/s\n"));
    assert_non_null(strstr(text, "account  210987654321\n"));
    assert_non_null(strstr(text, "source   environment"));
    assert_non_null(strstr(text, "key ****MPLE\n"));
    assert_non_null(strstr(text, "expires  never\n"));
    assert_non_null(strstr(text, "region   us-east-1 (AWS_REGION"));
    assert_null(strstr(text, CANARY));
    assert_true(cJSON_IsTrue(part(&result, "verified")));
    assert_true(cJSON_IsNull(part(&result, "hosting")));
}

static void offline_nobody_is_asked_and_that_is_said(void **state)
{
    struct fake *fake = *state;

    keys(fake);
    fake_env(fake, "AWS_REGION", "");
    const struct asked result = ask(fake, "--offline", NULL, 0);
    const char *text = asked_text(fake, &result);
    assert_int_equal(fake->sent_count, 0);
    assert_true(cJSON_IsFalse(part(&result, "verified")));
    assert_non_null(strstr(text, "STS is not asked"));
    assert_non_null(strstr(text, "account  not known\n"));
    assert_non_null(strstr(text, "region   not set\n"));
}

static void without_credentials_the_chain_is_the_answer_and_the_status_says_no(void **state)
{
    struct fake *fake = *state;

    fake_env(fake, "HOME", "/home/u");
    on_no_instance(fake);
    const struct asked result = ask(fake, NULL, NULL, 253);
    const char *text = asked_text(fake, &result);
    assert_string_equal(cc_json_text(part(&result, "error"), "code"), cc_code_name(CC_E_NO_KEYS));
    assert_true(cJSON_GetArraySize(part(&result, "chain")) > 3);
    assert_non_null(strstr(text, "\n  try:   "));
    assert_non_null(strstr(text, "\nProviders, in the order in which they are asked\n"));
}

static void keys_that_sts_refuses_are_an_error_with_its_words(void **state)
{
    struct fake *fake = *state;

    keys(fake);
    on_no_instance(fake);
    fake_http(fake, STS, 403,
              "<ErrorResponse><Error><Code>InvalidClientTokenId</Code><Message>The token is bad."
              "</Message></Error></ErrorResponse>");
    const struct asked result = ask(fake, NULL, NULL, 254);
    const char *text = asked_text(fake, &result);
    assert_non_null(strstr(cc_json_text(part(&result, "error"), "why"), "The token is bad."));
    assert_non_null(strstr(text, "InvalidClientTokenId"));
    assert_string_equal(cc_json_text(result.json, "source"), "environment");
}

static void an_expectation_that_is_not_met_is_status_1_with_its_reason(void **state)
{
    struct fake *fake = *state;

    keys(fake);
    on_no_instance(fake);
    fake_http(fake, STS, 200, IDENTITY("210987654321", "r"));
    fake_http(fake, STS, 200, IDENTITY("210987654321", "r"));
    const struct asked wrong = ask(fake, "--expect-account", "111122223333", 1);
    const char *text = asked_text(fake, &wrong);
    assert_true(cJSON_IsFalse(cJSON_GetObjectItem(part(&wrong, "expectation"), "met")));
    assert_non_null(strstr(text, "\nNot as expected: "));
    const struct asked right = ask(fake, "--expect-role", "r", 0);
    assert_true(cJSON_IsTrue(cJSON_GetObjectItem(part(&right, "expectation"), "met")));
}

static void hop_by_hop_it_is_told_how_far_it_came(void **state)
{
    struct fake *fake = *state;

    keys(fake);
    on_no_instance(fake);
    fake_http(fake, STS, 403,
              "<ErrorResponse><Error><Code>AccessDenied</Code><Message>no</Message></Error>"
              "</ErrorResponse>");
    const struct asked result = ask(fake, "--role-arn", ROLE, 254);
    const char *text = asked_text(fake, &result);
    const cJSON *hop = cJSON_GetArrayItem(part(&result, "hops"), 0);
    assert_string_equal(cc_json_text(hop, "role_arn"), ROLE);
    assert_true(cJSON_IsFalse(cJSON_GetObjectItem(hop, "done")));
    assert_non_null(strstr(text, "not yet"));
}

static void whether_it_is_the_role_of_the_host_is_told(void **state)
{
    static const struct {
        const char *host; /* its role */
        const char *identity;
        const char *says;
    } rows[] = {
        {"app-role", IDENTITY("111122223333", "app-role"), "this is the role of the host (ec2)"},
        {"app-role", IDENTITY("111122223333", "other"),
         "not the role of the host (ec2), which is app-role"},
        {NULL, IDENTITY("111122223333", "other"), "ec2; its role is not known"},
    };

    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        struct fake *fake = *state;

        keys(fake);
        nitro(fake);
        imds(fake, 200, DOCUMENT, rows[i].host);
        fake_http(fake, STS, 200, rows[i].identity);
        const struct asked result = ask(fake, NULL, NULL, 0);
        const char *says = cc_json_text(part(&result, "hosting"), "says");
        assert_non_null(says);
        assert_true(cc_text_starts(says, rows[i].says));
        const char *text = asked_text(fake, &result);
        assert_non_null(strstr(text, rows[i].says));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FAKE_WORLD(who_it_is_and_until_when_is_told),
        IN_FAKE_WORLD(offline_nobody_is_asked_and_that_is_said),
        IN_FAKE_WORLD(without_credentials_the_chain_is_the_answer_and_the_status_says_no),
        IN_FAKE_WORLD(keys_that_sts_refuses_are_an_error_with_its_words),
        IN_FAKE_WORLD(an_expectation_that_is_not_met_is_status_1_with_its_reason),
        IN_FAKE_WORLD(hop_by_hop_it_is_told_how_far_it_came),
        IN_FAKE_WORLD(whether_it_is_the_role_of_the_host_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
