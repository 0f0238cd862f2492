#include "credctl/policy/tools.h"

#include "credctl/base/text.h"

static const char *const services[] = {
    "access-analyzer:ListAnalyzers",
    "access-analyzer:ListFindings",
    "guardduty:GetDetector",
    "guardduty:ListDetectors",
    "inspector2:BatchGetAccountStatus",
    "macie2:GetMacieSession",
    "securityhub:DescribeHub",
    "securityhub:GetEnabledStandards",
    "support:DescribeTrustedAdvisorChecks",
    NULL,
};
static const char *const findings[] = {
    "access-analyzer:ListAnalyzers",
    "access-analyzer:ListFindings",
    "guardduty:GetDetector",
    "guardduty:GetFindings",
    "guardduty:ListDetectors",
    "guardduty:ListFindings",
    "inspector2:BatchGetAccountStatus",
    "inspector2:ListFindings",
    "macie2:GetFindings",
    "macie2:GetMacieSession",
    "macie2:ListFindings",
    "securityhub:GetFindings",
    "support:DescribeTrustedAdvisorCheckResult",
    "support:DescribeTrustedAdvisorChecks",
    NULL,
};
static const char *const storage[] = {
    "dynamodb:DescribeTable",
    "dynamodb:ListTables",
    "ec2:DescribeVolumes",
    "elasticache:DescribeCacheClusters",
    "elasticfilesystem:DescribeFileSystems",
    "kms:ListAliases",
    "rds:DescribeDBInstances",
    "s3:GetAccountPublicAccessBlock",
    "s3:GetBucketLocation",
    "s3:GetBucketPublicAccessBlock",
    "s3:GetEncryptionConfiguration",
    "s3:ListAllMyBuckets",
    NULL,
};
static const char *const inventory[] = {
    "resource-explorer-2:GetDefaultView",
    "resource-explorer-2:ListViews",
    "resource-explorer-2:Search",
    NULL,
};
static const char *const network[] = {
    "apigateway:GET",
    "cloudfront:ListDistributions",
    "ec2:DescribeSecurityGroups",
    "ec2:DescribeVpcEndpoints",
    "ec2:GetManagedPrefixListEntries",
    "elasticloadbalancing:DescribeListeners",
    "elasticloadbalancing:DescribeLoadBalancerPolicies",
    "elasticloadbalancing:DescribeLoadBalancers",
    NULL,
};
static const char *const identity[] = {"sts:GetCallerIdentity", NULL};
static const char *const nothing[] = {NULL};

const struct cc_tool_actions cc_tool_actions[] = {
    {"CheckSecurityServices", services},           {"GetSecurityFindings", findings},
    {"GetStoredSecurityContext", nothing},         {"CheckStorageEncryption", storage},
    {"ListServicesInRegion", inventory},           {"CheckNetworkSecurity", network},
    {"ValidateCredentialConfiguration", identity}, {0},
};

const char *const *cc_tool_actions_of(const char *tool)
{
    for (const struct cc_tool_actions *row = cc_tool_actions; row->tool; row++) {
        if (cc_text_equal_nocase(row->tool, tool)) {
            return row->actions;
        }
    }
    return NULL;
}
