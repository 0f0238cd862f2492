#include "credctl/aws/org_choice.h"

#include "credctl/base/text.h"

#include "support/test.h"

#define URL        "https://organizations.us-east-1.amazonaws.com/"
#define ACTIVE(id) "{\"Id\":\"" id "\",\"State\":\"ACTIVE\"}"
#define CLOSED(id) "{\"Id\":\"" id "\",\"State\":\"SUSPENDED\"}"
#define UNIT(id)   "{\"Id\":\"" id "\"}"
#define MANAGEMENT "111111111111"
#define A          "ou-ab12-aaaaaaaa"
#define B          "ou-ab12-bbbbbbbb" /* below A */
#define C          "ou-ab12-cccccccc"

struct reply {
    const char *operation;
    const char *part; /* of the request */
    int status;
    const char *body;
};

/* The first row that fits. */
static const struct reply organization[] = {
    {"DescribeOrganization", "", 200,
     "{\"Organization\":{\"Id\":\"o-1\",\"Arn\":\"a\",\"MasterAccountId\":\"" MANAGEMENT "\"}}"},
    {"ListAccounts", "NextToken", 200,
     "{\"Accounts\":[" CLOSED("333333333333") "," ACTIVE("555555555555") "]}"},
    {"ListAccounts", "", 200,
     "{\"Accounts\":[" ACTIVE("444444444444") "," ACTIVE(MANAGEMENT) "," ACTIVE(
         "222222222222") "],\"NextToken\":\"n\"}"},
    {"ListAccountsForParent", "r-ab12", 200, "{\"Accounts\":[" ACTIVE(MANAGEMENT) "]}"},
    {"ListAccountsForParent", A, 200,
     "{\"Accounts\":[" ACTIVE("222222222222") "," CLOSED("333333333333") "]}"},
    {"ListAccountsForParent", B, 200, "{\"Accounts\":[" ACTIVE("444444444444") "]}"},
    {"ListAccountsForParent", C, 200, "{\"Accounts\":[" ACTIVE("555555555555") "]}"},
    {"ListOrganizationalUnitsForParent", "r-ab12", 200,
     "{\"OrganizationalUnits\":[" UNIT(A) "," UNIT(C) "]}"},
    {"ListOrganizationalUnitsForParent", A, 200, "{\"OrganizationalUnits\":[" UNIT(B) "]}"},
    {"ListOrganizationalUnitsForParent", B, 200, "{\"OrganizationalUnits\":[]}"},
    {"ListOrganizationalUnitsForParent", C, 200, "{\"OrganizationalUnits\":[]}"},
    {"ListAccountsForParent", "", 400, "{\"__type\":\"ParentNotFoundException\"}"},
    {"ListOrganizationalUnitsForParent", "", 400, "{\"__type\":\"ParentNotFoundException\"}"},
    {"DescribeAccount", "222222222222", 200, "{\"Account\":" ACTIVE("222222222222") "}"},
    {"DescribeAccount", MANAGEMENT, 200, "{\"Account\":" ACTIVE(MANAGEMENT) "}"},
    {"DescribeAccount", "333333333333", 200, "{\"Account\":" CLOSED("333333333333") "}"},
    {"DescribeAccount", "", 400, "{\"__type\":\"AccountNotFoundException\",\"Message\":\"no\"}"},
    {0},
};

static const char *denied;  /* this operation */
static const char *endless; /* each unit has another one below it */
static int units_made;

static const struct cc_keys keys = {
    .access_key_id = "AKID", .secret_key = {CANARY}, .expires = CC_NEVER_EXPIRES};
static const struct cc_settings settings = {.max_attempts = 1};

static bool asks_for(const struct fake_sent *sent, const char *operation)
{
    const char *at = strstr(sent->headers, "AWSOrganizationsV20161128.");
    const size_t len = strlen(operation);

    at += strlen("AWSOrganizationsV20161128.");
    return strncmp(at, operation, len) == 0 && at[len] == '\n';
}

static void reply(struct fake *fake)
{
    const struct fake_sent *sent = &fake->sent[fake->sent_count - 1];
    const struct reply *row = organization;

    if (denied && asks_for(sent, denied)) {
        fake->http[0].status = 400;
        fake->http[0].body = "{\"__type\":\"AccessDeniedException\",\"Message\":\"no permission\"}";
        return;
    }
    if (endless && asks_for(sent, endless)) {
        fake->http[0].status = 200;
        fake->http[0].body = cc_textf(
            &fake->mem, "{\"OrganizationalUnits\":[{\"Id\":\"ou-ab12-%08d\"}]}", ++units_made);
        return;
    }
    while (!asks_for(sent, row->operation) || !strstr(sent->body, row->part)) {
        row++;
    }
    if (endless && row->status != 200) {
        row = &organization[6];
    }
    fake->http[0].status = row->status;
    fake->http[0].body = row->body;
}

/* The accounts, with a blank instead of each newline; NULL: the error. */
static const char *chosen(struct fake *fake, struct cc_org_choice choice, struct cc_error *err)
{
    const struct cc_ask as = {.settings = &settings, .by = &keys};
    const char *text = NULL;

    if (!fake->http[0].url) {
        fake_http_row(fake, (struct fake_exchange){.url = URL,
                                                   .status = 200,
                                                   .body = "",
                                                   .forever = true,
                                                   .meanwhile = reply,
                                                   .takes_ms = 50});
    }
    fake->sent_count = 0;
    if (!cc_org_chosen(&fake->run, &as, &choice, &text, err)) {
        assert_null(text);
        return NULL;
    }
    char *row = cc_text_dup(&fake->mem, text, strlen(text));
    for (char *c = row; *c; c++) {
        *c = *c == '\n' ? ' ' : *c;
    }
    return row;
}

#define LIST(...) ((const char *const[]){__VA_ARGS__, NULL})

static void units_included_and_excluded_accounts_make_the_choice(void **state)
{
    static const char *const none[] = {NULL};
    const struct {
        struct cc_org_choice choice;
        const char *accounts;
    } rows[] = {
        {{0}, "222222222222 444444444444 555555555555 "},
        {{.units = none, .include = none, .exclude = none},
         "222222222222 444444444444 555555555555 "},
        {{.units = LIST("r-ab12")}, "222222222222 444444444444 555555555555 "},
        {{.units = LIST(A)}, "222222222222 444444444444 "},
        {{.units = LIST(B, A, B)}, "222222222222 444444444444 "},
        {{.units = LIST(B, C)}, "444444444444 555555555555 "},
        {{.units = LIST(B), .include = LIST("222222222222", "444444444444")},
         "222222222222 444444444444 "},
        {{.units = LIST("r-ab12"), .include = LIST(MANAGEMENT)},
         "111111111111 222222222222 444444444444 555555555555 "},
        {{.include = LIST("222222222222", "222222222222")}, "222222222222 "},
        {{.include = LIST(MANAGEMENT)}, "111111111111 "},
        {{.exclude = LIST("444444444444", "999999999999")}, "222222222222 555555555555 "},
        {{.units = LIST(A), .include = LIST(MANAGEMENT), .exclude = LIST("222222222222")},
         "111111111111 444444444444 "},
        {{.include = LIST("222222222222"), .exclude = LIST("222222222222")}, ""},
    };

    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        struct cc_error err;

        assert_string_equal(chosen(*state, rows[i].choice, &err), rows[i].accounts);
    }
}

static void few_questions_are_asked_at_once(void **state)
{
    struct fake *fake = *state;
    struct cc_error err;

    assert_non_null(chosen(fake, (struct cc_org_choice){.units = LIST("r-ab12")}, &err));
    assert_int_equal(fake->most_at_once, 4);
    assert_int_equal(fake->sent_count, 9);
}

static void an_account_to_include_must_be_an_active_member(void **state)
{
    struct fake *fake = *state;
    struct cc_error err;

    assert_null(chosen(fake, (struct cc_org_choice){.include = LIST("333333333333")}, &err));
    assert_int_equal(err.code, CC_E_USAGE);
    assert_string_equal(err.what, "--include: account 333333333333 is not an active member of the "
                                  "organization");
    assert_string_equal(err.why, "its state is SUSPENDED");
    assert_non_null(strstr(err.fix, "remove --include 333333333333"));
    assert_null(chosen(
        fake, (struct cc_org_choice){.units = LIST(A), .include = LIST("999999999999")}, &err));
    assert_int_equal(err.code, CC_E_USAGE);
    assert_string_equal(err.why, "the organization does not know it");
}

static void a_unit_that_does_not_exist_is_named(void **state)
{
    struct cc_error err;

    assert_null(chosen(*state, (struct cc_org_choice){.units = LIST("ou-ab12-99999999")}, &err));
    assert_int_equal(err.code, CC_E_AWS);
    assert_non_null(strstr(err.fix, "ou-ab12-99999999"));
}

static void a_denial_says_what_to_allow_and_to_whom(void **state)
{
    static const struct {
        const char *operation;
        const char *fix;
    } rows[] = {
        {"DescribeOrganization",
         "allow organizations:DescribeOrganization in the policies of the caller"},
        {"ListAccountsForParent",
         "use credentials of the management account or of a delegated administrator, which are "
         "allowed organizations:ListAccountsForParent"},
        {"ListOrganizationalUnitsForParent",
         "use credentials of the management account or of a delegated administrator, which are "
         "allowed organizations:ListOrganizationalUnitsForParent"},
        {"DescribeAccount",
         "use credentials of the management account or of a delegated administrator, which are "
         "allowed organizations:DescribeAccount"},
    };

    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        struct cc_error err;

        denied = rows[i].operation;
        assert_null(chosen(
            *state, (struct cc_org_choice){.units = LIST(A), .include = LIST("555555555555")},
            &err));
        assert_int_equal(err.code, CC_E_DENIED);
        assert_string_equal(err.fix, rows[i].fix);
    }
    denied = NULL;
}

static void a_tree_without_an_end_is_an_error(void **state)
{
    struct fake *fake = *state;
    struct cc_error err;

    fake->forgets = true;
    endless = "ListOrganizationalUnitsForParent";
    assert_null(chosen(fake, (struct cc_org_choice){.units = LIST(A)}, &err));
    endless = NULL;
    assert_int_equal(err.code, CC_E_TOO_BIG);
    assert_string_equal(err.why, "there are more than 10000");
}

static void each_partition_has_its_endpoint(void **state)
{
    struct fake *fake = *state;
    const struct cc_org_choice choice = {.include = LIST("222222222222")};
    const struct cc_ask as = {.settings = &settings, .by = &keys, .region = "cn-north-1"};
    const char *text = NULL;
    struct cc_error err;

    fake_http_row(fake, (struct fake_exchange){
                            .url = "https://organizations.cn-northwest-1.amazonaws.com.cn/",
                            .status = 200,
                            .body = "",
                            .forever = true,
                            .meanwhile = reply});
    assert_true(cc_org_chosen(&fake->run, &as, &choice, &text, &err));
    assert_string_equal(text, "222222222222\n");
}

static void the_options_belong_to_an_organization(void **state)
{
    const struct cc_org_choice nothing = {0};
    const struct cc_org_choice units = {.units = LIST(A)};
    const struct cc_org_choice exclude = {.exclude = LIST("222222222222")};
    struct cc_error err;

    (void)state;
    assert_true(cc_org_choice_fits(&nothing, NULL, &err));
    assert_true(cc_org_choice_fits(&nothing, "accounts.txt", &err));
    assert_true(cc_org_choice_fits(&units, "org", &err));
    assert_false(cc_org_choice_fits(&units, NULL, &err));
    assert_string_equal(err.what, "--ou needs --targets org");
    assert_false(cc_org_choice_fits(&exclude, "accounts.txt", &err));
    assert_int_equal(err.code, CC_E_USAGE);
    assert_string_equal(err.what, "--exclude needs --targets org");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FAKE_WORLD(units_included_and_excluded_accounts_make_the_choice),
        IN_FAKE_WORLD(few_questions_are_asked_at_once),
        IN_FAKE_WORLD(an_account_to_include_must_be_an_active_member),
        IN_FAKE_WORLD(a_unit_that_does_not_exist_is_named),
        IN_FAKE_WORLD(a_denial_says_what_to_allow_and_to_whom),
        IN_FAKE_WORLD(a_tree_without_an_end_is_an_error),
        IN_FAKE_WORLD(each_partition_has_its_endpoint),
        cmocka_unit_test(the_options_belong_to_an_organization),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
