#include "credctl/base/text.h"

#include "parts.h"

#define DETECTION_MS 1900

/* Warnings of the log become findings. */
static void be_quiet(struct cc_run *run)
{
    if (run->setup && run->setup->level == CC_WARN) {
        struct cc_setup *setup = cc_alloc(&run->mem, sizeof(*setup));

        *setup = *run->setup;
        setup->level = CC_ERROR;
        run->setup = setup;
    }
}

/* Hops of options were judged when they were read. */
static bool take_hops(struct cc_checkup *checkup, const struct cc_chain_options *options)
{
    struct cc_resolve *resolve = &checkup->resolve;

    return cc_resolve_hops(options, resolve, &checkup->hops.why) &&
           (options->hop_count > 0 || resolve->hop_count == 0 ||
            cc_judge_hop(&checkup->run->mem, &resolve->hops[0], &checkup->hops.why));
}

bool cc_checkup_begin(struct cc_run *run, const struct cc_chain_options *options,
                      struct cc_checkup *checkup, struct cc_error *err)
{
    *checkup = (struct cc_checkup){.run = run};
    be_quiet(run);
    if (!cc_resolve_settings(run, options, &checkup->resolve, err)) {
        return false;
    }
    checkup->hops.state = take_hops(checkup, options) ? CC_STAGE_OK : CC_STAGE_FAILED;
    return true;
}

const struct cc_scene *cc_checkup_scene(struct cc_checkup *checkup)
{
    struct cc_run *run = checkup->run;
    const int64_t deadline = run->deadline_ms;
    const char *bundle = run->ca_bundle; /* detection reads the settings without the options */

    if (!checkup->scene) {
        checkup->scene = cc_alloc(&run->mem, sizeof(*checkup->scene));
        run->deadline_ms = cc_ticks_ms(run) + cc_time_left_ms(run, DETECTION_MS);
        cc_detect(run, checkup->scene);
        run->deadline_ms = deadline;
        run->ca_bundle = bundle;
    }
    return checkup->scene;
}

/* A search of its own, so that a plan leaves no trace in that of the checkup. */
static const struct cc_chain *plan(struct cc_checkup *checkup, const struct cc_settings *settings,
                                   struct cc_stage *stage)
{
    struct cc_chain *chain = cc_alloc(&checkup->run->mem, sizeof(*chain));
    struct cc_search search = {.run = checkup->run,
                               .settings = settings,
                               .token_code = checkup->resolve.search.token_code,
                               .aws_cli_cache = checkup->resolve.cache.aws_cli};

    stage->state = cc_chain_plan(&search, checkup->resolve.hops, checkup->resolve.hop_count, chain,
                                 &stage->why)
                       ? CC_STAGE_OK
                       : CC_STAGE_FAILED;
    return chain;
}

const struct cc_stage *cc_checkup_plan(struct cc_checkup *checkup)
{
    struct cc_stage *stage = &checkup->plan;

    if (stage->state != CC_STAGE_NEW) {
        return stage;
    }
    const struct cc_chain *chain = plan(checkup, &checkup->resolve.settings, stage);
    if (stage->state == CC_STAGE_OK) {
        checkup->planned = cc_providers[chain->row];
        checkup->base = chain->question.base;
        checkup->is_local =
            chain->calls == 0 && checkup->base->reach == CC_LOCAL && !checkup->base->command;
    }
    return stage;
}

/* The environment is not asked when a profile is given. */
const struct cc_stage *cc_checkup_plan_behind(struct cc_checkup *checkup)
{
    struct cc_stage *stage = &checkup->plan_behind;
    struct cc_settings *settings = cc_alloc(&checkup->run->mem, sizeof(*settings));

    if (stage->state != CC_STAGE_NEW) {
        return stage;
    }
    *settings = checkup->resolve.settings;
    settings->given.profile = settings->profile;
    const struct cc_chain *chain = plan(checkup, settings, stage);
    if (stage->state == CC_STAGE_OK) {
        checkup->behind = cc_providers[chain->row];
    } else if (chain->story.ended_by) {
        checkup->behind = chain->story.ended_by->provider;
    }
    return stage;
}

/* In place of a fetch: what is in the cache can still be used. */
static bool stay_offline(struct cc_search *search, const struct cc_chain *chain,
                         struct cc_keys *keys, struct cc_story *story, struct cc_error *err)
{
    (void)search;
    (void)keys;
    cc_chain_story(chain, story);
    return cc_fail(err, CC_E_UNREACHABLE, "%s was not asked (--offline)",
                   cc_providers[chain->row]->title);
}

static void try_keys(struct cc_checkup *checkup, struct cc_stage *stage)
{
    struct cc_run *run = checkup->run;
    const bool forbidden = run->offline && !checkup->is_local;

    if (forbidden) {
        checkup->resolve.cache.fetch = stay_offline;
    }
    if (cc_resolve_told(run, &checkup->resolve, &stage->why)) {
        stage->state = CC_STAGE_OK;
        return;
    }
    stage->state = forbidden ? CC_STAGE_NOT_TRIED : CC_STAGE_FAILED;
}

const struct cc_stage *cc_checkup_keys(struct cc_checkup *checkup)
{
    struct cc_stage *stage = &checkup->keys;

    if (stage->state != CC_STAGE_NEW) {
        return stage;
    }
    if (checkup->hops.state == CC_STAGE_FAILED) {
        *stage = checkup->hops;
    } else if (cc_checkup_plan(checkup)->state == CC_STAGE_FAILED) {
        *stage = checkup->plan;
        (void)!cc_resolve_keys(checkup->run, &checkup->resolve, &stage->why); /* for the story */
    } else {
        try_keys(checkup, stage);
    }
    return stage;
}

const struct cc_stage *cc_checkup_caller(struct cc_checkup *checkup)
{
    struct cc_stage *stage = &checkup->caller;
    const struct cc_stage *keys = cc_checkup_keys(checkup);

    if (stage->state != CC_STAGE_NEW) {
        return stage;
    }
    stage->state = CC_STAGE_NOT_TRIED;
    if (keys->state != CC_STAGE_OK) {
        cc_fail(&stage->why, CC_E_NO_KEYS, "there are no credentials to ask with");
    } else if (checkup->run->offline) {
        cc_fail(&stage->why, CC_E_UNREACHABLE, "STS was not asked (--offline)");
    } else {
        stage->state =
            cc_resolve_caller(checkup->run, &checkup->resolve, &checkup->identity, &stage->why)
                ? CC_STAGE_OK
                : CC_STAGE_FAILED;
    }
    return stage;
}

static bool is_network(enum cc_code code)
{
    switch (code) {
    case CC_E_UNREACHABLE:
    case CC_E_TIMEOUT:
    case CC_E_DNS:
    case CC_E_TLS:
    case CC_E_DEADLINE:
    case CC_E_BAD_ANSWER: return true;
    default: return false;
    }
}

/* Outside of AWS, what answers at the address of EC2 was not meant to give credentials: a captive
 * portal, a proxy, the metadata service of another cloud. */
static bool was_not_meant(struct cc_checkup *checkup, const struct cc_attempt *end)
{
    return cc_text_equal(end->provider->name, "imds") && !cc_checkup_scene(checkup)->place.aws &&
           !cc_setting(checkup->run, &checkup->resolve.settings,
                       "AWS_EC2_METADATA_SERVICE_ENDPOINT", "ec2_metadata_service_endpoint");
}

static enum cc_breakdown of_keys(struct cc_checkup *checkup)
{
    const enum cc_code code = checkup->keys.why.code;
    const struct cc_attempt *end = checkup->resolve.story.ended_by;

    if ((!end && code == CC_E_NO_KEYS) || (end && was_not_meant(checkup, end))) {
        return CC_NONE_FOUND;
    }
    if (end && end->provider->reach == CC_LINK_LOCAL) {
        return CC_SOURCE_FAILS;
    }
    return is_network(code) ? CC_NOT_REACHED : CC_SOURCE_FAILS;
}

/* An invalid setting fails before the call. */
static enum cc_breakdown of_caller(enum cc_code code)
{
    if (code == CC_E_CONFIG) {
        return CC_SOURCE_FAILS;
    }
    return is_network(code) ? CC_NOT_REACHED : CC_REFUSED;
}

enum cc_breakdown cc_checkup_breakdown(struct cc_checkup *checkup)
{
    const struct cc_stage *caller = cc_checkup_caller(checkup);

    if (checkup->keys.state == CC_STAGE_FAILED) {
        return of_keys(checkup);
    }
    if (caller->state == CC_STAGE_FAILED) {
        return of_caller(caller->why.code);
    }
    return CC_WORKS;
}
