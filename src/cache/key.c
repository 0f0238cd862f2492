#include "credctl/base/digest.h"
#include "credctl/base/json.h"
#include "credctl/base/text.h"
#include "credctl/providers/token_cache.h"

#include "parts.h"

#include <stdlib.h>
#include <string.h>

#define FORMAT_AND_USE "credctl cache key 1"
#define DEPTH_MAX      32
#define FILE_MAX       262144

static const char *variable(const struct cc_search *search, const char *name)
{
    const char *value = cc_env(search->run, name);

    return cc_text_blank(value) ? NULL : value;
}

static void plan_sso(struct cc_search *search, const struct cc_section *section,
                     struct cc_plan *plan)
{
    const char *session = cc_section_value(section, "sso_session");
    const char *name = session ? session : cc_section_value(section, "sso_start_url");

    plan->worth = true;
    plan->login = cc_token_cache_path(search->run, "~/.aws/sso/cache", CC_SHA1, name ? name : "");
}

static void plan_login(struct cc_search *search, const char *session, struct cc_plan *plan)
{
    const char *folder = variable(search, "AWS_LOGIN_CACHE_DIRECTORY");

    plan->worth = true;
    plan->login = cc_token_cache_path(search->run, folder ? folder : "~/.aws/login/cache",
                                      CC_SHA256, session);
}

/* The end of a walk through profiles. False: this profile has no credentials in it at all. */
static bool plan_base(struct cc_search *search, const struct cc_section *section,
                      struct cc_plan *plan)
{
    const char *session = cc_section_value(section, "login_session");

    if (cc_section_value(section, "aws_access_key_id") ||
        cc_section_value(section, "aws_secret_access_key")) {
        return true;
    }
    if (cc_section_value(section, "sso_account_id") || cc_section_value(section, "sso_role_name") ||
        cc_section_value(section, "sso_start_url")) {
        plan_sso(search, section, plan);
        return true;
    }
    if (session) {
        plan_login(search, session, plan);
        return true;
    }
    plan->process = cc_section_value(section, "credential_process") != NULL;
    plan->worth |= plan->process;
    return plan->process;
}

/* A profile with a role. Where its source is; NULL when the walk ends with it. */
static const struct cc_section *plan_role(struct cc_search *search,
                                          const struct cc_section *section, struct cc_plan *plan)
{
    const char *source = cc_section_value(section, "source_profile");
    const char *token = cc_section_value(section, "web_identity_token_file");

    plan->worth = true;
    plan->asks |= cc_section_value(section, "mfa_serial") != NULL;
    if (token) {
        plan->jwt = cc_path_expand(search->run, token);
        return NULL;
    }
    plan->host |= cc_section_value(section, "credential_source") != NULL;
    return cc_text_equal(source, section->name)
               ? NULL
               : cc_profiles_section(&search->settings->profiles, CC_SECTION_PROFILE, source);
}

/* False: the selected profile, if there is one, leaves it to those behind it in the chain. */
static bool plan_profile(struct cc_search *search, struct cc_plan *plan)
{
    const struct cc_section *section = search->settings->section;
    bool any = section != NULL;

    for (int depth = 0; section && depth < DEPTH_MAX; depth++) {
        if (!cc_section_value(section, "role_arn")) {
            return plan_base(search, section, plan) || depth > 0;
        }
        section = plan_role(search, section, plan);
    }
    return any;
}

struct cc_plan cc_cache_plan(struct cc_search *search, const struct cc_demand *demand)
{
    const struct cc_settings *settings = search->settings;
    const char *token = variable(search, "AWS_WEB_IDENTITY_TOKEN_FILE");
    struct cc_plan plan = {.worth = demand->hop_count > 0};

    for (size_t i = 0; i < demand->hop_count; i++) {
        plan.asks |= demand->hops[i].serial_number != NULL;
    }
    if (!settings->given.profile &&
        (variable(search, "AWS_ACCESS_KEY_ID") || variable(search, "AWS_SECRET_ACCESS_KEY"))) {
        return plan;
    }
    if (settings->profiles_broken || (settings->profile_named && !settings->section)) {
        return (struct cc_plan){0}; /* an error, and a cheap one */
    }
    if (plan_profile(search, &plan) || settings->given.profile) {
        return plan;
    }
    if (token) {
        plan.worth = true;
        plan.jwt = cc_path_expand(search->run, cc_text_trim(&search->run->mem, token));
        return plan;
    }
    plan.host = true;
    return plan;
}

/* With its length, so that no two lists of fields are the same bytes. */
static void add(struct cc_sum *sum, const char *name, const char *text, size_t len)
{
    uint64_t size = text ? len : UINT64_MAX;

    cc_sum_add(sum, name, strlen(name) + 1);
    cc_sum_add(sum, &size, sizeof(size));
    cc_sum_add(sum, text, text ? len : 0);
}

static void add_text(struct cc_sum *sum, const char *name, const char *text)
{
    add(sum, name, text, text ? strlen(text) : 0);
}

static void add_number(struct cc_sum *sum, const char *name, int64_t number)
{
    add(sum, name, (const char *)&number, sizeof(number));
}

static void end(struct cc_sum *sum, char hex[CC_HEX_SIZE])
{
    unsigned char bytes[SHA256_DIGEST_LENGTH];

    cc_sum_end(sum, bytes);
    cc_text_hex(hex, bytes, sizeof(bytes));
}

void cc_cache_digest(const char *text, size_t len, char hex[CC_HEX_SIZE])
{
    struct cc_sum sum;

    cc_sum_begin(&sum);
    cc_sum_add(&sum, text, len);
    end(&sum, hex);
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Variables that say where a command was started, not as whom. */
static bool mere_circumstance(const char *row)
{
    static const char *const names[] = {"_=", "SHLVL=", "OLDPWD=", "COLUMNS=", "LINES=", "PS1="};

    for (size_t i = 0; i < CC_COUNT(names); i++) {
        if (cc_text_starts(row, names[i])) {
            return true;
        }
    }
    return false;
}

static void add_variables(struct cc_sum *sum, struct cc_run *run, bool all)
{
    const char *const *rows = run->world->env_all(run->world->self);
    size_t count = 0;
    size_t kept = 0;

    while (rows && rows[count]) {
        count++;
    }
    const char **own = cc_alloc(&run->mem, (count + 1) * sizeof(*own));
    for (size_t i = 0; i < count; i++) {
        if (cc_text_starts(rows[i], "AWS_") || cc_text_starts(rows[i], "HOME=") ||
            (all && !mere_circumstance(rows[i]))) {
            own[kept++] = rows[i];
        }
    }
    if (kept > 0) {
        qsort((void *)own, kept, sizeof(*own), by_text);
    }
    for (size_t i = 0; i < kept; i++) {
        add_text(sum, "variable", own[i]);
    }
    add_number(sum, "variables", (int64_t)kept);
}

static void add_properties(struct cc_sum *sum, const struct cc_property *property)
{
    for (; property; property = property->next) {
        add_text(sum, property->key, property->value);
        for (const struct cc_property *n = property->nested; n; n = n->next) {
            add_text(sum, "nested", n->key);
            add_text(sum, "value", n->value);
        }
    }
}

/* As they were parsed, not read again: the files may have changed since. */
static void add_profiles(struct cc_sum *sum, const struct cc_profiles *profiles)
{
    add_text(sum, "config", profiles->config_file);
    add_text(sum, "credentials", profiles->credentials_file);
    for (const struct cc_section *s = profiles->sections; s; s = s->next) {
        add_number(sum, "section", s->kind);
        add_text(sum, "name", s->name);
        add_properties(sum, s->properties);
    }
}

static void add_list(struct cc_sum *sum, const char *name, const char *const *list)
{
    for (; list && *list; list++) {
        add_text(sum, name, *list);
    }
}

/* All but the token code, which is another one every time. */
static void add_hop(struct cc_sum *sum, const struct cc_assume *hop)
{
    add_text(sum, "role", hop->role_arn);
    add_text(sum, "session", hop->session_name);
    add_text(sum, "external", hop->external_id);
    add_number(sum, "duration", hop->duration_seconds);
    add_text(sum, "policy", hop->policy);
    add_list(sum, "policy_arn", hop->policy_arns);
    add_list(sum, "tag", hop->tags);
    add_list(sum, "transitive", hop->transitive_tag_keys);
    add_text(sum, "source_identity", hop->source_identity);
    add_text(sum, "serial", hop->serial_number);
    add_text(sum, "region", hop->region);
    add_text(sum, "section", hop->section ? hop->section->name : NULL);
}

static void add_file(struct cc_sum *sum, struct cc_run *run, const char *name, const char *path)
{
    const char *text = NULL;
    size_t len = 0;
    struct cc_error absent;

    add_text(sum, "path", path);
    bool read = path && cc_read_file(run, path, FILE_MAX, &text, &len, &absent);
    add(sum, name, read ? text : NULL, len);
}

static void add_settings(struct cc_sum *sum, const struct cc_settings *settings)
{
    add_text(sum, "--profile", settings->given.profile);
    add_text(sum, "--endpoint-url", settings->given.endpoint_url);
    add_text(sum, "--ca-bundle", settings->given.ca_bundle);
    add_text(sum, "profile", settings->profile);
    add_text(sum, "region", settings->region);
    add_number(sum, "fips", settings->fips);
    add_number(sum, "dualstack", settings->dualstack);
    add_number(sum, "global", settings->global_sts);
    add_profiles(sum, &settings->profiles);
}

void cc_cache_key(struct cc_search *search, const struct cc_demand *demand,
                  const struct cc_plan *plan, const struct cc_folder *folder, char key[CC_HEX_SIZE])
{
    struct cc_sum sum;

    cc_sum_begin(&sum);
    add_text(&sum, "use", FORMAT_AND_USE);
    add_number(&sum, "user", (int64_t)folder->owner);
    add_file(&sum, search->run, "host", "/proc/sys/kernel/hostname");
    /* Two machines of one name may share a home; their roles need not be the same. */
    add_file(&sum, search->run, "boot", plan->host ? "/proc/sys/kernel/random/boot_id" : NULL);
    add_text(&sum, "jwt", plan->jwt);
    add_text(&sum, "login", plan->login);
    add_variables(&sum, search->run, plan->process);
    add_settings(&sum, search->settings);
    for (size_t i = 0; i < demand->hop_count; i++) {
        add_hop(&sum, &demand->hops[i]);
    }
    add_number(&sum, "hops", (int64_t)demand->hop_count);
    end(&sum, key);
}

static void text_free(char **text)
{
    cJSON_free(*text);
}

/* Who a token is about. A projected token is written anew every hour, about the same one. */
static bool add_claims(struct cc_sum *sum, struct cc_run *run, const char *token,
                       const char *end_of)
{
    static const char *const claims[] = {"iss", "sub", "aud"};
    const char *first = strchr(token, '.');
    const char *second = first ? strchr(first + 1, '.') : NULL;
    const char *text = NULL;
    size_t len = 0;
    const cJSON *doc = NULL;
    struct cc_error ignored;

    if (!second || second > end_of ||
        !cc_text_unbase64(&run->mem, first + 1, (size_t)(second - first - 1), &text, &len) ||
        !cc_json_parse(&run->mem, text, len, "token", &doc, &ignored) ||
        !cc_json_text(doc, "iss") || !cc_json_text(doc, "sub")) {
        return false;
    }
    for (size_t i = 0; i < CC_COUNT(claims); i++) {
        const cJSON *claim = cJSON_GetObjectItemCaseSensitive(doc, claims[i]);
        CC_CLEANUP(text_free) char *value = claim ? cJSON_PrintUnformatted(claim) : NULL;

        add_text(sum, claims[i], value);
    }
    return true;
}

void cc_cache_login(struct cc_search *search, const struct cc_plan *plan, char login[CC_HEX_SIZE])
{
    struct cc_sum sum;
    const char *token = NULL;
    size_t len = 0;
    struct cc_error ignored;

    cc_sum_begin(&sum);
    add_file(&sum, search->run, "login", plan->login);
    if (plan->jwt && cc_read_file(search->run, plan->jwt, FILE_MAX, &token, &len, &ignored) &&
        !add_claims(&sum, search->run, token, token + len)) {
        add(&sum, "token", token, len);
    }
    end(&sum, login);
}
