#include "support/search.h"

#define BASE    "[profile base]\naws_access_key_id = AKID\naws_secret_access_key = " CANARY "\n"
#define TO_ROLE "[default]\nrole_arn = " ROLE "\nsource_profile = base\n"

static enum cc_outcome ask(struct fake *fake, const char *config, struct searched *to)
{
    struct cc_secret code = to->search.token_code;

    search_begin(fake, to);
    to->search.token_code = code;
    fake_file(fake, CONFIG, config);
    return search_one(fake, "profile", to);
}

static void without_files_it_is_absent(void **state)
{
    struct searched got;

    search_begin(*state, &got);
    assert_int_equal(search_one(*state, "profile", &got), CC_ABSENT);
}

static void a_profile_without_credentials_is_absent(void **state)
{
    struct searched got = {0};

    assert_int_equal(ask(*state, "[default]\nregion = us-east-1\n", &got), CC_ABSENT);
}

static void a_named_profile_that_does_not_exist_is_broken(void **state)
{
    struct searched got = {0};

    fake_env(*state, "AWS_PROFILE", "bsae");
    assert_int_equal(ask(*state, BASE, &got), CC_BROKEN);
    assert_told(&got.why, CC_E_PROFILE, "AWS_PROFILE names it", "did you mean base?");
}

static void a_file_that_breaks_the_grammar_is_broken(void **state)
{
    struct searched got = {0};

    assert_int_equal(ask(*state, "[default]\n\x1b[2J nonsense\n", &got), CC_BROKEN);
    assert_told(&got.why, CC_E_CONFIG_SYNTAX, "'='", "key = value");
    assert_non_null(strstr(got.why.what, CONFIG ", line 2"));
    assert_null(strchr(got.why.why, '\x1b'));
}

static void a_named_profile_needs_the_file_that_cannot_be_read(void **state)
{
    struct searched got = {0};

    fake_env(*state, "AWS_PROFILE", "p");
    fake_file(*state, CREDENTIALS "/.keep", "");
    assert_int_equal(ask(*state, BASE, &got), CC_BROKEN);
    assert_told(&got.why, CC_E_UNREADABLE, "Is a directory", "AWS_SHARED_CREDENTIALS_FILE");
}

static void a_comment_never_becomes_part_of_a_secret(void **state)
{
    struct searched got = {0};

    assert_int_equal(ask(*state,
                         "[default]\naws_access_key_id = AKID\naws_secret_access_key = " CANARY
                         "\n  # aws_session_token = " CANARY "\n",
                         &got),
                     CC_BROKEN);
    assert_told(&got.why, CC_E_CONFIG, "line 4 is an indented comment", "line 4");
}

static void keys_with_an_invisible_character_are_broken(void **state)
{
    struct searched got = {0};

    assert_int_equal(
        ask(*state,
            "[default]\naws_access_key_id = AKID\naws_secret_access_key = \xc2\xa0" CANARY "\n",
            &got),
        CC_BROKEN);
    assert_told(&got.why, CC_E_BAD_KEYS, "a no-break space", "line 2");
}

static void static_keys_of_both_files_make_one_pair(void **state)
{
    struct searched got = {0};

    fake_file(*state, CREDENTIALS, "[default]\naws_secret_access_key = " CANARY "\n");
    assert_int_equal(ask(*state, "[default]\naws_access_key_id = AKID\naws_account_id = 1\n", &got),
                     CC_FOUND);
    assert_string_equal(got.keys.access_key_id, "AKID");
    assert_string_equal(cc_secret_reveal(got.keys.secret_key), CANARY);
    assert_null(got.keys.account_id);
}

static void half_a_pair_is_broken_with_its_line(void **state)
{
    struct searched got = {0};

    assert_int_equal(ask(*state, "[default]\naws_access_key_id = AKID\n", &got), CC_BROKEN);
    assert_told(&got.why, CC_E_HALF_SET, "line 2", "add aws_secret_access_key to profile default");
}

static void a_role_is_assumed_with_every_parameter(void **state)
{
    struct fake *fake = *state;
    struct searched got = {0};

    fake_http(fake, STS, 200, sts_answer(fake, "AssumeRole"));
    assert_int_equal(ask(fake,
                         TO_ROLE "external_id = e&x\nrole_session_name = me\n"
                                 "duration_seconds = 1800\n" BASE,
                         &got),
                     CC_FOUND);
    const char *body = fake_sent(fake, "sts")->body;
    assert_non_null(strstr(body, "ExternalId=e%26x"));
    assert_non_null(strstr(body, "RoleSessionName=me"));
    assert_non_null(strstr(body, "DurationSeconds=1800"));
    assert_string_equal(got.keys.access_key_id, "ASIAROLE");
    assert_string_equal(got.keys.account_id, "210987654321");
    assert_non_null(strstr(got.search.detail, "profile base: static keys"));
}

static void a_duration_that_is_no_number_is_ignored_with_a_warning(void **state)
{
    struct fake *fake = *state;
    struct searched got = {0};

    fake_http(fake, STS, 200, sts_answer(fake, "AssumeRole"));
    assert_int_equal(ask(fake, TO_ROLE "duration_seconds = soon\n" BASE, &got), CC_FOUND);
    assert_null(strstr(fake_sent(fake, "sts")->body, "DurationSeconds"));
    assert_non_null(strstr(got.search.warnings[0], "line 4"));
}

static void a_circle_is_shown_and_costs_no_call(void **state)
{
    struct searched got = {0};

    assert_int_equal(ask(*state,
                         "[default]\nrole_arn = " ROLE
                         "\nsource_profile = a\n[profile a]\nrole_arn "
                         "= " ROLE "\nsource_profile = b\n[profile b]\nrole_arn = " ROLE
                         "\nsource_profile = a\n",
                         &got),
                     CC_BROKEN);
    assert_told(&got.why, CC_E_PROFILE_LOOP, "default -> a -> b -> a", "source_profile");
}

static void a_profile_may_be_its_own_source_only_with_keys(void **state)
{
    struct fake *fake = *state;
    struct searched got = {0};
    static const char own[] = "[default]\nrole_arn = " ROLE "\nsource_profile = default\n";

    assert_int_equal(ask(fake, own, &got), CC_BROKEN);
    assert_told(&got.why, CC_E_PROFILE_LOOP, "default -> default", "keys of its own");
    fake_file(fake, CREDENTIALS,
              "[default]\naws_access_key_id = AKID\naws_secret_access_key = x\n");
    fake_http(fake, STS, 200, sts_answer(fake, "AssumeRole"));
    assert_int_equal(ask(fake, own, &got), CC_FOUND);
}

static void keys_of_a_later_profile_end_the_chain(void **state)
{
    struct fake *fake = *state;
    struct searched got = {0};

    fake_http(fake, STS, 200, sts_answer(fake, "AssumeRole"));
    assert_int_equal(ask(fake, TO_ROLE BASE "role_arn = x\nsource_profile = nosuch\n", &got),
                     CC_FOUND);
    assert_int_equal(fake->sent_count, 1);
}

static void a_role_needs_exactly_one_source(void **state)
{
    struct searched got = {0};

    assert_int_equal(ask(*state, TO_ROLE "credential_source = Environment\n" BASE, &got),
                     CC_BROKEN);
    assert_told(&got.why, CC_E_CONFIG, "both source_profile and credential_source", "keep one");
    assert_int_equal(ask(*state, "[default]\nrole_arn = " ROLE "\n", &got), CC_BROKEN);
    assert_told(&got.why, CC_E_CONFIG, "neither", "add source_profile");
}

static void credential_source_counts_in_exactly_its_case(void **state)
{
    struct searched got = {0};

    assert_int_equal(
        ask(*state, "[default]\nrole_arn = " ROLE "\ncredential_source = environment\n", &got),
        CC_BROKEN);
    assert_told(&got.why, CC_E_CONFIG, "\"environment\"", "Environment, Ec2InstanceMetadata");
}

static void a_source_that_is_not_there_is_broken_and_not_absent(void **state)
{
    struct searched got = {0};

    assert_int_equal(
        ask(*state, "[default]\nrole_arn = " ROLE "\ncredential_source = EcsContainer\n", &got),
        CC_BROKEN);
    assert_told(&got.why, CC_E_NO_KEYS, "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
                "credential_source in profile default");
}

static void mfa_without_a_terminal_fails_before_any_call(void **state)
{
    struct searched got = {0};

    assert_int_equal(ask(*state, TO_ROLE "mfa_serial = arn:aws:iam::1:mfa/me\n" BASE, &got),
                     CC_BROKEN);
    assert_told(&got.why, CC_E_MFA, "arn:aws:iam::1:mfa/me", "--token-code");
}

static void mfa_code_comes_from_the_terminal_or_the_option(void **state)
{
    struct fake *fake = *state;
    struct searched got = {0};

    fake->answer = "123456";
    fake_http(fake, STS, 200, sts_answer(fake, "AssumeRole"));
    assert_int_equal(ask(fake, TO_ROLE "mfa_serial = me\n" BASE, &got), CC_FOUND);
    assert_non_null(strstr(fake->sent[0].body, "SerialNumber=me&TokenCode=123456"));
    got.search.token_code = cc_secret_keep(&fake->run.mem, "654321");
    fake_http(fake, STS, 200, sts_answer(fake, "AssumeRole"));
    assert_int_equal(ask(fake, TO_ROLE "mfa_serial = me\n" BASE, &got), CC_FOUND);
    assert_non_null(strstr(fake->sent[1].body, "TokenCode=654321"));
}

/* The name of the file is the sha1 of {"RoleArn": "arn:aws:iam::123456789012:role/r"}. */
#define KEPT "/home/u/.aws/cli/cache/6dc9e6e1e186b9f293814df3266de783142c48a2.json"

static void a_role_that_the_aws_cli_has_kept_costs_no_call(void **state)
{
    struct searched got = {0};

    fake_file(*state, ASK_THE_CLI, "");
    fake_file(*state, KEPT,
              "{\"Credentials\":{\"AccessKeyId\":\"ASIAKEPT\",\"SecretAccessKey\":\"" CANARY
              "\",\"SessionToken\":\"t\",\"Expiration\":\"2027-01-15T09:00:00UTC\"}}");
    assert_int_equal(ask(*state, TO_ROLE BASE, &got), CC_FOUND);
    assert_string_equal(got.keys.access_key_id, "ASIAKEPT");
}

#define STALE                                                                   \
    "{\"Credentials\":{\"AccessKeyId\":\"ASIAKEPT\",\"SecretAccessKey\":\"x\"," \
    "\"SessionToken\":\"t\",\"Expiration\":\"2027-01-15T08:10:00Z\"}}"

static void an_entry_that_may_be_another_profile_s_is_left_alone(void **state)
{
    struct searched got = {0};

    fake_file(*state, ASK_THE_CLI, "");
    fake_file(*state, KEPT,
              "{\"Credentials\":{\"AccessKeyId\":\"ASIAKEPT\",\"SecretAccessKey\":\"" CANARY
              "\",\"SessionToken\":\"t\",\"Expiration\":\"2027-01-15T09:00:00UTC\"}}");
    fake_http(*state, STS, 200, sts_answer(*state, "AssumeRole"));
    assert_int_equal(ask(*state,
                         TO_ROLE BASE "[profile other]\nrole_arn = " ROLE
                                      "\ncredential_source = Environment\n",
                         &got),
                     CC_FOUND);
    assert_string_equal(got.keys.access_key_id, "ASIAROLE");
}

#define HELD                                                                      \
    "\"Credentials\":{\"AccessKeyId\":\"ASIAKEPT\",\"SecretAccessKey\":\"" CANARY \
    "\",\"SessionToken\":\"t\",\"Expiration\":\"2027-01-15T09:00:00UTC\"}"

static void an_entry_of_nobody_knows_whom_is_left_alone(void **state)
{
    static const struct {
        const char *config;
        const char *entry;
    } rows[] = {
        /* whoever had keys in his environment */
        {"[default]\nrole_arn = " ROLE "\ncredential_source = Environment\n", "{" HELD "}"},
        /* the same role by another endpoint */
        {TO_ROLE BASE "[profile other]\nrole_arn = " ROLE "\nsource_profile = base\n"
                      "services = far\n[services far]\nsts =\n  endpoint_url = https://far\n",
         "{" HELD "}"},
        /* a web identity's, under the same key */
        {TO_ROLE BASE, "{\"SubjectFromWebIdentityToken\":\"repo:x\"," HELD "}"},
    };
    struct fake *fake = *state;

    fake_file(fake, ASK_THE_CLI, "");
    fake_env(fake, "AWS_ACCESS_KEY_ID", "AKIAENV");
    fake_env(fake, "AWS_SECRET_ACCESS_KEY", CANARY);
    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        struct searched got = {0};

        fake_file(fake, KEPT, rows[i].entry);
        fake_http(fake, STS, 200, sts_answer(fake, "AssumeRole"));
        assert_int_equal(ask(fake, rows[i].config, &got), CC_FOUND);
        assert_string_equal(got.keys.access_key_id, "ASIAROLE");
    }
}

static void without_the_option_the_aws_cli_s_cache_is_left_alone(void **state)
{
    struct searched got = {0};

    fake_file(*state, KEPT,
              "{\"Credentials\":{\"AccessKeyId\":\"ASIAKEPT\",\"SecretAccessKey\":\"" CANARY
              "\",\"SessionToken\":\"t\",\"Expiration\":\"2027-01-15T09:00:00UTC\"}}");
    fake_http(*state, STS, 200, sts_answer(*state, "AssumeRole"));
    assert_int_equal(ask(*state, TO_ROLE BASE, &got), CC_FOUND);
    assert_string_equal(got.keys.access_key_id, "ASIAROLE");
}

static void a_torn_or_stale_file_of_the_aws_cli_is_as_good_as_none(void **state)
{
    static const char *const texts[] = {
        "{\"Credentials\": ",
        "[]",
        "{\"Credentials\":1}",
        STALE,
    };
    struct fake *fake = *state;

    fake_file(fake, ASK_THE_CLI, "");
    for (size_t i = 0; i < CC_COUNT(texts); i++) {
        struct searched got = {0};

        fake_file(fake, KEPT, texts[i]);
        fake_http(fake, STS, 200, sts_answer(fake, "AssumeRole"));
        assert_int_equal(ask(fake, TO_ROLE BASE, &got), CC_FOUND);
        assert_string_equal(got.keys.access_key_id, "ASIAROLE");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FAKE_WORLD(without_files_it_is_absent),
        IN_FAKE_WORLD(a_profile_without_credentials_is_absent),
        IN_FAKE_WORLD(a_named_profile_that_does_not_exist_is_broken),
        IN_FAKE_WORLD(a_file_that_breaks_the_grammar_is_broken),
        IN_FAKE_WORLD(a_named_profile_needs_the_file_that_cannot_be_read),
        IN_FAKE_WORLD(a_comment_never_becomes_part_of_a_secret),
        IN_FAKE_WORLD(keys_with_an_invisible_character_are_broken),
        IN_FAKE_WORLD(static_keys_of_both_files_make_one_pair),
        IN_FAKE_WORLD(half_a_pair_is_broken_with_its_line),
        IN_FAKE_WORLD(a_role_is_assumed_with_every_parameter),
        IN_FAKE_WORLD(a_duration_that_is_no_number_is_ignored_with_a_warning),
        IN_FAKE_WORLD(a_circle_is_shown_and_costs_no_call),
        IN_FAKE_WORLD(a_profile_may_be_its_own_source_only_with_keys),
        IN_FAKE_WORLD(keys_of_a_later_profile_end_the_chain),
        IN_FAKE_WORLD(a_role_needs_exactly_one_source),
        IN_FAKE_WORLD(credential_source_counts_in_exactly_its_case),
        IN_FAKE_WORLD(a_source_that_is_not_there_is_broken_and_not_absent),
        IN_FAKE_WORLD(mfa_without_a_terminal_fails_before_any_call),
        IN_FAKE_WORLD(mfa_code_comes_from_the_terminal_or_the_option),
        IN_FAKE_WORLD(a_role_that_the_aws_cli_has_kept_costs_no_call),
        IN_FAKE_WORLD(an_entry_that_may_be_another_profile_s_is_left_alone),
        IN_FAKE_WORLD(an_entry_of_nobody_knows_whom_is_left_alone),
        IN_FAKE_WORLD(without_the_option_the_aws_cli_s_cache_is_left_alone),
        IN_FAKE_WORLD(a_torn_or_stale_file_of_the_aws_cli_is_as_good_as_none),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
