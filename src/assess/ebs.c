#include "credctl/aws/operations.h"

#include "survey.h"

// clang-format off
#define ROW(kind, path, member, ...) \
    CC_ROW_AS(path, kind, struct cc_volume, member, NULL, NULL, __VA_ARGS__)

static const struct cc_shape_field volume_fields[] = {
    ROW(TEXT, "volumeId", id),
    ROW(FLAG, "encrypted", encrypted),
    ROW(TEXT, "kmsKeyId", key, .rules = CC_OMITTED),
    ROW(TEXT, "status", state, .rules = CC_OMITTED),
    {0},
};
static const struct cc_shape volume_shape = {"volume", volume_fields, sizeof(struct cc_volume)};
static const struct cc_shape_field volumes_fields[] = {
    CC_ROW_LIST_AS("volumeSet", struct cc_volumes, rows, count, struct cc_volume, &volume_shape, NULL, NULL),
    {0},
};
const struct cc_shape cc_volumes_shape = {"volumes", volumes_fields, sizeof(struct cc_volumes)};

struct checks {
    bool encrypted;
    struct cc_key_checks key;
};
static const struct cc_shape_field checks_fields[] = {
    CC_ROW(FLAG, struct checks, encrypted, NULL, "the volume is encrypted"),
    CC_KEY_ROWS(struct checks),
    {0},
};
static const struct cc_shape checks_shape = {"ebs", checks_fields, sizeof(struct checks)};
// clang-format on

struct cc_resource cc_judge_volume(const struct cc_site *site, const struct cc_volume *volume)
{
    struct cc_arena *mem = &site->run->mem;
    struct cc_resource resource = cc_resource_new(CC_RESOURCE_EBS, site->region);
    struct checks checks = {.encrypted = volume->encrypted, .key.using_cmk = {true, false}};

    resource.id = volume->id;
    resource.arn = cc_site_arn(site, "ec2", cc_textf(mem, "volume/%s", volume->id));
    if (volume->encrypted) {
        checks.key = cc_site_key(site, &resource, volume->key);
    } else {
        cc_resource_issue(mem, &resource, CC_RULE_EBS_CLEAR, NULL);
    }
    cc_resource_checks(mem, &resource, &checks_shape, &checks);
    return resource;
}

static void seen(struct cc_survey *survey, struct cc_survey_question *question)
{
    const struct cc_volumes *list = question->about;

    (void)cc_survey_looked(survey, question, NULL);
    for (size_t i = 0; i < list->count; i++) {
        cc_survey_key(survey, list->rows[i].key);
    }
}

static void begin(struct cc_survey *survey, struct cc_probing *probing)
{
    struct cc_volumes *list = cc_alloc(&cc_survey_site(survey)->run->mem, sizeof(*list));
    struct cc_survey_question *question =
        cc_survey_list(survey, probing, &cc_op_ec2_describe_volumes, &cc_volumes_shape, list);

    question->done = seen;
    question->about = probing->state = list;
}

static void judge(struct cc_survey *survey, struct cc_probing *probing)
{
    const struct cc_volumes *list = probing->state;

    for (size_t i = 0; i < list->count; i++) {
        cc_survey_add(survey, cc_judge_volume(cc_survey_site(survey), &list->rows[i]));
    }
}

static const char *const keys[] = {"ebs", NULL};
static const struct cc_operation *const operations[] = {&cc_op_ec2_describe_volumes,
                                                        &cc_op_kms_list_aliases, NULL};

const struct cc_probe cc_probe_ebs = {
    .name = "ebs",
    .keys = keys,
    .operations = operations,
    .begin = begin,
    .judge = judge,
};
