#include "credctl/aws/iam.h"

#include "credctl/base/text.h"

#include "support/test.h"

#define URL "https://iam.amazonaws.com/"
#define ANSWER(name, members)                                                       \
    "<" name "Response xmlns=\"https://iam.amazonaws.com/doc/2010-05-08/\"><" name  \
    "Result>" members "</" name "Result><ResponseMetadata><RequestId>r</RequestId>" \
    "</ResponseMetadata></" name "Response>"
#define ROLE(name, more)                                                           \
    "<Path>/team/</Path><RoleName>" name "</RoleName><RoleId>AROAEXAMPLE</RoleId>" \
    "<Arn>arn:aws:iam::111122223333:role/team/" name "</Arn>"                      \
    "<CreateDate>2024-02-03T04:05:06Z</CreateDate>"                                \
    "<AssumeRolePolicyDocument>%7B%22Version%22%3A%222012-10-17%22%0A%7D"          \
    "</AssumeRolePolicyDocument>" more

static const struct cc_keys keys = {
    .access_key_id = "AKID", .secret_key = {CANARY}, .expires = CC_NEVER_EXPIRES};
static const struct cc_settings settings = {.max_attempts = 1};
static const struct cc_iam_owner owners[] = {
    {CC_IAM_ROLE, "Audit"}, {CC_IAM_USER, "alice"}, {CC_IAM_GROUP, "admins"}};

static struct cc_ask new_ask(void)
{
    return (struct cc_ask){.settings = &settings, .by = &keys};
}

static bool answered(struct fake *fake, const struct cc_ask *ask, const char *body,
                     struct cc_error *err)
{
    struct cc_answer answer;

    fake->sent_count = 0;
    fake_http(fake, URL, 200, body);
    return cc_ask_now(&fake->run, ask, &answer, err);
}

static void assert_sent(const struct fake *fake, const char *form)
{
    assert_string_equal(fake->sent[0].body,
                        cc_textf(&((struct fake *)fake)->mem, "Action=%s", form));
}

static void a_role_has_its_path_its_trust_policy_and_its_limits(void **state)
{
    struct fake *fake = *state;
    struct cc_ask ask = new_ask();
    struct cc_iam_entity role;
    struct cc_error err;

    cc_iam_entity(&fake->run, &ask, &owners[0], &role);
    assert_true(answered(
        fake, &ask,
        ANSWER("GetRole",
               "<Role>" ROLE("Audit", "<MaxSessionDuration>7200</MaxSessionDuration>"
                                      "<PermissionsBoundary><PermissionsBoundaryType>Policy"
                                      "</PermissionsBoundaryType><PermissionsBoundaryArn>"
                                      "arn:aws:iam::111122223333:policy/b"
                                      "</PermissionsBoundaryArn></PermissionsBoundary>") "</Role>"),
        &err));
    assert_sent(fake, "GetRole&Version=2010-05-08&RoleName=Audit");
    assert_string_equal(role.arn, "arn:aws:iam::111122223333:role/team/Audit");
    assert_string_equal(role.id, "AROAEXAMPLE");
    assert_string_equal(role.path, "/team/");
    assert_string_equal(role.name, "Audit");
    assert_string_equal(role.trust, "{\"Version\":\"2012-10-17\"\n}");
    assert_string_equal(role.boundary, "arn:aws:iam::111122223333:policy/b");
    assert_int_equal(role.max_session, 7200);
}

static void a_user_has_no_trust_policy(void **state)
{
    struct fake *fake = *state;
    struct cc_ask ask = new_ask();
    struct cc_iam_entity user;
    struct cc_error err;

    cc_iam_entity(&fake->run, &ask, &owners[1], &user);
    assert_true(answered(fake, &ask,
                         ANSWER("GetUser",
                                "<User><Path>/</Path><UserName>alice</UserName>"
                                "<UserId>AIDAEXAMPLE</UserId><Arn>arn:aws:iam::1:user/alice</Arn>"
                                "</User>"),
                         &err));
    assert_sent(fake, "GetUser&Version=2010-05-08&UserName=alice");
    assert_string_equal(user.name, "alice");
    assert_null(user.boundary);
    assert_null(user.trust);
}

static void the_roles_of_all_pages_are_listed(void **state)
{
    struct fake *fake = *state;
    struct cc_ask ask = new_ask();
    struct cc_iam_entities roles;
    struct cc_error err;

    cc_iam_roles(&fake->run, &ask, "/team/", &roles);
    for (int i = 0; i < 10; i++) {
        fake_http(
            fake, URL, 200,
            cc_textf(&fake->mem,
                     ANSWER("ListRoles", "<Roles><member>%s</member><member>%s</member></Roles>"
                                         "<IsTruncated>true</IsTruncated><Marker>%d</Marker>"),
                     ROLE("One", ""), ROLE("Two", ""), i));
    }
    assert_true(answered(
        fake, &ask,
        ANSWER("ListRoles", "<Roles><member>" ROLE("Last", "") "</member></Roles><IsTruncated>false"
                                                               "</IsTruncated>"),
        &err));
    assert_sent(fake, "ListRoles&Version=2010-05-08&PathPrefix=%2Fteam%2F");
    assert_int_equal(roles.count, 21);
    assert_string_equal(roles.rows[0].name, "One");
    assert_string_equal(roles.rows[19].name, "Two");
    assert_string_equal(roles.rows[20].name, "Last");
    assert_string_equal(roles.rows[20].trust, "{\"Version\":\"2012-10-17\"\n}");
}

static void each_kind_is_asked_for_its_policies(void **state)
{
    static const struct {
        const char *kind;
        const char *form;
    } rows[] = {
        {"Role", "RoleName=Audit"}, {"User", "UserName=alice"}, {"Group", "GroupName=admins"}};

    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        struct fake *fake = *state;
        struct cc_ask ask = new_ask();
        struct cc_iam_list list;
        struct cc_aws_document document;
        struct cc_error err;

        cc_iam_inline(&fake->run, &ask, &owners[i], &list);
        assert_true(answered(
            fake, &ask,
            cc_textf(&fake->mem,
                     ANSWER("List%1$sPolicies", "<PolicyNames><member>a</member><member>b</member>"
                                                "</PolicyNames><IsTruncated>false</IsTruncated>"),
                     rows[i].kind),
            &err));
        assert_sent(fake, cc_textf(&fake->mem, "List%sPolicies&Version=2010-05-08&%s", rows[i].kind,
                                   rows[i].form));
        assert_int_equal(list.count, 2);
        assert_string_equal(list.rows[1].name, "b");
        assert_null(list.rows[1].arn);

        cc_iam_attached(&fake->run, &ask, &owners[i], &list);
        assert_true(answered(fake, &ask,
                             cc_textf(&fake->mem,
                                      ANSWER("ListAttached%1$sPolicies",
                                             "<AttachedPolicies><member><PolicyName>a</PolicyName>"
                                             "<PolicyArn>arn:a</PolicyArn></member>"
                                             "</AttachedPolicies><IsTruncated>false</IsTruncated>"),
                                      rows[i].kind),
                             &err));
        assert_int_equal(list.count, 1);
        assert_string_equal(list.rows[0].arn, "arn:a");

        cc_iam_inline_document(&fake->run, &ask, &owners[i], "p q", &document);
        assert_true(answered(fake, &ask,
                             cc_textf(&fake->mem,
                                      ANSWER("Get%1$sPolicy", "<PolicyDocument>%%7B%%7D+"
                                                              "</PolicyDocument>"),
                                      rows[i].kind),
                             &err));
        assert_sent(fake, cc_textf(&fake->mem, "Get%sPolicy&Version=2010-05-08&%s&PolicyName=p+q",
                                   rows[i].kind, rows[i].form));
        assert_string_equal(document.text, "{}+");
    }
}

static void an_empty_list_has_no_rows(void **state)
{
    struct fake *fake = *state;
    struct cc_ask ask = new_ask();
    struct cc_iam_list list;
    struct cc_error err;

    cc_iam_inline(&fake->run, &ask, &owners[0], &list);
    assert_true(answered(
        fake, &ask, ANSWER("ListRolePolicies", "<PolicyNames/><IsTruncated>false</IsTruncated>"),
        &err));
    assert_int_equal(list.count, 0);
    cc_iam_inline(&fake->run, &ask, &owners[0], &list);
    assert_true(answered(fake, &ask,
                         ANSWER("ListRolePolicies",
                                "<PolicyNames>\n </PolicyNames><IsTruncated>false</IsTruncated>"),
                         &err));
    assert_int_equal(list.count, 0);
}

static void groups_and_versions_of_policies_are_found(void **state)
{
    struct fake *fake = *state;
    struct cc_ask ask = new_ask();
    struct cc_iam_list groups;
    struct cc_iam_named policy;
    struct cc_aws_document document;
    struct cc_error err;

    cc_iam_groups(&fake->run, &ask, "alice", &groups);
    assert_true(answered(fake, &ask,
                         ANSWER("ListGroupsForUser",
                                "<Groups><member><Path>/</Path><GroupName>g</GroupName><Arn>arn:g"
                                "</Arn></member></Groups><IsTruncated>false</IsTruncated>"),
                         &err));
    assert_string_equal(groups.rows[0].name, "g");

    cc_iam_policy(&fake->run, &ask, "arn:p", &policy);
    assert_true(answered(fake, &ask,
                         ANSWER("GetPolicy", "<Policy><PolicyName>p</PolicyName><Arn>arn:p</Arn>"
                                             "<DefaultVersionId>v3</DefaultVersionId></Policy>"),
                         &err));
    assert_sent(fake, "GetPolicy&Version=2010-05-08&PolicyArn=arn%3Ap");
    assert_string_equal(policy.version, "v3");

    cc_iam_policy_document(&fake->run, &ask, "arn:p", "v3", &document);
    assert_true(answered(fake, &ask,
                         ANSWER("GetPolicyVersion",
                                "<PolicyVersion><Document>%7B%7D</Document><VersionId>v3"
                                "</VersionId></PolicyVersion>"),
                         &err));
    assert_sent(fake, "GetPolicyVersion&Version=2010-05-08&PolicyArn=arn%3Ap&VersionId=v3");
    assert_string_equal(document.text, "{}");
}

static void an_answer_that_lacks_something_is_refused(void **state)
{
    static const struct {
        const char *body;
        enum cc_code code;
        const char *why;
    } rows[] = {
        {ANSWER("GetRole", ""), CC_E_BAD_ANSWER, "no usable Role"},
        {ANSWER("GetRole", "<Role/>"), CC_E_BAD_ANSWER, "no usable Arn"},
        {ANSWER("GetRole", "<Role><Arn>a</Arn><RoleId> </RoleId></Role>"), CC_E_BAD_ANSWER,
         "no usable RoleId"},
        {ANSWER("GetRole",
                "<Role>" ROLE("r", "<MaxSessionDuration>long</MaxSessionDuration>") "</Role>"),
         CC_E_BAD_ANSWER, "no usable MaxSessionDuration"},
        {ANSWER("GetRole", "<Role><Arn>a</Arn><RoleId>b</RoleId><Path>/</Path><RoleName>r"
                           "</RoleName><AssumeRolePolicyDocument>%ff</AssumeRolePolicyDocument>"
                           "</Role>"),
         CC_E_BAD_ANSWER, "no usable AssumeRolePolicyDocument"},
    };

    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        struct fake *fake = *state;
        struct cc_ask ask = new_ask();
        struct cc_iam_entity role;
        struct cc_error err;

        cc_iam_entity(&fake->run, &ask, &owners[0], &role);
        assert_false(answered(fake, &ask, rows[i].body, &err));
        assert_int_equal(err.code, rows[i].code);
        assert_non_null(strstr(err.why, rows[i].why));
    }
}

static void a_document_of_more_than_a_mebibyte_is_refused(void **state)
{
    struct fake *fake = *state;
    struct cc_ask ask = new_ask();
    struct cc_aws_document document;
    struct cc_error err;
    char *policy = cc_alloc(&fake->mem, CC_DOCUMENT_MAX + 2);

    memset(policy, 'x', CC_DOCUMENT_MAX);
    for (int more = 0; more < 2; more++) {
        policy[CC_DOCUMENT_MAX] = more ? 'x' : '\0';
        cc_iam_inline_document(&fake->run, &ask, &owners[0], "p", &document);
        assert_int_equal(
            answered(fake, &ask,
                     cc_textf(&fake->mem,
                              ANSWER("GetRolePolicy", "<PolicyDocument>%s</PolicyDocument>"),
                              policy),
                     &err),
            !more);
    }
    assert_int_equal(err.code, CC_E_TOO_BIG);
    assert_string_equal(err.why, "its PolicyDocument exceeds 1 MiB");
}

#define RESULT(action, decision, more)                                            \
    "<member><EvalActionName>" action "</EvalActionName><EvalResourceName>arn:r1" \
    "</EvalResourceName><EvalDecision>" decision "</EvalDecision>" more "</member>"
#define PART(resource, decision, more)                                                         \
    "<member><EvalResourceName>" resource "</EvalResourceName><EvalResourceDecision>" decision \
    "</EvalResourceDecision>" more "</member>"
#define DETAIL                                                              \
    "<PermissionsBoundaryDecisionDetail><AllowedByPermissionsBoundary>true" \
    "</AllowedByPermissionsBoundary></PermissionsBoundaryDecisionDetail>"   \
    "<OrganizationsDecisionDetail><AllowedByOrganizations>false"            \
    "</AllowedByOrganizations></OrganizationsDecisionDetail>"
#define MISSING(key) "<MissingContextValues><member>" key "</member></MissingContextValues>"
#define SIMULATED(members, more)      \
    ANSWER("SimulatePrincipalPolicy", \
           "<EvaluationResults>" members "</EvaluationResults><IsTruncated>" more)

static const struct cc_iam_question question = {
    .source = "arn:s",
    .actions = (const char *const[]){"sts:AssumeRole", "s3:Get", NULL},
    .resources = (const char *const[]){"arn:r1", "arn:r2", NULL},
    .context = (const struct cc_iam_context[]){
        {"sts:ExternalId", (const char *const[]){"x", NULL}, NULL},
        {"aws:TagKeys", (const char *const[]){"a", "b", NULL}, NULL},
        {"aws:CurrentTime", (const char *const[]){"2026-01-01T00:00:00Z", NULL}, "date"},
        {0}}};

static void a_simulation_decides_each_action_and_resource(void **state)
{
    struct fake *fake = *state;
    struct cc_ask ask = new_ask();
    struct cc_iam_verdicts verdicts;
    struct cc_error err;

    cc_iam_simulate(&fake->run, &ask, &question, &verdicts);
    fake_http(fake, URL, 200,
              SIMULATED(RESULT("sts:AssumeRole", "implicitDeny",
                               DETAIL MISSING("aws:k") "<ResourceSpecificResults>" PART(
                                   "arn:r1", "allowed",
                                   "<MissingContextValues/><MatchedStatements><member>"
                                   "<SourcePolicyId>p1</SourcePolicyId><SourcePolicyType>IAM Policy"
                                   "</SourcePolicyType></member></MatchedStatements>")
                                   PART("arn:r2", "implicitDeny", "") "</ResourceSpecificResults>"),
                        "true</IsTruncated><Marker>m</Marker>"));
    assert_true(answered(
        fake, &ask, SIMULATED(RESULT("s3:Get", "explicitDeny", ""), "false</IsTruncated>"), &err));
    assert_sent(fake, "SimulatePrincipalPolicy&Version=2010-05-08&PolicySourceArn=arn%3As&"
                      "ActionNames.member.1=sts%3AAssumeRole&ActionNames.member.2=s3%3AGet&"
                      "ResourceArns.member.1=arn%3Ar1&ResourceArns.member.2=arn%3Ar2&"
                      "ContextEntries.member.1.ContextKeyName=sts%3AExternalId&"
                      "ContextEntries.member.1.ContextKeyValues.member.1=x&"
                      "ContextEntries.member.1.ContextKeyType=string&"
                      "ContextEntries.member.2.ContextKeyName=aws%3ATagKeys&"
                      "ContextEntries.member.2.ContextKeyValues.member.1=a&"
                      "ContextEntries.member.2.ContextKeyValues.member.2=b&"
                      "ContextEntries.member.2.ContextKeyType=stringList&"
                      "ContextEntries.member.3.ContextKeyName=aws%3ACurrentTime&"
                      "ContextEntries.member.3.ContextKeyValues.member.1="
                      "2026-01-01T00%3A00%3A00Z&ContextEntries.member.3.ContextKeyType=date");
    assert_int_equal(verdicts.count, 3);

    const struct cc_iam_verdict *first = &verdicts.rows[0];
    assert_string_equal(first->action, "sts:AssumeRole");
    assert_string_equal(first->resource, "arn:r1");
    assert_int_equal(first->decision, CC_IAM_ALLOWED);
    assert_null(first->missing[0]);
    assert_int_equal(first->match_count, 1);
    assert_string_equal(first->matches[0].policy, "p1");
    assert_true(first->boundary.known && first->boundary.value);
    assert_true(first->organization.known && !first->organization.value);

    const struct cc_iam_verdict *second = &verdicts.rows[1];
    assert_string_equal(second->resource, "arn:r2");
    assert_int_equal(second->decision, CC_IAM_IMPLICIT_DENY);
    assert_string_equal(second->missing[0], "aws:k");

    const struct cc_iam_verdict *third = &verdicts.rows[2];
    assert_string_equal(third->action, "s3:Get");
    assert_int_equal(third->decision, CC_IAM_EXPLICIT_DENY);
    assert_null(third->missing[0]);
    assert_false(third->boundary.known || third->organization.known);
}

static void a_simulation_of_unknown_words_is_refused(void **state)
{
    static const char *const bodies[] = {
        SIMULATED(RESULT("a:B", "maybe", ""), "false</IsTruncated>"),
        SIMULATED(RESULT("a:B", "allowed",
                         "<OrganizationsDecisionDetail><AllowedByOrganizations>perhaps"
                         "</AllowedByOrganizations></OrganizationsDecisionDetail>"),
                  "false</IsTruncated>"),
        SIMULATED(RESULT("a:B", "allowed", "<MissingContextValues>x</MissingContextValues>"),
                  "false</IsTruncated>"),
        SIMULATED(RESULT("a:B", "allowed",
                         "<ResourceSpecificResults><member/>"
                         "</ResourceSpecificResults>"),
                  "false</IsTruncated>"),
    };

    for (size_t i = 0; i < CC_COUNT(bodies); i++) {
        struct fake *fake = *state;
        struct cc_ask ask = new_ask();
        struct cc_iam_verdicts verdicts;
        struct cc_error err;

        cc_iam_simulate(&fake->run, &ask, &question, &verdicts);
        assert_false(answered(fake, &ask, bodies[i], &err));
        assert_int_equal(err.code, CC_E_BAD_ANSWER);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FAKE_WORLD(a_role_has_its_path_its_trust_policy_and_its_limits),
        IN_FAKE_WORLD(a_user_has_no_trust_policy),
        IN_FAKE_WORLD(the_roles_of_all_pages_are_listed),
        IN_FAKE_WORLD(each_kind_is_asked_for_its_policies),
        IN_FAKE_WORLD(an_empty_list_has_no_rows),
        IN_FAKE_WORLD(groups_and_versions_of_policies_are_found),
        IN_FAKE_WORLD(an_answer_that_lacks_something_is_refused),
        IN_FAKE_WORLD(a_document_of_more_than_a_mebibyte_is_refused),
        IN_FAKE_WORLD(a_simulation_decides_each_action_and_resource),
        IN_FAKE_WORLD(a_simulation_of_unknown_words_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
