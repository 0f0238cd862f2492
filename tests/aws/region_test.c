#include "credctl/aws/region.h"

#include "support/test.h"

static void every_partition_knows_its_regions(void **state)
{
    static const struct {
        const char *region;
        const char *partition;
    } rows[] = {
        {"us-east-1", "aws"},
        {"mx-central-1", "aws"},
        {"ap-southeast-7", "aws"},
        {"aws-global", "aws"},
        {"cn-north-1", "aws-cn"},
        {"aws-cn-global", "aws-cn"},
        {"us-gov-west-1", "aws-us-gov"},
        {"us-gov-mars-12", "aws-us-gov"},
        {"eusc-de-east-1", "aws-eusc"},
        {"us-iso-west-1", "aws-iso"},
        {"us-isob-east-1", "aws-iso-b"},
        {"eu-isoe-west-1", "aws-iso-e"},
        {"us-isof-south-1", "aws-iso-f"},
        {"aws-iso-f-global", "aws-iso-f"},
        {"us-new-place-1", "aws"},
        {"xx-north-1", "aws"},
        {"us-gov-west", "aws"},
        {"cn--1", "aws"},
        {"", "aws"},
    };

    (void)state;
    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        assert_string_equal(cc_partition_of(rows[i].region)->name, rows[i].partition);
    }
    assert_string_equal(cc_partition_of(NULL)->name, "aws");
}

static void a_region_is_fit_to_be_a_host_label(void **state)
{
    static const char *const bad[] = {"",       "-us",    "us-",       "us east", "a.evil.com",
                                      "us/../", "us-1\n", "us-1@evil", "us_1"};

    (void)state;
    assert_true(cc_region_valid("us-east-1"));
    assert_true(cc_region_valid("local"));
    assert_true(cc_region_valid("RegionOne")); /* OpenStack's, behind an S3 endpoint */
    assert_false(cc_region_valid(NULL));
    for (size_t i = 0; i < CC_COUNT(bad); i++) {
        assert_false(cc_region_valid(bad[i]));
    }
    assert_false(
        cc_region_valid("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"));
}

static void a_fips_pseudo_region_is_its_region_with_fips(void **state)
{
    static const struct {
        const char *given;
        const char *real; /* NULL: it is no pseudo-region */
        const char *host;
    } rows[] = {
        {"fips-us-gov-west-1", "us-gov-west-1", "https://sts.us-gov-west-1.amazonaws.com"},
        {"us-gov-west-1-fips", "us-gov-west-1", "https://sts.us-gov-west-1.amazonaws.com"},
        {"us-east-1-fips", "us-east-1", "https://sts-fips.us-east-1.amazonaws.com"},
        {"fips-prod-us-west-2", "us-west-2", "https://sts-fips.us-west-2.amazonaws.com"},
        {"fips-aws-global", "aws-global", "https://sts-fips.us-east-1.amazonaws.com"},
        {"aws-fips", "aws-global", "https://sts-fips.us-east-1.amazonaws.com"},
        {"us-east-1", NULL, "https://sts.us-east-1.amazonaws.com"},
    };
    struct fake *fake = *state;

    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        const char *region = rows[i].given;
        const struct cc_endpoint_wish wish = {.region = region};
        const char *signing = NULL;

        assert_int_equal(cc_region_without_fips(&fake->run.mem, &region), rows[i].real != NULL);
        assert_string_equal(region, rows[i].real ? rows[i].real : rows[i].given);
        assert_string_equal(cc_endpoint_sts(&fake->run.mem, &wish, &signing), rows[i].host);
        assert_null(strstr(signing, "fips"));
    }
}

struct endpoint {
    struct cc_endpoint_wish wish;
    const char *url;
    const char *signing;
};

static void expect_endpoints(struct fake *fake, const struct endpoint *rows,
                             const char *(*of)(struct cc_arena *mem,
                                               const struct cc_endpoint_wish *wish,
                                               const char **signing_region))
{
    for (; rows->url; rows++) {
        const char *signing = NULL;

        assert_string_equal(of(&fake->run.mem, &rows->wish, &signing), rows->url);
        assert_string_equal(signing, rows->signing);
    }
}

static void sts_has_the_host_its_rules_say(void **state)
{
    static const struct endpoint rows[] = {
        {{.region = "eu-west-1"}, "https://sts.eu-west-1.amazonaws.com", "eu-west-1"},
        {{.region = "eu-west-1", .fips = true},
         "https://sts-fips.eu-west-1.amazonaws.com",
         "eu-west-1"},
        {{.region = "eu-west-1", .dualstack = true}, "https://sts.eu-west-1.api.aws", "eu-west-1"},
        {{.region = "eu-west-1", .fips = true, .dualstack = true},
         "https://sts-fips.eu-west-1.api.aws",
         "eu-west-1"},
        {{.region = "us-gov-west-1", .fips = true},
         "https://sts.us-gov-west-1.amazonaws.com",
         "us-gov-west-1"},
        {{.region = "us-gov-west-1", .fips = true, .dualstack = true},
         "https://sts-fips.us-gov-west-1.api.aws",
         "us-gov-west-1"},
        {{.region = "cn-north-1"}, "https://sts.cn-north-1.amazonaws.com.cn", "cn-north-1"},
        {{.region = "eusc-de-east-1", .dualstack = true},
         "https://sts.eusc-de-east-1.api.amazonwebservices.eu",
         "eusc-de-east-1"},
        {{.region = "us-iso-east-1"}, "https://sts.us-iso-east-1.c2s.ic.gov", "us-iso-east-1"},
        {{.region = "us-isob-east-1"},
         "https://sts.us-isob-east-1.sc2s.sgov.gov",
         "us-isob-east-1"},
        {{.region = "eu-isoe-west-1"},
         "https://sts.eu-isoe-west-1.cloud.adc-e.uk",
         "eu-isoe-west-1"},
        {{.region = "us-isof-south-1", .dualstack = true},
         "https://sts.us-isof-south-1.api.aws.hci.ic.gov",
         "us-isof-south-1"},
        {{0}, "https://sts.amazonaws.com", "us-east-1"},
        {{.region = "aws-global"}, "https://sts.amazonaws.com", "us-east-1"},
        {{.region = "eu-west-1", .global_sts = true}, "https://sts.amazonaws.com", "us-east-1"},
        {{.region = "eu-west-1", .global_sts = true, .fips = true},
         "https://sts-fips.eu-west-1.amazonaws.com",
         "eu-west-1"},
        {{.region = "eu-south-1", .global_sts = true},
         "https://sts.eu-south-1.amazonaws.com",
         "eu-south-1"},
        {{.region = "aws-cn-global"},
         "https://sts.cn-northwest-1.amazonaws.com.cn",
         "cn-northwest-1"},
        {{.fips = true}, "https://sts-fips.us-east-1.amazonaws.com", "us-east-1"},
        {{0}, NULL, NULL},
    };

    expect_endpoints(*state, rows, cc_endpoint_sts);
}

static void the_other_services_have_theirs(void **state)
{
    struct fake *fake = *state;
    struct cc_arena *mem = &fake->run.mem;
    const struct cc_endpoint_wish plain = {.region = "eu-west-1"};
    const struct cc_endpoint_wish fips = {.region = "eu-west-1", .fips = true};
    const struct cc_endpoint_wish gov = {.region = "us-gov-east-1", .fips = true};
    const struct cc_endpoint_wish cn = {.region = "cn-north-1"};
    const struct cc_endpoint_wish iso = {.region = "us-iso-east-1"};

    assert_string_equal(cc_endpoint_sso_portal(mem, &plain),
                        "https://portal.sso.eu-west-1.amazonaws.com");
    assert_string_equal(cc_endpoint_sso_portal(mem, &fips),
                        "https://portal.sso-fips.eu-west-1.amazonaws.com");
    assert_string_equal(cc_endpoint_sso_portal(mem, &gov),
                        "https://portal.sso.us-gov-east-1.amazonaws.com");
    assert_string_equal(cc_endpoint_oidc(mem, &fips), "https://oidc-fips.eu-west-1.amazonaws.com");
    assert_string_equal(cc_endpoint_oidc(mem, &gov), "https://oidc.us-gov-east-1.amazonaws.com");
    assert_string_equal(cc_endpoint_signin(mem, &plain), "https://eu-west-1.signin.aws.amazon.com");
    assert_string_equal(cc_endpoint_signin(mem, &cn), "https://cn-north-1.signin.amazonaws.cn");
    assert_string_equal(cc_endpoint_signin(mem, &iso), "https://signin.us-iso-east-1.c2s.ic.gov");
    assert_string_equal(cc_endpoint_signin(mem, &fips),
                        "https://signin-fips.eu-west-1.amazonaws.com");
    assert_string_equal(cc_endpoint_signin(mem, &gov),
                        "https://signin-fips.us-gov-east-1.amazonaws.com");
}

static void iam_has_one_host_in_each_partition(void **state)
{
    static const struct endpoint rows[] = {
        {{0}, "https://iam.amazonaws.com", "us-east-1"},
        {{.region = "eu-west-1"}, "https://iam.amazonaws.com", "us-east-1"},
        {{.region = "eu-west-1", .fips = true}, "https://iam-fips.amazonaws.com", "us-east-1"},
        {{.region = "fips-us-west-2"}, "https://iam-fips.amazonaws.com", "us-east-1"},
        {{.region = "eu-west-1", .dualstack = true}, "https://iam.global.api.aws", "us-east-1"},
        {{.region = "us-east-2", .fips = true, .dualstack = true},
         "https://iam-fips.global.api.aws",
         "us-east-1"},
        {{.region = "cn-northwest-1"}, "https://iam.cn-north-1.amazonaws.com.cn", "cn-north-1"},
        {{.region = "cn-north-1", .dualstack = true},
         "https://iam.global.api.amazonwebservices.com.cn",
         "cn-north-1"},
        {{.region = "us-gov-east-1"}, "https://iam.us-gov.amazonaws.com", "us-gov-west-1"},
        {{.region = "us-gov-east-1", .fips = true},
         "https://iam.us-gov.amazonaws.com",
         "us-gov-west-1"},
        {{.region = "us-gov-east-1", .fips = true, .dualstack = true},
         "https://iam.us-gov.api.aws",
         "us-gov-west-1"},
        {{.region = "us-iso-west-1"}, "https://iam.us-iso-east-1.c2s.ic.gov", "us-iso-east-1"},
        {{.region = "us-iso-east-1", .fips = true},
         "https://iam-fips.us-iso-east-1.c2s.ic.gov",
         "us-iso-east-1"},
        {{.region = "us-isob-east-1"},
         "https://iam.us-isob-east-1.sc2s.sgov.gov",
         "us-isob-east-1"},
        {{.region = "eu-isoe-west-1"},
         "https://iam.eu-isoe-west-1.cloud.adc-e.uk",
         "eu-isoe-west-1"},
        {{.region = "us-isof-east-1"},
         "https://iam.us-isof-south-1.csp.hci.ic.gov",
         "us-isof-south-1"},
        {{.region = "eusc-de-east-1"}, "https://iam.eusc-de-east-1.amazonaws.eu", "eusc-de-east-1"},
        {{.region = "eusc-de-east-1", .dualstack = true},
         "https://iam.api.amazonwebservices.eu",
         "eusc-de-east-1"},
        {{0}, NULL, NULL},
    };

    expect_endpoints(*state, rows, cc_endpoint_iam);
}

static void organizations_is_asked_in_the_home_region(void **state)
{
    static const struct endpoint rows[] = {
        {{0}, "https://organizations.us-east-1.amazonaws.com", "us-east-1"},
        {{.region = "eu-west-1"}, "https://organizations.us-east-1.amazonaws.com", "us-east-1"},
        {{.region = "eu-west-1", .fips = true},
         "https://organizations-fips.us-east-1.amazonaws.com",
         "us-east-1"},
        {{.region = "cn-north-1"},
         "https://organizations.cn-northwest-1.amazonaws.com.cn",
         "cn-northwest-1"},
        {{.region = "us-gov-east-1", .fips = true},
         "https://organizations.us-gov-west-1.amazonaws.com",
         "us-gov-west-1"},
        {{.region = "us-isof-east-1"},
         "https://organizations.us-isof-south-1.csp.hci.ic.gov",
         "us-isof-south-1"},
        {{0}, NULL, NULL},
    };

    expect_endpoints(*state, rows, cc_endpoint_organizations);
}

static void a_host_is_of_aws_only_below_one_of_its_domains(void **state)
{
    static const struct {
        const char *host;
        bool is;
    } rows[] = {
        {"sts.eu-west-1.amazonaws.com", true},
        {"sts.cn-north-1.amazonaws.com.cn", true},
        {"vpce-1-2.sts.us-east-1.vpce.amazonaws.com", true},
        {"sts.eu-west-1.api.aws", true},
        {"us-east-1.signin.aws.amazon.com", true},
        {"amazonaws.com", false},
        {".amazonaws.com", false},
        {"evilamazonaws.com", false},
        {"amazonaws.com.evil.example", false},
        {"localhost", false},
        {"", false},
    };

    (void)state;
    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        if (cc_host_of_aws(rows[i].host) != rows[i].is) {
            fail_msg("%s", rows[i].host);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_host_is_of_aws_only_below_one_of_its_domains),
        IN_FAKE_WORLD(every_partition_knows_its_regions),
        IN_FAKE_WORLD(a_region_is_fit_to_be_a_host_label),
        IN_FAKE_WORLD(a_fips_pseudo_region_is_its_region_with_fips),
        IN_FAKE_WORLD(sts_has_the_host_its_rules_say),
        IN_FAKE_WORLD(the_other_services_have_theirs),
        IN_FAKE_WORLD(iam_has_one_host_in_each_partition),
        IN_FAKE_WORLD(organizations_is_asked_in_the_home_region),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
