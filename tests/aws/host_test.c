#include "credctl/aws/host.h"

#include "../support/test.h"

static void a_token_may_go_to_the_agents_and_to_loopback(void **state)
{
    static const char *const urls[][2] = {
        {"http://169.254.170.2/x", "169.254.170.2"},
        {"http://169.254.170.23/v1/credentials", "169.254.170.23"},
        {"http://[fd00:ec2::23]/v1/credentials", "fd00:ec2::23"},
        {"http://[FD00:EC2:0::23]/v1", "fd00:ec2::23"},
        {"http://127.1.2.3:9001/x", "127.1.2.3"},
        {"http://[::1]/x", "::1"},
        {"http://localhost:1338/x", "127.0.0.1"},
    };
    struct fake *fake = *state;
    struct cc_error err = {0};

    for (size_t i = 0; i < CC_COUNT(urls); i++) {
        const char *address = NULL;

        assert_true(cc_host_judge(&fake->run, urls[i][0], "a test", &address, &err));
        assert_string_equal(address, urls[i][1]);
    }
}

static void a_token_never_goes_to_a_far_host_in_the_clear(void **state)
{
    static const char *const urls[] = {
        "http://203.0.113.7/x",     "http://169.254.169.254/x",     "http://169.254.170.20/x",
        "http://[fd00:ec2::254]/x", "http://[::ffff:203.0.113.7]/", "http://128.0.0.1/x",
    };
    struct fake *fake = *state;
    struct cc_error err = {0};

    for (size_t i = 0; i < CC_COUNT(urls); i++) {
        const char *address = NULL;

        assert_false(cc_host_judge(&fake->run, urls[i], "a test", &address, &err));
        assert_int_equal(err.code, CC_E_UNSAFE_HOST);
        assert_non_null(strstr(err.fix, "https"));
    }
}

static void https_may_go_anywhere_without_a_look_up(void **state)
{
    struct fake *fake = *state;
    struct cc_error err = {0};
    const char *address = "untouched";

    assert_true(cc_host_judge(&fake->run, "https://example.com/x", "a test", &address, &err));
    assert_null(address);
}

static void a_name_is_allowed_only_when_all_its_addresses_are(void **state)
{
    struct fake *fake = *state;
    struct cc_error err = {0};
    const char *address = NULL;

    fake_resolves(fake, "agent.example", "127.0.0.1 169.254.170.2");
    fake_resolves(fake, "mixed.example", "127.0.0.1 203.0.113.7");
    assert_true(cc_host_judge(&fake->run, "http://agent.example/x", "a test", &address, &err));
    assert_string_equal(address, "127.0.0.1");
    assert_false(cc_host_judge(&fake->run, "http://mixed.example/x", "a test", &address, &err));
    assert_int_equal(err.code, CC_E_UNSAFE_HOST);
    assert_false(cc_host_judge(&fake->run, "http://nowhere.example/", "a test", &address, &err));
    assert_int_equal(err.code, CC_E_DNS);
}

static void what_stands_before_an_at_sign_is_no_host(void **state)
{
    struct fake *fake = *state;
    struct cc_error err = {0};
    const char *address = NULL;

    assert_false(
        cc_host_judge(&fake->run, "http://127.0.0.1@203.0.113.7/", "a test", &address, &err));
    assert_int_equal(err.code, CC_E_CONFIG);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FAKE_WORLD(a_token_may_go_to_the_agents_and_to_loopback),
        IN_FAKE_WORLD(a_token_never_goes_to_a_far_host_in_the_clear),
        IN_FAKE_WORLD(https_may_go_anywhere_without_a_look_up),
        IN_FAKE_WORLD(a_name_is_allowed_only_when_all_its_addresses_are),
        IN_FAKE_WORLD(what_stands_before_an_at_sign_is_no_host),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
