#ifndef CREDCTL_AWS_HOST_H
#define CREDCTL_AWS_HOST_H

/*
 * Where the bearer token of a container may be sent (AWS SDKs and Tools Reference Guide, "Container
 * credential provider"): https anywhere; plain http only to loopback, 169.254.170.2, 169.254.170.23
 * and [fd00:ec2::23].
 */

#include "credctl/world/world.h"

/*
 * True when a token may be sent to `url`. For http, *address is the address to connect to, so that
 * the connection goes to what was checked; a name is resolved here, once, and all its addresses
 * must be allowed. For https *address is NULL. Fails with CC_E_UNSAFE_HOST (or CC_E_CONFIG when it
 * is not a URL, CC_E_DNS when the name does not resolve); `source` says where the URL comes from.
 */
CC_MUST_USE bool cc_host_judge(struct cc_run *run, const char *url, const char *source,
                               const char **address, struct cc_error *err);

/*
 * True for a numeric address, or "localhost", that the rule above allows. Names are not resolved.
 */
bool cc_host_near(const char *host);

/* True for a numeric loopback address, or "localhost". */
bool cc_host_loopback(const char *host);

#endif
