#include "credctl/aws/call.h"
#include "credctl/aws/host.h"
#include "credctl/aws/region.h"
#include "credctl/base/text.h"

#include "parts.h"

#include <string.h>

#define ALL    "AWS_ENDPOINT_URL"
#define IGNORE "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"

/* A configured endpoint, and its place: "AWS_ENDPOINT_URL_S3", "~/.aws/config, line 7". */
struct endpoint {
    const char *url;
    const char *place;
    bool variable;
    bool specific; /* for one service */
};

static const char *remedy(struct cc_checkup *checkup, const struct endpoint *one)
{
    return one->variable ? cc_textf(&checkup->run->mem, "unset %s", one->place)
                         : cc_textf(&checkup->run->mem, "remove endpoint_url (%s)", one->place);
}

/* What a wrong endpoint explains: something only when credentials are fetched or confirmed there.
 */
static unsigned explains(const struct cc_checkup *checkup, const struct endpoint *one)
{
    static const char *const services[] = {"STS", "SSO", "SSO_OIDC", "SIGNIN"};

    for (size_t i = 0; i < CC_COUNT(services); i++) {
        const char *used =
            cc_settings_endpoint(checkup->run, &checkup->resolve.settings, NULL, services[i]);

        if (used && cc_text_equal(cc_text_trim(&checkup->run->mem, used), one->url)) {
            return CC_NOT_REACHED | CC_REFUSED;
        }
    }
    return 0;
}

static void tell_clear(struct cc_checkup *checkup, const struct endpoint *one,
                       const struct cc_url *url)
{
    struct cc_error err;

    cc_fail(&err, CC_E_UNSAFE_HOST, "calls go to %.80s without encryption (%s)", url->origin,
            one->place);
    cc_why(&err, "anybody on the way can read and change what is sent, session tokens included");
    cc_fix(&err, "write the URL with https, or %s", remedy(checkup, one));
    cc_found_cause(checkup, explains(checkup, one), &err);
}

/* An endpoint for one service is set on purpose; one for all services is often left over from an
 * emulator. */
static void tell_other(struct cc_checkup *checkup, const struct endpoint *one,
                       const struct cc_url *url)
{
    const unsigned broken = explains(checkup, one);
    struct cc_error err;

    if (one->specific && !(cc_checkup_breakdown(checkup) & broken)) {
        return;
    }
    cc_fail(&err, CC_E_ENDPOINT, "%s go to %.80s, not to AWS (%s)",
            one->specific ? "calls" : "all calls", url->origin, one->place);
    cc_fix(&err, "%s, unless an emulator or a gateway is meant", remedy(checkup, one));
    cc_found_cause(checkup, broken, &err);
}

static void tell_destination(struct cc_checkup *checkup, const struct endpoint *one,
                             const struct cc_url *url)
{
    if (!url->https && !cc_host_loopback(url->host)) {
        tell_clear(checkup, one, url);
    } else if (!cc_host_of_aws(url->host)) {
        tell_other(checkup, one, url);
    }
}

static void tell(struct cc_checkup *checkup, const struct endpoint *one)
{
    struct cc_url url;
    struct cc_error err;

    if (cc_text_blank(one->url)) {
        return;
    }
    if (cc_url_parse(&checkup->run->mem, one->url, one->place, &url, &err)) {
        tell_destination(checkup, one, &url);
        return;
    }
    cc_fix(&err, "write a URL such as https://HOST:PORT, or %s", remedy(checkup, one));
    cc_found_cause(checkup, explains(checkup, one) ? CC_SOURCE_FAILS : 0U, &err);
}

static void tell_variables(struct cc_checkup *checkup)
{
    struct cc_run *run = checkup->run;
    const char *const *row = run->world->env_all(run->world->self);

    for (; row && *row; row++) {
        const char *equals = strchr(*row, '=');

        if (equals && cc_text_starts(*row, ALL)) {
            const struct endpoint one = {
                cc_text_trim(&run->mem, equals + 1),
                cc_text_printable(&run->mem, cc_text_dup(&run->mem, *row, (size_t)(equals - *row))),
                true, (size_t)(equals - *row) > strlen(ALL)};

            tell(checkup, &one);
        }
    }
}

static void tell_property(struct cc_checkup *checkup, const struct cc_property *property,
                          bool specific)
{
    if (property && cc_text_equal(property->key, "endpoint_url")) {
        const struct endpoint one = {
            property->value,
            cc_textf(&checkup->run->mem, "%s, line %d", property->file, property->line), false,
            specific};

        tell(checkup, &one);
    }
}

/* botocore fails when there is no such section. */
static void tell_services(struct cc_checkup *checkup)
{
    const struct cc_settings *settings = &checkup->resolve.settings;
    const struct cc_property *name = cc_section_property(settings->section, "services");
    const struct cc_section *list =
        name ? cc_profiles_section(&settings->profiles, CC_SECTION_SERVICES, name->value) : NULL;
    struct cc_error err;

    if (name && !list) {
        cc_fail(&err, CC_E_CONFIG, "the section [services %.60s] does not exist", name->value);
        cc_why(&err, "services in %s, line %d names it; boto3 and the AWS CLI fail", name->file,
               name->line);
        cc_fix(&err, "add [services %.60s] to %s, or remove line %d", name->value, name->file,
               name->line);
        cc_found_warning(checkup, &err);
    }
    for (const struct cc_property *at = list ? list->properties : NULL; at; at = at->next) {
        for (const struct cc_property *nested = at->nested; nested; nested = nested->next) {
            tell_property(checkup, nested, true);
        }
    }
}

/* Configured, and none is used. */
static void tell_ignored(struct cc_checkup *checkup)
{
    const struct cc_settings *settings = &checkup->resolve.settings;
    const struct cc_property *property = cc_section_property(settings->section, "endpoint_url");
    const char *place =
        cc_variable(checkup, ALL) ? ALL
        : property ? cc_textf(&checkup->run->mem, "%s, line %d", property->file, property->line)
                   : NULL;
    struct cc_error err;

    if (!place) {
        cc_found_ok(checkup, "those of AWS: configured ones are ignored");
        return;
    }
    cc_fail(&err, CC_E_DIFFERS, "an endpoint is configured (%s) and ignored", place);
    cc_why(&err, IGNORE " or ignore_configured_endpoint_urls is true");
    cc_fix(&err, "remove the endpoint, or `unset " IGNORE "` to use it");
    cc_found_warning(checkup, &err);
}

static void run(struct cc_checkup *checkup)
{
    struct cc_run *run = checkup->run;
    const struct cc_settings *settings = &checkup->resolve.settings;
    const char *given = settings->given.endpoint_url;
    const char *sts = cc_settings_endpoint(run, settings, NULL, "STS");
    const bool ignored =
        cc_text_is_true(cc_setting(run, settings, IGNORE, "ignore_configured_endpoint_urls"));
    struct cc_url url = {0};
    struct cc_error err;

    if (sts && !cc_call_configured(run, settings, NULL, "STS", &url, &err)) {
        cc_found_broken(checkup, CC_SOURCE_FAILS | CC_REFUSED, &err);
        return;
    }
    if (given) {
        cc_found_ok(checkup, "%s (--endpoint-url)", url.origin);
        return;
    }
    if (ignored) {
        tell_ignored(checkup);
        return;
    }
    tell_variables(checkup);
    tell_property(checkup, cc_section_property(settings->section, "endpoint_url"), false);
    tell_services(checkup);
    if (cc_found_nothing(checkup)) {
        cc_found_ok(checkup, "%s%s%s", sts ? "STS is at " : "those of AWS", sts ? url.origin : "",
                    sts && !cc_host_of_aws(url.host) ? ", which is not of AWS" : "");
    }
}

const struct cc_check cc_check_endpoints = {
    .name = "endpoints",
    .title = "Endpoints",
    .about = "whether configured endpoints are URLs, encrypted, used, and of AWS",
    .run = run,
};
