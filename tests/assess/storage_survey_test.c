#include "survey_support.h"

#define S3_ERROR(code) "<Error><Code>" code "</Code><Message>no</Message></Error>"
#define KEY            "1111aaaa-22bb-33cc-44dd-555555eeeeee"

#define VOLUMES(items) \
    "<DescribeVolumesResponse><volumeSet>" items "</volumeSet></DescribeVolumesResponse>"
#define VOLUME(id, key)                                                                         \
    "<item><volumeId>" id "</volumeId><encrypted>true</encrypted><kmsKeyId>arn:aws:kms:" REGION \
    ":" ACCOUNT ":key/" key "</kmsKeyId></item>"
#define TABLE                                                            \
    "{\"Table\":{\"TableArn\":\"arn:t\",\"SSEDescription\":{\"Status\":" \
    "\"ENABLED\",\"SSEType\":\"KMS\",\"KMSMasterKeyArn\":"               \
    "\"arn:aws:kms:" REGION ":" ACCOUNT ":key/" KEY "\"}}}"

static const char *const ebs_only[] = {"ebs", NULL};

static void the_aliases_are_read_once_for_all_keys(void **state)
{
    static const char *const services[] = {"ebs", "dynamodb", NULL};
    struct fake *fake = *state;

    answer(fake, HOST("ec2"), "Action=DescribeVolumes",
           VOLUMES(VOLUME("vol-1", KEY) VOLUME("vol-2", "9999")));
    answer(fake, HOST("dynamodb"), ".ListTables", "{\"TableNames\":[\"one\",\"two\"]}");
    answer(fake, HOST("dynamodb"), "\"one\"", TABLE);
    answer(fake, HOST("dynamodb"), "\"two\"", "{\"Table\":{\"TableArn\":\"arn:two\"}}");
    answer(fake, HOST("kms"), "TrentService.ListAliases",
           "{\"Aliases\":[{\"AliasName\":\"alias/aws/ebs\",\"TargetKeyId\":\"9999\"},"
           "{\"AliasName\":\"alias/aws/s3\"}],\"Truncated\":false}");
    const struct cc_posture_result result = survey_with(fake, &cc_assess_storage, services);
    assert_int_equal(fake->sent_count, 5);
    assert_int_equal(result.error_count, 0);
    assert_int_equal(result.counts.resources_checked, 4);
    assert_int_equal(result.counts.compliant_resources, 4);
    assert_string_equal(result.services_checked[0], "ebs");
    assert_string_equal(result.services_checked[1], "dynamodb");
    assert_string_equal(
        cJSON_GetObjectItem(named(&result, "vol-1")->checks, "key_manager")->valuestring,
        "customer");
    assert_string_equal(
        cJSON_GetObjectItem(named(&result, "vol-2")->checks, "key_manager")->valuestring,
        "aws_managed");
    assert_string_equal(
        cJSON_GetObjectItem(named(&result, "two")->checks, "key_manager")->valuestring,
        "aws_owned");
    assert_int_equal(counted(&result, "ebs", "resources_checked"), 2);
    assert_int_equal(counted(&result, "dynamodb", "compliant_resources"), 2);
}

static void aliases_are_not_read_when_nothing_depends_on_them(void **state)
{
    struct fake *fake = *state;

    answer(fake, HOST("ec2"), "Action=DescribeVolumes",
           VOLUMES("<item><volumeId>vol-1</volumeId><encrypted>false</encrypted></item>"));
    const struct cc_posture_result result = survey_with(fake, &cc_assess_storage, ebs_only);
    assert_int_equal(fake->sent_count, 1);
    assert_int_equal(result.counts.non_compliant_resources, 1);
}

static void denied_aliases_leave_the_resources_judged(void **state)
{
    struct fake *fake = *state;

    answer(fake, HOST("ec2"), "Action=DescribeVolumes", VOLUMES(VOLUME("vol-1", KEY)));
    refuse(fake, HOST("kms"), NULL, "{\"__type\":\"AccessDeniedException\"}");
    const struct cc_posture_result result = survey_with(fake, &cc_assess_storage, ebs_only);
    assert_int_equal(result.counts.compliant_resources, 1);
    assert_int_equal(result.error_count, 1);
    assert_string_equal(result.errors[0].service, "kms");
    assert_string_equal(result.errors[0].unread.missing_permission, "kms:ListAliases");
}

static void one_denied_list_does_not_stop_the_other_services(void **state)
{
    static const char *const services[] = {"ebs", "rds", "efs", NULL};
    struct fake *fake = *state;

    answer(fake, HOST("ec2"), NULL,
           VOLUMES("<item><volumeId>vol-1</volumeId><encrypted>false</encrypted></item>"));
    refuse(fake, HOST("rds"), NULL, XML_ERROR("AccessDenied", "User is not authorized"));
    answer(fake, HOST("elasticfilesystem") "2015-02-01/file-systems?MaxItems=100", NULL,
           "{\"FileSystems\":[]}");
    const struct cc_posture_result result = survey_with(fake, &cc_assess_storage, services);
    assert_int_equal(result.counts.resources_checked, 1);
    assert_int_equal(result.error_count, 1);
    assert_string_equal(result.errors[0].service, "rds");
    assert_string_equal(result.errors[0].unread.operation, "DescribeDBInstances");
    assert_string_equal(result.errors[0].unread.code, "denied");
    assert_string_equal(result.errors[0].unread.missing_permission, "rds:DescribeDBInstances");
    assert_int_equal(counted(&result, "rds", "resources_checked"), 0);
    assert_int_equal(counted(&result, "efs", "resources_checked"), 0);
}

static void rows_before_a_page_that_fails_are_kept(void **state)
{
    struct fake *fake = *state;

    answer(fake, HOST("ec2"), "Action=DescribeVolumes",
           "<DescribeVolumesResponse><volumeSet><item><volumeId>vol-1</volumeId>"
           "<encrypted>false</encrypted></item></volumeSet><nextToken>n</nextToken>"
           "</DescribeVolumesResponse>");
    refuse(fake, HOST("ec2"), "NextToken=n", XML_ERROR("RequestLimitExceeded", "slow"));
    const struct cc_posture_result result = survey_with(fake, &cc_assess_storage, ebs_only);
    assert_int_equal(result.counts.resources_checked, 1);
    assert_int_equal(result.error_count, 1);
    assert_string_equal(result.errors[0].unread.code, "throttled");
}

static void what_has_no_time_left_counts_as_the_deadline(void **state)
{
    struct fake *fake = *state;

    fake->ticks = 2000;
    fake->run.deadline_ms = 1000;
    const struct cc_posture_result result = survey_with(fake, &cc_assess_storage, NULL);
    assert_int_equal(result.counts.resources_checked, 0);
    assert_true(result.head.partial);
    assert_int_equal(result.error_count, 7);
    for (size_t i = 0; i < result.error_count; i++) {
        assert_string_equal(result.errors[i].unread.code, "deadline");
        assert_null(result.errors[i].unread.missing_permission);
    }
}

/* --- S3 */

static const char *const s3_only[] = {"s3", NULL};
#define BUCKETS(rows) "<ListAllMyBucketsResult><Buckets>" rows "</Buckets></ListAllMyBucketsResult>"
#define BUCKET(name, region) \
    "<Bucket><Name>" name "</Name><BucketRegion>" region "</BucketRegion></Bucket>"
#define LIST_BUCKETS   HOST("s3") "?bucket-region=" REGION "&max-buckets=1000"
#define OF(name, what) "https://" name ".s3." REGION ".amazonaws.com/?" what
#define ALL_BLOCKED                                                                        \
    "<PublicAccessBlockConfiguration><BlockPublicAcls>true</BlockPublicAcls>"              \
    "<IgnorePublicAcls>true</IgnorePublicAcls><BlockPublicPolicy>true</BlockPublicPolicy>" \
    "<RestrictPublicBuckets>true</RestrictPublicBuckets></PublicAccessBlockConfiguration>"
#define SSE_S3                                                                        \
    "<ServerSideEncryptionConfiguration><Rule><ApplyServerSideEncryptionByDefault>"   \
    "<SSEAlgorithm>AES256</SSEAlgorithm></ApplyServerSideEncryptionByDefault></Rule>" \
    "</ServerSideEncryptionConfiguration>"

#define ACCOUNT_BLOCK                                                                  \
    "https://" ACCOUNT ".s3-control." REGION ".amazonaws.com/v20180820/configuration/" \
    "publicAccessBlock"

static void no_account_block(struct fake *fake)
{
    fake_http(fake, ACCOUNT_BLOCK, 404, S3_ERROR("NoSuchPublicAccessBlockConfiguration"));
}

static void the_settings_of_the_account_count_for_its_buckets(void **state)
{
    struct fake *fake = *state;

    answer(fake, LIST_BUCKETS, NULL, BUCKETS(BUCKET("one", REGION)));
    answer(fake, ACCOUNT_BLOCK, NULL, ALL_BLOCKED);
    answer(fake, OF("one", "encryption"), NULL, SSE_S3);
    fake_http(fake, OF("one", "publicAccessBlock"), 404,
              S3_ERROR("NoSuchPublicAccessBlockConfiguration"));
    const struct cc_posture_result result = survey_with(fake, &cc_assess_storage, s3_only);
    assert_int_equal(named(&result, "one")->status, CC_COMPLIANT);
}

static void settings_of_the_account_that_are_denied_leave_it_open(void **state)
{
    struct fake *fake = *state;

    answer(fake, LIST_BUCKETS, NULL, BUCKETS(BUCKET("one", REGION)));
    refuse(fake, ACCOUNT_BLOCK, NULL, S3_ERROR("AccessDenied"));
    answer(fake, OF("one", "encryption"), NULL, SSE_S3);
    fake_http(fake, OF("one", "publicAccessBlock"), 404,
              S3_ERROR("NoSuchPublicAccessBlockConfiguration"));
    const struct cc_posture_result result = survey_with(fake, &cc_assess_storage, s3_only);
    assert_int_equal(named(&result, "one")->status, CC_COMPLIANCE_UNKNOWN);
    assert_string_equal(result.errors[0].unread.missing_permission,
                        "s3:GetAccountPublicAccessBlock");
}

static void buckets_are_found_by_listing_them(void **state)
{
    struct fake *fake = *state;

    no_account_block(fake);
    answer(fake, LIST_BUCKETS, NULL,
           BUCKETS(BUCKET("one", REGION) BUCKET("two", "us-west-2") BUCKET("three", REGION)));
    answer(fake, OF("one", "encryption"), NULL, SSE_S3);
    answer(fake, OF("one", "publicAccessBlock"), NULL, ALL_BLOCKED);
    refuse(fake, OF("three", "encryption"), NULL, S3_ERROR("AccessDenied"));
    fake_http(fake, OF("three", "publicAccessBlock"), 404,
              S3_ERROR("NoSuchPublicAccessBlockConfiguration"));
    const struct cc_posture_result result = survey_with(fake, &cc_assess_storage, s3_only);
    assert_int_equal(result.counts.resources_checked, 2);
    assert_int_equal(named(&result, "one")->status, CC_COMPLIANT);
    const struct cc_resource *three = named(&result, "three");
    assert_non_null(strstr(three->unknowns[0], "s3:GetEncryptionConfiguration is denied"));
    for (const char *const *code = three->rules; code && *code; code++) {
        assert_null(strstr(*code, "encrypt"));
    }
    assert_int_equal(result.error_count, 1);
    assert_string_equal(result.errors[0].unread.missing_permission,
                        "s3:GetEncryptionConfiguration");
}

static void the_location_is_asked_for_only_when_s3_does_not_tell_it(void **state)
{
#define BARE(name) "<Bucket><Name>" name "</Name></Bucket>"
#define AT(region) "<LocationConstraint>" region "</LocationConstraint>"
    struct fake *fake = *state;

    no_account_block(fake);
    answer(fake, LIST_BUCKETS, NULL,
           BUCKETS(BARE("here") BARE("there") BARE("old") BARE("gone") BARE("closed")));
    answer(fake, OF("here", "location"), NULL, AT(REGION));
    answer(fake, OF("there", "location"), NULL, AT(""));
    answer(fake, OF("old", "location"), NULL, AT("EU"));
    fake_http(fake, OF("gone", "location"), 404, S3_ERROR("NoSuchBucket"));
    refuse(fake, OF("closed", "location"), NULL, S3_ERROR("AccessDenied"));
    answer(fake, OF("here", "encryption"), NULL, SSE_S3);
    answer(fake, OF("here", "publicAccessBlock"), NULL, ALL_BLOCKED);
    const struct cc_posture_result result = survey_with(fake, &cc_assess_storage, s3_only);
    assert_int_equal(result.counts.resources_checked, 2);
    assert_int_equal(named(&result, "here")->status, CC_COMPLIANT);
    assert_int_equal(named(&result, "closed")->status, CC_COMPLIANCE_UNKNOWN);
    assert_string_equal(result.errors[0].unread.missing_permission, "s3:GetBucketLocation");
}

static void a_bucket_that_is_deleted_meanwhile_is_left_out(void **state)
{
    struct fake *fake = *state;

    no_account_block(fake);
    answer(fake, LIST_BUCKETS, NULL, BUCKETS(BUCKET("one", REGION)));
    fake_http(fake, OF("one", "encryption"), 404, S3_ERROR("NoSuchBucket"));
    fake_http(fake, OF("one", "publicAccessBlock"), 404, S3_ERROR("NoSuchBucket"));
    const struct cc_posture_result result = survey_with(fake, &cc_assess_storage, s3_only);
    assert_int_equal(result.counts.resources_checked, 0);
    assert_int_equal(result.error_count, 0);
}

/* --- the whole */

static void advice_comes_once_for_each_rule_and_the_worst_first(void **state)
{
    struct fake *fake = *state;
    struct cc_resource rows[3] = {cc_resource_new(CC_RESOURCE_EBS, REGION),
                                  cc_resource_new(CC_RESOURCE_EBS, REGION),
                                  cc_resource_new(CC_RESOURCE_SECURITY_GROUP, REGION)};

    cc_resource_issue(&fake->run.mem, &rows[0], CC_RULE_EBS_CLEAR, NULL);
    cc_resource_issue(&fake->run.mem, &rows[1], CC_RULE_EBS_CLEAR, NULL);
    cc_resource_issue(&fake->run.mem, &rows[2], CC_RULE_GROUP_OPEN_ALL, NULL);
    const char *const *advice = cc_posture_advice(&fake->run.mem, rows, 3);
    assert_string_equal(advice[0], cc_rule_rows[CC_RULE_GROUP_OPEN_ALL].advice);
    assert_string_equal(advice[1], cc_rule_rows[CC_RULE_EBS_CLEAR].advice);
    assert_null(advice[2]);
}

#define CLEAR(id) "<item><volumeId>" id "</volumeId><encrypted>false</encrypted></item>"

static struct cc_posture_result four_volumes(struct fake *fake)
{
    answer(
        fake, HOST("ec2"), "Action=DescribeVolumes",
        VOLUMES(
            CLEAR("vol-3")
                CLEAR("vol-1") "<item><volumeId>vol-2</volumeId><encrypted>true</encrypted></item>" CLEAR(
                    "vol-4")));
    return survey_of(fake, &cc_assess_storage);
}

static void resources_are_told_in_pages(void **state)
{
    struct fake *fake = *state;

    begin_place(fake, ebs_only);
    options.max_results = 2;
    const struct cc_posture_result first = four_volumes(fake);
    assert_int_equal(first.counts.resources_checked, 4);
    assert_int_equal(first.detail_count, 2);
    assert_string_equal(first.resource_details[0].id, "vol-1");
    assert_true(first.truncated);
    options.next_token = first.next_token;
    const struct cc_posture_result second = four_volumes(fake);
    assert_int_equal(second.detail_count, 2);
    assert_string_equal(second.resource_details[0].id, "vol-3");
    assert_false(second.truncated);
    assert_null(second.next_token);
}

static void only_what_offends_is_told_and_all_is_counted(void **state)
{
    struct fake *fake = *state;

    begin_place(fake, ebs_only);
    options.only_offending = true;
    options.max_results = 3;
    const struct cc_posture_result result = four_volumes(fake);
    assert_int_equal(result.counts.compliant_resources, 1);
    assert_int_equal(result.detail_count, 3);
    assert_false(result.truncated);
    assert_int_equal(result.head.worst, CC_SEVERITY_HIGH);
    assert_false(result.head.partial);
}

static void a_token_of_another_kind_is_refused(void **state)
{
    static const char *const tokens[] = {"x", "!!", "", "ZWJz", "bm9uZSB2b2wtMQ"};
    struct fake *fake = *state;

    for (size_t i = 0; i < CC_COUNT(tokens); i++) {
        const struct cc_posture_options given = {.next_token = tokens[i]};
        struct cc_posture_answer told;
        struct cc_error err;

        assert_false(cc_posture(&fake->run, &cc_assess_storage, &given, &told, &err));
        assert_int_equal(err.code, CC_E_USAGE);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FAKE_WORLD(the_aliases_are_read_once_for_all_keys),
        IN_FAKE_WORLD(aliases_are_not_read_when_nothing_depends_on_them),
        IN_FAKE_WORLD(denied_aliases_leave_the_resources_judged),
        IN_FAKE_WORLD(one_denied_list_does_not_stop_the_other_services),
        IN_FAKE_WORLD(rows_before_a_page_that_fails_are_kept),
        IN_FAKE_WORLD(what_has_no_time_left_counts_as_the_deadline),
        IN_FAKE_WORLD(the_settings_of_the_account_count_for_its_buckets),
        IN_FAKE_WORLD(settings_of_the_account_that_are_denied_leave_it_open),
        IN_FAKE_WORLD(buckets_are_found_by_listing_them),
        IN_FAKE_WORLD(the_location_is_asked_for_only_when_s3_does_not_tell_it),
        IN_FAKE_WORLD(a_bucket_that_is_deleted_meanwhile_is_left_out),
        IN_FAKE_WORLD(advice_comes_once_for_each_rule_and_the_worst_first),
        IN_FAKE_WORLD(resources_are_told_in_pages),
        IN_FAKE_WORLD(only_what_offends_is_told_and_all_is_counted),
        IN_FAKE_WORLD(a_token_of_another_kind_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
