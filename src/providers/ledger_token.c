#include "credctl/base/buf.h"
#include "credctl/base/text.h"
#include "credctl/providers/ledger.h"
#include "credctl/providers/token_file.h"

#include <string.h>

#define CLAIMS_MAX 65536

/* Claims that change each time a token is issued anew, for the same subject with the same rights.
 */
static const struct {
    const char *in; /* the member they stand in; NULL: the token itself */
    const char *name;
    const char *reason;
} passing[] = {
    {NULL, "exp", "when this one ends"},
    {NULL, "iat", "when it was issued"},
    {NULL, "nbf", "from when on it counts"},
    {NULL, "jti", "the number of this one"},
    {"kubernetes.io", "warnafter", "from when on its use is logged"},
};

static bool passes(const char *in, const char *name)
{
    for (size_t i = 0; i < CC_COUNT(passing); i++) {
        if (strcmp(passing[i].name, name) == 0 &&
            (passing[i].in ? cc_text_equal(passing[i].in, in) : !in)) {
            return true;
        }
    }
    return false;
}

/* The end of the JSON value that begins at `at`: a comma or bracket of what it stands in. */
static const char *value_end(const char *at)
{
    int depth = 0;

    for (; *at; at++) {
        if (*at == '"') {
            for (at++; *at && *at != '"'; at++) {
                at += *at == '\\' && at[1];
            }
        } else if (*at == '{' || *at == '[') {
            depth++;
        } else if ((*at == '}' || *at == ']' || *at == ',') && depth == 0) {
            return at;
        } else if (*at == '}' || *at == ']') {
            depth--;
        }
        if (!*at) {
            break;
        }
    }
    return at;
}

static const char *skip(const char *at)
{
    return at + strspn(at, " \t\r\n");
}

/*
 * An object's members, byte for byte as they were written, but for those that pass: as numbers,
 * large ones would lose digits. `text` is JSON that has been parsed.
 */
static void add_members(struct cc_buf *to, const char *text, const char *in)
{
    const char *at = skip(text) + 1;

    while (*(at = skip(at)) == '"') {
        const char *name_end = strchr(at + 1, '"');
        const char *colon = name_end ? strchr(name_end, ':') : NULL;

        if (!colon) {
            return;
        }
        const char *name = cc_text_dup(to->mem, at + 1, (size_t)(name_end - at - 1));
        const char *value = skip(colon + 1);
        const char *end = value_end(value);
        if (!in && *value == '{' && strcmp(name, "kubernetes.io") == 0) {
            cc_buf_addf(to, "\"%s\":{", name);
            add_members(to, value, name); // NOLINT(misc-no-recursion): once
            cc_buf_text(to, "},");
        } else if (!passes(in, name)) {
            cc_buf_add(to, at, (size_t)(end - at));
            cc_buf_text(to, ",");
        }
        at = end + (*end == ',');
    }
}

struct cc_bytes cc_token_identity(struct cc_arena *mem, const char *token, size_t len)
{
    const char *first = memchr(token, '.', len);
    const char *second = first ? memchr(first + 1, '.', len - (size_t)(first + 1 - token)) : NULL;
    const char *claims = NULL;
    size_t size = 0;
    const cJSON *doc = NULL;
    struct cc_error ignored;

    if (!second || memchr(second + 1, '.', len - (size_t)(second + 1 - token)) ||
        !cc_text_unbase64(mem, first + 1, (size_t)(second - first - 1), &claims, &size) ||
        !cc_json_parse(mem, claims, size, "token", &doc, &ignored) || !cJSON_IsObject(doc)) {
        return (struct cc_bytes){token, len};
    }
    struct cc_buf kept = cc_buf_new(mem, CLAIMS_MAX);
    cc_buf_text(&kept, "claims ");
    add_members(&kept, claims, NULL);
    return kept.too_big ? (struct cc_bytes){token, len} : (struct cc_bytes){kept.text, kept.len};
}

#define CHAIN "x-credctl-chain" /* two sums with a colon between: of the first tokens, of these */

static void text_free(char **text)
{
    cJSON_free(*text);
}

static void doc_free(cJSON **doc)
{
    cJSON_Delete(*doc);
}

/* The tokens that stand in it now. */
static void sum_tokens(struct cc_arena *mem, const struct cc_login_file *file,
                       char sum[CC_SUM_SIZE])
{
    const cJSON *access = cJSON_GetObjectItemCaseSensitive(file->doc, file->replaced[0]);
    CC_CLEANUP(text_free) char *text = access ? cJSON_PrintUnformatted(access) : NULL;
    const char *refresh = cc_json_text(file->doc, "refreshToken");
    const char *both = cc_textf(mem, "%s\n%s", text ? text : "", refresh ? refresh : "");

    cc_sum_of(both, strlen(both), sum);
}

/* What stands there is ours only while nobody else has replaced the tokens. */
const char *cc_login_chain(struct cc_arena *mem, const struct cc_login_file *file)
{
    const char *told = cc_json_text(file->doc, CHAIN);
    char sum[CC_SUM_SIZE];

    sum_tokens(mem, file, sum);
    if (told && strlen(told) == 2 * (CC_SUM_SIZE - 1) + 1 && told[CC_SUM_SIZE - 1] == ':' &&
        strcmp(told + CC_SUM_SIZE, sum) == 0) {
        return cc_text_dup(mem, told, CC_SUM_SIZE - 1);
    }
    return cc_text_dup(mem, sum, CC_SUM_SIZE - 1);
}

void cc_login_chain_on(struct cc_arena *mem, struct cc_login_file *file, const char *chain)
{
    char sum[CC_SUM_SIZE];

    sum_tokens(mem, file, sum);
    cc_token_file_set(file->doc, CHAIN, cc_textf(mem, "%s:%s", chain, sum));
}

const char *cc_login_identity(struct cc_arena *mem, const struct cc_login_file *file)
{
    CC_CLEANUP(doc_free) cJSON *rest = cJSON_Duplicate(file->doc, true);

    cJSON_DeleteItemFromObjectCaseSensitive(rest, CHAIN);
    for (const char *const *name = file->replaced; *name; name++) {
        cJSON_DeleteItemFromObjectCaseSensitive(rest, *name);
    }
    CC_CLEANUP(text_free) char *text = cJSON_PrintUnformatted(rest);
    return cc_textf(mem, "%s %s", cc_login_chain(mem, file), text ? text : "");
}
