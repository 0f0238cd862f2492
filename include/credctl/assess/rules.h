#ifndef CREDCTL_ASSESS_RULES_H
#define CREDCTL_ASSESS_RULES_H

/*
 * What makes a resource non-compliant: one row for each rule. Symbol; stable code; severity; what
 * is wrong with the resource; what to do about it; what to do in the account, so that it does not
 * happen again.
 */

#include "credctl/assess/severity.h"

// clang-format off
#define CC_RULES(X) \
    X(S3_PUBLIC, "s3.public_access", HIGH, \
      "public access is not fully blocked", \
      "turn on all four settings of Block Public Access for the bucket or for the account", \
      "Turn on S3 Block Public Access for the whole account") \
    X(EBS_CLEAR, "ebs.unencrypted", HIGH, \
      "the volume is not encrypted", \
      "copy a snapshot of it with encryption and replace the volume by one made from the copy", \
      "Turn on EBS encryption by default in each region") \
    X(RDS_CLEAR, "rds.unencrypted", HIGH, \
      "the storage of the instance is not encrypted", \
      "copy a snapshot of it with a KMS key and restore the instance from the copy", \
      "Create RDS instances with storage encryption; it cannot be turned on later") \
    X(EFS_CLEAR, "efs.unencrypted", HIGH, \
      "the file system is not encrypted", \
      "create an encrypted file system and move the data with DataSync", \
      "Deny elasticfilesystem:CreateFileSystem unless elasticfilesystem:Encrypted is true") \
    X(CACHE_AT_REST, "elasticache.at_rest", MEDIUM, \
      "data at rest is not encrypted", \
      "restore a backup to a new replication group with encryption at rest", \
      "Create caches with encryption at rest; it cannot be turned on later") \
    X(CACHE_IN_TRANSIT, "elasticache.in_transit", MEDIUM, \
      "data in transit is not encrypted", \
      "turn on encryption in transit (Redis OSS 7 and Valkey: with the mode preferred first; Memcached: in a new cluster of 1.6.12 or later)", \
      "Require TLS for connections to caches") \
    X(LB_CLEAR, "load_balancer.plaintext", HIGH, \
      "listeners accept unencrypted connections", \
      "replace them by HTTPS or TLS listeners; on an Application Load Balancer, make the HTTP listener redirect to HTTPS", \
      "Let load balancers accept HTTPS and TLS only, and redirect HTTP to HTTPS") \
    X(LB_TLS, "load_balancer.tls_policy", MEDIUM, \
      "the security policy accepts old protocols", \
      "set a policy of TLS 1.2 and later: ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09 for Application and Network Load Balancers, ELBSecurityPolicy-TLS-1-2-2017-01 for Classic Load Balancers", \
      "Use security policies of TLS 1.2 and later for load balancers") \
    X(ENDPOINT_DNS, "vpc.private_dns", LOW, \
      "private DNS is not enabled for the interface endpoint", \
      "enable private DNS names, so that clients in the VPC reach the service through the endpoint", \
      "Enable private DNS for interface endpoints") \
    X(GROUP_OPEN_ALL, "security_group.open_all", CRITICAL, \
      "all ports are open to any address", \
      "replace the rule by rules for the ports and sources that are needed", \
      "Allow only needed ports from known sources in security groups") \
    X(GROUP_OPEN_PORT, "security_group.open_port", HIGH, \
      "sensitive ports are open to any address", \
      "limit the source to known addresses or security groups, or use Session Manager or a VPN", \
      "Allow only needed ports from known sources in security groups") \
    X(API_TLS, "api_gateway.tls_policy", MEDIUM, \
      "the security policy accepts old protocols", \
      "set the security policy TLS_1_2 or a SecurityPolicy_TLS13_ one", \
      "Use security policies of TLS 1.2 and later for API Gateway") \
    X(EDGE_CLEAR, "cloudfront.viewer_http", HIGH, \
      "viewers may use unencrypted HTTP", \
      "set the viewer protocol policy of these behaviors to redirect-to-https or https-only", \
      "Require HTTPS of viewers in every cache behavior") \
    X(EDGE_TLS, "cloudfront.tls_policy", MEDIUM, \
      "viewers may use old protocols", \
      "set the security policy TLSv1.2_2021 or later, with a certificate and domain name of your own", \
      "Use the security policy TLSv1.2_2021 or later for distributions") \
    X(EDGE_ORIGIN, "cloudfront.s3_origin", MEDIUM, \
      "S3 origins have no origin access control", \
      "create an origin access control (OAC) for them and let the buckets allow only the distribution", \
      "Give S3 origins an origin access control (OAC)")
// clang-format on

enum cc_rule {
#define X(symbol, ...) CC_RULE_##symbol,
    CC_RULES(X)
#undef X
        CC_RULE_COUNT
};

struct cc_rule_row {
    const char *code;
    enum cc_severity severity;
    const char *says;
    const char *fix;
    const char *advice;
};

extern const struct cc_rule_row cc_rule_rows[CC_RULE_COUNT];

/* NULL: there is no rule of that code. */
const struct cc_rule_row *cc_rule_named(const char *code);

#endif
