#include "credctl/base/buf.h"
#include "credctl/base/text.h"
#include "credctl/providers/ledger.h"
#include "credctl/providers/token_file.h"

#include <stdlib.h>
#include <string.h>

#define CLAIMS_MAX 65536

/*
 * Claims that change each time a token is issued again for the same subject with the same rights.
 */
static const struct {
    const char *in; /* the member that contains them; NULL: the token itself */
    const char *name;
    const char *reason;
} passing[] = {
    {NULL, "exp", "when this token expires"},
    {NULL, "iat", "when it was issued"},
    {NULL, "nbf", "from when it is valid"},
    {NULL, "jti", "the ID of this token"},
    {"kubernetes.io", "warnafter", "from when its use is logged as late"},
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

/* The last byte of the string that begins at `at`. */
static const char *string_end(const char *at)
{
    for (at++; at[0] && at[0] != '"'; at++) {
        at += at[0] == '\\' && at[1];
    }
    return at;
}

/* The end of the JSON value that begins at `at`: the next comma or bracket of its container. */
static const char *value_end(const char *at)
{
    int depth = 0;

    for (; *at; at++) {
        if (depth == 0 && strchr("}],", *at)) {
            break;
        }
        depth += *at == '{' || *at == '[';
        depth -= *at == '}' || *at == ']';
        at = *at == '"' ? string_end(at) : at;
    }
    return at;
}

static const char *skip(const char *at)
{
    return at + strspn(at, " \t\r\n");
}

struct member {
    const char *name;
    const char *text; /* from the name on */
    const char *value;
    size_t len; /* of the text */
};

/* `text` is a JSON object that has been parsed. */
static void for_members(struct cc_buf *to, const char *text,
                        void (*take)(struct cc_buf *to, const struct member *member, void *about),
                        void *about)
{
    const char *at = skip(text) + 1;

    while (*(at = skip(at)) == '"') {
        const char *name_end = string_end(at);
        const char *colon = skip(name_end + 1);
        const char *end = value_end(colon + 1);
        const struct member member = {
            .name = cc_text_dup(to->mem, at + 1, (size_t)(name_end - at - 1)),
            .text = at,
            .value = skip(colon + 1),
            .len = (size_t)(end - at),
        };

        take(to, &member, about);
        at = end + (*end == ',');
    }
}

/* Byte for byte as written, because large numbers would lose digits. */
static void add_member(struct cc_buf *to, const struct member *member, const char *in)
{
    if (!passes(in, member->name)) {
        cc_buf_addf(to, "\"%s\":", member->name);
        cc_buf_add(to, member->value, member->len - (size_t)(member->value - member->text));
        cc_buf_text(to, ",");
    }
}

#define KUBERNETES "kubernetes.io"

static void add_of_kubernetes(struct cc_buf *to, const struct member *member, void *about)
{
    (void)about;
    add_member(to, member, KUBERNETES);
}

static void add_claim(struct cc_buf *to, const struct member *member, void *about)
{
    (void)about;
    if (strcmp(member->name, KUBERNETES) != 0 || *member->value != '{') {
        add_member(to, member, NULL);
        return;
    }
    cc_buf_text(to, "\"" KUBERNETES "\":{");
    for_members(to, member->value, add_of_kubernetes, NULL);
    cc_buf_text(to, "},");
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
    for_members(&kept, claims, add_claim, NULL);
    return kept.too_big ? (struct cc_bytes){token, len} : (struct cc_bytes){kept.text, kept.len};
}

#define CHAIN \
    "x-credctl-chain" /* two sums separated by a colon: of the first tokens, and of these */

static void text_free(char **text)
{
    cJSON_free(*text);
}

static void doc_free(cJSON **doc)
{
    cJSON_Delete(*doc);
}

/* The sum of the present tokens. */
static void sum_tokens(struct cc_arena *mem, const struct cc_login_file *file,
                       char sum[CC_SUM_SIZE])
{
    const cJSON *access = cJSON_GetObjectItemCaseSensitive(file->doc, file->replaced[0]);
    CC_CLEANUP(text_free) char *text = access ? cJSON_PrintUnformatted(access) : NULL;
    const char *refresh = cc_json_text(file->doc, "refreshToken");
    const char *both = cc_textf(mem, "%s\n%s", text ? text : "", refresh ? refresh : "");

    cc_sum_of(both, strlen(both), sum);
}

/* The member is valid only while no other program has replaced the tokens. */
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

static void comma(struct cc_buf *to)
{
    if (to->text[to->len - 1] != '{') {
        cc_buf_text(to, ",");
    }
}

static void put_item(struct cc_buf *to, const cJSON *item)
{
    CC_CLEANUP(doc_free) cJSON *name = cJSON_CreateString(item->string);
    CC_CLEANUP(text_free) char *name_text = cJSON_PrintUnformatted(name);
    CC_CLEANUP(text_free) char *text = cJSON_PrintUnformatted(item);

    if (!name_text || !text) {
        abort();
    }
    comma(to);
    cc_buf_addf(to, "%s:%s", name_text, text);
}

static void put_all(struct cc_buf *to, const cJSON *items)
{
    const cJSON *item = NULL;

    cJSON_ArrayForEach (item, items) {
        put_item(to, item);
    }
}

/* What the object holds now under the name of a member of its text; not there afterwards. */
static cJSON *take_now(cJSON *now, const struct member *member)
{
    CC_CLEANUP(doc_free)
    cJSON *name = cJSON_ParseWithLength(member->text, strlen(member->name) + 2);

    return cJSON_DetachItemFromObjectCaseSensitive(now, name ? name->valuestring : member->name);
}

/* As it was written, when it is the same now: a number would lose digits on the way. */
static void put_member(struct cc_buf *to, const struct member *member, const cJSON *before,
                       const cJSON *now)
{
    if (now && cJSON_Compare(before, now, true)) {
        comma(to);
        cc_buf_add(to, member->text, member->len);
    } else if (now) {
        put_item(to, now);
    }
}

static void rewrite_inner(struct cc_buf *to, const struct member *member, void *about)
{
    CC_CLEANUP(doc_free) cJSON *before = cJSON_Parse(member->value);
    CC_CLEANUP(doc_free) cJSON *now = take_now(about, member);

    put_member(to, member, before, now);
}

static void rewrite(struct cc_buf *to, const struct member *member, void *about)
{
    CC_CLEANUP(doc_free) cJSON *before = cJSON_Parse(member->value);
    CC_CLEANUP(doc_free) cJSON *now = take_now(about, member);

    if (!cJSON_IsObject(before) || !cJSON_IsObject(now) || cJSON_Compare(before, now, true)) {
        put_member(to, member, before, now);
        return;
    }
    comma(to);
    cc_buf_addf(to, "\"%s\":{", member->name);
    for_members(to, member->value, rewrite_inner, now);
    put_all(to, now);
    cc_buf_text(to, "}");
}

const char *cc_login_text(struct cc_arena *mem, const struct cc_login_file *file)
{
    CC_CLEANUP(doc_free) cJSON *now = cJSON_Duplicate(file->doc, true);
    struct cc_buf text = cc_buf_new(mem, SIZE_MAX);

    if (!now) {
        abort();
    }
    cc_buf_text(&text, "{");
    for_members(&text, strchr(file->text, '{'), rewrite, now);
    put_all(&text, now);
    cc_buf_text(&text, "}");
    return text.text;
}
