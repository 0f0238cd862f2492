#ifndef CREDCTL_AWS_OPERATIONS_H
#define CREDCTL_AWS_OPERATIONS_H

/* All operations of AWS that read something: cc_op_iam_get_role and so on. */

#include "credctl/aws/operation.h"

/* Symbol; service, as operations.c has it; name; what a policy must allow; paging, as
 * operations.c has it; method and path, NULL: "POST /". */
// clang-format off
#define CC_OPERATIONS(X) \
    X(iam_get_role, iam, "GetRole", "iam:GetRole", NULL, NULL) \
    X(iam_get_user, iam, "GetUser", "iam:GetUser", NULL, NULL) \
    X(iam_list_role_policies, iam, "ListRolePolicies", "iam:ListRolePolicies", &iam_pages, NULL) \
    X(iam_list_user_policies, iam, "ListUserPolicies", "iam:ListUserPolicies", &iam_pages, NULL) \
    X(iam_list_group_policies, iam, "ListGroupPolicies", "iam:ListGroupPolicies", &iam_pages, NULL) \
    X(iam_list_attached_role_policies, iam, "ListAttachedRolePolicies", "iam:ListAttachedRolePolicies", &iam_pages, NULL) \
    X(iam_list_attached_user_policies, iam, "ListAttachedUserPolicies", "iam:ListAttachedUserPolicies", &iam_pages, NULL) \
    X(iam_list_attached_group_policies, iam, "ListAttachedGroupPolicies", "iam:ListAttachedGroupPolicies", &iam_pages, NULL) \
    X(iam_get_role_policy, iam, "GetRolePolicy", "iam:GetRolePolicy", NULL, NULL) \
    X(iam_get_user_policy, iam, "GetUserPolicy", "iam:GetUserPolicy", NULL, NULL) \
    X(iam_get_group_policy, iam, "GetGroupPolicy", "iam:GetGroupPolicy", NULL, NULL) \
    X(iam_list_groups_for_user, iam, "ListGroupsForUser", "iam:ListGroupsForUser", &iam_pages, NULL) \
    X(iam_get_policy, iam, "GetPolicy", "iam:GetPolicy", NULL, NULL) \
    X(iam_get_policy_version, iam, "GetPolicyVersion", "iam:GetPolicyVersion", NULL, NULL) \
    X(iam_simulate_principal_policy, iam, "SimulatePrincipalPolicy", "iam:SimulatePrincipalPolicy", &iam_pages, NULL) \
    X(iam_list_roles, iam, "ListRoles", "iam:ListRoles", &iam_pages, NULL) \
    X(org_describe_organization, org, "DescribeOrganization", "organizations:DescribeOrganization", NULL, NULL) \
    X(org_describe_account, org, "DescribeAccount", "organizations:DescribeAccount", NULL, NULL) \
    X(org_list_parents, org, "ListParents", "organizations:ListParents", &org_pages, NULL) \
    X(org_list_policies_for_target, org, "ListPoliciesForTarget", "organizations:ListPoliciesForTarget", &org_pages, NULL) \
    X(org_describe_policy, org, "DescribePolicy", "organizations:DescribePolicy", NULL, NULL) \
    X(org_list_roots, org, "ListRoots", "organizations:ListRoots", &org_pages, NULL) \
    X(org_list_organizational_units_for_parent, org, "ListOrganizationalUnitsForParent", "organizations:ListOrganizationalUnitsForParent", &org_pages, NULL) \
    X(org_list_accounts_for_parent, org, "ListAccountsForParent", "organizations:ListAccountsForParent", &org_pages, NULL) \
    X(org_list_accounts, org, "ListAccounts", "organizations:ListAccounts", &org_pages, NULL) \
    X(explorer_search, explorer, "Search", "resource-explorer-2:Search", &explorer_resources, "POST /Search") \
    X(explorer_list_resources, explorer, "ListResources", "resource-explorer-2:Search", &explorer_resources, "POST /ListResources") \
    X(explorer_list_views, explorer, "ListViews", "resource-explorer-2:ListViews", &explorer_views, "POST /ListViews") \
    X(explorer_get_default_view, explorer, "GetDefaultView", "resource-explorer-2:GetDefaultView", NULL, "POST /GetDefaultView") \
    X(analyzer_list_analyzers, analyzer, "ListAnalyzers", "access-analyzer:ListAnalyzers", &analyzer_analyzers, "GET /analyzer") \
    X(analyzer_list_findings, analyzer, "ListFindings", "access-analyzer:ListFindings", &analyzer_findings, "POST /finding") \
    X(analyzer_list_findings_v2, analyzer, "ListFindingsV2", "access-analyzer:ListFindings", &analyzer_findings, "POST /findingv2") \
    X(hub_describe_hub, hub, "DescribeHub", "securityhub:DescribeHub", NULL, "GET /accounts") \
    X(hub_get_enabled_standards, hub, "GetEnabledStandards", "securityhub:GetEnabledStandards", &hub_standards, "POST /standards/get") \
    X(hub_get_findings, hub, "GetFindings", "securityhub:GetFindings", &hub_findings, "POST /findings") \
    X(guardduty_list_detectors, guardduty, "ListDetectors", "guardduty:ListDetectors", &guardduty_detectors, "GET /detector") \
    X(guardduty_get_detector, guardduty, "GetDetector", "guardduty:GetDetector", NULL, "GET /detector/{DetectorId}") \
    X(guardduty_list_findings, guardduty, "ListFindings", "guardduty:ListFindings", &guardduty_findings, "POST /detector/{DetectorId}/findings") \
    X(guardduty_get_findings, guardduty, "GetFindings", "guardduty:GetFindings", NULL, "POST /detector/{DetectorId}/findings/get") \
    X(inspector_batch_get_account_status, inspector, "BatchGetAccountStatus", "inspector2:BatchGetAccountStatus", NULL, "POST /status/batch/get") \
    X(inspector_list_findings, inspector, "ListFindings", "inspector2:ListFindings", &inspector_findings, "POST /findings/list") \
    X(support_describe_checks, support, "DescribeTrustedAdvisorChecks", "support:DescribeTrustedAdvisorChecks", NULL, NULL) \
    X(support_describe_check_result, support, "DescribeTrustedAdvisorCheckResult", "support:DescribeTrustedAdvisorCheckResult", NULL, NULL) \
    X(macie_get_session, macie, "GetMacieSession", "macie2:GetMacieSession", NULL, "GET /macie") \
    X(macie_list_findings, macie, "ListFindings", "macie2:ListFindings", &macie_findings, "POST /findings") \
    X(macie_get_findings, macie, "GetFindings", "macie2:GetFindings", NULL, "POST /findings/describe") \
    X(s3_list_buckets, s3, "ListBuckets", "s3:ListAllMyBuckets", &s3_buckets, "GET /") \
    X(s3_get_bucket_location, s3, "GetBucketLocation", "s3:GetBucketLocation", NULL, "GET /{Bucket}?location") \
    X(s3_get_bucket_encryption, s3, "GetBucketEncryption", "s3:GetEncryptionConfiguration", NULL, "GET /{Bucket}?encryption") \
    X(s3_get_public_access_block, s3, "GetPublicAccessBlock", "s3:GetBucketPublicAccessBlock", NULL, "GET /{Bucket}?publicAccessBlock") \
    X(s3_control_get_public_access_block, s3_control, "GetPublicAccessBlock", "s3:GetAccountPublicAccessBlock", NULL, "GET /v20180820/configuration/publicAccessBlock") \
    X(ec2_describe_regions, ec2, "DescribeRegions", "ec2:DescribeRegions", NULL, NULL) \
    X(ec2_describe_volumes, ec2, "DescribeVolumes", "ec2:DescribeVolumes", &ec2_volumes, NULL) \
    X(ec2_describe_vpc_endpoints, ec2, "DescribeVpcEndpoints", "ec2:DescribeVpcEndpoints", &ec2_vpc_endpoints, NULL) \
    X(ec2_describe_security_groups, ec2, "DescribeSecurityGroups", "ec2:DescribeSecurityGroups", &ec2_security_groups, NULL) \
    X(ec2_get_managed_prefix_list_entries, ec2, "GetManagedPrefixListEntries", "ec2:GetManagedPrefixListEntries", &ec2_prefix_list_entries, NULL) \
    X(kms_list_aliases, kms, "ListAliases", "kms:ListAliases", &kms_aliases, NULL) \
    X(rds_describe_db_instances, rds, "DescribeDBInstances", "rds:DescribeDBInstances", &rds_instances, NULL) \
    X(dynamodb_list_tables, dynamodb, "ListTables", "dynamodb:ListTables", &dynamodb_tables, NULL) \
    X(dynamodb_describe_table, dynamodb, "DescribeTable", "dynamodb:DescribeTable", NULL, NULL) \
    X(efs_describe_file_systems, efs, "DescribeFileSystems", "elasticfilesystem:DescribeFileSystems", &efs_file_systems, "GET /2015-02-01/file-systems") \
    X(elasticache_describe_cache_clusters, elasticache, "DescribeCacheClusters", "elasticache:DescribeCacheClusters", &elasticache_clusters, NULL) \
    X(elb_describe_load_balancers, elb, "DescribeLoadBalancers", "elasticloadbalancing:DescribeLoadBalancers", &elb_balancers, NULL) \
    X(elb_describe_load_balancer_policies, elb, "DescribeLoadBalancerPolicies", "elasticloadbalancing:DescribeLoadBalancerPolicies", NULL, NULL) \
    X(elbv2_describe_load_balancers, elbv2, "DescribeLoadBalancers", "elasticloadbalancing:DescribeLoadBalancers", &elbv2_balancers, NULL) \
    X(elbv2_describe_listeners, elbv2, "DescribeListeners", "elasticloadbalancing:DescribeListeners", &elbv2_listeners, NULL) \
    X(apigateway_get_rest_apis, apigateway, "GetRestApis", "apigateway:GET", &apigateway_pages, "GET /restapis") \
    X(apigateway_get_rest_api, apigateway, "GetRestApi", "apigateway:GET", NULL, "GET /restapis/{restapi_id}") \
    X(apigateway_get_stages, apigateway, "GetStages", "apigateway:GET", NULL, "GET /restapis/{restapi_id}/stages") \
    X(apigateway_get_domain_names, apigateway, "GetDomainNames", "apigateway:GET", &apigateway_pages, "GET /domainnames") \
    X(apigateway_get_base_path_mappings, apigateway, "GetBasePathMappings", "apigateway:GET", &apigateway_pages, "GET /domainnames/{domain_name}/basepathmappings") \
    X(cloudfront_list_distributions, cloudfront, "ListDistributions", "cloudfront:ListDistributions", &cloudfront_distributions, "GET /2020-05-31/distribution") \
    X(cloudfront_get_distribution, cloudfront, "GetDistribution", "cloudfront:GetDistribution", NULL, "GET /2020-05-31/distribution/{Id}")
// clang-format on

#define X(symbol, ...) extern const struct cc_operation cc_op_##symbol;
CC_OPERATIONS(X)
#undef X

/* The same as a list; ends with NULL. */
extern const struct cc_operation *const cc_operations[];

#endif
