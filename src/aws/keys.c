#include "credctl/aws/keys.h"

#include "credctl/base/text.h"
#include "credctl/base/time.h"

#include <string.h>

#define ID_MAX     128
#define SECRET_MAX 1024
#define TOKEN_MAX  16384
#define LAST_MS    253402300799999.0 /* the end of the year 9999 */

/* One reading of one document. */
struct reading {
    struct cc_arena *mem;
    const cJSON *object;
    const struct cc_keys_shape *shape;
    const char *source;
    struct cc_error *err;
};

static bool bad(const struct reading *reading, const char *member, const char *how)
{
    cc_fail(reading->err, CC_E_BAD_KEYS, "%s does not hold usable credentials", reading->source);
    return cc_why(reading->err, "its member %s %s", member, how);
}

static const cJSON *member_of(const struct reading *reading, const char *name)
{
    const cJSON *item = NULL;

    if (name) {
        item = reading->shape->any_case ? cJSON_GetObjectItem(reading->object, name)
                                        : cJSON_GetObjectItemCaseSensitive(reading->object, name);
    }
    return cJSON_IsNull(item) ? NULL : item;
}

/* True when it can be sent in a header: visible ASCII, no blanks. */
static bool visible(const char *text, size_t most)
{
    size_t len = 0;

    for (; text && text[len]; len++) {
        if (text[len] <= ' ' || text[len] >= 0x7f) {
            return false;
        }
    }
    return len <= most;
}

static const char *control_in(const char *text)
{
    for (; *text; text++) {
        if (*text == '\n' || *text == '\r') {
            return "a line break";
        }
        if ((unsigned char)*text < ' ' || *text == 0x7f) {
            return "a control character";
        }
    }
    return NULL;
}

/* The part of `text` that a key cannot contain; NULL when it is valid. */
static const char *foreign_in(const char *text, bool header)
{
    const char *found = control_in(text);

    found = found ? found : cc_text_unseen(text);
    if (!found && !cc_text_is_utf8(text)) {
        found = "bytes that are not UTF-8";
    }
    if (!found && (text[0] == ' ' || cc_text_ends(text, " "))) {
        found = "a blank at its beginning or end";
    }
    if (!found && header && strchr(text, ' ')) {
        found = "a blank";
    }
    return found || !header || visible(text, SIZE_MAX) ? found : "a character that is not ASCII";
}

/* The names of the values at their source. */
struct names {
    const char *id;
    const char *secret;
    const char *token;
};

static bool judge(const struct cc_keys *keys, const struct names *names, const char *source,
                  struct cc_error *err)
{
    const struct {
        const char *name;
        const char *text;
        size_t most;
        bool required;
        bool header;
    } parts[] = {
        {names->id, keys->access_key_id, ID_MAX, true, true},
        {names->secret, keys->secret_key.hidden, SECRET_MAX, true, false},
        {names->token, keys->session_token.hidden, TOKEN_MAX, false, true},
    };

    for (size_t i = 0; i < CC_COUNT(parts); i++) {
        const char *text = parts[i].text ? parts[i].text : "";
        const char *found = foreign_in(text, parts[i].header);

        if (!found && strlen(text) <= parts[i].most && (text[0] || !parts[i].required)) {
            continue;
        }
        cc_fail(err, CC_E_BAD_KEYS, "%s does not hold usable credentials", source);
        return found ? cc_why(err, "%s contains %s", parts[i].name, found)
                     : cc_why(err, "%s is %s", parts[i].name, text[0] ? "too long" : "missing");
    }
    return true;
}

bool cc_keys_judge(const struct cc_keys *keys, const char *source, struct cc_error *err)
{
    static const struct names names = {"the access key ID", "the secret access key",
                                       "the session token"};

    return judge(keys, &names, source, err) ||
           cc_fix(err, "copy each key into %s again, complete and with nothing before or after it",
                  source);
}

/* null and "" count as absent. */
static bool take_text(const struct reading *reading, const char *name, bool required,
                      const char **text)
{
    const cJSON *item = member_of(reading, name);

    *text = NULL;
    if (!item) {
        return !required || bad(reading, name ? name : "?", "is missing");
    }
    if (!cJSON_IsString(item)) {
        return bad(reading, name, "is not text");
    }
    *text = item->valuestring[0] ? item->valuestring : NULL;
    return *text || !required || bad(reading, name, "is empty");
}

static bool take_milliseconds(const struct reading *reading, int64_t *expires)
{
    const char *name = reading->shape->expiration_ms;
    const cJSON *item = member_of(reading, name);

    if (!item) {
        return !reading->shape->expiration_required || bad(reading, name, "is missing");
    }
    if (!cJSON_IsNumber(item)) {
        return bad(reading, name, "is not a number");
    }
    if (!(item->valuedouble >= 0 && item->valuedouble <= LAST_MS)) {
        return bad(reading, name, "is not a time in milliseconds");
    }
    *expires = (int64_t)(item->valuedouble / 1000);
    return true;
}

static bool take_expiration(const struct reading *reading, int64_t *expires)
{
    const struct cc_keys_shape *shape = reading->shape;
    const char *text = NULL;

    *expires = CC_NEVER_EXPIRES;
    if (shape->expiration_ms) {
        return take_milliseconds(reading, expires);
    }
    if (!take_text(reading, shape->expiration, shape->expiration_required, &text)) {
        return false;
    }
    return !text || cc_time_from_iso(text, expires) ||
           bad(reading, shape->expiration, "is not a time of the form 2026-11-22T16:08:00Z");
}

/* A value that is not text, or not of this form, is left out, because nothing depends on it. */
static const char *hint(const struct reading *reading, const char *name)
{
    const char *text = cJSON_GetStringValue(member_of(reading, name));

    return text && visible(text, 2048) ? text : NULL;
}

bool cc_keys_from_json(struct cc_arena *mem, const cJSON *object, const struct cc_keys_shape *shape,
                       const char *source, struct cc_keys *keys, struct cc_error *err)
{
    const struct reading reading = {mem, object, shape, source, err};
    const char *id = NULL;
    const char *secret = NULL;
    const char *token = NULL;

    if (!cJSON_IsObject(object)) {
        cc_fail(err, CC_E_BAD_KEYS, "%s does not hold usable credentials", source);
        return cc_why(err, "it is not a JSON object with %s and %s", shape->access_key_id,
                      shape->secret_key);
    }
    if (!take_text(&reading, shape->access_key_id, true, &id) ||
        !take_text(&reading, shape->secret_key, true, &secret) ||
        !take_text(&reading, shape->session_token, shape->token_required, &token)) {
        return false;
    }
    const char *account = hint(&reading, shape->account_id);
    const char *role = hint(&reading, shape->role_arn);
    const struct names names = {
        cc_textf(mem, "its member %s", shape->access_key_id),
        cc_textf(mem, "its member %s", shape->secret_key),
        cc_textf(mem, "its member %s", shape->session_token),
    };
    struct cc_keys found = {
        .access_key_id = id,
        .secret_key = {secret},
        .session_token = {token},
        .account_id = cc_text_digits(account, 12) ? account : NULL,
        .role_arn = cc_text_starts(role, "arn:") ? role : NULL,
    };
    if (!judge(&found, &names, source, err) || !take_expiration(&reading, &found.expires)) {
        return false;
    }
    *keys = cc_keys_copy(mem, &found);
    return true;
}

static const char *copy_text(struct cc_arena *mem, const char *text)
{
    return text ? cc_text_dup(mem, text, strlen(text)) : NULL;
}

struct cc_keys cc_keys_copy(struct cc_arena *mem, const struct cc_keys *keys)
{
    return (struct cc_keys){
        .access_key_id = copy_text(mem, keys->access_key_id),
        .secret_key = cc_secret_keep(mem, keys->secret_key.hidden),
        .session_token = cc_secret_keep(mem, keys->session_token.hidden),
        .expires = keys->expires,
        .account_id = copy_text(mem, keys->account_id),
        .role_arn = copy_text(mem, keys->role_arn),
    };
}
