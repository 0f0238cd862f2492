#include "cli_cache.h"

#include "credctl/base/buf.h"
#include "credctl/base/text.h"
#include "credctl/providers/token_cache.h"

#include <string.h>

#define FOLDER  "~/.aws/cli/cache"
#define LEAST_S 900 /* the CLI renews an entry that has less */
#define KEY_MAX 16384

static const struct cc_keys_shape shape = {
    .access_key_id = "AccessKeyId",
    .secret_key = "SecretAccessKey",
    .session_token = "SessionToken",
    .expiration = "Expiration",
    .account_id = "AccountId",
    .token_required = true,
    .expiration_required = true,
};

/* A JSON string as Python writes it. False for what we would have to escape in more ways. */
static bool add_string(struct cc_buf *key, const char *text)
{
    cc_buf_text(key, "\"");
    for (; *text; text++) {
        if ((unsigned char)*text < ' ' || (unsigned char)*text >= 0x7f) {
            return false;
        }
        if (*text == '"' || *text == '\\') {
            cc_buf_text(key, "\\");
        }
        cc_buf_add(key, text, 1);
    }
    cc_buf_text(key, "\"");
    return true;
}

/* The fifth field of AssumedRoleUser.Arn, when it is an account id. */
static const char *account_of(struct cc_arena *mem, const cJSON *doc)
{
    const char *arn = cc_json_text(cc_json_object(doc, "AssumedRoleUser"), "Arn");

    for (int i = 0; arn && i < 4; i++) {
        arn = strchr(arn, ':');
        arn = arn ? arn + 1 : NULL;
    }
    const char *account = arn ? cc_text_dup(mem, arn, strcspn(arn, ":")) : NULL;
    return cc_text_digits(account, 12) ? account : NULL;
}

static bool look_up(struct cc_search *search, const struct cc_buf *key, struct cc_keys *keys)
{
    struct cc_run *run = search->run;
    const char *path = cc_token_cache_path(run, FOLDER, CC_SHA1, key->text);
    struct cc_file_facts facts = cc_file_facts(run, path);
    struct cc_keys found = {0};
    struct cc_error ignored;
    cJSON *doc = NULL;

    if (!search->aws_cli_cache || key->too_big || !facts.regular || !facts.ours ||
        facts.mode & 022 || !cc_token_cache_read(run, path, &doc, &ignored) ||
        !cc_keys_from_json(&run->mem, cc_json_object(doc, "Credentials"), &shape, path, &found,
                           &ignored) ||
        found.expires < cc_now_aws(run) + LEAST_S) {
        return false;
    }
    if (!found.account_id) {
        found.account_id = account_of(&run->mem, doc);
    }
    cc_log(run, CC_DEBUG, "cli_cache.hit", CC_S("path", path));
    search->cli_key_id = found.access_key_id;
    search->cli_written = facts.changed;
    *keys = found;
    return true;
}

static bool same(const char *a, const char *b)
{
    return (!a && !b) || cc_text_equal(a, b);
}

/* What a role is assumed with; the CLI's key says nothing of it. */
static bool same_source(const struct cc_section *a, const struct cc_section *b)
{
    static const char *const names[] = {"source_profile", "credential_source",
                                        "web_identity_token_file", "region", "endpoint_url"};

    for (size_t i = 0; i < CC_COUNT(names); i++) {
        if (!same(cc_section_value(a, names[i]), cc_section_value(b, names[i]))) {
            return false;
        }
    }
    return true;
}

/* Another profile reaches this role from elsewhere: the entry may be that one's. */
static bool ambiguous(const struct cc_search *search, const struct cc_assume *role)
{
    const struct cc_section *other = search->settings->profiles.sections;

    for (; other; other = other->next) {
        if (other->kind == CC_SECTION_PROFILE && role->section &&
            cc_text_equal(cc_section_value(other, "role_arn"), role->role_arn) &&
            !same_source(other, role->section)) {
            return true;
        }
    }
    return false;
}

/* json.dumps(arguments, sort_keys=True): the names in their order, ", " and ": " between. */
bool cc_cli_cache_role(struct cc_search *search, const struct cc_assume *role, struct cc_keys *keys)
{
    const struct {
        const char *name;
        const char *value;
    } rows[] = {
        {"ExternalId", role->external_id},
        {"RoleArn", role->role_arn},
        {"RoleSessionName", role->session_name},
        {"SerialNumber", role->serial_number},
    };
    struct cc_buf key = cc_buf_new(&search->run->mem, KEY_MAX);

    cc_buf_text(&key, "{");
    if (role->duration_seconds > 0) {
        cc_buf_addf(&key, "\"DurationSeconds\": %d", role->duration_seconds);
    }
    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        if (!rows[i].value) {
            continue;
        }
        cc_buf_addf(&key, "%s\"%s\": ", key.len > 1 ? ", " : "", rows[i].name);
        if (!add_string(&key, rows[i].value)) {
            return false;
        }
    }
    cc_buf_text(&key, "}");
    if (ambiguous(search, role) || !look_up(search, &key, keys)) {
        return false;
    }
    keys->role_arn = role->role_arn;
    return true;
}

bool cc_cli_cache_sso(struct cc_search *search, const struct cc_cli_sso *sso, struct cc_keys *keys)
{
    const struct {
        const char *name;
        const char *value;
    } rows[] = {
        {"accountId", sso->account_id},
        {"roleName", sso->role_name},
        {"sessionName", sso->session},
        {"startUrl", sso->session ? NULL : sso->start_url},
    };
    struct cc_buf key = cc_buf_new(&search->run->mem, KEY_MAX);

    cc_buf_text(&key, "{");
    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        if (!rows[i].value) {
            continue;
        }
        cc_buf_addf(&key, "%s\"%s\":", key.len > 1 ? "," : "", rows[i].name);
        if (!add_string(&key, rows[i].value)) {
            return false;
        }
    }
    cc_buf_text(&key, "}");
    if (!look_up(search, &key, keys)) {
        return false;
    }
    keys->account_id = sso->account_id;
    return true;
}
