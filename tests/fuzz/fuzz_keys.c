#include "credctl/aws/keys.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct cc_keys_shape shapes[] = {
    {.access_key_id = "AccessKeyId",
     .secret_key = "SecretAccessKey",
     .session_token = "Token",
     .expiration = "Expiration",
     .account_id = "AccountId",
     .role_arn = "RoleArn",
     .expiration_required = true},
    {.access_key_id = "AccessKeyId",
     .secret_key = "SecretAccessKey",
     .session_token = "SessionToken",
     .expiration = "Expiration",
     .any_case = true},
    {.access_key_id = "accessKeyId",
     .secret_key = "secretAccessKey",
     .session_token = "sessionToken",
     .expiration_ms = "expiration",
     .token_required = true,
     .expiration_required = true},
};

/* Keys that are taken are whole and fit to be sent in a header. */
static void check(struct cc_arena *mem, const cJSON *doc, const struct cc_keys_shape *shape)
{
    struct cc_keys keys;
    struct cc_error err;

    if (!cc_keys_from_json(mem, doc, shape, "the input", &keys, &err)) {
        return;
    }
    if (!keys.access_key_id[0] || strpbrk(keys.access_key_id, " \r\n") ||
        !cc_secret_present(keys.secret_key) || !cc_keys_judge(&keys, "the keys", &err)) {
        abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct cc_arena mem = {0};
    struct cc_error err;
    const cJSON *doc = NULL;
    const char *text = cc_text_dup(&mem, (const char *)data, size);

    if (cc_json_parse(&mem, text, size, "the input", &doc, &err)) {
        for (size_t i = 0; i < CC_COUNT(shapes); i++) {
            check(&mem, doc, &shapes[i]);
        }
    }
    cc_arena_wipe(&mem);
    return 0;
}
