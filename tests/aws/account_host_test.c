#include "credctl/aws/operations.h"

#include "support/test.h"

#define PATH "/v20180820/configuration/publicAccessBlock"

static const struct cc_keys keys = {
    .access_key_id = "AKID", .secret_key = {CANARY}, .expires = CC_NEVER_EXPIRES};
static struct cc_settings settings;

static bool ask_for(struct fake *fake, const char *account, const char *endpoint,
                    struct cc_error *err)
{
    const struct cc_param params[] = {{"AccountId", account}, {0}};
    struct cc_ask_end end = {.items = 1, .more = true, .next = "stale"};
    const struct cc_ask ask = {.operation = &cc_op_s3_control_get_public_access_block,
                               .settings = &settings,
                               .by = &keys,
                               .region = "eu-west-1",
                               .params = params,
                               .end = &end};
    struct cc_answer answer;

    settings = (struct cc_settings){.max_attempts = 1, .given.endpoint_url = endpoint};
    const bool ok = cc_ask_now(&fake->run, &ask, &answer, err);
    assert_false(end.more);
    assert_null(end.next);
    return ok;
}

static void the_account_is_in_the_host_and_in_a_signed_header(void **state)
{
    static const struct {
        const char *endpoint; /* configured; or NULL */
        const char *url;
    } rows[] = {
        {NULL, "https://111122223333.s3-control.eu-west-1.amazonaws.com" PATH},
        {"http://127.0.0.1:5000", "http://127.0.0.1:5000" PATH},
    };
    struct fake *fake = *state;

    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        struct cc_error err;

        fake_http(fake, rows[i].url, 200, "<PublicAccessBlockConfiguration/>");
        assert_true(ask_for(fake, "111122223333", rows[i].endpoint, &err));
        assert_non_null(strstr(fake->sent[i].headers, "x-amz-account-id: 111122223333\n"));
        assert_non_null(strstr(fake->sent[i].headers, "x-amz-account-id;"));
        assert_non_null(strstr(fake->sent[i].headers, "/eu-west-1/s3/aws4_request"));
    }
}

static void what_is_not_an_account_is_not_sent(void **state)
{
    static const char *const bad[] = {NULL, "", "evil.example", "111122223333/", "11112222333"};
    struct fake *fake = *state;

    for (size_t i = 0; i < CC_COUNT(bad); i++) {
        struct cc_error err;

        assert_false(ask_for(fake, bad[i], NULL, &err));
        assert_int_equal(err.code, CC_E_BAD_ANSWER);
        assert_string_equal(err.why, "its AccountId is not usable in a URL");
    }
    assert_int_equal(fake->sent_count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FAKE_WORLD(the_account_is_in_the_host_and_in_a_signed_header),
        IN_FAKE_WORLD(what_is_not_an_account_is_not_sent),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
