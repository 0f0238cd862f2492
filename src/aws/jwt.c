#include "credctl/aws/jwt.h"

#include "credctl/base/text.h"

#include <string.h>

#define TOKEN_MAX 16384

static bool refuse(struct cc_error *err, const char *source, const char *why)
{
    cc_fail(err, CC_E_TOKEN_FILE, "%s does not hold a JSON Web Token", source);
    return cc_why(err, "%s", why);
}

/* base64url has no '+' and '/', and a token has no padding (RFC 7515). */
static bool segment_clean(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if (text[i] == '\0' || !strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                       "0123456789-_",
                                       text[i])) {
            return false;
        }
    }
    return len > 0;
}

static const char *printable_or_null(struct cc_arena *mem, const char *text)
{
    return text ? cc_text_printable(mem, text) : NULL;
}

bool cc_jwt_parse(struct cc_arena *mem, const char *text, size_t len, const char *source,
                  struct cc_jwt *jwt, struct cc_error *err)
{
    const char *payload = NULL;
    size_t size = 0;
    const cJSON *claims = NULL;
    struct cc_error ignored;
    double expires = 0;

    while (len > 0 && (text[len - 1] == '\n' || text[len - 1] == '\r' || text[len - 1] == ' ')) {
        len--;
    }
    if (len == 0 || len > TOKEN_MAX) {
        return refuse(err, source, len == 0 ? "it is empty" : "it is larger than 16 KiB");
    }
    const char *first = memchr(text, '.', len);
    const char *second = first ? memchr(first + 1, '.', len - (size_t)(first + 1 - text)) : NULL;
    if (!second) {
        return refuse(err, source, "it does not have three parts");
    }
    const char *third = second + 1;
    if (!segment_clean(text, (size_t)(first - text)) ||
        !segment_clean(first + 1, (size_t)(second - first) - 1) ||
        !segment_clean(third, len - (size_t)(third - text))) {
        return refuse(err, source, "one of its parts is not base64url");
    }
    if (!cc_text_unbase64(mem, first + 1, (size_t)(second - first) - 1, &payload, &size) ||
        !cc_json_parse(mem, payload, size, source, &claims, &ignored) || !cJSON_IsObject(claims)) {
        return refuse(err, source, "its claims are not a JSON object");
    }
    bool ends = cc_json_number(claims, "exp", &expires) && expires > 0 && expires < 1e12;
    *jwt = (struct cc_jwt){claims, printable_or_null(mem, cc_json_text(claims, "iss")),
                           printable_or_null(mem, cc_json_text(claims, "sub")),
                           ends ? (int64_t)expires : 0};
    return true;
}

bool cc_jwt_is_for(const struct cc_jwt *jwt, const char *audience)
{
    const cJSON *list = cJSON_GetObjectItemCaseSensitive(jwt->claims, "aud");
    const cJSON *one = NULL;

    if (cJSON_IsString(list)) {
        return cc_text_equal(cJSON_GetStringValue(list), audience);
    }
    cJSON_ArrayForEach (one, list) {
        if (cc_text_equal(cJSON_GetStringValue(one), audience)) {
            return true;
        }
    }
    return false;
}
