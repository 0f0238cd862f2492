#include "credctl/cache/resolve.h"

#include "credctl/base/text.h"

static bool add_hop(struct cc_resolve *resolve, const struct cc_assume *hop, struct cc_error *err)
{
    if (resolve->hop_count == CC_HOPS_MAX) {
        return cc_fail(err, CC_E_USAGE, "there are more than %d hops", CC_HOPS_MAX);
    }
    resolve->hops[resolve->hop_count++] = *hop;
    return true;
}

/* Without hops on the command line, the hop of AWS_ASSUME_ROLE_ARN. */
bool cc_resolve_hops(const struct cc_chain_options *options, struct cc_resolve *resolve,
                     struct cc_error *err)
{
    struct cc_assume hop = {0};
    bool present = false;

    for (size_t i = 0; i < options->hop_count; i++) {
        if (!add_hop(resolve, &options->hops[i], err)) {
            return false;
        }
    }
    return options->hop_count > 0 ||
           (cc_hop_from_environment(&resolve->search, &hop, &present, err) &&
            (!present || add_hop(resolve, &hop, err)));
}

bool cc_resolve_settings(struct cc_run *run, const struct cc_chain_options *options,
                         struct cc_resolve *resolve, struct cc_error *err)
{
    *resolve = (struct cc_resolve){0};
    if (options->timeout_ms > 0) {
        run->deadline_ms = cc_ticks_ms(run) + options->timeout_ms;
    }
    if (!cc_settings_load(run, &options->given, &resolve->settings, err)) {
        return false;
    }
    resolve->search = (struct cc_search){
        .run = run, .settings = &resolve->settings, .token_code = options->token_code};
    resolve->cache.off = options->no_cache;
    resolve->cache.aws_cli = options->use_aws_cli_cache;
    resolve->cache.least = options->least;
    return true;
}

bool cc_resolve_prepare(struct cc_run *run, const struct cc_chain_options *options,
                        struct cc_resolve *resolve, struct cc_error *err)
{
    return cc_resolve_settings(run, options, resolve, err) &&
           cc_resolve_hops(options, resolve, err);
}

bool cc_resolve_on_top(struct cc_resolve *resolve, const struct cc_assume *hop,
                       struct cc_error *err)
{
    return add_hop(resolve, hop, err);
}

struct cc_demand cc_resolve_demand(const struct cc_resolve *resolve)
{
    return (struct cc_demand){resolve->hops, resolve->hop_count, resolve->cache};
}

/* The error is the deadline that the user set, whatever was interrupted by it. */
static bool tell_deadline(const struct cc_run *run, struct cc_error *err)
{
    const struct cc_error cause = *err;

    if (cause.code != CC_E_DEADLINE && run->deadline_ms != 0 && cc_time_left_ms(run, 1) == 0 &&
        (cc_error_passes(&cause) || cause.code == CC_E_PROCESS)) {
        cc_fail(err, CC_E_DEADLINE, "%s", cause.what);
        cc_why(err, "the time limit of the whole run has passed%s%s", cause.why[0] ? ": " : "",
               cause.why);
    }
    return false;
}

bool cc_resolve_keys(struct cc_run *run, struct cc_resolve *resolve, struct cc_error *err)
{
    const struct cc_demand demand = cc_resolve_demand(resolve);

    return cc_credentials_get(&resolve->search, &demand, &resolve->keys, &resolve->story, err) ||
           tell_deadline(run, err);
}

bool cc_resolve_told(struct cc_run *run, struct cc_resolve *resolve, struct cc_error *err)
{
    if (cc_resolve_keys(run, resolve, err)) {
        return true;
    }
    if (resolve->story.count > 0 || resolve->cache.off) {
        return false;
    }
    resolve->cache.off = true;
    return cc_resolve_keys(run, resolve, err);
}

/* True when there are other keys now. */
static bool replace_rejected(struct cc_run *run, struct cc_resolve *resolve, enum cc_code code)
{
    const struct cc_demand demand = cc_resolve_demand(resolve);
    const struct cc_cache_row *gone = NULL;
    const char *rejected = resolve->keys.access_key_id;
    struct cc_error ignored;

    return resolve->story.from_cache.cache && (code == CC_E_EXPIRED || code == CC_E_DENIED) &&
           cc_cache_clear(&resolve->search, &demand, &gone, &ignored) && gone &&
           cc_resolve_keys(run, resolve, &ignored) &&
           !cc_text_equal(resolve->keys.access_key_id, rejected);
}

bool cc_resolve_caller(struct cc_run *run, struct cc_resolve *resolve, struct cc_identity *identity,
                       struct cc_error *err)
{
    const char *region = cc_region_for_call(&resolve->search);

    if (cc_sts_caller(run, &resolve->settings, &resolve->keys, region, identity, err)) {
        return true;
    }
    return (replace_rejected(run, resolve, err->code) &&
            cc_sts_caller(run, &resolve->settings, &resolve->keys, region, identity, err)) ||
           tell_deadline(run, err);
}
