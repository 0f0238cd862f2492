#include "support/search.h"

#define BASE     "http://169.254.169.254/latest/"
#define PUT      BASE "api/token"
#define EXTENDED BASE "meta-data/iam/security-credentials-extended/"
#define LEGACY   BASE "meta-data/iam/security-credentials/"
#define DOC(expiration)                                                            \
    "{\"Code\":\"Success\",\"AccessKeyId\":\"ASIA\",\"SecretAccessKey\":\"" CANARY \
    "\",\"Token\":\"t\",\"Expiration\":\"" expiration "\"}"
#define GOOD DOC("2027-01-15T09:00:00Z")

static enum cc_outcome ask(struct fake *fake, struct searched *to)
{
    search_begin(fake, to);
    return search_one(fake, "imds", to);
}

static void legacy(struct fake *fake, const char *doc)
{
    fake_http(fake, EXTENDED, 404, "");
    fake_http(fake, LEGACY, 200, "role-a\n");
    fake_http(fake, LEGACY "role-a", 200, doc);
}

static void where_nobody_answers_it_is_absent_at_once(void **state)
{
    struct fake *fake = *state;
    struct searched got;

    fake_no_answer(fake, PUT, CC_NET_CONNECT_TIMEOUT);
    assert_int_equal(ask(fake, &got), CC_ABSENT);
    assert_int_equal(fake->sent_count, 1);
}

static void no_role_attached_is_absent(void **state)
{
    struct fake *fake = *state;
    struct searched got;

    fake_http(fake, PUT, 200, "token");
    fake_http(fake, EXTENDED, 404, "");
    fake_http(fake, LEGACY, 404, "");
    assert_int_equal(ask(fake, &got), CC_ABSENT);
    assert_told(&got.why, CC_E_IMDS, NULL, "instance profile");
}

static void the_switch_keeps_every_request_back(void **state)
{
    struct searched got;

    fake_env(*state, "AWS_EC2_METADATA_DISABLED", "True");
    assert_int_equal(ask(*state, &got), CC_ABSENT);
    assert_told(&got.why, CC_E_IMDS_OFF, NULL, "unset AWS_EC2_METADATA_DISABLED");
}

static void the_role_is_found_with_a_token(void **state)
{
    struct fake *fake = *state;
    struct searched got;

    fake_http(fake, PUT, 200, "secret-token==");
    legacy(fake, GOOD);
    assert_int_equal(ask(fake, &got), CC_FOUND);
    assert_string_equal(got.keys.access_key_id, "ASIA");
    assert_true(got.search.region_of_host != NULL);
    assert_non_null(strstr(fake->sent[3].headers, "secret-token=="));
    assert_int_equal(fake->sent[3].distance, CC_NEAR);
}

static void the_extended_path_tells_the_account(void **state)
{
    struct fake *fake = *state;
    struct searched got;

    fake_http(fake, PUT, 200, "token");
    fake_http(fake, EXTENDED, 200, "role-a");
    fake_http(fake, EXTENDED "role-a", 200,
              "{\"Code\":\"Success\",\"AccessKeyId\":\"ASIA\",\"SecretAccessKey\":\"s\",\"Token\":"
              "\"t\",\"Expiration\":\"2027-01-15T09:00:00Z\",\"AccountId\":\"123456789012\"}");
    assert_int_equal(ask(fake, &got), CC_FOUND);
    assert_string_equal(got.keys.account_id, "123456789012");
}

static void a_lost_token_is_renewed(void **state)
{
    struct fake *fake = *state;
    struct searched got;

    fake_http(fake, PUT, 200, "old");
    fake_http(fake, EXTENDED, 401, "");
    fake_http(fake, PUT, 200, "new");
    legacy(fake, GOOD);
    assert_int_equal(ask(fake, &got), CC_FOUND);
    assert_non_null(strstr(fake->sent[3].headers, ": new"));
}

static void version_1_serves_where_there_are_no_tokens(void **state)
{
    static const int statuses[] = {403, 404, 405};
    struct fake *fake = *state;
    struct searched got;

    for (size_t i = 0; i < CC_COUNT(statuses); i++) {
        fake_http(fake, PUT, statuses[i], "");
        legacy(fake, GOOD);
        assert_int_equal(ask(fake, &got), CC_FOUND);
        assert_non_null(strstr(got.search.detail, "v1"));
    }
    assert_string_equal(fake->sent[1].headers, "");
}

static void version_1_can_be_forbidden(void **state)
{
    struct fake *fake = *state;
    struct searched got;

    fake_file(fake, CONFIG, "[default]\nec2_metadata_v1_disabled = true\n");
    fake_http(fake, PUT, 404, "");
    assert_int_equal(ask(fake, &got), CC_BROKEN);
    assert_told(&got.why, CC_E_IMDS, "AWS_EC2_METADATA_V1_DISABLED", NULL);
}

static void a_400_for_the_token_is_final(void **state)
{
    struct fake *fake = *state;
    struct searched got;

    fake_http(fake, PUT, 400, "");
    assert_int_equal(ask(fake, &got), CC_BROKEN);
    assert_told(&got.why, CC_E_IMDS, "HTTP 400", NULL);
}

static void the_hop_limit_is_recognised(void **state)
{
    struct fake *fake = *state;
    struct searched got;

    fake_http_row(
        fake, (struct fake_exchange){.url = PUT, .status = 200, .takes_ms = 9000, .forever = true});
    fake_http(fake, EXTENDED, 401, "");
    assert_int_equal(ask(fake, &got), CC_BROKEN);
    assert_told(&got.why, CC_E_IMDS_HOP, "hop limit", "http-put-response-hop-limit 2");
    assert_true(fake->ticks - 5000 <= 3500);
}

static void expired_credentials_serve_on_with_a_warning(void **state)
{
    struct fake *fake = *state;
    struct searched got;

    fake_http(fake, PUT, 200, "token");
    legacy(fake, DOC("2027-01-15T07:00:00Z"));
    assert_int_equal(ask(fake, &got), CC_FOUND);
    assert_in_range(got.keys.expires - fake->now, 600, 900);
    assert_int_equal(got.search.warning_count, 1);
}

static void an_unhappy_document_hints_at_the_trust_policy(void **state)
{
    struct fake *fake = *state;
    struct searched got;

    fake_http(fake, PUT, 200, "token");
    legacy(fake, "{\"Code\":\"AssumeRoleUnauthorizedAccess\",\"Message\":\"no\"}");
    assert_int_equal(ask(fake, &got), CC_BROKEN);
    assert_told(&got.why, CC_E_IMDS, "AssumeRoleUnauthorizedAccess", "trust policy of role role-a");
}

static void a_role_that_was_replaced_is_listed_again(void **state)
{
    struct fake *fake = *state;
    struct searched got;

    fake_http(fake, PUT, 200, "token");
    fake_http(fake, EXTENDED, 404, "");
    fake_http(fake, LEGACY, 200, "old");
    fake_http(fake, LEGACY "old", 404, "");
    fake_http(fake, LEGACY, 200, "role-a");
    fake_http(fake, LEGACY "role-a", 200, GOOD);
    assert_int_equal(ask(fake, &got), CC_FOUND);
}

static void a_role_name_that_is_a_path_is_never_asked_for(void **state)
{
    struct fake *fake = *state;
    struct searched got;

    fake_http(fake, PUT, 200, "token");
    fake_http(fake, EXTENDED, 200, "../../api/token");
    fake_http(fake, LEGACY, 200, "../../api/token");
    assert_int_equal(ask(fake, &got), CC_BROKEN);
    assert_told(&got.why, CC_E_BAD_ANSWER, "not a valid role name", NULL);
}

static void the_usual_path_is_asked_whatever_is_wrong_with_the_extended_one(void **state)
{
    static const struct {
        int status;
        const char *body;
        int times; /* what may pass is asked for three times */
    } rows[] = {{400, "", 1}, {403, "", 1}, {405, "", 1},
                {302, "", 1}, {500, "", 3}, {503, "", 3},
                {429, "", 3}, {200, "", 1}, {200, "<html><body>blocked</body></html>", 1}};

    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        struct fake *fake = *state;
        struct searched got;

        fake_http(fake, PUT, 200, "token");
        for (int j = 0; j < rows[i].times; j++) {
            fake_http(fake, EXTENDED, rows[i].status, rows[i].body);
        }
        fake_http(fake, LEGACY, 200, "role-a");
        fake_http(fake, LEGACY "role-a", 200, GOOD);
        assert_int_equal(ask(fake, &got), CC_FOUND);
        assert_string_equal(got.keys.access_key_id, "ASIA");
    }
}

static void the_rest_of_another_answer_is_not_the_end(void **state)
{
    struct fake *fake = *state;
    struct searched got;

    fake_http(fake, PUT, 200, "token");
    fake_http(fake, EXTENDED, 204, "");
    fake_no_answer(fake, LEGACY, CC_NET_OTHER);
    fake_http(fake, LEGACY, 200, "role-a\n");
    fake_http(fake, LEGACY "role-a", 200, GOOD);
    assert_int_equal(ask(fake, &got), CC_FOUND);
}

static void a_list_that_repeats_the_token_names_no_role(void **state)
{
    struct fake *fake = *state;
    struct searched got;

    fake_http(fake, PUT, 200, CANARY);
    fake_http(fake, EXTENDED, 404, "");
    fake_http(fake, LEGACY, 200, CANARY);
    assert_int_equal(ask(fake, &got), CC_BROKEN);
    assert_told(&got.why, CC_E_BAD_ANSWER, "is not a valid role name", NULL);
}

static void an_extended_list_without_its_documents_is_not_the_end(void **state)
{
    static const struct {
        int status;
        const char *body;
        int times;
    } rows[] = {{404, "", 2}, {403, "", 1}, {200, "no JSON", 3}, {200, "{\"Code\":\"Failed\"}", 1}};

    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        struct fake *fake = *state;
        struct searched got;

        fake_http(fake, PUT, 200, "token");
        fake_http(fake, EXTENDED, 200, "role-a");
        for (int j = 0; j < rows[i].times; j++) {
            fake_http(fake, EXTENDED "role-a", rows[i].status, rows[i].body);
        }
        if (rows[i].status == 404) {
            fake_http(fake, EXTENDED, 200, "role-a"); /* the list, once more */
        }
        fake_http(fake, LEGACY, 200, "role-a");
        fake_http(fake, LEGACY "role-a", 200, GOOD);
        assert_int_equal(ask(fake, &got), CC_FOUND);
    }
}

static void a_name_that_the_extended_path_refuses_is_asked_for_on_the_usual_one(void **state)
{
    struct fake *fake = *state;
    struct searched got;

    fake_env(fake, "AWS_EC2_INSTANCE_PROFILE_NAME", "mine");
    fake_http(fake, PUT, 200, "token");
    fake_http(fake, EXTENDED "mine", 403, "");
    fake_http(fake, LEGACY "mine", 200, GOOD);
    assert_int_equal(ask(fake, &got), CC_FOUND);
}

static void a_token_that_is_refused_twice_on_the_extended_path_serves_on_the_usual_one(void **state)
{
    struct fake *fake = *state;
    struct searched got;

    fake_http(fake, PUT, 200, "token");
    fake_http(fake, EXTENDED, 401, "");
    fake_http(fake, PUT, 200, "token2");
    fake_http(fake, EXTENDED, 401, "");
    fake_http(fake, LEGACY, 200, "role-a");
    fake_http(fake, LEGACY "role-a", 200, GOOD);
    assert_int_equal(ask(fake, &got), CC_FOUND);
}

static void a_refusal_on_both_paths_is_an_error(void **state)
{
    struct fake *fake = *state;
    struct searched got;

    fake_http(fake, PUT, 200, "token");
    fake_http(fake, EXTENDED, 403, "");
    fake_http(fake, LEGACY, 403, "");
    assert_int_equal(ask(fake, &got), CC_BROKEN);
    assert_told(&got.why, CC_E_IMDS, "HTTP 403", NULL);
}

static void a_document_that_repeats_a_secret_is_not_shown(void **state)
{
    struct fake *fake = *state;
    struct searched got;

    fake_http(fake, PUT, 200, CANARY "-token");
    legacy(fake, "{\"Code\":\"Odd " CANARY "-token\",\"Message\":\"key " CANARY "-key\","
                 "\"SecretAccessKey\":\"" CANARY "-key\"}");
    assert_int_equal(ask(fake, &got), CC_BROKEN);
    assert_told(&got.why, CC_E_IMDS, "repeats a secret", NULL);
}

static void credentials_that_expired_long_ago_are_not_handed_out(void **state)
{
    struct fake *fake = *state;
    struct searched got;

    fake_http(fake, PUT, 200, "token");
    legacy(fake, DOC("2027-01-15T06:59:59Z")); /* an hour and a second ago */
    assert_int_equal(ask(fake, &got), CC_BROKEN);
    assert_told(&got.why, CC_E_EXPIRED, "2027-01-15T06:59:59Z", "clock");
}

static void expiry_is_judged_on_the_clock_of_aws(void **state)
{
    struct fake *fake = *state;
    struct searched got;

    fake->run.skew = -7200;
    fake_http(fake, PUT, 200, "token");
    legacy(fake, DOC("2027-01-15T06:30:00Z"));
    assert_int_equal(ask(fake, &got), CC_FOUND);
    assert_int_equal(got.search.warning_count, 0);
    assert_int_equal(got.keys.expires, fake->now - 7200 + 1800);
}

static void a_captive_portal_is_no_metadata_service(void **state)
{
    struct fake *fake = *state;
    struct searched got;

    fake_http(fake, PUT, 200, "<html>please log in</html>");
    assert_int_equal(ask(fake, &got), CC_ABSENT);
}

static void a_given_name_skips_the_list_and_must_be_one(void **state)
{
    struct fake *fake = *state;
    struct searched got;

    fake_env(fake, "AWS_EC2_INSTANCE_PROFILE_NAME", "mine");
    fake_http(fake, PUT, 200, "token");
    fake_http(fake, EXTENDED "mine", 404, "");
    fake_http(fake, LEGACY "mine", 404, "");
    assert_int_equal(ask(fake, &got), CC_BROKEN);
    assert_told(&got.why, CC_E_IMDS, "AWS_EC2_INSTANCE_PROFILE_NAME", "correct the name");
    fake_env(fake, "AWS_EC2_INSTANCE_PROFILE_NAME", " ");
    fake_http(fake, PUT, 200, "token");
    assert_int_equal(ask(fake, &got), CC_BROKEN);
    assert_told(&got.why, CC_E_CONFIG, "blank", "unset it");
}

static void limits_come_from_the_variables(void **state)
{
    struct fake *fake = *state;
    struct searched got;

    fake_env(fake, "AWS_METADATA_SERVICE_NUM_ATTEMPTS", "2");
    fake_no_answer(fake, PUT, CC_NET_CONNECT_TIMEOUT);
    fake_no_answer(fake, PUT, CC_NET_CONNECT_TIMEOUT);
    assert_int_equal(ask(fake, &got), CC_ABSENT);
    fake_env(fake, "AWS_METADATA_SERVICE_TIMEOUT", "soon");
    assert_int_equal(ask(fake, &got), CC_BROKEN);
    assert_told(&got.why, CC_E_CONFIG, "soon", "unset it");
}

static void the_region_is_the_instances_own(void **state)
{
    struct fake *fake = *state;
    struct searched got;

    search_begin(fake, &got);
    fake_http(fake, PUT, 200, "token");
    fake_http(fake, EXTENDED, 200, "r");
    fake_http(fake, EXTENDED "r", 200, GOOD);
    assert_int_equal(ask(fake, &got), CC_FOUND);
    fake_http(fake, PUT, 200, "token");
    fake_http(fake, BASE "meta-data/placement/region", 200, "eu-west-1\n");
    assert_string_equal(got.search.region_of_host(&fake->run, &got.settings), "eu-west-1");
    fake_http(fake, PUT, 200, "token");
    fake_http(fake, BASE "meta-data/placement/region", 200, "evil.example/#");
    assert_null(got.search.region_of_host(&fake->run, &got.settings));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FAKE_WORLD(where_nobody_answers_it_is_absent_at_once),
        IN_FAKE_WORLD(no_role_attached_is_absent),
        IN_FAKE_WORLD(the_switch_keeps_every_request_back),
        IN_FAKE_WORLD(the_role_is_found_with_a_token),
        IN_FAKE_WORLD(the_extended_path_tells_the_account),
        IN_FAKE_WORLD(a_lost_token_is_renewed),
        IN_FAKE_WORLD(version_1_serves_where_there_are_no_tokens),
        IN_FAKE_WORLD(version_1_can_be_forbidden),
        IN_FAKE_WORLD(a_400_for_the_token_is_final),
        IN_FAKE_WORLD(the_hop_limit_is_recognised),
        IN_FAKE_WORLD(expired_credentials_serve_on_with_a_warning),
        IN_FAKE_WORLD(an_unhappy_document_hints_at_the_trust_policy),
        IN_FAKE_WORLD(a_role_that_was_replaced_is_listed_again),
        IN_FAKE_WORLD(a_role_name_that_is_a_path_is_never_asked_for),
        IN_FAKE_WORLD(a_captive_portal_is_no_metadata_service),
        IN_FAKE_WORLD(the_usual_path_is_asked_whatever_is_wrong_with_the_extended_one),
        IN_FAKE_WORLD(the_rest_of_another_answer_is_not_the_end),
        IN_FAKE_WORLD(a_list_that_repeats_the_token_names_no_role),
        IN_FAKE_WORLD(an_extended_list_without_its_documents_is_not_the_end),
        IN_FAKE_WORLD(a_name_that_the_extended_path_refuses_is_asked_for_on_the_usual_one),
        IN_FAKE_WORLD(a_token_that_is_refused_twice_on_the_extended_path_serves_on_the_usual_one),
        IN_FAKE_WORLD(a_refusal_on_both_paths_is_an_error),
        IN_FAKE_WORLD(a_document_that_repeats_a_secret_is_not_shown),
        IN_FAKE_WORLD(credentials_that_expired_long_ago_are_not_handed_out),
        IN_FAKE_WORLD(expiry_is_judged_on_the_clock_of_aws),
        IN_FAKE_WORLD(a_given_name_skips_the_list_and_must_be_one),
        IN_FAKE_WORLD(limits_come_from_the_variables),
        IN_FAKE_WORLD(the_region_is_the_instances_own),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
