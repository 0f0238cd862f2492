#ifndef CREDCTL_AWS_JWT_H
#define CREDCTL_AWS_JWT_H

/*
 * The claims of a JSON Web Token, read without checking its signature: that needs the issuer's
 * keys, hence the network. They are what the token says of itself, never a proof.
 */

#include "credctl/base/json.h"

#include <stdint.h>

struct cc_jwt {
    const cJSON *claims;
    const char *issuer;  /* NULL when absent; so are the others */
    const char *subject; /* printable, as all text of a token that is shown must be made */
    int64_t expires;     /* Unix seconds; 0 when absent */
};

/* Three segments, at most 16 KiB, the middle one an object in base64url. CC_E_TOKEN_FILE. */
CC_MUST_USE bool cc_jwt_parse(struct cc_arena *mem, const char *text, size_t len,
                              const char *source, struct cc_jwt *jwt, struct cc_error *err);

/* `aud` is this text, or a list that holds it. */
bool cc_jwt_is_for(const struct cc_jwt *jwt, const char *audience);

#endif
