#include "credctl/base/json.h"
#include "credctl/base/text.h"

#include "parts.h"

#include <stdlib.h>
#include <string.h>

#define FORMAT      2
#define NUMBER_MAX  9007199254740991.0 /* 2^53 - 1: exact in JSON everywhere */
#define HEAD_START  "{\"sha256\":\""
#define HEAD_END    "\","
#define HEAD_LENGTH (sizeof(HEAD_START) - 1 + CC_SUM_SIZE - 1 + sizeof(HEAD_END) - 1)

static void json_free(cJSON **doc)
{
    cJSON_Delete(*doc);
}

static void put_number(cJSON *doc, const char *name, int64_t number)
{
    cJSON_AddNumberToObject(doc, name, (double)number);
}

static void put_keys(cJSON *doc, const struct cc_entry *entry)
{
    const struct cc_keys *keys = &entry->live.keys;

    cJSON_AddStringToObject(doc, "source", entry->source->name);
    cc_json_put(doc, "detail", entry->detail);
    cc_json_put(doc, "profile", entry->profile);
    cJSON_AddBoolToObject(doc, "from_process", entry->live.from_process);
    cJSON_AddBoolToObject(doc, "ended", entry->live.ended);
    put_number(doc, "fetched", entry->live.fetched);
    put_number(doc, "advisory", entry->live.advisory);
    put_number(doc, "retry_at", entry->live.retry_at);
    put_number(doc, "expires", keys->expires);
    put_number(doc, "skew", entry->skew);
    put_number(doc, "ticks", entry->ticks);
    cc_json_put(doc, "account_id", keys->account_id);
    cc_json_put(doc, "role_arn", keys->role_arn);
    cJSON_AddStringToObject(doc, "access_key_id", keys->access_key_id);
    cJSON_AddStringToObject(doc, "secret_access_key", cc_secret_reveal(keys->secret_key));
    cJSON_AddStringToObject(doc, "session_token", cc_secret_reveal(keys->session_token));
}

static void put_denied(cJSON *doc, const struct cc_entry *entry)
{
    cJSON *denied = cJSON_AddObjectToObject(doc, "denied");

    put_number(denied, "until", entry->denied_until);
    cJSON_AddStringToObject(denied, "code", cc_code_name(entry->denied.code));
    cJSON_AddStringToObject(denied, "what", entry->denied.what);
    cJSON_AddStringToObject(denied, "why", entry->denied.why);
    cJSON_AddStringToObject(denied, "fix", entry->denied.fix);
}

/* The sum comes first and covers all following bytes, so that every change is noticed. */
struct cc_bytes cc_entry_encode(struct cc_arena *mem, const struct cc_entry *entry)
{
    CC_CLEANUP(json_free) cJSON *doc = cJSON_CreateObject();
    char sum[CC_SUM_SIZE];

    put_number(doc, "format", FORMAT);
    cJSON_AddStringToObject(doc, "key", entry->key);
    if (entry->live.present) {
        put_keys(doc, entry);
    }
    if (entry->denied_until != 0) {
        put_denied(doc, entry);
    }
    char *text = cJSON_PrintUnformatted(doc);
    if (!text) {
        abort();
    }
    const char *rest = cc_textf(mem, "%s\n", text + 1);
    cJSON_free(text);
    cc_sum_of(rest, strlen(rest), sum);
    const char *whole = cc_textf(mem, HEAD_START "%s" HEAD_END "%s", sum, rest);
    return (struct cc_bytes){whole, strlen(whole)};
}

static bool intact(struct cc_bytes bytes)
{
    char sum[CC_SUM_SIZE];

    if (bytes.len <= HEAD_LENGTH) {
        return false;
    }
    cc_sum_of(bytes.text + HEAD_LENGTH, bytes.len - HEAD_LENGTH, sum);
    const char *at = bytes.text;
    bool start = memcmp(at, HEAD_START, strlen(HEAD_START)) == 0;
    at += strlen(HEAD_START);
    bool same = memcmp(at, sum, CC_SUM_SIZE - 1) == 0;
    at += CC_SUM_SIZE - 1;
    return start && same && memcmp(at, HEAD_END, strlen(HEAD_END)) == 0;
}

static bool take_signed(const cJSON *doc, const char *name, int64_t *number)
{
    double value = 0;

    if (!cc_json_number(doc, name, &value) || !(value >= -NUMBER_MAX) || value > NUMBER_MAX) {
        return false;
    }
    *number = (int64_t)value;
    return true;
}

static bool take_number(const cJSON *doc, const char *name, int64_t *number)
{
    return take_signed(doc, name, number) && *number >= 0;
}

static const struct cc_provider *provider_named(const char *name)
{
    for (const struct cc_provider *const *row = cc_providers; *row; row++) {
        if (cc_text_equal((*row)->name, name)) {
            return *row;
        }
    }
    return NULL;
}

static bool take_keys(struct cc_arena *mem, const cJSON *doc, struct cc_entry *entry)
{
    struct cc_keys *keys = &entry->live.keys;

    entry->live.present = true;
    entry->source = provider_named(cc_json_text(doc, "source"));
    entry->detail = cc_json_text(doc, "detail");
    entry->profile = cc_json_text(doc, "profile");
    entry->live.from_process = cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(doc, "from_process"));
    entry->live.ended = cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(doc, "ended"));
    keys->account_id = cc_json_text(doc, "account_id");
    keys->role_arn = cc_json_text(doc, "role_arn");
    keys->access_key_id = cc_json_text(doc, "access_key_id");
    keys->secret_key = cc_secret_keep(mem, cc_json_text(doc, "secret_access_key"));
    keys->session_token = cc_secret_keep(mem, cc_json_text(doc, "session_token"));
    return entry->source && keys->access_key_id && cc_secret_present(keys->secret_key) &&
           take_number(doc, "fetched", &entry->live.fetched) &&
           take_number(doc, "advisory", &entry->live.advisory) &&
           take_number(doc, "retry_at", &entry->live.retry_at) &&
           take_number(doc, "expires", &keys->expires) && take_signed(doc, "skew", &entry->skew) &&
           take_number(doc, "ticks", &entry->ticks);
}

static enum cc_code code_named(const char *name)
{
    int code = 0;

    while (code < CC_E_COUNT && !cc_text_equal(cc_code_name((enum cc_code)code), name)) {
        code++;
    }
    return (enum cc_code)code;
}

static bool take_denied(const cJSON *denied, struct cc_entry *entry)
{
    enum cc_code code = code_named(cc_json_text(denied, "code"));
    const char *what = cc_json_text(denied, "what");
    const char *why = cc_json_text(denied, "why");
    const char *fix = cc_json_text(denied, "fix");

    if (code == CC_E_COUNT || code == CC_E_OK || !what || !fix ||
        !take_number(denied, "until", &entry->denied_until)) {
        return false;
    }
    cc_fail(&entry->denied, code, "%s", what);
    if (why) {
        cc_why(&entry->denied, "%s", why);
    }
    cc_fix(&entry->denied, "%s", fix);
    return true;
}

bool cc_entry_decode(struct cc_arena *mem, struct cc_bytes bytes, const char *key,
                     struct cc_entry *entry)
{
    const cJSON *doc = NULL;
    struct cc_error ignored;
    struct cc_entry read = {0};
    int64_t format = 0;

    if (!intact(bytes) ||
        !cc_json_parse(mem, bytes.text, bytes.len, "cache entry", &doc, &ignored) ||
        !take_number(doc, "format", &format) || format != FORMAT ||
        !cc_text_equal(cc_json_text(doc, "key"), key)) {
        return false;
    }
    const cJSON *denied = cc_json_object(doc, "denied");
    if (!cc_text_consists(key, "", CC_SUM_SIZE - 1)) {
        return false;
    }
    memcpy(read.key, key, strlen(key) + 1);
    if ((cc_json_text(doc, "access_key_id") && !take_keys(mem, doc, &read)) ||
        (denied && !take_denied(denied, &read))) {
        return false;
    }
    *entry = read;
    return true;
}
