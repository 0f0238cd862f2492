#include "credctl/aws/settings.h"

#include "support/test.h"

#define CONFIG "/h/.aws/config"

static struct cc_settings load(struct fake *fake, const struct cc_given *given)
{
    struct cc_settings settings = {0};
    struct cc_error err = {0};

    fake_env(fake, "HOME", "/h");
    if (!cc_settings_load(&fake->run, given, &settings, &err)) {
        fail_msg("%s: %s", err.what, err.why);
    }
    return settings;
}

/* The setting is broken for those who need it; nobody else is stopped. */
static void assert_broken(const struct cc_error *broken, const char *source)
{
    assert_non_null(broken);
    assert_int_equal(broken->code, CC_E_CONFIG);
    assert_non_null(strstr(broken->fix, source));
}

static void option_beats_variables_for_the_profile(void **state)
{
    struct fake *fake = *state;
    const struct cc_given given = {.profile = "o"};

    assert_string_equal(load(fake, NULL).profile, "default");
    assert_false(load(fake, NULL).profile_named);
    fake_env(fake, "AWS_DEFAULT_PROFILE", "d");
    assert_string_equal(load(fake, NULL).profile, "d");
    fake_env(fake, "AWS_PROFILE", "p");
    assert_string_equal(load(fake, NULL).profile, "p");
    assert_string_equal(load(fake, &given).profile, "o");
    assert_string_equal(load(fake, &given).profile_source, "--profile");
}

static void region_comes_from_option_variables_then_profile(void **state)
{
    struct fake *fake = *state;
    const struct cc_given given = {.region = "eu-west-4"};

    assert_null(load(fake, NULL).region);
    fake_file(fake, CONFIG, "[default]\nregion = eu-west-1\n");
    assert_string_equal(load(fake, NULL).region, "eu-west-1");
    assert_non_null(strstr(load(fake, NULL).region_source, "line 2"));
    fake_env(fake, "AWS_DEFAULT_REGION", "eu-west-2");
    assert_string_equal(load(fake, NULL).region, "eu-west-2");
    fake_env(fake, "AWS_REGION", "eu-west-3");
    assert_string_equal(load(fake, NULL).region, "eu-west-3");
    assert_string_equal(load(fake, &given).region, "eu-west-4");
}

static void a_region_that_is_no_host_label_stops_only_those_who_need_it(void **state)
{
    struct fake *fake = *state;
    struct cc_settings settings;
    struct cc_error err = {0};

    fake_env(fake, "AWS_REGION", "evil.example/#");
    settings = load(fake, NULL);
    assert_broken(settings.region_broken, "AWS_REGION");
    assert_false(cc_settings_region_usable(&settings, settings.region, &err));
    assert_non_null(strstr(err.what, "AWS_REGION"));
    assert_true(cc_settings_region_usable(&settings, "eu-west-1", &err));
    assert_true(cc_settings_region_usable(&settings, NULL, &err));
}

static void the_region_option_is_judged_at_once(void **state)
{
    struct fake *fake = *state;
    const struct cc_given given = {.region = "us east"};
    struct cc_settings settings;
    struct cc_error err = {0};

    assert_false(cc_settings_load(&fake->run, &given, &settings, &err));
    assert_int_equal(err.code, CC_E_CONFIG);
    assert_non_null(strstr(err.what, "--region"));
}

static void a_region_in_capitals_is_one(void **state)
{
    fake_env(*state, "AWS_REGION", "RegionOne");
    assert_null(load(*state, NULL).region_broken);
    assert_string_equal(load(*state, NULL).region, "RegionOne");
}

static void a_region_that_swallowed_a_comment_says_so(void **state)
{
    struct fake *fake = *state;

    fake_file(fake, CONFIG, "[default]\nregion = us-east-1\n  # output = json\n");
    assert_non_null(strstr(load(fake, NULL).region_broken->why, "line 3 is an indented comment"));
}

static void a_fips_pseudo_region_asks_for_fips(void **state)
{
    struct fake *fake = *state;

    fake_env(fake, "AWS_REGION", "fips-us-gov-west-1");
    assert_string_equal(load(fake, NULL).region, "us-gov-west-1");
    assert_true(load(fake, NULL).fips);
}

static void max_attempts_must_be_a_positive_number(void **state)
{
    struct fake *fake = *state;

    assert_int_equal(load(fake, NULL).max_attempts, 3);
    fake_env(fake, "AWS_MAX_ATTEMPTS", "5");
    assert_int_equal(load(fake, NULL).max_attempts, 5);
    fake_env(fake, "AWS_MAX_ATTEMPTS", "0");
    assert_broken(load(fake, NULL).attempts_broken, "AWS_MAX_ATTEMPTS");
    fake_env(fake, "AWS_MAX_ATTEMPTS", "1000");
    assert_null(load(fake, NULL).attempts_broken);
}

static void sts_endpoints_are_regional_unless_legacy_is_asked_for(void **state)
{
    struct fake *fake = *state;

    assert_false(load(fake, NULL).global_sts);
    fake_file(fake, CONFIG, "[default]\nsts_regional_endpoints = legacy\n");
    assert_true(load(fake, NULL).global_sts);
    fake_env(fake, "AWS_STS_REGIONAL_ENDPOINTS", "regional");
    assert_false(load(fake, NULL).global_sts);
    fake_env(fake, "AWS_STS_REGIONAL_ENDPOINTS", "both");
    assert_broken(load(fake, NULL).sts_broken, "AWS_STS_REGIONAL_ENDPOINTS");
}

static void booleans_are_true_in_any_case(void **state)
{
    struct fake *fake = *state;

    fake_env(fake, "AWS_USE_FIPS_ENDPOINT", "TRUE");
    fake_file(fake, CONFIG, "[default]\nuse_dualstack_endpoint = True\n");
    assert_true(load(fake, NULL).fips);
    assert_true(load(fake, NULL).dualstack);
    fake_env(fake, "AWS_USE_FIPS_ENDPOINT", "yes");
    assert_false(load(fake, NULL).fips);
}

static void ca_bundle_comes_from_option_variable_then_profile(void **state)
{
    struct fake *fake = *state;
    const struct cc_given given = {.ca_bundle = "/o"};

    fake_file(fake, CONFIG, "[default]\nca_bundle = ~/p\n");
    (void)load(fake, NULL);
    assert_string_equal(fake->run.ca_bundle, "/h/p");
    fake_env(fake, "AWS_CA_BUNDLE", "/v");
    (void)load(fake, NULL);
    assert_string_equal(fake->run.ca_bundle, "/v");
    (void)load(fake, &given);
    assert_string_equal(fake->run.ca_bundle, "/o");
}

static void endpoints_follow_their_order(void **state)
{
    struct fake *fake = *state;
    const struct cc_given given = {.endpoint_url = "http://o"};

    fake_file(fake, CONFIG,
              "[default]\nendpoint_url = http://profile\nservices = s\n"
              "[services s]\nsts =\n  endpoint_url = http://section\n");
    struct cc_settings settings = load(fake, NULL);
    assert_string_equal(cc_settings_endpoint(&fake->run, &settings, NULL, "STS"), "http://section");
    assert_string_equal(cc_settings_endpoint(&fake->run, &settings, NULL, "SSO_OIDC"),
                        "http://profile");
    fake_env(fake, "AWS_ENDPOINT_URL", "http://all");
    assert_string_equal(cc_settings_endpoint(&fake->run, &settings, NULL, "STS"), "http://all");
    fake_env(fake, "AWS_ENDPOINT_URL_STS", "http://sts");
    assert_string_equal(cc_settings_endpoint(&fake->run, &settings, NULL, "STS"), "http://sts");
    fake_env(fake, "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true");
    assert_null(cc_settings_endpoint(&fake->run, &settings, NULL, "STS"));
    settings = load(fake, &given);
    assert_string_equal(cc_settings_endpoint(&fake->run, &settings, NULL, "STS"), "http://o");
}

static void every_service_has_its_variable_and_its_part_of_a_services_section(void **state)
{
    struct fake *fake = *state;

    fake_file(fake, CONFIG,
              "[default]\nservices = s\n[services s]\niam =\n  endpoint_url = http://section\n"
              "cost_explorer =\n  endpoint_url = http://costs\n");
    struct cc_settings settings = load(fake, NULL);
    assert_string_equal(cc_settings_endpoint(&fake->run, &settings, NULL, "IAM"), "http://section");
    assert_string_equal(cc_settings_endpoint(&fake->run, &settings, NULL, "COST_EXPLORER"),
                        "http://costs");
    assert_null(cc_settings_endpoint(&fake->run, &settings, NULL, "ORGANIZATIONS"));
    fake_env(fake, "AWS_ENDPOINT_URL", "http://all");
    assert_string_equal(cc_settings_endpoint(&fake->run, &settings, NULL, "ORGANIZATIONS"),
                        "http://all");
    fake_env(fake, "AWS_ENDPOINT_URL_IAM", "http://iam");
    assert_string_equal(cc_settings_endpoint(&fake->run, &settings, NULL, "IAM"), "http://iam");
    assert_string_equal(cc_settings_endpoint(&fake->run, &settings, NULL, "STS"), "http://all");
}

static const char *place(struct fake *fake, const struct cc_settings *settings)
{
    return cc_settings_endpoint_place(&fake->run, settings, NULL, "STS");
}

static void the_place_of_an_endpoint_is_known(void **state)
{
    struct fake *fake = *state;
    const struct cc_given given = {.endpoint_url = "http://o"};

    struct cc_settings settings = load(fake, NULL);
    assert_null(place(fake, &settings));
    fake_file(fake, CONFIG,
              "[default]\nendpoint_url = http://profile\nservices = s\n"
              "[services s]\nsts =\n  endpoint_url = http://section\n");
    settings = load(fake, NULL);
    assert_string_equal(place(fake, &settings), CONFIG ", line 6");
    fake_env(fake, "AWS_ENDPOINT_URL", "http://all");
    assert_string_equal(place(fake, &settings), "AWS_ENDPOINT_URL");
    fake_env(fake, "AWS_ENDPOINT_URL_STS", "http://sts");
    assert_string_equal(place(fake, &settings), "AWS_ENDPOINT_URL_STS");
    settings = load(fake, &given);
    assert_string_equal(place(fake, &settings), "--endpoint-url");
}

static void a_profile_of_a_chain_has_its_own_endpoint_before_the_selected_ones(void **state)
{
    struct fake *fake = *state;

    fake_file(fake, CONFIG,
              "[default]\nendpoint_url = http://selected\n[profile own]\n"
              "endpoint_url = http://own\n[profile none]\nregion = x\n"
              "[profile off]\nignore_configured_endpoint_urls = true\nendpoint_url = http://off\n");
    struct cc_settings settings = load(fake, NULL);
    static const struct {
        const char *profile;
        const char *endpoint;
    } rows[] = {{"own", "http://own"}, {"none", "http://selected"}, {"off", NULL}};
    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        const char *got = cc_settings_endpoint(
            &fake->run, &settings,
            cc_profiles_section(&settings.profiles, CC_SECTION_PROFILE, rows[i].profile), "STS");

        assert_int_equal(got == NULL, rows[i].endpoint == NULL);
        if (got) {
            assert_string_equal(got, rows[i].endpoint);
        }
    }
}

static void a_broken_file_is_kept_for_those_who_need_it(void **state)
{
    fake_file(*state, CONFIG, "nonsense\n");
    struct cc_settings settings = load(*state, NULL);
    assert_true(settings.profiles_broken);
    assert_int_equal(settings.profiles_err.code, CC_E_CONFIG_SYNTAX);
    assert_null(settings.section);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FAKE_WORLD(option_beats_variables_for_the_profile),
        IN_FAKE_WORLD(region_comes_from_option_variables_then_profile),
        IN_FAKE_WORLD(a_region_that_is_no_host_label_stops_only_those_who_need_it),
        IN_FAKE_WORLD(the_region_option_is_judged_at_once),
        IN_FAKE_WORLD(a_region_in_capitals_is_one),
        IN_FAKE_WORLD(a_region_that_swallowed_a_comment_says_so),
        IN_FAKE_WORLD(a_fips_pseudo_region_asks_for_fips),
        IN_FAKE_WORLD(max_attempts_must_be_a_positive_number),
        IN_FAKE_WORLD(sts_endpoints_are_regional_unless_legacy_is_asked_for),
        IN_FAKE_WORLD(booleans_are_true_in_any_case),
        IN_FAKE_WORLD(ca_bundle_comes_from_option_variable_then_profile),
        IN_FAKE_WORLD(endpoints_follow_their_order),
        IN_FAKE_WORLD(every_service_has_its_variable_and_its_part_of_a_services_section),
        IN_FAKE_WORLD(the_place_of_an_endpoint_is_known),
        IN_FAKE_WORLD(a_profile_of_a_chain_has_its_own_endpoint_before_the_selected_ones),
        IN_FAKE_WORLD(a_broken_file_is_kept_for_those_who_need_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
