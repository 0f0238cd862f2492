#include "credctl/serve/tokens.h"

#include "support/test.h"

static struct cc_secret issue(struct cc_tokens *tokens, unsigned number, int64_t seconds)
{
    unsigned char random[CC_TOKEN_RANDOM] = {0};

    memcpy(random, &number, sizeof(number));
    return cc_tokens_issue(tokens, random, 1000, seconds, 50);
}

static void a_token_is_good_for_its_user_until_its_end(void **state)
{
    struct cc_tokens tokens = {0};
    struct cc_secret token = issue(&tokens, 1, 10);

    (void)state;
    assert_true(cc_tokens_valid(&tokens, token, 1000, 50));
    assert_true(cc_tokens_valid(&tokens, token, 1000, 59));
    assert_false(cc_tokens_valid(&tokens, token, 1000, 60));
    assert_false(cc_tokens_valid(&tokens, token, 1001, 50));
}

static void nothing_else_is_a_token(void **state)
{
    struct cc_tokens tokens = {0};

    (void)state;
    assert_false(cc_tokens_valid(&tokens, (struct cc_secret){""}, 0, 0));
    assert_false(cc_tokens_valid(&tokens, (struct cc_secret){NULL}, 0, 0));
    (void)issue(&tokens, 1, 10);
    assert_false(cc_tokens_valid(&tokens, (struct cc_secret){""}, 1000, 50));
    assert_false(cc_tokens_valid(&tokens, (struct cc_secret){"AQ"}, 1000, 50));
}

static void a_full_store_forgets_the_one_that_ends_first(void **state)
{
    struct cc_tokens tokens = {0};
    struct cc_arena mem = {0};
    struct cc_secret first;
    struct cc_secret second;

    (void)state;
    first = cc_secret_keep(&mem, issue(&tokens, 0, 100).hidden);
    second = cc_secret_keep(&mem, issue(&tokens, 1, 200).hidden);
    for (unsigned i = 2; i < CC_TOKENS_MAX; i++) {
        (void)issue(&tokens, i, 1000);
    }
    assert_true(cc_tokens_valid(&tokens, first, 1000, 50));
    (void)issue(&tokens, CC_TOKENS_MAX, 1000);
    assert_false(cc_tokens_valid(&tokens, first, 1000, 50));
    assert_true(cc_tokens_valid(&tokens, second, 1000, 50));
    cc_arena_wipe(&mem);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_token_is_good_for_its_user_until_its_end),
        cmocka_unit_test(nothing_else_is_a_token),
        cmocka_unit_test(a_full_store_forgets_the_one_that_ends_first),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
