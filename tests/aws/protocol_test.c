#include "credctl/aws/operations.h"
#include "credctl/aws/wanted.h"
#include "credctl/base/text.h"

#include "support/test.h"

#define GUARDDUTY "https://guardduty.eu-west-1.amazonaws.com"
#define S3        "https://s3.eu-west-1.amazonaws.com"
#define EC2       "https://ec2.eu-west-1.amazonaws.com/"

static const struct cc_keys keys = {.access_key_id = "AKID",
                                    .secret_key = {CANARY},
                                    .session_token = {CANARY "-token"},
                                    .expires = CC_NEVER_EXPIRES};
static struct cc_settings settings;
static char pages[512]; /* what was taken: the JSON, or the name of the element; '|' after each */

static void note(const char *text)
{
    const size_t len = strcspn(text, "\n");
    const size_t had = strlen(pages);

    assert_true(had + len + 2 < sizeof(pages));
    memcpy(pages + had, text, len);
    strcpy(pages + had + len, "|");
}

static bool take(struct cc_run *run, const struct cc_ask *ask, const struct cc_page_of_answer *page,
                 struct cc_error *err)
{
    (void)ask;
    (void)err;
    note(page->json ? cc_json_line(&run->mem, page->json) : page->xml->name);
    return true;
}

static struct cc_ask ask_for(const struct cc_operation *operation, const struct cc_param *params)
{
    settings = (struct cc_settings){.max_attempts = 3};
    pages[0] = '\0';
    return (struct cc_ask){.operation = operation,
                           .settings = &settings,
                           .by = &keys,
                           .region = "eu-west-1",
                           .params = params,
                           .take = take};
}

static void ask_now(struct fake *fake, const struct cc_ask *ask)
{
    struct cc_answer answer;
    struct cc_error err;

    if (!cc_ask_now(&fake->run, ask, &answer, &err)) {
        fail_msg("%s: %s", err.what, err.why);
    }
}

static struct cc_error fails(struct fake *fake, const struct cc_ask *ask)
{
    struct cc_answer answer;
    struct cc_error err = {0};

    assert_false(cc_ask_now(&fake->run, ask, &answer, &err));
    return err;
}

static void rest_json_puts_parameters_into_path_query_and_body(void **state)
{
    static const struct cc_param of_detector[] = {
        {"DetectorId", "ab/../c d"}, {"Ignored", NULL}, {0}};
    static const struct cc_param of_findings[] = {
        {"DetectorId", "d1"},
        {"findingCriteria", "{\"criterion\":{\"severity\":{\"greaterThanOrEqual\":4}}}", true},
        {"sortCriteria", "{\"attributeName\":\"severity\"}", true},
        {0}};
    struct fake *fake = *state;
    struct cc_ask ask = ask_for(&cc_op_guardduty_get_detector, of_detector);

    fake_http_row(fake, (struct fake_exchange){.method = "GET",
                                               .url = GUARDDUTY "/detector/ab%2F..%2Fc%20d",
                                               .status = 200,
                                               .body = "{\"status\":\"ENABLED\"}"});
    ask_now(fake, &ask);
    assert_string_equal(fake->sent[0].body, "");
    assert_null(strstr(fake->sent[0].headers, "Content-Type"));
    assert_non_null(strstr(fake->sent[0].headers, "Accept: application/json\n"));
    assert_non_null(strstr(fake->sent[0].headers, "/eu-west-1/guardduty/aws4_request"));

    ask = ask_for(&cc_op_guardduty_list_findings, of_findings);
    fake_http_row(fake, (struct fake_exchange){.method = "POST",
                                               .url = GUARDDUTY "/detector/d1/findings",
                                               .status = 200,
                                               .body = "{\"findingIds\":[],\"nextToken\":\"\"}"});
    ask_now(fake, &ask);
    assert_string_equal(fake->sent[1].body,
                        "{\"findingCriteria\":{\"criterion\":{\"severity\":{\"greaterThanOrEqual\":"
                        "4}}},\"sortCriteria\":{\"attributeName\":\"severity\"},\"maxResults\":50}"
                        "\n");
    assert_non_null(strstr(fake->sent[1].headers, "Content-Type: application/json\n"));
}

static void a_get_has_its_page_in_the_query(void **state)
{
    struct fake *fake = *state;
    const struct cc_ask ask = ask_for(&cc_op_guardduty_list_detectors, NULL);

    fake_http(fake, GUARDDUTY "/detector?maxResults=50", 200,
              "{\"detectorIds\":[\"a\"],\"nextToken\":\"a+b/=&c\"}");
    fake_http(fake, GUARDDUTY "/detector?maxResults=50&nextToken=a%2Bb%2F%3D%26c", 200,
              "{\"detectorIds\":[\"b\"]}");
    ask_now(fake, &ask);
    assert_string_equal(pages, "{\"detectorIds\":[\"a\"],\"nextToken\":\"a+b/=&c\"}|"
                               "{\"detectorIds\":[\"b\"]}|");
}

static void ec2_is_a_form_with_an_answer_without_a_result(void **state)
{
    static const struct cc_param params[] = {
        {"Filter.1.Name", "status"}, {"Filter.1.Value.1", "in-use"}, {0}};
    struct fake *fake = *state;
    const struct cc_ask ask = ask_for(&cc_op_ec2_describe_volumes, params);

    fake_http(fake, EC2, 200,
              "<DescribeVolumesResponse xmlns=\"http://ec2.amazonaws.com/doc/2016-11-15/\">"
              "<requestId>r</requestId><volumeSet><item><volumeId>vol-1</volumeId></item>"
              "</volumeSet><nextToken>t1</nextToken></DescribeVolumesResponse>");
    fake_http(fake, EC2, 200, "<DescribeVolumesResponse><volumeSet/></DescribeVolumesResponse>");
    ask_now(fake, &ask);
    assert_string_equal(pages, "DescribeVolumesResponse|DescribeVolumesResponse|");
    assert_string_equal(fake->sent[0].body,
                        "Action=DescribeVolumes&Version=2016-11-15&Filter.1.Name=status&"
                        "Filter.1.Value.1=in-use&MaxResults=500");
    assert_string_equal(fake->sent[1].body,
                        "Action=DescribeVolumes&Version=2016-11-15&Filter.1.Name=status&"
                        "Filter.1.Value.1=in-use&MaxResults=500&NextToken=t1");
}

static void each_version_of_json_has_its_content_type_and_target(void **state)
{
    static const struct cc_param check[] = {{"checkId", "c1"}, {"language", "en"}, {0}};
    struct fake *fake = *state;
    struct cc_ask ask = ask_for(&cc_op_dynamodb_list_tables, NULL);

    fake_http(fake, "https://dynamodb.eu-west-1.amazonaws.com/", 200,
              "{\"TableNames\":[\"a\"],\"LastEvaluatedTableName\":\"a\"}");
    fake_http(fake, "https://dynamodb.eu-west-1.amazonaws.com/", 200, "{\"TableNames\":[]}");
    ask_now(fake, &ask);
    assert_non_null(strstr(fake->sent[0].headers, "Content-Type: application/x-amz-json-1.0\n"));
    assert_non_null(strstr(fake->sent[0].headers, "X-Amz-Target: DynamoDB_20120810.ListTables\n"));
    assert_string_equal(fake->sent[0].body, "{\"Limit\":100}\n");
    assert_string_equal(fake->sent[1].body, "{\"Limit\":100,\"ExclusiveStartTableName\":\"a\"}\n");

    ask = ask_for(&cc_op_support_describe_check_result, check);
    fake_http(fake, "https://support.us-east-1.amazonaws.com/", 200, "{\"result\":{}}");
    ask_now(fake, &ask);
    assert_non_null(strstr(fake->sent[2].headers, "Content-Type: application/x-amz-json-1.1\n"));
    assert_non_null(
        strstr(fake->sent[2].headers, "AWSSupport_20130415.DescribeTrustedAdvisorCheckResult\n"));
    assert_non_null(strstr(fake->sent[2].headers, "/us-east-1/support/aws4_request"));
}

static void rest_xml_has_the_root_as_its_answer(void **state)
{
    struct fake *fake = *state;
    const struct cc_ask ask = ask_for(&cc_op_cloudfront_list_distributions, NULL);

    fake_http(fake, "https://cloudfront.amazonaws.com/2020-05-31/distribution?MaxItems=100", 200,
              "<DistributionList><IsTruncated>true</IsTruncated><NextMarker>m1</NextMarker>"
              "<Items/></DistributionList>");
    fake_http(fake,
              "https://cloudfront.amazonaws.com/2020-05-31/distribution?MaxItems=100&Marker=m1",
              200, "<DistributionList><IsTruncated>false</IsTruncated></DistributionList>");
    ask_now(fake, &ask);
    assert_string_equal(pages, "DistributionList|DistributionList|");
    assert_non_null(strstr(fake->sent[0].headers, "/us-east-1/cloudfront/aws4_request"));
}

/* --- S3 */

static void a_bucket_is_in_the_host_or_in_the_path(void **state)
{
    static const struct {
        const char *bucket;
        const char *endpoint; /* configured; or NULL */
        const char *url;
    } rows[] = {
        {"my-logs", NULL, "https://my-logs.s3.eu-west-1.amazonaws.com/?encryption"},
        {"my.logs", NULL, S3 "/my.logs?encryption"},
        {"Old_Bucket", NULL, S3 "/Old_Bucket?encryption"},
        {"-x-", NULL, S3 "/-x-?encryption"},
        {"my-logs", "http://127.0.0.1:5000", "http://127.0.0.1:5000/my-logs?encryption"},
        {"a/b?c#d", NULL, S3 "/a%2Fb%3Fc%23d?encryption"},
    };
    struct fake *fake = *state;

    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        const struct cc_param params[] = {{"Bucket", rows[i].bucket}, {0}};
        const struct cc_ask ask = ask_for(&cc_op_s3_get_bucket_encryption, params);

        settings.given.endpoint_url = rows[i].endpoint;
        fake_http(fake, rows[i].url, 200, "<ServerSideEncryptionConfiguration/>");
        ask_now(fake, &ask);
        assert_non_null(strstr(fake->sent[i].headers, "X-Amz-Content-Sha256: e3b0c442"));
        assert_non_null(strstr(fake->sent[i].headers, "x-amz-content-sha256;"));
    }
}

#define MOVED(code, more) "<Error><Code>" code "</Code><Message>elsewhere</Message>" more "</Error>"

static void a_bucket_is_asked_for_in_the_region_that_s3_names(void **state)
{
    static const struct {
        int status;
        const char *head;
        const char *body;
    } rows[] = {
        {301, "x-amz-bucket-region: us-west-2\r\n", MOVED("PermanentRedirect", "")},
        {400, "", MOVED("AuthorizationHeaderMalformed", "<Region>us-west-2</Region>")},
    };
    static const struct cc_param params[] = {{"Bucket", "my-logs"}, {0}};

    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        struct fake *fake = *state;
        struct cc_answer answer;
        struct cc_error err;
        const struct cc_ask ask = ask_for(&cc_op_s3_get_public_access_block, params);

        fake_http_row(fake,
                      (struct fake_exchange){
                          .url = "https://my-logs.s3.eu-west-1.amazonaws.com/?publicAccessBlock",
                          .status = rows[i].status,
                          .head = rows[i].head,
                          .body = rows[i].body});
        fake_http(fake, "https://my-logs.s3.us-west-2.amazonaws.com/?publicAccessBlock", 200,
                  "<PublicAccessBlockConfiguration/>");
        assert_true(cc_ask_now(&fake->run, &ask, &answer, &err));
        assert_int_equal(answer.attempts, 2);
        assert_non_null(strstr(fake->sent[2 * i + 1].headers, "/us-west-2/s3/aws4_request"));
    }
}

static void a_bucket_that_moves_again_or_nowhere_is_an_error(void **state)
{
    static const struct {
        const char *first;
        const char *second;
    } rows[] = {
        {"x-amz-bucket-region: us-west-2\r\n", "x-amz-bucket-region: eu-west-1\r\n"},
        {"x-amz-bucket-region: evil.example/\r\n", NULL},
        {"x-amz-bucket-region: eu-west-1\r\n", NULL},
    };
    static const struct cc_param params[] = {{"Bucket", "my-logs"}, {0}};

    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        struct fake *fake = *state;
        const struct cc_ask ask = ask_for(&cc_op_s3_get_bucket_location, params);

        fake_http_row(fake, (struct fake_exchange){
                                .url = "https://my-logs.s3.eu-west-1.amazonaws.com/?location",
                                .status = 301,
                                .head = rows[i].first,
                                .body = MOVED("PermanentRedirect", "")});
        if (rows[i].second) {
            fake_http_row(fake, (struct fake_exchange){
                                    .url = "https://my-logs.s3.us-west-2.amazonaws.com/?location",
                                    .status = 301,
                                    .head = rows[i].second,
                                    .body = MOVED("PermanentRedirect", "")});
        }
        assert_int_equal(fails(fake, &ask).code, CC_E_AWS);
    }
}

/* --- limits */

static void a_limit_asks_for_no_more_than_is_wanted(void **state)
{
    struct fake *fake = *state;
    struct cc_ask_end end;
    struct cc_ask ask = ask_for(&cc_op_inspector_list_findings, NULL);

    ask.limit = 102;
    ask.end = &end;
    char first[600] = "{\"nextToken\":\"n1\",\"findings\":[0";
    for (int i = 1; i < 100; i++) {
        strcat(first, ",0");
    }
    strcat(first, "]}");
    ask.take = NULL;
    fake_http(fake, "https://inspector2.eu-west-1.amazonaws.com/findings/list", 200, first);
    fake_http(fake, "https://inspector2.eu-west-1.amazonaws.com/findings/list", 200,
              "{\"nextToken\":\"n2\",\"findings\":[1,2]}");
    ask_now(fake, &ask);
    assert_string_equal(fake->sent[0].body, "{\"maxResults\":100}\n");
    assert_string_equal(fake->sent[1].body, "{\"maxResults\":2,\"nextToken\":\"n1\"}\n");
    assert_int_equal(end.items, 102);
    assert_true(end.more);
    assert_string_equal(end.next, "n2");
}

static void a_page_is_not_smaller_than_the_service_allows(void **state)
{
    struct fake *fake = *state;
    struct cc_ask_end end;
    struct cc_ask ask = ask_for(&cc_op_rds_describe_db_instances, NULL);

    ask.limit = 1;
    ask.end = &end;
    fake_http(fake, "https://rds.eu-west-1.amazonaws.com/", 200,
              "<DescribeDBInstancesResponse><DescribeDBInstancesResult><DBInstances>"
              "<DBInstance/><DBInstance/></DBInstances></DescribeDBInstancesResult>"
              "</DescribeDBInstancesResponse>");
    ask_now(fake, &ask);
    assert_non_null(strstr(fake->sent[0].body, "&MaxRecords=20"));
    assert_int_equal(end.items, 2);
    assert_false(end.more);
    assert_null(end.next);
}

static void an_ask_begins_where_an_earlier_one_ended(void **state)
{
    struct fake *fake = *state;
    struct cc_ask_end end;
    struct cc_ask ask = ask_for(&cc_op_hub_get_findings, NULL);

    ask.start = "n2";
    ask.end = &end;
    fake_http(fake, "https://securityhub.eu-west-1.amazonaws.com/findings", 200,
              "{\"Findings\":[{}]}");
    ask_now(fake, &ask);
    assert_string_equal(fake->sent[0].body, "{\"MaxResults\":100,\"NextToken\":\"n2\"}\n");
    assert_int_equal(end.items, 1);
    assert_false(end.more);
}

static void what_is_left_after_a_failure_begins_at_the_page_that_failed(void **state)
{
    struct fake *fake = *state;
    struct cc_ask_end end;
    struct cc_ask ask = ask_for(&cc_op_hub_get_findings, NULL);

    ask.end = &end;
    fake_http(fake, "https://securityhub.eu-west-1.amazonaws.com/findings", 200,
              "{\"Findings\":[{}],\"NextToken\":\"n1\"}");
    fake_http(fake, "https://securityhub.eu-west-1.amazonaws.com/findings", 400,
              "{\"message\":\"no\"}");
    assert_int_equal(fails(fake, &ask).code, CC_E_BAD_ANSWER);
    assert_int_equal(end.items, 1);
    assert_true(end.more);
    assert_string_equal(end.next, "n1");
}

static void a_marker_that_repeats_the_start_is_refused(void **state)
{
    struct fake *fake = *state;
    struct cc_ask ask = ask_for(&cc_op_hub_get_findings, NULL);

    ask.start = "n1";
    fake_http(fake, "https://securityhub.eu-west-1.amazonaws.com/findings", 200,
              "{\"Findings\":[],\"NextToken\":\"n1\"}");
    assert_int_equal(fails(fake, &ask).code, CC_E_BAD_ANSWER);
}

/* --- hostile */

static void what_is_not_an_answer_of_the_protocol_is_refused(void **state)
{
    static const struct {
        const struct cc_operation *operation;
        const char *url;
        const char *body;
        const char *why;
    } rows[] = {
        {&cc_op_ec2_describe_volumes, EC2, "<html><body/></html>",
         "no usable DescribeVolumesResponse"},
        {&cc_op_ec2_describe_volumes, EC2, "<DescribeVolumesResponse><volumeSet>", "cut off"},
        {&cc_op_ec2_describe_volumes, EC2, "<!DOCTYPE html><html/>", "document type"},
        {&cc_op_s3_list_buckets, S3 "/?max-buckets=1000", "<html></html>", "no usable element"},
        {&cc_op_s3_list_buckets, S3 "/?max-buckets=1000", "", "it is empty"},
        {&cc_op_guardduty_list_detectors, GUARDDUTY "/detector?maxResults=50", "<html></html>",
         "malformed"},
        {&cc_op_guardduty_list_detectors, GUARDDUTY "/detector?maxResults=50",
         "{\"detectorIds\":[\"a\"", "cut off"},
        {&cc_op_guardduty_list_detectors, GUARDDUTY "/detector?maxResults=50", "\"text\"",
         "no usable object"},
    };

    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        struct fake *fake = *state;
        const struct cc_ask ask = ask_for(rows[i].operation, NULL);

        fake_http(fake, rows[i].url, 200, rows[i].body);
        const struct cc_error err = fails(fake, &ask);
        assert_int_equal(err.code, CC_E_BAD_ANSWER);
        assert_non_null(strstr(err.why, rows[i].why));
    }
}

static void a_value_that_cannot_be_in_a_path_is_not_sent(void **state)
{
    static const char *const bad[] = {"", ".", ".."};
    struct fake *fake = *state;

    for (size_t i = 0; i < CC_COUNT(bad); i++) {
        const struct cc_param params[] = {{"DetectorId", bad[i]}, {0}};
        const struct cc_ask ask = ask_for(&cc_op_guardduty_get_detector, params);
        const struct cc_error err = fails(fake, &ask);

        assert_int_equal(err.code, CC_E_BAD_ANSWER);
        assert_string_equal(err.why, "its DetectorId is not usable in a URL");
    }
    const struct cc_ask without = ask_for(&cc_op_guardduty_get_detector, NULL);
    assert_int_equal(fails(fake, &without).code, CC_E_BAD_ANSWER);
    assert_int_equal(fake->sent_count, 0);
}

static void what_is_too_long_for_a_url_is_refused(void **state)
{
    struct fake *fake = *state;
    char *token = cc_alloc(&fake->mem, 20000);
    struct cc_ask ask = ask_for(&cc_op_guardduty_list_detectors, NULL);

    memset(token, 'x', 19999);
    ask.start = token;
    const struct cc_error err = fails(fake, &ask);
    assert_int_equal(err.code, CC_E_TOO_BIG);
    assert_non_null(strstr(err.why, "16 KiB"));
}

static void pages_together_have_a_limit(void **state)
{
    struct fake *fake = *state;
    const struct cc_ask first = ask_for(&cc_op_hub_get_findings, NULL);
    struct cc_ask ask = first;
    const size_t len = (size_t)7 << 20;
    char *odd = cc_alloc(&fake->mem, len + 100);
    char *even = cc_alloc(&fake->mem, len + 100);

    ask.take = NULL;
    memset(odd, ' ', len);
    memset(even, ' ', len);
    strcpy(odd + len, "{\"NextToken\":\"odd\"}");
    strcpy(even + len, "{\"NextToken\":\"even\"}");
    for (int i = 0; i < 10; i++) {
        fake_http(fake, "https://securityhub.eu-west-1.amazonaws.com/findings", 200,
                  i % 2 ? odd : even);
    }
    const struct cc_error err = fails(fake, &ask);
    assert_int_equal(err.code, CC_E_TOO_BIG);
    assert_non_null(strstr(err.why, "10 pages and 70 MiB"));
}

static void a_service_that_is_not_in_the_partition_is_not_asked(void **state)
{
    struct fake *fake = *state;
    struct cc_ask ask = ask_for(&cc_op_cloudfront_list_distributions, NULL);

    ask.region = "us-gov-west-1";
    const struct cc_error err = fails(fake, &ask);
    assert_int_equal(err.code, CC_E_NOT_OFFERED);
    assert_string_equal(err.what, "CLOUDFRONT is not offered in us-gov-west-1");
    assert_int_equal(fake->sent_count, 0);
    settings.given.endpoint_url = "http://127.0.0.1:5000";
    fake_http(fake, "http://127.0.0.1:5000/2020-05-31/distribution?MaxItems=100", 200,
              "<DistributionList/>");
    ask_now(fake, &ask);
    assert_non_null(strstr(fake->sent[0].headers, "/us-gov-west-1/cloudfront/aws4_request"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FAKE_WORLD(rest_json_puts_parameters_into_path_query_and_body),
        IN_FAKE_WORLD(a_get_has_its_page_in_the_query),
        IN_FAKE_WORLD(ec2_is_a_form_with_an_answer_without_a_result),
        IN_FAKE_WORLD(each_version_of_json_has_its_content_type_and_target),
        IN_FAKE_WORLD(rest_xml_has_the_root_as_its_answer),
        IN_FAKE_WORLD(a_bucket_is_in_the_host_or_in_the_path),
        IN_FAKE_WORLD(a_bucket_is_asked_for_in_the_region_that_s3_names),
        IN_FAKE_WORLD(a_bucket_that_moves_again_or_nowhere_is_an_error),
        IN_FAKE_WORLD(a_limit_asks_for_no_more_than_is_wanted),
        IN_FAKE_WORLD(a_page_is_not_smaller_than_the_service_allows),
        IN_FAKE_WORLD(an_ask_begins_where_an_earlier_one_ended),
        IN_FAKE_WORLD(what_is_left_after_a_failure_begins_at_the_page_that_failed),
        IN_FAKE_WORLD(a_marker_that_repeats_the_start_is_refused),
        IN_FAKE_WORLD(what_is_not_an_answer_of_the_protocol_is_refused),
        IN_FAKE_WORLD(a_value_that_cannot_be_in_a_path_is_not_sent),
        IN_FAKE_WORLD(what_is_too_long_for_a_url_is_refused),
        IN_FAKE_WORLD(pages_together_have_a_limit),
        IN_FAKE_WORLD(a_service_that_is_not_in_the_partition_is_not_asked),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
