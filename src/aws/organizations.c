#include "credctl/aws/organizations.h"

#include "credctl/aws/arn.h"
#include "credctl/aws/operations.h"
#include "credctl/base/text.h"

#include <string.h>

/* The length of a part of an ID; 0 when it is not one. */
static size_t part_of_id(const char *text, size_t least)
{
    const size_t len = strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789");

    return len >= least && len <= 32 ? len : 0;
}

/* API Reference, data types Root and OrganizationalUnit. */
static bool is_unit(const char *text)
{
    if (cc_text_starts(text, "r-")) {
        text += strlen("r-");
        const size_t root = part_of_id(text, 4);
        return root > 0 && text[root] == '\0';
    }
    if (!cc_text_starts(text, "ou-")) {
        return false;
    }
    text += strlen("ou-");
    text += part_of_id(text, 4);
    const size_t unit = text[0] == '-' ? part_of_id(text + 1, 8) : 0;
    return unit > 0 && text[-1] != '-' && text[1 + unit] == '\0';
}

const struct cc_form cc_org_unit_form = {
    "^(r-[0-9a-z]{4,32}|ou-[0-9a-z]{4,32}-[0-9a-z]{8,32})$", is_unit,
    "a unit has an ID such as ou-ab12-34cd56ef, a root one such as r-ab12"};

bool cc_org_account_active(const struct cc_org_account *account)
{
    return cc_text_equal(account->state ? account->state : account->status, "ACTIVE");
}

/* --- what is wanted */

// clang-format off
#define ROW(of, path, member, ...) CC_ROW_AS(path, TEXT, of, member, NULL, NULL, __VA_ARGS__)
#define OPTIONAL(of, path, member) ROW(of, path, member, .rules = CC_OMITTED)
#define LIST(of, path, item, shape) \
    CC_ROW_LIST_AS(path, of, rows, count, item, shape, NULL, NULL)
#define SHAPE(name, of) static const struct cc_shape name##_shape = {#name, name##_fields, sizeof(of)}

static const struct cc_shape_field org_fields[] = {
    ROW(struct cc_org, "Id", id),
    ROW(struct cc_org, "Arn", arn),
    ROW(struct cc_org, "MasterAccountId", management, .form = &cc_account_form),
    {0},
};
SHAPE(org, struct cc_org);

static const struct cc_shape_field account_fields[] = {
    ROW(struct cc_org_account, "Id", id, .form = &cc_account_form),
    OPTIONAL(struct cc_org_account, "Arn", arn),
    OPTIONAL(struct cc_org_account, "Name", name),
    OPTIONAL(struct cc_org_account, "State", state),
    OPTIONAL(struct cc_org_account, "Status", status),
    {0},
};
SHAPE(account, struct cc_org_account);
static const struct cc_shape_field accounts_fields[] = {
    LIST(struct cc_org_accounts, "Accounts", struct cc_org_account, &account_shape), {0}};
SHAPE(accounts, struct cc_org_accounts);

#define ITEM_REST                                \
    OPTIONAL(struct cc_org_item, "Arn", arn),    \
    OPTIONAL(struct cc_org_item, "Name", name),  \
    OPTIONAL(struct cc_org_item, "Type", type)
static const struct cc_shape_field unit_fields[] = {
    ROW(struct cc_org_item, "Id", id, .form = &cc_org_unit_form), ITEM_REST, {0}};
static const struct cc_shape_field item_fields[] = {
    ROW(struct cc_org_item, "Id", id), ITEM_REST, {0}};
SHAPE(unit, struct cc_org_item);
SHAPE(item, struct cc_org_item);

#define ITEMS(name, path, shape)                                            \
    static const struct cc_shape_field name##_fields[] = {                  \
        LIST(struct cc_org_items, path, struct cc_org_item, shape), {0}};   \
    SHAPE(name, struct cc_org_items)
ITEMS(roots, "Roots", &unit_shape);
ITEMS(units, "OrganizationalUnits", &unit_shape);
ITEMS(parents, "Parents", &unit_shape);
ITEMS(policies, "Policies", &item_shape);

static const struct cc_shape_field policy_fields[] = {
    ROW(struct cc_org_policy, "PolicySummary/Id", item.id),
    OPTIONAL(struct cc_org_policy, "PolicySummary/Arn", item.arn),
    OPTIONAL(struct cc_org_policy, "PolicySummary/Name", item.name),
    OPTIONAL(struct cc_org_policy, "PolicySummary/Type", item.type),
    ROW(struct cc_org_policy, "Content", content, .form = &cc_aws_document_form),
    {0},
};
SHAPE(policy, struct cc_org_policy);
// clang-format on

/* --- asks */

static void ask_with(struct cc_run *run, struct cc_ask *ask, const struct cc_operation *operation,
                     const char *name, const char *value)
{
    const struct cc_param params[] = {{name, value}, {0}};

    cc_ask_for(run, ask, operation, params);
}

void cc_org(struct cc_run *run, struct cc_ask *ask, struct cc_org *to)
{
    ask_with(run, ask, &cc_op_org_describe_organization, NULL, NULL);
    cc_ask_want(run, ask, "Organization", &org_shape, to);
}

void cc_org_account(struct cc_run *run, struct cc_ask *ask, const char *account,
                    struct cc_org_account *to)
{
    ask_with(run, ask, &cc_op_org_describe_account, "AccountId", account);
    cc_ask_want(run, ask, "Account", &account_shape, to);
}

void cc_org_accounts(struct cc_run *run, struct cc_ask *ask, const char *unit,
                     struct cc_org_accounts *to)
{
    ask_with(run, ask, unit ? &cc_op_org_list_accounts_for_parent : &cc_op_org_list_accounts,
             "ParentId", unit);
    cc_ask_want(run, ask, ".", &accounts_shape, to);
}

void cc_org_roots(struct cc_run *run, struct cc_ask *ask, struct cc_org_items *to)
{
    ask_with(run, ask, &cc_op_org_list_roots, NULL, NULL);
    cc_ask_want(run, ask, ".", &roots_shape, to);
}

void cc_org_units(struct cc_run *run, struct cc_ask *ask, const char *unit, struct cc_org_items *to)
{
    ask_with(run, ask, &cc_op_org_list_organizational_units_for_parent, "ParentId", unit);
    cc_ask_want(run, ask, ".", &units_shape, to);
}

void cc_org_parents(struct cc_run *run, struct cc_ask *ask, const char *child,
                    struct cc_org_items *to)
{
    ask_with(run, ask, &cc_op_org_list_parents, "ChildId", child);
    cc_ask_want(run, ask, ".", &parents_shape, to);
}

void cc_org_policies(struct cc_run *run, struct cc_ask *ask, const char *target, const char *filter,
                     struct cc_org_items *to)
{
    const struct cc_param params[] = {{"TargetId", target}, {"Filter", filter}, {0}};

    cc_ask_for(run, ask, &cc_op_org_list_policies_for_target, params);
    cc_ask_want(run, ask, ".", &policies_shape, to);
}

void cc_org_policy(struct cc_run *run, struct cc_ask *ask, const char *policy,
                   struct cc_org_policy *to)
{
    ask_with(run, ask, &cc_op_org_describe_policy, "PolicyId", policy);
    cc_ask_want(run, ask, "Policy", &policy_shape, to);
}
