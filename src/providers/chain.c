#include "credctl/base/buf.h"
#include "credctl/base/text.h"

#include "table.h"
#include "walk.h"

#include <stdarg.h>
#include <stdio.h>

enum cc_outcome cc_absent(struct cc_error *why, const char *what, ...)
{
    va_list args;
    char text[sizeof(why->what)];

    va_start(args, what);
    (void)vsnprintf(text, sizeof(text), what, args);
    va_end(args);
    cc_fail(why, CC_E_NO_KEYS, "%s", text);
    return CC_ABSENT;
}

void cc_search_warn(struct cc_search *search, const char *warning)
{
    cc_log(search->run, CC_DEBUG, "provider.warning", CC_S("text", warning));
    if (search->warning_count < CC_COUNT(search->warnings)) {
        search->warnings[search->warning_count++] = cc_text_printable(&search->run->mem, warning);
    }
}

static const char *outcome_name(enum cc_outcome outcome)
{
    static const char *const names[] = {
        [CC_FOUND] = "found", [CC_ABSENT] = "absent", [CC_BROKEN] = "broken"};

    return names[outcome];
}

static const struct cc_attempt *attempt(struct cc_search *search,
                                        const struct cc_provider *provider, struct cc_keys *keys,
                                        struct cc_story *story)
{
    struct cc_run *run = search->run;
    struct cc_attempt *one = &story->attempts[story->count++];
    int64_t begun = cc_ticks_ms(run);

    *one = (struct cc_attempt){.provider = provider};
    search->detail = NULL;
    one->outcome = provider->find(search, keys, &one->why);
    one->detail = search->detail;
    one->took_ms = (int)(cc_ticks_ms(run) - begun);
    cc_log(run, CC_DEBUG, "provider", CC_S("name", provider->name),
           CC_S("outcome", outcome_name(one->outcome)),
           CC_S("detail", one->outcome == CC_FOUND ? one->detail : one->why.what),
           CC_N("ms", one->took_ms));
    return one;
}

/* Nothing was found: what was looked for, so that the reader sees the one he meant. */
static bool sum_up(struct cc_search *search, const struct cc_story *story, struct cc_error *err)
{
    struct cc_buf looked = cc_buf_new(&search->run->mem, 4096);

    for (size_t i = 0; i < story->count; i++) {
        const struct cc_attempt *one = &story->attempts[i];

        cc_buf_addf(&looked, "%s%s: %s", i > 0 ? "; " : "", one->provider->name, one->why.what);
    }
    cc_fail(err, CC_E_NO_KEYS, "no credentials were found");
    cc_why(err, "%s", looked.text);
    if (search->settings->given.profile) {
        return cc_fix(err,
                      "configure credentials in profile %s: keys, a role, SSO, login_session "
                      "or credential_process",
                      search->settings->profile);
    }
    return false;
}

static bool search_all(struct cc_search *search, struct cc_keys *keys, struct cc_story *story,
                       struct cc_error *err)
{
    const bool profile_only = search->settings->given.profile != NULL;

    for (size_t i = 0; cc_providers[i] && story->count < CC_ATTEMPTS_MAX; i++) {
        if (profile_only && !cc_providers[i]->serves_profile) {
            continue;
        }
        const struct cc_attempt *one = attempt(search, cc_providers[i], keys, story);
        if (one->outcome == CC_ABSENT) {
            continue;
        }
        story->ended_by = one;
        if (one->outcome == CC_BROKEN) {
            *err = one->why;
        }
        return one->outcome == CC_FOUND;
    }
    return sum_up(search, story, err);
}

bool cc_chain_resolve(struct cc_search *search, const struct cc_assume *hops, size_t hop_count,
                      struct cc_keys *keys, struct cc_story *story, struct cc_error *err)
{
    struct cc_keys held = {0};

    *story = (struct cc_story){0};
    if (!search_all(search, &held, story, err)) {
        return false;
    }
    int64_t begun = cc_ticks_ms(search->run);
    for (size_t i = 0; i < hop_count; i++) {
        struct cc_assume hop = hops[i];
        struct cc_keys made = {0};

        hop.region = hop.region ? hop.region : cc_region_for_call(search);
        if (!cc_sts_assume_role(search->run, search->settings, &held, &hop, &made, err)) {
            return false;
        }
        held = made;
        story->hops_done++;
        story->hops_ms = (int)(cc_ticks_ms(search->run) - begun);
    }
    *keys = held;
    return true;
}
