#include "credctl/base/text.h"

#include "types.h"

// clang-format off
static const struct cc_shape_field row_fields[] = {
    CC_ROW_AS("Name", TEXT, struct cc_bucket_row, name, NULL, NULL),
    CC_ROW_AS("BucketRegion", TEXT, struct cc_bucket_row, region, NULL, NULL, .rules = CC_OMITTED),
    {0},
};
static const struct cc_shape row_shape = {"bucket_row", row_fields, sizeof(struct cc_bucket_row)};
static const struct cc_shape_field list_fields[] = {
    CC_ROW_LIST_AS("Buckets", struct cc_bucket_list, rows, count, struct cc_bucket_row, &row_shape, NULL, NULL),
    {0},
};
const struct cc_shape cc_bucket_list_shape = {"bucket_list", list_fields, sizeof(struct cc_bucket_list)};

/* A bucket has one rule. */
#define RULE "Rule/"
static const struct cc_shape_field encryption_fields[] = {
    CC_ROW_AS(RULE "ApplyServerSideEncryptionByDefault/SSEAlgorithm", TEXT, struct cc_bucket_encryption, algorithm, NULL, NULL),
    CC_ROW_AS(RULE "ApplyServerSideEncryptionByDefault/KMSMasterKeyID", TEXT, struct cc_bucket_encryption, key, NULL, NULL, .rules = CC_OMITTED),
    CC_ROW_AS(RULE "BucketKeyEnabled", MAYBE_FLAG, struct cc_bucket_encryption, bucket_key, NULL, NULL, .rules = CC_OMITTED),
    {0},
};
const struct cc_shape cc_bucket_encryption_shape = {"bucket_encryption", encryption_fields, sizeof(struct cc_bucket_encryption)};

#define BLOCK(path, member) \
    CC_ROW_AS(path, MAYBE_FLAG, struct cc_public_block, member, NULL, NULL, .rules = CC_OMITTED)
static const struct cc_shape_field block_fields[] = {
    BLOCK("BlockPublicAcls", block_acls),
    BLOCK("IgnorePublicAcls", ignore_acls),
    BLOCK("BlockPublicPolicy", block_policy),
    BLOCK("RestrictPublicBuckets", restrict_buckets),
    {0},
};
const struct cc_shape cc_public_block_shape = {"public_block", block_fields, sizeof(struct cc_public_block)};

struct default_encryption {
    struct cc_maybe_flag enabled;
    const char *type;
};
static const struct cc_shape_field default_fields[] = {
    CC_ROW(MAYBE_FLAG, struct default_encryption, enabled, NULL, "new objects are encrypted"),
    CC_ROW(TEXT, struct default_encryption, type, NULL, "AES256 (SSE-S3), aws:kms or aws:kms:dsse", .rules = CC_NULL),
    {0},
};
static const struct cc_shape default_shape = {"default_encryption", default_fields, sizeof(struct default_encryption)};

struct public_access {
    struct cc_maybe_flag enabled;
    const struct cc_public_block *configuration;
    const struct cc_public_block *account;
};
static const struct cc_shape_field access_fields[] = {
    CC_ROW(MAYBE_FLAG, struct public_access, enabled, NULL, "all four settings are on, in the bucket or in the account"),
    CC_ROW_OBJECT(struct public_access, configuration, struct cc_public_block, &cc_public_block_shape, NULL, "the settings of the bucket", .rules = CC_NULL),
    CC_ROW_OBJECT(struct public_access, account, struct cc_public_block, &cc_public_block_shape, NULL, "the settings of the account", .rules = CC_NULL),
    {0},
};
static const struct cc_shape access_shape = {"block_public_access", access_fields, sizeof(struct public_access)};

struct checks {
    const struct default_encryption *default_encryption;
    struct cc_key_checks key;
    struct cc_maybe_flag bucket_key_enabled;
    const struct public_access *block_public_access;
};
static const struct cc_shape_field checks_fields[] = {
    CC_ROW_OBJECT(struct checks, default_encryption, struct default_encryption, &default_shape, NULL, "what new objects are encrypted with"),
    CC_KEY_ROWS(struct checks),
    CC_ROW(MAYBE_FLAG, struct checks, bucket_key_enabled, NULL, "it uses an S3 Bucket Key for KMS"),
    CC_ROW_OBJECT(struct checks, block_public_access, struct public_access, &access_shape, NULL, "Block Public Access"),
    {0},
};
static const struct cc_shape checks_shape = {"s3", checks_fields, sizeof(struct checks)};
// clang-format on

/* S3 User Guide, "Setting default server-side encryption": since 2023-01-05 every new object is
 * encrypted, with SSE-S3 when nothing else is configured. */
static void judge_encryption(const struct cc_site *site, const struct cc_bucket *bucket,
                             struct cc_resource *resource, struct checks *checks,
                             struct default_encryption *encryption)
{
    struct cc_arena *mem = &site->run->mem;
    const struct cc_bucket_encryption *found = &bucket->encryption;

    checks->key.using_cmk = (struct cc_maybe_flag){true, false};
    encryption->enabled = (struct cc_maybe_flag){true, true};
    encryption->type = "AES256";
    checks->bucket_key_enabled =
        (struct cc_maybe_flag){true, found->bucket_key.known && found->bucket_key.value};
    if (bucket->encrypted.state == CC_LOOKED_UNKNOWN) {
        encryption->type = NULL;
        checks->key.using_cmk = checks->bucket_key_enabled = (struct cc_maybe_flag){0};
        cc_resource_unknown(mem, resource,
                            cc_textf(mem, "its default encryption: %s", bucket->encrypted.why));
    } else if (bucket->encrypted.state == CC_LOOKED_NONE) {
        cc_resource_note(mem, resource,
                         "no default encryption is configured: S3 encrypts new objects with SSE-S3 "
                         "(since 2023-01-05); older objects can be unencrypted");
    } else if (cc_text_starts(found->algorithm, "aws:kms")) {
        encryption->type = found->algorithm;
        checks->key = cc_site_key(site, resource, found->key);
    } else {
        encryption->type = found->algorithm;
        cc_resource_note(mem, resource,
                         "it is encrypted with keys that S3 owns (SSE-S3); a customer managed key "
                         "has a policy, rotation and audit of its own");
    }
}

static bool is_on(struct cc_maybe_flag flag)
{
    return flag.known && flag.value;
}

/* The more restrictive one of bucket and account counts, setting by setting. */
static bool is_blocked(const struct cc_public_block *one, const struct cc_public_block *two)
{
    return (is_on(one->block_acls) || is_on(two->block_acls)) &&
           (is_on(one->ignore_acls) || is_on(two->ignore_acls)) &&
           (is_on(one->block_policy) || is_on(two->block_policy)) &&
           (is_on(one->restrict_buckets) || is_on(two->restrict_buckets));
}

static void judge_access(const struct cc_site *site, const struct cc_bucket *bucket,
                         struct cc_resource *resource, struct public_access *access)
{
    struct cc_arena *mem = &site->run->mem;
    const char *why = bucket->blocked.state == CC_LOOKED_UNKNOWN ? bucket->blocked.why
                      : bucket->account_blocked.state == CC_LOOKED_UNKNOWN
                          ? bucket->account_blocked.why
                          : NULL;

    access->configuration = bucket->blocked.state == CC_LOOKED_FOUND ? &bucket->block : NULL;
    access->account =
        bucket->account_blocked.state == CC_LOOKED_FOUND ? &bucket->account_block : NULL;
    access->enabled = (struct cc_maybe_flag){true, true};
    if (is_blocked(&bucket->block, &bucket->account_block)) {
        return;
    }
    if (why) {
        access->enabled = (struct cc_maybe_flag){0};
        cc_resource_unknown(mem, resource, cc_textf(mem, "its Block Public Access: %s", why));
        return;
    }
    access->enabled.value = false;
    cc_resource_issue(mem, resource, CC_RULE_S3_PUBLIC, NULL);
}

struct cc_resource cc_judge_bucket(const struct cc_site *site, const struct cc_bucket *bucket)
{
    struct cc_arena *mem = &site->run->mem;
    struct cc_resource resource = cc_resource_new(CC_RESOURCE_S3, bucket->region);
    struct default_encryption encryption = {0};
    struct public_access access = {0};
    struct checks checks = {.default_encryption = &encryption, .block_public_access = &access};

    resource.name = bucket->name;
    resource.arn = cc_textf(mem, "arn:%s:s3:::%s", site->partition, bucket->name);
    judge_encryption(site, bucket, &resource, &checks, &encryption);
    judge_access(site, bucket, &resource, &access);
    cc_resource_checks(mem, &resource, &checks_shape, &checks);
    return resource;
}
