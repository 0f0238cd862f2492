#include "credctl/base/url.h"

#include "support/test.h"

static struct cc_arena mem;

static int wipe(void **state)
{
    (void)state;
    cc_arena_wipe(&mem);
    return 0;
}

static struct cc_url parsed(const char *text)
{
    struct cc_url url;
    struct cc_error err = {0};

    if (!cc_url_parse(&mem, text, "AWS_ENDPOINT_URL", &url, &err)) {
        fail_msg("%s: %s", text, err.why);
    }
    return url;
}

static void refused(const char *text)
{
    struct cc_url url = {.port = -7};
    struct cc_error err = {0};

    if (cc_url_parse(&mem, text, "AWS_ENDPOINT_URL", &url, &err)) {
        fail_msg("%s was taken: host %s", text, url.host);
    }
    assert_int_equal(err.code, CC_E_CONFIG);
    assert_non_null(strstr(err.what, "AWS_ENDPOINT_URL"));
    assert_true(err.why[0] != '\0');
    assert_string_equal(err.fix, "correct the setting named above");
    assert_int_equal(url.port, -7);
}

static void a_url_has_the_parts_that_were_written(void **state)
{
    (void)state;
    struct cc_url url = parsed("HTTPS://STS.Amazonaws.com:8443/a/../b?x=1&y#frag");

    assert_true(url.https);
    assert_string_equal(url.host, "sts.amazonaws.com");
    assert_int_equal(url.port, 8443);
    assert_true(url.port_given);
    assert_string_equal(url.path, "/a/../b");
    assert_string_equal(url.query, "x=1&y");
    assert_string_equal(url.origin, "https://sts.amazonaws.com:8443");
    assert_false(url.ipv4 || url.ipv6);
}

static void what_is_not_written_has_its_default(void **state)
{
    (void)state;
    struct cc_url url = parsed("http://localhost");

    assert_int_equal(url.port, 80);
    assert_false(url.port_given);
    assert_string_equal(url.path, "/");
    assert_null(url.query);
    assert_string_equal(url.origin, "http://localhost");
    assert_int_equal(parsed("https://h").port, 443);
    assert_string_equal(parsed("https://h?").query, "");
    assert_string_equal(parsed("https://h#x?y").path, "/");
    assert_null(parsed("https://h#x?y").query);
}

static void ports_are_1_to_65535(void **state)
{
    (void)state;
    assert_int_equal(parsed("http://h:1/").port, 1);
    assert_int_equal(parsed("http://h:65535/").port, 65535);
    refused("http://h:0/");
    refused("http://h:65536/");
    refused("http://h:99999/");
    refused("http://h:000080/");
    refused("http://h:/");
    refused("http://h:80x/");
    refused("http://h:-1/");
    refused("http://h:+80/");
    refused("http://h:80:80/");
    refused("http://[::1]80/");
}

static void user_information_cannot_hide_the_host(void **state)
{
    (void)state;
    refused("http://127.0.0.1:80@evil.example/");
    refused("http://user@h/");
    refused("http://@h/");
    refused("http://127.0.0.1\\@evil.example/");
    refused("http://127.0.0.1%40evil.example/");
    assert_string_equal(parsed("http://h/@evil").host, "h");
    assert_string_equal(parsed("http://h?@evil").host, "h");
    assert_string_equal(parsed("http://h#@evil").host, "h");
}

static void only_http_and_https_are_urls_here(void **state)
{
    (void)state;
    refused("");
    refused("h");
    refused("//h/");
    refused("http:/h");
    refused("http:h");
    refused("ftp://h/");
    refused("file:///etc/passwd");
    refused(" http://h/");
    refused("javascript:http://h/");
}

static void a_host_is_never_empty_or_odd(void **state)
{
    (void)state;
    refused("http://");
    refused("http:///etc/passwd");
    refused("http://:80/");
    refused("http://?x");
    refused("http://.");
    refused("http://.h/");
    refused("http://a..b/");
    refused("http://a b/");
    refused("http://a\tb/");
    refused("http://a\r\nX: y/");
    refused("http://h\xc3\xb6st/");
    refused("http://\xef\xbc\x91\xef\xbc\x92\xef\xbc\x97.0.0.1/"); /* full-width digits */
    refused("http://169.254.169.254\xe3\x80\x82/");
    refused("http://h%00/");
    refused("http://h{x}/");
    refused("http://h/\x7f");
    refused("http://h/|");
}

static void an_ipv4_address_has_one_spelling(void **state)
{
    (void)state;
    static const char *const others[] = {
        "http://2130706433/", "http://0x7f000001/",  "http://0x7f.1/",     "http://0X7F.0.0.1/",
        "http://127.1/",      "http://127.0.1/",     "http://0177.0.0.1/", "http://017700000001/",
        "http://127.0.0.01/", "http://127.0.0.256/", "http://127.0.0.1./", "http://1.2.3.4.5/",
        "http://evil.0x1/",   "http://evil.1/",      "http://0x/",         "http://0/"};

    for (size_t i = 0; i < CC_COUNT(others); i++) {
        refused(others[i]);
    }
    assert_true(parsed("http://127.0.0.1/").ipv4);
    assert_true(parsed("http://169.254.170.2:51678/v2").ipv4);
}

static void a_name_that_begins_like_an_address_is_a_name(void **state)
{
    (void)state;
    assert_false(parsed("http://169.254.170.2.evil.example/").ipv4);
    assert_false(parsed("http://127.0.0.1.nip.io/").ipv4);
    assert_false(parsed("http://127.evil.example/").ipv4);
    assert_false(parsed("http://1e3.example./").ipv4);
    assert_false(parsed("http://sts.us-east-1.amazonaws.com/").ipv4);
}

static void an_ipv6_address_is_told_in_its_shortest_form(void **state)
{
    (void)state;
    struct cc_url url = parsed("http://[FD00:EC2:0:0::254]:80/x");

    assert_true(url.ipv6);
    assert_string_equal(url.host, "fd00:ec2::254");
    assert_string_equal(url.origin, "http://[fd00:ec2::254]:80");
    assert_string_equal(parsed("http://[0:0:0:0:0:0:0:1]").host, "::1");
    assert_string_equal(parsed("http://[::ffff:7f00:1]").host, "::ffff:127.0.0.1");
}

static void a_broken_ipv6_address_is_refused(void **state)
{
    (void)state;
    refused("http://[::1");
    refused("http://::1/");
    refused("http://[]/");
    refused("http://[:]/");
    refused("http://[:::]/");
    refused("http://[1]/");
    refused("http://[127.0.0.1]/");
    refused("http://[::1%25lo]/");
    refused("http://[::1%lo]/");
    refused("http://[fe80::1%25eth0]:80/");
    refused("http://[::1]@evil/");
    refused("http://[::1].evil/");
    refused("http://[v1.x]/");
    refused("http://[::g]/");
    refused("http://[1:2:3:4:5:6:7:8:9]/");
}

static void a_url_is_at_most_4096_bytes(void **state)
{
    (void)state;
    char text[5000] = "http://h/";

    memset(text + 9, 'a', 4096 - 9);
    assert_int_equal(strlen(parsed(text).path), 4096 - 8);
    memset(text + 9, 'a', 4097 - 9);
    refused(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_url_has_the_parts_that_were_written),
        cmocka_unit_test(what_is_not_written_has_its_default),
        cmocka_unit_test(ports_are_1_to_65535),
        cmocka_unit_test(user_information_cannot_hide_the_host),
        cmocka_unit_test(only_http_and_https_are_urls_here),
        cmocka_unit_test(a_host_is_never_empty_or_odd),
        cmocka_unit_test(an_ipv4_address_has_one_spelling),
        cmocka_unit_test(a_name_that_begins_like_an_address_is_a_name),
        cmocka_unit_test(an_ipv6_address_is_told_in_its_shortest_form),
        cmocka_unit_test(a_broken_ipv6_address_is_refused),
        cmocka_unit_test(a_url_is_at_most_4096_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, wipe);
}
