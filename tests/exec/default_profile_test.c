#include "../../src/exec/default_profile.h"

#include "credctl/base/text.h"

#include "support/test.h"

static const char *filtered(struct fake *fake, const char *text, enum cc_shared_file file,
                            bool *changed)
{
    struct cc_buf out = cc_buf_new(&fake->mem, 1 << 20);

    *changed = cc_without_default(text, strlen(text), file, &out);
    return out.text;
}

/* What is left of `text`. */
static void assert_left(void **state, enum cc_shared_file file, const char *text, const char *left)
{
    bool changed = false;

    assert_string_equal(filtered(*state, text, file, &changed), left);
    assert_int_equal(changed, strcmp(text, left) != 0);
}

static void only_the_credentials_of_the_default_profile_go(void **state)
{
    assert_left(state, CC_FILE_CONFIG,
                "# ours\n[default]\nregion = eu-west-1\naws_access_key_id = A\r\n"
                "AWS_SECRET_ACCESS_KEY=B\nendpoint_url = http://x\nservices = s\n"
                "s3 =\n  max_queue_size = 10\nrole_arn = r\nsource_profile = b\n"
                "[profile b]\naws_access_key_id = C\naws_secret_access_key = D\n"
                "[sso-session s]\nsso_region = x\n",
                "# ours\n[default]\nregion = eu-west-1\nendpoint_url = http://x\nservices = s\n"
                "s3 =\n  max_queue_size = 10\n"
                "[profile b]\naws_access_key_id = C\naws_secret_access_key = D\n"
                "[sso-session s]\nsso_region = x\n");
}

static void every_spelling_of_the_section_counts(void **state)
{
    static const char *const titles[] = {
        "[default]",           "[ default ]",        "[profile default]",
        "[profile  default ]", "[profile\tdefault]", "[profile \"default\"]",
        "[profile 'default']", "[\"default\"]",      "[default] # x",
        "[default]]",          "  [default]",        "[default] ; a ]",
    };
    struct fake *fake = *state;

    for (size_t i = 0; i < CC_COUNT(titles); i++) {
        const char *head = cc_textf(&fake->mem, "%s\n", titles[i]);

        assert_left(state, CC_FILE_CONFIG, cc_textf(&fake->mem, "%saws_access_key_id = A\n", head),
                    head);
    }
}

static void another_profile_is_left_alone(void **state)
{
    static const char *const titles[] = {"[profile defaults]", "[profile a]", "[defaults]",
                                         "[profiledefault]", "[profile default x]"};
    struct fake *fake = *state;

    for (size_t i = 0; i < CC_COUNT(titles); i++) {
        const char *text =
            cc_textf(&fake->mem, "%s\naws_access_key_id = A\nrole_arn = r\n", titles[i]);

        assert_left(state, CC_FILE_CONFIG, text, text);
    }
}

static void what_only_botocore_reads_goes_too(void **state)
{
    assert_left(state, CC_FILE_CREDENTIALS,
                "[default]\naws_access_key_id : A\naws_secret_access_key:B\n", "[default]\n");
    assert_left(state, CC_FILE_CREDENTIALS, "[default]\n  aws_access_key_id = A\n  region = r\n",
                "[default]\n  region = r\n");
    assert_left(state, CC_FILE_CREDENTIALS, " [default]\n  aws_access_key_id = A\n",
                " [default]\n");
    assert_left(state, CC_FILE_CONFIG,
                "[profile default]\nregion = a\n[default]\naws_access_key_id = A\n",
                "[profile default]\nregion = a\n[default]\n");
    assert_left(state, CC_FILE_CREDENTIALS, "[x]\ra = b\r[default]\raws_access_key_id = A\r",
                "[x]\ra = b\r[default]\r");
}

static void twice_is_twice(void **state)
{
    assert_left(state, CC_FILE_CREDENTIALS,
                "[default]\naws_access_key_id = A\n[b]\nrole_arn = r\n[default]\n"
                "aws_access_key_id = B\n",
                "[default]\n[b]\nrole_arn = r\n[default]\n");
}

static void a_value_goes_with_its_continuation_and_comments_stay(void **state)
{
    assert_left(state, CC_FILE_CONFIG,
                "[default]\ncredential_process = a \\\n  b\n\n  c\n# keep\nregion = r\n",
                "[default]\n\n# keep\nregion = r\n");
}

static void an_indented_title_within_a_value_does_not_open_a_profile_for_all(void **state)
{
    /* Flush left it is profile b for SDKs; for the JavaScript SDK it is the default one. */
    assert_left(state, CC_FILE_CONFIG, "[profile b]\nx = y\n  [default]\naws_access_key_id = A\n",
                "[profile b]\nx = y\n  [default]\n");
    assert_left(state, CC_FILE_CONFIG, "[default]\nx = y\n  [b]\naws_access_key_id = A\n",
                "[default]\nx = y\n  [b]\n");
}

static void boto_keeps_its_own_section(void **state)
{
    assert_left(state, CC_FILE_BOTO,
                "[Credentials]\naws_access_key_id = A\naws_secret_access_key = B\n"
                "[Boto]\nproxy = p\n",
                "[Credentials]\n[Boto]\nproxy = p\n");
}

static void nothing_to_leave_out_is_nothing_changed(void **state)
{
    assert_left(state, CC_FILE_CONFIG, "", "");
    assert_left(state, CC_FILE_CONFIG, "[default]\nregion = r", "[default]\nregion = r");
    assert_left(state, CC_FILE_CONFIG, "[default\naws_access_key_id",
                "[default\naws_access_key_id");
    assert_left(state, CC_FILE_CONFIG, "[]\n[ ]\n=\n:\n", "[]\n[ ]\n=\n:\n");
}

static void assert_moved(void **state, enum cc_shared_file file, const char *text,
                         const char *moved)
{
    struct fake *fake = *state;
    struct cc_buf out = cc_buf_new(&fake->mem, 1 << 20);

    assert_int_equal(cc_move_default(text, strlen(text), file, &out), strcmp(text, moved) != 0);
    assert_string_equal(out.text, moved);
}

static void profiles_that_build_on_the_default_one_find_its_credentials_elsewhere(void **state)
{
    assert_moved(state, CC_FILE_CONFIG,
                 "[default]\nregion = r\naws_access_key_id = A\n  aws_secret_access_key: B\n"
                 "[profile o]\r\nrole_arn = R\r\nsource_profile = default\r\n"
                 "[profile p]\nsource_profile = \"default\" # x\n[profile q]\nsource_profile=o",
                 "[default]\nregion = r\n"
                 "[profile o]\r\nrole_arn = R\r\nsource_profile = credctl-default\r\n"
                 "[profile p]\nsource_profile = credctl-default\n[profile q]\nsource_profile=o\n"
                 "[profile credctl-default]\naws_access_key_id = A\n  aws_secret_access_key: B\n");
    assert_moved(state, CC_FILE_CREDENTIALS,
                 "[default]\naws_access_key_id = A\naws_access_key_id = B\nrole_arn = R\n"
                 "source_profile = default\n",
                 "[default]\n[credctl-default]\naws_access_key_id = B\n"
                 "source_profile = credctl-default\nrole_arn = R\n");
    assert_moved(state, CC_FILE_CONFIG, "[profile o]\nsource_profile = default\n",
                 "[profile o]\nsource_profile = credctl-default\n");
    assert_moved(state, CC_FILE_CONFIG, "[profile o]\nregion = r\n", "[profile o]\nregion = r\n");
}

static void it_is_seen_whether_the_default_profile_is_needed(void **state)
{
    static const char both[] = "[default]\nrole_arn = R\n[o]\nsource_profile = default\n";
    static const char itself[] = "[default]\nrole_arn = R\nsource_profile = default\n";
    static const char neither[] = "[default]\nregion = r\n[o]\nsource_profile = defaults\n";
    struct cc_default_facts facts = cc_default_look(both, strlen(both), CC_FILE_CREDENTIALS);

    (void)state;
    assert_true(facts.credentials && facts.needed);
    facts = cc_default_look(itself, strlen(itself), CC_FILE_CREDENTIALS);
    assert_true(facts.credentials && !facts.needed);
    facts = cc_default_look(neither, strlen(neither), CC_FILE_CREDENTIALS);
    assert_false(facts.credentials || facts.needed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FAKE_WORLD(only_the_credentials_of_the_default_profile_go),
        IN_FAKE_WORLD(every_spelling_of_the_section_counts),
        IN_FAKE_WORLD(another_profile_is_left_alone),
        IN_FAKE_WORLD(what_only_botocore_reads_goes_too),
        IN_FAKE_WORLD(twice_is_twice),
        IN_FAKE_WORLD(a_value_goes_with_its_continuation_and_comments_stay),
        IN_FAKE_WORLD(an_indented_title_within_a_value_does_not_open_a_profile_for_all),
        IN_FAKE_WORLD(boto_keeps_its_own_section),
        IN_FAKE_WORLD(profiles_that_build_on_the_default_one_find_its_credentials_elsewhere),
        IN_FAKE_WORLD(it_is_seen_whether_the_default_profile_is_needed),
        IN_FAKE_WORLD(nothing_to_leave_out_is_nothing_changed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
