#include "credctl/aws/hide.h"

#include "credctl/base/text.h"

#include "support/test.h"

static bool hidden(struct fake *fake, const char *text, const char *secret)
{
    const struct cc_secret secrets[] = {{NULL}, {""}, {secret}};
    const char *shown = cc_hide(&fake->mem, text, secrets, CC_COUNT(secrets));

    assert_true(shown == text || strstr(shown, secret) == NULL);
    return shown != text;
}

#define LONG "IQoJb3JpZ2luX2VjEXAMPLE+/abcdefghijklmnopqrstuvwxyz0123456789=="

static void what_holds_a_secret_is_not_shown(void **state)
{
    static const struct {
        const char *text;
        const char *secret;
    } rows[] = {
        {"token abcdef is unknown", "abcdef"},
        {"{\"got\":\"x-y-z-secret\"}", "x-y-z-secret"},
        {"abcdefghijklmnopqrst is not known", "Bearer abcdefghijklmnopqrst"},
        {"you sent " LONG, LONG},
        {"you sent X2VjEXAMPLE+/abcdefghijklmno ...", LONG},    /* a piece of it */
        {"body: Token=X2VjEXAMPLE%2B%2Fabcdefghijklmno", LONG}, /* as forms have it */
        {"id=a%2Fb%20c%2Fd", "a/b c/d"},
        {"id=%61%62%63%64%65%66", "abcdef"},
        {"Basic dXNlcjp4LXktei1zZWNyZXQ=", "x-y-z-secret"}, /* base64 of user:x-y-z-secret */
        {"got eC15LXotc2VjcmV0", "x-y-z-secret"},
        {"got fn5+fn5/fn9/", "~~~~~\x7f~\x7f\x7f"},
        {"got fn5-fn5_fn9_", "~~~~~\x7f~\x7f\x7f"},
        {"got 782D792D7A2D736563726574", "x-y-z-secret"},
        {"code 1234 is wrong", "1234"},
        {"1234", "1234"},
    };

    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        if (!hidden(*state, rows[i].text, rows[i].secret)) {
            fail_msg("shown: %s", rows[i].text);
        }
    }
}

static void what_holds_none_is_shown_as_it_is(void **state)
{
    static const struct {
        const char *text;
        const char *secret;
    } rows[] = {
        {"a Bearer token is required", "Bearer abcdefghijklmnopqrst"},
        {"User: arn:aws:iam::111122223333:user/u is not authorized", LONG},
        {"role ab12345c", "1234"}, /* by chance, in a longer word */
        {"12345", "1234"},
        {"", "abcdef"},
        {"anything", ""},
    };

    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        if (hidden(*state, rows[i].text, rows[i].secret)) {
            fail_msg("hidden: %s", rows[i].text);
        }
    }
    assert_null(cc_hide(&((struct fake *)*state)->mem, NULL, &(struct cc_secret){"x"}, 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FAKE_WORLD(what_holds_a_secret_is_not_shown),
        IN_FAKE_WORLD(what_holds_none_is_shown_as_it_is),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
