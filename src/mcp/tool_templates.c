#include "credctl/mcp/command_tool.h"

extern const struct cc_command cc_command_gen_template;

/* Not offered: files, read or written. */
static const struct cc_mcp_argument arguments[] = {
    {.name = "kind", .option = "words", .single = true},
    {.name = "list"},
    {.name = "show_params"},
    {.name = "source_role_arn"},
    {.name = "target_accounts", .option = "target_account", .about = "the target accounts"},
    {.name = "target_role"},
    {.name = "external_id"},
    {.name = "trust"},
    {.name = "org_id"},
    {.name = "session_tags"},
    {.name = "role_name"},
    {.name = "role_path"},
    {.name = "max_session_duration"},
    {.name = "permissions_boundary"},
    {.name = "managed_policy_arns",
     .option = "managed_policy_arn",
     .about = "managed policies to attach to the role"},
    {.name = "tools"},
    {.name = "tags", .about = "tags of every resource, each KEY=VALUE"},
    {.name = "vpc"},
    {.name = "oidc_issuer"},
    {.name = "namespace"},
    {.name = "service_account"},
    {.name = "cluster"},
    {.name = "existing_provider"},
    {.name = "partition"},
    {.name = "region"},
    {.name = "settings",
     .option = "set",
     .about = "values of parameters of the template, each PARAMETER=VALUE"},
    {.name = "format"},
    {.name = "instructions", .about = "also tell how to deploy, check and remove it, in Markdown"},
    {0},
};

static const struct cc_mcp_command row = {.command = &cc_command_gen_template,
                                          .arguments = arguments};

/* Not idempotent: external IDs are random when none is given. */
const struct cc_mcp_tool cc_mcp_tool_templates = {
    .name = "GenerateDeploymentTemplates",
    .title = "CloudFormation for roles and deployments",
    .about = "Gives CloudFormation templates for a hosting role (EC2, ECS, Fargate, EKS, Lambda, "
             "Bedrock AgentCore), for the role in target accounts, for a StackSet or a whole "
             "deployment, with the trust, external IDs and exactly the permissions that the "
             "assessments need. Deploys and writes nothing. With list, it names the kinds; with "
             "show_params, the parameters of one.",
    .input = cc_mcp_command_input,
    .output = cc_mcp_command_output,
    .kind = &row,
    .call = cc_mcp_command_call,
};
