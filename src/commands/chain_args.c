#include "credctl/commands/chain_args.h"

#include "credctl/aws/arn.h"
#include "credctl/base/text.h"

#include <stdlib.h>
#include <string.h>

bool cc_timeout_from(const struct cc_args *args, int64_t *timeout_ms, struct cc_error *err)
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
    *timeout_ms = (int64_t)(seconds * 1000 + 0.5);
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

bool cc_hop_option(const char *name)
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

struct hops {
    struct cc_assume rows[CC_HOPS_MAX];
    size_t count;
};

static bool hop_option_from(struct cc_arena *mem, struct hops *hops, const char *name,
                            const char *value, struct cc_error *err)
{
    size_t at = hops->count > 0 ? hops->count - 1 : 0;

    if (cc_hop_option(name)) {
        return set_hop_option(mem, &hops->rows[at], name, value, err);
    }
    if (!cc_text_equal(name, "role-arn")) {
        return true;
    }
    if (hops->count == CC_HOPS_MAX) {
        return cc_fail(err, CC_E_USAGE, "more than %d hops", CC_HOPS_MAX);
    }
    hops->rows[hops->count++].role_arn = value;
    return true;
}

/* Options before the first --role-arn belong to it too, so that their order does not matter there.
 */
static bool hops_from(struct cc_arena *mem, const struct cc_args *args, struct hops *hops,
                      struct cc_error *err)
{
    const char *name = NULL;
    const char *value = NULL;

    for (size_t i = 0; cc_given_at(args, i, &name, &value); i++) {
        if (!hop_option_from(mem, hops, name, value, err)) {
            return false;
        }
    }
    for (size_t i = 0; i < hops->count; i++) {
        if (!valid_hop(mem, &hops->rows[i], err)) {
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
        if (cc_hop_option(name) && !cc_text_equal(name, "token-code")) {
            cc_fail(err, CC_E_USAGE, "--%s needs a --role-arn", name);
            return cc_why(err, "it describes the assumption of a role, and none is asked for");
        }
    }
    return true;
}

bool cc_chain_from(struct cc_run *run, const struct cc_args *args, struct cc_chain_options *options,
                   struct cc_error *err)
{
    struct hops *hops = cc_alloc(&run->mem, sizeof(*hops));
    struct cc_chain_options read = {
        .given = {.profile = cc_value(args, "profile"),
                  .region = cc_value(args, "region"),
                  .endpoint_url = cc_value(args, "endpoint-url"),
                  .ca_bundle = cc_value(args, "ca-bundle")},
        .no_cache = cc_flag(args, "no-cache"),
        .use_aws_cli_cache = cc_flag(args, "use-aws-cli-cache"),
        .hops = hops->rows,
    };

    if (!cc_timeout_from(args, &read.timeout_ms, err) || !hops_from(&run->mem, args, hops, err) ||
        (hops->count == 0 && !options_without_hop(args, err))) {
        return false;
    }
    read.hop_count = hops->count;
    if (hops->count == 0) {
        read.token_code = hops->rows[0].token_code;
    }
    *options = read;
    return true;
}

struct cc_expect cc_expect_from(const struct cc_args *args)
{
    return (struct cc_expect){cc_value(args, "expect-account"), cc_value(args, "expect-role")};
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
