#include "credctl/aws/settings.h"

#include "credctl/aws/region.h"
#include "credctl/base/text.h"

#define ATTEMPTS 3

static const char *in_environment(const struct cc_run *run, const char *name)
{
    const char *value = name ? cc_env(run, name) : NULL;

    return cc_text_blank(value) ? NULL : value;
}

const char *cc_setting(const struct cc_run *run, const struct cc_settings *settings,
                       const char *variable, const char *property)
{
    const char *value = in_environment(run, variable);

    return value || !property ? value : cc_section_value(settings->section, property);
}

bool cc_setting_whole(const struct cc_run *run, const struct cc_section *section,
                      const char *variable, const char *property, struct cc_error *err)
{
    const char *value = in_environment(run, variable);
    const char *unseen = cc_text_unseen(value);

    if (!value) {
        return cc_property_clean(cc_section_property(section, property), err);
    }
    if (!unseen) {
        return true;
    }
    cc_fail(err, CC_E_CONFIG, "%s is not usable", variable);
    cc_why(err, "it contains %s", unseen);
    return cc_fix(err, "type the value of %s again, or unset it", variable);
}

/* One of several places for the same setting. */
struct place {
    const char *source;
    const char *value;
};

/* The first place that is set; NULL values when none is. */
static struct place first_of(const struct place *places, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (!cc_text_blank(places[i].value)) {
            return places[i];
        }
    }
    return (struct place){0};
}

/* The place of a property, for messages. */
static const char *where(struct cc_run *run, const struct cc_settings *settings, const char *key)
{
    const struct cc_property *property = cc_section_property(settings->section, key);

    return property ? cc_textf(&run->mem, "%s, line %d", property->file, property->line) : NULL;
}

static void choose_profile(struct cc_run *run, struct cc_settings *settings)
{
    const struct place places[] = {
        {"--profile", settings->given.profile},
        {"AWS_PROFILE", in_environment(run, "AWS_PROFILE")},
        {"AWS_DEFAULT_PROFILE", in_environment(run, "AWS_DEFAULT_PROFILE")},
    };
    struct place chosen = first_of(places, CC_COUNT(places));

    settings->profile_named = chosen.value != NULL;
    settings->profile = chosen.value ? cc_text_trim(&run->mem, chosen.value) : "default";
    settings->profile_source = chosen.value ? chosen.source : "default";
    settings->section =
        cc_profiles_section(&settings->profiles, CC_SECTION_PROFILE, settings->profile);
}

static const struct cc_error *kept(struct cc_run *run, const struct cc_error *err)
{
    struct cc_error *copy = cc_alloc(&run->mem, sizeof(*copy));

    *copy = *err;
    return copy;
}

/* A frequent mistake with regions is an indented comment below them. */
static bool judge_region(const struct cc_settings *settings, const struct place *chosen,
                         const char *region, struct cc_error *err)
{
    const struct cc_property *property = cc_section_property(settings->section, "region");
    const char *unseen = cc_text_unseen(region);

    if (cc_region_valid(region)) {
        return true;
    }
    if (property && property->value == chosen->value && !cc_property_clean(property, err)) {
        return false;
    }
    cc_fail(err, CC_E_CONFIG, "the region from %s is not valid", chosen->source);
    if (unseen) {
        cc_why(err, "it contains %s", unseen);
    } else {
        cc_why(err, "\"%.80s\" cannot be part of a host name", region);
    }
    return cc_fix(err, "write a region such as us-east-1 in %s", chosen->source);
}

static bool choose_region(struct cc_run *run, struct cc_settings *settings, struct cc_error *err)
{
    const struct place places[] = {
        {"--region", settings->given.region},
        {"AWS_REGION", in_environment(run, "AWS_REGION")},
        {"AWS_DEFAULT_REGION", in_environment(run, "AWS_DEFAULT_REGION")},
        {where(run, settings, "region"), cc_section_value(settings->section, "region")},
    };
    struct place chosen = first_of(places, CC_COUNT(places));

    if (!chosen.value) {
        return true;
    }
    const char *region = cc_text_trim(&run->mem, chosen.value);
    settings->fips |= cc_region_without_fips(&run->mem, &region);
    settings->region = region;
    settings->region_source = chosen.source;
    if (judge_region(settings, &chosen, region, err)) {
        return true;
    }
    settings->region_broken = kept(run, err);
    return chosen.value != settings->given.region;
}

bool cc_settings_region_usable(const struct cc_settings *settings, const char *region,
                               struct cc_error *err)
{
    if (!region || cc_region_valid(region)) {
        return true;
    }
    if (settings->region_broken && cc_text_equal(region, settings->region)) {
        *err = *settings->region_broken;
        return false;
    }
    cc_fail(err, CC_E_CONFIG, "\"%.80s\" is not a valid region", region);
    cc_why(err, "it cannot be part of a host name");
    return cc_fix(err, "write a region such as us-east-1, in AWS_REGION or in the profile");
}

/* The setting, and its place for messages. */
static struct place setting(struct cc_run *run, const struct cc_settings *settings,
                            const char *name, const char *property)
{
    const struct place places[] = {
        {name, in_environment(run, name)},
        {where(run, settings, property), cc_section_value(settings->section, property)},
    };

    return first_of(places, CC_COUNT(places));
}

static void choose_sts(struct cc_run *run, struct cc_settings *settings)
{
    struct place chosen =
        setting(run, settings, "AWS_STS_REGIONAL_ENDPOINTS", "sts_regional_endpoints");
    struct cc_error err;

    if (!cc_setting_whole(run, settings->section, "AWS_STS_REGIONAL_ENDPOINTS",
                          "sts_regional_endpoints", &err)) {
        settings->sts_broken = kept(run, &err);
        return;
    }
    settings->global_sts = cc_text_equal_nocase(chosen.value, "legacy");
    if (!chosen.value || settings->global_sts || cc_text_equal_nocase(chosen.value, "regional")) {
        return;
    }
    cc_fail(&err, CC_E_CONFIG, "sts_regional_endpoints is neither regional nor legacy");
    cc_why(&err, "the value of %s is \"%.80s\"", chosen.source, chosen.value);
    cc_fix(&err, "write regional in %s, or remove it", chosen.source);
    settings->sts_broken = kept(run, &err);
}

static void choose_attempts(struct cc_run *run, struct cc_settings *settings)
{
    struct place chosen = setting(run, settings, "AWS_MAX_ATTEMPTS", "max_attempts");
    int64_t number = ATTEMPTS;
    struct cc_error err;

    if (!cc_setting_whole(run, settings->section, "AWS_MAX_ATTEMPTS", "max_attempts", &err)) {
        settings->attempts_broken = kept(run, &err);
    } else if (chosen.value &&
               !cc_text_number(cc_text_trim(&run->mem, chosen.value), 1, INT32_MAX, &number)) {
        cc_fail(&err, CC_E_CONFIG, "max_attempts is not a number of at least 1");
        cc_why(&err, "the value of %s is \"%.80s\"", chosen.source, chosen.value);
        cc_fix(&err, "write a number such as %d in %s, or remove it", ATTEMPTS, chosen.source);
        settings->attempts_broken = kept(run, &err);
        number = ATTEMPTS;
    }
    settings->max_attempts = (int)number;
}

static void choose_ca(struct cc_run *run, const struct cc_settings *settings)
{
    const struct place places[] = {
        {NULL, settings->given.ca_bundle},
        {NULL, cc_setting(run, settings, "AWS_CA_BUNDLE", "ca_bundle")},
    };
    struct place chosen = first_of(places, CC_COUNT(places));

    if (chosen.value) {
        run->ca_bundle = cc_path_expand(run, chosen.value);
    }
}

bool cc_settings_load(struct cc_run *run, const struct cc_given *given,
                      struct cc_settings *settings, struct cc_error *err)
{
    struct cc_settings made = {.given = given ? *given : (struct cc_given){0}};

    made.profiles_broken = !cc_profiles_load(run, &made.profiles, &made.profiles_err);
    if (made.profiles_broken) {
        made.profiles.sections = NULL; /* a file that was read only in part is not used */
    }
    choose_profile(run, &made);
    made.fips =
        cc_text_is_true(cc_setting(run, &made, "AWS_USE_FIPS_ENDPOINT", "use_fips_endpoint"));
    made.dualstack = cc_text_is_true(
        cc_setting(run, &made, "AWS_USE_DUALSTACK_ENDPOINT", "use_dualstack_endpoint"));
    if (!choose_region(run, &made, err)) {
        return false;
    }
    choose_sts(run, &made);
    choose_attempts(run, &made);
    choose_ca(run, &made);
    *settings = made;
    return true;
}

static const struct cc_property *nested_property(const struct cc_property *nested, const char *key)
{
    for (const struct cc_property *at = nested; at; at = at->next) {
        if (cc_text_equal(at->key, key) && !cc_text_blank(at->value)) {
            return at;
        }
    }
    return NULL;
}

/* Where an endpoint is configured; all NULL: nowhere. */
struct endpoint {
    const char *url;
    const char *name;                   /* of the option or variable ... */
    const struct cc_property *property; /* ... or the property */
};

static struct endpoint of_property(const struct cc_property *property)
{
    return (struct endpoint){.url = property ? property->value : NULL, .property = property};
}

static struct endpoint endpoint_in(const struct cc_settings *settings,
                                   const struct cc_section *section, const char *service)
{
    const char *name = cc_section_value(section, "services");
    const struct cc_section *list =
        name ? cc_profiles_section(&settings->profiles, CC_SECTION_SERVICES, name) : NULL;
    const struct cc_property *specific =
        nested_property(cc_section_nested(list, service), "endpoint_url");

    return of_property(specific ? specific : cc_section_property(section, "endpoint_url"));
}

static bool ignores(const struct cc_run *run, const struct cc_section *section)
{
    const char *said = in_environment(run, "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS");

    return cc_text_is_true(said ? said
                                : cc_section_value(section, "ignore_configured_endpoint_urls"));
}

static struct endpoint endpoint_of_variable(const struct cc_run *run, const char *name)
{
    return (struct endpoint){.url = in_environment(run, name), .name = name};
}

/* A profile of a source chain without an endpoint uses that of the selected profile. */
static struct endpoint endpoint_of_profiles(const struct cc_run *run,
                                            const struct cc_settings *settings,
                                            const struct cc_section *asking, const char *service)
{
    struct endpoint found = endpoint_in(settings, asking, service);

    if (!found.url && asking != settings->section && !ignores(run, settings->section)) {
        found = endpoint_in(settings, settings->section, service);
    }
    return found;
}

/* Names are made in `mem`. */
static struct endpoint find_endpoint(struct cc_arena *mem, const struct cc_run *run,
                                     const struct cc_settings *settings,
                                     const struct cc_section *section, const char *id)
{
    const struct cc_section *asking = section ? section : settings->section;
    struct endpoint found = {.url = settings->given.endpoint_url, .name = "--endpoint-url"};

    if (found.url || ignores(run, asking)) {
        return found;
    }
    found = endpoint_of_variable(run, cc_textf(mem, "AWS_ENDPOINT_URL_%s", id));
    found = found.url ? found : endpoint_of_variable(run, "AWS_ENDPOINT_URL");
    return found.url ? found : endpoint_of_profiles(run, settings, asking, cc_text_lower(mem, id));
}

const char *cc_settings_endpoint(const struct cc_run *run, const struct cc_settings *settings,
                                 const struct cc_section *section, const char *id)
{
    struct cc_arena names = {0};
    const char *url = find_endpoint(&names, run, settings, section, id).url;

    cc_arena_wipe(&names);
    return url;
}

const char *cc_settings_endpoint_place(struct cc_run *run, const struct cc_settings *settings,
                                       const struct cc_section *section, const char *id)
{
    const struct endpoint found = find_endpoint(&run->mem, run, settings, section, id);

    if (!found.url) {
        return NULL;
    }
    return found.property
               ? cc_textf(&run->mem, "%s, line %d", found.property->file, found.property->line)
               : found.name;
}

/* The properties that a call reads from the selected profile, except those that are checked when
 * the settings are loaded. */
static const struct {
    const char *variable;
    const char *property;
} of_calls[] = {
    {"AWS_USE_FIPS_ENDPOINT", "use_fips_endpoint"},
    {"AWS_USE_DUALSTACK_ENDPOINT", "use_dualstack_endpoint"},
    {"AWS_CA_BUNDLE", "ca_bundle"},
};

bool cc_settings_call_whole(const struct cc_run *run, const struct cc_settings *settings,
                            const struct cc_section *section, const char *id, struct cc_error *err)
{
    const struct cc_section *asking = section ? section : settings->section;
    const struct cc_settings variables_alone = {.given = settings->given};
    const bool named = cc_settings_endpoint(run, &variables_alone, NULL, id) != NULL;

    for (size_t i = 0; i < CC_COUNT(of_calls); i++) {
        if (!cc_setting_whole(run, settings->section, of_calls[i].variable, of_calls[i].property,
                              err)) {
            return false;
        }
    }
    return cc_setting_whole(run, asking, "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
                            "ignore_configured_endpoint_urls", err) &&
           (named || (cc_setting_whole(run, asking, NULL, "services", err) &&
                      cc_setting_whole(run, asking, NULL, "endpoint_url", err)));
}

bool cc_settings_region_fits(const struct cc_run *run, const struct cc_settings *settings,
                             const struct cc_section *section, const char *id, const char *region)
{
    return !region || cc_region_valid(region) ||
           (cc_text_consists(region, "-_.", 63) &&
            cc_settings_endpoint(run, settings, section, id) != NULL);
}
