#include "credctl/report/assess.h"

#include "watch_support.h"

#define ASSESS(fake, ...) assert_true(ASK(fake, &got, &err, "assess", "services", __VA_ARGS__))

static void each_service_says_that_it_is_on_and_where_that_is_from(void **state)
{
    struct fake *fake = *state;

    a_day(fake);
    ASSESS(fake, "--region", "eu-west-1");
    assert_int_equal(fake->run.exit_status, 0);
    assert_true(cJSON_IsTrue(at("all_enabled")));
    assert_string_equal(text_at("account_id"), ACCOUNT);
    assert_string_equal(text_at("caller_arn"), "arn:aws:iam::" ACCOUNT ":user/ci");
    assert_string_equal(text_at("region_source"), "--region");
    assert_string_equal(text_at("credential_source"), "environment");
    assert_string_equal(text_at("service_statuses/macie/created_at"), "2023-11-14T22:13:20Z");
    assert_string_equal(text_at("service_statuses/securityhub/standards/0/name"), "cis v1.2.0");
    assert_string_equal(text_at("service_statuses/accessanalyzer/analyzers/0/findings_count"), "1");
    assert_string_equal(text_at("service_statuses/trustedadvisor/support_tier"), "Basic");
    assert_non_null(strstr(asked_text(fake, &got), "  on   GuardDuty "));
    asked_as_in_schema(fake, &got);
}

/* What each service answers when nobody has enabled it. */
static void off_is_what_the_service_says(void **state)
{
    static const struct {
        const char *service;
        const char *url;
        int status;
        const char *head;
        const char *body;
    } rows[] = {
        {"guardduty", DETECTOR "?maxResults=50", 200, NULL, "{\"detectorIds\":[]}"},
        {"guardduty", DETECTOR "/d1", 200, NULL, "{\"status\":\"DISABLED\"}"},
        {"inspector", AWS("inspector2") "/status/batch/get", 200, NULL,
         "{\"accounts\":[{\"state\":{\"status\":\"DISABLED\"},\"resourceState\":{\"ec2\":"
         "{\"status\":\"DISABLED\"}}}]}"},
        {"accessanalyzer", AWS("access-analyzer") "/analyzer?maxResults=100", 200, NULL,
         "{\"analyzers\":[{\"status\":\"DISABLED\",\"type\":\"ACCOUNT\"}]}"},
        {"securityhub", AWS("securityhub") "/accounts", 401,
         "x-amzn-ErrorType: InvalidAccessException\r\n",
         "{\"message\":\"Account is not subscribed to AWS Security Hub\"}"},
        {"trustedadvisor", SUPPORT, 400, NULL, "{\"__type\":\"SubscriptionRequiredException\"}"},
        {"macie", AWS("macie2") "/macie", 403, DENIED_HEAD,
         "{\"message\":\"Macie is not enabled\"}"},
        {"macie", AWS("macie2") "/macie", 200, NULL, "{\"status\":\"PAUSED\"}"},
    };

    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        struct fake *fake = *state;

        memset(fake->http, 0, sizeof(fake->http));
        fake->sent_count = 0;
        refuses(fake, rows[i].url, rows[i].status, rows[i].head, rows[i].body);
        a_day(fake);
        ASSESS(fake, "--services", rows[i].service);
        const char *place = cc_textf(&fake->mem, "service_statuses/%s/status", rows[i].service);
        assert_string_equal(text_at(place), "disabled");
        assert_int_equal(fake->run.exit_status, 0);
        assert_non_null(strstr(asked_text(fake, &got), "  OFF  "));
        assert_non_null(strstr(asked_text(fake, &got), "To enable "));
    }
}

/* Nothing that a service answers to others makes it disabled. */
static void denied_and_broken_are_unknown(void **state)
{
    static const struct {
        int status;
        const char *head;
        const char *body;
        const char *code;
        const char *permission;
    } rows[] = {
        {403, DENIED_HEAD, DENIED_BODY, "denied", "inspector2:BatchGetAccountStatus"},
        {500, NULL, "<!DOCTYPE html><html>", "other", NULL},
        {403, NULL, "<html>proxy</html>", "other", NULL},
        {429, "x-amzn-ErrorType: ThrottlingException\r\n", "{}", "throttled", NULL},
        {200, NULL, "{\"accounts\":[", "other", NULL},
        {200, NULL, "<html></html>", "other", NULL},
        {200, NULL, "{\"accounts\":[],\"failedAccounts\":[{\"errorCode\":\"ACCESS_DENIED\"}]}",
         "denied", NULL},
        {200, NULL, "{}", "other", NULL},
    };

    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        struct fake *fake = *state;

        memset(fake->http, 0, sizeof(fake->http));
        fake->sent_count = 0;
        refuses(fake, AWS("inspector2") "/status/batch/get", rows[i].status, rows[i].head,
                rows[i].body);
        a_day(fake);
        ASSESS(fake, "--services", "inspector,macie");
        assert_string_equal(text_at("service_statuses/inspector/status"), "unknown");
        assert_true(cJSON_IsNull(at("service_statuses/inspector/enabled")));
        assert_string_equal(text_at("service_statuses/inspector/error/code"), rows[i].code);
        assert_string_equal(text_at("service_statuses/macie/status"), "enabled");
        assert_true(cJSON_IsTrue(at("partial")));
        assert_int_equal(fake->run.exit_status, 3);
        if (rows[i].permission) {
            assert_string_equal(text_at("errors/0/missing_permission"), rows[i].permission);
            assert_non_null(strstr(asked_text(fake, &got), rows[i].permission));
        }
    }
}

static void what_is_off_counts_as_severe_as_its_control(void **state)
{
    static const struct {
        const char *limit;
        int status;
    } rows[] = {{"low", 1}, {"high", 1}, {"critical", 0}};

    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        struct fake *fake = *state;

        memset(fake->http, 0, sizeof(fake->http));
        refuses(fake, DETECTOR "?maxResults=50", 200, NULL, "{\"detectorIds\":[]}");
        a_day(fake);
        ASSESS(fake, "--services", "guardduty", "--fail-on", rows[i].limit);
        assert_int_equal(fake->run.exit_status, rows[i].status);
    }
}

static void regions_are_those_that_are_given_or_those_of_the_account(void **state)
{
    struct fake *fake = *state;

    a_day(fake);
    row(fake, AWS("ec2") "/", "DescribeRegions",
        "<DescribeRegionsResponse><regionInfo><item><regionName>eu-west-1</regionName></item>"
        "<item><regionName>../evil</regionName></item></regionInfo></DescribeRegionsResponse>");
    ASSESS(fake, "--region", "all");
    assert_int_equal(number_at("place_count"), 1);
    assert_string_equal(text_at("region"), "eu-west-1");
    assert_false(ASK(fake, &got, &err, "assess", "services", "--region", "eu-west-1,no/where"));
    assert_int_equal(err.code, CC_E_USAGE);
    assert_false(ASK(fake, &got, &err, "assess", "services", "--region", "all,eu-west-1"));
    assert_int_equal(err.code, CC_E_USAGE);
}

static void an_account_without_the_permission_for_its_regions_fails(void **state)
{
    struct fake *fake = *state;

    caller(fake);
    refuses(fake, AWS("ec2") "/", 403, NULL,
            "<Response><Errors><Error><Code>UnauthorizedOperation</Code><Message>no</Message>"
            "</Error></Errors></Response>");
    assert_false(ASK(fake, &got, &err, "assess", "services", "--region", "all"));
    assert_int_equal(err.code, CC_E_DENIED);
    assert_non_null(strstr(err.fix, "ec2:DescribeRegions"));
}

static void accounts_of_a_list_are_entered_by_their_roles(void **state)
{
    struct fake *fake = *state;

    fake_file(fake, "/work/list",
              "arn:aws:iam::222222222222:role/Audit\narn:aws:iam::333333333333:role/Audit\n");
    a_day(fake);
    fake_http_row(fake, (struct fake_exchange){.url = STS,
                                               .part = "222222222222",
                                               .status = 403,
                                               .body = "<ErrorResponse><Error><Code>AccessDenied"
                                                       "</Code><Message>no</Message></Error>"
                                                       "</ErrorResponse>",
                                               .forever = true});
    fake_http_row(
        fake,
        (struct fake_exchange){
            .url = STS,
            .part = "333333333333",
            .status = 200,
            .body =
                "<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>ASIA"
                "</AccessKeyId><SecretAccessKey>" CANARY "</SecretAccessKey><SessionToken>" CANARY
                "-t</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials>"
                "<AssumedRoleUser><Arn>arn:aws:sts::333333333333:assumed-role/Audit/s</Arn>"
                "<AssumedRoleId>A:s</AssumedRoleId></AssumedRoleUser></AssumeRoleResult>"
                "</AssumeRoleResponse>",
            .forever = true});
    ASSESS(fake, "--targets", "/work/list", "--target-external-id", "an-id");
    assert_int_equal(fake->run.exit_status, 3);
    assert_string_equal(text_at("results/0/error/code"), "access.denied");
    assert_string_equal(text_at("results/1/account_id"), "333333333333");
    assert_string_equal(text_at("results/1/caller_arn"),
                        "arn:aws:sts::333333333333:assumed-role/Audit/credctl-assess");
    assert_int_equal(number_at("service_statuses/guardduty/enabled"), 1);
    assert_false(cJSON_IsTrue(at("all_enabled")));
    assert_non_null(strstr(fake_sent(fake, "sts")->body, "Action="));
    assert_non_null(strstr(asked_text(fake, &got), "333333333333 eu-west-1"));
}

static void another_account_than_the_expected_one_is_not_assessed(void **state)
{
    struct fake *fake = *state;

    a_day(fake);
    assert_false(ASK(fake, &got, &err, "assess", "services", "--account-id", "999999999999"));
    assert_int_equal(err.code, CC_E_NOT_EXPECTED);
    assert_null(fake_sent(fake, "guardduty"));
}

static void all_services_are_asked_at_the_same_time(void **state)
{
    struct fake *fake = *state;

    a_day(fake);
    for (size_t i = 0; fake->http[i].url; i++) {
        fake->http[i].takes_ms = 500;
    }
    ASSESS(fake, "--concurrency", "6");
    assert_int_equal(fake->most_at_once, 6);
}

static void after_the_deadline_there_is_what_was_read(void **state)
{
    struct fake *fake = *state;

    a_day(fake);
    for (size_t i = 0; fake->http[i].url; i++) {
        fake->http[i].takes_ms = strstr(fake->http[i].url, "macie") ? 60000 : 100;
    }
    ASSESS(fake, "--deadline", "5");
    assert_string_equal(text_at("service_statuses/macie/status"), "unknown");
    assert_string_equal(text_at("service_statuses/macie/error/code"), "deadline");
    assert_non_null(strstr(text_at("errors/0/fix"), "--deadline"));
    assert_string_equal(text_at("service_statuses/guardduty/status"), "enabled");
    assert_int_equal(fake->run.exit_status, 3);
}

/* eusc has no Support. */
static void what_is_not_offered_is_neither_off_nor_an_error(void **state)
{
    struct fake *fake = *state;

    caller(fake);
    row(fake, "https://sts.eusc-de-east-1.amazonaws.eu/", NULL,
        "<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>a</Arn><UserId>u</UserId>"
        "<Account>" ACCOUNT "</Account></GetCallerIdentityResult></GetCallerIdentityResponse>");
    ASSESS(fake, "--services", "trustedadvisor", "--region", "eusc-de-east-1");
    assert_int_equal(fake->run.exit_status, 0);
    assert_string_equal(text_at("service_statuses/trustedadvisor/status"), "unknown");
    assert_string_equal(text_at("service_statuses/trustedadvisor/error/code"), "not_offered");
    assert_string_equal(text_at("service_statuses/trustedadvisor/message"),
                        "Trusted Advisor is not offered in eusc-de-east-1");
    assert_false(cJSON_IsTrue(at("partial")));
    assert_false(cJSON_IsTrue(at("all_enabled")));
}

static const char *report(struct fake *fake, void (*print)(const void *answer, struct cc_buf *out))
{
    struct cc_buf out = cc_buf_new(&fake->mem, 1 << 20);

    print(got.answer, &out);
    return out.text;
}

static void reports_have_each_status_and_what_is_missing(void **state)
{
    struct fake *fake = *state;

    refuses(fake, AWS("macie2") "/macie", 403, DENIED_HEAD, DENIED_BODY);
    refuses(fake, DETECTOR "?maxResults=50", 200, NULL, "{\"detectorIds\":[]}");
    a_day(fake);
    ASSESS(fake, "--region", "eu-west-1");
    assert_non_null(strstr(report(fake, cc_services_csv),
                           ACCOUNT ",eu-west-1,,guardduty,disabled,GuardDuty has no detector"));
    assert_non_null(strstr(report(fake, cc_services_csv),
                           ",macie,unknown,Macie could not be read,macie2:GetMacieSession,"));
    assert_non_null(strstr(report(fake, cc_services_html), "<b>4</b> enabled"));
    assert_non_null(strstr(report(fake, cc_services_html), "<b>1</b> not known"));
    assert_non_null(strstr(report(fake, cc_services_html), "<dd>macie2:GetMacieSession</dd>"));
    assert_non_null(strstr(report(fake, cc_services_html), "<svg"));
}

/* An account that could not be entered is in every report. */
static void reports_have_accounts_without_a_result(void **state)
{
    struct fake *fake = *state;

    fake_file(fake, "/work/list", "222222222222,Audit\n333333333333,Audit\n");
    caller(fake);
    refuses(fake, STS, 403, NULL,
            "<ErrorResponse><Error><Code>AccessDenied</Code><Message>no</Message></Error>"
            "</ErrorResponse>");
    ASSESS(fake, "--targets", "/work/list");
    assert_int_equal(fake->run.exit_status, 3);
    assert_int_equal(number_at("failed_count"), 2);
    assert_non_null(strstr(report(fake, cc_services_csv), "222222222222,,222222222222,,,,,"));
    assert_non_null(strstr(report(fake, cc_services_html), "<h3>333333333333</h3>"));
    assert_non_null(strstr(asked_text(fake, &got), "222222222222"));
}

static void a_deadline_before_anything_was_read_is_an_error(void **state)
{
    struct fake *fake = *state;

    caller(fake);
    fake->http[0].takes_ms = 60000;
    assert_false(ASK(fake, &got, &err, "assess", "services", "--deadline", "5"));
    assert_int_equal(err.code, CC_E_DEADLINE);
    assert_non_null(strstr(err.fix, "--deadline"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FAKE_WORLD(each_service_says_that_it_is_on_and_where_that_is_from),
        IN_FAKE_WORLD(off_is_what_the_service_says),
        IN_FAKE_WORLD(denied_and_broken_are_unknown),
        IN_FAKE_WORLD(what_is_off_counts_as_severe_as_its_control),
        IN_FAKE_WORLD(regions_are_those_that_are_given_or_those_of_the_account),
        IN_FAKE_WORLD(an_account_without_the_permission_for_its_regions_fails),
        IN_FAKE_WORLD(accounts_of_a_list_are_entered_by_their_roles),
        IN_FAKE_WORLD(another_account_than_the_expected_one_is_not_assessed),
        IN_FAKE_WORLD(all_services_are_asked_at_the_same_time),
        IN_FAKE_WORLD(after_the_deadline_there_is_what_was_read),
        IN_FAKE_WORLD(a_deadline_before_anything_was_read_is_an_error),
        IN_FAKE_WORLD(what_is_not_offered_is_neither_off_nor_an_error),
        IN_FAKE_WORLD(reports_have_each_status_and_what_is_missing),
        IN_FAKE_WORLD(reports_have_accounts_without_a_result),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
