#include "credctl/aws/region.h"
#include "credctl/base/text.h"
#include "credctl/providers/provider.h"

#include "walk.h"

#define SESSION_NAME "mcp-server-session"

const char *cc_variable(struct cc_run *run, const char *name)
{
    const char *value = cc_env(run, name);

    return cc_text_blank(value) ? NULL : cc_text_trim(&run->mem, value);
}

const char *cc_session_name(struct cc_run *run)
{
    return cc_textf(&run->mem, "credctl-%lld", (long long)cc_now(run));
}

int cc_duration_of(struct cc_search *search, const struct cc_section *section)
{
    const struct cc_property *given = cc_section_property(section, "duration_seconds");
    int64_t seconds = 0;

    if (given && !cc_text_number(given->value, 1, 129600, &seconds)) {
        cc_search_warn(search,
                       cc_textf(&search->run->mem,
                                "duration_seconds of profile %s (%s, line %d) is no number of "
                                "seconds and was ignored",
                                section->name, given->file, given->line));
        return 0;
    }
    return (int)seconds;
}

bool cc_region_for(struct cc_search *search, const struct cc_section *section, const char **region,
                   struct cc_error *why)
{
    const struct cc_settings *settings = search->settings;
    const struct cc_property *own = cc_section_property(section, "region");
    bool outranked = settings->given.region || cc_env(search->run, "AWS_REGION") ||
                     cc_env(search->run, "AWS_DEFAULT_REGION");

    if (!own || (outranked && settings->region)) {
        *region = settings->region;
        return true;
    }
    if (!cc_region_valid(own->value)) {
        cc_fail_profile(why, section, "its region \"%.80s\" cannot be part of a host name",
                        own->value);
        return cc_fix(why, "give a region such as us-east-1 in %s, line %d", own->file, own->line);
    }
    *region = own->value;
    return true;
}

const char *cc_region_for_call(const struct cc_search *search)
{
    const char *region = search->settings->region;

    return region || !search->on_instance ? region : cc_imds_region(search->run, search->settings);
}

struct cc_assume cc_role_of_profile(struct cc_search *search, const struct cc_section *section)
{
    return (struct cc_assume){
        .role_arn = cc_section_value(section, "role_arn"),
        .session_name = cc_section_value(section, "role_session_name"),
        .external_id = cc_section_value(section, "external_id"),
        .duration_seconds = cc_duration_of(search, section),
        .serial_number = cc_section_value(section, "mfa_serial"),
        .section = section,
    };
}

bool cc_hop_of_profile(struct cc_search *search, const struct cc_assume *role, struct cc_keys *keys,
                       struct cc_error *why)
{
    struct cc_assume hop = *role;
    struct cc_keys made;

    if (!cc_region_for(search, role->section, &hop.region, why)) {
        return false;
    }
    hop.region = hop.region ? hop.region : cc_region_for_call(search);
    hop.session_name = hop.session_name ? hop.session_name : cc_session_name(search->run);
    if (!cc_sts_assume_role(search->run, search->settings, keys, &hop, &made, why)) {
        return false;
    }
    *keys = made;
    return true;
}

bool cc_hop_from_environment(struct cc_run *run, struct cc_assume *hop, bool *present,
                             struct cc_error *err)
{
    const char *role = cc_variable(run, "AWS_ASSUME_ROLE_ARN");
    const char *name = cc_variable(run, "AWS_ASSUME_ROLE_SESSION_NAME");
    const char *duration = cc_variable(run, "AWS_ASSUME_ROLE_DURATION_SECONDS");
    int64_t seconds = 0;

    if (!role) {
        *present = false;
        return true;
    }
    if (!cc_text_starts(role, "arn:")) {
        cc_fail(err, CC_E_CONFIG, "AWS_ASSUME_ROLE_ARN is no ARN of a role");
        cc_why(err, "it is \"%.120s\"", role);
        return cc_fix(err, "write it as arn:aws:iam::123456789012:role/NAME, or unset it");
    }
    if (name && (!cc_text_consists(name, "_+=,.@-", 64) || !name[1])) {
        cc_fail(err, CC_E_CONFIG, "AWS_ASSUME_ROLE_SESSION_NAME is no session name");
        cc_why(err, "a session name has 2 to 64 letters, digits or any of _+=,.@-");
        return cc_fix(err, "correct AWS_ASSUME_ROLE_SESSION_NAME, or unset it");
    }
    if (duration && !cc_text_number(duration, 900, 43200, &seconds)) {
        cc_fail(err, CC_E_CONFIG, "AWS_ASSUME_ROLE_DURATION_SECONDS is no usable duration");
        cc_why(err, "it is \"%.60s\"; AWS takes 900 to 43200 seconds", duration);
        return cc_fix(err, "correct AWS_ASSUME_ROLE_DURATION_SECONDS, or unset it");
    }
    *hop = (struct cc_assume){
        .role_arn = role,
        .session_name = name ? name : SESSION_NAME,
        .external_id = cc_variable(run, "AWS_ASSUME_ROLE_EXTERNAL_ID"),
        .duration_seconds = (int)seconds,
    };
    *present = true;
    return true;
}
