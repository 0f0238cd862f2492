#include "credctl/aws/region.h"

#include "credctl/aws/arn.h"
#include "credctl/base/text.h"

#include "parts.h"

#include <string.h>

#define NEW "AWS_REGION"
#define OLD "AWS_DEFAULT_REGION"

/* boto3 and the AWS CLI do not take an empty variable as unset. */
static void tell_empty(struct cc_checkup *checkup, const char *name)
{
    const char *raw = cc_raw_variable(checkup, name);
    struct cc_error err;

    if (!raw || !cc_text_blank(raw)) {
        return;
    }
    cc_fail(&err, CC_E_DIFFERS, "%s is set, but %s", name, raw[0] ? "has only blanks" : "empty");
    cc_why(&err, "boto3 and the AWS CLI then call hosts such as sts..amazonaws.com; others take it "
                 "as unset");
    cc_fix(&err, "unset %s", name);
    cc_found_warning(checkup, &err);
}

static void tell_two(struct cc_checkup *checkup)
{
    const char *new = cc_variable(checkup, NEW);
    const char *old = cc_variable(checkup, OLD);
    struct cc_error err;

    if (!new || !old || cc_text_equal(new, old)) {
        return;
    }
    cc_fail(&err, CC_E_DIFFERS, NEW " (%.40s) and " OLD " (%.40s) differ", new, old);
    cc_why(&err, "boto3 uses " OLD ", other programs " NEW);
    cc_fix(&err, "export " OLD "=%s", cc_text_sh_word(&checkup->run->mem, new));
    cc_found_warning(checkup, &err);
}

/* The region that was probably meant; NULL when that is not known. */
static const char *meant_by(struct cc_arena *mem, const char *region)
{
    const char *lower = cc_text_lower(mem, region);
    const size_t len = strlen(lower);
    const char *zone = len > 1 ? cc_text_dup(mem, lower, len - 1) : lower;

    if (cc_region_shaped(lower)) {
        return lower;
    }
    return cc_region_shaped(zone) ? zone : NULL;
}

/* A region that AWS does not have. Other clouds call theirs as they like: with an endpoint. */
static void tell_unknown(struct cc_checkup *checkup)
{
    struct cc_arena *mem = &checkup->run->mem;
    const struct cc_settings *settings = &checkup->resolve.settings;
    const char *region = settings->region;
    const char *meant = meant_by(mem, region);
    struct cc_error err;

    if (cc_region_shaped(region) || cc_text_ends(region, "-global") ||
        cc_settings_endpoint(checkup->run, settings, NULL, "STS")) {
        return;
    }
    cc_fail(&err, CC_E_CONFIG, "%.60s is not a region of AWS (%s)", region,
            settings->region_source);
    if (meant && strlen(meant) < strlen(region)) {
        cc_why(&err, "it is an availability zone");
    }
    cc_fix(&err, "write a region such as %s in %s", meant ? meant : "us-east-1",
           settings->region_source);
    if (meant && cc_variable(checkup, settings->region_source)) {
        cc_fix(&err, "export %s=%s", settings->region_source, meant);
    }
    if (meant && cc_text_equal(cc_variable(checkup, NEW), cc_variable(checkup, OLD))) {
        cc_fix(&err, "export " NEW "=%s " OLD "=%s", meant, meant);
    }
    cc_found_broken(checkup, CC_NOT_REACHED | CC_REFUSED, &err);
}

static void tell_none(struct cc_checkup *checkup)
{
    const struct cc_place *place = &cc_checkup_scene(checkup)->place;
    struct cc_error err;

    if (place->region) {
        cc_found_ok(checkup, "none is set; this host is in %s, but not every program asks",
                    place->region);
    } else if (cc_checkup_keys(checkup)->state != CC_STAGE_OK) {
        cc_found_unchecked(checkup, "none is set, and there are no credentials that need one");
    } else {
        cc_fail(&err, CC_E_REGION, "no region is set");
        cc_why(&err, "most programs fail without one");
        cc_fix(&err, "aws configure set region us-east-1, or export AWS_REGION=us-east-1 "
                     "AWS_DEFAULT_REGION=us-east-1 (put your region in the place of us-east-1)");
        cc_found_warning(checkup, &err);
    }
}

static void run(struct cc_checkup *checkup)
{
    const struct cc_settings *settings = &checkup->resolve.settings;

    if (settings->region_broken) {
        cc_found_broken(checkup, CC_NOT_REACHED | CC_SOURCE_FAILS | CC_REFUSED,
                        settings->region_broken);
        return;
    }
    tell_empty(checkup, NEW);
    tell_empty(checkup, OLD);
    tell_two(checkup);
    if (settings->region) {
        tell_unknown(checkup);
    }
    if (!cc_found_nothing(checkup)) {
        return;
    }
    if (!settings->region) {
        tell_none(checkup);
        return;
    }
    cc_found_ok(checkup, "%s (%s)%s", settings->region, settings->region_source,
                cc_text_equal(settings->region_source, NEW) && !cc_variable(checkup, OLD)
                    ? "; boto3 reads only " OLD
                    : "");
}

const struct cc_check cc_check_region = {
    .name = "region",
    .title = "Region",
    .about = "whether a region is set, exists, and is the same for every program",
    .run = run,
};
