#include "walk.h"

#include "credctl/base/buf.h"
#include "credctl/base/text.h"

#include "table.h"

#include <stdarg.h>
#include <stdio.h>

bool cc_fail_profile(struct cc_error *why, const struct cc_section *section, const char *cause, ...)
{
    va_list args;
    char text[sizeof(why->why)];

    va_start(args, cause);
    (void)vsnprintf(text, sizeof(text), cause, args);
    va_end(args);
    cc_fail(why, CC_E_CONFIG, "profile %s (%s, line %d) is not usable", section->name,
            section->file, section->line);
    cc_why(why, "%s", text);
    return cc_fix(why, "correct profile %s in %s", section->name, section->file);
}

enum cc_outcome cc_static_keys(struct cc_search *search, const struct cc_section *section,
                               struct cc_keys *keys, struct cc_error *why)
{
    struct cc_run *run = search->run;
    const struct cc_property *id = cc_section_property(section, "aws_access_key_id");
    const struct cc_property *secret = cc_section_property(section, "aws_secret_access_key");
    const struct cc_property *token = cc_section_property(section, "aws_session_token");
    const char *account = cc_section_value(section, "aws_account_id");

    if (!id && !secret) {
        return cc_absent(why, "profile %s in %s has no keys", section->name, section->file);
    }
    if (!id || !secret) {
        const struct cc_property *there = id ? id : secret;
        const char *missing = id ? "aws_secret_access_key" : "aws_access_key_id";

        cc_fail(why, CC_E_HALF_SET, "profile %s holds half a key pair", section->name);
        cc_why(why, "%s, line %d has %s; %s is missing or empty", there->file, there->line,
               there->key, missing);
        cc_fix(why, "add %s to profile %s, or remove %s", missing, section->name, there->key);
        return CC_BROKEN;
    }
    token = token ? token : cc_section_property(section, "aws_security_token");
    if (!cc_property_one_line(id, why) || !cc_property_one_line(secret, why) ||
        !cc_property_one_line(token, why)) {
        return CC_BROKEN;
    }
    *keys = (struct cc_keys){
        .access_key_id = id->value,
        .secret_key = cc_secret_keep(&run->mem, secret->value),
        .session_token = cc_secret_keep(&run->mem, token ? token->value : NULL),
        .expires = CC_NEVER_EXPIRES,
        .account_id = cc_text_digits(account, 12) ? account : NULL,
    };
    search->detail = cc_textf(&run->mem, "profile %s: static keys", section->name);
    return cc_keys_judge(
               keys,
               cc_textf(&run->mem, "profile %s in %s, line %d", section->name, id->file, id->line),
               why)
               ? CC_FOUND
               : CC_BROKEN;
}

static bool has_static_keys(const struct cc_section *section)
{
    return cc_section_property(section, "aws_access_key_id") &&
           cc_section_property(section, "aws_secret_access_key");
}

/* Web identity needs no source, so it begins a chain instead of continuing one. */
static bool has_source(const struct cc_section *section)
{
    return cc_section_value(section, "role_arn") &&
           !cc_section_value(section, "web_identity_token_file");
}

static bool refuse_circle(struct cc_search *search, const struct cc_walk *walk, const char *again,
                          struct cc_error *why)
{
    struct cc_buf circle = cc_buf_new(&search->run->mem, sizeof(why->why));

    for (size_t i = 0; i < walk->role_count; i++) {
        cc_buf_addf(&circle, "%s -> ", walk->roles[i]->name);
    }
    const struct cc_section *last = walk->roles[walk->role_count - 1];
    const struct cc_property *link = cc_section_property(last, "source_profile");
    cc_fail(why, CC_E_PROFILE_LOOP, "source_profile leads round in an infinite loop");
    cc_why(why, "%s%s", circle.text, again);
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

/* From the profile that was added last to the one it names. */
static bool follow(struct cc_search *search, struct cc_walk *walk, const char *name,
                   struct cc_error *why)
{
    const struct cc_section *last = walk->roles[walk->role_count - 1];
    const struct cc_section *next =
        cc_profiles_section(&search->settings->profiles, CC_SECTION_PROFILE, name);

    if (next && next == last && has_static_keys(last)) {
        walk->base = last; /* a profile may be its own source, for its keys */
        return true;
    }
    if (visited(walk, name)) {
        return refuse_circle(search, walk, name, why);
    }
    if (!next) {
        const struct cc_property *link = cc_section_property(last, "source_profile");

        cc_fail(why, CC_E_PROFILE, "profile %s does not exist", name);
        cc_why(why, "profile %s names it as its source_profile (%s, line %d)", last->name,
               link->file, link->line);
        return cc_fix(why, "add a profile %s, or correct source_profile of %s", name, last->name);
    }
    walk->base = next;
    return true;
}

static const struct {
    const char *name;
    const struct cc_provider *provider;
} sources[] = {
    {"Environment", &cc_provider_environment},
    {"Ec2InstanceMetadata", &cc_provider_imds},
    {"EcsContainer", &cc_provider_container},
};

static bool name_source(struct cc_walk *walk, const struct cc_property *source,
                        struct cc_error *why)
{
    for (size_t i = 0; i < CC_COUNT(sources); i++) {
        if (cc_text_equal(sources[i].name, source->value)) {
            walk->provider = sources[i].provider;
            walk->base = NULL;
            return true;
        }
    }
    cc_fail_profile(why, walk->roles[walk->role_count - 1],
                    "credential_source in line %d is \"%.60s\"", source->line, source->value);
    return cc_fix(why, "write credential_source as Environment, Ec2InstanceMetadata or "
                       "EcsContainer, in exactly this case");
}

/* One role of the way. Leaves in walk->base where to go on, or the provider that ends it. */
static bool step(struct cc_search *search, struct cc_walk *walk, struct cc_error *why)
{
    const struct cc_section *section = walk->base;
    const char *profile = cc_section_value(section, "source_profile");
    const struct cc_property *source = cc_section_property(section, "credential_source");

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
    /* The selected profile's role beats its keys; the keys of any later one end the chain. */
    while (walk->base && walk->base != here && has_source(walk->base) &&
           (walk->role_count == 0 || !has_static_keys(walk->base))) {
        here = walk->base;
        if (!step(search, walk, why)) {
            return false;
        }
    }
    return true;
}

static bool from_provider(struct cc_search *search, const struct cc_walk *walk,
                          struct cc_keys *keys, struct cc_error *why)
{
    const struct cc_section *last = walk->roles[walk->role_count - 1];
    struct cc_error absent = {0};
    enum cc_outcome outcome = walk->provider->find(search, keys, &absent);

    if (outcome == CC_FOUND) {
        search->detail = cc_textf(&search->run->mem, "credential_source %s",
                                  cc_section_value(last, "credential_source"));
        return true;
    }
    *why = absent;
    if (outcome == CC_BROKEN) {
        return false;
    }
    cc_fail(why, CC_E_NO_KEYS, "profile %s wants credential_source %s, which has no credentials",
            last->name, cc_section_value(last, "credential_source"));
    cc_why(why, "%s%s%s", absent.what, absent.why[0] ? ": " : "", absent.why);
    return cc_fix(why,
                  "correct credential_source in profile %s (%s, line %d), or run this where "
                  "that source exists",
                  last->name, last->file, last->line);
}

/* Static keys, web identity, then the others in the order of the table. */
static enum cc_outcome from_profile(struct cc_search *search, const struct cc_section *section,
                                    struct cc_keys *keys, struct cc_error *why)
{
    enum cc_outcome outcome = cc_static_keys(search, section, keys, why);

    if (outcome == CC_ABSENT) {
        outcome = cc_provider_web_identity.find_in(search, section, keys, why);
    }
    for (size_t i = 0; outcome == CC_ABSENT && cc_providers[i]; i++) {
        if (cc_providers[i]->find_in && cc_providers[i] != &cc_provider_web_identity) {
            outcome = cc_providers[i]->find_in(search, section, keys, why);
        }
    }
    return outcome;
}

bool cc_walk_base(struct cc_search *search, const struct cc_walk *walk, struct cc_keys *keys,
                  struct cc_error *why)
{
    if (walk->provider) {
        return from_provider(search, walk, keys, why);
    }
    enum cc_outcome outcome = from_profile(search, walk->base, keys, why);
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

enum cc_outcome cc_find_selected(struct cc_search *search, const struct cc_provider *provider,
                                 struct cc_keys *keys, struct cc_error *why)
{
    const struct cc_settings *settings = search->settings;

    return settings->section ? provider->find_in(search, settings->section, keys, why)
                             : cc_absent(why, "there is no profile %s", settings->profile);
}
