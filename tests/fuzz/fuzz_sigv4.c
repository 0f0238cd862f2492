#include "credctl/aws/sigv4.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct cc_keys keys = {
    .access_key_id = "AKID", .secret_key = {"secret"}, .session_token = {"token"}};

/* A byte of flags, then lines: path, query, header name, header value, and the rest is the body. */
static const char *next_line(struct cc_arena *mem, const char **at)
{
    size_t len = strcspn(*at, "\r");
    const char *line = cc_text_dup(mem, *at, len);

    *at += len + ((*at)[len] != '\0');
    return line;
}

/* Signing ends, and what is signed twice has one signature. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct cc_arena mem = {0};
    struct cc_signed first;
    struct cc_signed second;
    struct cc_error err;

    if (size == 0 || size > 65536) {
        return 0;
    }
    const char *at = cc_text_dup(&mem, (const char *)data + 1, size - 1);
    const char *path = next_line(&mem, &at);
    const char *query = next_line(&mem, &at);
    const char *name = next_line(&mem, &at);
    const char *value = next_line(&mem, &at);
    const struct cc_sign_header headers[] = {{"Host", "h"}, {name, value}, {0}};
    const struct cc_sign sign = {
        .method = "GET",
        .path = path,
        .query = query,
        .headers = headers,
        .body = at,
        .body_len = strlen(at),
        .region = "us-east-1",
        .service = "sts",
        .at = 1440938160,
        .keys = &keys,
        .expires = 60,
        .presign = data[0] & 1,
        .normalize = data[0] & 2,
        .encode_twice = data[0] & 4,
        .hash_body = data[0] & 8,
        .add_content_hash = data[0] & 16,
        .unsigned_payload = data[0] & 32,
        .token_after = data[0] & 64,
    };
    if (!cc_sigv4(&mem, &sign, &first, &err) || !cc_sigv4(&mem, &sign, &second, &err) ||
        strcmp(first.signature, second.signature) != 0 || strlen(first.signature) != 64) {
        abort();
    }
    cc_arena_wipe(&mem);
    return 0;
}
