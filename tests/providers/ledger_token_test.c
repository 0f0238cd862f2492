#include "credctl/base/text.h"

#include "support/search.h"

static const char *token_of(struct fake *fake, const char *claims)
{
    return cc_textf(&fake->mem, "h.%s.s",
                    cc_text_base64url(&fake->mem, (const unsigned char *)claims, strlen(claims)));
}

static const char *identity_of(struct fake *fake, const char *claims)
{
    const char *token = token_of(fake, claims);

    return cc_token_identity(&fake->mem, token, strlen(token)).text;
}

static void a_token_that_was_issued_anew_is_of_the_same_identity(void **state)
{
    struct fake *fake = *state;
    const char *one = identity_of(
        fake,
        "{\"iss\":\"i\",\"exp\":1,\"aud\":[\"a\",\"b\"],\"iat\":2,\"nbf\":3,\"jti\":\"x,}\\\"\","
        "\"kubernetes.io\":{\"pod\":{\"name\":\"p\"},\"warnafter\":4}}");
    const char *two = identity_of(
        fake,
        "{ \"iss\":\"i\", \"exp\" : 9, \"aud\":[\"a\",\"b\"],\"iat\":8,\"nbf\":7,\"jti\":\"y\","
        "\"kubernetes.io\":{\"pod\":{\"name\":\"p\"},\"warnafter\":6}}");

    assert_string_equal(one, two);
    assert_non_null(strstr(one, "\"pod\":{\"name\":\"p\"}"));
}

static void every_other_claim_counts(void **state)
{
    static const char *const tokens[] = {
        "{\"iss\":\"i\",\"sub\":\"s\"}",
        "{\"iss\":\"j\",\"sub\":\"s\"}",
        "{\"iss\":\"i\",\"sub\":\"t\"}",
        "{\"iss\":\"i\",\"sub\":\"s\",\"azp\":\"a\"}",
        "{\"iss\":\"i\",\"sub\":\"s\",\"amr\":[\"x\"]}",
        "{\"iss\":\"i\",\"sub\":\"s\",\"amr\":[\"y\"]}",
        "{\"iss\":\"i\",\"sub\":\"s\",\"act\":{\"sub\":\"x\"}}",
        "{\"iss\":\"i\",\"sub\":\"s\",\"act\":{\"sub\":\"x\",\"exp\":1}}",
        "{\"iss\":\"i\",\"sub\":\"s\",\"act\":{\"sub\":\"x\",\"exp\":2}}",
        "{\"iss\":\"i\",\"sub\":\"s\",\"https://aws.amazon.com/source_identity\":\"x\"}",
        "{\"iss\":\"i\",\"sub\":\"s\",\"https://aws.amazon.com/tags/principal_tags/t\":[\"x\"]}",
        "{\"iss\":\"i\",\"sub\":\"s\",\"n\":9007199254740992}",
        "{\"iss\":\"i\",\"sub\":\"s\",\"n\":9007199254740993}",
        "{\"iss\":\"i\",\"sub\":\"s\",\"warnafter\":1}",
        "{\"iss\":\"i\",\"sub\":\"s\",\"kubernetes.io\":{\"jti\":\"1\"}}",
        "{\"iss\":\"i\",\"sub\":\"s\",\"\\u0065xp\":1}",
        "[\"iss\"]",
    };
    struct fake *fake = *state;

    for (size_t i = 0; i < CC_COUNT(tokens); i++) {
        for (size_t k = 0; k < i; k++) {
            assert_string_not_equal(identity_of(fake, tokens[i]), identity_of(fake, tokens[k]));
        }
    }
}

static void a_token_that_is_not_a_jwt_counts_as_it_stands(void **state)
{
    struct fake *fake = *state;
    static const char *const tokens[] = {"opaque", "a.b.c", "e30.e30", "h.e30.s.t", ""};

    for (size_t i = 0; i < CC_COUNT(tokens); i++) {
        struct cc_bytes identity = cc_token_identity(&fake->mem, tokens[i], strlen(tokens[i]));

        assert_int_equal(identity.len, strlen(tokens[i]));
        assert_string_equal(identity.text, tokens[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FAKE_WORLD(a_token_that_was_issued_anew_is_of_the_same_identity),
        IN_FAKE_WORLD(every_other_claim_counts),
        IN_FAKE_WORLD(a_token_that_is_not_a_jwt_counts_as_it_stands),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
