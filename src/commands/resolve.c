#include "credctl/commands/resolve.h"

#include "credctl/aws/arn.h"
#include "credctl/base/text.h"
#include "credctl/base/time.h"

#include <stdlib.h>
#include <string.h>

bool cc_deadline_from(struct cc_run *run, const struct cc_args *args, struct cc_error *err)
{
    const char *given = cc_value(args, "timeout");
    char *end = NULL;

    if (!given) {
        return true;
    }
    double seconds = strtod(given, &end);
    if (given[strspn(given, "0123456789.")] != '\0' || end == given || *end != '\0' ||
        !(seconds > 0) || seconds > 86400) {
        cc_fail(err, CC_E_USAGE, "--timeout %.40s is not usable", given);
        return cc_why(err, "it must be a number of seconds above 0 and at most 86400");
    }
    run->deadline_ms = cc_ticks_ms(run) + (int64_t)(seconds * 1000 + 0.5);
    return true;
}

/* A hop's text options, and where in cc_assume each belongs. */
static const struct {
    const char *option;
    size_t offset;
} text_options[] = {
    {"external-id", offsetof(struct cc_assume, external_id)},
    {"role-session-name", offsetof(struct cc_assume, session_name)},
    {"policy", offsetof(struct cc_assume, policy)},
    {"source-identity", offsetof(struct cc_assume, source_identity)},
    {"serial-number", offsetof(struct cc_assume, serial_number)},
};

static const struct {
    const char *option;
    size_t offset;
} list_options[] = {
    {"policy-arns", offsetof(struct cc_assume, policy_arns)},
    {"tags", offsetof(struct cc_assume, tags)},
    {"transitive-tag-keys", offsetof(struct cc_assume, transitive_tag_keys)},
};

static const char **text_field(struct cc_assume *hop, size_t offset)
{
    return (const char **)(void *)((char *)hop + offset);
}

static void append(struct cc_arena *mem, const char *const **list, const char *value)
{
    size_t count = 0;

    while (*list && (*list)[count]) {
        count++;
    }
    const char **longer = cc_alloc(mem, (count + 2) * sizeof(*longer));
    for (size_t i = 0; i < count; i++) {
        longer[i] = (*list)[i];
    }
    longer[count] = value;
    *list = (const char *const *)longer;
}

static bool is_hop_option(const char *name)
{
    for (size_t i = 0; i < CC_COUNT(text_options); i++) {
        if (cc_text_equal(name, text_options[i].option)) {
            return true;
        }
    }
    for (size_t i = 0; i < CC_COUNT(list_options); i++) {
        if (cc_text_equal(name, list_options[i].option)) {
            return true;
        }
    }
    return cc_text_equal(name, "duration-seconds") || cc_text_equal(name, "token-code");
}

static bool set_duration(struct cc_assume *hop, const char *value, struct cc_error *err)
{
    int64_t seconds = 0;

    if (!cc_text_number(value, 900, 43200, &seconds)) {
        cc_fail(err, CC_E_USAGE, "--duration-seconds %.40s is not usable", value);
        return cc_why(err, "STS takes a whole number from 900 to 43200");
    }
    hop->duration_seconds = (int)seconds;
    return true;
}

static bool set_hop_option(struct cc_arena *mem, struct cc_assume *hop, const char *name,
                           const char *value, struct cc_error *err)
{
    for (size_t i = 0; i < CC_COUNT(text_options); i++) {
        if (cc_text_equal(name, text_options[i].option)) {
            *text_field(hop, text_options[i].offset) = value;
        }
    }
    for (size_t i = 0; i < CC_COUNT(list_options); i++) {
        if (cc_text_equal(name, list_options[i].option)) {
            append(mem, (const char *const **)text_field(hop, list_options[i].offset), value);
        }
    }
    if (cc_text_equal(name, "token-code")) {
        hop->token_code = cc_secret_keep(mem, value);
    }
    return !cc_text_equal(name, "duration-seconds") || set_duration(hop, value, err);
}

static bool valid_hop(struct cc_arena *mem, const struct cc_assume *hop, struct cc_error *err)
{
    struct cc_arn arn;
    const char *name = NULL;

    if (!cc_arn_role(mem, hop->role_arn, &arn, &name)) {
        cc_fail(err, CC_E_USAGE, "--role-arn %.200s is not a role's ARN", hop->role_arn);
        return cc_fix(err, "write it as arn:aws:iam::111122223333:role/NAME");
    }
    if (hop->session_name &&
        (!cc_text_consists(hop->session_name, "_+=,.@-", 64) || strlen(hop->session_name) < 2)) {
        cc_fail(err, CC_E_USAGE, "--role-session-name %.80s is not usable", hop->session_name);
        return cc_why(err, "STS takes 2 to 64 letters, digits and _+=,.@-");
    }
    for (size_t i = 0; hop->tags && hop->tags[i]; i++) {
        if (!strchr(hop->tags[i], '=') || hop->tags[i][0] == '=') {
            return cc_fail(err, CC_E_USAGE, "--tags %.80s is not KEY=VALUE", hop->tags[i]);
        }
    }
    return true;
}

static bool hop_option_from(struct cc_arena *mem, struct cc_resolve *resolve, const char *name,
                            const char *value, struct cc_error *err)
{
    size_t at = resolve->hop_count > 0 ? resolve->hop_count - 1 : 0;

    if (is_hop_option(name)) {
        return set_hop_option(mem, &resolve->hops[at], name, value, err);
    }
    if (!cc_text_equal(name, "role-arn")) {
        return true;
    }
    if (resolve->hop_count == CC_HOPS_MAX) {
        return cc_fail(err, CC_E_USAGE, "more than %d hops", CC_HOPS_MAX);
    }
    resolve->hops[resolve->hop_count++].role_arn = value;
    return true;
}

/* Options before the first --role-arn belong to it too, so that their order does not matter there.
 */
static bool hops_from(struct cc_arena *mem, const struct cc_args *args, struct cc_resolve *resolve,
                      struct cc_error *err)
{
    const char *name = NULL;
    const char *value = NULL;

    for (size_t i = 0; cc_given_at(args, i, &name, &value); i++) {
        if (!hop_option_from(mem, resolve, name, value, err)) {
            return false;
        }
    }
    for (size_t i = 0; i < resolve->hop_count; i++) {
        if (!valid_hop(mem, &resolve->hops[i], err)) {
            return false;
        }
    }
    return true;
}

/* Without --role-arn only --token-code has a meaning: it answers the MFA question of a profile. */
static bool options_without_hop(const struct cc_args *args, struct cc_error *err)
{
    const char *name = NULL;
    const char *value = NULL;

    for (size_t i = 0; cc_given_at(args, i, &name, &value); i++) {
        if (is_hop_option(name) && !cc_text_equal(name, "token-code")) {
            cc_fail(err, CC_E_USAGE, "--%s needs a --role-arn", name);
            return cc_why(err, "it describes the assumption of a role, and none is asked for");
        }
    }
    return true;
}

bool cc_resolve_prepare(struct cc_run *run, const struct cc_args *args, struct cc_resolve *resolve,
                        struct cc_error *err)
{
    const struct cc_given given = {
        .profile = cc_value(args, "profile"),
        .region = cc_value(args, "region"),
        .endpoint_url = cc_value(args, "endpoint-url"),
        .ca_bundle = cc_value(args, "ca-bundle"),
    };
    bool present = false;

    *resolve = (struct cc_resolve){0};
    if (!cc_deadline_from(run, args, err) ||
        !cc_settings_load(run, &given, &resolve->settings, err) ||
        !hops_from(&run->mem, args, resolve, err)) {
        return false;
    }
    resolve->search = (struct cc_search){.run = run, .settings = &resolve->settings};
    resolve->cache.off = cc_flag(args, "no-cache");
    resolve->cache.aws_cli = cc_flag(args, "use-aws-cli-cache");
    if (resolve->hop_count > 0) {
        return true;
    }
    if (!options_without_hop(args, err)) {
        return false;
    }
    resolve->search.token_code = resolve->hops[0].token_code;
    resolve->hops[0] = (struct cc_assume){0};
    if (!cc_hop_from_environment(run, &resolve->hops[0], &present, err)) {
        return false;
    }
    resolve->hop_count = present;
    return true;
}

struct cc_demand cc_resolve_demand(const struct cc_resolve *resolve)
{
    return (struct cc_demand){resolve->hops, resolve->hop_count, resolve->cache};
}

bool cc_resolve_keys(struct cc_run *run, struct cc_resolve *resolve, struct cc_error *err)
{
    const struct cc_demand demand = cc_resolve_demand(resolve);

    (void)run;
    return cc_credentials_get(&resolve->search, &demand, &resolve->keys, &resolve->story, err);
}

/* True: there are others now. */
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
    if (cc_sts_caller(run, &resolve->settings, &resolve->keys, identity, err)) {
        return true;
    }
    return replace_rejected(run, resolve, err->code) &&
           cc_sts_caller(run, &resolve->settings, &resolve->keys, identity, err);
}

const char *cc_role_of_arn(struct cc_arena *mem, const char *arn)
{
    struct cc_arn parts;

    if (!arn || !cc_arn_parse(mem, arn, &parts)) {
        return NULL;
    }
    if (cc_text_starts(parts.resource, "assumed-role/")) {
        const char *name = parts.resource + strlen("assumed-role/");

        return cc_text_dup(mem, name, strcspn(name, "/"));
    }
    return cc_text_starts(parts.resource, "role/") ? strrchr(parts.resource, '/') + 1 : NULL;
}

bool cc_expected(struct cc_arena *mem, const struct cc_args *args, const char *account,
                 const char *arn, const char **reason)
{
    const char *wanted_account = cc_value(args, "expect-account");
    const char *wanted_role = cc_value(args, "expect-role");
    const char *name = cc_role_of_arn(mem, arn);

    if (wanted_account && !cc_text_equal(wanted_account, account)) {
        *reason = account
                      ? cc_textf(mem, "the account is %s, not %s", account, wanted_account)
                      : cc_textf(mem, "the account is not known; %s is expected", wanted_account);
        return false;
    }
    if (wanted_role && !(arn && cc_text_matches(wanted_role, arn)) &&
        !(name && cc_text_matches(wanted_role, name))) {
        *reason =
            arn ? cc_textf(mem, "the identity is %s, which %s does not match", arn, wanted_role)
                : cc_textf(mem, "the role is not known; %s is expected", wanted_role);
        return false;
    }
    return true;
}

static const char *const outcomes[] = {
    [CC_FOUND] = "found", [CC_ABSENT] = "absent", [CC_BROKEN] = "broken"};

void cc_story_json(struct cc_arena *mem, const struct cc_resolve *resolve, cJSON *result)
{
    cJSON *chain = cJSON_AddArrayToObject(result, "chain");
    cJSON *hops = cJSON_AddArrayToObject(result, "hops");
    cJSON *warnings = cJSON_AddArrayToObject(result, "warnings");

    for (size_t i = 0; i < resolve->story.count; i++) {
        const struct cc_attempt *attempt = &resolve->story.attempts[i];
        cJSON *row = cJSON_CreateObject();
        bool found = attempt->outcome == CC_FOUND;

        cJSON_AddItemToArray(chain, row);
        cJSON_AddStringToObject(row, "provider", attempt->provider->name);
        cJSON_AddStringToObject(row, "outcome", outcomes[attempt->outcome]);
        cc_json_put(row, "detail",
                    found ? (attempt->detail ? cc_text_printable(mem, attempt->detail) : NULL)
                          : attempt->why.what);
        cc_json_put(row, "why", found || !attempt->why.why[0] ? NULL : attempt->why.why);
        cc_json_put(row, "fix", attempt->outcome == CC_BROKEN ? attempt->why.fix : NULL);
        cJSON_AddNumberToObject(row, "ms", attempt->took_ms);
    }
    for (size_t i = 0; i < resolve->hop_count; i++) {
        cJSON *row = cJSON_CreateObject();

        cJSON_AddItemToArray(hops, row);
        cJSON_AddStringToObject(row, "role_arn", resolve->hops[i].role_arn);
        cJSON_AddBoolToObject(row, "done", i < resolve->story.hops_done);
    }
    for (size_t i = 0; i < resolve->search.warning_count; i++) {
        cJSON_AddItemToArray(warnings, cJSON_CreateString(resolve->search.warnings[i]));
    }
}

static void print_attempt(const cJSON *row, struct cc_buf *out)
{
    const char *detail = cc_json_text(row, "detail");
    const char *why = cc_json_text(row, "why");
    const char *fix = cc_json_text(row, "fix");
    double ms = 0;

    if (!cc_json_number(row, "ms", &ms)) {
        ms = 0;
    }
    cc_buf_addf(out, "  %-7s %-13s %s (%.0f ms)\n", cc_json_text(row, "outcome"),
                cc_json_text(row, "provider"), detail ? detail : "", ms);
    if (fix) {
        cc_buf_addf(out, "          cause: %s\n          try:   %s\n", why ? why : "", fix);
    }
}

void cc_story_print(const cJSON *result, struct cc_buf *out)
{
    const cJSON *row = NULL;

    cc_buf_text(out, "\nThe chain, in its order:\n");
    cJSON_ArrayForEach (row, cJSON_GetObjectItem(result, "chain")) {
        print_attempt(row, out);
    }
    cJSON_ArrayForEach (row, cJSON_GetObjectItem(result, "hops")) {
        cc_buf_addf(out, "  %-7s %-13s %s\n",
                    cJSON_IsTrue(cJSON_GetObjectItem(row, "done")) ? "assumed" : "not yet", "hop",
                    cc_json_text(row, "role_arn"));
    }
    cJSON_ArrayForEach (row, cJSON_GetObjectItem(result, "warnings")) {
        cc_buf_addf(out, "\nWarning: %s\n", cJSON_GetStringValue(row));
    }
}
