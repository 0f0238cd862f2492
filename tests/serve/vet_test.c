#include "credctl/serve/vet.h"

#include "support/test.h"

static int ask(const struct cc_vet *vet, const char *host, const char *name)
{
    struct cc_head head = {.host = host, .count = 2};
    const char *why = NULL;

    head.fields[0] = (struct cc_field){"Host", host};
    head.fields[1] = (struct cc_field){name, "x"};
    return cc_vet_request(vet, &head, &why);
}

static void only_the_hosts_it_listens_as_are_served(void **state)
{
    struct fake *fake = *state;
    struct cc_vet vet;

    cc_vet_hosts(&fake->run.mem, "127.0.0.1:8000", 8000, false, &vet);
    assert_int_equal(ask(&vet, "127.0.0.1:8000", "Accept"), 0);
    assert_int_equal(ask(&vet, "LOCALHOST:8000", "Accept"), 0);
    assert_int_equal(ask(&vet, "127.0.0.1", "Accept"), 403);
    assert_int_equal(ask(&vet, "127.0.0.1:8000.", "Accept"), 403);
    assert_int_equal(ask(&vet, "127.0.0.1:80001", "Accept"), 403);
    assert_int_equal(ask(&vet, "x@127.0.0.1:8000", "Accept"), 403);
    assert_int_equal(ask(&vet, "evil.example:8000", "Accept"), 403);
}

static void port_80_need_not_be_written(void **state)
{
    struct fake *fake = *state;
    struct cc_vet vet;

    cc_vet_hosts(&fake->run.mem, "169.254.169.254:80", 80, false, &vet);
    assert_int_equal(ask(&vet, "169.254.169.254", "Accept"), 0);
    assert_int_equal(ask(&vet, "169.254.169.254:80", "Accept"), 0);
    assert_int_equal(ask(&vet, "169.254.169.25", "Accept"), 403);
}

static void on_all_addresses_a_name_is_refused_but_localhost(void **state)
{
    struct fake *fake = *state;
    struct cc_vet vet;

    cc_vet_hosts(&fake->run.mem, "0.0.0.0:8000", 8000, true, &vet);
    assert_int_equal(ask(&vet, "10.1.2.3:8000", "Accept"), 0);
    assert_int_equal(ask(&vet, "[fd00::1]:8000", "Accept"), 0);
    assert_int_equal(ask(&vet, "10.1.2.3:8001", "Accept"), 403);
    assert_int_equal(ask(&vet, "10.1.2.3", "Accept"), 403);
    assert_int_equal(ask(&vet, "dead.beef:8000", "Accept"), 403);
    assert_int_equal(ask(&vet, "[evil]:8000", "Accept"), 403);
    assert_int_equal(ask(&vet, ":8000", "Accept"), 403);
}

static void what_browsers_and_proxies_add_is_refused_in_any_case(void **state)
{
    static const char *const foreign[] = {"origin",         "REFERER",    "Cookie",
                                          "sec-fetch-mode", "Via",        "x-forwarded-for",
                                          "Forwarded",      "Sec-Fetch-", "X-Forwarded-Host"};
    struct fake *fake = *state;
    struct cc_vet vet;

    cc_vet_hosts(&fake->run.mem, "/run/s", 0, false, &vet);
    assert_int_equal(ask(&vet, "localhost", "User-Agent"), 0);
    assert_int_equal(ask(&vet, "localhost", "Origins"), 0);
    for (size_t i = 0; i < CC_COUNT(foreign); i++) {
        assert_int_equal(ask(&vet, "localhost", foreign[i]), 403);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FAKE_WORLD(only_the_hosts_it_listens_as_are_served),
        IN_FAKE_WORLD(port_80_need_not_be_written),
        IN_FAKE_WORLD(on_all_addresses_a_name_is_refused_but_localhost),
        IN_FAKE_WORLD(what_browsers_and_proxies_add_is_refused_in_any_case),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
