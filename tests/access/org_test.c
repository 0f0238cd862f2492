#include "../../src/access/org.h"

#include "read_support.h"

/* What is read of the organization, and once for all. */

#define HUB    "111111111111"
#define TARGET "222222222222"
#define FULL                                                                               \
    "{\\\"Version\\\":\\\"2012-10-17\\\",\\\"Statement\\\":{\\\"Effect\\\":\\\"Allow\\\"," \
    "\\\"Action\\\":\\\"*\\\",\\\"Resource\\\":\\\"*\\\"}}"
#define POLICY(id, arn, content)                                       \
    "{\"Policy\":{\"PolicySummary\":{\"Id\":\"" id "\",\"Arn\":\"" arn \
    "\"},\"Content\":\"" content "\"}}"
#define GUARD \
    "arn:aws:organizations::999999999999:policy/o-a1b2c3d4e5/service_control_policy/p-guard001"

static struct cc_org_facts new_facts(struct fake *fake)
{
    return (struct cc_org_facts){.mem = &fake->run.mem, .who = &reader, .account = HUB};
}

static void describe(struct fake *fake, const char *management)
{
    org_answers(fake, "DescribeOrganization",
                cc_textf(&fake->mem,
                         "{\"Organization\":{\"Id\":\"o-a1b2c3d4e5\",\"Arn\":\"arn:o\","
                         "\"MasterAccountId\":\"%s\"}}",
                         management));
}

/* The account is in a unit below the root; each has FullAWSAccess, and the unit another policy. */
static void build(struct fake *fake)
{
    org_answers(fake, "ChildId\":\"" HUB,
                "{\"Parents\":[{\"Id\":\"ou-ab12-hub00000\",\"Type\":\"ORGANIZATIONAL_UNIT\"}]}");
    org_answers(fake, "ChildId\":\"" TARGET,
                "{\"Parents\":[{\"Id\":\"ou-ab12-hub00000\",\"Type\":\"ORGANIZATIONAL_UNIT\"}]}");
    org_answers(fake, "ChildId\":\"ou-ab12-hub00000",
                "{\"Parents\":[{\"Id\":\"r-ab12\",\"Type\":\"ROOT\"}]}");
    org_answers(fake, "TargetId\":\"ou-ab12-hub00000",
                "{\"Policies\":[{\"Id\":\"p-FullAWSAccess\"},{\"Id\":\"p-guard001\"}]}");
    org_answers(fake, "ListPoliciesForTarget", "{\"Policies\":[{\"Id\":\"p-FullAWSAccess\"}]}");
    org_answers(fake, "PolicyId\":\"p-FullAWSAccess",
                POLICY("p-FullAWSAccess",
                       "arn:aws:organizations::aws:policy/service_control_policy/p-FullAWSAccess",
                       FULL));
}

static void climb(struct fake *fake, struct cc_org_facts *facts, const char *account,
                  enum cc_org_filter filter)
{
    struct cc_run part = cc_run_part(&fake->run);

    drive(cc_org_levels_errand(&part, facts, account, filter));
    cc_arena_wipe(&part.mem); /* what was found stays */
}

static struct cc_org_levels levels(struct fake *fake, const struct cc_org_facts *facts,
                                   const char *account, enum cc_org_filter filter)
{
    return cc_org_facts_levels(&fake->run.mem, facts, account, filter);
}

static void an_account_has_the_policies_of_every_level_above_it(void **state)
{
    struct fake *fake = *state;
    struct cc_org_facts facts = new_facts(fake);

    build(fake);
    org_answers(fake, "PolicyId\":\"p-guard001", POLICY("p-guard001", GUARD, FULL));
    climb(fake, &facts, HUB, CC_ORG_SCP);
    const struct cc_org_levels found = levels(fake, &facts, HUB, CC_ORG_SCP);
    assert_int_equal(found.known, CC_KNOWN);
    assert_int_equal(found.count, 3);
    assert_string_equal(found.rows[0].id, "r-ab12");
    assert_string_equal(found.rows[1].id, "ou-ab12-hub00000");
    assert_string_equal(found.rows[2].id, HUB);
    assert_int_equal(found.rows[1].policies.count, 2);
    assert_string_equal(found.rows[1].policies.rows[1].name, GUARD);
    assert_true(found.rows[1].policies.rows[1].statements[0].allows);
}

static void what_was_read_is_not_asked_for_again(void **state)
{
    struct fake *fake = *state;
    struct cc_org_facts facts = new_facts(fake);

    build(fake);
    org_answers(fake, "PolicyId\":\"p-guard001", POLICY("p-guard001", GUARD, FULL));
    climb(fake, &facts, HUB, CC_ORG_SCP);
    const size_t before = fake->sent_count;
    assert_null(cc_org_levels_errand(&fake->run, &facts, HUB, CC_ORG_SCP));
    climb(fake, &facts, TARGET, CC_ORG_SCP); /* its unit and the root are known */
    assert_int_equal(fake->sent_count, before + 2);
    assert_int_equal(levels(fake, &facts, TARGET, CC_ORG_SCP).count, 3);
    assert_int_equal(asked_for(fake, "DescribePolicy"), 2);
}

static void lists_of_policies_have_pages(void **state)
{
    struct fake *fake = *state;
    struct cc_org_facts facts = new_facts(fake);

    org_answers(fake, "NextToken", "{\"Policies\":[{\"Id\":\"p-guard001\"}]}");
    org_answers(fake, "TargetId\":\"" HUB,
                "{\"Policies\":[{\"Id\":\"p-FullAWSAccess\"}],\"NextToken\":\"more\"}");
    build(fake);
    org_answers(fake, "PolicyId\":\"p-guard001", POLICY("p-guard001", GUARD, FULL));
    climb(fake, &facts, HUB, CC_ORG_SCP);
    const struct cc_org_levels found = levels(fake, &facts, HUB, CC_ORG_SCP);
    assert_int_equal(found.rows[2].policies.count, 2);
    assert_string_equal(found.rows[2].policies.rows[1].name, GUARD);
}

static void who_may_not_read_it_is_not_asked_again(void **state)
{
    struct fake *fake = *state;
    struct cc_org_facts facts = new_facts(fake);

    org_refuses(fake, "ListParents", "AccessDeniedException");
    climb(fake, &facts, HUB, CC_ORG_SCP);
    assert_true(facts.closed);
    assert_int_equal(levels(fake, &facts, HUB, CC_ORG_SCP).known, CC_NOT_KNOWN);
    assert_null(cc_org_levels_errand(&fake->run, &facts, TARGET, CC_ORG_RCP));
    assert_int_equal(fake->sent_count, 1);
}

static void a_policy_that_cannot_be_read_leaves_its_level_unknown(void **state)
{
    static const char *const contents[] = {POLICY("p-guard001", GUARD, "{"),
                                           POLICY("p-guard001", GUARD, "[1,2]"),
                                           POLICY("p-other001", GUARD, FULL)};

    for (size_t i = 0; i < CC_COUNT(contents); i++) {
        struct fake *fake = *state;
        struct cc_org_facts facts = new_facts(fake);

        memset(fake->http, 0, sizeof(fake->http));
        build(fake);
        org_answers(fake, "PolicyId\":\"p-guard001", contents[i]);
        climb(fake, &facts, HUB, CC_ORG_SCP);
        assert_int_equal(levels(fake, &facts, HUB, CC_ORG_SCP).known, CC_NOT_KNOWN);
        assert_false(facts.closed);
    }
}

static void without_an_organization_its_policies_are_not_there(void **state)
{
    struct fake *fake = *state;
    struct cc_org_facts facts = new_facts(fake);

    org_refuses(fake, "DescribeOrganization", "AWSOrganizationsNotInUseException");
    drive(cc_org_facts_errand(&fake->run, &facts));
    assert_int_equal(facts.known, CC_NOT_THERE);
    assert_int_equal(levels(fake, &facts, HUB, CC_ORG_SCP).known, CC_NOT_THERE);
    assert_int_equal(levels(fake, &facts, HUB, CC_ORG_RCP).known, CC_NOT_THERE);
    /* the role's account can be in an organization of its own */
    assert_int_equal(levels(fake, &facts, TARGET, CC_ORG_RCP).known, CC_NOT_KNOWN);
    assert_null(cc_org_levels_errand(&fake->run, &facts, TARGET, CC_ORG_RCP));
}

static void scps_do_not_bind_the_management_account(void **state)
{
    struct fake *fake = *state;
    struct cc_org_facts facts = new_facts(fake);

    describe(fake, HUB);
    drive(cc_org_facts_errand(&fake->run, &facts));
    assert_string_equal(facts.org.id, "o-a1b2c3d4e5");
    assert_int_equal(levels(fake, &facts, HUB, CC_ORG_SCP).known, CC_NOT_THERE);
    assert_int_equal(levels(fake, &facts, HUB, CC_ORG_RCP).known, CC_NOT_KNOWN);
    assert_int_equal(levels(fake, &facts, TARGET, CC_ORG_SCP).known, CC_NOT_KNOWN);
}

static void the_management_account_is_known_by_its_policies_too(void **state)
{
    struct fake *fake = *state;
    struct cc_org_facts facts = new_facts(fake);

    org_refuses(fake, "DescribeOrganization", "AccessDeniedException");
    drive(cc_org_facts_errand(&fake->run, &facts));
    assert_int_equal(facts.known, CC_NOT_KNOWN);
    build(fake);
    org_answers(fake, "PolicyId\":\"p-guard001",
                POLICY("p-guard001",
                       "arn:aws:organizations::" HUB ":policy/o-a1b2c3d4e5/service_control_policy/"
                       "p-guard001",
                       FULL));
    climb(fake, &facts, HUB, CC_ORG_SCP);
    assert_int_equal(levels(fake, &facts, HUB, CC_ORG_SCP).known, CC_NOT_THERE);
    climb(fake, &facts, TARGET, CC_ORG_SCP);
    assert_int_equal(levels(fake, &facts, TARGET, CC_ORG_SCP).known, CC_KNOWN);
}

static void an_account_that_is_not_there_is_an_answer(void **state)
{
    static const char *const codes[] = {"ChildNotFoundException", "AccountNotFoundException"};

    for (size_t i = 0; i < CC_COUNT(codes); i++) {
        struct fake *fake = *state;
        struct cc_org_facts facts = new_facts(fake);

        memset(fake->http, 0, sizeof(fake->http));
        org_refuses(fake, "ListParents", codes[i]);
        assert_false(cc_org_facts_lacks(&facts, TARGET));
        climb(fake, &facts, TARGET, CC_ORG_RCP);
        assert_true(cc_org_facts_lacks(&facts, TARGET));
        assert_false(facts.closed);
        assert_int_equal(levels(fake, &facts, TARGET, CC_ORG_RCP).known, CC_NOT_KNOWN);
        assert_null(cc_org_levels_errand(&fake->run, &facts, TARGET, CC_ORG_RCP));
    }
}

static void where_no_place_has_a_policy_the_type_is_not_in_use(void **state)
{
    struct fake *fake = *state;
    struct cc_org_facts facts = new_facts(fake);

    org_answers(fake, "ListPoliciesForTarget", "{\"Policies\":[]}");
    org_answers(fake, "ListParents", "{\"Parents\":[{\"Id\":\"r-ab12\",\"Type\":\"ROOT\"}]}");
    climb(fake, &facts, HUB, CC_ORG_SCP);
    assert_int_equal(levels(fake, &facts, HUB, CC_ORG_SCP).known, CC_NOT_THERE);
}

static void throttling_is_waited_for(void **state)
{
    struct fake *fake = *state;
    struct cc_org_facts facts = new_facts(fake);

    fake->run.deadline_ms = fake->ticks + 60000;
    for (int i = 0; i < 3; i++) {
        fake_http_row(fake, (struct fake_exchange){.url = ORG,
                                                   .part = "DescribePolicy",
                                                   .status = 400,
                                                   .body = JSON_ERROR("TooManyRequestsException")});
    }
    build(fake);
    org_answers(fake, "PolicyId\":\"p-guard001", POLICY("p-guard001", GUARD, FULL));
    climb(fake, &facts, HUB, CC_ORG_SCP);
    assert_int_equal(levels(fake, &facts, HUB, CC_ORG_SCP).known, CC_KNOWN);
    assert_int_equal(asked_for(fake, "DescribePolicy"), 5);
}

static void what_does_not_answer_is_not_asked_again(void **state)
{
    struct fake *fake = *state;
    struct cc_org_facts facts = new_facts(fake);

    fake_no_answer(fake, ORG, CC_NET_CONNECT_TIMEOUT);
    drive(cc_org_facts_errand(&fake->run, &facts));
    assert_int_equal(facts.known, CC_NOT_KNOWN);
    assert_true(facts.closed);
    assert_null(cc_org_levels_errand(&fake->run, &facts, HUB, CC_ORG_SCP));
}

static void a_circle_of_parents_has_an_end(void **state)
{
    struct fake *fake = *state;
    struct cc_org_facts facts = new_facts(fake);

    org_answers(fake, "ListParents",
                "{\"Parents\":[{\"Id\":\"ou-ab12-hub00000\",\"Type\":\"ORGANIZATIONAL_UNIT\"}]}");
    org_answers(fake, "ListPoliciesForTarget", "{\"Policies\":[]}");
    climb(fake, &facts, HUB, CC_ORG_SCP);
    assert_int_equal(levels(fake, &facts, HUB, CC_ORG_SCP).known, CC_NOT_KNOWN);
    assert_true(fake->sent_count < 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FAKE_WORLD(an_account_has_the_policies_of_every_level_above_it),
        IN_FAKE_WORLD(what_was_read_is_not_asked_for_again),
        IN_FAKE_WORLD(lists_of_policies_have_pages),
        IN_FAKE_WORLD(who_may_not_read_it_is_not_asked_again),
        IN_FAKE_WORLD(a_policy_that_cannot_be_read_leaves_its_level_unknown),
        IN_FAKE_WORLD(without_an_organization_its_policies_are_not_there),
        IN_FAKE_WORLD(scps_do_not_bind_the_management_account),
        IN_FAKE_WORLD(the_management_account_is_known_by_its_policies_too),
        IN_FAKE_WORLD(an_account_that_is_not_there_is_an_answer),
        IN_FAKE_WORLD(where_no_place_has_a_policy_the_type_is_not_in_use),
        IN_FAKE_WORLD(throttling_is_waited_for),
        IN_FAKE_WORLD(what_does_not_answer_is_not_asked_again),
        IN_FAKE_WORLD(a_circle_of_parents_has_an_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
