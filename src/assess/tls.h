#ifndef CREDCTL_ASSESS_TLS_H
#define CREDCTL_ASSESS_TLS_H

/*
 * The predefined security policies of load balancers, CloudFront and API Gateway, and which old
 * protocols each accepts: SSL 3.0, TLS 1.0 and TLS 1.1 (RFC 7568, RFC 8996).
 */

#include "credctl/base/arena.h"

enum { CC_SSL3 = 1, CC_TLS1_0 = 2, CC_TLS1_1 = 4 };

struct cc_tls_policy {
    const char *name;
    unsigned old; /* the old protocols that it accepts */
};

/* NULL: no policy of that name was known when this was written. */
const struct cc_tls_policy *cc_tls_policy(const char *name);
/* The names of the protocols as the services write them: "SSLv3", "TLSv1", "TLSv1.1". */
const char *const *cc_tls_names(struct cc_arena *mem, unsigned protocols);

#endif
