#include "credctl/base/text.h"

#include "parts.h"

#include <string.h>

/* Properties of a profile; a name that is only similar is a mistake (AWS SDKs and Tools Reference
 * Guide, "Settings reference"; AWS CLI User Guide, "Configuration and credential file settings").
 */
static const char *const known[] = {
    "account_id_endpoint_mode",
    "api_versions",
    "aws_access_key_id",
    "aws_account_id",
    "aws_secret_access_key",
    "aws_security_token",
    "aws_session_token",
    "ca_bundle",
    "cli_auto_prompt",
    "cli_binary_format",
    "cli_follow_urlparam",
    "cli_history",
    "cli_pager",
    "cli_timestamp_format",
    "credential_process",
    "credential_source",
    "defaults_mode",
    "disable_ec2_metadata",
    "disable_host_prefix_injection",
    "disable_request_compression",
    "duration_seconds",
    "ec2_instance_profile_name",
    "ec2_metadata_service_endpoint",
    "ec2_metadata_service_endpoint_mode",
    "ec2_metadata_v1_disabled",
    "endpoint_discovery_enabled",
    "endpoint_url",
    "external_id",
    "ignore_configured_endpoint_urls",
    "login_session",
    "max_attempts",
    "metadata_service_num_attempts",
    "metadata_service_timeout",
    "mfa_serial",
    "output",
    "parameter_validation",
    "region",
    "request_checksum_calculation",
    "request_min_compression_size_bytes",
    "response_checksum_validation",
    "retry_mode",
    "role_arn",
    "role_session_name",
    "s3",
    "s3_disable_express_session_auth",
    "s3_disable_multiregion_access_points",
    "s3_us_east_1_regional_endpoint",
    "s3_use_arn_region",
    "sdk_ua_app_id",
    "services",
    "sigv4a_signing_region_set",
    "source_profile",
    "sso_account_id",
    "sso_account_name",
    "sso_auto_populated",
    "sso_region",
    "sso_registration_scopes",
    "sso_role_name",
    "sso_session",
    "sso_start_url",
    "sts_regional_endpoints",
    "tcp_keepalive",
    "use_dualstack_endpoint",
    "use_fips_endpoint",
    "web_identity_token_file",
};

static const char *known_name(const void *list, size_t i)
{
    (void)list;
    return i < CC_COUNT(known) ? known[i] : NULL;
}

static bool is_known(const char *key)
{
    size_t i = 0;

    while (i < CC_COUNT(known) && !cc_text_equal(known[i], key)) {
        i++;
    }
    return i < CC_COUNT(known);
}

/* Names that people expect, too different to be found as similar ones. */
static const struct {
    const char *wrong;
    const char *right;
} expected[] = {
    {"aws_access_key", "aws_access_key_id"}, {"aws_secret_key", "aws_secret_access_key"},
    {"aws_token", "aws_session_token"},      {"session_token", "aws_session_token"},
    {"profile", "source_profile"},           {"role", "role_arn"},
    {"session_name", "role_session_name"},
};

/* The property that was meant; NULL when none is known. Programs have properties of their own, so
 * only a slip of the pen counts. */
static const char *meant_by(const char *key)
{
    const char *near = is_known(key) ? NULL : cc_text_nearest(key, known_name, NULL);

    for (size_t i = 0; i < CC_COUNT(expected); i++) {
        if (cc_text_equal(expected[i].wrong, key)) {
            return expected[i].right;
        }
    }
    const size_t length = strlen(key);
    return near && strlen(near) + 2 >= length && strlen(near) <= length + 2 ? near : NULL;
}

/* Not for a property that is there too: then the similar one is something else. */
static void tell_misspelled(struct cc_checkup *checkup, const struct cc_section *section)
{
    const struct cc_property *property = section ? section->properties : NULL;
    struct cc_error err;

    for (; property; property = property->next) {
        const char *meant = meant_by(property->key);

        if (!meant || cc_section_property(section, meant)) {
            continue;
        }
        cc_fail(&err, CC_E_CONFIG, "profile %s has the unknown property %.60s (%s, line %d)",
                section->name, property->key, property->file, property->line);
        cc_why(&err, "programs ignore it");
        cc_fix(&err, "write %s in line %d of %s, if that is meant", meant, property->line,
               property->file);
        cc_found_cause(checkup, CC_NONE_FOUND | CC_SOURCE_FAILS | CC_REFUSED, &err);
    }
}

static void tell_missing(struct cc_checkup *checkup)
{
    const struct cc_stage *behind = cc_checkup_plan_behind(checkup);
    const bool used = cc_checkup_plan(checkup)->state == CC_STAGE_FAILED;
    struct cc_error err = behind->why;

    const char *told = cc_found_before(checkup, &err);
    if (told) {
        cc_found_unchecked(checkup, "%s: see %s", err.what, told);
        return;
    }
    if (!used) {
        cc_why(&err,
               "%s names it; the keys in the environment are used, but boto3 and the AWS CLI "
               "fail",
               checkup->resolve.settings.profile_source);
    }
    cc_found_of_chain(checkup, &err);
}

/* boto3 and the AWS CLI use such a name as it is. */
static void tell_name(struct cc_checkup *checkup, const char *variable)
{
    const char *raw = cc_raw_variable(checkup, variable);
    const char *wrapping = cc_variable_wrapping(checkup, variable);
    struct cc_error err;

    if (raw && cc_text_blank(raw)) {
        cc_fail(&err, CC_E_DIFFERS, "%s is set, but %s", variable,
                raw[0] ? "has only blanks" : "empty");
        cc_why(&err, "boto3 and the AWS CLI fail with it; others use the default profile");
        cc_fix(&err, "unset %s", variable);
        cc_found_warning(checkup, &err);
    } else if (wrapping && checkup->resolve.settings.section) {
        cc_fail(&err, CC_E_DIFFERS, "%s has %s around the name", variable, wrapping);
        cc_why(&err, "boto3 and the AWS CLI do not find that profile");
        cc_fix(&err, "export %s=%s", variable,
               cc_text_sh_word(&checkup->run->mem, cc_variable(checkup, variable)));
        cc_found_warning(checkup, &err);
    }
}

static void tell_two_names(struct cc_checkup *checkup)
{
    const char *name = cc_variable(checkup, "AWS_PROFILE");
    const char *old = cc_variable(checkup, "AWS_DEFAULT_PROFILE");
    struct cc_error err;

    if (!old || cc_text_equal(name, old) || checkup->resolve.settings.given.profile) {
        return;
    }
    if (name) {
        cc_fail(&err, CC_E_DIFFERS, "AWS_PROFILE (%.60s) and AWS_DEFAULT_PROFILE (%.60s) differ",
                name, old);
        cc_why(&err, "boto3 uses AWS_DEFAULT_PROFILE, other programs AWS_PROFILE");
        cc_fix(&err, "unset AWS_DEFAULT_PROFILE");
    } else {
        cc_fail(&err, CC_E_DIFFERS, "the profile is set in AWS_DEFAULT_PROFILE (%.60s)", old);
        cc_why(&err, "only boto3, the AWS CLI and credctl read it; other SDKs use the default "
                     "profile");
        cc_fix(&err, "export AWS_PROFILE=%s; unset AWS_DEFAULT_PROFILE",
               cc_text_sh_word(&checkup->run->mem, old));
    }
    cc_found_warning(checkup, &err);
}

static void run(struct cc_checkup *checkup)
{
    const struct cc_settings *settings = &checkup->resolve.settings;
    const struct cc_section *section = settings->section;

    if (settings->profiles_broken) {
        cc_found_unchecked(checkup, "%s: see %s", settings->profiles_err.what,
                           cc_found_before(checkup, &settings->profiles_err));
        return;
    }
    if (settings->profile_named && !section) {
        tell_missing(checkup);
        return;
    }
    tell_name(checkup, "AWS_PROFILE");
    tell_name(checkup, "AWS_DEFAULT_PROFILE");
    tell_two_names(checkup);
    tell_misspelled(checkup, section);
    if (!cc_found_nothing(checkup)) {
        return;
    }
    if (section) {
        cc_found_ok(checkup, "%s%s%s (%s, line %d)", settings->profile,
                    settings->profile_named ? ", selected by " : "",
                    settings->profile_named ? settings->profile_source : "", section->file,
                    section->line);
    } else {
        cc_found_ok(checkup, "none is selected, and there is none named default");
    }
}

const struct cc_check cc_check_profile = {
    .name = "profile",
    .title = "Profile",
    .about = "whether the selected profile exists and every program selects the same one",
    .run = run,
};
