/*
 * sigv4_vectors FILE: runs a file of signing vectors and says which fail and where.
 *
 * FILE is a JSON list of {name, signature_type, request, context, expected}. Compared are the
 * canonical request, the string to sign, the signature, and the signed request: its request line's
 * parameters and its headers as sets, for their order means nothing.
 * Exit status: 0 all passed, 1 some failed, 2 FILE cannot be used.
 */

#include "credctl/aws/sigv4.h"
#include "credctl/base/buf.h"
#include "credctl/base/json.h"
#include "credctl/base/text.h"
#include "credctl/base/time.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FILE_MAX_SIZE ((size_t)16 << 20)
#define LINES_MAX     512

struct vector {
    const char *name;
    bool query; /* the signature goes into the query */
    struct cc_keys keys;
    struct cc_sign sign;
    const char *target; /* path and query as given */
    const cJSON *headers;
    const cJSON *expected;
};

static const char *slurp(struct cc_arena *mem, const char *path)
{
    char *text = cc_alloc(mem, FILE_MAX_SIZE + 1);
    FILE *file = fopen(path, "rbe");

    if (!file) {
        return NULL;
    }
    size_t len = fread(text, 1, FILE_MAX_SIZE + 1, file);
    bool read = !ferror(file) && len <= FILE_MAX_SIZE && !memchr(text, '\0', len);
    (void)fclose(file);
    return read ? text : NULL;
}

static bool flag(const cJSON *context, const char *name)
{
    return cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(context, name));
}

static const char *text_or(const cJSON *object, const char *name, const char *otherwise)
{
    const char *text = cc_json_text(object, name);

    return text ? text : otherwise;
}

static bool read_headers(struct cc_arena *mem, struct vector *vector)
{
    struct cc_sign_header *rows =
        cc_alloc(mem, ((size_t)cJSON_GetArraySize(vector->headers) + 1) * sizeof(*rows));
    const cJSON *row = NULL;

    vector->sign.headers = rows;
    cJSON_ArrayForEach (row, vector->headers) {
        rows->name = cJSON_GetStringValue(cJSON_GetArrayItem(row, 0));
        rows->value = cJSON_GetStringValue(cJSON_GetArrayItem(row, 1));
        if (!rows->name || !rows->value) {
            return false;
        }
        rows++;
    }
    return true;
}

static void read_request(struct cc_arena *mem, const cJSON *request, struct vector *vector)
{
    const char *body = text_or(request, "body", "");
    size_t path = 0;

    vector->target = text_or(request, "uri", "/");
    path = strcspn(vector->target, "?");
    vector->headers = cJSON_GetObjectItemCaseSensitive(request, "headers");
    vector->sign.method = text_or(request, "method", "GET");
    vector->sign.path = cc_text_dup(mem, vector->target, path);
    vector->sign.query = vector->target[path] ? vector->target + path + 1 : NULL;
    vector->sign.body = body;
    vector->sign.body_len = strlen(body);
}

static bool read_context(struct cc_arena *mem, const cJSON *context, struct vector *vector)
{
    const cJSON *keys = cc_json_object(context, "credentials");
    struct cc_sign *sign = &vector->sign;
    double expires = 3600;

    vector->keys = (struct cc_keys){
        .access_key_id = cc_json_text(keys, "access_key_id"),
        .secret_key = cc_secret_keep(mem, cc_json_text(keys, "secret_access_key")),
        .session_token = cc_secret_keep(mem, cc_json_text(keys, "session_token")),
        .expires = CC_NEVER_EXPIRES,
    };
    (void)!cc_json_number(context, "expiration", &expires);
    sign->region = cc_json_text(context, "region");
    sign->service = cc_json_text(context, "service");
    sign->expires = (int)expires;
    sign->normalize = flag(context, "normalize");
    sign->encode_twice = flag(context, "double_uri_encode");
    sign->hash_body = flag(context, "sign_body");
    /* The suite adds the header whenever it signs the body; our own vectors say when it does not.
     */
    sign->add_content_hash =
        sign->hash_body &&
        !cJSON_IsFalse(cJSON_GetObjectItemCaseSensitive(context, "add_content_hash"));
    sign->token_after = flag(context, "omit_session_token");
    return sign->region && sign->service &&
           cc_time_from_iso(cc_json_text(context, "timestamp"), &sign->at);
}

static bool read_vector(struct cc_arena *mem, const cJSON *item, struct vector *vector)
{
    const char *type = cc_json_text(item, "signature_type");
    const cJSON *request = cc_json_object(item, "request");

    *vector = (struct vector){.name = text_or(item, "name", "?"),
                              .expected = cc_json_object(item, "expected")};
    if (!type || !request || !cc_json_text(vector->expected, "signature")) {
        return false;
    }
    vector->query = strcmp(type, "query") == 0;
    vector->sign.presign = vector->query;
    read_request(mem, request, vector);
    return (vector->query || strcmp(type, "header") == 0) && read_headers(mem, vector) &&
           read_context(mem, cc_json_object(item, "context"), vector);
}

/* The request as it would be sent, in the form of the vectors. */
static const char *sent_request(struct cc_arena *mem, const struct vector *vector,
                                const struct cc_signed *made)
{
    const struct cc_sign *sign = &vector->sign;
    struct cc_buf text = cc_buf_new(mem, FILE_MAX_SIZE);

    cc_buf_addf(&text, "%s %s", sign->method, vector->query ? sign->path : vector->target);
    if (vector->query) {
        cc_buf_addf(&text, "?%s", cc_secret_reveal(made->query));
    }
    cc_buf_text(&text, " HTTP/1.1\n");
    for (const struct cc_sign_header *h = sign->headers; h->name; h++) {
        cc_buf_addf(&text, "%s:%s\n", h->name, h->value);
    }
    if (!vector->query) {
        if (cc_secret_present(vector->keys.session_token)) {
            cc_buf_addf(&text, "X-Amz-Security-Token:%s\n",
                        cc_secret_reveal(vector->keys.session_token));
        }
        cc_buf_addf(&text, "X-Amz-Date:%s\n", made->date);
        if (sign->add_content_hash) {
            cc_buf_addf(&text, "x-amz-content-sha256:%s\n", made->content_hash);
        }
        cc_buf_addf(&text, "Authorization:%s\n", cc_secret_reveal(made->authorization));
    }
    cc_buf_addf(&text, "\n%s", sign->body);
    return text.text;
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The pieces of `text` between `separators`, sorted, joined by newlines. */
static const char *sorted(struct cc_arena *mem, const char *text, const char *separators)
{
    const char *pieces[LINES_MAX];
    size_t count = 0;
    struct cc_buf joined = cc_buf_new(mem, FILE_MAX_SIZE);

    while (*text && count < LINES_MAX) {
        size_t len = strcspn(text, separators);

        pieces[count++] = cc_text_dup(mem, text, len);
        text += len + (text[len] != '\0');
    }
    qsort(pieces, count, sizeof(pieces[0]), by_text);
    for (size_t i = 0; i < count; i++) {
        cc_buf_addf(&joined, "%s\n", pieces[i]);
    }
    return joined.text;
}

/* The same text for two requests that differ in the order of headers and parameters only, and in
 * the line breaks at the end. */
static const char *orderless(struct cc_arena *mem, const char *request)
{
    size_t line = strcspn(request, "\n");
    const char *rest = request + line + (request[line] != '\0');
    const char *body = strstr(rest, "\n\n");
    size_t head = body ? (size_t)(body - rest) : strlen(rest);
    const char *first = cc_text_dup(mem, request, line);
    size_t target = strcspn(first, "?");

    return cc_textf(mem, "%.*s\n%s%s\n%s", (int)target, first,
                    sorted(mem, first[target] ? first + target + 1 : "", "&"),
                    sorted(mem, cc_text_dup(mem, rest, head), "\n"),
                    cc_text_trim(mem, body ? body : ""));
}

static bool same(const char *part, const char *expected, const char *made)
{
    if (!expected || strcmp(expected, made) == 0) {
        return true;
    }
    size_t line = 1;
    while (*expected && *made) {
        size_t left = strcspn(expected, "\n");
        size_t right = strcspn(made, "\n");

        if (left != right || memcmp(expected, made, left) != 0) {
            break;
        }
        expected += left + (expected[left] != '\0');
        made += right + (made[right] != '\0');
        line++;
    }
    (void)printf("  %s, line %zu:\n  - %.*s\n  + %.*s\n", part, line, (int)strcspn(expected, "\n"),
                 expected, (int)strcspn(made, "\n"), made);
    return false;
}

static bool run(struct cc_arena *mem, const cJSON *item)
{
    struct vector vector;
    struct cc_signed made;
    struct cc_error err;

    if (!read_vector(mem, item, &vector)) {
        (void)printf("FAIL %s\n  the vector is incomplete\n", vector.name);
        return false;
    }
    vector.sign.keys = &vector.keys;
    if (!cc_sigv4(mem, &vector.sign, &made, &err)) {
        (void)printf("FAIL %s\n  %s: %s\n", vector.name, err.what, err.why);
        return false;
    }
    const char *request = cc_json_text(vector.expected, "signed_request");
    int differing = 0;
    differing += !same("canonical request", cc_json_text(vector.expected, "canonical_request"),
                       made.canonical);
    differing += !same("string to sign", cc_json_text(vector.expected, "string_to_sign"),
                       made.string_to_sign);
    differing += !same("signature", cc_json_text(vector.expected, "signature"), made.signature);
    differing += !same("signed request", request ? orderless(mem, request) : NULL,
                       orderless(mem, sent_request(mem, &vector, &made)));
    if (differing > 0) {
        (void)printf("FAIL %s\n", vector.name);
    }
    return differing == 0;
}

int main(int argc, char **argv)
{
    struct cc_arena mem = {0};
    struct cc_error err;
    const cJSON *doc = NULL;
    const cJSON *item = NULL;
    int passed = 0;
    int failed = 0;

    if (argc != 2) {
        (void)fprintf(stderr, "usage: sigv4_vectors FILE\n");
        return 2;
    }
    const char *text = slurp(&mem, argv[1]);
    if (!text || !cc_json_parse(&mem, text, strlen(text), argv[1], &doc, &err) ||
        !cJSON_IsArray(doc) || !doc->child) {
        (void)fprintf(stderr, "sigv4_vectors: %s is not a list of vectors\n", argv[1]);
        cc_arena_wipe(&mem);
        return 2;
    }
    cJSON_ArrayForEach (item, doc) {
        if (run(&mem, item)) {
            passed++;
        } else {
            failed++;
        }
    }
    (void)printf("%d passed, %d failed\n", passed, failed);
    cc_arena_wipe(&mem);
    return failed > 0;
}
