#include "credctl/aws/arn.h"
#include "credctl/rollout/rollout.h"

// clang-format off
#define KIND(member, ...) CC_ROW(TEXT, struct cc_rollout_kind, member, __VA_ARGS__)

static const struct cc_shape_field kind_fields[] = {
    KIND(kind, "kind", "the kind of template"),
    KIND(about, "makes", "what it makes"),
    {0},
};
static const struct cc_shape kind_shape = {"kind", kind_fields, sizeof(struct cc_rollout_kind)};

#define PARAMETER(kind, name, member, ...) CC_ROW_AS(name, kind, struct cc_rollout_parameter, member, __VA_ARGS__)

static const struct cc_shape_field parameter_fields[] = {
    PARAMETER(TEXT, "name", name, "parameter", "name of the parameter"),
    PARAMETER(TEXT, "type", type, "type", "its CloudFormation type"),
    PARAMETER(TEXT, "default", usual, "default", "its default", .rules = CC_NULL),
    PARAMETER(FLAG, "required", needed, "required", "it must be given"),
    PARAMETER(TEXT, "description", about, "description", "what it is", .rules = CC_NULL),
    {0},
};
static const struct cc_shape parameter_shape = {"parameter", parameter_fields, sizeof(struct cc_rollout_parameter)};

#define TEMPLATE(member, ...) CC_ROW(TEXT, struct cc_rollout_template, member, __VA_ARGS__, .rules = CC_NULL)

static const struct cc_shape_field template_fields[] = {
    TEMPLATE(name, "target", "the target, as the list of targets has it"),
    TEMPLATE(account_id, "account", "the account that it is for", .form = &cc_account_form),
    TEMPLATE(role_arn, "role", "ARN of the role that it makes"),
    TEMPLATE(external_id, "external ID", "external ID that the role asks for"),
    TEMPLATE(file, "file", "the file that was written"),
    CC_ROW_AS("template", TEXT, struct cc_rollout_template, body, NULL, "the template"),
    CC_ROW_LIST(struct cc_rollout_template, parameters, parameter_count, struct cc_rollout_parameter, &parameter_shape, NULL, "parameters that the template has"),
    {0},
};
static const struct cc_shape template_shape = {"template", template_fields, sizeof(struct cc_rollout_template)};

#define ANSWER(member, ...) CC_ROW(TEXT, struct cc_rollout_answer, member, __VA_ARGS__, .rules = CC_NULL)

static const struct cc_shape_field fields[] = {
    ANSWER(kind, "kind", "the kind of template; null with --list"),
    ANSWER(partition, "partition", "partition of the accounts"),
    ANSWER(region, "region", "region of the instructions"),
    ANSWER(capability, "capability", "what CloudFormation asks to be acknowledged"),
    CC_ROW_LIST(struct cc_rollout_answer, kinds, kind_count, struct cc_rollout_kind, &kind_shape, NULL, "all kinds; with --list"),
    CC_ROW_LIST(struct cc_rollout_answer, parameters, parameter_count, struct cc_rollout_parameter, &parameter_shape, NULL, "parameters of the kind; with --show-params"),
    CC_ROW_LIST(struct cc_rollout_answer, templates, template_count, struct cc_rollout_template, &template_shape, NULL, "the templates"),
    ANSWER(index, "index", "the file that lists the target roles, for --targets"),
    ANSWER(instructions, NULL, "how to deploy, check and remove them, in Markdown; with --instructions"),
    ANSWER(instructions_file, "instructions", "the file with the instructions"),
    CC_ROW(TEXTS, struct cc_rollout_answer, warnings, NULL, "what to know before deploying"),
    {0},
};
// clang-format on

const struct cc_shape cc_rollout_answer_shape = {"gen-template", fields,
                                                 sizeof(struct cc_rollout_answer)};
