#include "credctl/aws/operations.h"
#include "credctl/base/text.h"

#include "support/test.h"

/* What botocore 1.43 resolves for the same wish; S3 with regional endpoints. */
static const struct {
    const struct cc_operation *operation;
    const char *region;
    bool fips;
    bool dualstack;
    const char *url;
    const char *signing;
} botocore[] = {
    {&cc_op_analyzer_list_analyzers, "us-east-1", false, false,
     "https://access-analyzer.us-east-1.amazonaws.com", "us-east-1"},
    {&cc_op_analyzer_list_analyzers, "us-east-1", true, false,
     "https://access-analyzer-fips.us-east-1.amazonaws.com", "us-east-1"},
    {&cc_op_analyzer_list_analyzers, "us-east-1", false, true,
     "https://access-analyzer.us-east-1.api.aws", "us-east-1"},
    {&cc_op_analyzer_list_analyzers, "us-east-1", true, true,
     "https://access-analyzer-fips.us-east-1.api.aws", "us-east-1"},
    {&cc_op_analyzer_list_analyzers, "eu-west-1", false, false,
     "https://access-analyzer.eu-west-1.amazonaws.com", "eu-west-1"},
    {&cc_op_analyzer_list_analyzers, "eu-west-1", true, false,
     "https://access-analyzer-fips.eu-west-1.amazonaws.com", "eu-west-1"},
    {&cc_op_analyzer_list_analyzers, "eu-west-1", false, true,
     "https://access-analyzer.eu-west-1.api.aws", "eu-west-1"},
    {&cc_op_analyzer_list_analyzers, "eu-west-1", true, true,
     "https://access-analyzer-fips.eu-west-1.api.aws", "eu-west-1"},
    {&cc_op_analyzer_list_analyzers, "cn-north-1", false, false,
     "https://access-analyzer.cn-north-1.amazonaws.com.cn", "cn-north-1"},
    {&cc_op_analyzer_list_analyzers, "cn-north-1", true, false,
     "https://access-analyzer-fips.cn-north-1.amazonaws.com.cn", "cn-north-1"},
    {&cc_op_analyzer_list_analyzers, "cn-north-1", false, true,
     "https://access-analyzer.cn-north-1.api.amazonwebservices.com.cn", "cn-north-1"},
    {&cc_op_analyzer_list_analyzers, "cn-north-1", true, true,
     "https://access-analyzer-fips.cn-north-1.api.amazonwebservices.com.cn", "cn-north-1"},
    {&cc_op_analyzer_list_analyzers, "us-gov-west-1", false, false,
     "https://access-analyzer.us-gov-west-1.amazonaws.com", "us-gov-west-1"},
    {&cc_op_analyzer_list_analyzers, "us-gov-west-1", true, false,
     "https://access-analyzer.us-gov-west-1.amazonaws.com", "us-gov-west-1"},
    {&cc_op_analyzer_list_analyzers, "us-gov-west-1", false, true,
     "https://access-analyzer.us-gov-west-1.api.aws", "us-gov-west-1"},
    {&cc_op_analyzer_list_analyzers, "us-gov-west-1", true, true,
     "https://access-analyzer-fips.us-gov-west-1.api.aws", "us-gov-west-1"},
    {&cc_op_hub_describe_hub, "us-east-1", false, false,
     "https://securityhub.us-east-1.amazonaws.com", "us-east-1"},
    {&cc_op_hub_describe_hub, "us-east-1", true, false,
     "https://securityhub-fips.us-east-1.amazonaws.com", "us-east-1"},
    {&cc_op_hub_describe_hub, "us-east-1", false, true, "https://securityhub.us-east-1.api.aws",
     "us-east-1"},
    {&cc_op_hub_describe_hub, "us-east-1", true, true, "https://securityhub-fips.us-east-1.api.aws",
     "us-east-1"},
    {&cc_op_hub_describe_hub, "eu-west-1", false, false,
     "https://securityhub.eu-west-1.amazonaws.com", "eu-west-1"},
    {&cc_op_hub_describe_hub, "eu-west-1", true, false,
     "https://securityhub-fips.eu-west-1.amazonaws.com", "eu-west-1"},
    {&cc_op_hub_describe_hub, "eu-west-1", false, true, "https://securityhub.eu-west-1.api.aws",
     "eu-west-1"},
    {&cc_op_hub_describe_hub, "eu-west-1", true, true, "https://securityhub-fips.eu-west-1.api.aws",
     "eu-west-1"},
    {&cc_op_hub_describe_hub, "cn-north-1", false, false,
     "https://securityhub.cn-north-1.amazonaws.com.cn", "cn-north-1"},
    {&cc_op_hub_describe_hub, "cn-north-1", true, false,
     "https://securityhub-fips.cn-north-1.amazonaws.com.cn", "cn-north-1"},
    {&cc_op_hub_describe_hub, "cn-north-1", false, true,
     "https://securityhub.cn-north-1.api.amazonwebservices.com.cn", "cn-north-1"},
    {&cc_op_hub_describe_hub, "cn-north-1", true, true,
     "https://securityhub-fips.cn-north-1.api.amazonwebservices.com.cn", "cn-north-1"},
    {&cc_op_hub_describe_hub, "us-gov-west-1", false, false,
     "https://securityhub.us-gov-west-1.amazonaws.com", "us-gov-west-1"},
    {&cc_op_hub_describe_hub, "us-gov-west-1", true, false,
     "https://securityhub-fips.us-gov-west-1.amazonaws.com", "us-gov-west-1"},
    {&cc_op_hub_describe_hub, "us-gov-west-1", false, true,
     "https://securityhub.us-gov-west-1.api.aws", "us-gov-west-1"},
    {&cc_op_hub_describe_hub, "us-gov-west-1", true, true,
     "https://securityhub-fips.us-gov-west-1.api.aws", "us-gov-west-1"},
    {&cc_op_efs_describe_file_systems, "us-east-1", false, false,
     "https://elasticfilesystem.us-east-1.amazonaws.com", "us-east-1"},
    {&cc_op_efs_describe_file_systems, "us-east-1", true, false,
     "https://elasticfilesystem-fips.us-east-1.amazonaws.com", "us-east-1"},
    {&cc_op_efs_describe_file_systems, "us-east-1", false, true, "https://efs.us-east-1.api.aws",
     "us-east-1"},
    {&cc_op_efs_describe_file_systems, "us-east-1", true, true,
     "https://efs-fips.us-east-1.api.aws", "us-east-1"},
    {&cc_op_efs_describe_file_systems, "eu-west-1", false, false,
     "https://elasticfilesystem.eu-west-1.amazonaws.com", "eu-west-1"},
    {&cc_op_efs_describe_file_systems, "eu-west-1", true, false,
     "https://elasticfilesystem-fips.eu-west-1.amazonaws.com", "eu-west-1"},
    {&cc_op_efs_describe_file_systems, "eu-west-1", false, true, "https://efs.eu-west-1.api.aws",
     "eu-west-1"},
    {&cc_op_efs_describe_file_systems, "eu-west-1", true, true,
     "https://efs-fips.eu-west-1.api.aws", "eu-west-1"},
    {&cc_op_efs_describe_file_systems, "cn-north-1", false, false,
     "https://elasticfilesystem.cn-north-1.amazonaws.com.cn", "cn-north-1"},
    {&cc_op_efs_describe_file_systems, "cn-north-1", true, false,
     "https://elasticfilesystem-fips.cn-north-1.amazonaws.com.cn", "cn-north-1"},
    {&cc_op_efs_describe_file_systems, "cn-north-1", false, true,
     "https://efs.cn-north-1.api.amazonwebservices.com.cn", "cn-north-1"},
    {&cc_op_efs_describe_file_systems, "cn-north-1", true, true,
     "https://efs-fips.cn-north-1.api.amazonwebservices.com.cn", "cn-north-1"},
    {&cc_op_efs_describe_file_systems, "us-gov-west-1", false, false,
     "https://elasticfilesystem.us-gov-west-1.amazonaws.com", "us-gov-west-1"},
    {&cc_op_efs_describe_file_systems, "us-gov-west-1", true, false,
     "https://elasticfilesystem-fips.us-gov-west-1.amazonaws.com", "us-gov-west-1"},
    {&cc_op_efs_describe_file_systems, "us-gov-west-1", false, true,
     "https://efs.us-gov-west-1.api.aws", "us-gov-west-1"},
    {&cc_op_efs_describe_file_systems, "us-gov-west-1", true, true,
     "https://efs-fips.us-gov-west-1.api.aws", "us-gov-west-1"},
    {&cc_op_s3_list_buckets, "us-east-1", false, false, "https://s3.us-east-1.amazonaws.com",
     "us-east-1"},
    {&cc_op_s3_list_buckets, "us-east-1", true, false, "https://s3-fips.us-east-1.amazonaws.com",
     "us-east-1"},
    {&cc_op_s3_list_buckets, "us-east-1", false, true,
     "https://s3.dualstack.us-east-1.amazonaws.com", "us-east-1"},
    {&cc_op_s3_list_buckets, "us-east-1", true, true,
     "https://s3-fips.dualstack.us-east-1.amazonaws.com", "us-east-1"},
    {&cc_op_s3_list_buckets, "eu-west-1", false, false, "https://s3.eu-west-1.amazonaws.com",
     "eu-west-1"},
    {&cc_op_s3_list_buckets, "eu-west-1", true, false, "https://s3-fips.eu-west-1.amazonaws.com",
     "eu-west-1"},
    {&cc_op_s3_list_buckets, "eu-west-1", false, true,
     "https://s3.dualstack.eu-west-1.amazonaws.com", "eu-west-1"},
    {&cc_op_s3_list_buckets, "eu-west-1", true, true,
     "https://s3-fips.dualstack.eu-west-1.amazonaws.com", "eu-west-1"},
    {&cc_op_s3_list_buckets, "cn-north-1", false, false, "https://s3.cn-north-1.amazonaws.com.cn",
     "cn-north-1"},
    {&cc_op_s3_list_buckets, "cn-north-1", false, true,
     "https://s3.dualstack.cn-north-1.amazonaws.com.cn", "cn-north-1"},
    {&cc_op_s3_list_buckets, "us-gov-west-1", false, false,
     "https://s3.us-gov-west-1.amazonaws.com", "us-gov-west-1"},
    {&cc_op_s3_list_buckets, "us-gov-west-1", true, false,
     "https://s3-fips.us-gov-west-1.amazonaws.com", "us-gov-west-1"},
    {&cc_op_s3_list_buckets, "us-gov-west-1", false, true,
     "https://s3.dualstack.us-gov-west-1.amazonaws.com", "us-gov-west-1"},
    {&cc_op_s3_list_buckets, "us-gov-west-1", true, true,
     "https://s3-fips.dualstack.us-gov-west-1.amazonaws.com", "us-gov-west-1"},
    {&cc_op_kms_list_aliases, "us-east-1", false, false, "https://kms.us-east-1.amazonaws.com",
     "us-east-1"},
    {&cc_op_kms_list_aliases, "us-east-1", true, false, "https://kms-fips.us-east-1.amazonaws.com",
     "us-east-1"},
    {&cc_op_kms_list_aliases, "us-east-1", false, true, "https://kms.us-east-1.api.aws",
     "us-east-1"},
    {&cc_op_kms_list_aliases, "us-east-1", true, true, "https://kms-fips.us-east-1.api.aws",
     "us-east-1"},
    {&cc_op_kms_list_aliases, "eu-west-1", false, false, "https://kms.eu-west-1.amazonaws.com",
     "eu-west-1"},
    {&cc_op_kms_list_aliases, "eu-west-1", true, false, "https://kms-fips.eu-west-1.amazonaws.com",
     "eu-west-1"},
    {&cc_op_kms_list_aliases, "eu-west-1", false, true, "https://kms.eu-west-1.api.aws",
     "eu-west-1"},
    {&cc_op_kms_list_aliases, "eu-west-1", true, true, "https://kms-fips.eu-west-1.api.aws",
     "eu-west-1"},
    {&cc_op_kms_list_aliases, "cn-north-1", false, false, "https://kms.cn-north-1.amazonaws.com.cn",
     "cn-north-1"},
    {&cc_op_kms_list_aliases, "cn-north-1", true, false,
     "https://kms-fips.cn-north-1.amazonaws.com.cn", "cn-north-1"},
    {&cc_op_kms_list_aliases, "cn-north-1", false, true,
     "https://kms.cn-north-1.api.amazonwebservices.com.cn", "cn-north-1"},
    {&cc_op_kms_list_aliases, "cn-north-1", true, true,
     "https://kms-fips.cn-north-1.api.amazonwebservices.com.cn", "cn-north-1"},
    {&cc_op_kms_list_aliases, "us-gov-west-1", false, false,
     "https://kms.us-gov-west-1.amazonaws.com", "us-gov-west-1"},
    {&cc_op_kms_list_aliases, "us-gov-west-1", true, false,
     "https://kms-fips.us-gov-west-1.amazonaws.com", "us-gov-west-1"},
    {&cc_op_kms_list_aliases, "us-gov-west-1", false, true, "https://kms.us-gov-west-1.api.aws",
     "us-gov-west-1"},
    {&cc_op_kms_list_aliases, "us-gov-west-1", true, true, "https://kms-fips.us-gov-west-1.api.aws",
     "us-gov-west-1"},
    {&cc_op_s3_control_get_public_access_block, "us-east-1", false, false,
     "https://s3-control.us-east-1.amazonaws.com", "us-east-1"},
    {&cc_op_s3_control_get_public_access_block, "us-east-1", true, false,
     "https://s3-control-fips.us-east-1.amazonaws.com", "us-east-1"},
    {&cc_op_s3_control_get_public_access_block, "us-east-1", false, true,
     "https://s3-control.dualstack.us-east-1.amazonaws.com", "us-east-1"},
    {&cc_op_s3_control_get_public_access_block, "us-east-1", true, true,
     "https://s3-control-fips.dualstack.us-east-1.amazonaws.com", "us-east-1"},
    {&cc_op_s3_control_get_public_access_block, "eu-west-1", false, false,
     "https://s3-control.eu-west-1.amazonaws.com", "eu-west-1"},
    {&cc_op_s3_control_get_public_access_block, "eu-west-1", true, false,
     "https://s3-control-fips.eu-west-1.amazonaws.com", "eu-west-1"},
    {&cc_op_s3_control_get_public_access_block, "eu-west-1", false, true,
     "https://s3-control.dualstack.eu-west-1.amazonaws.com", "eu-west-1"},
    {&cc_op_s3_control_get_public_access_block, "eu-west-1", true, true,
     "https://s3-control-fips.dualstack.eu-west-1.amazonaws.com", "eu-west-1"},
    {&cc_op_s3_control_get_public_access_block, "cn-north-1", false, false,
     "https://s3-control.cn-north-1.amazonaws.com.cn", "cn-north-1"},
    {&cc_op_s3_control_get_public_access_block, "cn-north-1", false, true,
     "https://s3-control.dualstack.cn-north-1.amazonaws.com.cn", "cn-north-1"},
    {&cc_op_s3_control_get_public_access_block, "us-gov-west-1", false, false,
     "https://s3-control.us-gov-west-1.amazonaws.com", "us-gov-west-1"},
    {&cc_op_s3_control_get_public_access_block, "us-gov-west-1", true, false,
     "https://s3-control-fips.us-gov-west-1.amazonaws.com", "us-gov-west-1"},
    {&cc_op_s3_control_get_public_access_block, "us-gov-west-1", false, true,
     "https://s3-control.dualstack.us-gov-west-1.amazonaws.com", "us-gov-west-1"},
    {&cc_op_s3_control_get_public_access_block, "us-gov-west-1", true, true,
     "https://s3-control-fips.dualstack.us-gov-west-1.amazonaws.com", "us-gov-west-1"},
    {&cc_op_cloudfront_list_distributions, "us-east-1", false, false,
     "https://cloudfront.amazonaws.com", "us-east-1"},
    {&cc_op_cloudfront_list_distributions, "us-east-1", true, false,
     "https://cloudfront-fips.amazonaws.com", "us-east-1"},
    {&cc_op_cloudfront_list_distributions, "us-east-1", false, true,
     "https://cloudfront.global.api.aws", "us-east-1"},
    {&cc_op_cloudfront_list_distributions, "us-east-1", true, true,
     "https://cloudfront-fips.global.api.aws", "us-east-1"},
    {&cc_op_cloudfront_list_distributions, "eu-west-1", false, false,
     "https://cloudfront.amazonaws.com", "us-east-1"},
    {&cc_op_cloudfront_list_distributions, "eu-west-1", true, false,
     "https://cloudfront-fips.amazonaws.com", "us-east-1"},
    {&cc_op_cloudfront_list_distributions, "eu-west-1", false, true,
     "https://cloudfront.global.api.aws", "us-east-1"},
    {&cc_op_cloudfront_list_distributions, "eu-west-1", true, true,
     "https://cloudfront-fips.global.api.aws", "us-east-1"},
    {&cc_op_cloudfront_list_distributions, "cn-north-1", false, false,
     "https://cloudfront.cn-northwest-1.amazonaws.com.cn", "cn-northwest-1"},
    {&cc_op_cloudfront_list_distributions, "cn-north-1", true, false,
     "https://cloudfront-fips.cn-northwest-1.amazonaws.com.cn", "cn-northwest-1"},
    {&cc_op_cloudfront_list_distributions, "cn-north-1", false, true,
     "https://cloudfront.api.amazonwebservices.com.cn", "cn-northwest-1"},
    {&cc_op_cloudfront_list_distributions, "cn-north-1", true, true,
     "https://cloudfront-fips.api.amazonwebservices.com.cn", "cn-northwest-1"},
    {&cc_op_support_describe_checks, "us-east-1", false, false,
     "https://support.us-east-1.amazonaws.com", "us-east-1"},
    {&cc_op_support_describe_checks, "us-east-1", true, false,
     "https://support-fips.us-east-1.amazonaws.com", "us-east-1"},
    {&cc_op_support_describe_checks, "us-east-1", false, true, "https://support.us-east-1.api.aws",
     "us-east-1"},
    {&cc_op_support_describe_checks, "us-east-1", true, true,
     "https://support-fips.us-east-1.api.aws", "us-east-1"},
    {&cc_op_support_describe_checks, "eu-west-1", false, false,
     "https://support.us-east-1.amazonaws.com", "us-east-1"},
    {&cc_op_support_describe_checks, "cn-north-1", false, false,
     "https://support.cn-north-1.amazonaws.com.cn", "cn-north-1"},
    {&cc_op_support_describe_checks, "cn-north-1", true, false,
     "https://support-fips.cn-north-1.amazonaws.com.cn", "cn-north-1"},
    {&cc_op_support_describe_checks, "cn-north-1", false, true,
     "https://support.cn-north-1.api.amazonwebservices.com.cn", "cn-north-1"},
    {&cc_op_support_describe_checks, "cn-north-1", true, true,
     "https://support-fips.cn-north-1.api.amazonwebservices.com.cn", "cn-north-1"},
    {&cc_op_support_describe_checks, "us-gov-west-1", false, false,
     "https://support.us-gov-west-1.amazonaws.com", "us-gov-west-1"},
    {&cc_op_support_describe_checks, "us-gov-west-1", true, false,
     "https://support.us-gov-west-1.amazonaws.com", "us-gov-west-1"},
    {&cc_op_support_describe_checks, "us-gov-west-1", false, true,
     "https://support.us-gov-west-1.api.aws", "us-gov-west-1"},
    {&cc_op_support_describe_checks, "us-gov-west-1", true, true,
     "https://support-fips.us-gov-west-1.api.aws", "us-gov-west-1"},
    {&cc_op_ec2_describe_volumes, "us-east-1", false, false, "https://ec2.us-east-1.amazonaws.com",
     "us-east-1"},
    {&cc_op_ec2_describe_volumes, "us-east-1", true, false,
     "https://ec2-fips.us-east-1.amazonaws.com", "us-east-1"},
    {&cc_op_ec2_describe_volumes, "us-east-1", false, true, "https://ec2.us-east-1.api.aws",
     "us-east-1"},
    {&cc_op_ec2_describe_volumes, "us-east-1", true, true, "https://ec2-fips.us-east-1.api.aws",
     "us-east-1"},
    {&cc_op_ec2_describe_volumes, "eu-west-1", false, false, "https://ec2.eu-west-1.amazonaws.com",
     "eu-west-1"},
    {&cc_op_ec2_describe_volumes, "eu-west-1", true, false,
     "https://ec2-fips.eu-west-1.amazonaws.com", "eu-west-1"},
    {&cc_op_ec2_describe_volumes, "eu-west-1", false, true, "https://ec2.eu-west-1.api.aws",
     "eu-west-1"},
    {&cc_op_ec2_describe_volumes, "eu-west-1", true, true, "https://ec2-fips.eu-west-1.api.aws",
     "eu-west-1"},
    {&cc_op_ec2_describe_volumes, "cn-north-1", false, false,
     "https://ec2.cn-north-1.amazonaws.com.cn", "cn-north-1"},
    {&cc_op_ec2_describe_volumes, "cn-north-1", true, false,
     "https://ec2-fips.cn-north-1.amazonaws.com.cn", "cn-north-1"},
    {&cc_op_ec2_describe_volumes, "cn-north-1", false, true,
     "https://ec2.cn-north-1.api.amazonwebservices.com.cn", "cn-north-1"},
    {&cc_op_ec2_describe_volumes, "cn-north-1", true, true,
     "https://ec2-fips.cn-north-1.api.amazonwebservices.com.cn", "cn-north-1"},
    {&cc_op_ec2_describe_volumes, "us-gov-west-1", false, false,
     "https://ec2.us-gov-west-1.amazonaws.com", "us-gov-west-1"},
    {&cc_op_ec2_describe_volumes, "us-gov-west-1", true, false,
     "https://ec2.us-gov-west-1.amazonaws.com", "us-gov-west-1"},
    {&cc_op_ec2_describe_volumes, "us-gov-west-1", false, true, "https://ec2.us-gov-west-1.api.aws",
     "us-gov-west-1"},
    {&cc_op_ec2_describe_volumes, "us-gov-west-1", true, true,
     "https://ec2-fips.us-gov-west-1.api.aws", "us-gov-west-1"},
};

static const char *endpoint_of(struct cc_arena *mem, const struct cc_service *service,
                               const struct cc_endpoint_wish *wish, const char **signing)
{
    return service->regional.label ? cc_endpoint_regional(mem, &service->regional, wish, signing)
                                   : service->endpoint(mem, wish, signing);
}

static void hosts_and_signing_regions_are_those_of_the_sdks(void **state)
{
    struct fake *fake = *state;

    for (size_t i = 0; i < CC_COUNT(botocore); i++) {
        const struct cc_endpoint_wish wish = {.region = botocore[i].region,
                                              .fips = botocore[i].fips,
                                              .dualstack = botocore[i].dualstack};
        const char *signing = NULL;

        assert_string_equal(
            endpoint_of(&fake->mem, botocore[i].operation->service, &wish, &signing),
            botocore[i].url);
        assert_string_equal(signing, botocore[i].signing);
    }
}

static void a_service_without_an_endpoint_in_a_partition_has_none(void **state)
{
    static const struct {
        const struct cc_operation *operation;
        const char *region;
    } rows[] = {
        {&cc_op_cloudfront_list_distributions, "us-gov-west-1"},
        {&cc_op_cloudfront_list_distributions, "eusc-de-east-1"},
        {&cc_op_support_describe_checks, "eusc-de-east-1"},
        {&cc_op_support_describe_checks, "us-isof-south-1"},
    };
    struct fake *fake = *state;

    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        const struct cc_endpoint_wish wish = {.region = rows[i].region};
        const char *signing = NULL;

        assert_null(endpoint_of(&fake->mem, rows[i].operation->service, &wish, &signing));
    }
}

static void a_pseudo_region_asks_for_fips(void **state)
{
    const struct cc_endpoint_wish wish = {.region = "fips-us-east-2"};
    struct fake *fake = *state;
    const char *signing = NULL;

    assert_string_equal(endpoint_of(&fake->mem, cc_op_s3_list_buckets.service, &wish, &signing),
                        "https://s3-fips.us-east-2.amazonaws.com");
    assert_string_equal(signing, "us-east-2");
    assert_string_equal(
        endpoint_of(&fake->mem, cc_op_ec2_describe_volumes.service, &wish, &signing),
        "https://ec2-fips.us-east-2.amazonaws.com");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FAKE_WORLD(hosts_and_signing_regions_are_those_of_the_sdks),
        IN_FAKE_WORLD(a_service_without_an_endpoint_in_a_partition_has_none),
        IN_FAKE_WORLD(a_pseudo_region_asks_for_fips),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
