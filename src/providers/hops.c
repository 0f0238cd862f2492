#include "hops.h"

#include "credctl/aws/region.h"
#include "credctl/base/text.h"

#define SESSION_NAME "mcp-server-session"

int cc_duration_of(struct cc_search *search, const struct cc_section *section)
{
    const struct cc_property *given = cc_input_property(search, section, "duration_seconds");
    int64_t seconds = 0;

    if (given && !cc_text_number(given->value, 1, 129600, &seconds)) {
        cc_search_warn(search,
                       cc_textf(&search->run->mem,
                                "duration_seconds of profile %s (%s, line %d) is not a number of "
                                "seconds and was ignored",
                                section->name, given->file, given->line));
        return 0;
    }
    return (int)seconds;
}

bool cc_hop_of_profile(struct cc_search *search, const struct cc_section *section,
                       struct cc_assume *role, struct cc_error *why)
{
    struct cc_assume made = {
        .role_arn = cc_input_value(search, section, "role_arn"),
        .session_name = cc_input_value(search, section, "role_session_name"),
        .external_id = cc_input_value(search, section, "external_id"),
        .duration_seconds = cc_duration_of(search, section),
        .serial_number = cc_input_value(search, section, "mfa_serial"),
        .section = section,
    };

    if (!cc_input_region(search, section, &made.region, why)) {
        return false;
    }
    cc_input_call(search, section, "STS", made.region);
    *role = made;
    return true;
}

bool cc_hop_take(struct cc_search *search, const struct cc_assume *role, struct cc_keys *keys,
                 struct cc_error *why)
{
    struct cc_assume hop = *role;
    struct cc_keys made;

    hop.region = hop.region ? hop.region : cc_region_for_call(search);
    hop.session_name = hop.session_name ? hop.session_name : cc_session_name(search->run);
    if (!cc_sts_assume_role(search->run, search->settings, keys, &hop, &made, why)) {
        return false;
    }
    *keys = made;
    return true;
}

/* True for a hop that an outer credctl makes with the credentials of this one. */
static bool taken_by_caller(struct cc_search *search, const char *role)
{
    return cc_text_equal(cc_input_variable(search, CC_HOP_TAKEN), role);
}

bool cc_hop_from_environment(struct cc_search *search, struct cc_assume *hop, bool *present,
                             struct cc_error *err)
{
    search->ledger.blemish = NULL;
    const char *role = cc_input_variable(search, "AWS_ASSUME_ROLE_ARN");
    int64_t seconds = 0;

    if (!role || taken_by_caller(search, role)) {
        *present = false;
        return true;
    }
    const char *name = cc_input_variable(search, "AWS_ASSUME_ROLE_SESSION_NAME");
    const char *duration = cc_input_variable(search, "AWS_ASSUME_ROLE_DURATION_SECONDS");
    const char *external = cc_input_variable(search, "AWS_ASSUME_ROLE_EXTERNAL_ID");
    if (!cc_input_clean(search, err)) {
        return false;
    }
    if (!cc_text_starts(role, "arn:")) {
        cc_fail(err, CC_E_CONFIG, "AWS_ASSUME_ROLE_ARN is not the ARN of a role");
        cc_why(err, "it is \"%.120s\"", role);
        return cc_fix(err, "write it as arn:aws:iam::123456789012:role/NAME, or unset it");
    }
    if (name && (!cc_text_consists(name, "_+=,.@-", 64) || !name[1])) {
        cc_fail(err, CC_E_CONFIG, "AWS_ASSUME_ROLE_SESSION_NAME is not a valid session name");
        cc_why(err, "a session name has 2 to 64 letters, digits and characters of _+=,.@-");
        return cc_fix(err, "correct AWS_ASSUME_ROLE_SESSION_NAME, or unset it");
    }
    if (duration && !cc_text_number(duration, 900, 43200, &seconds)) {
        cc_fail(err, CC_E_CONFIG, "AWS_ASSUME_ROLE_DURATION_SECONDS is not a valid duration");
        cc_why(err, "it is \"%.60s\"; AWS takes 900 to 43200 seconds", duration);
        return cc_fix(err, "correct AWS_ASSUME_ROLE_DURATION_SECONDS, or unset it");
    }
    *hop = (struct cc_assume){
        .role_arn = role,
        .session_name = name ? name : SESSION_NAME,
        .external_id = external,
        .duration_seconds = (int)seconds,
    };
    *present = true;
    return true;
}
