#include "credctl/aws/region.h"
#include "credctl/base/buf.h"
#include "credctl/base/text.h"

#include "fanout.h"

/* Before anything is assessed: credentials, regions, accounts. */

/* Roles of the command line are a list with one in each line. */
static struct cc_target_list list_of(struct cc_run *run, const char *const *roles)
{
    struct cc_buf text = cc_buf_new(&run->mem, CC_TARGETS_MAX_BYTES);

    for (; *roles; roles++) {
        cc_buf_addf(&text, "%s\n", *roles);
    }
    return (struct cc_target_list){"--target-role-arn", text.text, text.len};
}

static bool read_targets(struct cc_fanout *fanout, struct cc_error *err)
{
    const char *from = fanout->given->targets;
    const char *const *roles = fanout->given->target_role_arns;
    struct cc_target_list list = {0};

    fanout->account_count = 1;
    if (!from && !roles) {
        return true;
    }
    if (roles) {
        list = list_of(fanout->run, roles);
    } else if (!cc_target_list_read(fanout->run, from, &list, err)) {
        return false;
    }
    const struct cc_target_defaults defaults = {
        .partition = cc_partition_of(fanout->region)->name,
        .role_name = fanout->given->role_name,
        .external_id = fanout->given->target_external_id,
        .from = list.name,
    };
    if (!cc_targets_parse(&fanout->run->mem, list.text, list.len, &defaults, &fanout->targets,
                          err)) {
        return false;
    }
    fanout->account_count = fanout->targets.count;
    if (fanout->targets.count == 0) {
        cc_fail(err, CC_E_USAGE, "%s contains no targets", list.name);
        return cc_fix(err, "write one account or role ARN per line");
    }
    return true;
}

/* Where the chain's credentials are from, for people: "environment", "profile dev", ... */
static const char *source_of(const struct cc_resolve *resolve)
{
    const struct cc_attempt *attempt = resolve->story.ended_by;

    if (attempt) {
        return attempt->provider->name;
    }
    return resolve->story.from_cache.cache ? resolve->story.from_cache.cache : "chain";
}

static bool find_region(struct cc_fanout *fanout, bool all, struct cc_error *err)
{
    const struct cc_settings *settings = &fanout->resolve->settings;
    const char *own = cc_region_for_call(&fanout->resolve->search);
    const bool given = fanout->regions[0] && !all;

    fanout->region = given ? fanout->regions[0] : own;
    if (!fanout->region) {
        cc_fail(err, CC_E_REGION, "no region is configured");
        return cc_fix(err, "give --region REGION, or set AWS_REGION");
    }
    if (!cc_region_valid(fanout->region)) {
        cc_fail(err, CC_E_CONFIG, "the region %.64s is not valid", fanout->region);
        return cc_fix(err, "correct it, or give --region REGION");
    }
    fanout->region_source = given || all                                  ? "--region"
                            : settings->region && settings->region_source ? settings->region_source
                                                                          : "host";
    if (all) {
        fanout->regions = NULL;
    } else if (!given) {
        const char **one = cc_alloc(&fanout->run->mem, 2 * sizeof(*one));

        one[0] = fanout->region;
        fanout->regions = one;
    }
    return true;
}

/* The credentials of the chain, and whose they are. */
static bool find_caller(struct cc_fanout *fanout, struct cc_error *err)
{
    struct cc_resolve *resolve = fanout->resolve;
    struct cc_identity identity = {0};

    if (!cc_resolve_caller(fanout->run, resolve, &identity, err) &&
        (!cc_error_passes(err) || cc_time_left_ms(fanout->run, 1) == 0)) {
        return false;
    }
    fanout->head = (struct cc_assess_head){
        .account_id = identity.account_id ? identity.account_id : resolve->keys.account_id,
        .caller_arn = identity.arn,
        .region_source = fanout->region_source,
        .credential_source = source_of(resolve),
    };
    return true;
}

bool cc_fanout_prepare(struct cc_fanout *fanout, struct cc_error *err)
{
    struct cc_run *run = fanout->run;
    struct cc_chain_options chain = fanout->given->chain;
    bool all = false;

    fanout->resolve = cc_alloc(&run->mem, sizeof(*fanout->resolve));
    run->deadline_ms = cc_ticks_ms(run) + fanout->given->deadline_ms;
    if (!cc_regions_read(run, fanout->given->regions, &fanout->regions, &all, err)) {
        return false;
    }
    chain.given.region = all ? NULL : fanout->regions[0];
    return cc_resolve_prepare(run, &chain, fanout->resolve, err) &&
           cc_resolve_keys(run, fanout->resolve, err) && find_region(fanout, all, err) &&
           find_caller(fanout, err) && read_targets(fanout, err);
}
