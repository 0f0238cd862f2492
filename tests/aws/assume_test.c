#include "credctl/aws/sts.h"
#include "credctl/base/text.h"

#include "support/test.h"

static void what_a_hop_leaves_open_is_filled_and_lists_are_joined(void **state)
{
    struct fake *fake = *state;
    static const char *const loose_tags[] = {"a=1", NULL};
    static const char *const own_tags[] = {"b=2", NULL};
    const struct cc_assume loose = {.session_name = "loose",
                                    .external_id = "loose-id",
                                    .duration_seconds = 900,
                                    .tags = loose_tags,
                                    .token_code = {CANARY}};
    struct cc_assume hop = {.role_arn = "r", .external_id = "own-id", .tags = own_tags};

    cc_assume_fill(&fake->mem, &hop, &loose);
    assert_string_equal(hop.role_arn, "r");
    assert_string_equal(hop.session_name, "loose");
    assert_string_equal(hop.external_id, "own-id");
    assert_int_equal(hop.duration_seconds, 900);
    assert_string_equal(hop.tags[0], "a=1");
    assert_string_equal(hop.tags[1], "b=2");
    assert_null(hop.tags[2]);
    assert_null(hop.policy);
    assert_true(cc_secret_present(hop.token_code));
}

static void the_first_parameter_that_is_set_is_told(void **state)
{
    static const char *const keys[] = {"k", NULL};
    const struct cc_assume none = {.region = "eu-central-1"};
    const struct cc_assume list = {.transitive_tag_keys = keys};
    const struct cc_assume code = {.token_code = {CANARY}, .source_identity = "me"};

    (void)state;
    assert_null(cc_assume_first(&none));
    assert_string_equal(cc_assume_first(&list)->name, "transitive_tag_keys");
    assert_string_equal(cc_assume_first(&code)->name, "token_code");
}

static void each_parameter_has_an_option_a_place_and_a_name_at_sts(void **state)
{
    struct cc_shape_walk walk = cc_shape_walk(&cc_assume_shape, NULL);
    struct cc_shape_member member;

    (void)state;
    while (cc_shape_next(&walk, &member)) {
        const bool list =
            member.field->kind == CC_KIND_TEXTS || member.field->kind == CC_KIND_PAIRS;

        assert_non_null(member.field->wire);
        assert_int_equal(strchr(member.field->wire, '*') != NULL, list);
        assert_non_null(member.field->about);
        assert_non_null(member.field->title);
    }
}

static void the_arn_of_a_role_is_told_from_other_texts(void **state)
{
    (void)state;
    assert_true(cc_role_arn_form.fits("arn:aws-cn:iam::111122223333:role/path/name"));
    assert_false(cc_role_arn_form.fits("arn:aws:iam::111122223333:user/name"));
    assert_false(cc_role_arn_form.fits("role/name"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FAKE_WORLD(what_a_hop_leaves_open_is_filled_and_lists_are_joined),
        IN_FAKE_WORLD(the_first_parameter_that_is_set_is_told),
        IN_FAKE_WORLD(each_parameter_has_an_option_a_place_and_a_name_at_sts),
        IN_FAKE_WORLD(the_arn_of_a_role_is_told_from_other_texts),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
