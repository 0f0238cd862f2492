#include "tour_support.h"

/* Whole runs: actions of the role, the journal, shards, and what many targets have in common. */

#define MISSING "<MissingContextValues><member>aws:SourceIp</member></MissingContextValues>"
#define BY_ORG                                                                            \
    "<OrganizationsDecisionDetail><AllowedByOrganizations>false</AllowedByOrganizations>" \
    "</OrganizationsDecisionDetail>"
#define READ_S3                                                                                \
    "%7B%22Version%22%3A%222012-10-17%22%2C%22Statement%22%3A%5B%7B%22Effect%22%3A%22Allow%22" \
    "%2C%22Action%22%3A%22s3%3AGet%2A%22%2C%22Resource%22%3A%22%2A%22%7D%2C%7B%22Effect%22%3A" \
    "%22Allow%22%2C%22Action%22%3A%22ec2%3A%2A%22%2C%22Resource%22%3A%22%2A%22%2C%22Condition" \
    "%22%3A%7B%22IpAddress%22%3A%7B%22aws%3ASourceIp%22%3A%2210.0.0.0%2F8%22%7D%7D%7D%5D%7D"

static const char *const three_actions[] = {"s3:GetObject", "s3:PutObject", "ec2:RunInstances",
                                            NULL};

static void expect_actions(const char *one, const char *two, const char *three)
{
    assert_int_equal(target(0)->action_count, 3);
    assert_string_equal(target(0)->actions[0].action, "s3:GetObject");
    assert_string_equal(target(0)->actions[0].decision, one);
    assert_string_equal(target(0)->actions[1].decision, two);
    assert_string_equal(target(0)->actions[2].decision, three);
}

static void the_role_reads_its_own_policies(struct fake *fake)
{
    iam_answers(fake, "GetRole",
                IAM_ANSWER("GetRole",
                           "<Role><Path>/</Path><RoleName>Audit</RoleName><RoleId>AROAAUDIT"
                           "</RoleId><Arn>" A "</Arn><AssumeRolePolicyDocument>%7B%7D"
                           "</AssumeRolePolicyDocument></Role>"));
    iam_answers(fake, "ListRolePolicies",
                IAM_ANSWER("ListRolePolicies", "<PolicyNames><member>p</member></PolicyNames>"
                                               "<IsTruncated>false</IsTruncated>"));
    iam_answers(fake, "ListAttachedRolePolicies",
                IAM_ANSWER("ListAttachedRolePolicies",
                           "<AttachedPolicies/><IsTruncated>false</IsTruncated>"));
    iam_answers(fake, "GetRolePolicy",
                IAM_ANSWER("GetRolePolicy", "<PolicyName>p</PolicyName><PolicyDocument>" READ_S3
                                            "</PolicyDocument>"));
}

static void actions_are_simulated_with_the_assumed_role(void **state)
{
    struct fake *fake = *state;

    options.role_arns = one_arn;
    options.actions = three_actions;
    iam_answers(fake, "SimulatePrincipalPolicy",
                SIMULATED(VERDICT("s3:GetObject", "allowed", "")
                              VERDICT("s3:PutObject", "implicitDeny", "")
                                  VERDICT("ec2:RunInstances", "allowed", BY_ORG MISSING)));
    the_rest_is_fine(fake);
    assert_true(test_access(state));
    expect(0, CC_ACCESS_ALLOWED, NULL, NULL);
    expect_actions("allowed", "denied", "denied");
    assert_int_equal(asked_for(fake, "ASIAROLE"), 1);
    assert_int_equal(asked_for(fake, "PolicySourceArn=arn%3Aaws%3Aiam%3A%3A000000000001%3Arole"),
                     1);
    assert_int_equal(target(0)->attempts, 2);
}

static void actions_that_cannot_be_simulated_are_read(void **state)
{
    struct fake *fake = *state;

    options.role_arns = one_arn;
    options.actions = three_actions;
    the_role_reads_its_own_policies(fake);
    the_rest_is_fine(fake);
    assert_true(test_access(state));
    expect_actions("allowed", "denied", "unknown"); /* only AWS sees the source address */
    assert_int_equal(target(0)->attempts, 1 + 1 + 4);
}

static void where_the_simulation_lacks_a_key_the_policies_are_read(void **state)
{
    struct fake *fake = *state;

    options.role_arns = one_arn;
    options.actions = three_actions;
    iam_answers(fake, "SimulatePrincipalPolicy",
                SIMULATED(VERDICT("s3:GetObject", "allowed", MISSING)
                              VERDICT("s3:PutObject", "explicitDeny", "")
                                  VERDICT("ec2:RunInstances", "implicitDeny", MISSING)));
    the_role_reads_its_own_policies(fake);
    the_rest_is_fine(fake);
    assert_true(test_access(state));
    expect_actions("allowed", "denied", "unknown");
}

static void actions_that_nobody_can_tell_are_unknown(void **state)
{
    struct fake *fake = *state;

    options.role_arns = one_arn;
    options.actions = three_actions;
    the_rest_is_fine(fake);
    assert_true(test_access(state));
    expect(0, CC_ACCESS_ALLOWED, NULL, NULL);
    expect_actions("unknown", "unknown", "unknown");
}

static void the_actions_of_a_row_take_the_place_of_the_options(void **state)
{
    struct fake *fake = *state;

    fake_file(fake, "/l.json",
              "[{\"role_arn\":\"" A "\",\"actions\":[\"iam:GetUser\"]},\"" B "\"]");
    options.role_arns = NULL;
    options.targets = "/l.json";
    options.actions = three_actions;
    the_rest_is_fine(fake);
    assert_true(test_access(state));
    assert_int_equal(target(0)->action_count, 1);
    assert_string_equal(target(0)->actions[0].action, "iam:GetUser");
    assert_int_equal(target(1)->action_count, 3);
}

static void a_denied_role_has_no_actions(void **state)
{
    struct fake *fake = *state;

    options.role_arns = one_arn;
    options.actions = three_actions;
    answers(fake, STS, ASKED_ASSUME, 403, DENIED);
    the_rest_is_fine(fake);
    assert_true(test_access(state));
    assert_int_equal(target(0)->action_count, 0);
}

/* --- the sink, the journal and shards --- */

static char given[65536]; /* what the sink was handed: a target a line */
static size_t given_count;
static size_t taken_most; /* then it takes no more */

static bool take(void *about, struct cc_run *run, const struct cc_shape *shape, const void *result)
{
    const struct cc_access_result *one = result;
    const struct fake *fake = about;
    const char *journal = fake_file_text((struct fake *)fake, "/j");

    (void)run;
    assert_ptr_equal(shape, &cc_access_result_shape);
    if (journal) { /* first */
        assert_non_null(strstr(
            journal, cc_textf(&((struct fake *)fake)->mem, "\"target\":\"%s\"", one->target)));
    }
    strncat(given, one->target, 256);
    strncat(given, "\n", 2);
    return ++given_count < taken_most;
}

static struct cc_sink sink = {.take = take};

static void give_to_sink(struct fake *fake, size_t most)
{
    sink.about = fake;
    given[0] = '\0';
    given_count = 0;
    taken_most = most;
    fake->run.sink = &sink;
}

static size_t lines_with(const char *text, const char *part)
{
    size_t count = 0;

    for (const char *at = strstr(text, part); at; at = strstr(at + 1, part)) {
        count++;
    }
    return count;
}

static void a_result_is_in_the_journal_before_it_is_given(void **state)
{
    struct fake *fake = *state;

    options.journal = "/j";
    give_to_sink(fake, 100);
    answers(fake, STS, "000000000002", 403, DENIED);
    the_rest_is_fine(fake);
    assert_true(test_access(state));
    assert_int_equal(given_count, 3);
    assert_int_equal(answer.target_count, 0);
    assert_int_equal(answer.allowed, 2);
    assert_int_equal(lines_with(fake_file_text(fake, "/j"), "\"outcome\":\"allowed\""), 2);
    assert_int_equal(lines_with(fake_file_text(fake, "/j"), "{\"ended\":true}"), 1);
    assert_null(strstr(fake_file_text(fake, "/j"), CANARY));
}

static void a_resumed_run_asks_only_what_has_no_result(void **state)
{
    struct fake *fake = *state;

    options.journal = "/j";
    options.concurrency = 1;
    give_to_sink(fake, 2);
    answers(fake, STS, "000000000001", 403, DENIED);
    the_rest_is_fine(fake);
    assert_true(test_access(state)); /* nobody takes the third one */
    assert_int_equal(given_count, 2);
    assert_int_equal(answer.not_run, 1);
    assert_int_equal(lines_with(fake_file_text(fake, "/j"), "{\"ended\":true}"), 0);

    options.resume = true;
    give_to_sink(fake, 100);
    fake->sent_count = 0;
    assert_true(test_access(state));
    assert_string_equal(given, A "\n" B "\n" C "\n"); /* the first run may not have got them out */
    assert_int_equal(asked_for(fake, ASKED_ASSUME), 1);
    assert_int_equal(asked_for(fake, "000000000003"), 1);
    assert_int_equal(answer.total, 3);
    assert_int_equal(answer.allowed, 2);
    assert_int_equal(answer.denied, 1);
    assert_int_equal(fake->run.exit_status, 3);

    fake->run.sink = NULL; /* a complete answer has all of them */
    assert_true(test_access(state));
    assert_int_equal(answer.target_count, 3);
    expect(0, CC_ACCESS_DENIED, "identity.no_allow", "possible");
    expect(2, CC_ACCESS_ALLOWED, NULL, NULL);
    assert_int_equal(asked_for(fake, ASKED_ASSUME), 1);
}

static void rows_that_a_journal_cannot_tell_apart_are_asked_again(void **state)
{
    struct fake *fake = *state;

    fake_file(fake, "/list", A ",,one\n" A ",,two\n" B "\n");
    options.role_arns = NULL;
    options.targets = "/list";
    options.journal = "/j";
    options.concurrency = 1;
    give_to_sink(fake, 1);
    the_rest_is_fine(fake);
    assert_true(test_access(state)); /* ends after the first row */
    options.resume = true;
    give_to_sink(fake, 100);
    fake->sent_count = 0;
    assert_true(test_access(state));
    assert_int_equal(asked_for(fake, "ExternalId=one"), 1);
    assert_int_equal(asked_for(fake, "ExternalId=two"), 1);
    assert_int_equal(given_count, 3);
    fake->sent_count = 0;
    assert_true(test_access(state));
    assert_int_equal(asked_for(fake, "000000000002"), 0);
}

static void shards_together_have_each_target_once(void **state)
{
    struct fake *fake = *state;
    size_t total = 0;

    give_to_sink(fake, 100);
    the_rest_is_fine(fake);
    for (int i = 0; i < 2; i++) {
        options.shard = cc_textf(&fake->mem, "%d/2", i);
        assert_true(test_access(state));
        total += (size_t)answer.total;
    }
    assert_int_equal(total, 3);
    assert_int_equal(lines_with(given, A "\n"), 1);
    assert_int_equal(lines_with(given, B "\n"), 1);
    assert_int_equal(lines_with(given, C "\n"), 1);
}

static void a_shard_without_targets_is_done(void **state)
{
    struct fake *fake = *state;

    options.shard = "7/8";
    the_rest_is_fine(fake);
    assert_true(test_access(state));
    assert_int_equal(answer.total, 0);
    assert_int_equal(fake->run.exit_status, 0);
}

/* --- what several targets have in common --- */

static void lacking(struct fake *fake)
{
    iam_answers(fake, "SimulatePrincipalPolicy",
                SIMULATED(VERDICT("sts:AssumeRole", "implicitDeny", "")
                              VERDICT("sts:TagSession", "implicitDeny", "")));
}

static void one_statement_for_all_targets_that_lack_the_same(void **state)
{
    struct fake *fake = *state;

    answers(fake, STS, ASKED_ASSUME, 403, DENIED);
    lacking(fake);
    the_rest_is_fine(fake);
    assert_true(test_access(state));
    assert_int_equal(answer.shared_count, 1);
    assert_string_equal(answer.shared[0].cause, "identity.no_allow");
    assert_int_equal(answer.shared[0].count, 3);
    const cJSON *list = cJSON_GetObjectItemCaseSensitive(answer.shared[0].statement, "Resource");
    assert_int_equal(cJSON_GetArraySize(list), 3);
    assert_string_equal(cJSON_GetArrayItem(list, 2)->valuestring, C);
    assert_string_equal(cc_json_text(target(0)->statement, "Resource"), A); /* not changed */
}

static void statements_that_allow_different_things_are_not_joined(void **state)
{
    struct fake *fake = *state;

    fake_file(fake, "/l.json",
              "[\"" A "\",{\"role_arn\":\"" B "\",\"tags\":{\"team\":\"sec\"}},\"" C "\"]");
    options.role_arns = NULL;
    options.targets = "/l.json";
    answers(fake, STS, ASKED_ASSUME, 403, DENIED);
    lacking(fake);
    the_rest_is_fine(fake);
    assert_true(test_access(state));
    assert_int_equal(answer.shared_count, 1);
    assert_int_equal(answer.shared[0].count, 2);
    const cJSON *list = cJSON_GetObjectItemCaseSensitive(answer.shared[0].statement, "Resource");
    assert_int_equal(cJSON_GetArraySize(list), 2);
    assert_string_equal(cJSON_GetArrayItem(list, 1)->valuestring, C);
}

static void a_deny_at_the_roles_is_told_once_without_a_statement(void **state)
{
    struct fake *fake = *state;

    answers(fake, STS, ASKED_ASSUME, 403,
            XML_ERROR("AccessDenied",
                      "User: " CALLER " is not authorized to perform: sts:AssumeRole"
                      " with an explicit deny in the role trust policy"));
    the_rest_is_fine(fake);
    assert_true(test_access(state));
    expect(1, CC_ACCESS_DENIED, "trust.explicit_deny", "certain");
    assert_int_equal(answer.shared_count, 1);
    assert_int_equal(answer.shared[0].count, 3);
    assert_null(answer.shared[0].statement);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TOURS(actions_are_simulated_with_the_assumed_role),
        TOURS(actions_that_cannot_be_simulated_are_read),
        TOURS(where_the_simulation_lacks_a_key_the_policies_are_read),
        TOURS(actions_that_nobody_can_tell_are_unknown),
        TOURS(the_actions_of_a_row_take_the_place_of_the_options),
        TOURS(a_denied_role_has_no_actions),
        TOURS(a_result_is_in_the_journal_before_it_is_given),
        TOURS(a_resumed_run_asks_only_what_has_no_result),
        TOURS(rows_that_a_journal_cannot_tell_apart_are_asked_again),
        TOURS(shards_together_have_each_target_once),
        TOURS(a_shard_without_targets_is_done),
        TOURS(one_statement_for_all_targets_that_lack_the_same),
        TOURS(statements_that_allow_different_things_are_not_joined),
        TOURS(a_deny_at_the_roles_is_told_once_without_a_statement),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
