#ifndef CREDCTL_AWS_JWT_H
#define CREDCTL_AWS_JWT_H

/*
 * The claims of a JSON Web Token, read without checking its signature, which needs the keys of the
 * issuer and so the network. They are not a proof.
 */

#include "credctl/base/json.h"

#include <stdint.h>

struct cc_jwt {
    const cJSON *claims;
    const char *issuer;  /* NULL when absent; so are the others */
    const char *subject; /* made printable, because it is shown */
    int64_t expires;     /* Unix seconds; 0 when absent */
};

/* The token has three segments and at most 16 KiB; the middle one is an object in base64url. Fails
 * with CC_E_TOKEN_FILE. */
CC_MUST_USE bool cc_jwt_parse(struct cc_arena *mem, const char *text, size_t len,
                              const char *source, struct cc_jwt *jwt, struct cc_error *err);

/* True when `aud` is this text, or a list that contains it. */
bool cc_jwt_is_for(const struct cc_jwt *jwt, const char *audience);

#endif
