#include "credctl/aws/keys.h"

#include "support/test.h"

static const struct cc_keys_shape container = {
    .access_key_id = "AccessKeyId",
    .secret_key = "SecretAccessKey",
    .session_token = "Token",
    .expiration = "Expiration",
    .account_id = "AccountId",
    .role_arn = "RoleArn",
    .expiration_required = true,
};
static const struct cc_keys_shape process = {
    .access_key_id = "AccessKeyId",
    .secret_key = "SecretAccessKey",
    .session_token = "SessionToken",
    .expiration = "Expiration",
    .any_case = true,
};
static const struct cc_keys_shape portal = {
    .access_key_id = "accessKeyId",
    .secret_key = "secretAccessKey",
    .session_token = "sessionToken",
    .expiration_ms = "expiration",
    .token_required = true,
    .expiration_required = true,
};

static bool take(struct fake *fake, const struct cc_keys_shape *shape, const char *text,
                 struct cc_keys *keys, struct cc_error *err)
{
    const cJSON *doc = NULL;

    assert_true(cc_json_parse(&fake->run.mem, text, strlen(text), "the test", &doc, err));
    return cc_keys_from_json(&fake->run.mem, doc, shape, "the answer", keys, err);
}

static void assert_bad(struct fake *fake, const struct cc_keys_shape *shape, const char *text,
                       const char *why)
{
    struct cc_keys keys = {.access_key_id = "untouched"};
    struct cc_error err;

    assert_false(take(fake, shape, text, &keys, &err));
    assert_string_equal(keys.access_key_id, "untouched");
    assert_int_equal(err.code, CC_E_BAD_KEYS);
    assert_string_equal(err.what, "the answer does not hold usable credentials");
    assert_non_null(strstr(err.why, why));
    assert_null(strstr(err.why, CANARY));
    assert_string_equal(err.fix, cc_code_remedy(CC_E_BAD_KEYS));
}

static void a_whole_document_is_taken(void **state)
{
    struct cc_keys keys;
    struct cc_error err;

    assert_true(take(*state, &container,
                     "{\"AccessKeyId\":\"ASIA1\",\"SecretAccessKey\":\"" CANARY
                     "\",\"Token\":\"t/+=\",\"Expiration\":\"2027-01-15T14:00:00Z\","
                     "\"AccountId\":\"123456789012\",\"RoleArn\":\"arn:aws:iam::1:role/r\"}",
                     &keys, &err));
    assert_string_equal(keys.access_key_id, "ASIA1");
    assert_string_equal(cc_secret_reveal(keys.secret_key), CANARY);
    assert_string_equal(cc_secret_reveal(keys.session_token), "t/+=");
    assert_int_equal(keys.expires, 1800021600);
    assert_string_equal(keys.account_id, "123456789012");
    assert_string_equal(keys.role_arn, "arn:aws:iam::1:role/r");
}

static void what_is_optional_may_be_missing_null_or_empty(void **state)
{
    struct cc_keys keys;
    struct cc_error err;

    assert_true(take(*state, &process,
                     "{\"accesskeyid\":\"A\",\"SECRETACCESSKEY\":\"s\",\"SessionToken\":null,"
                     "\"Expiration\":\"\"}",
                     &keys, &err));
    assert_false(cc_secret_present(keys.session_token));
    assert_int_equal(keys.expires, CC_NEVER_EXPIRES);
    assert_null(keys.account_id);
    assert_null(keys.role_arn);
}

static void letters_count_unless_the_shape_says_otherwise(void **state)
{
    assert_bad(*state, &container, "{\"accesskeyid\":\"A\",\"SecretAccessKey\":\"s\"}",
               "AccessKeyId is missing");
}

static void milliseconds_become_seconds(void **state)
{
    struct cc_keys keys;
    struct cc_error err;

    assert_true(take(*state, &portal,
                     "{\"accessKeyId\":\"A\",\"secretAccessKey\":\"s\",\"sessionToken\":\"t\","
                     "\"expiration\":1800021600999}",
                     &keys, &err));
    assert_int_equal(keys.expires, 1800021600);
}

static void the_member_at_fault_is_named_and_its_value_is_not(void **state)
{
    static const struct {
        const char *text;
        const char *why;
    } rows[] = {
        {"[]", "not a JSON object"},
        {"{}", "AccessKeyId is missing"},
        {"{\"AccessKeyId\":\"\"}", "AccessKeyId is empty"},
        {"{\"AccessKeyId\":7}", "AccessKeyId is not text"},
        {"{\"AccessKeyId\":\"A B\",\"SecretAccessKey\":\"s\"}", "AccessKeyId contains a blank"},
        {"{\"AccessKeyId\":\"A\"}", "SecretAccessKey is missing"},
        {"{\"AccessKeyId\":\"A\",\"SecretAccessKey\":null}", "SecretAccessKey is missing"},
        {"{\"AccessKeyId\":\"A\",\"SecretAccessKey\":\"s\",\"Token\":\"" CANARY "\\r\\nX: y\"}",
         "Token contains a line break"},
        {"{\"AccessKeyId\":\"A\",\"SecretAccessKey\":\"s\"}", "Expiration is missing"},
        {"{\"AccessKeyId\":\"A\",\"SecretAccessKey\":\"s\",\"Expiration\":1800021600}",
         "Expiration is not text"},
        {"{\"AccessKeyId\":\"A\",\"SecretAccessKey\":\"s\",\"Expiration\":\"tomorrow\"}",
         "Expiration is not a time of the form"},
    };

    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        assert_bad(*state, &container, rows[i].text, rows[i].why);
    }
}

static void a_secret_may_hold_blanks_but_has_an_end(void **state)
{
    struct fake *fake = *state;
    struct cc_keys keys;
    struct cc_error err;

    assert_true(
        take(fake, &process, "{\"AccessKeyId\":\"A\",\"SecretAccessKey\":\"a b\"}", &keys, &err));
    assert_string_equal(cc_secret_reveal(keys.secret_key), "a b");
    assert_bad(
        fake, &process,
        cc_textf(&fake->run.mem, "{\"AccessKeyId\":\"A\",\"SecretAccessKey\":\"x%2000sx\"}", ""),
        "SecretAccessKey is too long");
}

static void keys_of_every_source_are_judged_by_what_they_are(void **state)
{
    static const struct {
        const char *id;
        const char *secret;
        const char *token;
        const char *why; /* NULL: nothing is wrong */
    } rows[] = {
        {"AKIA", CANARY, NULL, NULL},
        {"AKIA", "pass phrase \xc3\xa9", "t/+=", NULL},
        {"AKIA", CANARY "\xe2\x80\x8b", NULL, "secret access key contains a zero-width space"},
        {"AKIA", "\xc2\xa0" CANARY, NULL, "secret access key contains a no-break space"},
        {"\xef\xbb\xbf"
         "AKIA",
         CANARY, NULL, "access key ID contains a byte order mark"},
        {"AKIA", CANARY "\n# old", NULL, "secret access key contains a line break"},
        {"AKIA", CANARY "\r", NULL, "secret access key contains a line break"},
        {"AKIA", CANARY "\x1b[0m", NULL, "secret access key contains a control character"},
        {"AKIA", CANARY "\xff", NULL, "secret access key contains bytes that are not UTF-8"},
        {"AKIA", CANARY " ", NULL, "secret access key contains a blank at its beginning or end"},
        {"AKIA", CANARY, CANARY "\tx", "session token contains a control character"},
        {"AKIA", CANARY, CANARY " x", "session token contains a blank"},
        {"AKI\xc3\x84", CANARY, NULL, "access key ID contains a character that is not ASCII"},
        {"AKIA", NULL, NULL, "secret access key is missing"},
    };

    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        struct cc_error err = {0};
        const struct cc_keys keys = {
            .access_key_id = rows[i].id,
            .secret_key = {rows[i].secret},
            .session_token = {rows[i].token},
        };

        assert_int_equal(cc_keys_judge(&keys, "SOURCE", &err), !rows[i].why);
        if (rows[i].why) {
            assert_int_equal(err.code, CC_E_BAD_KEYS);
            assert_non_null(strstr(err.what, "SOURCE"));
            assert_non_null(strstr(err.why, rows[i].why));
            assert_null(strstr(err.fix, CANARY));
        }
    }
    (void)state;
}

static void a_time_in_milliseconds_must_be_one(void **state)
{
#define UP_TO_TIME "{\"accessKeyId\":\"A\",\"secretAccessKey\":\"s\",\"sessionToken\":\"t\""
    assert_bad(*state, &portal, UP_TO_TIME "}", "expiration is missing");
    assert_bad(*state, &portal, UP_TO_TIME ",\"expiration\":\"x\"}", "expiration is not a number");
    assert_bad(*state, &portal, UP_TO_TIME ",\"expiration\":-1}", "not a time in milliseconds");
    assert_bad(*state, &portal, UP_TO_TIME ",\"expiration\":1e300}", "not a time in milliseconds");
    assert_bad(*state, &portal,
               "{\"accessKeyId\":\"A\",\"secretAccessKey\":\"s\",\"expiration\":1}",
               "sessionToken is missing");
}

static void an_account_id_that_is_none_is_left_out(void **state)
{
    static const char *const ids[] = {"\"12345678901\"", "\"12345678901x\"", "123456789012", "[]"};

    for (size_t i = 0; i < CC_COUNT(ids); i++) {
        struct fake *fake = *state;
        struct cc_keys keys;
        struct cc_error err;

        assert_true(take(fake, &container,
                         cc_textf(&fake->run.mem,
                                  "{\"AccessKeyId\":\"A\",\"SecretAccessKey\":\"s\",\"Expiration\":"
                                  "\"2027-01-15T14:00:00Z\",\"AccountId\":%s,\"RoleArn\":\"x\"}",
                                  ids[i]),
                         &keys, &err));
        assert_null(keys.account_id);
        assert_null(keys.role_arn);
    }
}

static void a_copy_outlives_what_it_was_copied_from(void **state)
{
    struct fake *fake = *state;
    struct cc_arena mem = {0};
    const struct cc_keys keys = {
        .access_key_id = cc_textf(&mem, "A"),
        .secret_key = cc_secret_keep(&mem, CANARY),
        .expires = 7,
        .account_id = cc_textf(&mem, "123456789012"),
    };
    struct cc_keys copy = cc_keys_copy(&fake->run.mem, &keys);

    cc_arena_wipe(&mem);
    assert_string_equal(copy.access_key_id, "A");
    assert_string_equal(cc_secret_reveal(copy.secret_key), CANARY);
    assert_false(cc_secret_present(copy.session_token));
    assert_int_equal(copy.expires, 7);
    assert_string_equal(copy.account_id, "123456789012");
    assert_null(copy.role_arn);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FAKE_WORLD(a_whole_document_is_taken),
        IN_FAKE_WORLD(what_is_optional_may_be_missing_null_or_empty),
        IN_FAKE_WORLD(letters_count_unless_the_shape_says_otherwise),
        IN_FAKE_WORLD(milliseconds_become_seconds),
        IN_FAKE_WORLD(the_member_at_fault_is_named_and_its_value_is_not),
        IN_FAKE_WORLD(a_secret_may_hold_blanks_but_has_an_end),
        IN_FAKE_WORLD(keys_of_every_source_are_judged_by_what_they_are),
        IN_FAKE_WORLD(a_time_in_milliseconds_must_be_one),
        IN_FAKE_WORLD(an_account_id_that_is_none_is_left_out),
        IN_FAKE_WORLD(a_copy_outlives_what_it_was_copied_from),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
