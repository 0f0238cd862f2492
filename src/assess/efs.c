#include "credctl/aws/operations.h"

#include "survey.h"

// clang-format off
#define ROW(kind, path, member, ...) \
    CC_ROW_AS(path, kind, struct cc_file_system, member, NULL, NULL, __VA_ARGS__)

static const struct cc_shape_field system_fields[] = {
    ROW(TEXT, "FileSystemId", id),
    ROW(TEXT, "Name", name, .rules = CC_OMITTED),
    ROW(TEXT, "FileSystemArn", arn, .rules = CC_OMITTED),
    ROW(MAYBE_FLAG, "Encrypted", encrypted, .rules = CC_OMITTED),
    ROW(TEXT, "KmsKeyId", key, .rules = CC_OMITTED),
    {0},
};
static const struct cc_shape system_shape = {"file_system", system_fields, sizeof(struct cc_file_system)};
static const struct cc_shape_field systems_fields[] = {
    CC_ROW_LIST_AS("FileSystems", struct cc_file_systems, rows, count, struct cc_file_system, &system_shape, NULL, NULL),
    {0},
};
const struct cc_shape cc_file_systems_shape = {"file_systems", systems_fields, sizeof(struct cc_file_systems)};

struct checks {
    struct cc_maybe_flag encrypted;
    struct cc_key_checks key;
};
static const struct cc_shape_field checks_fields[] = {
    CC_ROW(MAYBE_FLAG, struct checks, encrypted, NULL, "the file system is encrypted"),
    CC_KEY_ROWS(struct checks),
    {0},
};
static const struct cc_shape checks_shape = {"efs", checks_fields, sizeof(struct checks)};
// clang-format on

struct cc_resource cc_judge_file_system(const struct cc_site *site,
                                        const struct cc_file_system *system)
{
    struct cc_arena *mem = &site->run->mem;
    struct cc_resource resource = cc_resource_new(CC_RESOURCE_EFS, site->region);
    struct checks checks = {.encrypted = system->encrypted};

    resource.id = system->id;
    resource.name = system->name;
    resource.arn = system->arn;
    if (!system->encrypted.known) {
        cc_resource_unknown(mem, &resource, "the service does not tell whether it is encrypted");
    } else if (system->encrypted.value) {
        checks.key = cc_site_key(site, &resource, system->key);
    } else {
        checks.key.using_cmk = (struct cc_maybe_flag){true, false};
        cc_resource_issue(mem, &resource, CC_RULE_EFS_CLEAR, NULL);
    }
    cc_resource_checks(mem, &resource, &checks_shape, &checks);
    return resource;
}

static void seen(struct cc_survey *survey, struct cc_survey_question *question)
{
    const struct cc_file_systems *list = question->about;

    (void)cc_survey_looked(survey, question, NULL);
    for (size_t i = 0; i < list->count; i++) {
        cc_survey_key(survey, list->rows[i].key);
    }
}

static void begin(struct cc_survey *survey, struct cc_probing *probing)
{
    struct cc_file_systems *list = cc_alloc(&cc_survey_site(survey)->run->mem, sizeof(*list));
    struct cc_survey_question *question = cc_survey_list(
        survey, probing, &cc_op_efs_describe_file_systems, &cc_file_systems_shape, list);

    question->done = seen;
    question->about = probing->state = list;
}

static void judge(struct cc_survey *survey, struct cc_probing *probing)
{
    const struct cc_file_systems *list = probing->state;

    for (size_t i = 0; i < list->count; i++) {
        cc_survey_add(survey, cc_judge_file_system(cc_survey_site(survey), &list->rows[i]));
    }
}

static const char *const keys[] = {"efs", NULL};
static const struct cc_operation *const operations[] = {&cc_op_efs_describe_file_systems,
                                                        &cc_op_kms_list_aliases, NULL};

const struct cc_probe cc_probe_efs = {
    .name = "efs",
    .keys = keys,
    .operations = operations,
    .begin = begin,
    .judge = judge,
};
