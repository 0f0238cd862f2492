#include "credctl/aws/operations.h"

#include "survey.h"

// clang-format off
#define ROW(kind, path, member, ...) \
    CC_ROW_AS(path, kind, struct cc_database, member, NULL, NULL, __VA_ARGS__)

static const struct cc_shape_field database_fields[] = {
    ROW(TEXT, "DBInstanceIdentifier", id),
    ROW(TEXT, "DBInstanceArn", arn, .rules = CC_OMITTED),
    ROW(TEXT, "Engine", engine, .rules = CC_OMITTED),
    ROW(MAYBE_FLAG, "StorageEncrypted", encrypted, .rules = CC_OMITTED),
    ROW(TEXT, "KmsKeyId", key, .rules = CC_OMITTED),
    {0},
};
static const struct cc_shape database_shape = {"database", database_fields, sizeof(struct cc_database)};
static const struct cc_shape_field databases_fields[] = {
    CC_ROW_LIST_AS("DBInstances", struct cc_databases, rows, count, struct cc_database, &database_shape, NULL, NULL),
    {0},
};
const struct cc_shape cc_databases_shape = {"databases", databases_fields, sizeof(struct cc_databases)};

struct checks {
    struct cc_maybe_flag storage_encrypted;
    struct cc_key_checks key;
    bool ssl_check_needed;
};
static const struct cc_shape_field checks_fields[] = {
    CC_ROW(MAYBE_FLAG, struct checks, storage_encrypted, NULL, "its storage is encrypted"),
    CC_KEY_ROWS(struct checks),
    CC_ROW(FLAG, struct checks, ssl_check_needed, NULL, "whether clients must use TLS is set in its parameter group, which was not read"),
    {0},
};
static const struct cc_shape checks_shape = {"rds", checks_fields, sizeof(struct checks)};
// clang-format on

struct cc_resource cc_judge_database(const struct cc_site *site, const struct cc_database *database)
{
    struct cc_arena *mem = &site->run->mem;
    struct cc_resource resource = cc_resource_new(CC_RESOURCE_RDS, site->region);
    struct checks checks = {.storage_encrypted = database->encrypted, .ssl_check_needed = true};

    resource.id = database->id;
    resource.arn = database->arn;
    resource.engine = database->engine;
    if (!database->encrypted.known) {
        cc_resource_unknown(mem, &resource, "the service does not tell whether it is encrypted");
    } else if (database->encrypted.value) {
        checks.key = cc_site_key(site, &resource, database->key);
    } else {
        checks.key.using_cmk = (struct cc_maybe_flag){true, false};
        cc_resource_issue(mem, &resource, CC_RULE_RDS_CLEAR, NULL);
    }
    cc_resource_checks(mem, &resource, &checks_shape, &checks);
    return resource;
}

static void seen(struct cc_survey *survey, struct cc_survey_question *question)
{
    const struct cc_databases *list = question->about;

    (void)cc_survey_looked(survey, question, NULL);
    for (size_t i = 0; i < list->count; i++) {
        cc_survey_key(survey, list->rows[i].key);
    }
}

static void begin(struct cc_survey *survey, struct cc_probing *probing)
{
    struct cc_databases *list = cc_alloc(&cc_survey_site(survey)->run->mem, sizeof(*list));
    struct cc_survey_question *question = cc_survey_list(
        survey, probing, &cc_op_rds_describe_db_instances, &cc_databases_shape, list);

    question->done = seen;
    question->about = probing->state = list;
}

static void judge(struct cc_survey *survey, struct cc_probing *probing)
{
    const struct cc_databases *list = probing->state;

    for (size_t i = 0; i < list->count; i++) {
        cc_survey_add(survey, cc_judge_database(cc_survey_site(survey), &list->rows[i]));
    }
}

static const char *const keys[] = {"rds", NULL};
static const struct cc_operation *const operations[] = {&cc_op_rds_describe_db_instances,
                                                        &cc_op_kms_list_aliases, NULL};

const struct cc_probe cc_probe_rds = {
    .name = "rds",
    .keys = keys,
    .operations = operations,
    .begin = begin,
    .judge = judge,
};
