#ifndef CREDCTL_SERVE_TOKENS_H
#define CREDCTL_SERVE_TOKENS_H

#include "credctl/base/arena.h"
#include "credctl/base/secret.h"

#include <stdint.h>

/*
 * Session tokens of the IMDSv2 form. Each is valid for the user it was given to, until its expiry.
 * The number is limited: a new one replaces the one that would expire first. Times are seconds on a
 * monotonic clock.
 */

#define CC_TOKENS_MAX   256
#define CC_TOKEN_RANDOM 32 /* bytes: 256 bit */

struct cc_imds_session {
    char text[CC_TOKEN_RANDOM * 2];
    int64_t uid;
    int64_t until;
};

struct cc_tokens {
    struct cc_imds_session rows[CC_TOKENS_MAX];
};

/* The text that is handed to the client; it stays in the store. */
struct cc_secret cc_tokens_issue(struct cc_tokens *tokens,
                                 const unsigned char random[CC_TOKEN_RANDOM], int64_t uid,
                                 int64_t seconds, int64_t now);
bool cc_tokens_valid(const struct cc_tokens *tokens, struct cc_secret given, int64_t uid,
                     int64_t now);

#endif
