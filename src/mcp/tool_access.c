#include "credctl/mcp/command_tool.h"

extern const struct cc_command cc_command_test_access;

/* Not offered: files (targets, journal), and what only long runs need (shard, resume). */
static const struct cc_mcp_argument arguments[] = {
    {.name = "role_arns",
     .option = "role_arn",
     .about = "ARNs of the roles to assume, each in the account to test",
     .assumes = true},
    {.name = "organization", .strays = true},
    {.name = "role_name", .about = "the role in the accounts of the organization"},
    {.name = "ou", .strays = true},
    {.name = "include", .strays = true},
    {.name = "exclude"},
    {.name = "external_id"},
    {.name = "session_name", .option = "role_session_name"},
    {.name = "duration_seconds"},
    {.name = "actions", .option = "action", .about = "check whether the assumed role allows these"},
    {.name = "discover", .strays = true},
    {.name = "check_external_id"},
    {.name = "concurrency"},
    {.name = "profile", .strays = true},
    {.name = "region"},
    {0},
};

static const char *const actions[] = {
    "sts:AssumeRole",
    "sts:GetCallerIdentity",
    "iam:GetRole",
    "iam:GetUser",
    "iam:ListRolePolicies",
    "iam:ListUserPolicies",
    "iam:ListGroupPolicies",
    "iam:ListAttachedRolePolicies",
    "iam:ListAttachedUserPolicies",
    "iam:ListAttachedGroupPolicies",
    "iam:GetRolePolicy",
    "iam:GetUserPolicy",
    "iam:GetGroupPolicy",
    "iam:ListGroupsForUser",
    "iam:GetPolicy",
    "iam:GetPolicyVersion",
    "iam:SimulatePrincipalPolicy",
    "iam:ListRoles",
    "organizations:DescribeOrganization",
    "organizations:DescribeAccount",
    "organizations:ListParents",
    "organizations:ListPoliciesForTarget",
    "organizations:DescribePolicy",
    "organizations:ListRoots",
    "organizations:ListOrganizationalUnitsForParent",
    "organizations:ListAccountsForParent",
    "organizations:ListAccounts",
    NULL,
};

static const struct cc_mcp_command row = {
    .command = &cc_command_test_access, .arguments = arguments, .stores = true};

const struct cc_mcp_tool cc_mcp_tool_access = {
    .name = "TestCrossAccountAccess",
    .title = "Try to assume roles in other accounts",
    .about = "Really assumes each role, with one call, and drops the credentials unseen. Of a "
             "denial it names the cause, the side that has to act (the caller's account, the "
             "target's, or the organization), and the smallest statement that mends it; what "
             "cannot be known is told as candidates. Writes nothing in AWS.",
    .input = cc_mcp_command_input,
    .output = cc_mcp_command_output,
    .idempotent = true,
    .open_world = true,
    .actions = actions,
    .kind = &row,
    .call = cc_mcp_command_call,
};
