#include "../../src/access/principal.h"

#include "read_support.h"

/* The policies of a role or user: all of them, or it is said what is missing. */

#define ROLE_XML(more)                                                            \
    IAM_ANSWER("GetRole",                                                         \
               "<Role><Path>/team/</Path><RoleName>Hub</RoleName><RoleId>AROAHUB" \
               "</RoleId><Arn>arn:aws:iam::111111111111:role/team/Hub</Arn>"      \
               "<AssumeRolePolicyDocument>%7B%7D</AssumeRolePolicyDocument>" more "</Role>")
#define WITH_BOUNDARY                                                                     \
    "<PermissionsBoundary><PermissionsBoundaryType>Policy</PermissionsBoundaryType>"      \
    "<PermissionsBoundaryArn>arn:aws:iam::111111111111:policy/B</PermissionsBoundaryArn>" \
    "</PermissionsBoundary>"
#define NAMES(action, names) \
    IAM_ANSWER(action, "<PolicyNames>" names "</PolicyNames><IsTruncated>false</IsTruncated>")
#define ATTACHED(action, arns) \
    IAM_ANSWER(action,         \
               "<AttachedPolicies>" arns "</AttachedPolicies><IsTruncated>false</IsTruncated>")
#define ATTACHED_ONE(name)                                                                       \
    "<member><PolicyName>" name "</PolicyName><PolicyArn>arn:aws:iam::111111111111:policy/" name \
    "</PolicyArn></member>"
#define INLINE(action, document) \
    IAM_ANSWER(action, "<PolicyName>p</PolicyName><PolicyDocument>" document "</PolicyDocument>")
#define MANAGED                                                                                    \
    IAM_ANSWER("GetPolicy", "<Policy><PolicyName>P</PolicyName><Arn>arn:aws:iam::1:policy/P</Arn>" \
                            "<DefaultVersionId>v7</DefaultVersionId></Policy>")
#define VERSION(document)                                               \
    IAM_ANSWER("GetPolicyVersion", "<PolicyVersion><Document>" document \
                                   "</Document><VersionId>v7</VersionId></PolicyVersion>")
#define FULL                                                                                      \
    "%7B%22Version%22%3A%222012-10-17%22%2C%22Statement%22%3A%7B%22Effect%22%3A%22Allow%22%2C%22" \
    "Action%22%3A%22*%22%2C%22Resource%22%3A%22*%22%7D%7D"

static const struct cc_iam_owner hub = {CC_IAM_ROLE, "Hub"};
static const struct cc_iam_owner alice = {CC_IAM_USER, "alice"};

static struct cc_principal read_one(struct fake *fake, const struct cc_iam_owner *owner)
{
    struct cc_principal principal;

    drive(cc_principal_errand(&fake->run, &reader, owner, &principal));
    return principal;
}

/* A role with an inline and a managed policy. Rows that a test has given before come first. */
static void give_role(struct fake *fake)
{
    iam_answers(fake, "GetRole", ROLE_XML(""));
    iam_answers(fake, "ListRolePolicies", NAMES("ListRolePolicies", "<member>own</member>"));
    iam_answers(fake, "ListAttachedRolePolicies",
                ATTACHED("ListAttachedRolePolicies", ATTACHED_ONE("P")));
    iam_answers(fake, "GetRolePolicy", INLINE("GetRolePolicy", FULL));
    iam_answers(fake, "GetPolicy", MANAGED);
    iam_answers(fake, "GetPolicyVersion", VERSION(FULL));
}

static void a_role_has_its_inline_and_its_managed_policies(void **state)
{
    struct fake *fake = *state;

    give_role(fake);
    const struct cc_principal found = read_one(fake, &hub);
    assert_int_equal(found.identity.known, CC_KNOWN);
    assert_int_equal(found.identity.policies.count, 2);
    assert_string_equal(found.identity.policies.rows[0].name, "the inline policy own");
    assert_string_equal(found.identity.policies.rows[1].name, "arn:aws:iam::111111111111:policy/P");
    assert_string_equal(found.identity.at, "arn:aws:iam::111111111111:role/team/Hub");
    assert_int_equal(found.boundary.known, CC_NOT_THERE);
    assert_true(found.entity_known);
    assert_null(found.unread);
    assert_int_equal(asked_for(fake, "VersionId=v7"), 1); /* the one that is in force */
}

static void a_boundary_is_read_but_is_not_an_identity_policy(void **state)
{
    struct fake *fake = *state;

    iam_answers(fake, "GetRole", ROLE_XML(WITH_BOUNDARY));
    give_role(fake);
    const struct cc_principal found = read_one(fake, &hub);
    assert_int_equal(found.identity.policies.count, 2);
    assert_int_equal(found.boundary.known, CC_KNOWN);
    assert_int_equal(found.boundary.policies.count, 1);
    assert_string_equal(found.boundary.at, "arn:aws:iam::111111111111:policy/B");
}

static void a_boundary_that_cannot_be_read_leaves_the_policies_known(void **state)
{
    struct fake *fake = *state;

    iam_answers(fake, "GetRole", ROLE_XML(WITH_BOUNDARY));
    answers(fake, IAM, "policy%2FB", 403, XML_ERROR("AccessDenied", "no"));
    give_role(fake);
    const struct cc_principal found = read_one(fake, &hub);
    assert_int_equal(found.identity.known, CC_KNOWN);
    assert_int_equal(found.boundary.known, CC_NOT_KNOWN);
    assert_string_equal(found.boundary.at, "arn:aws:iam::111111111111:policy/B");
    assert_string_equal(found.unread, "iam:GetPolicy is not allowed to this caller");
}

static void without_the_role_nothing_is_known_of_its_boundary(void **state)
{
    struct fake *fake = *state;

    iam_denies(fake, "GetRole");
    give_role(fake);
    const struct cc_principal found = read_one(fake, &hub);
    assert_false(found.entity_known);
    assert_int_equal(found.identity.known, CC_KNOWN);
    assert_int_equal(found.boundary.known, CC_NOT_KNOWN);
    assert_string_equal(found.unread, "iam:GetRole is not allowed to this caller");
}

static void one_policy_that_is_missing_leaves_all_unknown(void **state)
{
    static const char *const actions[] = {"ListRolePolicies", "ListAttachedRolePolicies",
                                          "GetRolePolicy", "GetPolicy", "GetPolicyVersion"};

    for (size_t i = 0; i < CC_COUNT(actions); i++) {
        struct fake *fake = *state;

        memset(fake->http, 0, sizeof(fake->http));
        iam_denies(fake, actions[i]);
        give_role(fake);
        const struct cc_principal found = read_one(fake, &hub);
        assert_int_equal(found.identity.known, CC_NOT_KNOWN);
        assert_int_equal(found.boundary.known, CC_NOT_THERE);
        assert_string_equal(
            found.unread, cc_textf(&fake->mem, "iam:%s is not allowed to this caller", actions[i]));
        assert_false(found.silent);
    }
}

static void a_document_that_is_broken_is_not_evaluated(void **state)
{
    struct fake *fake = *state;

    iam_answers(fake, "GetRolePolicy", INLINE("GetRolePolicy", "%7B%22Version%22%3A"));
    give_role(fake);
    const struct cc_principal found = read_one(fake, &hub);
    assert_int_equal(found.identity.known, CC_NOT_KNOWN);
    assert_non_null(strstr(found.unread, "the inline policy own"));
}

static void a_user_has_the_policies_of_its_groups(void **state)
{
    struct fake *fake = *state;

    iam_answers(fake, "GetUser",
                IAM_ANSWER("GetUser", "<User><Path>/</Path><UserName>alice</UserName><UserId>AIDA"
                                      "</UserId><Arn>arn:aws:iam::111111111111:user/alice</Arn>"
                                      "</User>"));
    iam_answers(fake, "ListUserPolicies", NAMES("ListUserPolicies", "<member>mine</member>"));
    iam_answers(fake, "ListAttachedUserPolicies", ATTACHED("ListAttachedUserPolicies", ""));
    iam_answers(fake, "ListGroupsForUser",
                IAM_ANSWER("ListGroupsForUser",
                           "<Groups><member><GroupName>admins</GroupName><Arn>arn:aws:iam::"
                           "111111111111:group/admins</Arn></member></Groups><IsTruncated>false"
                           "</IsTruncated>"));
    iam_answers(fake, "GetUserPolicy", INLINE("GetUserPolicy", FULL));
    iam_answers(fake, "ListGroupPolicies", NAMES("ListGroupPolicies", "<member>ours</member>"));
    iam_answers(fake, "ListAttachedGroupPolicies",
                ATTACHED("ListAttachedGroupPolicies", ATTACHED_ONE("P")));
    iam_answers(fake, "GetGroupPolicy", INLINE("GetGroupPolicy", FULL));
    iam_answers(fake, "GetPolicy", MANAGED);
    iam_answers(fake, "GetPolicyVersion", VERSION(FULL));
    const struct cc_principal found = read_one(fake, &alice);
    assert_int_equal(found.identity.known, CC_KNOWN);
    assert_int_equal(found.identity.policies.count, 3);
    assert_int_equal(asked_for(fake, "GroupName=admins"), 3);
}

static void a_user_whose_groups_are_not_known_is_not_known(void **state)
{
    struct fake *fake = *state;

    iam_denies(fake, "GetUser");
    iam_answers(fake, "ListUserPolicies", NAMES("ListUserPolicies", ""));
    iam_answers(fake, "ListAttachedUserPolicies", ATTACHED("ListAttachedUserPolicies", ""));
    iam_denies(fake, "ListGroupsForUser");
    assert_int_equal(read_one(fake, &alice).identity.known, CC_NOT_KNOWN);
}

static void throttling_is_waited_for_while_there_is_time(void **state)
{
    struct fake *fake = *state;

    fake->run.deadline_ms = fake->ticks + 60000;
    for (int i = 0; i < 9; i++) {
        fake_http_row(fake,
                      (struct fake_exchange){.url = IAM,
                                             .part = "Action=ListRolePolicies&",
                                             .status = 400,
                                             .body = XML_ERROR("Throttling", "Rate exceeded")});
    }
    give_role(fake);
    assert_int_equal(read_one(fake, &hub).identity.known, CC_KNOWN);
    assert_int_equal(asked_for(fake, "Action=ListRolePolicies&"), 10);
    assert_true(fake->ticks < fake->run.deadline_ms);
}

static void throttling_without_an_end_ends_with_the_time(void **state)
{
    struct fake *fake = *state;

    fake->run.deadline_ms = fake->ticks + 60000;
    answers(fake, IAM, NULL, 400, XML_ERROR("Throttling", "Rate exceeded"));
    const struct cc_principal found = read_one(fake, &hub);
    assert_int_equal(found.identity.known, CC_NOT_KNOWN);
    assert_true(fake->ticks <= fake->run.deadline_ms);
    assert_non_null(strstr(found.unread, "iam:GetRole failed: Throttling"));
}

static void a_service_that_does_not_answer_is_asked_no_more(void **state)
{
    struct fake *fake = *state;

    fake->run.deadline_ms = fake->ticks + 60000;
    fake_no_answer(fake, IAM, CC_NET_CONNECT_TIMEOUT);
    const struct cc_principal found = read_one(fake, &hub);
    assert_true(found.silent);
    assert_int_equal(found.identity.known, CC_NOT_KNOWN);
    assert_int_equal(found.boundary.known, CC_NOT_KNOWN);
    assert_int_equal(fake->sent_count, 1);
}

static void a_role_with_more_policies_than_any_can_have_is_not_known(void **state)
{
    struct fake *fake = *state;
    struct cc_buf names = cc_buf_new(&fake->mem, 1 << 20);

    fake->forgets = true;
    for (int i = 0; i < 600; i++) {
        cc_buf_addf(&names, "<member>p%d</member>", i);
    }
    iam_answers(fake, "ListRolePolicies",
                cc_textf(&fake->mem, NAMES("ListRolePolicies", "%s"), names.text));
    give_role(fake);
    assert_int_equal(read_one(fake, &hub).identity.known, CC_NOT_KNOWN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FAKE_WORLD(a_role_has_its_inline_and_its_managed_policies),
        IN_FAKE_WORLD(a_boundary_is_read_but_is_not_an_identity_policy),
        IN_FAKE_WORLD(a_boundary_that_cannot_be_read_leaves_the_policies_known),
        IN_FAKE_WORLD(without_the_role_nothing_is_known_of_its_boundary),
        IN_FAKE_WORLD(one_policy_that_is_missing_leaves_all_unknown),
        IN_FAKE_WORLD(a_document_that_is_broken_is_not_evaluated),
        IN_FAKE_WORLD(a_user_has_the_policies_of_its_groups),
        IN_FAKE_WORLD(a_user_whose_groups_are_not_known_is_not_known),
        IN_FAKE_WORLD(throttling_is_waited_for_while_there_is_time),
        IN_FAKE_WORLD(throttling_without_an_end_ends_with_the_time),
        IN_FAKE_WORLD(a_service_that_does_not_answer_is_asked_no_more),
        IN_FAKE_WORLD(a_role_with_more_policies_than_any_can_have_is_not_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
