#ifndef CREDCTL_AWS_KEYS_H
#define CREDCTL_AWS_KEYS_H

#include "credctl/base/error.h"
#include "credctl/base/json.h"
#include "credctl/base/secret.h"

#include <stdint.h>

#define CC_NEVER_EXPIRES INT64_MAX

struct cc_keys {
    const char *access_key_id;
    struct cc_secret secret_key;
    struct cc_secret session_token; /* may be absent */
    int64_t expires;                /* Unix seconds, or CC_NEVER_EXPIRES */
    const char *account_id;         /* 12 digits, when the source said so; else NULL */
    const char *role_arn;           /* of the role, when the source said so; else NULL */
};

/* The names of the members differ between services, so they are data. */
struct cc_keys_shape {
    const char *access_key_id;
    const char *secret_key;
    const char *session_token;
    const char *expiration;    /* RFC 3339 text; NULL when the answer has none */
    const char *expiration_ms; /* Unix milliseconds as a number; or NULL */
    const char *account_id;    /* NULL when the answer has none */
    const char *role_arn;
    bool any_case; /* names match in any case (credential_process documents) */
    bool token_required;
    bool expiration_required;
};

/*
 * The same rules for keys from every source: the id is visible ASCII of at most 128 bytes, the
 * token of at most 16 KiB (both are sent in headers); the secret, which is only hashed, is any text
 * of at most 1 KiB without control characters, line breaks, invisible characters, and blanks at its
 * ends. Fails with CC_E_BAD_KEYS and says what is wrong, never a value. `source` says where they
 * come from: "the environment", "profile dev in ~/.aws/credentials, line 3".
 */
CC_MUST_USE bool cc_keys_judge(const struct cc_keys *keys, const char *source,
                               struct cc_error *err);

/*
 * Reads the members of an object. Fails with CC_E_BAD_KEYS and names the member that is missing,
 * empty, of the wrong type or malformed, never its value. An account ID that is not valid is left
 * out. `source` says where the document comes from.
 */
CC_MUST_USE bool cc_keys_from_json(struct cc_arena *mem, const cJSON *object,
                                   const struct cc_keys_shape *shape, const char *source,
                                   struct cc_keys *keys, struct cc_error *err);

/* Copies everything into another arena. */
struct cc_keys cc_keys_copy(struct cc_arena *mem, const struct cc_keys *keys);

#endif
