#include "walk.h"

#include "credctl/base/buf.h"
#include "credctl/base/text.h"

#include "static_keys.h"
#include "table.h"

/* Web identity needs no source, so it starts a chain of roles. */
static bool has_source(struct cc_search *search, const struct cc_section *section)
{
    return cc_input_value(search, section, "role_arn") &&
           !cc_input_value(search, section, "web_identity_token_file");
}

static bool refuse_circle(struct cc_search *search, const struct cc_walk *walk,
                          const struct cc_property *link, struct cc_error *why)
{
    struct cc_buf circle = cc_buf_new(&search->run->mem, sizeof(why->why));

    for (size_t i = 0; i < walk->role_count; i++) {
        cc_buf_addf(&circle, "%s -> ", walk->roles[i]->name);
    }
    cc_fail(why, CC_E_PROFILE_LOOP, "the source_profile entries form a circle");
    cc_why(why, "%s%s", circle.text, link->value);
    return cc_fix(why, "let source_profile in %s, line %d name a profile with keys of its own",
                  link->file, link->line);
}

static bool visited(const struct cc_walk *walk, const char *name)
{
    for (size_t i = 0; i < walk->role_count; i++) {
        if (cc_text_equal(walk->roles[i]->name, name)) {
            return true;
        }
    }
    return false;
}

/* Goes from the last profile to the one that it names. */
static bool follow(struct cc_search *search, struct cc_walk *walk, const struct cc_property *link,
                   struct cc_error *why)
{
    const struct cc_section *last = walk->roles[walk->role_count - 1];
    const struct cc_section *next =
        cc_profiles_section(&search->settings->profiles, CC_SECTION_PROFILE, link->value);

    if (next && next == last && cc_static_keys_there(search, last)) {
        walk->base = last; /* a profile can be its own source, for its keys */
        return true;
    }
    if (visited(walk, link->value)) {
        return refuse_circle(search, walk, link, why);
    }
    if (!next) {
        cc_fail(why, CC_E_PROFILE, "profile %s does not exist", link->value);
        const char *unseen = cc_text_unseen(link->value);

        cc_why(why, "profile %s names it as its source_profile (%s, line %d)%s%s", last->name,
               link->file, link->line, unseen ? ", and the name contains " : "",
               unseen ? unseen : "");
        return cc_fix(why, "add a profile %s, or correct source_profile of %s", link->value,
                      last->name);
    }
    walk->base = next;
    return true;
}

static bool name_source(struct cc_walk *walk, const struct cc_property *source,
                        struct cc_error *why)
{
    for (size_t i = 0; cc_providers[i]; i++) {
        if (cc_text_equal(cc_providers[i]->credential_source, source->value)) {
            walk->provider = cc_providers[i];
            walk->base = NULL;
            return true;
        }
    }
    cc_fail_profile(why, walk->roles[walk->role_count - 1],
                    "credential_source in line %d is \"%.60s\"", source->line, source->value);
    return cc_fix(why, "write credential_source as Environment, Ec2InstanceMetadata or "
                       "EcsContainer, in exactly this case");
}

/* Adds one role to the walk. Sets the next profile in walk->base, or the provider at the end. */
static bool step(struct cc_search *search, struct cc_walk *walk, struct cc_error *why)
{
    const struct cc_section *section = walk->base;
    const struct cc_property *profile = cc_input_property(search, section, "source_profile");
    const struct cc_property *source = cc_input_property(search, section, "credential_source");

    if (walk->role_count == CC_WALK_MAX) {
        return cc_fail_profile(
            why, section, "the chain of source_profile entries is longer than %d", CC_WALK_MAX);
    }
    walk->roles[walk->role_count++] = section;
    if (profile && source) {
        cc_fail_profile(why, section, "it has both source_profile and credential_source");
        return cc_fix(why, "keep one of source_profile and credential_source in profile %s",
                      section->name);
    }
    if (!profile && !source) {
        cc_fail_profile(why, section,
                        "it has role_arn, but neither source_profile nor credential_source");
        return cc_fix(why,
                      "add source_profile or credential_source to profile %s: the role must "
                      "be assumed with some credentials",
                      section->name);
    }
    return profile ? follow(search, walk, profile, why) : name_source(walk, source, why);
}

bool cc_walk_plan(struct cc_search *search, const struct cc_section *from, struct cc_walk *walk,
                  struct cc_error *why)
{
    const struct cc_section *here = NULL;

    *walk = (struct cc_walk){.base = from};
    /* The role of the selected profile wins over its keys; the keys of any later profile end the
     * chain. */
    while (walk->base && walk->base != here &&
           (walk->role_count == 0 || !cc_static_keys_there(search, walk->base)) &&
           has_source(search, walk->base)) {
        here = walk->base;
        if (!step(search, walk, why)) {
            return false;
        }
    }
    return true;
}

static const struct cc_provider static_keys = {
    .name = "profile",
    .title = "keys of a profile",
    .reach = CC_LOCAL,
    .in_profile = true,
    .plan = cc_static_keys_plan,
    .fetch = cc_fetch_ready,
};

static enum cc_outcome plan_one(struct cc_search *search, const struct cc_provider *provider,
                                const struct cc_section *section, struct cc_walk_end *end,
                                struct cc_error *why)
{
    struct cc_walk_end made = {.provider = provider, .question = {.base = provider}};
    enum cc_outcome outcome = provider->plan(search, section, &made.question, why);

    if (outcome == CC_FOUND) {
        *end = made;
    }
    return outcome;
}

enum cc_outcome cc_walk_own(struct cc_search *search, const struct cc_section *section,
                            struct cc_walk_end *end, struct cc_error *why)
{
    enum cc_outcome outcome = CC_ABSENT;

    /* The role of the selected profile wins over its keys. */
    if (section != search->settings->section || !cc_input_value(search, section, "role_arn")) {
        outcome = plan_one(search, &static_keys, section, end, why);
    }
    return outcome == CC_ABSENT ? plan_one(search, &cc_provider_web_identity, section, end, why)
                                : outcome;
}

static bool no_credentials(const struct cc_walk *walk, const struct cc_error *absent,
                           const char *source, struct cc_error *why)
{
    const struct cc_section *last = walk->roles[walk->role_count - 1];
    const struct cc_error told = *absent;

    cc_fail(why, CC_E_NO_KEYS, "profile %s needs %s, which has no credentials", last->name, source);
    why->passes = told.passes;
    cc_why(why, "%s%s%s", told.what, told.why[0] ? ": " : "", told.why);
    return cc_fix(why,
                  "correct credential_source in profile %s (%s, line %d), or run this where "
                  "that source exists",
                  last->name, last->file, last->line);
}

static bool base_of_provider(struct cc_search *search, const struct cc_walk *walk,
                             struct cc_walk_end *end, struct cc_error *why)
{
    const char *source =
        cc_textf(&search->run->mem, "credential_source %s", walk->provider->credential_source);
    enum cc_outcome outcome = plan_one(search, walk->provider, NULL, end, why);

    if (outcome == CC_FOUND) {
        end->source = source;
        return true;
    }
    return outcome == CC_ABSENT && no_credentials(walk, why, source, why);
}

/* Keys and web identity, then the others in the order of the table. */
static enum cc_outcome base_of_profile(struct cc_search *search, const struct cc_section *section,
                                       struct cc_walk_end *end, struct cc_error *why)
{
    enum cc_outcome outcome = plan_one(search, &static_keys, section, end, why);

    if (outcome == CC_ABSENT) {
        outcome = plan_one(search, &cc_provider_web_identity, section, end, why);
    }
    for (size_t i = 0; outcome == CC_ABSENT && cc_providers[i]; i++) {
        if (cc_providers[i]->in_profile) {
            outcome = plan_one(search, cc_providers[i], section, end, why);
        }
    }
    return outcome;
}

bool cc_walk_base(struct cc_search *search, const struct cc_walk *walk, struct cc_walk_end *end,
                  struct cc_error *why)
{
    if (walk->provider) {
        return base_of_provider(search, walk, end, why);
    }
    enum cc_outcome outcome = base_of_profile(search, walk->base, end, why);
    if (outcome == CC_ABSENT) {
        const struct cc_section *last = walk->roles[walk->role_count - 1];

        cc_fail_profile(why, walk->base,
                        "profile %s names it as its source_profile, and it holds "
                        "no credentials of any kind",
                        last->name);
        return cc_fix(why, "add keys, SSO, login_session or credential_process to profile %s",
                      walk->base->name);
    }
    return outcome == CC_FOUND;
}

bool cc_walk_fetch(struct cc_search *search, const struct cc_walk *walk,
                   const struct cc_walk_end *end, struct cc_keys *keys, struct cc_error *why)
{
    enum cc_outcome outcome = end->provider->fetch(search, end->question.about, keys, why);

    if (outcome == CC_ABSENT && end->source) {
        return no_credentials(walk, why, end->source, why);
    }
    search->detail = end->source ? end->source : search->detail;
    return outcome == CC_FOUND;
}
