#include "credctl/assess/posture.h"

#include "support/command.h"
#include "support/xml.h"

#define STS         "https://sts.eu-west-1.amazonaws.com/"
#define EC2(region) "https://ec2." region ".amazonaws.com/"
#define CALLER                                                             \
    "<GetCallerIdentityResponse><GetCallerIdentityResult>"                 \
    "<Arn>arn:aws:iam::111122223333:user/alice</Arn><UserId>AIDA</UserId>" \
    "<Account>111122223333</Account></GetCallerIdentityResult></GetCallerIdentityResponse>"
#define VOLUMES(items) \
    "<DescribeVolumesResponse><volumeSet>" items "</volumeSet></DescribeVolumesResponse>"
#define CLEAR(id) "<item><volumeId>" id "</volumeId><encrypted>false</encrypted></item>"
#define DENIED                                                                         \
    "<Response><Errors><Error><Code>UnauthorizedOperation</Code><Message>You are not " \
    "authorized</Message></Error></Errors><RequestID>r</RequestID></Response>"

static void with_keys(struct fake *fake)
{
    fake_env(fake, "AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE");
    fake_env(fake, "AWS_SECRET_ACCESS_KEY", CANARY);
    fake_env(fake, "AWS_REGION", "eu-west-1");
    fake_http(fake, STS, 200, CALLER);
}

static const char *report(struct fake *fake, const struct asked *told, const char *name)
{
    const struct cc_report *row = told->command->reports;
    struct cc_buf out = cc_buf_new(&fake->mem, (size_t)1 << 20);

    while (row->name && strcmp(row->name, name) != 0) {
        row++;
    }
    assert_non_null(row->name);
    row->print(told->answer, &out);
    return out.text;
}

static void what_offends_is_told_first_and_with_a_remedy(void **state)
{
    struct fake *fake = *state;
    struct asked told;
    struct cc_error err;

    with_keys(fake);
    fake_http(fake, EC2("eu-west-1"), 200, VOLUMES(CLEAR("vol-1") CLEAR("vol-2")));
    assert_true(ASK(fake, &told, &err, "assess", "storage", "--services", "ebs"));
    assert_int_equal(fake->run.exit_status, 0);
    asked_as_in_schema(fake, &told);
    const char *text = asked_text(fake, &told);
    assert_non_null(
        strstr(text, "111122223333 eu-west-1, as arn:aws:iam::111122223333:user/alice"));
    assert_non_null(strstr(text, "  high      ebs vol-1\n    why   the volume is not encrypted\n"
                                 "    fix   copy a snapshot"));
    assert_non_null(strstr(text, "2 resources checked: 0 compliant, 2 not compliant, 0 unknown"));
    assert_non_null(strstr(text, "Turn on EBS encryption by default"));
    assert_string_equal(cc_json_text(told.json, "caller_arn"),
                        "arn:aws:iam::111122223333:user/alice");
    assert_string_equal(cc_json_text(told.json, "region"), "eu-west-1");
}

static void a_limit_of_severity_makes_the_status(void **state)
{
    static const struct {
        const char *limit;
        int status;
    } rows[] = {{"low", 1}, {"high", 1}, {"critical", 0}};
    struct fake *fake = *state;

    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        struct asked told;
        struct cc_error err;

        with_keys(fake);
        fake_http(fake, EC2("eu-west-1"), 200, VOLUMES(CLEAR("vol-1")));
        assert_true(ASK(fake, &told, &err, "assess", "storage", "--services", "ebs", "--fail-on",
                        rows[i].limit, "--no-cache"));
        assert_int_equal(fake->run.exit_status, rows[i].status);
    }
}

static void a_denied_service_is_named_and_ends_with_status_3(void **state)
{
    struct fake *fake = *state;
    struct asked told;
    struct cc_error err;

    with_keys(fake);
    fake_http(fake, EC2("eu-west-1"), 403, DENIED);
    assert_true(ASK(fake, &told, &err, "assess", "storage", "--services", "ebs"));
    assert_int_equal(fake->run.exit_status, 3);
    asked_as_in_schema(fake, &told);
    const cJSON *error = cJSON_GetObjectItem(told.json, "errors")->child;
    assert_string_equal(cc_json_text(error, "service"), "ebs");
    assert_string_equal(cc_json_text(error, "code"), "denied");
    assert_string_equal(cc_json_text(error, "missing_permission"), "ec2:DescribeVolumes");
    const char *text = asked_text(fake, &told);
    assert_non_null(strstr(text, "Not read\n  111122223333 eu-west-1, ebs: denied\n"
                                 "    needs ec2:DescribeVolumes\n"));
    assert_non_null(strstr(report(fake, &told, "csv"), "eu-west-1,,ebs,,,,,,,,,"));
    const char *sarif = report(fake, &told, "sarif");
    assert_non_null(strstr(sarif, "\"executionSuccessful\":false"));
    assert_non_null(strstr(sarif, "\"results\":[]"));
}

static void several_regions_are_summed_up(void **state)
{
    struct fake *fake = *state;
    struct asked told;
    struct cc_error err;

    with_keys(fake);
    fake_http(fake, EC2("eu-west-1"), 200, VOLUMES(CLEAR("vol-1")));
    fake_http(fake, EC2("us-west-2"), 200, VOLUMES(CLEAR("vol-2") CLEAR("vol-3")));
    assert_true(ASK(fake, &told, &err, "assess", "storage", "--services", "ebs", "--region",
                    "eu-west-1,us-west-2"));
    asked_as_in_schema(fake, &told);
    const struct cc_posture_answer *answer = told.answer;
    assert_int_equal(answer->result_count, 2);
    assert_int_equal(answer->whole.counts.non_compliant_resources, 3);
    assert_int_equal(answer->results[1].counts.non_compliant_resources, 2);
    const cJSON *ebs =
        cJSON_GetObjectItem(cJSON_GetObjectItem(told.json, "compliance_by_service"), "ebs");
    assert_int_equal(cJSON_GetObjectItem(ebs, "resources_checked")->valueint, 3);
    assert_non_null(strstr(asked_text(fake, &told), "111122223333 us-west-2\n"));
    assert_non_null(strstr(report(fake, &told, "csv"), "111122223333,us-west-2,,ebs,vol-2,,"
                                                       "arn:aws:ec2:us-west-2:111122223333:"
                                                       "volume/vol-2,non_compliant,high,"
                                                       "ebs.unencrypted,"));
    const char *page = report(fake, &told, "html");
    assert_non_null(strstr(page, "<svg"));
    assert_non_null(strstr(page, "vol-2</td><td class=\"id\">111122223333 us-west-2</td>"));
    assert_non_null(strstr(page, "<li>Turn on EBS encryption by default in each region</li>"));
    const char *sarif = report(fake, &told, "sarif");
    assert_non_null(strstr(sarif, "\"id\":\"ebs/ebs.unencrypted\""));
    assert_non_null(strstr(sarif, "\"level\":\"error\""));
    assert_non_null(strstr(sarif, "\"executionSuccessful\":true"));
}

static void names_from_outside_are_only_text_in_reports(void **state)
{
    struct fake *fake = *state;
    struct asked told;
    struct cc_error err;

    with_keys(fake);
    fake_http(fake, EC2("eu-west-1"), 200, VOLUMES(CLEAR("=1+1&lt;b&gt;x&#x202e;y")));
    assert_true(ASK(fake, &told, &err, "assess", "storage", "--services", "ebs"));
    const char *page = report(fake, &told, "html");
    assert_non_null(strstr(page, "=1+1&lt;b&gt;x"));
    assert_null(strstr(page, "<b>x"));
    assert_non_null(xml_read(&fake->mem, page));
    assert_non_null(strstr(report(fake, &told, "csv"), "\"'=1+1<b>x"));
    assert_null(strstr(asked_text(fake, &told), "\xe2\x80\xae"));
}

static void options_that_do_not_fit_are_refused(void **state)
{
    static const struct {
        const char *option;
        const char *value;
    } rows[] = {{"--services", "cloudfront"}, {"--next-token", "x"}, {"--max-results", "0"}};
    struct fake *fake = *state;

    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        struct asked told;
        struct cc_error err;

        assert_false(ASK(fake, &told, &err, "assess", "storage", rows[i].option, rows[i].value));
        assert_int_equal(err.code, CC_E_USAGE);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FAKE_WORLD(what_offends_is_told_first_and_with_a_remedy),
        IN_FAKE_WORLD(a_limit_of_severity_makes_the_status),
        IN_FAKE_WORLD(a_denied_service_is_named_and_ends_with_status_3),
        IN_FAKE_WORLD(several_regions_are_summed_up),
        IN_FAKE_WORLD(names_from_outside_are_only_text_in_reports),
        IN_FAKE_WORLD(options_that_do_not_fit_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
