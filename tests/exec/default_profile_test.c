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
        IN_FAKE_WORLD(nothing_to_leave_out_is_nothing_changed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
