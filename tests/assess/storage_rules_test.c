#include "assess_support.h"

#define KEY              "arn:aws:kms:" REGION ":" ACCOUNT ":key/1111aaaa-22bb-33cc-44dd-555555eeeeee"
#define AWS_KEY          "arn:aws:kms:" REGION ":" ACCOUNT ":key/9999aaaa-22bb-33cc-44dd-555555eeeeee"
#define VOLUME(id, rest) "<item><volumeId>" id "</volumeId>" rest "</item>"
#define VOLUMES(items)                                               \
    "<DescribeVolumesResponse xmlns=\"http://ec2.amazonaws.com/doc/" \
    "2016-11-15/\"><volumeSet>" items "</volumeSet></DescribeVolumesResponse>"

static const struct cc_key_alias aliases[] = {
    {"alias/aws/ebs", "9999aaaa-22bb-33cc-44dd-555555eeeeee"},
    {"alias/aws/rds", NULL},
    {"alias/own", "1111aaaa-22bb-33cc-44dd-555555eeeeee"}};
static const struct cc_key_book book = {aliases, CC_COUNT(aliases), true};

static struct cc_site with_keys(struct fake *fake)
{
    struct cc_site site = site_of(fake);

    site.keys = book;
    return site;
}

static void the_manager_of_a_key_is_found_by_the_aliases_of_the_account(void **state)
{
    static const struct cc_key_book unread = {NULL, 0, false};
    static const struct {
        const char *key;
        const struct cc_key_book *book;
        enum cc_key_manager manager;
    } rows[] = {
        {NULL, &book, CC_KEY_AWS_MANAGED},
        {KEY, &book, CC_KEY_CUSTOMER},
        {AWS_KEY, &book, CC_KEY_AWS_MANAGED},
        {"9999aaaa-22bb-33cc-44dd-555555eeeeee", &book, CC_KEY_AWS_MANAGED},
        {KEY, &unread, CC_KEY_UNKNOWN},
        {AWS_KEY, &unread, CC_KEY_UNKNOWN},
        {"alias/aws/s3", &unread, CC_KEY_AWS_MANAGED},
        {"arn:aws:kms:" REGION ":" ACCOUNT ":alias/aws/s3", &unread, CC_KEY_AWS_MANAGED},
        {"arn:aws:kms:" REGION ":" ACCOUNT ":alias/mine", &unread, CC_KEY_CUSTOMER},
        {"arn:aws:kms:" REGION ":444455556666:key/1111aaaa-22bb-33cc-44dd-555555eeeeee", &unread,
         CC_KEY_CUSTOMER},
        {"mrk-1234", &unread, CC_KEY_CUSTOMER},
        {"arn:aws:kms:region:aws:", &book, CC_KEY_UNKNOWN},
        {"arn:", &book, CC_KEY_UNKNOWN},
        {"", &unread, CC_KEY_UNKNOWN},
    };
    struct fake *fake = *state;

    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        const enum cc_key_manager manager =
            cc_key_manager(&fake->run.mem, rows[i].book, ACCOUNT, rows[i].key);

        assert_int_equal(manager, rows[i].manager);
        assert_int_equal(cc_key_is_customers(manager).known, manager != CC_KEY_UNKNOWN);
        assert_int_equal(cc_key_is_customers(manager).value, manager == CC_KEY_CUSTOMER);
    }
}

static void a_volume_with_the_key_of_aws_has_no_customer_managed_key(void **state)
{
    struct fake *fake = *state;
    const struct cc_site site = with_keys(fake);
    struct cc_volumes volumes = {0};

    assert_true(
        page_read(fake,
                  VOLUMES(VOLUME("vol-1", "<encrypted>true</encrypted><kmsKeyId>" KEY "</kmsKeyId>")
                              VOLUME("vol-2", "<encrypted>false</encrypted>")),
                  &cc_volumes_shape, &volumes));
    assert_true(page_read(
        fake,
        VOLUMES(VOLUME("vol-3", "<encrypted>true</encrypted><kmsKeyId>" AWS_KEY "</kmsKeyId>")),
        &cc_volumes_shape, &volumes));
    assert_int_equal(volumes.count, 3);
    struct cc_resource own = cc_judge_volume(&site, &volumes.rows[0]);
    struct cc_resource clear = cc_judge_volume(&site, &volumes.rows[1]);
    struct cc_resource managed = cc_judge_volume(&site, &volumes.rows[2]);
    assert_status(&own, CC_COMPLIANT);
    assert_true(cJSON_IsTrue(check_of(&own, "using_cmk")));
    assert_string_equal(check_of(&own, "kms_key_id")->valuestring, KEY);
    assert_string_equal(own.arn, "arn:aws:ec2:" REGION ":" ACCOUNT ":volume/vol-1");
    assert_status(&clear, CC_NON_COMPLIANT);
    assert_string_equal(clear.rules[0], "ebs.unencrypted");
    assert_true(cJSON_IsFalse(check_of(&clear, "encrypted")));
    assert_true(cJSON_IsFalse(check_of(&clear, "using_cmk")));
    assert_null(check_of(&clear, "kms_key_id"));
    assert_status(&managed, CC_COMPLIANT);
    assert_true(cJSON_IsFalse(check_of(&managed, "using_cmk")));
    assert_string_equal(check_of(&managed, "key_manager")->valuestring, "aws_managed");
    assert_true(has(managed.notes, "managed by AWS"));
}

static void without_the_aliases_it_is_not_known_whose_key_it_is(void **state)
{
    struct fake *fake = *state;
    const struct cc_site site = site_of(fake);
    const struct cc_volume volume = {.id = "vol-1", .encrypted = true, .key = AWS_KEY};
    const struct cc_resource resource = cc_judge_volume(&site, &volume);

    assert_status(&resource, CC_COMPLIANT);
    assert_null(check_of(&resource, "using_cmk"));
    assert_string_equal(check_of(&resource, "key_manager")->valuestring, "unknown");
    assert_true(has(resource.notes, "kms:ListAliases"));
}

static void a_database_is_judged_by_its_storage(void **state)
{
    struct fake *fake = *state;
    const struct cc_site site = with_keys(fake);
    struct cc_databases rows = {0};

    assert_true(page_read(
        fake,
        "<DescribeDBInstancesResult><DBInstances>"
        "<DBInstance><DBInstanceIdentifier>one</DBInstanceIdentifier><Engine>postgres</Engine>"
        "<StorageEncrypted>true</StorageEncrypted><KmsKeyId>" KEY "</KmsKeyId></DBInstance>"
        "<DBInstance><DBInstanceIdentifier>two</DBInstanceIdentifier>"
        "<StorageEncrypted>false</StorageEncrypted></DBInstance>"
        "<DBInstance><DBInstanceIdentifier>three</DBInstanceIdentifier></DBInstance>"
        "</DBInstances></DescribeDBInstancesResult>",
        &cc_databases_shape, &rows));
    assert_int_equal(rows.count, 3);
    struct cc_resource one = cc_judge_database(&site, &rows.rows[0]);
    struct cc_resource two = cc_judge_database(&site, &rows.rows[1]);
    struct cc_resource three = cc_judge_database(&site, &rows.rows[2]);
    assert_status(&one, CC_COMPLIANT);
    assert_string_equal(one.engine, "postgres");
    assert_true(cJSON_IsTrue(check_of(&one, "using_cmk")));
    assert_true(cJSON_IsTrue(check_of(&one, "ssl_check_needed")));
    assert_status(&two, CC_NON_COMPLIANT);
    assert_true(cJSON_IsFalse(check_of(&two, "storage_encrypted")));
    assert_status(&three, CC_COMPLIANCE_UNKNOWN);
    assert_null(check_of(&three, "storage_encrypted"));
}

static void a_file_system_is_judged_by_its_encryption(void **state)
{
    struct fake *fake = *state;
    const struct cc_site site = with_keys(fake);
    struct cc_file_systems rows = {0};

    assert_true(page_read(fake,
                          "{\"FileSystems\":[{\"FileSystemId\":\"fs-1\",\"Encrypted\":true,"
                          "\"KmsKeyId\":\"" KEY "\",\"Name\":\"a\"},"
                          "{\"FileSystemId\":\"fs-2\",\"Encrypted\":false,\"KmsKeyId\":null},"
                          "{\"FileSystemId\":\"fs-3\"}],\"NextMarker\":null}",
                          &cc_file_systems_shape, &rows));
    assert_int_equal(rows.count, 3);
    struct cc_resource one = cc_judge_file_system(&site, &rows.rows[0]);
    struct cc_resource two = cc_judge_file_system(&site, &rows.rows[1]);
    struct cc_resource three = cc_judge_file_system(&site, &rows.rows[2]);
    assert_status(&one, CC_COMPLIANT);
    assert_string_equal(one.name, "a");
    assert_status(&two, CC_NON_COMPLIANT);
    assert_string_equal(two.rules[0], "efs.unencrypted");
    assert_status(&three, CC_COMPLIANCE_UNKNOWN);
}

static void every_engine_of_elasticache_is_judged(void **state)
{
#define CLUSTER(engine, rest)                                                          \
    "<CacheCluster><CacheClusterId>c</CacheClusterId><Engine>" engine "</Engine>" rest \
    "</CacheCluster>"
#define REST    "<AtRestEncryptionEnabled>true</AtRestEncryptionEnabled>"
#define TRANSIT "<TransitEncryptionEnabled>true</TransitEncryptionEnabled>"
    static const struct {
        const char *cluster;
        enum cc_compliance status;
        const char *rule;
        const char *note;
    } rows[] = {
        {CLUSTER("valkey", ""), CC_NON_COMPLIANT, "elasticache.at_rest", "AUTH"},
        {CLUSTER("valkey", REST), CC_NON_COMPLIANT, "elasticache.in_transit", "AUTH"},
        {CLUSTER("valkey", REST TRANSIT), CC_COMPLIANT, NULL, "AUTH"},
        {CLUSTER("redis", TRANSIT), CC_NON_COMPLIANT, "elasticache.at_rest", "AUTH"},
        {CLUSTER("redis", REST TRANSIT "<TransitEncryptionMode>preferred</TransitEncryptionMode>"),
         CC_NON_COMPLIANT, "elasticache.in_transit", "AUTH"},
        {CLUSTER("memcached", ""), CC_NON_COMPLIANT, "elasticache.in_transit", "in memory only"},
        {CLUSTER("memcached", TRANSIT), CC_COMPLIANT, NULL, "in memory only"},
    };
    struct fake *fake = *state;
    const struct cc_site site = site_of(fake);

    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        struct cc_cache_clusters list = {0};

        assert_true(page_read(
            fake, cc_textf(&fake->mem, "<R><CacheClusters>%s</CacheClusters></R>", rows[i].cluster),
            &cc_cache_clusters_shape, &list));
        const struct cc_resource resource = cc_judge_cache_cluster(&site, &list.rows[0]);
        assert_status(&resource, rows[i].status);
        assert_int_equal(rows[i].rule != NULL,
                         has(resource.rules, rows[i].rule ? rows[i].rule : "?"));
        assert_true(has(resource.notes, rows[i].note));
    }
}

static struct cc_resource table_of(struct fake *fake, const char *description)
{
    const struct cc_site site = with_keys(fake);
    struct cc_table table = {0};
    const char *text = cc_textf(&fake->mem, "{\"TableArn\":\"arn:t\"%s}", description);

    assert_true(page_read(fake, text, &cc_table_shape, &table));
    return cc_judge_table(&site, "t", &table, NULL);
}

static void a_table_with_a_key_owned_by_aws_is_encrypted(void **state)
{
    struct fake *fake = *state;
    struct cc_resource owned = table_of(fake, "");
    struct cc_resource off = table_of(fake, ",\"SSEDescription\":{\"Status\":\"DISABLED\"}");
    struct cc_resource own =
        table_of(fake, ",\"SSEDescription\":{\"Status\":\"ENABLED\",\"SSEType\":\"KMS\","
                       "\"KMSMasterKeyArn\":\"" KEY "\"}");
    struct cc_resource managed =
        table_of(fake, ",\"SSEDescription\":{\"Status\":\"ENABLED\",\"SSEType\":\"KMS\","
                       "\"KMSMasterKeyArn\":\"" AWS_KEY "\"}");

    assert_status(&owned, CC_COMPLIANT);
    assert_true(cJSON_IsTrue(check_of(&owned, "encrypted")));
    assert_string_equal(check_of(&owned, "key_manager")->valuestring, "aws_owned");
    assert_true(cJSON_IsFalse(check_of(&owned, "using_cmk")));
    assert_status(&off, CC_COMPLIANT);
    assert_string_equal(check_of(&off, "key_manager")->valuestring, "aws_owned");
    assert_status(&own, CC_COMPLIANT);
    assert_true(cJSON_IsTrue(check_of(&own, "using_cmk")));
    assert_string_equal(check_of(&own, "encryption_type")->valuestring, "KMS");
    assert_string_equal(check_of(&managed, "key_manager")->valuestring, "aws_managed");
}

static void a_table_that_was_not_read_is_unknown(void **state)
{
    struct fake *fake = *state;
    const struct cc_site site = site_of(fake);
    const struct cc_table none = {0};
    const struct cc_resource resource =
        cc_judge_table(&site, "t", &none, "dynamodb:DescribeTable is denied");

    assert_status(&resource, CC_COMPLIANCE_UNKNOWN);
    assert_true(has(resource.unknowns, "dynamodb:DescribeTable"));
    assert_null(check_of(&resource, "key_manager"));
    assert_string_equal(resource.arn, "arn:aws:dynamodb:" REGION ":" ACCOUNT ":table/t");
}

/* --- S3 */

#define ENCRYPTION(rule)                                                                    \
    "<ServerSideEncryptionConfiguration xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">" \
    "<Rule>" rule "</Rule></ServerSideEncryptionConfiguration>"
#define BY(algorithm, rest)                                                               \
    "<ApplyServerSideEncryptionByDefault><SSEAlgorithm>" algorithm "</SSEAlgorithm>" rest \
    "</ApplyServerSideEncryptionByDefault>"
#define ALL_ON                                    \
    {                                             \
        {true, true}, {true, true}, {true, true}, \
        {                                         \
            true, true                            \
        }                                         \
    }

static struct cc_bucket blocked_bucket(void)
{
    return (struct cc_bucket){.name = "b",
                              .region = REGION,
                              .encrypted = {CC_LOOKED_FOUND, NULL},
                              .encryption = {.algorithm = "AES256"},
                              .blocked = {CC_LOOKED_FOUND, NULL},
                              .block = ALL_ON,
                              .account_blocked = {CC_LOOKED_NONE, NULL}};
}

static void the_kinds_of_default_encryption_are_told_apart(void **state)
{
    static const struct {
        const char *page;
        const char *type;
        const char *manager; /* NULL: no key of KMS */
        bool bucket_key;
    } rows[] = {
        {ENCRYPTION(BY("AES256", "")), "AES256", NULL, false},
        {ENCRYPTION(BY("aws:kms", "") "<BucketKeyEnabled>true</BucketKeyEnabled>"), "aws:kms",
         "aws_managed", true},
        {ENCRYPTION(BY("aws:kms", "<KMSMasterKeyID>" KEY "</KMSMasterKeyID>")), "aws:kms",
         "customer", false},
        {ENCRYPTION(BY("aws:kms:dsse", "<KMSMasterKeyID>alias/aws/s3</KMSMasterKeyID>")),
         "aws:kms:dsse", "aws_managed", false},
        {ENCRYPTION(BY("aws:fsx", "")), "aws:fsx", NULL, false},
    };
    struct fake *fake = *state;
    const struct cc_site site = with_keys(fake);

    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        struct cc_bucket bucket = blocked_bucket();

        bucket.encryption = (struct cc_bucket_encryption){0};
        assert_true(page_read(fake, rows[i].page, &cc_bucket_encryption_shape, &bucket.encryption));
        const struct cc_resource resource = cc_judge_bucket(&site, &bucket);
        const cJSON *encryption = check_of(&resource, "default_encryption");
        const cJSON *manager = check_of(&resource, "key_manager");
        assert_status(&resource, CC_COMPLIANT);
        assert_true(cJSON_IsTrue(cJSON_GetObjectItem(encryption, "enabled")));
        assert_string_equal(cJSON_GetObjectItem(encryption, "type")->valuestring, rows[i].type);
        assert_int_equal(manager != NULL, rows[i].manager != NULL);
        assert_true(!manager || strcmp(manager->valuestring, rows[i].manager) == 0);
        assert_int_equal(cJSON_IsTrue(check_of(&resource, "bucket_key_enabled")),
                         rows[i].bucket_key);
    }
}

static void a_bucket_without_a_configuration_has_the_default_of_s3(void **state)
{
    struct fake *fake = *state;
    const struct cc_site site = with_keys(fake);
    struct cc_bucket bucket = blocked_bucket();

    bucket.encrypted.state = CC_LOOKED_NONE;
    bucket.encryption = (struct cc_bucket_encryption){0};
    const struct cc_resource resource = cc_judge_bucket(&site, &bucket);
    assert_status(&resource, CC_COMPLIANT);
    assert_true(has(resource.notes, "older objects can be unencrypted"));
    assert_string_equal(
        cJSON_GetObjectItem(check_of(&resource, "default_encryption"), "type")->valuestring,
        "AES256");
    assert_string_equal(resource.arn, "arn:aws:s3:::b");
}

static void a_denied_encryption_is_unknown_and_no_issue(void **state)
{
    struct fake *fake = *state;
    const struct cc_site site = with_keys(fake);
    struct cc_bucket bucket = blocked_bucket();

    bucket.encrypted =
        (struct cc_looked){CC_LOOKED_UNKNOWN, "s3:GetEncryptionConfiguration is denied"};
    const struct cc_resource resource = cc_judge_bucket(&site, &bucket);
    assert_status(&resource, CC_COMPLIANCE_UNKNOWN);
    assert_true(has(resource.unknowns, "s3:GetEncryptionConfiguration"));
    assert_null(check_of(&resource, "using_cmk"));
}

static void public_access_is_blocked_by_the_bucket_or_by_the_account(void **state)
{
    static const struct cc_public_block all = ALL_ON;
    static const struct cc_public_block half = {
        .block_acls = {true, true}, .ignore_acls = {true, true}, .block_policy = {true, false}};
    static const struct cc_public_block other = {.block_policy = {true, true},
                                                 .restrict_buckets = {true, true}};
    static const struct {
        enum cc_looked_state blocked;
        const struct cc_public_block *block;
        enum cc_looked_state account_blocked;
        const struct cc_public_block *account_block;
        enum cc_compliance status;
    } rows[] = {
        {CC_LOOKED_FOUND, &all, CC_LOOKED_NONE, NULL, CC_COMPLIANT},
        {CC_LOOKED_FOUND, &all, CC_LOOKED_UNKNOWN, NULL, CC_COMPLIANT},
        {CC_LOOKED_NONE, NULL, CC_LOOKED_FOUND, &all, CC_COMPLIANT},
        {CC_LOOKED_UNKNOWN, NULL, CC_LOOKED_FOUND, &all, CC_COMPLIANT},
        {CC_LOOKED_FOUND, &half, CC_LOOKED_FOUND, &other, CC_COMPLIANT},
        {CC_LOOKED_FOUND, &half, CC_LOOKED_NONE, NULL, CC_NON_COMPLIANT},
        {CC_LOOKED_NONE, NULL, CC_LOOKED_NONE, NULL, CC_NON_COMPLIANT},
        {CC_LOOKED_FOUND, &half, CC_LOOKED_UNKNOWN, NULL, CC_COMPLIANCE_UNKNOWN},
        {CC_LOOKED_UNKNOWN, NULL, CC_LOOKED_NONE, NULL, CC_COMPLIANCE_UNKNOWN},
    };
    static const struct cc_public_block nothing = {0};
    struct fake *fake = *state;
    const struct cc_site site = with_keys(fake);

    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        struct cc_bucket bucket = blocked_bucket();

        bucket.blocked.state = rows[i].blocked;
        bucket.blocked.why = "denied";
        bucket.block = rows[i].block ? *rows[i].block : nothing;
        bucket.account_blocked.state = rows[i].account_blocked;
        bucket.account_blocked.why = "denied too";
        bucket.account_block = rows[i].account_block ? *rows[i].account_block : nothing;
        const struct cc_resource resource = cc_judge_bucket(&site, &bucket);
        const cJSON *access = check_of(&resource, "block_public_access");
        assert_status(&resource, rows[i].status);
        assert_int_equal(cJSON_IsTrue(cJSON_GetObjectItem(access, "enabled")),
                         rows[i].status == CC_COMPLIANT);
        assert_int_equal(cJSON_IsNull(cJSON_GetObjectItem(access, "enabled")),
                         rows[i].status == CC_COMPLIANCE_UNKNOWN);
        assert_int_equal(cJSON_IsObject(cJSON_GetObjectItem(access, "configuration")),
                         rows[i].blocked == CC_LOOKED_FOUND);
    }
}

static void answers_of_another_form_are_refused(void **state)
{
    static const struct {
        const char *page;
        const struct cc_shape *shape;
        const char *lacks;
    } rows[] = {
        {"<R/>", &cc_volumes_shape, "volumeSet"},
        {VOLUMES("<item/>"), &cc_volumes_shape, "volumeId"},
        {VOLUMES(VOLUME("v", "")), &cc_volumes_shape, "encrypted"},
        {VOLUMES(VOLUME("v", "<encrypted>maybe</encrypted>")), &cc_volumes_shape, "encrypted"},
        {"{}", &cc_file_systems_shape, "FileSystems"},
        {"{\"FileSystems\":{}}", &cc_file_systems_shape, "FileSystems"},
        {"{\"FileSystems\":[{\"FileSystemId\":7}]}", &cc_file_systems_shape, "FileSystemId"},
        {"{\"TableNames\":[7]}", &cc_table_list_shape, "."},
        {"<R><Buckets><Bucket><Name></Name></Bucket></Buckets></R>", &cc_bucket_list_shape, "Name"},
        {ENCRYPTION(""), &cc_bucket_encryption_shape, "SSEAlgorithm"},
        {"<R><BlockPublicAcls>2</BlockPublicAcls></R>", &cc_public_block_shape, "BlockPublicAcls"},
    };
    struct fake *fake = *state;

    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        void *to = cc_alloc(&fake->run.mem, rows[i].shape->size);

        assert_false(page_read(fake, rows[i].page, rows[i].shape, to));
        assert_int_equal(page_error.code, CC_E_BAD_ANSWER);
        assert_non_null(strstr(page_error.why, rows[i].lacks));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FAKE_WORLD(the_manager_of_a_key_is_found_by_the_aliases_of_the_account),
        IN_FAKE_WORLD(a_volume_with_the_key_of_aws_has_no_customer_managed_key),
        IN_FAKE_WORLD(without_the_aliases_it_is_not_known_whose_key_it_is),
        IN_FAKE_WORLD(a_database_is_judged_by_its_storage),
        IN_FAKE_WORLD(a_file_system_is_judged_by_its_encryption),
        IN_FAKE_WORLD(every_engine_of_elasticache_is_judged),
        IN_FAKE_WORLD(a_table_with_a_key_owned_by_aws_is_encrypted),
        IN_FAKE_WORLD(a_table_that_was_not_read_is_unknown),
        IN_FAKE_WORLD(the_kinds_of_default_encryption_are_told_apart),
        IN_FAKE_WORLD(a_bucket_without_a_configuration_has_the_default_of_s3),
        IN_FAKE_WORLD(a_denied_encryption_is_unknown_and_no_issue),
        IN_FAKE_WORLD(public_access_is_blocked_by_the_bucket_or_by_the_account),
        IN_FAKE_WORLD(answers_of_another_form_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
