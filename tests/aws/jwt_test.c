#include "credctl/aws/jwt.h"

#include "credctl/base/text.h"

#include "../support/test.h"

static bool parse(struct fake *fake, const char *text, struct cc_jwt *jwt, struct cc_error *err)
{
    return cc_jwt_parse(&fake->run.mem, text, strlen(text), "a test", jwt, err);
}

static const char *with(struct fake *fake, const char *claims)
{
    return cc_textf(&fake->mem, "e30.%s.c2ln\n",
                    cc_text_base64url(&fake->mem, (const unsigned char *)claims, strlen(claims)));
}

static void claims_are_read(void **state)
{
    struct fake *fake = *state;
    struct cc_jwt jwt;
    struct cc_error err;

    assert_true(parse(fake,
                      with(fake, "{\"iss\":\"https://i\",\"sub\":\"s\",\"exp\":1900000000,"
                                 "\"aud\":[\"a\",\"b\"]}"),
                      &jwt, &err));
    assert_string_equal(jwt.issuer, "https://i");
    assert_string_equal(jwt.subject, "s");
    assert_int_equal(jwt.expires, 1900000000);
    assert_true(cc_jwt_is_for(&jwt, "b"));
    assert_false(cc_jwt_is_for(&jwt, "c"));
}

static void an_audience_may_be_one_text(void **state)
{
    struct fake *fake = *state;
    struct cc_jwt jwt;
    struct cc_error err;

    assert_true(parse(fake, with(fake, "{\"aud\":\"a\"}"), &jwt, &err));
    assert_true(cc_jwt_is_for(&jwt, "a"));
    assert_null(jwt.issuer);
}

static void what_is_no_token_is_refused_without_showing_it(void **state)
{
    struct fake *fake = *state;
    const char *const texts[] = {
        "",
        "abc.def",
        "a.!!!!.c",
        "a.e30.c.d",
        "..",
        with(fake, "[1]"),
        with(fake, "{\"iss\":\"a\",\"iss\":\"b\"}"),
        with(fake,
             "{\"x\":[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]}"),
        with(fake, CANARY),
    };

    for (size_t i = 0; i < CC_COUNT(texts); i++) {
        struct cc_jwt jwt;
        struct cc_error err;

        assert_false(parse(fake, texts[i], &jwt, &err));
        assert_int_equal(err.code, CC_E_TOKEN_FILE);
        assert_null(strstr(err.why, CANARY));
    }
}

static void control_characters_of_a_claim_are_not_passed_on(void **state)
{
    struct fake *fake = *state;
    struct cc_jwt jwt;
    struct cc_error err;

    assert_true(parse(fake, with(fake, "{\"iss\":\"a\\u001b[31m\"}"), &jwt, &err));
    assert_string_equal(jwt.issuer, "a?[31m");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FAKE_WORLD(claims_are_read),
        IN_FAKE_WORLD(an_audience_may_be_one_text),
        IN_FAKE_WORLD(what_is_no_token_is_refused_without_showing_it),
        IN_FAKE_WORLD(control_characters_of_a_claim_are_not_passed_on),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
