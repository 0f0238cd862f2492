#include "tour_support.h"

/* Whole runs: what is asked, and what is said of each target. */

#define SESSION "arn:aws:sts::000000000001:assumed-role/Audit/credctl-test"

static const char *body_of(struct fake *fake, const char *part, size_t which)
{
    for (size_t i = 0; i < fake->sent_count; i++) {
        if (strstr(fake->sent[i].body, part) && which-- == 0) {
            return fake->sent[i].body;
        }
    }
    fail_msg("nobody asked %s", part);
    return NULL;
}

static void a_role_that_can_be_assumed_is_allowed(void **state)
{
    struct fake *fake = *state;

    options.role_arns = one_arn;
    the_rest_is_fine(fake);
    assert_true(test_access(state));
    expect(0, CC_ACCESS_ALLOWED, NULL, NULL);
    const struct cc_access_result *result = target(0);
    assert_string_equal(result->target, A);
    assert_string_equal(result->account_id, "000000000001");
    assert_string_equal(result->assumed_role_arn, SESSION);
    assert_int_equal(result->expires, fake->now + 3600);
    assert_false(result->verified.known);
    assert_null(result->candidates[0]);
    assert_null(result->external_id_check);
    assert_int_equal(result->attempts, 1);
    assert_string_equal(result->caller->arn, CALLER);
    assert_string_equal(answer.caller->user_id, "AROAHUB:i-0123456789abcdef0");
    assert_int_equal(fake->run.exit_status, 0);
    assert_int_equal(fake->sent_count, 2);
    assert_non_null(strstr(body_of(fake, "AssumeRole", 0), "RoleSessionName=credctl-test"));
}

static void credentials_are_verified_when_asked(void **state)
{
    struct fake *fake = *state;

    options.no_verify = false;
    options.verify = true;
    options.role_arns = one_arn;
    once(fake, ASKED_WHO, 200, WHO("AROAHUB:i-0123456789abcdef0", CALLER));
    once(fake, ASKED_WHO, 200, WHO("AROAAUDIT:credctl-test", SESSION));
    the_rest_is_fine(fake);
    assert_true(test_access(state));
    expect(0, CC_ACCESS_ALLOWED, NULL, NULL);
    assert_true(target(0)->verified.known && target(0)->verified.value);
    assert_string_equal(target(0)->assumed_role_arn, SESSION);
    assert_int_equal(target(0)->attempts, 2);
}

static void credentials_that_aws_refuses_are_no_access(void **state)
{
    struct fake *fake = *state;

    options.no_verify = false;
    options.role_arns = one_arn;
    once(fake, ASKED_WHO, 200, WHO("AROAHUB:i-0123456789abcdef0", CALLER));
    once(fake, ASKED_WHO, 403, XML_ERROR("InvalidClientTokenId", "is invalid."));
    the_rest_is_fine(fake);
    assert_true(test_access(state));
    expect(0, CC_ACCESS_ERROR, "credentials.invalid", "certain");
    assert_true(target(0)->verified.known && !target(0)->verified.value);
    assert_null(target(0)->assumed_role_arn);
}

static void a_verification_that_fails_to_come_says_nothing(void **state)
{
    static const struct {
        int status;
        const char *body;
    } rows[] = {{403, XML_ERROR("AccessDenied", "with an explicit deny in a VPC endpoint policy")},
                {500, "<html>"},
                {200, "garbage"}};

    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        struct fake *fake = *state;

        memset(fake->http, 0, sizeof(fake->http));
        options.no_verify = false;
        options.role_arns = one_arn;
        options.target_timeout_ms = 1000;
        once(fake, ASKED_WHO, 200, WHO("AROAHUB:i-0123456789abcdef0", CALLER));
        answers(fake, STS, ASKED_WHO, rows[i].status, rows[i].body);
        the_rest_is_fine(fake);
        assert_true(test_access(state));
        expect(0, CC_ACCESS_ALLOWED, NULL, NULL);
        assert_false(target(0)->verified.known);
        assert_string_equal(target(0)->assumed_role_arn, SESSION);
    }
}

static void of_a_denial_the_callers_policies_are_read(void **state)
{
    struct fake *fake = *state;

    options.role_arns = one_arn;
    answers(fake, STS, ASKED_ASSUME, 403, DENIED);
    iam_answers(fake, "GetRole",
                IAM_ANSWER("GetRole",
                           "<Role><Path>/team/</Path><RoleName>Hub</RoleName><RoleId>AROAHUB"
                           "</RoleId><Arn>arn:aws:iam::111111111111:role/team/Hub</Arn>"
                           "<AssumeRolePolicyDocument>%7B%7D</AssumeRolePolicyDocument></Role>"));
    iam_answers(fake, "ListRolePolicies",
                IAM_ANSWER("ListRolePolicies", "<PolicyNames/><IsTruncated>false</IsTruncated>"));
    iam_answers(fake, "ListAttachedRolePolicies",
                IAM_ANSWER("ListAttachedRolePolicies",
                           "<AttachedPolicies/><IsTruncated>false</IsTruncated>"));
    the_rest_is_fine(fake);
    assert_true(test_access(state));
    expect(0, CC_ACCESS_DENIED, "identity.no_allow", "certain");
    assert_string_equal(target(0)->side, "source");
    assert_string_equal(target(0)->attach_to, "arn:aws:iam::111111111111:role/team/Hub");
    assert_string_equal(target(0)->policy_kind, "identity");
    assert_string_equal(target(0)->change, "add");
    assert_string_equal(cc_json_text(target(0)->statement, "Resource"), A);
    assert_null(target(0)->candidates[1]);
    assert_null(target(0)->assumed_role_arn);
    assert_int_equal(target(0)->attempts, 1); /* what was read is for all targets */
    assert_int_equal(fake->run.exit_status, 1);
}

static void the_callers_side_is_read_once_for_many_denials(void **state)
{
    struct fake *fake = *state;
    struct cc_buf list = cc_buf_new(&fake->mem, 65536);

    for (int i = 0; i < 30; i++) {
        cc_buf_addf(&list, "arn:aws:iam::0000000001%02d:role/Audit\n", i);
    }
    fake_file(fake, "/list", list.text);
    options.role_arns = NULL;
    options.targets = "/list";
    options.concurrency = 10;
    answers(fake, STS, ASKED_ASSUME, 403, DENIED);
    fake_http_row(fake, (struct fake_exchange){.url = IAM,
                                               .part = "Action=GetRole&",
                                               .status = 403,
                                               .body = XML_ERROR("AccessDenied", "no"),
                                               .takes_ms = 3000});
    the_rest_is_fine(fake);
    assert_true(test_access(state));
    assert_int_equal(answer.denied, 30);
    assert_int_equal(asked_for(fake, "Action=GetRole&"), 1);
    assert_int_equal(asked_for(fake, "Action=ListRolePolicies&"), 1);
    assert_int_equal(asked_for(fake, "Action=SimulatePrincipalPolicy&"), 1);
    assert_int_equal(asked_for(fake, "DescribeOrganization"), 1);
    for (size_t i = 0; i < 30; i++) {
        expect(i, CC_ACCESS_DENIED, "identity.no_allow", "possible");
    }
}

static void some_of_many_is_an_exit_status_of_its_own(void **state)
{
    struct fake *fake = *state;

    answers(fake, STS, "000000000002", 403, DENIED);
    the_rest_is_fine(fake);
    assert_true(test_access(state));
    expect(0, CC_ACCESS_ALLOWED, NULL, NULL);
    expect(1, CC_ACCESS_DENIED, "identity.no_allow", "possible");
    expect(2, CC_ACCESS_ALLOWED, NULL, NULL);
    assert_int_equal(answer.total, 3);
    assert_int_equal(answer.allowed, 2);
    assert_int_equal(fake->run.exit_status, 3);
}

/* --- the external ID --- */

static void check_id(struct fake *fake)
{
    options.role_arns = one_arn;
    options.check_external_id = true;
    options.target.external_id = "credctl-7f3a9c";
    options.target_timeout_ms = 2000;
    memset(fake->http, 0, sizeof(fake->http));
    fake->sent_count = 0;
}

static void an_external_id_is_enforced_when_a_wrong_and_a_missing_one_are_refused(void **state)
{
    struct fake *fake = *state;

    check_id(fake);
    once(fake, "ExternalId=credctl-7f3a9c", 200, sts_answer(fake, "AssumeRole"));
    answers(fake, STS, ASKED_ASSUME, 403, DENIED);
    the_rest_is_fine(fake);
    assert_true(test_access(state));
    expect(0, CC_ACCESS_ALLOWED, NULL, NULL);
    assert_string_equal(target(0)->external_id_check, "refused");
    assert_int_equal(target(0)->attempts, 3);
    assert_non_null(strstr(body_of(fake, "AssumeRole", 1), "ExternalId=credctl-check-"));
    assert_null(strstr(body_of(fake, "AssumeRole", 2), "ExternalId"));
}

static void an_external_id_is_not_enforced_when_either_is_accepted(void **state)
{
    struct fake *fake = *state;

    check_id(fake);
    once(fake, ASKED_ASSUME, 200, sts_answer(fake, "AssumeRole"));
    once(fake, "ExternalId=credctl-check-", 200, sts_answer(fake, "AssumeRole"));
    the_rest_is_fine(fake);
    assert_true(test_access(state));
    assert_string_equal(target(0)->external_id_check, "not_enforced");

    check_id(fake);
    answers(fake, STS, "ExternalId=credctl-check-", 403, DENIED);
    the_rest_is_fine(fake);
    assert_true(test_access(state));
    assert_string_equal(target(0)->external_id_check, "not_enforced");

    check_id(fake);
    options.target.external_id = NULL; /* it has just succeeded without one */
    the_rest_is_fine(fake);
    assert_true(test_access(state));
    assert_string_equal(target(0)->external_id_check, "not_enforced");
    assert_int_equal(fake->sent_count, 2);
}

static void a_check_that_is_throttled_or_broken_is_unknown(void **state)
{
    static const struct {
        int status;
        const char *body;
    } rows[] = {{400, THROTTLED}, {500, "<html>"}, {200, "garbage"}};

    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        struct fake *fake = *state;

        check_id(fake);
        once(fake, "ExternalId=credctl-7f3a9c", 200, sts_answer(fake, "AssumeRole"));
        answers(fake, STS, "ExternalId=credctl-check-", rows[i].status, rows[i].body);
        answers(fake, STS, ASKED_ASSUME, 403, DENIED);
        the_rest_is_fine(fake);
        assert_true(test_access(state));
        expect(0, CC_ACCESS_ALLOWED, NULL, NULL);
        assert_string_equal(target(0)->external_id_check, "unknown");
    }
}

static void no_target_is_sent_the_external_id_of_another(void **state)
{
    struct fake *fake = *state;

    fake_file(fake, "/l.csv",
              "name,role_arn,external_id\na," A ",id-of-a\nb," B ",id-of-b\nc," C ",\n");
    options.role_arns = NULL;
    options.targets = "/l.csv";
    options.check_external_id = true;
    answers(fake, STS, "000000000002", 403, DENIED);
    the_rest_is_fine(fake);
    assert_true(test_access(state));
    for (size_t i = 0; i < fake->sent_count; i++) {
        const char *body = fake->sent[i].body;

        assert_true(!strstr(body, "id-of-a") || strstr(body, "000000000001"));
        assert_true(!strstr(body, "id-of-b") || strstr(body, "000000000002"));
    }
    assert_null(strstr(target(0)->external_id_check, "id-of"));
    assert_null(strstr(target(2)->target, "id-of"));
    assert_null(strstr(target(1)->why, "id-of-a"));
}

/* --- probes --- */

static void a_probe_shows_that_the_external_id_is_wrong(void **state)
{
    struct fake *fake = *state;

    options.role_arns = one_arn;
    options.target.external_id = "not-that-one";
    options.target.session_name = "nightly";
    answers(fake, STS, "ExternalId=not-that-one", 403, DENIED);
    the_rest_is_fine(fake);
    assert_true(test_access(state));
    expect(0, CC_ACCESS_DENIED, "trust.external_id_wrong", "likely");
    assert_string_equal(target(0)->side, "target");
    assert_int_equal(asked_for(fake, ASKED_ASSUME), 2); /* what was found needs no other probe */
}

static void a_handful_of_probes_is_made_at_most(void **state)
{
    static const char *const tags[] = {"team=sec", NULL};
    struct fake *fake = *state;

    options.role_arns = one_arn;
    options.target = (struct cc_assume){.external_id = "not-that-one",
                                        .session_name = "nightly",
                                        .tags = tags,
                                        .source_identity = "alice"};
    answers(fake, STS, ASKED_ASSUME, 403, DENIED);
    the_rest_is_fine(fake);
    assert_true(test_access(state));
    expect(0, CC_ACCESS_DENIED, "identity.no_allow", "possible");
    assert_int_equal(asked_for(fake, ASKED_ASSUME), 5);
    assert_int_equal(asked_for(fake, "ExternalId="), 4); /* and it is never another one */
    assert_int_equal(asked_for(fake, "ExternalId=not-that-one"), 4);
}

static void what_the_message_proves_is_not_probed(void **state)
{
    struct fake *fake = *state;

    options.role_arns = one_arn;
    options.target.external_id = "some-id";
    answers(fake, STS, ASKED_ASSUME, 403,
            XML_ERROR("AccessDenied", "User: " CALLER " is not authorized to perform: "
                                      "sts:AssumeRole with an explicit deny in a session policy"));
    the_rest_is_fine(fake);
    assert_true(test_access(state));
    expect(0, CC_ACCESS_DENIED, "session_policy.explicit_deny", "certain");
    assert_string_equal(target(0)->side, "session");
    assert_int_equal(asked_for(fake, ASKED_ASSUME), 1);
}

static void the_file_of_the_owner_is_evidence(void **state)
{
    struct fake *fake = *state;

    fake_file(fake, "/l.json", "[{\"role_arn\":\"" A "\",\"trust_policy\":\"/trust.json\"}]");
    fake_file(fake, "/trust.json",
              "{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\",\"Principal\":"
              "{\"AWS\":\"111111111111\"},\"Action\":\"sts:AssumeRole\",\"Condition\":"
              "{\"StringEquals\":{\"sts:ExternalId\":\"credctl-7f3a9c\"}}}}");
    options.role_arns = NULL;
    options.targets = "/l.json";
    answers(fake, STS, ASKED_ASSUME, 403, DENIED);
    the_rest_is_fine(fake);
    assert_true(test_access(state));
    expect(0, CC_ACCESS_DENIED, "trust.external_id_missing", "certain");
    assert_null(target(0)->statement);
    fake_file(fake, "/trust.json", "{");
    assert_true(test_access(state)); /* a broken one is none */
    expect(0, CC_ACCESS_DENIED, "identity.no_allow", "possible");
    assert_non_null(strstr(target(0)->why, "/trust.json"));
}

static void in_the_callers_account_iam_says_whether_the_role_is_there(void **state)
{
    static const char *const arns[] = {"arn:aws:iam::111111111111:role/audit/Audit", NULL};
    struct fake *fake = *state;

    options.role_arns = arns;
    answers(fake, STS, ASKED_ASSUME, 403, DENIED);
    answers(fake, IAM, "RoleName=Audit", 404, XML_ERROR("NoSuchEntity", "not found"));
    the_rest_is_fine(fake);
    assert_true(test_access(state));
    expect(0, CC_ACCESS_DENIED, "role.missing", "certain");
    assert_string_equal(target(0)->side, "target");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TOURS(a_role_that_can_be_assumed_is_allowed),
        TOURS(credentials_are_verified_when_asked),
        TOURS(credentials_that_aws_refuses_are_no_access),
        TOURS(a_verification_that_fails_to_come_says_nothing),
        TOURS(of_a_denial_the_callers_policies_are_read),
        TOURS(the_callers_side_is_read_once_for_many_denials),
        TOURS(some_of_many_is_an_exit_status_of_its_own),
        TOURS(an_external_id_is_enforced_when_a_wrong_and_a_missing_one_are_refused),
        TOURS(an_external_id_is_not_enforced_when_either_is_accepted),
        TOURS(a_check_that_is_throttled_or_broken_is_unknown),
        TOURS(no_target_is_sent_the_external_id_of_another),
        TOURS(a_probe_shows_that_the_external_id_is_wrong),
        TOURS(a_handful_of_probes_is_made_at_most),
        TOURS(what_the_message_proves_is_not_probed),
        TOURS(the_file_of_the_owner_is_evidence),
        TOURS(in_the_callers_account_iam_says_whether_the_role_is_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
