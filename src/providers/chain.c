#include "credctl/base/buf.h"
#include "credctl/base/text.h"
#include "credctl/base/time.h"

#include "hops.h"
#include "table.h"

static const char *outcome_name(enum cc_outcome outcome)
{
    static const char *const names[] = {
        [CC_FOUND] = "found", [CC_ABSENT] = "absent", [CC_BROKEN] = "broken"};

    return names[outcome];
}

/* Only the result of an attempt is kept: most have no error, and errors are large. */
static void ended(struct cc_search *search, struct cc_attempt *one, enum cc_outcome outcome,
                  const struct cc_error *why, int64_t begun)
{
    if (outcome != CC_FOUND) {
        struct cc_error *kept = cc_alloc(&search->run->mem, sizeof(*kept));

        *kept = *why;
        one->why = kept;
    }
    one->outcome = outcome;
    one->detail = search->detail;
    one->took_ms += (int)(cc_ticks_ms(search->run) - begun);
    cc_log(search->run, CC_DEBUG, "provider", CC_S("name", one->provider->name),
           CC_S("outcome", outcome_name(outcome)),
           CC_S("detail", outcome == CC_FOUND ? one->detail : one->why->what),
           CC_N("ms", one->took_ms));
}

/* Nothing was found: lists what was looked for, so that readers find the provider that they
 * expected. */
static bool sum_up(struct cc_search *search, const struct cc_story *story, struct cc_error *err)
{
    struct cc_buf looked = cc_buf_new(&search->run->mem, 4096);
    bool passes = false;

    for (size_t i = 0; i < story->count; i++) {
        const struct cc_attempt *one = &story->attempts[i];

        cc_buf_addf(&looked, "%s%s: %s", i > 0 ? "; " : "", one->provider->name, one->why->what);
        passes |= one->why->passes;
    }
    cc_fail(err, CC_E_NO_KEYS, "no credentials were found");
    cc_why(err, "%s", looked.text);
    err->passes = passes;
    if (search->settings->given.profile) {
        return cc_fix(err,
                      "configure credentials in profile %s: keys, a role, SSO, login_session "
                      "or credential_process",
                      search->settings->profile);
    }
    return false;
}

/* Plans from a row on, up to the first provider that would be asked. */
static bool plan_from(struct cc_search *search, struct cc_chain *chain, struct cc_error *err)
{
    const bool asked = search->settings->given.profile != NULL;
    const struct cc_section *section = search->settings->section;
    struct cc_story *story = &chain->story;

    for (; cc_providers[chain->row] && story->count < CC_ATTEMPTS_MAX; chain->row++) {
        const struct cc_provider *provider = cc_providers[chain->row];
        struct cc_attempt *one = &story->attempts[story->count];
        int64_t begun = cc_ticks_ms(search->run);
        struct cc_error why = {0};

        if (asked && provider->only_unasked) {
            continue;
        }
        *one = (struct cc_attempt){.provider = provider};
        search->detail = NULL;
        chain->question = (struct cc_question){.base = provider};
        search->ledger.blemish = NULL;
        enum cc_outcome outcome =
            provider->plan(search, provider->in_profile ? section : NULL, &chain->question, &why);
        /* An invalid input is the error, whatever the provider made of it; keys were checked as
         * keys. */
        if (outcome != CC_ABSENT && why.code != CC_E_BAD_KEYS && !cc_input_clean(search, &why)) {
            outcome = CC_BROKEN;
        }
        if (outcome == CC_FOUND) {
            one->took_ms = (int)(cc_ticks_ms(search->run) - begun);
            return true;
        }
        ended(search, one, outcome, &why, begun);
        story->count++;
        if (outcome == CC_BROKEN) {
            story->ended_by = one;
            *err = why;
            return false;
        }
    }
    return sum_up(search, story, err);
}

static void plan_hops(struct cc_search *search, struct cc_chain *chain)
{
    const struct cc_provider *base = chain->question.base;

    chain->calls = chain->question.calls + chain->hop_count;
    chain->asks = chain->question.asks || (base && base->command);
    for (size_t i = 0; i < chain->hop_count; i++) {
        const struct cc_assume *hop = &chain->hops[i];

        cc_input_hop(search, hop);
        cc_input_call(search, hop->section, "STS", hop->region);
        chain->asks |= hop->serial_number != NULL;
    }
}

bool cc_chain_plan(struct cc_search *search, const struct cc_assume *hops, size_t hop_count,
                   struct cc_chain *chain, struct cc_error *err)
{
    *chain = (struct cc_chain){.hops = hops, .hop_count = hop_count};
    search->ledger.count = 0; /* each plan has its own key; hops are noted unchanged */
    search->cli_key_id = NULL;
    cc_input_option(search, "use-aws-cli-cache", search->aws_cli_cache ? "" : NULL);
    if (!plan_from(search, chain, err)) {
        return false;
    }
    plan_hops(search, chain);
    return true;
}

/* Fetches; when the provider turns out to be absent, asks the next one. */
static bool fetch_base(struct cc_search *search, struct cc_chain *chain, struct cc_keys *keys,
                       struct cc_error *err)
{
    for (;;) {
        struct cc_attempt *one = &chain->story.attempts[chain->story.count++];
        int64_t begun = cc_ticks_ms(search->run);
        struct cc_error why = {0};

        one->provider = cc_providers[chain->row];
        enum cc_outcome outcome = one->provider->fetch(search, chain->question.about, keys, &why);
        ended(search, one, outcome, &why, begun);
        if (outcome != CC_ABSENT) {
            chain->story.ended_by = one;
            *err = outcome == CC_BROKEN ? why : *err;
            return outcome == CC_FOUND;
        }
        chain->row++;
        if (!plan_from(search, chain, err)) {
            return false;
        }
    }
}

/* Expiry is not checked here for keys that users set themselves, and for those of this host, which
 * stay in use for a while (static stability): their providers have checked it. */
static bool refuse_expired(struct cc_search *search, const struct cc_chain *chain,
                           const struct cc_keys *keys, struct cc_error *err)
{
    if (keys->expires > cc_now_aws(search->run) ||
        (chain->calls == 0 && !chain->question.base->kept)) {
        return true;
    }
    cc_fail(err, CC_E_EXPIRED, "the source (%s) gave credentials that have expired",
            cc_providers[chain->row]->name);
    cc_why(err, "they expired at %s", cc_time_iso(&search->run->mem, keys->expires));
    err->passes = true; /* the fetch worked: the provider has not renewed them yet */
    return cc_fix(err, "check this host's clock, and whether the source renews its credentials");
}

static bool take_hops(struct cc_search *search, struct cc_chain *chain, struct cc_keys *keys,
                      struct cc_error *err)
{
    int64_t begun = cc_ticks_ms(search->run);

    for (size_t i = 0; i < chain->hop_count; i++) {
        struct cc_keys made = *keys;

        if (!cc_hop_take(search, &chain->hops[i], &made, err)) {
            return false;
        }
        *keys = made;
        chain->story.hops_done++;
        chain->story.hops_ms = (int)(cc_ticks_ms(search->run) - begun);
    }
    return true;
}

void cc_chain_story(const struct cc_chain *chain, struct cc_story *story)
{
    const struct cc_attempt *end = chain->story.ended_by;

    *story = chain->story;
    story->ended_by = end ? &story->attempts[end - chain->story.attempts] : NULL;
    story->of_command =
        end && end->outcome == CC_FOUND && chain->calls == 0 && chain->question.base->command;
}

bool cc_chain_fetch(struct cc_search *search, const struct cc_chain *chain, struct cc_keys *keys,
                    struct cc_story *story, struct cc_error *err)
{
    struct cc_chain walked = *chain;
    struct cc_keys held = {0};

    bool ok = fetch_base(search, &walked, &held, err) && take_hops(search, &walked, &held, err) &&
              refuse_expired(search, &walked, &held, err);
    cc_chain_story(&walked, story);
    if (ok) {
        *keys = held;
    }
    return ok;
}

bool cc_chain_resolve(struct cc_search *search, const struct cc_assume *hops, size_t hop_count,
                      struct cc_keys *keys, struct cc_story *story, struct cc_error *err)
{
    struct cc_chain *chain = cc_alloc(&search->run->mem, sizeof(*chain));

    if (cc_chain_plan(search, hops, hop_count, chain, err)) {
        return cc_chain_fetch(search, chain, keys, story, err);
    }
    cc_chain_story(chain, story);
    return false;
}
