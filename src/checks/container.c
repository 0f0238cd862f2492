#include "credctl/aws/host.h"
#include "credctl/base/text.h"
#include "credctl/base/url.h"

#include "parts.h"

#define RELATIVE   "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"
#define FULL       "AWS_CONTAINER_CREDENTIALS_FULL_URI"
#define TOKEN      "AWS_CONTAINER_AUTHORIZATION_TOKEN"
#define TOKEN_FILE "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"

/* An agent of ECS or EKS is meant. On loopback, other programs answer too. */
static bool means_agent(struct cc_checkup *checkup, const char *relative, const char *full)
{
    struct cc_url url;
    struct cc_error ignored;

    return relative || (cc_url_parse(&checkup->run->mem, full, FULL, &url, &ignored) &&
                        cc_host_near(url.host) && !cc_host_loopback(url.host));
}

/* Outside of AWS, and nothing answered. */
static void tell_left_over(struct cc_checkup *checkup, const char *name)
{
    struct cc_error err;

    cc_fail(&err, CC_E_LEFTOVER, "%s is set, but this is not a container of ECS or EKS", name);
    cc_why(&err, "it was copied here; programs that read it wait for an agent that does not exist");
    cc_fix(&err, "unset %s", name);
    cc_found_cause(checkup, CC_SOURCE_FAILS, &err);
}

static void tell_both(struct cc_checkup *checkup)
{
    struct cc_error err;

    cc_fail(&err, CC_E_DIFFERS, "both " RELATIVE " and " FULL " are set");
    cc_why(&err, "most SDKs use the first, some versions of the SDK for Go the second");
    cc_fix(&err, "unset " FULL);
    cc_found_warning(checkup, &err);
}

static void tell_token_alone(struct cc_checkup *checkup)
{
    const char *name = cc_variable(checkup, TOKEN_FILE) ? TOKEN_FILE : TOKEN;
    struct cc_error err;

    if (!cc_variable(checkup, name)) {
        cc_found_ok(checkup, "no container endpoint is configured");
        return;
    }
    cc_fail(&err, CC_E_LEFTOVER, "%s is set without a container endpoint", name);
    cc_why(&err, "neither " RELATIVE " nor " FULL " is set, so the token is not used");
    cc_fix(&err, "unset %s, or set " FULL " too", name);
    cc_found_cause(checkup, CC_NONE_FOUND, &err);
}

static void run(struct cc_checkup *checkup)
{
    const char *relative = cc_variable(checkup, RELATIVE);
    const char *full = cc_variable(checkup, FULL);
    const struct cc_place *place = &cc_checkup_scene(checkup)->place;
    struct cc_error why = {0};

    if (!relative && !full) {
        tell_token_alone(checkup);
        return;
    }
    if (relative && full) {
        tell_both(checkup);
    }
    if (!place->aws && means_agent(checkup, relative, full) &&
        !cc_keys_are_from(checkup, "container")) {
        tell_left_over(checkup, relative ? RELATIVE : FULL);
    } else if (cc_plan_provider(checkup, "container", &why) == CC_BROKEN) {
        cc_found_of_chain(checkup, &why);
    }
    if (cc_found_nothing(checkup)) {
        cc_found_ok(checkup, "%s %s", relative ? RELATIVE : FULL, relative ? relative : full);
    }
}

const struct cc_check cc_check_container = {
    .name = "container",
    .title = "Container",
    .about = "the variables of the container endpoint of ECS, EKS Pod Identity and others",
    .run = run,
};
