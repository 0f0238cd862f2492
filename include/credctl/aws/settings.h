#ifndef CREDCTL_AWS_SETTINGS_H
#define CREDCTL_AWS_SETTINGS_H

/*
 * The settings of command line, variables and selected profile, in that order of precedence. Read
 * once per run.
 */

#include "credctl/aws/shared_files.h"

/* Settings from the command line; each may be NULL. */
struct cc_given {
    const char *profile;
    const char *region;
    const char *endpoint_url;
    const char *ca_bundle;
};

struct cc_settings {
    struct cc_given given;
    struct cc_profiles profiles;
    bool profiles_broken;             /* a file could not be read or parsed ... */
    struct cc_error profiles_err;     /* ... and why: fatal only to those who need the files */
    const char *profile;              /* --profile, AWS_PROFILE, AWS_DEFAULT_PROFILE, "default" */
    const char *profile_source;       /* "--profile", "AWS_PROFILE", ..., or "default" */
    bool profile_named;               /* named by an option or variable: it must exist */
    const struct cc_section *section; /* of the selected profile; NULL when there is none */
    const char *region;               /* NULL when none is configured; not checked */
    const char *region_source;
    bool fips; /* also set by a pseudo-region: fips-us-gov-west-1 is us-gov-west-1 with FIPS */
    bool dualstack;
    bool global_sts;  /* sts_regional_endpoints = legacy */
    int max_attempts; /* 1 and more */
    /* Why a setting is invalid; NULL: it is valid. An error only for what needs the setting. */
    const struct cc_error *region_broken;
    const struct cc_error *sts_broken;      /* sts_regional_endpoints */
    const struct cc_error *attempts_broken; /* max_attempts */
};

/* Fails only when --region is malformed, with CC_E_CONFIG. Also sets run->ca_bundle. */
CC_MUST_USE bool cc_settings_load(struct cc_run *run, const struct cc_given *given,
                                  struct cc_settings *settings, struct cc_error *err);

/*
 * True when `region` can be part of a host name; also true for NULL. Fails with CC_E_CONFIG and
 * names the place of the setting.
 */
CC_MUST_USE bool cc_settings_region_usable(const struct cc_settings *settings, const char *region,
                                           struct cc_error *err);

/*
 * True when a call to the service (arguments as for cc_settings_endpoint) can be made with
 * `region`: it can be part of a host name, or the endpoint is configured and the region only
 * signed (S3-compatible clouds call theirs as they like). NULL is true.
 */
bool cc_settings_region_fits(const struct cc_run *run, const struct cc_settings *settings,
                             const struct cc_section *section, const char *id, const char *region);

/* The variable, else the property of the selected profile, else NULL. Either name may be NULL. */
const char *cc_setting(const struct cc_run *run, const struct cc_settings *settings,
                       const char *variable, const char *property);

/*
 * True when the variable is set, or the property of `section` (NULL: none) is absent or one line.
 * Otherwise an indented line below it is a part of the value: fails with CC_E_CONFIG. `variable`
 * may be NULL.
 */
CC_MUST_USE bool cc_setting_whole(const struct cc_run *run, const struct cc_section *section,
                                  const char *variable, const char *property, struct cc_error *err);
/* The same for all that a call to a service reads; arguments as for cc_settings_endpoint. */
CC_MUST_USE bool cc_settings_call_whole(const struct cc_run *run,
                                        const struct cc_settings *settings,
                                        const struct cc_section *section, const char *id,
                                        struct cc_error *err);

/*
 * The configured endpoint of a service, or NULL: --endpoint-url, AWS_ENDPOINT_URL_<ID>,
 * AWS_ENDPOINT_URL, the services section of `section`, endpoint_url of `section`; only the first
 * when ignore_configured_endpoint_urls or its variable is true. `id` is the service ID of the SDKs
 * in capitals, with '_' for a blank: "STS", "SSO_OIDC", "IAM"; a services section has it in small
 * letters. `section` is the profile that makes the call (NULL: the selected one).
 */
const char *cc_settings_endpoint(const struct cc_run *run, const struct cc_settings *settings,
                                 const struct cc_section *section, const char *id);
/* Where that is configured, for messages: "AWS_ENDPOINT_URL", "~/.aws/config, line 7"; or NULL. */
const char *cc_settings_endpoint_place(struct cc_run *run, const struct cc_settings *settings,
                                       const struct cc_section *section, const char *id);

#endif
