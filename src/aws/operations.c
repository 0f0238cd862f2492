#include "credctl/aws/operations.h"

/*
 * The API Reference of each service, as the models of botocore have it. Paging: the parameter with
 * the marker, the member with the next one, the member that says whether there is one, the list,
 * the parameter with the size of a page, its maximum and its minimum.
 */

/* --- query */

static const struct cc_service iam = {.id = "IAM",
                                      .signing = "iam",
                                      .protocol = CC_QUERY,
                                      .version = "2010-05-08",
                                      .endpoint = cc_endpoint_iam};
static const struct cc_paging iam_pages = {
    .marker = "Marker", .next = "Marker", .more = "IsTruncated"};

static const struct cc_service rds = {.id = "RDS",
                                      .signing = "rds",
                                      .protocol = CC_QUERY,
                                      .version = "2014-10-31",
                                      .regional = {"rds", NULL, true}};
static const struct cc_paging rds_instances = {"Marker",     "Marker", NULL, "DBInstances",
                                               "MaxRecords", 100,      20};

static const struct cc_service elasticache = {.id = "ELASTICACHE",
                                              .signing = "elasticache",
                                              .protocol = CC_QUERY,
                                              .version = "2015-02-02",
                                              .regional = {"elasticache", NULL, true}};
static const struct cc_paging elasticache_clusters = {"Marker",     "Marker", NULL, "CacheClusters",
                                                      "MaxRecords", 100,      20};

static const struct cc_service elb = {.id = "ELASTIC_LOAD_BALANCING",
                                      .signing = "elasticloadbalancing",
                                      .protocol = CC_QUERY,
                                      .version = "2012-06-01",
                                      .regional = {"elasticloadbalancing", NULL, true}};
static const struct cc_paging elb_balancers = {
    "Marker", "NextMarker", NULL, "LoadBalancerDescriptions", "PageSize", 400, 1};

static const struct cc_service elbv2 = {.id = "ELASTIC_LOAD_BALANCING_V2",
                                        .signing = "elasticloadbalancing",
                                        .protocol = CC_QUERY,
                                        .version = "2015-12-01",
                                        .regional = {"elasticloadbalancing", NULL, true}};
static const struct cc_paging elbv2_balancers = {"Marker",   "NextMarker", NULL, "LoadBalancers",
                                                 "PageSize", 400,          1};
static const struct cc_paging elbv2_listeners = {"Marker",   "NextMarker", NULL, "Listeners",
                                                 "PageSize", 400,          1};

/* --- ec2. Pages are smaller than they may be: a security group has up to a thousand rules. */

static const struct cc_service ec2 = {.id = "EC2",
                                      .signing = "ec2",
                                      .protocol = CC_EC2,
                                      .version = "2016-11-15",
                                      .regional = {"ec2", NULL, true}};
static const struct cc_paging ec2_volumes = {"NextToken",  "nextToken", NULL, "volumeSet",
                                             "MaxResults", 500,         5};
static const struct cc_paging ec2_vpc_endpoints = {
    "NextToken", "nextToken", NULL, "vpcEndpointSet", "MaxResults", 200, 5};
static const struct cc_paging ec2_security_groups = {
    "NextToken", "nextToken", NULL, "securityGroupInfo", "MaxResults", 100, 5};

static const struct cc_paging ec2_prefix_list_entries = {
    "NextToken", "nextToken", NULL, "entrySet", "MaxResults", 100, 1};

/* --- rest-xml */

static const struct cc_service s3 = {.id = "S3",
                                     .signing = "s3",
                                     .protocol = CC_REST_XML,
                                     .endpoint = cc_endpoint_s3,
                                     .buckets = true};
static const struct cc_paging s3_buckets = {
    "continuation-token", "ContinuationToken", NULL, "Buckets", "max-buckets", 1000, 1};

static const struct cc_service s3_control = {.id = "S3_CONTROL",
                                             .signing = "s3",
                                             .protocol = CC_REST_XML,
                                             .endpoint = cc_endpoint_s3_control,
                                             .account = "AccountId"};

static const struct cc_service cloudfront = {.id = "CLOUDFRONT",
                                             .signing = "cloudfront",
                                             .protocol = CC_REST_XML,
                                             .endpoint = cc_endpoint_cloudfront};
static const struct cc_paging cloudfront_distributions = {
    "Marker", "NextMarker", "IsTruncated", "Items", "MaxItems", 100, 1};

/* --- json */

static const struct cc_service org = {.id = "ORGANIZATIONS",
                                      .signing = "organizations",
                                      .protocol = CC_JSON_1_1,
                                      .target = "AWSOrganizationsV20161128.",
                                      .endpoint = cc_endpoint_organizations};
static const struct cc_paging org_pages = {
    .marker = "NextToken", .next = "NextToken", .size = "MaxResults", .most = 20, .least = 1};

static const struct cc_service dynamodb = {.id = "DYNAMODB",
                                           .signing = "dynamodb",
                                           .protocol = CC_JSON_1_0,
                                           .target = "DynamoDB_20120810.",
                                           .regional = {"dynamodb", NULL, true}};
static const struct cc_paging dynamodb_tables = {
    "ExclusiveStartTableName", "LastEvaluatedTableName", NULL, "TableNames", "Limit", 100, 1};

static const struct cc_service kms = {.id = "KMS",
                                      .signing = "kms",
                                      .protocol = CC_JSON_1_1,
                                      .target = "TrentService.",
                                      .regional = {"kms", NULL, false}};
static const struct cc_paging kms_aliases = {
    "Marker", "NextMarker", "Truncated", "Aliases", "Limit", 100, 1};

/* Without a plan that includes it, it answers SubscriptionRequiredException. */
static const struct cc_service support = {.id = "SUPPORT",
                                          .signing = "support",
                                          .protocol = CC_JSON_1_1,
                                          .target = "AWSSupport_20130415.",
                                          .endpoint = cc_endpoint_support};

/* --- rest-json */

static const struct cc_off_sign explorer_off[] = {{"ResourceNotFoundException", NULL}, {0}};
static const struct cc_service explorer = {.id = "RESOURCE_EXPLORER_2",
                                           .signing = "resource-explorer-2",
                                           .protocol = CC_REST_JSON,
                                           .regional = {"resource-explorer-2", NULL, false},
                                           .off = explorer_off};
static const struct cc_paging explorer_resources = {"NextToken",  "NextToken", NULL, "Resources",
                                                    "MaxResults", 1000,        1};
static const struct cc_paging explorer_views = {"NextToken",  "NextToken", NULL, "Views",
                                                "MaxResults", 50,          1};

static const struct cc_service analyzer = {.id = "ACCESSANALYZER",
                                           .signing = "access-analyzer",
                                           .protocol = CC_REST_JSON,
                                           .regional = {"access-analyzer", NULL, true}};
static const struct cc_paging analyzer_analyzers = {"nextToken",  "nextToken", NULL, "analyzers",
                                                    "maxResults", 100,         1};
static const struct cc_paging analyzer_findings = {"nextToken",  "nextToken", NULL, "findings",
                                                   "maxResults", 100,         1};

static const struct cc_off_sign hub_off[] = {
    {"InvalidAccessException", "not subscribed"}, {"ResourceNotFoundException", NULL}, {0}};
static const struct cc_service hub = {.id = "SECURITYHUB",
                                      .signing = "securityhub",
                                      .protocol = CC_REST_JSON,
                                      .regional = {"securityhub", NULL, false},
                                      .off = hub_off};
static const struct cc_paging hub_standards = {
    "NextToken", "NextToken", NULL, "StandardsSubscriptions", "MaxResults", 100, 1};
static const struct cc_paging hub_findings = {"NextToken",  "NextToken", NULL, "Findings",
                                              "MaxResults", 100,         1};

static const struct cc_service guardduty = {.id = "GUARDDUTY",
                                            .signing = "guardduty",
                                            .protocol = CC_REST_JSON,
                                            .regional = {"guardduty", NULL, true}};
static const struct cc_paging guardduty_detectors = {"nextToken",  "nextToken", NULL, "detectorIds",
                                                     "maxResults", 50,          1};
static const struct cc_paging guardduty_findings = {"nextToken",  "nextToken", NULL, "findingIds",
                                                    "maxResults", 50,          1};

static const struct cc_service inspector = {.id = "INSPECTOR2",
                                            .signing = "inspector2",
                                            .protocol = CC_REST_JSON,
                                            .regional = {"inspector2", NULL, false}};
static const struct cc_paging inspector_findings = {"nextToken",  "nextToken", NULL, "findings",
                                                    "maxResults", 100,         1};

/* Macie says that it is not enabled with the error code of a denial. */
static const struct cc_off_sign macie_off[] = {{"AccessDeniedException", "Macie is not enabled"},
                                               {0}};
static const struct cc_service macie = {.id = "MACIE2",
                                        .signing = "macie2",
                                        .protocol = CC_REST_JSON,
                                        .regional = {"macie2", NULL, false},
                                        .off = macie_off};
/* Fifty: as many as GetFindings takes. */
static const struct cc_paging macie_findings = {"nextToken",  "nextToken", NULL, "findingIds",
                                                "maxResults", 50,          1};

static const struct cc_service efs = {
    .id = "EFS",
    .signing = "elasticfilesystem",
    .protocol = CC_REST_JSON,
    .regional = {"elasticfilesystem", "efs", false},
};
static const struct cc_paging efs_file_systems = {"Marker",   "NextMarker", NULL, "FileSystems",
                                                  "MaxItems", 100,          1};

static const struct cc_service apigateway = {.id = "API_GATEWAY",
                                             .signing = "apigateway",
                                             .protocol = CC_REST_JSON,
                                             .regional = {"apigateway", NULL, false}};
static const struct cc_paging apigateway_pages = {"position", "position", NULL, "item",
                                                  "limit",    500,        1};

#define X(symbol, of, name, action, paging, request) \
    const struct cc_operation cc_op_##symbol = {&(of), name, action, paging, request};
CC_OPERATIONS(X)
#undef X

const struct cc_operation *const cc_operations[] = {
#define X(symbol, ...) &cc_op_##symbol,
    CC_OPERATIONS(X)
#undef X
        NULL,
};
