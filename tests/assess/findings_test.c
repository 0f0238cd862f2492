#include "credctl/report/assess.h"

#include "watch_support.h"

#define ASSESS(fake, ...) assert_true(ASK(fake, &got, &err, "assess", "findings", __VA_ARGS__))

static const char *report(struct fake *fake, void (*print)(const void *answer, struct cc_buf *out))
{
    struct cc_buf out = cc_buf_new(&fake->mem, 1 << 20);

    print(got.answer, &out);
    return out.text;
}

static void each_service_has_its_findings_the_worst_first(void **state)
{
    static const char *const names[] = {"guardduty",   "inspector",      "accessanalyzer",
                                        "securityhub", "trustedadvisor", "macie"};
    struct fake *fake = *state;

    a_day(fake);
    ASSESS(fake, "--fail-on", "critical");
    assert_int_equal(fake->run.exit_status, 1);
    for (size_t i = 0; i < CC_COUNT(names); i++) {
        const char *place = cc_textf(&fake->mem, "services/%zu/", i);

        assert_string_equal(text_at(cc_textf(&fake->mem, "%sservice", place)), names[i]);
        assert_string_equal(text_at(cc_textf(&fake->mem, "%sstatus", place)), "enabled");
        assert_int_equal(number_at(cc_textf(&fake->mem, "%ssummary/total_count", place)),
                         i == 0 ? 2 : 1);
    }
    assert_string_equal(text_at("services/0/findings/0/id"), "b");
    assert_string_equal(text_at("services/1/findings/0/updatedAt"), "2023-11-14T22:13:20Z");
    assert_int_equal(number_at("services/2/summary/action_counts/s3:GetObject"), 1);
    assert_int_equal(number_at("services/4/summary/resources_flagged"), 2);
    assert_int_equal(number_at("summary/total_count"), 7);
    assert_int_equal(number_at("summary/severity_counts/critical"), 2);
    asked_as_in_schema(fake, &got);
    assert_non_null(strstr(asked_text(fake, &got), "7 findings: 2 critical, 5 high\n"));
}

/* Detector ids and findings are asked for in pages that the service allows. */
static void requests_are_those_that_the_services_accept(void **state)
{
    struct fake *fake = *state;

    a_day(fake);
    ASSESS(fake, "--max-findings", "500");
    assert_non_null(strstr(fake_sent(fake, "/d1/findings")->body, "\"maxResults\":50"));
    assert_non_null(
        strstr(fake_sent(fake, "/d1/findings")->body, "\"severity\":{\"greaterThanOrEqual\":4}"));
    assert_non_null(
        strstr(fake_sent(fake, "inspector2.eu-west-1.amazonaws.com/findings/list")->body,
               "\"filterCriteria\":{\"severity\":[{\"comparison\":\"EQUALS\",\"value\":\"HIGH\"},"
               "{\"comparison\":\"EQUALS\",\"value\":\"CRITICAL\"}],\"findingStatus\":"));
    assert_non_null(strstr(fake_sent(fake, "macie2.eu-west-1.amazonaws.com/findings")->body,
                           "\"severity.description\":{\"eq\":[\"High\"]}"));
    assert_non_null(strstr(fake_sent(fake, "securityhub")->body, "\"MaxResults\":100"));
    assert_non_null(strstr(fake_sent(fake, "access-analyzer.eu-west-1.amazonaws.com/finding")->body,
                           "\"analyzerArn\":\"arn:a\""));
}

static void a_severity_is_a_range_for_guardduty(void **state)
{
    static const struct {
        const char *severities;
        const char *range;
    } rows[] = {
        {"LOW", "{\"greaterThanOrEqual\":0,\"lessThan\":4}"},
        {"medium", "{\"greaterThanOrEqual\":4,\"lessThan\":7}"},
        {"HIGH", "{\"greaterThanOrEqual\":7,\"lessThan\":9}"},
        {"Critical", "{\"greaterThanOrEqual\":9}"},
        {"LOW,HIGH", "{\"greaterThanOrEqual\":0,\"lessThan\":9}"},
    };

    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        struct fake *fake = *state;

        memset(fake->http, 0, sizeof(fake->http));
        fake->sent_count = 0;
        a_day(fake);
        ASSESS(fake, "--service", "guardduty", "--severity-filter", rows[i].severities);
        assert_non_null(strstr(fake_sent(fake, "/d1/findings")->body, rows[i].range));
    }
}

static void one_service_is_told_at_the_top(void **state)
{
    struct fake *fake = *state;

    a_day(fake);
    ASSESS(fake, "--service", "trustedadvisor");
    assert_string_equal(text_at("service"), "trustedadvisor");
    assert_string_equal(text_at("support_tier"), "Basic");
    assert_string_equal(text_at("findings/0/check_id"), "c1");
    assert_int_equal(cJSON_GetArraySize(at("services")), 0);
    assert_null(fake_sent(fake, "guardduty"));
}

static void what_is_more_than_was_wanted_is_said_with_its_token(void **state)
{
    struct fake *fake = *state;

    row(fake, AWS("securityhub") "/findings", NULL,
        "{\"Findings\":[{\"Id\":\"1\",\"Severity\":{\"Label\":\"HIGH\"}},"
        "{\"Id\":\"2\",\"Severity\":{\"Label\":\"HIGH\"}}],\"NextToken\":\"there\"}");
    a_day(fake);
    ASSESS(fake, "--service", "securityhub", "--max-findings", "2", "--next-token", "here");
    assert_non_null(strstr(fake_sent(fake, "securityhub")->body, "\"NextToken\":\"here\""));
    assert_true(cJSON_IsTrue(at("truncated")));
    assert_string_equal(text_at("next_token"), "there");
    assert_non_null(strstr(asked_text(fake, &got), "--next-token"));
}

/* A service that is not on has no findings, which does not mean that there is nothing wrong. */
static void a_service_that_is_off_says_so(void **state)
{
    struct fake *fake = *state;

    refuses(fake, AWS("inspector2") "/status/batch/get", 200, NULL,
            "{\"accounts\":[{\"state\":{\"status\":\"DISABLED\"}}]}");
    row(fake, AWS("inspector2") "/findings/list", NULL, "{\"findings\":[]}");
    a_day(fake);
    ASSESS(fake, "--service", "inspector");
    assert_string_equal(text_at("status"), "disabled");
    assert_true(cJSON_GetArraySize(at("setup_instructions")) > 0);
    ASSESS(fake, "--service", "inspector", "--no-check-enabled");
    assert_string_equal(text_at("status"), "enabled");
}

static void denied_findings_are_an_error_and_not_none(void **state)
{
    struct fake *fake = *state;

    refuses(fake, DETECTOR "/d1/findings", 403, DENIED_HEAD, DENIED_BODY);
    a_day(fake);
    ASSESS(fake, "--services", "guardduty,macie");
    assert_int_equal(fake->run.exit_status, 3);
    assert_string_equal(text_at("errors/0/missing_permission"), "guardduty:ListFindings");
    assert_string_equal(text_at("services/0/status"), "unknown");
    assert_string_equal(text_at("services/0/message"), "GuardDuty could not be read");
    assert_non_null(strstr(report(fake, cc_findings_csv), "guardduty,,,,,,,,,GUARDDUTY refused"));
    assert_non_null(strstr(report(fake, cc_findings_sarif), "\"executionSuccessful\":false"));
    assert_non_null(strstr(report(fake, cc_findings_html), "guardduty:ListFindings"));
}

#define HOSTILE "=cmd|' /C calc'!A0 <script>alert(1)</script> \\\"q\\\" \\u202e,\\n"

/* Text of AWS is whatever somebody has put into a tag or a name. */
static void hostile_texts_are_only_texts(void **state)
{
    struct fake *fake = *state;

    row(fake, DETECTOR "/d1/findings/get", NULL,
        "{\"findings\":[{\"id\":\"" HOSTILE "\",\"severity\":8,\"type\":\"" HOSTILE
        "\",\"title\":\"" HOSTILE "\",\"description\":\"" HOSTILE "\",\"updatedAt\":\"" HOSTILE
        "\"},{},{\"severity\":\"x\",\"title\":7},{\"id\":\"" CANARY "\",\"severity\":9}]}");
    a_day(fake);
    ASSESS(fake, "--service", "guardduty", "--severity-filter", "LOW,MEDIUM,HIGH,CRITICAL");
    assert_int_equal(number_at("summary/total_count"), 4);
    assert_null(strstr(report(fake, cc_findings_html), "<script>alert"));
    assert_non_null(strstr(report(fake, cc_findings_csv), "\"'=cmd"));
    assert_null(strstr(report(fake, cc_findings_csv), "\xe2\x80\xae"));
    assert_non_null(strstr(report(fake, cc_findings_sarif), "\"runs\":"));
    assert_null(strstr(cc_json_line(&fake->mem, got.json), CANARY));
}

static void what_is_not_a_list_of_findings_is_an_error(void **state)
{
    static const char *const bodies[] = {"{}", "{\"findings\":7}", "{\"findings\":{}}", "[",
                                         "<html></html>"};

    for (size_t i = 0; i < CC_COUNT(bodies); i++) {
        struct fake *fake = *state;

        memset(fake->http, 0, sizeof(fake->http));
        fake->sent_count = 0;
        row(fake, AWS("inspector2") "/findings/list", NULL, bodies[i]);
        a_day(fake);
        ASSESS(fake, "--service", "inspector");
        assert_int_equal(fake->run.exit_status, 3);
        assert_string_equal(text_at("errors/0/operation"), "ListFindings");
    }
}

static void options_that_exclude_each_other_are_refused(void **state)
{
    static const char *const rows[][9] = {
        {"assess", "findings", "--service", "macie", "--services", "guardduty", NULL},
        {"assess", "findings", "--next-token", "t", NULL},
        {"assess", "findings", "--service", "macie", "--next-token", "t", "--targets", "l", NULL},
        {"assess", "findings", "--service", "macie", "--next-token", "t", "--region", "a,b", NULL},
        {"assess", "findings", "--severity-filter", "URGENT", NULL},
        {"assess", "findings", "--severity-filter", "HIGH,", NULL},
        {"assess", "findings", "--service", "ec2", NULL},
        {"assess", "findings", "--max-findings", "0", NULL},
    };
    struct fake *fake = *state;

    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        assert_false(asked(fake, rows[i], &got, &err));
        assert_int_equal(err.code, CC_E_USAGE);
    }
}

static void reports_of_several_regions_name_them(void **state)
{
    struct fake *fake = *state;

    refuses(fake, "https://guardduty.eu-north-1.amazonaws.com/detector?maxResults=50", 403,
            DENIED_HEAD, DENIED_BODY);
    a_day(fake);
    ASSESS(fake, "--region", "eu-west-1", "--region", "eu-north-1", "--services", "guardduty");
    assert_int_equal(cJSON_GetArraySize(at("results")), 2);
    assert_non_null(strstr(report(fake, cc_findings_html), "<svg"));
    assert_non_null(strstr(asked_text(fake, &got), "111122223333 eu-west-1"));
    assert_non_null(strstr(asked_text(fake, &got), "111122223333 eu-north-1, guardduty: denied"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FAKE_WORLD(each_service_has_its_findings_the_worst_first),
        IN_FAKE_WORLD(requests_are_those_that_the_services_accept),
        IN_FAKE_WORLD(a_severity_is_a_range_for_guardduty),
        IN_FAKE_WORLD(one_service_is_told_at_the_top),
        IN_FAKE_WORLD(what_is_more_than_was_wanted_is_said_with_its_token),
        IN_FAKE_WORLD(a_service_that_is_off_says_so),
        IN_FAKE_WORLD(denied_findings_are_an_error_and_not_none),
        IN_FAKE_WORLD(hostile_texts_are_only_texts),
        IN_FAKE_WORLD(what_is_not_a_list_of_findings_is_an_error),
        IN_FAKE_WORLD(options_that_exclude_each_other_are_refused),
        IN_FAKE_WORLD(reports_of_several_regions_name_them),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
