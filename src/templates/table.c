#include "credctl/base/arena.h"
#include "credctl/base/text.h"
#include "credctl/templates/template.h"

extern const struct cc_blob cc_blob_ec2, cc_blob_ecs, cc_blob_fargate, cc_blob_eks_irsa,
    cc_blob_eks_pod_identity, cc_blob_lambda, cc_blob_bedrock_agentcore, cc_blob_github_oidc,
    cc_blob_cross_account, cc_blob_stackset, cc_blob_deploy_ec2, cc_blob_deploy_ecs,
    cc_blob_deploy_fargate, cc_blob_deploy_eks, cc_blob_deploy_lambda,
    cc_blob_deploy_bedrock_agentcore;

#define HOST   .side = CC_SIDE_HOST, .role = "HostingRole"
#define DEPLOY .side = CC_SIDE_DEPLOY, .role = "HostingRole"
#define TASK   .role = "TaskRole"

// clang-format off
const struct cc_template cc_templates[] = {
    {"ec2", "role and instance profile for an EC2 instance", HOST, .blob = &cc_blob_ec2},
    {"ecs", "task role and execution role for ECS on EC2", .side = CC_SIDE_HOST, TASK, .blob = &cc_blob_ecs},
    {"fargate", "task role and execution role for ECS on Fargate", .side = CC_SIDE_HOST, TASK, .blob = &cc_blob_fargate},
    {"eks-irsa", "role for pods of an EKS cluster, through IRSA", HOST, .blob = &cc_blob_eks_irsa},
    {"eks-pod-identity", "role and association for pods of an EKS cluster, through EKS Pod Identity", HOST, .blob = &cc_blob_eks_pod_identity},
    {"lambda", "execution role for a Lambda function", HOST, .blob = &cc_blob_lambda},
    /* AgentCore is not in the regions of China (cfn-lint's registry schemas). */
    {"bedrock-agentcore", "execution role for a Bedrock AgentCore runtime", HOST, .nowhere = "aws-cn", .blob = &cc_blob_bedrock_agentcore},
    {"github-oidc", "role for GitHub Actions, with the OIDC provider", HOST, .blob = &cc_blob_github_oidc},
    {"cross-account", "the role in a target account, read-only", .side = CC_SIDE_TARGET, .role = "TargetRole", .blob = &cc_blob_cross_account},
    {"stackset", "the same role in all accounts of organizational units", .side = CC_SIDE_STACKSET, .blob = &cc_blob_stackset},
    {"deploy-ec2", "MCP server on an EC2 instance", DEPLOY, .blob = &cc_blob_deploy_ec2},
    {"deploy-ecs", "MCP server on ECS with EC2 capacity, behind a load balancer", .side = CC_SIDE_DEPLOY, TASK, .blob = &cc_blob_deploy_ecs},
    {"deploy-fargate", "MCP server on Fargate, behind a load balancer", .side = CC_SIDE_DEPLOY, TASK, .blob = &cc_blob_deploy_fargate},
    {"deploy-eks", "EKS cluster, nodes, and the role of the MCP server through IRSA", DEPLOY, .blob = &cc_blob_deploy_eks},
    /* Function URLs are not in GovCloud (cfn-lint's registry schemas). */
    {"deploy-lambda", "MCP server on Lambda in a VPC, behind a function URL", DEPLOY, .lacking = "aws-us-gov", .lacking_is = "function URLs", .lacks = {"Url", "UrlPermission", "FunctionUrl"}, .blob = &cc_blob_deploy_lambda},
    {"deploy-bedrock-agentcore", "MCP server on Bedrock AgentCore Runtime", DEPLOY, .nowhere = "aws-cn", .blob = &cc_blob_deploy_bedrock_agentcore},
    {0},
};
// clang-format on

const struct cc_template *cc_template_named(const char *name)
{
    for (const struct cc_template *row = cc_templates; row->name; row++) {
        if (cc_text_equal(row->name, name)) {
            return row;
        }
    }
    return NULL;
}

const char *const *cc_template_names(struct cc_arena *mem)
{
    const char **names = cc_alloc(mem, CC_COUNT(cc_templates) * sizeof(*names));

    for (size_t i = 0; cc_templates[i].name; i++) {
        names[i] = cc_templates[i].name;
    }
    return names;
}
