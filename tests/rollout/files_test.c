#include "credctl/base/text.h"
#include "credctl/targets/targets.h"

#include "../detectors/scene_support.h"
#include "support/command.h"

#define SOURCE "arn:aws:iam::111122223333:role/app/host"
#define GEN(...)                                                                             \
    ASK(*state, &result, &err, "gen-template", "cross-account", "--source-role-arn", SOURCE, \
        __VA_ARGS__)

static void each_account_has_a_file_and_a_row_in_the_list(void **state)
{
    struct fake *fake = *state;
    struct asked result;
    struct cc_error err;
    const struct cc_target_defaults none = {.partition = "aws"};
    struct cc_targets targets;

    fake_file(fake, "/list.csv",
              "name,account,role,external_id\nprod,222233334444,,theirs-1\n"
              ",arn:aws:iam::333344445555:role/x/audit,,\n");
    assert_true(GEN("--targets", "/list.csv", "--output-dir", "/out"));
    const char *prod = fake_file_text(fake, "/out/cross-account-prod.yaml");
    const char *other = fake_file_text(fake, "/out/cross-account-333344445555.yaml");
    assert_non_null(strstr(prod, "sts:ExternalId: theirs-1\n"));
    assert_non_null(strstr(prod, "for account 222233334444\n"));
    assert_non_null(strstr(prod, "RoleName: credctl-security-assessment\n"));
    assert_non_null(strstr(other, "RoleName: audit\n"));
    assert_non_null(strstr(other, "Path: /x/\n"));

    const char *index = fake_file_text(fake, "/out/targets.json");
    assert_true(cc_targets_parse(&fake->mem, index, strlen(index), &none, &targets, &err));
    assert_int_equal(targets.count, 2);
    assert_string_equal(targets.rows[0].external_id, "theirs-1");
    assert_string_equal(targets.rows[0].name, "prod");
    assert_string_equal(targets.rows[1].role_arn, "arn:aws:iam::333344445555:role/x/audit");
    assert_non_null(strstr(other, targets.rows[1].external_id));
    assert_non_null(strstr(asked_text(fake, &result), "/out/targets.json\n"));
}

static void the_list_makes_the_same_templates_again(void **state)
{
    struct fake *fake = *state;
    struct asked result;
    struct cc_error err;

    assert_true(GEN("--target-account", "222233334444", "--output-dir", "/a/"));
    assert_true(GEN("--targets", "/a/targets.json", "--output-dir", "/b"));
    assert_string_equal(fake_file_text(fake, "/a/cross-account-222233334444.yaml"),
                        fake_file_text(fake, "/b/cross-account-222233334444.yaml"));
    assert_string_equal(fake_file_text(fake, "/a/targets.json"),
                        fake_file_text(fake, "/b/targets.json"));
}

static void a_host_and_a_deployment_take_what_they_need_of_the_list(void **state)
{
    struct fake *fake = *state;
    struct asked result;
    struct cc_error err;

    assert_true(
        GEN("--target-account", "222233334444", "--external-id", "theirs-1", "--output-dir", "/a"));
    assert_true(ASK(fake, &result, &err, "gen-template", "ec2", "--targets", "/a/targets.json"));
    assert_null(strstr(asked_text(fake, &result), "theirs-1"));
    assert_true(
        ASK(fake, &result, &err, "gen-template", "deploy-lambda", "--targets", "/a/targets.json"));
    const char *text = asked_text(fake, &result);
    assert_non_null(strstr(text, "AWS_ASSUME_ROLE_EXTERNAL_ID: theirs-1\n"));
    assert_non_null(strstr(text, "AWS_ASSUME_ROLE_ARN: arn:aws:iam::222233334444:role/"));
}

static void nothing_is_replaced_unless_that_is_said(void **state)
{
    struct fake *fake = *state;
    struct asked result;
    struct cc_error err;

    fake_file(fake, "/out/targets.json", "mine");
    assert_false(GEN("--target-account", "222233334444", "--output-dir", "/out"));
    assert_int_equal(err.code, CC_E_USAGE);
    assert_non_null(strstr(err.what, "/out/targets.json exists"));
    assert_non_null(strstr(err.fix, "--force"));
    assert_null(fake_file_text(fake, "/out/cross-account-222233334444.yaml"));
    assert_true(GEN("--target-account", "222233334444", "--output-dir", "/out", "--force"));
    assert_non_null(strstr(fake_file_text(fake, "/out/targets.json"), "222233334444"));
    fake_file(fake, "/one.yaml", "mine");
    assert_false(GEN("--output-file", "/one.yaml"));
    assert_string_equal(fake_file_text(fake, "/one.yaml"), "mine");
}

static void several_templates_do_not_fit_on_standard_output(void **state)
{
    struct asked result;
    struct cc_error err;

    assert_false(GEN("--target-account", "222233334444", "--target-account", "333344445555"));
    assert_non_null(strstr(err.fix, "--output-dir"));
    assert_false(GEN("--target-account", "222233334444", "--targets", "-"));
    assert_false(GEN("--output-dir", "/a", "--output-file", "/b"));
    assert_false(GEN("--force"));
}

static void one_file_has_the_format_that_was_chosen(void **state)
{
    struct fake *fake = *state;
    struct asked result;
    struct cc_error err;

    assert_true(GEN("--format", "json", "--output-file", "/one"));
    assert_true(cc_text_starts(fake_file_text(fake, "/one"), "{\n"));
    assert_true(GEN("--format", "json", "--output-dir", "/d"));
    assert_non_null(fake_file_text(fake, "/d/cross-account.json"));
    assert_null(fake_file_text(fake, "/d/targets.json"));
}

#define AUTO(...) \
    ASK(*state, &result, &err, "gen-template", "cross-account", "--source-role-arn", "auto")

static void the_role_of_this_host_is_found(void **state)
{
    struct fake *fake = *state;
    struct asked result;
    struct cc_error err;

    fake_env(fake, "AWS_ROLE_ARN", "arn:aws:iam::111122223333:role/team/reader");
    fake_env(fake, "AWS_WEB_IDENTITY_TOKEN_FILE", IRSA);
    fake_file(fake, IRSA, pod_token(fake, CLUSTER, "ip-10-0-0-1.us-west-2.compute.internal"));
    assert_true(AUTO());
    assert_non_null(strstr(asked_text(fake, &result),
                           "aws:PrincipalArn: arn:aws:iam::111122223333:role/team/reader\n"));
}

static void a_host_without_a_role_cannot_be_the_source(void **state)
{
    struct asked result;
    struct cc_error err;

    no_imds(*state);
    assert_false(AUTO());
    assert_non_null(strstr(err.what, "no role that can be detected"));
    assert_non_null(strstr(err.fix, "--source-role-arn ARN"));
}

static void a_role_without_its_path_is_asked_for(void **state)
{
    struct fake *fake = *state;
    struct asked result;
    struct cc_error err;

    nitro(fake);
    imds(fake, 200, DOCUMENT, "app-role");
    assert_false(AUTO());
    assert_int_equal(err.code, CC_E_USAGE);
    assert_non_null(strstr(err.what, "path of this host's role"));
    assert_non_null(strstr(err.fix, "role/[PATH/]app-role"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FAKE_WORLD(each_account_has_a_file_and_a_row_in_the_list),
        IN_FAKE_WORLD(the_list_makes_the_same_templates_again),
        IN_FAKE_WORLD(a_host_and_a_deployment_take_what_they_need_of_the_list),
        IN_FAKE_WORLD(nothing_is_replaced_unless_that_is_said),
        IN_FAKE_WORLD(several_templates_do_not_fit_on_standard_output),
        IN_FAKE_WORLD(one_file_has_the_format_that_was_chosen),
        IN_FAKE_WORLD(the_role_of_this_host_is_found),
        IN_FAKE_WORLD(a_host_without_a_role_cannot_be_the_source),
        IN_FAKE_WORLD(a_role_without_its_path_is_asked_for),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
