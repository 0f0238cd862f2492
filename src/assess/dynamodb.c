#include "credctl/base/text.h"

#include "types.h"

// clang-format off
static const struct cc_shape_field name_fields[] = {
    CC_ROW_AS(".", TEXT, struct cc_table_name, name, NULL, NULL), {0}};
static const struct cc_shape name_shape = {"table_name", name_fields, sizeof(struct cc_table_name)};
static const struct cc_shape_field list_fields[] = {
    CC_ROW_LIST_AS("TableNames", struct cc_table_list, rows, count, struct cc_table_name, &name_shape, NULL, NULL),
    {0},
};
const struct cc_shape cc_table_list_shape = {"table_list", list_fields, sizeof(struct cc_table_list)};

#define ROW(path, member, ...) \
    CC_ROW_AS(path, TEXT, struct cc_table, member, NULL, NULL, .rules = CC_OMITTED)
static const struct cc_shape_field table_fields[] = {
    ROW("TableArn", arn),
    ROW("SSEDescription/Status", status),
    ROW("SSEDescription/SSEType", encryption),
    ROW("SSEDescription/KMSMasterKeyArn", key),
    {0},
};
const struct cc_shape cc_table_shape = {"table", table_fields, sizeof(struct cc_table)};

struct checks {
    struct cc_maybe_flag encrypted;
    const char *encryption_type;
    struct cc_key_checks key;
};
static const struct cc_shape_field checks_fields[] = {
    CC_ROW(MAYBE_FLAG, struct checks, encrypted, NULL, "always true: DynamoDB encrypts every table"),
    CC_ROW(TEXT, struct checks, encryption_type, NULL, "KMS, or AWS_OWNED for a key owned by AWS", .rules = CC_NULL),
    CC_KEY_ROWS(struct checks),
    {0},
};
static const struct cc_shape checks_shape = {"dynamodb", checks_fields, sizeof(struct checks)};
// clang-format on

/* DynamoDB Developer Guide, "DynamoDB encryption at rest": it cannot be turned off. Without an SSE
 * description, or with one that is disabled, the key is owned by AWS. */
static bool has_own_key(const struct cc_table *table)
{
    return table->key || (table->status && !cc_text_equal(table->status, "DISABLED") &&
                          !cc_text_equal(table->status, "DISABLING"));
}

struct cc_resource cc_judge_table(const struct cc_site *site, const char *name,
                                  const struct cc_table *table, const char *why)
{
    struct cc_arena *mem = &site->run->mem;
    struct cc_resource resource = cc_resource_new(CC_RESOURCE_DYNAMODB, site->region);
    struct checks checks = {.encrypted = {true, true}};

    resource.name = name;
    resource.arn =
        table->arn ? table->arn : cc_site_arn(site, "dynamodb", cc_textf(mem, "table/%s", name));
    if (why) {
        cc_resource_unknown(mem, &resource, cc_textf(mem, "its key: %s", why));
    } else if (has_own_key(table)) {
        checks.encryption_type = table->encryption ? table->encryption : "KMS";
        checks.key = cc_site_key(site, &resource, table->key);
    } else {
        checks.encryption_type = "AWS_OWNED";
        checks.key = (struct cc_key_checks){.using_cmk = {true, false},
                                            .manager = cc_key_manager_words[CC_KEY_AWS_OWNED]};
        cc_resource_note(mem, &resource,
                         "it is encrypted with a key owned by AWS; a customer managed key has a "
                         "policy, rotation and audit of its own");
    }
    cc_resource_checks(mem, &resource, &checks_shape, &checks);
    return resource;
}
