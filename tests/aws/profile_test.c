#include "credctl/aws/ini.h"
#include "credctl/aws/shared_files.h"
#include "credctl/base/buf.h"
#include "credctl/base/text.h"

#include "support/test.h"

static bool parse(struct fake *fake, const char *text, bool credentials, struct cc_profiles *into,
                  struct cc_error *err)
{
    return cc_ini_parse(&fake->run.mem, (struct cc_bytes){text, strlen(text)}, "FILE", credentials,
                        into, err);
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
    const struct cc_property *nested = cc_section_nested(services, "sts");
    assert_string_equal(nested->key, "endpoint_url");
    assert_string_equal(nested->value, "u");
    assert_null(cc_section_value(services, "sts"));
    assert_null(cc_section_property(services, "sts"));
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

/* Names as `aws configure` and our own `--format ini` write them. */
static void names_are_read_as_they_are_written(void **state)
{
    static const struct {
        const char *line;
        bool credentials;
        const char *name;
    } rows[] = {
        {"[profile 'Foo Bar']", false, "Foo Bar"},
        {"[profile 'it'\"'\"'s me']", false, "it's me"},
        {"[profile \"a 'b' c\"]", false, "a 'b' c"},
        {"[profile team#1]", false, "team#1"},
        {"[profile Tom's]", false, "Tom's"},
        {"[profile CORP\\user]", false, "CORP\\user"},
        {"[profile caf\xc3\xa9]", false, "caf\xc3\xa9"},
        {"[profile a]b]", false, "a]b"},
        {"[profile\tx] ; c", false, "x"},
        {"[Foo Bar]", true, "Foo Bar"},
        {"['Foo Bar']", true, "Foo Bar"},
        {"[team #1]", true, "team #1"},
        {"[team ;1] # c", true, "team ;1"},
        {"[Tom's] # don't", true, "Tom's"},
        {"[it's me]", true, "it's me"},
        {"[a]b]", true, "a]b"},
        {"[x]# c", true, "x"},
        {"[profile]", true, "profile"},
    };
    struct fake *fake = *state;

    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        struct cc_profiles profiles = {0};
        struct cc_error err = {0};

        assert_true(parse(fake, cc_textf(&fake->mem, "%s\nk = v\n", rows[i].line),
                          rows[i].credentials, &profiles, &err));
        assert_string_equal(profiles.sections->name, rows[i].name);
        assert_string_equal(value(&profiles, rows[i].name, "k"), "v");
        assert_null(profiles.ignored);
    }
}

static void what_is_ignored_is_told_with_its_line(void **state)
{
    static const struct {
        const char *text;
        bool credentials;
        const char *ignored; /* NULL: nothing is */
        const char *why;
    } rows[] = {
        {"\n[foo]\nk = v\n", false, "foo", "[profile NAME]"},
        {"\n[profile Foo Bar]\n", false, "profile Foo Bar", "in quotes"},
        {"\n[profile '']\n", false, "profile ''", "no name"},
        {"\n[profile]\n", false, "profile", "no name"},
        {"\n[profile foo]\n", true, "profile foo", "written [NAME]"},
        {"[default]\na\xc2\xa0k = v\n", false, "", "a property name"},
        {"[profile default]\n[default]\n", false, "default", "[profile default]"},
        {"[plugins]\ncli_legacy_plugin_path = x\n", false, NULL, NULL},
    };
    struct fake *fake = *state;

    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        struct cc_profiles profiles = {0};
        struct cc_error err = {0};

        assert_true(parse(fake, rows[i].text, rows[i].credentials, &profiles, &err));
        if (!rows[i].ignored) {
            assert_null(profiles.ignored);
            continue;
        }
        assert_string_equal(profiles.ignored->section ? profiles.ignored->section : "",
                            rows[i].ignored);
        assert_int_equal(profiles.ignored->line, 2);
        assert_non_null(strstr(profiles.ignored->why, rows[i].why));
        assert_null(profiles.ignored->next);
    }
}

static void an_ignored_section_is_told_to_the_user(void **state)
{
    struct fake *fake = *state;
    struct cc_profiles profiles = {0};
    struct cc_error err = {0};

    fake->setup.level = CC_WARN;
    fake_env(fake, "HOME", "/h");
    fake_file(fake, "/h/.aws/config", "[foo]\n");
    fake_file(fake, "/h/.aws/credentials", "[profile bar]\n");
    assert_true(cc_profiles_load(&fake->run, &profiles, &err));
    assert_non_null(strstr(fake->shown, "/h/.aws/config"));
    assert_non_null(strstr(fake->shown, "profile bar"));
}

/* botocore reads a colon; here the '=' of the padding makes the secret a part of the name. */
static void a_secret_that_stands_where_a_name_should_is_not_told(void **state)
{
    struct fake *fake = *state;
    struct cc_profiles profiles = {0};
    struct cc_error err = {0};

    cc_log_from(&fake->run, CC_DEBUG);
    fake_env(fake, "HOME", "/h");
    fake_file(fake, "/h/.aws/credentials", "[p]\naws_session_token: " CANARY "==\n");
    assert_true(cc_profiles_load(&fake->run, &profiles, &err));
    assert_int_equal(profiles.ignored->line, 2);
    assert_non_null(strstr(fake->shown, "config.ignored"));
}

static void a_nested_property_is_never_a_property(void **state)
{
    struct cc_profiles profiles =
        config(*state, "[default]\naws_secret_access_key =\n  aws_access_key_id = A\n");
    const struct cc_section *section =
        cc_profiles_section(&profiles, CC_SECTION_PROFILE, "default");

    assert_null(cc_section_property(section, "aws_access_key_id"));
    assert_null(cc_section_property(section, "aws_secret_access_key"));
    assert_string_equal(cc_section_nested(section, "aws_secret_access_key")->value, "A");
}

static void a_value_that_swallowed_a_comment_is_not_one_line(void **state)
{
    struct cc_profiles profiles =
        config(*state, "[default]\na = 1\n  2\n  # old\nb = 1\n\t; old\nc = 1\n# fine\n");
    const struct cc_section *section =
        cc_profiles_section(&profiles, CC_SECTION_PROFILE, "default");
    struct cc_error err = {0};

    assert_false(cc_property_one_line(cc_section_property(section, "a"), &err));
    assert_non_null(strstr(err.why, "line 4 is an indented comment"));
    assert_false(cc_property_one_line(cc_section_property(section, "b"), &err));
    assert_int_equal(err.code, CC_E_CONFIG);
    assert_non_null(strstr(err.what, "b in FILE, line 5"));
    assert_non_null(strstr(err.why, "line 6 is an indented comment"));
    assert_true(cc_property_one_line(cc_section_property(section, "c"), &err));
    assert_true(cc_property_one_line(NULL, &err));
}

static void no_ceiling_but_the_files_own_cuts_a_file_off(void **state)
{
    struct fake *fake = *state;
    struct cc_buf text = cc_buf_new(&fake->mem, 1 << 20);

    for (int i = 0; i < 30000; i++) {
        cc_buf_addf(&text, "[profile p%d]\nk = %d\n", i, i);
    }
    cc_buf_text(&text, "long = a\n");
    for (int i = 0; i < 30000; i++) {
        cc_buf_text(&text, " b\n");
    }
    struct cc_profiles profiles = config(fake, text.text);
    assert_string_equal(value(&profiles, "p0", "k"), "0");
    assert_string_equal(value(&profiles, "p29999", "k"), "29999");
    assert_int_equal(strlen(value(&profiles, "p29999", "long")), 1 + 2 * 30000);
}

static void a_file_above_the_limit_is_told_with_the_limit(void **state)
{
    struct fake *fake = *state;
    struct cc_profiles profiles = {0};
    struct cc_error err = {0};
    struct cc_buf text = cc_buf_new(&fake->mem, 2 << 20);

    while (text.len <= 1 << 20) {
        cc_buf_text(&text, "# nothing\n");
    }
    fake_env(fake, "HOME", "/h");
    fake_file(fake, "/h/.aws/config", text.text);
    assert_false(cc_profiles_load(&fake->run, &profiles, &err));
    assert_int_equal(err.code, CC_E_TOO_BIG);
    assert_non_null(strstr(err.why, "1 MiB"));
    assert_non_null(strstr(err.fix, "AWS_CONFIG_FILE"));
}

static void a_folder_at_the_default_place_is_passed_over_and_told(void **state)
{
    struct fake *fake = *state;
    struct cc_profiles profiles = {0};
    struct cc_error err = {0};

    fake->setup.level = CC_WARN;
    fake_env(fake, "HOME", "/h");
    fake_file(fake, "/h/.aws/config/.keep", "");
    fake_file(fake, "/h/.aws/credentials", "[default]\nk = v\n");
    assert_true(cc_profiles_load(&fake->run, &profiles, &err));
    assert_false(profiles.config_read);
    assert_string_equal(value(&profiles, "default", "k"), "v");
    assert_int_equal(profiles.unread->code, CC_E_UNREADABLE);
    assert_non_null(strstr(fake->shown, "Is a directory"));
}

static void a_folder_that_a_variable_names_is_an_error(void **state)
{
    struct fake *fake = *state;
    struct cc_profiles profiles = {0};
    struct cc_error err = {0};

    fake_env(fake, "HOME", "/h");
    fake_env(fake, "AWS_CONFIG_FILE", "/x");
    fake_file(fake, "/x/.keep", "");
    assert_false(cc_profiles_load(&fake->run, &profiles, &err));
    assert_int_equal(err.code, CC_E_UNREADABLE);
    assert_non_null(strstr(err.fix, "AWS_CONFIG_FILE"));
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
        "\n[profile # \n",
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

    assert_false(cc_ini_parse(&fake->run.mem, (struct cc_bytes){text, sizeof(text) - 1}, "FILE",
                              true, &profiles, &err));
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
        IN_FAKE_WORLD(names_are_read_as_they_are_written),
        IN_FAKE_WORLD(what_is_ignored_is_told_with_its_line),
        IN_FAKE_WORLD(an_ignored_section_is_told_to_the_user),
        IN_FAKE_WORLD(a_secret_that_stands_where_a_name_should_is_not_told),
        IN_FAKE_WORLD(a_nested_property_is_never_a_property),
        IN_FAKE_WORLD(a_value_that_swallowed_a_comment_is_not_one_line),
        IN_FAKE_WORLD(no_ceiling_but_the_files_own_cuts_a_file_off),
        IN_FAKE_WORLD(a_file_above_the_limit_is_told_with_the_limit),
        IN_FAKE_WORLD(a_folder_at_the_default_place_is_passed_over_and_told),
        IN_FAKE_WORLD(a_folder_that_a_variable_names_is_an_error),
        IN_FAKE_WORLD(byte_order_mark_and_windows_lines_do_no_harm),
        IN_FAKE_WORLD(the_credentials_file_wins_property_by_property),
        IN_FAKE_WORLD(home_comes_from_passwd_when_the_variable_is_not_set),
        IN_FAKE_WORLD(what_breaks_the_grammar_is_refused_with_its_line),
        IN_FAKE_WORLD(a_nul_byte_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
