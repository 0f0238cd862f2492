#include "credctl/aws/sigv4.h"

#include "credctl/base/text.h"

#include "support/test.h"

static const struct cc_sign_header only_host[] = {{"Host", "example.amazonaws.com"}, {0}};

static const struct cc_keys keys = {
    .access_key_id = "AKIDEXAMPLE",
    .secret_key = {"wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"},
    .expires = CC_NEVER_EXPIRES,
};

static struct cc_sign request(void)
{
    return (struct cc_sign){
        .method = "GET",
        .path = "/",
        .headers = only_host,
        .region = "us-east-1",
        .service = "service",
        .at = 1440938160, /* 2015-08-30T12:36:00Z */
        .keys = &keys,
        .expires = 3600,
        .normalize = true,
        .encode_twice = true,
    };
}

static struct cc_signed made(struct fake *fake, const struct cc_sign *sign)
{
    struct cc_signed out;
    struct cc_error err;

    assert_true(cc_sigv4(&fake->run.mem, sign, &out, &err));
    return out;
}

/* The line of the canonical request that holds the path (1) or the query (2). */
static const char *line(struct fake *fake, const struct cc_signed *out, int number)
{
    const char *at = out->canonical;

    for (int i = 0; i < number; i++) {
        at += strcspn(at, "\n") + 1;
    }
    return cc_text_dup(&fake->run.mem, at, strcspn(at, "\n"));
}

static void the_documented_example_is_signed_as_documented(void **state)
{
    struct cc_sign sign = request();
    struct cc_signed out = made(*state, &sign);

    assert_string_equal(out.signature,
                        "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31");
    assert_string_equal(out.signed_headers, "host;x-amz-date");
    assert_string_equal(out.date, "20150830T123600Z");
    assert_string_equal(cc_secret_reveal(out.authorization),
                        "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/"
                        "aws4_request, SignedHeaders=host;x-amz-date, Signature="
                        "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31");
}

static void a_path_is_normalized_and_encoded_once_more(void **state)
{
    static const struct {
        const char *path;
        const char *canonical;
    } rows[] = {
        {"", "/"},
        {"/a/../..//b/./c", "/b/c"},
        {"/../../x", "/x"},
        {"/a/.", "/a"},
        {"/a/b/", "/a/b/"},
        {"/a%20b/c+d", "/a%2520b/c%2Bd"},
        {"/.../..a", "/.../..a"},
        {"/\xc3\xa9", "/%C3%A9"},
    };

    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        struct cc_sign sign = request();

        sign.path = rows[i].path;
        struct cc_signed out = made(*state, &sign);
        assert_string_equal(line(*state, &out, 1), rows[i].canonical);
    }
}

static void a_path_for_s3_stays_as_it_is(void **state)
{
    struct cc_sign sign = request();

    sign.path = "/a//./b%20c";
    sign.normalize = false;
    sign.encode_twice = false;
    struct cc_signed out = made(*state, &sign);
    assert_string_equal(line(*state, &out, 1), "/a//./b%20c");
}

static void a_query_is_decoded_encoded_and_sorted(void **state)
{
    static const struct {
        const char *query;
        const char *canonical;
    } rows[] = {
        {"b=2&a=1&B=3", "B=3&a=1&b=2"},
        {"a=2&a=1&a-b=0&a=10", "a=1&a=10&a=2&a-b=0"},
        {"flag&x=", "flag=&x="},
        {"a=1=2", "a=1%3D2"},
        {"a=%2f%2F/&b=%7e", "a=%2F%2F%2F&b=~"},
        {"a=x+y&b=x%20y", "a=x%2By&b=x%20y"},
        {"a=%00%zz%4", "a=%00%25zz%254"},
        {"&&a=1&", "a=1"},
        {"\xe1\x88\xb4=bar", "%E1%88%B4=bar"},
    };

    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        struct cc_sign sign = request();

        sign.query = rows[i].query;
        struct cc_signed out = made(*state, &sign);
        assert_string_equal(line(*state, &out, 2), rows[i].canonical);
    }
}

static void headers_are_folded_joined_and_sorted(void **state)
{
    static const struct cc_sign_header headers[] = {{"X-Zeta", "z"},
                                                    {"HOST", "example.amazonaws.com"},
                                                    {"My", "  b   c\n   d  "},
                                                    {"User-Agent", "ignored"},
                                                    {"my", "a"},
                                                    {"X-Amz-Date", "another"},
                                                    {"Empty", "  "},
                                                    {"My-", "1"},
                                                    {0}};
    struct cc_sign sign = request();

    sign.headers = headers;
    struct cc_signed out = made(*state, &sign);
    assert_string_equal(out.signed_headers, "empty;host;my;my-;x-amz-date;x-zeta");
    assert_non_null(strstr(out.canonical, "\nempty:\nhost:example.amazonaws.com\nmy:b c d,a\n"
                                          "my-:1\nx-amz-date:20150830T123600Z\nx-zeta:z\n\n"));
}

static void a_token_is_signed_unless_it_comes_after(void **state)
{
    struct cc_keys with_token = keys;
    struct cc_sign sign = request();

    with_token.session_token = (struct cc_secret){CANARY};
    sign.keys = &with_token;
    struct cc_signed before = made(*state, &sign);
    sign.token_after = true;
    struct cc_signed after = made(*state, &sign);
    assert_string_equal(before.signed_headers, "host;x-amz-date;x-amz-security-token");
    assert_string_equal(after.signed_headers, "host;x-amz-date");
    assert_null(strstr(after.canonical, CANARY));
    assert_string_equal(after.signature,
                        "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31");
}

static void a_presigned_query_holds_everything(void **state)
{
    struct cc_keys with_token = keys;
    struct cc_sign sign = request();

    with_token.session_token = (struct cc_secret){"t/1"};
    sign.keys = &with_token;
    sign.presign = true;
    sign.query = "Action=x";
    struct cc_signed out = made(*state, &sign);
    assert_false(cc_secret_present(out.authorization));
    assert_true(cc_text_starts(
        cc_secret_reveal(out.query),
        "Action=x&X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIDEXAMPLE%2F20150830%2F"
        "us-east-1%2Fservice%2Faws4_request&X-Amz-Date=20150830T123600Z&X-Amz-SignedHeaders=host&"
        "X-Amz-Expires=3600&X-Amz-Security-Token=t%2F1&X-Amz-Signature="));
    assert_non_null(strstr(out.canonical, "X-Amz-Security-Token=t%2F1"));
    sign.token_after = true;
    struct cc_signed after = made(*state, &sign);
    assert_null(strstr(after.canonical, "Token"));
    assert_non_null(strstr(cc_secret_reveal(after.query), "X-Amz-Security-Token=t%2F1"));
}

static void the_payload_is_hashed_when_asked(void **state)
{
    struct cc_sign sign = request();

    sign.body = "Param1=value1";
    sign.body_len = strlen(sign.body);
    assert_true(cc_text_starts(made(*state, &sign).content_hash, "e3b0c442"));
    sign.hash_body = true;
    sign.add_content_hash = true;
    struct cc_signed hashed = made(*state, &sign);
    assert_string_equal(hashed.content_hash,
                        "9095672bbd1f56dfc5b65f3e153adc8731a4a654192329106275f4c7b24d0b6e");
    assert_string_equal(hashed.signed_headers, "host;x-amz-content-sha256;x-amz-date");
    sign.unsigned_payload = true;
    assert_string_equal(made(*state, &sign).content_hash, "UNSIGNED-PAYLOAD");
}

static void a_long_secret_key_is_hashed_first(void **state)
{
    struct cc_keys long_key = keys;
    struct cc_sign sign = request();

    /* The signature is botocore's. */
    long_key.secret_key = (struct cc_secret){
        "0123456789012345678901234567890123456789012345678901234567890123456789"};
    sign.keys = &long_key;
    assert_string_equal(made(*state, &sign).signature,
                        "f65c7b0554fedefac8c22bcc951d5c31846f3ff06c183ec8e1f0cf6c4378a103");
}

static void nothing_is_signed_with_half_a_key_pair(void **state)
{
    struct fake *fake = *state;
    struct cc_keys half = keys;
    struct cc_sign sign = request();
    struct cc_signed out = {.signature = "untouched"};
    struct cc_error err;

    half.secret_key = (struct cc_secret){""};
    sign.keys = &half;
    assert_false(cc_sigv4(&fake->run.mem, &sign, &out, &err));
    assert_int_equal(err.code, CC_E_HALF_SET);
    assert_string_equal(err.fix, cc_code_remedy(CC_E_HALF_SET));
    assert_string_equal(out.signature, "untouched");
}

static void a_request_that_is_too_large_is_an_error(void **state)
{
    struct fake *fake = *state;
    struct cc_sign sign = request();
    struct cc_signed out;
    struct cc_error err;
    char *path = cc_alloc(&fake->run.mem, (1 << 20) + 2);

    memset(path, '/', (1 << 20) + 1);
    sign.path = path;
    sign.normalize = false;
    assert_false(cc_sigv4(&fake->run.mem, &sign, &out, &err));
    assert_int_equal(err.code, CC_E_TOO_BIG);
    assert_string_equal(err.fix, cc_code_remedy(CC_E_TOO_BIG));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FAKE_WORLD(the_documented_example_is_signed_as_documented),
        IN_FAKE_WORLD(a_path_is_normalized_and_encoded_once_more),
        IN_FAKE_WORLD(a_path_for_s3_stays_as_it_is),
        IN_FAKE_WORLD(a_query_is_decoded_encoded_and_sorted),
        IN_FAKE_WORLD(headers_are_folded_joined_and_sorted),
        IN_FAKE_WORLD(a_token_is_signed_unless_it_comes_after),
        IN_FAKE_WORLD(a_presigned_query_holds_everything),
        IN_FAKE_WORLD(the_payload_is_hashed_when_asked),
        IN_FAKE_WORLD(a_long_secret_key_is_hashed_first),
        IN_FAKE_WORLD(nothing_is_signed_with_half_a_key_pair),
        IN_FAKE_WORLD(a_request_that_is_too_large_is_an_error),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
