#include "credctl/aws/organizations.h"

#include "credctl/base/text.h"

#include "support/test.h"

#define URL "https://organizations.us-east-1.amazonaws.com/"

static const struct cc_keys keys = {
    .access_key_id = "AKID", .secret_key = {CANARY}, .expires = CC_NEVER_EXPIRES};
static const struct cc_settings settings = {.max_attempts = 1};

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

static void assert_sent(struct fake *fake, const char *operation, const char *body)
{
    const char *target =
        cc_textf(&fake->mem, "X-Amz-Target: AWSOrganizationsV20161128.%s\n", operation);

    assert_non_null(strstr(fake->sent[0].headers, target));
    assert_string_equal(fake->sent[0].body, cc_textf(&fake->mem, "%s\n", body));
}

static void the_organization_names_its_management_account(void **state)
{
    struct fake *fake = *state;
    struct cc_ask ask = new_ask();
    struct cc_org org;
    struct cc_error err;

    cc_org(&fake->run, &ask, &org);
    assert_true(answered(fake, &ask,
                         "{\"Organization\":{\"Id\":\"o-abcdefghij\",\"Arn\":\"arn:o\","
                         "\"MasterAccountId\":\"111122223333\"}}",
                         &err));
    assert_sent(fake, "DescribeOrganization", "{}");
    assert_string_equal(org.id, "o-abcdefghij");
    assert_string_equal(org.management, "111122223333");
}

static void the_state_of_an_account_has_an_old_and_a_new_name(void **state)
{
    static const struct {
        const char *members;
        bool active;
    } rows[] = {{"\"State\":\"ACTIVE\",\"Status\":\"SUSPENDED\"", true},
                {"\"State\":\"SUSPENDED\",\"Status\":\"ACTIVE\"", false},
                {"\"Status\":\"ACTIVE\"", true},
                {"\"Name\":\"x\"", false}};

    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        struct fake *fake = *state;
        struct cc_ask ask = new_ask();
        struct cc_org_account account;
        struct cc_error err;

        cc_org_account(&fake->run, &ask, "111122223333", &account);
        assert_true(answered(
            fake, &ask,
            cc_textf(&fake->mem, "{\"Account\":{\"Id\":\"111122223333\",%s}}", rows[i].members),
            &err));
        assert_sent(fake, "DescribeAccount", "{\"AccountId\":\"111122223333\"}");
        assert_int_equal(cc_org_account_active(&account), rows[i].active);
    }
}

static void accounts_are_listed_in_all_or_in_a_unit(void **state)
{
    struct fake *fake = *state;
    struct cc_ask ask = new_ask();
    struct cc_org_accounts accounts;
    struct cc_error err;

    cc_org_accounts(&fake->run, &ask, NULL, &accounts);
    fake_http(fake, URL, 200,
              "{\"Accounts\":[{\"Id\":\"111122223333\",\"Name\":\"One\"},"
              "{\"Id\":\"222233334444\"}],\"NextToken\":\"n\"}");
    assert_true(answered(fake, &ask, "{\"Accounts\":[{\"Id\":\"333344445555\"}]}", &err));
    assert_sent(fake, "ListAccounts", "{\"MaxResults\":20}");
    assert_int_equal(accounts.count, 3);
    assert_string_equal(accounts.rows[0].name, "One");
    assert_string_equal(accounts.rows[2].id, "333344445555");

    cc_org_accounts(&fake->run, &ask, "r-ab12", &accounts);
    assert_true(answered(fake, &ask, "{\"Accounts\":[]}", &err));
    assert_sent(fake, "ListAccountsForParent", "{\"ParentId\":\"r-ab12\",\"MaxResults\":20}");
    assert_int_equal(accounts.count, 0);
}

static void the_tree_is_read_from_its_root_and_from_its_leaves(void **state)
{
    struct fake *fake = *state;
    struct cc_ask ask = new_ask();
    struct cc_org_items items;
    struct cc_error err;

    cc_org_roots(&fake->run, &ask, &items);
    assert_true(answered(fake, &ask, "{\"Roots\":[{\"Id\":\"r-ab12\",\"Name\":\"Root\"}]}", &err));
    assert_sent(fake, "ListRoots", "{\"MaxResults\":20}");
    assert_string_equal(items.rows[0].id, "r-ab12");

    cc_org_units(&fake->run, &ask, "r-ab12", &items);
    assert_true(answered(
        fake, &ask, "{\"OrganizationalUnits\":[{\"Id\":\"ou-ab12-12345678\",\"Name\":\"Dev\"}]}",
        &err));
    assert_string_equal(items.rows[0].name, "Dev");

    cc_org_parents(&fake->run, &ask, "111122223333", &items);
    assert_true(answered(
        fake, &ask,
        "{\"Parents\":[{\"Id\":\"ou-ab12-12345678\",\"Type\":\"ORGANIZATIONAL_UNIT\"}]}", &err));
    assert_sent(fake, "ListParents", "{\"ChildId\":\"111122223333\",\"MaxResults\":20}");
    assert_int_equal(items.count, 1);
    assert_string_equal(items.rows[0].type, "ORGANIZATIONAL_UNIT");
}

static void policies_are_found_by_their_target(void **state)
{
    struct fake *fake = *state;
    struct cc_ask ask = new_ask();
    struct cc_org_items items;
    struct cc_org_policy policy;
    struct cc_error err;

    cc_org_policies(&fake->run, &ask, "r-ab12", "SERVICE_CONTROL_POLICY", &items);
    assert_true(answered(fake, &ask,
                         "{\"Policies\":[{\"Id\":\"p-FullAWSAccess\",\"Arn\":\"arn:p\","
                         "\"Name\":\"FullAWSAccess\",\"Type\":\"SERVICE_CONTROL_POLICY\","
                         "\"AwsManaged\":true}]}",
                         &err));
    assert_sent(fake, "ListPoliciesForTarget",
                "{\"TargetId\":\"r-ab12\",\"Filter\":\"SERVICE_CONTROL_POLICY\","
                "\"MaxResults\":20}");
    assert_string_equal(items.rows[0].arn, "arn:p");

    cc_org_policy(&fake->run, &ask, "p-FullAWSAccess", &policy);
    assert_true(answered(fake, &ask,
                         "{\"Policy\":{\"PolicySummary\":{\"Id\":\"p-FullAWSAccess\"},"
                         "\"Content\":\"{\\n  \\\"Sid\\\": \\\"a%20b\\\"\\n}\"}}",
                         &err));
    assert_sent(fake, "DescribePolicy", "{\"PolicyId\":\"p-FullAWSAccess\"}");
    assert_string_equal(policy.item.id, "p-FullAWSAccess");
    assert_string_equal(policy.content, "{\n  \"Sid\": \"a%20b\"\n}"); /* not percent-encoded */
}

static void an_answer_of_another_form_is_refused(void **state)
{
    static const struct {
        const char *body;
        const char *why;
    } rows[] = {
        {"{}", "no usable Accounts"},
        {"{\"Accounts\":{}}", "no usable Accounts"},
        {"{\"Accounts\":null}", "no usable Accounts"},
        {"{\"Accounts\":[{\"Id\":\"../x\"}]}", "no usable Id"},
        {"{\"Accounts\":[{\"Id\":111122223333}]}", "no usable Id"},
        {"{\"Accounts\":[null]}", "no usable Id"},
        {"{\"Accounts\":[[]]}", "no usable Id"},
        {"{\"Accounts\":[{\"Id\":\"111122223333\",\"Name\":7}]}", "no usable Name"},
    };

    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        struct fake *fake = *state;
        struct cc_ask ask = new_ask();
        struct cc_org_accounts accounts;
        struct cc_error err;

        cc_org_accounts(&fake->run, &ask, NULL, &accounts);
        assert_false(answered(fake, &ask, rows[i].body, &err));
        assert_int_equal(err.code, CC_E_BAD_ANSWER);
        assert_non_null(strstr(err.why, rows[i].why));
    }
}

static void a_root_and_a_unit_have_their_form(void **state)
{
    static const struct {
        const char *text;
        bool fits;
    } rows[] = {
        {"r-ab12", true},
        {"ou-ab12-34cd56ef", true},
        {"r-abc", false},
        {"r-ab12-34cd56ef", false},
        {"r-", false},
        {"", false},
        {"r", false},
        {"ou-", false},
        {"ou--34cd56ef", false},
        {"ou-ab1-34cd56ef", false},
        {"ou-ab12", false},
        {"ou-ab12-34cd56e", false},
        {"ou-ab12-34cd56ef-", false},
        {"ou-ab12-34CD56EF", false},
        {"ou-ab12-34cd56ef34cd56ef34cd56ef34cd56ef", true},
        {"ou-ab12-34cd56ef34cd56ef34cd56ef34cd56ef3", false},
        {"111122223333", false},
    };

    (void)state;
    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        assert_int_equal(cc_org_unit_form.fits(rows[i].text), rows[i].fits);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FAKE_WORLD(the_organization_names_its_management_account),
        IN_FAKE_WORLD(the_state_of_an_account_has_an_old_and_a_new_name),
        IN_FAKE_WORLD(accounts_are_listed_in_all_or_in_a_unit),
        IN_FAKE_WORLD(the_tree_is_read_from_its_root_and_from_its_leaves),
        IN_FAKE_WORLD(policies_are_found_by_their_target),
        IN_FAKE_WORLD(an_answer_of_another_form_is_refused),
        cmocka_unit_test(a_root_and_a_unit_have_their_form),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
