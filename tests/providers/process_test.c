#include "support/search.h"

#define GOOD                                                                                \
    "{\"Version\":1,\"AccessKeyId\":\"AKID\",\"SecretAccessKey\":\"" CANARY                 \
    "\",\"SessionToken\":\"t\",\"Expiration\":\"2027-01-15T10:00:00+01:00\",\"AccountId\":" \
    "\"111122223333\"}"

static enum cc_outcome ask(struct fake *fake, int status, const char *out, struct searched *to)
{
    search_begin(fake, to);
    fake_file(fake, CONFIG,
              "[default]\ncredential_process = get 'my keys' | cat\n"
              "aws_account_id = 123456789012\n");
    fake->process.status = status;
    fake->process.out = out;
    return search_one(fake, "process", to);
}

static void without_the_property_it_is_absent(void **state)
{
    struct searched got;

    search_begin(*state, &got);
    fake_file(*state, CONFIG, "[default]\nregion = us-east-1\n");
    assert_int_equal(search_one(*state, "process", &got), CC_ABSENT);
}

static void a_shell_runs_the_line_and_the_document_is_taken_whole(void **state)
{
    struct fake *fake = *state;
    struct searched got;

    assert_int_equal(ask(fake, 0, GOOD, &got), CC_FOUND);
    assert_string_equal(fake->process_line, "sh -c get 'my keys' | cat");
    assert_string_equal(got.keys.access_key_id, "AKID");
    assert_int_equal(got.keys.expires, 1800003600);
    assert_string_equal(got.keys.account_id, "111122223333");
}

static void the_account_of_the_profile_fills_in(void **state)
{
    struct searched got;

    assert_int_equal(
        ask(*state, 0, "{\"version\":1,\"accesskeyid\":\"A\",\"secretaccesskey\":\"s\"}", &got),
        CC_FOUND);
    assert_string_equal(got.keys.account_id, "123456789012");
    assert_true(got.keys.expires == CC_NEVER_EXPIRES);
}

static void a_failure_tells_its_status_and_what_it_said(void **state)
{
    struct searched got;

    ((struct fake *)*state)->process.err = "vault is \x1b[2Jsealed\n";
    assert_int_equal(ask(*state, 3, CANARY, &got), CC_BROKEN);
    assert_told(&got.why, CC_E_PROCESS, "exit status 3: vault is ?[2Jsealed", "line 2");
}

static void what_is_no_document_is_refused_and_never_shown(void **state)
{
    static const char *const texts[] = {
        CANARY,
        "",
        "[]",
        "{\"Version\":2,\"AccessKeyId\":\"A\",\"SecretAccessKey\":\"" CANARY "\"}",
        "{\"AccessKeyId\":\"A\",\"SecretAccessKey\":\"" CANARY "\"}",
        "{\"Version\":\"1\",\"AccessKeyId\":\"A\",\"SecretAccessKey\":\"" CANARY "\"}"};

    for (size_t i = 0; i < CC_COUNT(texts); i++) {
        struct searched got;

        assert_int_equal(ask(*state, 0, texts[i], &got), CC_BROKEN);
        assert_told(&got.why, CC_E_PROCESS, NULL, "by hand");
    }
}

static void a_document_without_a_secret_names_the_member(void **state)
{
    struct searched got;

    assert_int_equal(ask(*state, 0, "{\"Version\":1,\"AccessKeyId\":\"A\"}", &got), CC_BROKEN);
    assert_told(&got.why, CC_E_BAD_KEYS, "SecretAccessKey", "by hand");
}

static void what_has_expired_is_refused(void **state)
{
    struct searched got;

    assert_int_equal(ask(*state, 0,
                         "{\"Version\":1,\"AccessKeyId\":\"A\",\"SecretAccessKey\":\"s\","
                         "\"Expiration\":\"2027-01-15T07:00:00Z\"}",
                         &got),
                     CC_BROKEN);
    assert_told(&got.why, CC_E_EXPIRED, "2027-01-15T07:00:00Z", "clock");
}

static void a_process_that_leads_back_to_itself_is_not_started(void **state)
{
    struct fake *fake = *state;
    struct searched got;

    fake_env(fake, "_CREDCTL_PROFILE_CHAIN", "a,default");
    assert_int_equal(ask(fake, 0, GOOD, &got), CC_BROKEN);
    assert_told(&got.why, CC_E_PROFILE_LOOP, "a,default -> default", "another source");
    fake_env(fake, "_CREDCTL_PROFILE_CHAIN", "a,b,c,d");
    assert_int_equal(ask(fake, 0, GOOD, &got), CC_BROKEN);
    assert_told(&got.why, CC_E_PROFILE_LOOP, "at most 4", "shorten");
    assert_null(fake->process_line);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FAKE_WORLD(without_the_property_it_is_absent),
        IN_FAKE_WORLD(a_shell_runs_the_line_and_the_document_is_taken_whole),
        IN_FAKE_WORLD(the_account_of_the_profile_fills_in),
        IN_FAKE_WORLD(a_failure_tells_its_status_and_what_it_said),
        IN_FAKE_WORLD(what_is_no_document_is_refused_and_never_shown),
        IN_FAKE_WORLD(a_document_without_a_secret_names_the_member),
        IN_FAKE_WORLD(what_has_expired_is_refused),
        IN_FAKE_WORLD(a_process_that_leads_back_to_itself_is_not_started),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
