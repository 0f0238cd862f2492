#include "credctl/aws/sigv4.h"

#include "credctl/base/buf.h"
#include "credctl/base/digest.h"
#include "credctl/base/text.h"
#include "credctl/base/time.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/crypto.h>

#define LAST_SECOND    INT64_C(253402300799) /* of the year 9999, the last one with four digits */

#define ALGORITHM      "AWS4-HMAC-SHA256"
#define EMPTY_HASH     "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
#define CANONICAL_MAX  ((size_t)1 << 20)
#define SHA_BLOCK      64
#define BLANKS         " \t\r\n\v\f"
#define OWN_PARAMS_MAX 6

/* A header, or an encoded parameter. */
struct pair {
    const char *name;
    const char *value;
    size_t order;
};

struct draft {
    struct cc_arena *mem;
    const struct cc_sign *sign;
    const char *date;
    const char *scope;
    const char *content_hash;
    const char *signed_headers;
    const char *header_lines;
    struct pair own[OWN_PARAMS_MAX]; /* the parameters of a presigned URL */
    size_t own_count;
    size_t own_signed; /* number of own parameters that are signed */
};

static void hash_hex(char to[2 * SHA256_DIGEST_LENGTH + 1], const void *bytes, size_t size)
{
    unsigned char digest[SHA256_DIGEST_LENGTH];
    struct cc_sum sum;

    cc_sum_begin(&sum);
    cc_sum_add(&sum, bytes, size);
    cc_sum_end(&sum, digest);
    cc_text_hex(to, digest, sizeof(digest));
}

static const char *hash_of(struct cc_arena *mem, const void *bytes, size_t size)
{
    char *hex = cc_alloc(mem, 2 * SHA256_DIGEST_LENGTH + 1);

    hash_hex(hex, bytes, size);
    return hex;
}

/* RFC 2104. `to` may be the key itself. */
static void hmac(unsigned char to[SHA256_DIGEST_LENGTH], const void *key, size_t key_size,
                 const char *text)
{
    unsigned char pad[SHA_BLOCK] = {0};
    unsigned char inner[SHA256_DIGEST_LENGTH];
    struct cc_sum sum;

    if (key_size > SHA_BLOCK) {
        cc_sum_begin(&sum);
        cc_sum_add(&sum, key, key_size);
        cc_sum_end(&sum, pad);
    } else {
        memcpy(pad, key, key_size);
    }
    for (size_t i = 0; i < SHA_BLOCK; i++) {
        pad[i] ^= 0x36;
    }
    cc_sum_begin(&sum);
    cc_sum_add(&sum, pad, SHA_BLOCK);
    cc_sum_add(&sum, text, strlen(text));
    cc_sum_end(&sum, inner);
    for (size_t i = 0; i < SHA_BLOCK; i++) {
        pad[i] ^= 0x36 ^ 0x5c;
    }
    cc_sum_begin(&sum);
    cc_sum_add(&sum, pad, SHA_BLOCK);
    cc_sum_add(&sum, inner, sizeof(inner));
    cc_sum_end(&sum, to);
    OPENSSL_cleanse(pad, sizeof(pad));
    OPENSSL_cleanse(inner, sizeof(inner));
}

/* The start of the last "/segment". */
static char *before_last(const char *made, char *end)
{
    while (end > made && *--end != '/') {
    }
    return end;
}

/* Removes empty and dot segments; ".." removes the segment before it. */
static const char *normalized(struct cc_arena *mem, const char *path)
{
    char *made = cc_alloc(mem, strlen(path) + 2);
    char *end = made; /* the place of the next "/segment" */
    bool slash_last = false;

    for (const char *at = path; *at;) {
        size_t len = strcspn(at, "/");

        slash_last = at[len] == '/';
        if (len == 2 && at[0] == '.' && at[1] == '.') {
            end = before_last(made, end);
        } else if (len > 0 && !(len == 1 && at[0] == '.')) {
            *end++ = '/';
            memcpy(end, at, len);
            end += len;
        }
        at += len + slash_last;
    }
    if (end == made || slash_last) {
        *end++ = '/';
    }
    *end = '\0';
    return made;
}

static const char *canonical_path(struct cc_arena *mem, const struct cc_sign *sign)
{
    const char *path = sign->path && sign->path[0] ? sign->path : "/";

    path = sign->normalize ? normalized(mem, path) : path;
    return sign->encode_twice ? cc_text_percent(mem, path, true) : path;
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    c = (char)(c | ' ');
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Decodes and encodes in one step, because a decoded byte can be a NUL. */
static const char *recoded(struct cc_arena *mem, const char *text, size_t len)
{
    static const char digits[] = "0123456789ABCDEF";
    char *made = cc_alloc(mem, len * 3 + 1);
    char *to = made;

    for (size_t i = 0; i < len; i++) {
        unsigned byte = (unsigned char)text[i];

        if (byte == '%' && len - i > 2 && hex_digit(text[i + 1]) >= 0 &&
            hex_digit(text[i + 2]) >= 0) {
            byte = (unsigned)(hex_digit(text[i + 1]) << 4 | hex_digit(text[i + 2]));
            i += 2;
        }
        if (isalnum((int)byte) || (byte && strchr("-._~", (int)byte))) {
            *to++ = (char)byte;
            continue;
        }
        *to++ = '%';
        *to++ = digits[byte >> 4];
        *to++ = digits[byte & 15];
    }
    return made;
}

static int by_name_and_value(const void *a, const void *b)
{
    const struct pair *left = a;
    const struct pair *right = b;
    int names = strcmp(left->name, right->name);

    return names ? names : strcmp(left->value, right->value);
}

static size_t parse_query(struct cc_arena *mem, const char *query, struct pair *pairs)
{
    size_t count = 0;

    for (const char *at = query ? query : ""; *at; at += *at == '&') {
        size_t len = strcspn(at, "&");
        const char *equals = memchr(at, '=', len);
        size_t name = equals ? (size_t)(equals - at) : len;

        if (len > 0) {
            pairs[count++] = (struct pair){
                .name = recoded(mem, at, name),
                .value = equals ? recoded(mem, equals + 1, len - name - 1) : "",
            };
        }
        at += len;
    }
    return count;
}

static void add_canonical_query(struct cc_buf *to, const struct draft *draft)
{
    const char *query = draft->sign->query;
    size_t most = draft->own_signed + 1;

    for (const char *at = query; at && *at; at++) {
        most += *at == '&';
    }
    struct pair *pairs = cc_alloc(draft->mem, most * sizeof(*pairs));
    size_t count = parse_query(draft->mem, query, pairs);
    for (size_t i = 0; i < draft->own_signed; i++) {
        pairs[count++] = draft->own[i];
    }
    qsort(pairs, count, sizeof(*pairs), by_name_and_value);
    for (size_t i = 0; i < count; i++) {
        cc_buf_text(to, i ? "&" : "");
        cc_buf_text(to, pairs[i].name);
        cc_buf_text(to, "=");
        cc_buf_text(to, pairs[i].value);
    }
}

/* Headers that proxies may change, and the signature itself. */
static const char *const never_signed[] = {
    "authorization", "connection",        "expect",  "keep-alive", "proxy-authorization", "te",
    "trailer",       "transfer-encoding", "upgrade", "user-agent", "x-amzn-trace-id",
};

/* Without blanks around it; several blanks or a folded line inside become one blank. */
static const char *collapsed(struct cc_arena *mem, const char *value)
{
    char *made = cc_alloc(mem, strlen(value) + 1);
    char *to = made;

    for (const char *at = value + strspn(value, BLANKS); *at;) {
        size_t word = strcspn(at, BLANKS);

        memcpy(to, at, word);
        to += word;
        at += word;
        at += strspn(at, BLANKS);
        if (*at) {
            *to++ = ' ';
        }
    }
    return made;
}

static int by_name_and_order(const void *a, const void *b)
{
    const struct pair *left = a;
    const struct pair *right = b;
    int names = strcmp(left->name, right->name);

    return names ? names : (left->order > right->order) - (left->order < right->order);
}

static bool among(const struct pair *rows, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(rows[i].name, name) == 0) {
            return true;
        }
    }
    return false;
}

static bool may_be_signed(const char *name)
{
    for (size_t i = 0; i < CC_COUNT(never_signed); i++) {
        if (strcmp(never_signed[i], name) == 0) {
            return false;
        }
    }
    return true;
}

static size_t own_headers(const struct draft *draft, struct pair *rows)
{
    const struct cc_sign *sign = draft->sign;
    size_t count = 0;

    if (sign->presign) {
        return 0;
    }
    rows[count++] = (struct pair){.name = "x-amz-date", .value = draft->date};
    if (cc_secret_present(sign->keys->session_token) && !sign->token_after) {
        const char *token = cc_secret_reveal(sign->keys->session_token);

        rows[count++] = (struct pair){.name = "x-amz-security-token", .value = token};
    }
    if (sign->add_content_hash) {
        rows[count++] = (struct pair){.name = "x-amz-content-sha256", .value = draft->content_hash};
    }
    return count;
}

/* Own parameters replace given ones of the same name. */
static size_t collect_headers(const struct draft *draft, struct pair *rows)
{
    size_t own = own_headers(draft, rows);
    size_t count = own;

    for (const struct cc_sign_header *h = draft->sign->headers; h && h->name; h++) {
        const char *name = cc_text_lower(draft->mem, cc_text_trim(draft->mem, h->name));

        if (may_be_signed(name) && !among(rows, own, name)) {
            rows[count] = (struct pair){name, collapsed(draft->mem, h->value), count};
            count++;
        }
    }
    qsort(rows, count, sizeof(*rows), by_name_and_order);
    return count;
}

static bool write_headers(struct draft *draft)
{
    size_t most = 3;
    struct cc_buf names = cc_buf_new(draft->mem, CANONICAL_MAX);
    struct cc_buf lines = cc_buf_new(draft->mem, CANONICAL_MAX);

    for (const struct cc_sign_header *h = draft->sign->headers; h && h->name; h++) {
        most++;
    }
    struct pair *rows = cc_alloc(draft->mem, most * sizeof(*rows));
    size_t count = collect_headers(draft, rows);
    for (size_t i = 0; i < count; i++) {
        if (i > 0 && strcmp(rows[i].name, rows[i - 1].name) == 0) {
            cc_buf_text(&lines, ",");
        } else {
            cc_buf_text(&names, i ? ";" : "");
            cc_buf_text(&names, rows[i].name);
            cc_buf_text(&lines, i ? "\n" : "");
            cc_buf_text(&lines, rows[i].name);
            cc_buf_text(&lines, ":");
        }
        cc_buf_text(&lines, rows[i].value);
    }
    draft->signed_headers = names.text;
    draft->header_lines = lines.text;
    return !names.too_big && !lines.too_big;
}

static void own_param(struct draft *draft, const char *name, const char *value)
{
    draft->own[draft->own_count++] =
        (struct pair){.name = name, .value = cc_text_percent(draft->mem, value, false)};
}

static void write_own_params(struct draft *draft)
{
    const struct cc_sign *sign = draft->sign;
    struct cc_secret token = sign->keys->session_token;

    if (!sign->presign) {
        return;
    }
    own_param(draft, "X-Amz-Algorithm", ALGORITHM);
    own_param(draft, "X-Amz-Credential",
              cc_textf(draft->mem, "%s/%s", sign->keys->access_key_id, draft->scope));
    own_param(draft, "X-Amz-Date", draft->date);
    own_param(draft, "X-Amz-SignedHeaders", draft->signed_headers);
    own_param(draft, "X-Amz-Expires", cc_textf(draft->mem, "%d", sign->expires));
    draft->own_signed = draft->own_count;
    if (cc_secret_present(token)) {
        own_param(draft, "X-Amz-Security-Token", cc_secret_reveal(token));
        draft->own_signed += !sign->token_after;
    }
}

static bool write_canonical(const struct draft *draft, struct cc_signed *out)
{
    struct cc_buf text = cc_buf_new(draft->mem, CANONICAL_MAX);

    cc_buf_text(&text, draft->sign->method);
    cc_buf_text(&text, "\n");
    cc_buf_text(&text, canonical_path(draft->mem, draft->sign));
    cc_buf_text(&text, "\n");
    add_canonical_query(&text, draft);
    cc_buf_text(&text, "\n");
    cc_buf_text(&text, draft->header_lines);
    cc_buf_text(&text, "\n\n");
    cc_buf_text(&text, draft->signed_headers);
    cc_buf_text(&text, "\n");
    cc_buf_text(&text, draft->content_hash);
    out->canonical = text.text;
    out->string_to_sign = cc_textf(draft->mem, ALGORITHM "\n%s\n%s\n%s", draft->date, draft->scope,
                                   hash_of(draft->mem, text.text, text.len));
    return !text.too_big;
}

static void write_signature(const struct draft *draft, struct cc_signed *out)
{
    const struct cc_sign *sign = draft->sign;
    const char *secret = cc_textf(draft->mem, "AWS4%s", cc_secret_reveal(sign->keys->secret_key));
    const char *day = cc_text_dup(draft->mem, draft->date, 8);
    unsigned char key[SHA256_DIGEST_LENGTH];
    char *hex = cc_alloc(draft->mem, 2 * sizeof(key) + 1);

    hmac(key, secret, strlen(secret), day);
    hmac(key, key, sizeof(key), sign->region);
    hmac(key, key, sizeof(key), sign->service);
    hmac(key, key, sizeof(key), "aws4_request");
    hmac(key, key, sizeof(key), out->string_to_sign);
    cc_text_hex(hex, key, sizeof(key));
    OPENSSL_cleanse(key, sizeof(key));
    out->signature = hex;
}

static struct cc_secret whole_query(const struct draft *draft, const char *signature)
{
    const char *query = draft->sign->query;
    struct cc_buf text = cc_buf_new(draft->mem, 2 * CANONICAL_MAX);

    if (query && query[0]) {
        cc_buf_text(&text, query);
        cc_buf_text(&text, "&");
    }
    for (size_t i = 0; i < draft->own_count; i++) {
        cc_buf_text(&text, draft->own[i].name);
        cc_buf_text(&text, "=");
        cc_buf_text(&text, draft->own[i].value);
        cc_buf_text(&text, "&");
    }
    cc_buf_text(&text, "X-Amz-Signature=");
    cc_buf_text(&text, signature);
    return (struct cc_secret){text.text};
}

static const char *payload_hash(struct cc_arena *mem, const struct cc_sign *sign)
{
    if (sign->unsigned_payload) {
        return "UNSIGNED-PAYLOAD";
    }
    return sign->hash_body ? hash_of(mem, sign->body ? sign->body : "", sign->body_len)
                           : EMPTY_HASH;
}

bool cc_sigv4(struct cc_arena *mem, const struct cc_sign *sign, struct cc_signed *out,
              struct cc_error *err)
{
    const struct cc_keys *keys = sign->keys;
    struct draft draft = {.mem = mem, .sign = sign};
    struct cc_signed made = {0};

    if (!keys->access_key_id || !keys->access_key_id[0] || !cc_secret_present(keys->secret_key)) {
        cc_fail(err, CC_E_HALF_SET, "cannot sign the request to %s", sign->service);
        return cc_why(err, "the access key id or the secret key is missing");
    }
    draft.date = cc_time_compact(mem, sign->at);
    draft.scope = cc_textf(mem, "%.8s/%s/%s/aws4_request", draft.date, sign->region, sign->service);
    draft.content_hash = payload_hash(mem, sign);
    bool fits = write_headers(&draft);
    write_own_params(&draft);
    if (!write_canonical(&draft, &made) || !fits) {
        cc_fail(err, CC_E_TOO_BIG, "cannot sign the request to %s", sign->service);
        return cc_why(err, "its path, query and headers together exceed 1 MiB");
    }
    write_signature(&draft, &made);
    made.signed_headers = draft.signed_headers;
    made.date = draft.date;
    made.content_hash = draft.content_hash;
    if (sign->presign) {
        made.query = whole_query(&draft, made.signature);
    } else {
        made.authorization = (struct cc_secret){
            cc_textf(mem, ALGORITHM " Credential=%s/%s, SignedHeaders=%s, Signature=%s",
                     keys->access_key_id, draft.scope, draft.signed_headers, made.signature)};
    }
    *out = made;
    return true;
}
