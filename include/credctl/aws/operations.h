#ifndef CREDCTL_AWS_OPERATIONS_H
#define CREDCTL_AWS_OPERATIONS_H

/* All operations of AWS that read something: cc_op_iam_get_role and so on. */

#include "credctl/aws/operation.h"

/* Symbol; service and paging, as operations.c has them; name; what a policy must allow. */
// clang-format off
#define CC_OPERATIONS(X) \
    X(iam_get_role, iam, "GetRole", "iam:GetRole", NULL) \
    X(iam_get_user, iam, "GetUser", "iam:GetUser", NULL) \
    X(iam_list_role_policies, iam, "ListRolePolicies", "iam:ListRolePolicies", &iam_pages) \
    X(iam_list_user_policies, iam, "ListUserPolicies", "iam:ListUserPolicies", &iam_pages) \
    X(iam_list_group_policies, iam, "ListGroupPolicies", "iam:ListGroupPolicies", &iam_pages) \
    X(iam_list_attached_role_policies, iam, "ListAttachedRolePolicies", "iam:ListAttachedRolePolicies", &iam_pages) \
    X(iam_list_attached_user_policies, iam, "ListAttachedUserPolicies", "iam:ListAttachedUserPolicies", &iam_pages) \
    X(iam_list_attached_group_policies, iam, "ListAttachedGroupPolicies", "iam:ListAttachedGroupPolicies", &iam_pages) \
    X(iam_get_role_policy, iam, "GetRolePolicy", "iam:GetRolePolicy", NULL) \
    X(iam_get_user_policy, iam, "GetUserPolicy", "iam:GetUserPolicy", NULL) \
    X(iam_get_group_policy, iam, "GetGroupPolicy", "iam:GetGroupPolicy", NULL) \
    X(iam_list_groups_for_user, iam, "ListGroupsForUser", "iam:ListGroupsForUser", &iam_pages) \
    X(iam_get_policy, iam, "GetPolicy", "iam:GetPolicy", NULL) \
    X(iam_get_policy_version, iam, "GetPolicyVersion", "iam:GetPolicyVersion", NULL) \
    X(iam_simulate_principal_policy, iam, "SimulatePrincipalPolicy", "iam:SimulatePrincipalPolicy", &iam_pages) \
    X(iam_list_roles, iam, "ListRoles", "iam:ListRoles", &iam_pages) \
    X(org_describe_organization, org, "DescribeOrganization", "organizations:DescribeOrganization", NULL) \
    X(org_describe_account, org, "DescribeAccount", "organizations:DescribeAccount", NULL) \
    X(org_list_parents, org, "ListParents", "organizations:ListParents", &org_pages) \
    X(org_list_policies_for_target, org, "ListPoliciesForTarget", "organizations:ListPoliciesForTarget", &org_pages) \
    X(org_describe_policy, org, "DescribePolicy", "organizations:DescribePolicy", NULL) \
    X(org_list_roots, org, "ListRoots", "organizations:ListRoots", &org_pages) \
    X(org_list_organizational_units_for_parent, org, "ListOrganizationalUnitsForParent", "organizations:ListOrganizationalUnitsForParent", &org_pages) \
    X(org_list_accounts_for_parent, org, "ListAccountsForParent", "organizations:ListAccountsForParent", &org_pages) \
    X(org_list_accounts, org, "ListAccounts", "organizations:ListAccounts", &org_pages)
// clang-format on

#define X(symbol, ...) extern const struct cc_operation cc_op_##symbol;
CC_OPERATIONS(X)
#undef X

/* The same as a list; ends with NULL. */
extern const struct cc_operation *const cc_operations[];

#endif
