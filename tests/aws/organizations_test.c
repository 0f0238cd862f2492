#include "credctl/aws/organizations.h"

#include "support/test.h"

#define URL "https://organizations.us-east-1.amazonaws.com/"

static const struct cc_keys keys = {
    .access_key_id = "AKID", .secret_key = {CANARY}, .expires = CC_NEVER_EXPIRES};

static bool ask(struct fake *fake, const char *region, const char **text, struct cc_error *err)
{
    const struct cc_settings settings = {.max_attempts = 1};

    return cc_org_accounts(&fake->run, &settings, &keys, region, text, err);
}

static void all_pages_are_read_and_only_active_accounts_listed(void **state)
{
    struct fake *fake = *state;
    const char *text = NULL;
    struct cc_error err;

    fake_http(fake, URL, 200,
              "{\"Accounts\":[{\"Id\":\"111122223333\",\"State\":\"ACTIVE\"},"
              "{\"Id\":\"222233334444\",\"State\":\"SUSPENDED\",\"Status\":\"ACTIVE\"}],"
              "\"NextToken\":\"n\\\"1\"}");
    fake_http(fake, URL, 200,
              "{\"Accounts\":[{\"Id\":\"333344445555\",\"Status\":\"ACTIVE\"},{\"Id\":\"../x\","
              "\"Status\":\"ACTIVE\"},{}]}");
    assert_true(ask(fake, NULL, &text, &err));
    assert_string_equal(text, "111122223333\n333344445555\n");
    assert_string_equal(fake->sent[0].body, "{\"MaxResults\":20}");
    assert_string_equal(fake->sent[1].body, "{\"MaxResults\":20,\"NextToken\":\"n\\\"1\"}");
    assert_non_null(strstr(fake->sent[0].headers, "/us-east-1/organizations/aws4_request"));
    assert_non_null(strstr(fake->sent[0].headers, "AWSOrganizationsV20161128.ListAccounts"));
}

static void each_partition_has_its_endpoint(void **state)
{
    static const struct {
        const char *region;
        const char *url;
    } rows[] = {
        {"eu-west-3", URL},
        {"cn-north-1", "https://organizations.cn-northwest-1.amazonaws.com.cn/"},
        {"us-gov-east-1", "https://organizations.us-gov-west-1.amazonaws.com/"},
    };

    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        const char *text = NULL;
        struct cc_error err;

        fake_http(*state, rows[i].url, 200, "{\"Accounts\":[]}");
        assert_true(ask(*state, rows[i].region, &text, &err));
    }
}

static void a_list_without_an_end_is_an_error_that_names_the_limit(void **state)
{
    struct fake *fake = *state;
    const char *text = NULL;
    struct cc_error err;

    fake->forgets = true;
    fake_http_row(fake, (struct fake_exchange){.url = URL,
                                               .status = 200,
                                               .body = "{\"Accounts\":[],\"NextToken\":\"x\"}",
                                               .forever = true});
    assert_false(ask(fake, NULL, &text, &err));
    assert_int_equal(err.code, CC_E_TOO_BIG);
    assert_non_null(strstr(err.why, "5000 pages of 20 accounts"));
    assert_null(text);
}

static void a_denial_and_an_answer_that_is_no_json_are_errors(void **state)
{
    struct fake *fake = *state;
    const char *text = NULL;
    struct cc_error err;

    fake_http(fake, URL, 400, "{\"__type\":\"AccessDeniedException\",\"Message\":\"no\"}");
    assert_false(ask(fake, NULL, &text, &err));
    assert_int_equal(err.code, CC_E_DENIED);
    fake_http(fake, URL, 200, "<html>");
    assert_false(ask(fake, NULL, &text, &err));
    assert_int_equal(err.code, CC_E_BAD_ANSWER);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FAKE_WORLD(all_pages_are_read_and_only_active_accounts_listed),
        IN_FAKE_WORLD(each_partition_has_its_endpoint),
        IN_FAKE_WORLD(a_list_without_an_end_is_an_error_that_names_the_limit),
        IN_FAKE_WORLD(a_denial_and_an_answer_that_is_no_json_are_errors),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
