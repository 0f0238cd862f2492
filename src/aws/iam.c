#include "credctl/aws/iam.h"

#include "credctl/aws/operations.h"

/* --- roles and users */

// clang-format off
#define ROW(kind, path, member, ...) \
    CC_ROW_AS(path, kind, struct cc_iam_entity, member, NULL, NULL, __VA_ARGS__)

static const struct cc_shape_field role_fields[] = {
    ROW(TEXT, "Arn", arn),
    ROW(TEXT, "RoleId", id),
    ROW(TEXT, "Path", path),
    ROW(TEXT, "RoleName", name),
    ROW(TEXT, "PermissionsBoundary/PermissionsBoundaryArn", boundary, .rules = CC_OMITTED),
    ROW(TEXT, "AssumeRolePolicyDocument", trust, .form = &cc_aws_document_form),
    ROW(NUMBER, "MaxSessionDuration", max_session, .rules = CC_OMITTED),
    {0},
};
static const struct cc_shape_field user_fields[] = {
    ROW(TEXT, "Arn", arn),
    ROW(TEXT, "UserId", id),
    ROW(TEXT, "Path", path),
    ROW(TEXT, "UserName", name),
    ROW(TEXT, "PermissionsBoundary/PermissionsBoundaryArn", boundary, .rules = CC_OMITTED),
    {0},
};
#undef ROW
// clang-format on
static const struct cc_shape role_shape = {"role", role_fields, sizeof(struct cc_iam_entity)};
static const struct cc_shape user_shape = {"user", user_fields, sizeof(struct cc_iam_entity)};

static const struct cc_shape_field roles_fields[] = {
    CC_ROW_LIST_AS("Roles", struct cc_iam_entities, rows, count, struct cc_iam_entity, &role_shape,
                   NULL, NULL),
    {0},
};
static const struct cc_shape roles_shape = {"roles", roles_fields, sizeof(struct cc_iam_entities)};

/* The same questions about each kind. */
static const struct {
    const char *param; /* with its name */
    const char *place; /* of the entity in the answer */
    const struct cc_operation *get;
    const struct cc_shape *shape;
    const struct cc_operation *list_inline;
    const struct cc_operation *list_attached;
    const struct cc_operation *get_inline;
} kinds[] = {
    [CC_IAM_ROLE] = {"RoleName", "Role", &cc_op_iam_get_role, &role_shape,
                     &cc_op_iam_list_role_policies, &cc_op_iam_list_attached_role_policies,
                     &cc_op_iam_get_role_policy},
    [CC_IAM_USER] = {"UserName", "User", &cc_op_iam_get_user, &user_shape,
                     &cc_op_iam_list_user_policies, &cc_op_iam_list_attached_user_policies,
                     &cc_op_iam_get_user_policy},
    [CC_IAM_GROUP] = {.param = "GroupName",
                      .list_inline = &cc_op_iam_list_group_policies,
                      .list_attached = &cc_op_iam_list_attached_group_policies,
                      .get_inline = &cc_op_iam_get_group_policy},
};

/* An ask with one parameter, or with two. */
static void ask_with(struct cc_run *run, struct cc_ask *ask, const struct cc_operation *operation,
                     struct cc_param one, struct cc_param two)
{
    const struct cc_param params[] = {one, two, {0}};

    cc_ask_for(run, ask, operation, params);
}

static struct cc_param name_of(const struct cc_iam_owner *owner)
{
    return (struct cc_param){kinds[owner->kind].param, owner->name};
}

static const struct cc_param none = {0};

void cc_iam_entity(struct cc_run *run, struct cc_ask *ask, const struct cc_iam_owner *owner,
                   struct cc_iam_entity *to)
{
    ask_with(run, ask, kinds[owner->kind].get, name_of(owner), none);
    cc_ask_want(run, ask, kinds[owner->kind].place, kinds[owner->kind].shape, to);
}

void cc_iam_roles(struct cc_run *run, struct cc_ask *ask, const char *path,
                  struct cc_iam_entities *to)
{
    ask_with(run, ask, &cc_op_iam_list_roles, (struct cc_param){"PathPrefix", path}, none);
    cc_ask_want(run, ask, ".", &roles_shape, to);
}

/* --- lists of policies and groups */

// clang-format off
#define ROW(path, member, ...) \
    CC_ROW_AS(path, TEXT, struct cc_iam_named, member, NULL, NULL, __VA_ARGS__)
#define LIST(path, shape) \
    CC_ROW_LIST_AS(path, struct cc_iam_list, rows, count, struct cc_iam_named, shape, NULL, NULL)

static const struct cc_shape_field inline_fields[] = {ROW(".", name), {0}};
static const struct cc_shape_field attached_fields[] = {
    ROW("PolicyName", name), ROW("PolicyArn", arn), {0}};
static const struct cc_shape_field group_fields[] = {
    ROW("GroupName", name), ROW("Arn", arn), {0}};
static const struct cc_shape_field policy_fields[] = {
    ROW("PolicyName", name), ROW("Arn", arn), ROW("DefaultVersionId", version), {0}};

#define SHAPE(name, of) static const struct cc_shape name##_shape = {#name, name##_fields, sizeof(of)}
SHAPE(inline, struct cc_iam_named);
SHAPE(attached, struct cc_iam_named);
SHAPE(group, struct cc_iam_named);
SHAPE(policy, struct cc_iam_named);

static const struct cc_shape_field inlines_fields[] = {LIST("PolicyNames", &inline_shape), {0}};
static const struct cc_shape_field attacheds_fields[] = {
    LIST("AttachedPolicies", &attached_shape), {0}};
static const struct cc_shape_field groups_fields[] = {LIST("Groups", &group_shape), {0}};

SHAPE(inlines, struct cc_iam_list);
SHAPE(attacheds, struct cc_iam_list);
SHAPE(groups, struct cc_iam_list);
#undef ROW
#undef LIST
// clang-format on

void cc_iam_inline(struct cc_run *run, struct cc_ask *ask, const struct cc_iam_owner *owner,
                   struct cc_iam_list *to)
{
    ask_with(run, ask, kinds[owner->kind].list_inline, name_of(owner), none);
    cc_ask_want(run, ask, ".", &inlines_shape, to);
}

void cc_iam_attached(struct cc_run *run, struct cc_ask *ask, const struct cc_iam_owner *owner,
                     struct cc_iam_list *to)
{
    ask_with(run, ask, kinds[owner->kind].list_attached, name_of(owner), none);
    cc_ask_want(run, ask, ".", &attacheds_shape, to);
}

void cc_iam_groups(struct cc_run *run, struct cc_ask *ask, const char *user, struct cc_iam_list *to)
{
    ask_with(run, ask, &cc_op_iam_list_groups_for_user, (struct cc_param){"UserName", user}, none);
    cc_ask_want(run, ask, ".", &groups_shape, to);
}

/* --- policies */

#define DOCUMENT(path) \
    CC_ROW_AS(path, TEXT, struct cc_aws_document, text, NULL, NULL, .form = &cc_aws_document_form)
static const struct cc_shape_field inline_document_fields[] = {DOCUMENT("PolicyDocument"), {0}};
static const struct cc_shape_field version_document_fields[] = {DOCUMENT("Document"), {0}};
SHAPE(inline_document, struct cc_aws_document);
SHAPE(version_document, struct cc_aws_document);

void cc_iam_inline_document(struct cc_run *run, struct cc_ask *ask,
                            const struct cc_iam_owner *owner, const char *policy,
                            struct cc_aws_document *to)
{
    ask_with(run, ask, kinds[owner->kind].get_inline, name_of(owner),
             (struct cc_param){"PolicyName", policy});
    cc_ask_want(run, ask, ".", &inline_document_shape, to);
}

void cc_iam_policy(struct cc_run *run, struct cc_ask *ask, const char *arn, struct cc_iam_named *to)
{
    ask_with(run, ask, &cc_op_iam_get_policy, (struct cc_param){"PolicyArn", arn}, none);
    cc_ask_want(run, ask, "Policy", &policy_shape, to);
}

void cc_iam_policy_document(struct cc_run *run, struct cc_ask *ask, const char *arn,
                            const char *version, struct cc_aws_document *to)
{
    ask_with(run, ask, &cc_op_iam_get_policy_version, (struct cc_param){"PolicyArn", arn},
             (struct cc_param){"VersionId", version});
    cc_ask_want(run, ask, "PolicyVersion", &version_document_shape, to);
}
