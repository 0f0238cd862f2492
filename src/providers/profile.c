#include "credctl/base/text.h"

#include "cli_cache.h"
#include "hops.h"
#include "table.h"
#include "walk.h"

static const char *profile_name(const void *list, size_t i)
{
    const struct cc_section *section = list;

    for (; section; section = section->next) {
        if (section->kind == CC_SECTION_PROFILE && i-- == 0) {
            return section->name;
        }
    }
    return NULL;
}

static enum cc_outcome missing(const struct cc_settings *settings, struct cc_error *why)
{
    const struct cc_profiles *profiles = &settings->profiles;
    const char *near = cc_text_nearest(settings->profile, profile_name, profiles->sections);

    if (!settings->profile_named) {
        return cc_absent(why, "there is no profile default in %s or %s", profiles->config_file,
                         profiles->credentials_file);
    }
    if (profiles->unread) {
        *why = *profiles->unread; /* the profile may be in that file, so the file is needed */
        return CC_BROKEN;
    }
    cc_fail(why, CC_E_PROFILE, "profile %s does not exist", settings->profile);
    if (cc_text_unseen(settings->profile)) {
        cc_why(why, "%s contains %s", settings->profile_source, cc_text_unseen(settings->profile));
        cc_fix(why, "type the name in %s again", settings->profile_source);
        return CC_BROKEN;
    }
    cc_why(why, "%s names it; it is neither in %s%s nor in %s%s", settings->profile_source,
           profiles->config_file, profiles->config_read ? "" : " (which does not exist)",
           profiles->credentials_file, profiles->credentials_read ? "" : " (which does not exist)");
    if (near && cc_text_unseen(near)) {
        cc_fix(why, "type the section %s again: it contains %s", near, cc_text_unseen(near));
    } else if (near) {
        cc_fix(why, "did you mean %s? Otherwise add [profile %s] to %s", near, settings->profile,
               profiles->config_file);
    } else {
        cc_fix(why, "correct %s, or add [profile %s] to %s", settings->profile_source,
               settings->profile, profiles->config_file);
    }
    return CC_BROKEN;
}

/* The roles of a walk, in the order in which they are assumed. */
struct journey {
    struct cc_walk walk;
    struct cc_assume roles[CC_WALK_MAX];
    size_t begin;  /* number of roles that are still to be assumed */
    bool from_cli; /* `held` are the keys of the next role from the AWS CLI's cache */
    struct cc_keys held;
    struct cc_walk_end end; /* otherwise: what is asked first */
};

/* MFA codes are asked for before any call: without a terminal this fails at once. */
static bool ask_codes(struct cc_search *search, struct journey *journey, struct cc_error *why)
{
    const struct cc_world *world = search->run->world;

    for (size_t i = journey->begin; i-- > 0;) {
        struct cc_assume *role = &journey->roles[i];

        if (!role->serial_number) {
            continue;
        }
        role->token_code = search->token_code;
        if (cc_secret_present(role->token_code)) {
            continue;
        }
        const char *prompt = cc_textf(&search->run->mem, "Enter MFA code for %s: ",
                                      cc_text_printable(&search->run->mem, role->serial_number));
        if (!world->ask(world->self, &search->run->mem, prompt, &role->token_code, why)) {
            const struct cc_error cause = *why;

            cc_fail(why, CC_E_MFA, "profile %s needs an MFA token code", role->section->name);
            cc_why(why, "its role requires a code of MFA device %s; %s", role->serial_number,
                   cause.why);
            return cc_fix(why, "give --token-code, or run it in a terminal");
        }
    }
    return true;
}

/* Starts at the first role that is in the AWS CLI's cache, else at the source of the chain. */
static bool plan_journey(struct cc_search *search, struct journey *journey,
                         struct cc_question *question, struct cc_error *why)
{
    const size_t count = journey->walk.role_count;
    size_t i = 0;

    for (size_t at = 0; at < count; at++) {
        if (!cc_hop_of_profile(search, journey->walk.roles[at], &journey->roles[at], why)) {
            return false;
        }
    }
    while (i < count && !cc_cli_cache_role(search, &journey->roles[i], &journey->held)) {
        i++;
    }
    journey->begin = i;
    journey->from_cli = i < count;
    if (!journey->from_cli && !cc_walk_base(search, &journey->walk, &journey->end, why)) {
        return false;
    }
    question->base = journey->from_cli ? &cc_provider_profile : journey->end.question.base;
    question->calls = journey->begin;
    for (size_t at = 0; at < journey->begin; at++) {
        question->asks |= journey->roles[at].serial_number != NULL;
    }
    question->about = journey;
    return true;
}

static bool begin(struct cc_search *search, struct journey *journey, struct cc_keys *held,
                  struct cc_error *why)
{
    if (!ask_codes(search, journey, why)) {
        return false;
    }
    if (!journey->from_cli) {
        return cc_walk_fetch(search, &journey->walk, &journey->end, held, why);
    }
    *held = journey->held;
    search->detail = cc_textf(&search->run->mem, "profile %s: %s from the AWS CLI's cache",
                              journey->walk.roles[journey->begin]->name,
                              journey->roles[journey->begin].role_arn);
    return true;
}

static enum cc_outcome fetch(struct cc_search *search, void *about, struct cc_keys *keys,
                             struct cc_error *why)
{
    struct journey *journey = about;
    struct cc_keys held = {0};

    if (!begin(search, journey, &held, why)) {
        return CC_BROKEN;
    }
    for (size_t i = journey->begin; i-- > 0;) {
        const struct cc_assume *role = &journey->roles[i];
        const char *source = search->detail;

        if (!cc_hop_take(search, role, &held, why)) {
            return CC_BROKEN;
        }
        search->detail = cc_textf(&search->run->mem, "profile %s: %s by %s", role->section->name,
                                  role->role_arn, source);
    }
    *keys = held;
    return CC_FOUND;
}

static enum cc_outcome plan(struct cc_search *search, const struct cc_section *section,
                            struct cc_question *question, struct cc_error *why)
{
    const struct cc_settings *settings = search->settings;
    struct journey *journey = cc_alloc(&search->run->mem, sizeof(*journey));

    section = settings->section;
    if (settings->profiles_broken) {
        *why = settings->profiles_err;
        return CC_BROKEN;
    }
    if (!section) {
        return missing(settings, why);
    }
    if (!cc_walk_plan(search, section, &journey->walk, why)) {
        return CC_BROKEN;
    }
    if (journey->walk.role_count > 0) {
        return plan_journey(search, journey, question, why) ? CC_FOUND : CC_BROKEN;
    }
    enum cc_outcome outcome = cc_walk_own(search, section, &journey->end, why);
    question->about = journey;
    question->base = outcome == CC_FOUND ? journey->end.question.base : question->base;
    return outcome == CC_ABSENT
               ? cc_absent(why, "profile %s has neither keys nor a role", section->name)
               : outcome;
}

const struct cc_provider cc_provider_profile = {
    .name = "profile",
    .title = "the selected profile: keys, role or web identity",
    .reach = CC_INTERNET,
    .plan = plan,
    .fetch = fetch,
};
