#include "cli_cache.h"

#include "credctl/base/buf.h"
#include "credctl/base/text.h"
#include "credctl/providers/token_file.h"

#include "walk.h"

#include <string.h>

#define FOLDER   "~/.aws/cli/cache"
#define LEAST_S  900 /* the AWS CLI renews entries with less time left */
#define KEY_MAX  16384
#define FILE_MAX 262144

static const struct cc_keys_shape shape = {
    .access_key_id = "AccessKeyId",
    .secret_key = "SecretAccessKey",
    .session_token = "SessionToken",
    .expiration = "Expiration",
    .account_id = "AccountId",
    .token_required = true,
    .expiration_required = true,
};

/* A JSON string as Python writes it. False for text that needs more kinds of escapes. */
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

/* The fifth field of AssumedRoleUser.Arn, unchanged. */
static const char *account_of(struct cc_arena *mem, const cJSON *doc)
{
    const char *arn = cc_json_text(cc_json_object(doc, "AssumedRoleUser"), "Arn");

    for (int i = 0; arn && i < 4; i++) {
        arn = strchr(arn, ':');
        arn = arn ? arn + 1 : NULL;
    }
    size_t len = arn ? strcspn(arn, ":") : 0;
    return len > 0 ? cc_text_dup(mem, arn, len) : NULL;
}

static bool read_entry(struct cc_search *search, const char *path, cJSON **doc)
{
    struct cc_file_facts facts = cc_input_facts(search, path);
    const char *text = NULL;
    struct cc_error ignored;

    search->cli_written = facts.changed;
    return facts.regular && facts.ours && !(facts.mode & 022) &&
           cc_input_file(search, path, FILE_MAX, &text, &ignored) &&
           cc_token_file_parse(&search->run->mem, path, text, strlen(text), doc, &ignored);
}

/* What is asked of an entry beside its key. */
struct wish {
    bool of_token;      /* it may be of AssumeRoleWithWebIdentity, whose key is the same */
    int64_t not_before; /* Unix seconds: an older one may be of who was logged in before */
};

static bool fits(const struct cc_search *search, const cJSON *doc, const struct wish *wish)
{
    return (wish->of_token || !cc_json_text(doc, "SubjectFromWebIdentityToken")) &&
           search->cli_written >= wish->not_before;
}

static bool look_up(struct cc_search *search, const struct cc_buf *key, const struct wish *wish,
                    struct cc_keys *keys)
{
    struct cc_run *run = search->run;
    const char *path = cc_token_file_path(run, FOLDER, CC_SHA1, key->text);
    struct cc_keys found = {0};
    struct cc_error ignored;
    cJSON *doc = NULL;

    if (key->too_big || !read_entry(search, path, &doc) || !fits(search, doc, wish) ||
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
    *keys = found;
    return true;
}

/* The source of a role, which the key of the AWS CLI does not contain. */
static const char *const ways[] = {"source_profile", "credential_source", "web_identity_token_file",
                                   "region",         "endpoint_url",      "services"};

static bool same(const char *a, const char *b)
{
    return (!a && !b) || cc_text_equal(a, b);
}

static bool same_source(struct cc_search *search, const struct cc_section *a,
                        const struct cc_section *b)
{
    bool all = true;

    for (size_t i = 0; i < CC_COUNT(ways); i++) {
        all &= same(cc_input_compared(search, a, ways[i]), cc_input_compared(search, b, ways[i]));
    }
    return all;
}

/* True for the role of the web identity variables, which apply to any profile. */
static bool ambiguous_by_variables(struct cc_search *search, const struct cc_assume *role)
{
    const char *file = cc_input_variable(search, "AWS_WEB_IDENTITY_TOKEN_FILE");

    return file && role->section &&
           cc_text_equal(cc_input_variable(search, "AWS_ROLE_ARN"), role->role_arn) &&
           !cc_text_equal(file,
                          cc_input_compared(search, role->section, "web_identity_token_file"));
}

/* credential_source names a place, not an identity: the entry can be that of another user of that
 * place. */
static bool ambiguous_by_source(struct cc_search *search, const struct cc_section *section)
{
    for (int i = 0; section && i < CC_WALK_MAX; i++) {
        const char *next = cc_input_value(search, section, "source_profile");

        if (cc_input_value(search, section, "credential_source")) {
            return true;
        }
        section = next ? cc_profiles_section(&search->settings->profiles, CC_SECTION_PROFILE, next)
                       : NULL;
    }
    return false;
}

/* True when another profile or the variables reach this role from another source: the entry can be
 * theirs. */
static bool ambiguous(struct cc_search *search, const struct cc_assume *role)
{
    const struct cc_section *other = search->settings->profiles.sections;

    if (ambiguous_by_variables(search, role) || ambiguous_by_source(search, role->section)) {
        return true;
    }
    for (; other; other = other->next) {
        if (other->kind == CC_SECTION_PROFILE && other != role->section &&
            cc_text_equal(cc_input_compared(search, other, "role_arn"), role->role_arn) &&
            (!role->section || !same_source(search, other, role->section))) {
            return true;
        }
    }
    return false;
}

/* As json.dumps(arguments, sort_keys=True): names sorted, with ", " and ": ". */
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

    if (!search->aws_cli_cache) {
        return false;
    }
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
    const struct wish wish = {.of_token =
                                  !role->section ||
                                  cc_input_value(search, role->section, "web_identity_token_file")};
    if (ambiguous(search, role) || !look_up(search, &key, &wish, keys)) {
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

    if (!search->aws_cli_cache) {
        return false;
    }
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
    const struct wish wish = {.not_before = cc_input_facts(search, sso->token_file).changed};
    if (!look_up(search, &key, &wish, keys)) {
        return false;
    }
    keys->account_id = sso->account_id;
    return true;
}
