#include "credctl/aws/arn.h"
#include "credctl/aws/region.h"
#include "credctl/base/text.h"

#include "parts.h"

#define ROLE    "AWS_ASSUME_ROLE_ARN"
#define CHAIN_S 3600

static const char *const companions[] = {
    "AWS_ASSUME_ROLE_SESSION_NAME",
    "AWS_ASSUME_ROLE_EXTERNAL_ID",
    "AWS_ASSUME_ROLE_DURATION_SECONDS",
};

static void tell_companions(struct cc_checkup *checkup)
{
    struct cc_error err;

    for (size_t i = 0; i < CC_COUNT(companions); i++) {
        if (!cc_variable(checkup, companions[i])) {
            continue;
        }
        cc_fail(&err, CC_E_LEFTOVER, "%s is set without " ROLE, companions[i]);
        cc_why(&err, "no role is assumed, so it has no effect");
        cc_fix(&err, "unset %s, or set " ROLE " too", companions[i]);
        cc_found_warning(checkup, &err);
    }
}

static void tell_partition(struct cc_checkup *checkup, const char *role)
{
    struct cc_arena *mem = &checkup->run->mem;
    const struct cc_settings *settings = &checkup->resolve.settings;
    const char *name = NULL;
    struct cc_arn arn;
    struct cc_error err;

    if (!settings->region || !cc_arn_role(mem, role, &arn, &name) ||
        cc_text_equal(cc_partition_of(settings->region)->name, arn.partition)) {
        return;
    }
    cc_fail(&err, CC_E_CONFIG, ROLE " is in another partition than the region");
    cc_why(&err, "the role is in %s, the region %s (%s) in %s", arn.partition, settings->region,
           settings->region_source, cc_partition_of(settings->region)->name);
    cc_fix(&err, "set a region of the role's partition in %s, or correct " ROLE,
           settings->region_source);
    cc_found_cause(checkup, CC_SOURCE_FAILS | CC_NOT_REACHED, &err);
}

/* IAM User Guide, "Role chaining": one hour at most. */
static void tell_duration(struct cc_checkup *checkup)
{
    const struct cc_resolve *resolve = &checkup->resolve;
    const bool temporary = cc_checkup_plan(checkup)->state == CC_STAGE_OK &&
                           (checkup->base->on_host || checkup->planned->kept ||
                            cc_variable(checkup, "AWS_SESSION_TOKEN"));
    struct cc_error err;

    if (!temporary || resolve->hops[0].duration_seconds <= CHAIN_S) {
        return;
    }
    cc_fail(&err, CC_E_CONFIG, "AWS_ASSUME_ROLE_DURATION_SECONDS is too long here");
    cc_why(&err, "a role that is assumed with the credentials of a role lasts one hour at most");
    cc_fix(&err, "export AWS_ASSUME_ROLE_DURATION_SECONDS=3600, or unset it");
    cc_found_cause(checkup, CC_SOURCE_FAILS, &err);
}

static void run(struct cc_checkup *checkup)
{
    const struct cc_resolve *resolve = &checkup->resolve;
    const char *role = cc_variable(checkup, ROLE);

    if (checkup->hops.state == CC_STAGE_FAILED) {
        cc_found_failure(checkup, &checkup->hops.why);
        return;
    }
    if (!role) {
        tell_companions(checkup);
        if (cc_found_nothing(checkup)) {
            cc_found_ok(checkup, ROLE " is not set");
        }
        return;
    }
    if (resolve->hop_count == 0 || !cc_text_equal(resolve->hops[0].role_arn, role)) {
        cc_found_ok(checkup, ROLE " is not used: the role to assume is given otherwise");
        return;
    }
    tell_partition(checkup, role);
    tell_duration(checkup);
    if (cc_found_nothing(checkup)) {
        cc_found_ok(checkup, "%s, session name %s, external ID %s", role,
                    resolve->hops[0].session_name, resolve->hops[0].external_id ? "set" : "none");
    }
}

const struct cc_check cc_check_assume_role = {
    .name = "assume_role",
    .title = "Assume role",
    .about = "AWS_ASSUME_ROLE_ARN and its companions: form, partition, length",
    .run = run,
};
