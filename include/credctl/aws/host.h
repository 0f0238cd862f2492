#ifndef CREDCTL_AWS_HOST_H
#define CREDCTL_AWS_HOST_H

/*
 * Where a container's bearer token may go (AWS SDKs and Tools Reference Guide, "Container
 * credential provider"): https anywhere; plain http only to loopback, 169.254.170.2,
 * 169.254.170.23 and [fd00:ec2::23].
 */

#include "credctl/world/world.h"

/*
 * True when a token may be sent to `url`. For http *address is what must be connected to, so that
 * what was judged is what is reached; a name is resolved here, once, and every address it has must
 * be an allowed one. For https *address is NULL. Fails with CC_E_UNSAFE_HOST (or CC_E_CONFIG when
 * it is no URL, CC_E_DNS when the name does not resolve); `source` names where the URL came from.
 */
CC_MUST_USE bool cc_host_judge(struct cc_run *run, const char *url, const char *source,
                               const char **address, struct cc_error *err);

/* A numeric address, or "localhost", that the rule above allows. Nothing is looked up. */
bool cc_host_near(const char *host);

/* Numeric loopback, or "localhost". */
bool cc_host_loopback(const char *host);

#endif
