#include "credctl/aws/arn.h"

#include "credctl/base/text.h"

#include "../support/test.h"

static void every_partition_is_read(void **state)
{
    static const char *const arns[][2] = {
        {"arn:aws:iam::111122223333:role/r", "aws"},
        {"arn:aws-cn:iam::111122223333:role/r", "aws-cn"},
        {"arn:aws-us-gov:iam::111122223333:role/r", "aws-us-gov"},
        {"arn:aws-iso-b:iam::111122223333:role/r", "aws-iso-b"},
        {"arn:aws-eusc:iam::111122223333:role/r", "aws-eusc"},
    };
    struct fake *fake = *state;
    struct cc_arn arn;

    for (size_t i = 0; i < CC_COUNT(arns); i++) {
        assert_true(cc_arn_parse(&fake->run.mem, arns[i][0], &arn));
        assert_string_equal(arn.partition, arns[i][1]);
    }
}

static void what_is_no_arn_is_refused(void **state)
{
    static const char *const others[] = {
        "",
        "arn:aws:iam::111122223333",
        "arn:aws:iam::1234:role/r",
        "arn:evil:iam::111122223333:role/r",
        "arn:aws:iam:nowhere:111122223333:role/r",
        "arn:aws:iam::111122223333:role/\x1b[31m",
        "arn:aws::us-east-1:111122223333:x",
        "arn:aws:iam::111122223333:",
    };
    struct fake *fake = *state;
    struct cc_arn arn;

    assert_false(cc_arn_parse(&fake->run.mem, NULL, &arn));
    for (size_t i = 0; i < CC_COUNT(others); i++) {
        assert_false(cc_arn_parse(&fake->run.mem, others[i], &arn));
    }
}

static void a_role_keeps_its_name_whatever_its_path(void **state)
{
    struct fake *fake = *state;
    struct cc_arn arn;
    const char *name = NULL;

    assert_true(
        cc_arn_role(&fake->run.mem, "arn:aws:iam::012345678910:role/a/b/Name", &arn, &name));
    assert_string_equal(name, "Name");
    assert_string_equal(arn.account, "012345678910");
    assert_false(cc_arn_role(&fake->run.mem, "arn:aws:iam::012345678910:user/x", &arn, &name));
    assert_false(cc_arn_role(&fake->run.mem, "arn:aws:iam::012345678910:role/a/", &arn, &name));
}

static void regions_have_their_shape(void **state)
{
    (void)state;
    assert_true(cc_region_shaped("us-east-1"));
    assert_true(cc_region_shaped("us-gov-west-1"));
    assert_true(cc_region_shaped("eusc-de-east-1"));
    assert_false(cc_region_shaped("us-east-1a"));
    assert_false(cc_region_shaped("aws-global"));
    assert_false(cc_region_shaped("us-east-"));
    assert_false(cc_region_shaped(NULL));
}

static void a_modern_key_id_encodes_its_account(void **state)
{
    struct fake *fake = *state;

    assert_string_equal(cc_account_of_key_id(&fake->run.mem, "ASIAY34FZKBOKMUTVV7A"),
                        "609629065308");
    assert_null(cc_account_of_key_id(&fake->run.mem, "ASIAIOSFODNN7EXAMPLE"));
    assert_null(cc_account_of_key_id(&fake->run.mem, "ASIAY34FZKBOKMUTVV1A"));
    assert_null(cc_account_of_key_id(&fake->run.mem, "AROAY34FZKBOKMUTVV7A"));
    assert_null(cc_account_of_key_id(&fake->run.mem, NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FAKE_WORLD(every_partition_is_read),
        IN_FAKE_WORLD(what_is_no_arn_is_refused),
        IN_FAKE_WORLD(a_role_keeps_its_name_whatever_its_path),
        IN_FAKE_WORLD(regions_have_their_shape),
        IN_FAKE_WORLD(a_modern_key_id_encodes_its_account),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
