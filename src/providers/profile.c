#include "credctl/base/text.h"

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
    cc_fail(why, CC_E_PROFILE, "profile %s does not exist", settings->profile);
    cc_why(why, "%s names it; it is neither in %s%s nor in %s%s", settings->profile_source,
           profiles->config_file, profiles->config_read ? "" : " (which does not exist)",
           profiles->credentials_file, profiles->credentials_read ? "" : " (which does not exist)");
    if (near) {
        cc_fix(why, "did you mean %s? Otherwise add [profile %s] to %s", near, settings->profile,
               profiles->config_file);
    } else {
        cc_fix(why, "correct %s, or add [profile %s] to %s", settings->profile_source,
               settings->profile, profiles->config_file);
    }
    return CC_BROKEN;
}

/* Asked for before any call is made: without a terminal that must fail at once. */
static bool ask_codes(struct cc_search *search, const struct cc_walk *walk, struct cc_secret *codes,
                      struct cc_error *why)
{
    const struct cc_world *world = search->run->world;

    for (size_t i = walk->role_count; i-- > 0;) {
        const char *serial = cc_section_value(walk->roles[i], "mfa_serial");

        codes[i] = (struct cc_secret){0};
        if (!serial) {
            continue;
        }
        codes[i] = search->token_code;
        if (cc_secret_present(codes[i])) {
            continue;
        }
        const char *prompt =
            cc_textf(&search->run->mem,
                     "Enter MFA code for %s: ", cc_text_printable(&search->run->mem, serial));
        if (!world->ask(world->self, &search->run->mem, prompt, &codes[i], why)) {
            cc_fail(why, CC_E_MFA, "profile %s needs an MFA token code", walk->roles[i]->name);
            cc_why(why, "its role wants a code of %s, and there is no terminal to ask at", serial);
            return cc_fix(why, "give --token-code, or run it in a terminal");
        }
    }
    return true;
}

static enum cc_outcome walk_roles(struct cc_search *search, const struct cc_walk *walk,
                                  struct cc_keys *keys, struct cc_error *why)
{
    struct cc_secret codes[CC_WALK_MAX];
    struct cc_keys held;

    if (!ask_codes(search, walk, codes, why) || !cc_walk_base(search, walk, &held, why)) {
        return CC_BROKEN;
    }
    for (size_t i = walk->role_count; i-- > 0;) {
        const char *source = search->detail;

        if (!cc_hop_of_profile(search, walk->roles[i], codes[i], &held, why)) {
            return CC_BROKEN;
        }
        search->detail = cc_textf(&search->run->mem, "profile %s: %s by %s", walk->roles[i]->name,
                                  cc_section_value(walk->roles[i], "role_arn"), source);
    }
    *keys = held;
    return CC_FOUND;
}

static enum cc_outcome find(struct cc_search *search, struct cc_keys *keys, struct cc_error *why)
{
    const struct cc_settings *settings = search->settings;
    const struct cc_section *section = settings->section;
    struct cc_walk walk;

    if (settings->profiles_broken) {
        *why = settings->profiles_err;
        return CC_BROKEN;
    }
    if (!section) {
        return missing(settings, why);
    }
    if (!cc_walk_plan(search, section, &walk, why)) {
        return CC_BROKEN;
    }
    if (walk.role_count > 0) {
        return walk_roles(search, &walk, keys, why);
    }
    enum cc_outcome outcome = CC_ABSENT;
    if (!cc_section_value(section, "role_arn")) {
        outcome = cc_static_keys(search, section, keys, why);
    }
    if (outcome == CC_ABSENT) {
        outcome = cc_provider_web_identity.find_in(search, section, keys, why);
    }
    return outcome == CC_ABSENT
               ? cc_absent(why, "profile %s has neither keys nor a role", section->name)
               : outcome;
}

const struct cc_provider cc_provider_profile = {
    .name = "profile",
    .title = "the selected profile: keys, role or web identity",
    .reach = CC_INTERNET,
    .serves_profile = true,
    .find = find,
};
