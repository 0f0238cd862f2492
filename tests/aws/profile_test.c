#include "credctl/aws/profile.h"

#include "support/test.h"

static bool parse(struct fake *fake, const char *text, bool credentials, struct cc_profiles *into,
                  struct cc_error *err)
{
    return cc_profiles_parse(&fake->run.mem, (struct cc_bytes){text, strlen(text)}, "FILE",
                             credentials, into, err);
}

static struct cc_profiles config(struct fake *fake, const char *text)
{
    struct cc_profiles profiles = {0};
    struct cc_error err = {0};

    if (!parse(fake, text, false, &profiles, &err)) {
        fail_msg("%s: %s", err.what, err.why);
    }
    return profiles;
}

static const char *value(const struct cc_profiles *profiles, const char *profile, const char *key)
{
    return cc_section_value(cc_profiles_section(profiles, CC_SECTION_PROFILE, profile), key);
}

static void every_kind_of_section_is_found_under_its_name(void **state)
{
    struct cc_profiles profiles =
        config(*state, "[default]\nk = d\n[profile p]\nk = p\n[sso-session p]\nk = s\n"
                       "[services p]\nsts =\n  endpoint_url = u\n[p]\nk = no\n[profile]\nk = no\n");
    const struct cc_section *sso = cc_profiles_section(&profiles, CC_SECTION_SSO_SESSION, "p");
    const struct cc_section *services = cc_profiles_section(&profiles, CC_SECTION_SERVICES, "p");

    assert_string_equal(value(&profiles, "default", "k"), "d");
    assert_string_equal(value(&profiles, "p", "k"), "p");
    assert_string_equal(cc_section_value(sso, "k"), "s");
    const struct cc_property *sts = cc_section_property(services, "sts");
    assert_string_equal(sts->nested->key, "endpoint_url");
    assert_string_equal(sts->nested->value, "u");
    assert_null(cc_section_value(services, "sts"));
}

static void values_lose_blanks_and_comments_and_keys_their_case(void **state)
{
    struct cc_profiles profiles =
        config(*state, "# c\n; c\n[default];c\nKeY\t= v # c\nadjacent = v;x#y\nequals = a=b\n"
                       "empty = # c\n");

    assert_string_equal(value(&profiles, "default", "key"), "v");
    assert_string_equal(value(&profiles, "default", "adjacent"), "v;x#y");
    assert_string_equal(value(&profiles, "default", "equals"), "a=b");
    assert_null(value(&profiles, "default", "empty"));
}

static void continuation_lines_are_joined_and_keep_their_comments(void **state)
{
    struct cc_profiles profiles = config(*state, "[default]\nk = a # gone\n  b # kept\n\tc  \n");

    assert_string_equal(value(&profiles, "default", "k"), "a\nb # kept\nc");
}

static void the_last_value_wins_in_duplicate_profiles(void **state)
{
    struct cc_profiles profiles =
        config(*state, "[profile p]\na = 1\nb = 1\n[profile p]\nb = 2\nb = 3\n");

    assert_string_equal(value(&profiles, "p", "a"), "1");
    assert_string_equal(value(&profiles, "p", "b"), "3");
}

static void prefixed_default_replaces_the_bare_one_wherever_it_stands(void **state)
{
    struct cc_profiles before =
        config(*state, "[profile default]\na = 1\n[default]\na = 2\nb = 2\n");
    struct cc_profiles after =
        config(*state, "[default]\na = 2\nb = 2\n[profile default]\na = 1\n");

    assert_string_equal(value(&before, "default", "a"), "1");
    assert_null(value(&before, "default", "b"));
    assert_string_equal(value(&after, "default", "a"), "1");
    assert_null(value(&after, "default", "b"));
}

static void quoted_names_are_read_and_invalid_ones_ignored(void **state)
{
    struct cc_profiles profiles = config(
        *state, "[profile \"with ] space\"]\nk = 1\n[profile in valid]\nk = 2\n[default]\nk = 3\n"
                "in valid = 4\n");

    assert_string_equal(value(&profiles, "with ] space", "k"), "1");
    assert_null(cc_profiles_section(&profiles, CC_SECTION_PROFILE, "in valid"));
    assert_null(value(&profiles, "default", "in valid"));
}

static void byte_order_mark_and_windows_lines_do_no_harm(void **state)
{
    struct cc_profiles profiles = config(*state, "\xef\xbb\xbf[default]\r\nk = v\r\n\r\nm = w\r\n");

    assert_string_equal(value(&profiles, "default", "k"), "v");
    assert_string_equal(value(&profiles, "default", "m"), "w");
}

static void the_credentials_file_wins_property_by_property(void **state)
{
    struct fake *fake = *state;
    struct cc_profiles profiles = {0};
    struct cc_error err = {0};

    fake_env(fake, "HOME", "/h");
    fake_file(fake, "/h/.aws/config", "[profile p]\na = config\nb = config\n");
    fake_file(fake, "/h/.aws/credentials", "[p]\na = credentials\n[profile p]\nb = no\n");
    assert_true(cc_profiles_load(&fake->run, &profiles, &err));
    assert_string_equal(value(&profiles, "p", "a"), "credentials");
    assert_string_equal(value(&profiles, "p", "b"), "config");
    assert_int_equal(
        cc_section_property(cc_profiles_section(&profiles, CC_SECTION_PROFILE, "p"), "b")->line, 3);
}

static void home_comes_from_passwd_when_the_variable_is_not_set(void **state)
{
    struct fake *fake = *state;
    struct cc_profiles profiles = {0};
    struct cc_error err = {0};

    assert_true(cc_profiles_load(&fake->run, &profiles, &err));
    assert_false(profiles.config_read);
    assert_non_null(strstr(profiles.config_file, "/.aws/config"));
}

static void what_breaks_the_grammar_is_refused_with_its_line(void **state)
{
    static const char *const texts[] = {
        "\n[profile p\n",
        "\n[profile p] x\n",
        "\nk = v\n",
        "\n[profile # ]\n",
        "[default]\nkey : value\n",
        "[default]\n= v\n",
        "[default]\n  lost\n",
        "[default]\nk = v\n[profile p]\n",
        "[default]\ns3 =\n  x\n",
    };
    struct fake *fake = *state;

    for (size_t i = 0; i < CC_COUNT(texts); i++) {
        struct cc_profiles profiles = {0};
        struct cc_error err = {0};
        bool last_is_good = i == 7;

        assert_int_equal(parse(fake, texts[i], false, &profiles, &err), last_is_good);
        if (!last_is_good) {
            assert_int_equal(err.code, CC_E_CONFIG_SYNTAX);
            assert_non_null(strstr(err.what, i == 8 ? "FILE, line 3" : "FILE, line 2"));
            assert_true(err.fix[0] != '\0');
        }
    }
}

static void a_nul_byte_is_refused(void **state)
{
    struct fake *fake = *state;
    struct cc_profiles profiles = {0};
    struct cc_error err = {0};
    static const char text[] = "[default]\0\nk = v\n";

    assert_false(cc_profiles_parse(&fake->run.mem, (struct cc_bytes){text, sizeof(text) - 1},
                                   "FILE", true, &profiles, &err));
    assert_int_equal(err.code, CC_E_CONFIG_SYNTAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FAKE_WORLD(every_kind_of_section_is_found_under_its_name),
        IN_FAKE_WORLD(values_lose_blanks_and_comments_and_keys_their_case),
        IN_FAKE_WORLD(continuation_lines_are_joined_and_keep_their_comments),
        IN_FAKE_WORLD(the_last_value_wins_in_duplicate_profiles),
        IN_FAKE_WORLD(prefixed_default_replaces_the_bare_one_wherever_it_stands),
        IN_FAKE_WORLD(quoted_names_are_read_and_invalid_ones_ignored),
        IN_FAKE_WORLD(byte_order_mark_and_windows_lines_do_no_harm),
        IN_FAKE_WORLD(the_credentials_file_wins_property_by_property),
        IN_FAKE_WORLD(home_comes_from_passwd_when_the_variable_is_not_set),
        IN_FAKE_WORLD(what_breaks_the_grammar_is_refused_with_its_line),
        IN_FAKE_WORLD(a_nul_byte_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
