#include "credctl/base/text.h"

#include "parts.h"

/* Settings with a fixed set of values. */
static const struct {
    const char *variable;
    const char *property;
    const char *words[8];
    const char *otherwise; /* what happens with another value */
} settings_rows[] = {
    {"AWS_RETRY_MODE",
     "retry_mode",
     {"standard", "adaptive", "legacy"},
     "boto3 and the AWS CLI fail with it"},
    {"AWS_DEFAULTS_MODE",
     "defaults_mode",
     {"standard", "in-region", "cross-region", "mobile", "auto", "legacy"},
     "boto3 and other SDKs fail with it"},
    {"AWS_USE_FIPS_ENDPOINT",
     "use_fips_endpoint",
     {"true", "false"},
     "it counts as false, so FIPS endpoints are not used"},
    {"AWS_USE_DUALSTACK_ENDPOINT",
     "use_dualstack_endpoint",
     {"true", "false"},
     "it counts as false, so dual-stack endpoints are not used"},
    {"AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
     "ignore_configured_endpoint_urls",
     {"true", "false"},
     "it counts as false, so configured endpoints are used"},
    {"AWS_EC2_METADATA_V1_DISABLED",
     "ec2_metadata_v1_disabled",
     {"true", "false"},
     "it counts as false, so IMDSv1 is used too"},
};

static bool is_one_of(const char *value, const char *const *words)
{
    while (*words && !cc_text_equal_nocase(value, *words)) {
        words++;
    }
    return *words != NULL;
}

static void tell_row(struct cc_checkup *checkup, size_t i)
{
    struct cc_arena *mem = &checkup->run->mem;
    const struct cc_section *section = checkup->resolve.settings.section;
    const struct cc_property *property = cc_section_property(section, settings_rows[i].property);
    const char *variable = cc_variable(checkup, settings_rows[i].variable);
    const char *value = variable ? variable : property ? property->value : NULL;
    struct cc_error err;

    if (!value || is_one_of(value, settings_rows[i].words)) {
        return;
    }
    const char *place = variable ? settings_rows[i].variable
                                 : cc_textf(mem, "%s (%s, line %d)", settings_rows[i].property,
                                            property->file, property->line);
    cc_fail(&err, CC_E_CONFIG, "%s has the unknown value \"%.40s\"", place, value);
    cc_why(&err, "%s", settings_rows[i].otherwise);
    cc_fix(&err, "write %s in %s, or remove it", settings_rows[i].words[0], place);
    if (variable) {
        cc_fix(&err, "export %s=%s, or unset it", settings_rows[i].variable,
               settings_rows[i].words[0]);
    }
    cc_found_warning(checkup, &err);
}

/* The name of an endpoint does not resolve, and it is a FIPS one: most regions have none. */
static void tell_fips(struct cc_checkup *checkup)
{
    const bool used = checkup->resolve.settings.fips;
    struct cc_error err;

    if (!used || cc_checkup_breakdown(checkup) != CC_NOT_REACHED ||
        (checkup->keys.why.code != CC_E_DNS && checkup->caller.why.code != CC_E_DNS)) {
        return;
    }
    cc_fail(&err, CC_E_CONFIG, "FIPS endpoints are used, and this region has none for STS");
    cc_why(&err,
           "AWS_USE_FIPS_ENDPOINT, use_fips_endpoint or the name of the region asks for them");
    cc_fix(&err, "unset AWS_USE_FIPS_ENDPOINT, or choose a region with FIPS endpoints, such as "
                 "us-east-1");
    cc_found_cause(checkup, CC_NOT_REACHED, &err);
}

static void run(struct cc_checkup *checkup)
{
    const struct cc_settings *settings = &checkup->resolve.settings;
    const struct cc_error *const broken[] = {settings->attempts_broken, settings->sts_broken};

    for (size_t i = 0; i < CC_COUNT(broken); i++) {
        if (broken[i]) {
            cc_found_broken(checkup, CC_NOT_REACHED | CC_SOURCE_FAILS | CC_REFUSED, broken[i]);
        }
    }
    for (size_t i = 0; i < CC_COUNT(settings_rows); i++) {
        tell_row(checkup, i);
    }
    tell_fips(checkup);
    if (cc_found_nothing(checkup)) {
        cc_found_ok(checkup, "retries, FIPS, dual-stack and the like have valid values");
    }
}

const struct cc_check cc_check_settings = {
    .name = "settings",
    .title = "Settings",
    .about = "retries, FIPS, dual-stack and other settings with a fixed set of values",
    .run = run,
};
