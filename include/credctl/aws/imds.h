#ifndef CREDCTL_AWS_IMDS_H
#define CREDCTL_AWS_IMDS_H

/*
 * EC2 instance metadata (and what answers in its place: Firecracker's MMDS on AgentCore and Lambda
 * MicroVM). One session holds the token. Rules: EC2 User Guide, "Use IMDS"; limits and look-alikes:
 * docs/environments.md.
 */

#include "credctl/world/world.h"

struct cc_imds {
    const char *base;       /* http://169.254.169.254, without a slash at the end */
    struct cc_secret token; /* absent: version 1 */
    int connect_ms;
    int timeout_ms;
};

/* What the variables and the profile say about the endpoint. Any text may be NULL. */
struct cc_imds_settings {
    const char *endpoint; /* AWS_EC2_METADATA_SERVICE_ENDPOINT / ec2_metadata_service_endpoint */
    const char *mode;     /* ..._ENDPOINT_MODE: IPv4 or IPv6, in any case */
};

/* Fails with CC_E_CONFIG for a bad mode or URL; no request is made. */
CC_MUST_USE bool cc_imds_base(struct cc_run *run, const struct cc_imds_settings *settings,
                              const char **base, struct cc_error *err);

/*
 * PUT /latest/api/token. True when there is an answer of any status: 200 with a usable token fills
 * imds->token; a 200 whose body no token could be (a captive portal's page) fails with
 * CC_E_BAD_ANSWER. The TTL header may be missing (Firecracker before 1.13).
 */
CC_MUST_USE bool cc_imds_token(struct cc_run *run, struct cc_imds *imds,
                               struct cc_response *response, struct cc_error *err);

/* That GET as a request, for many at once. It lives in the run's arena. */
struct cc_request cc_imds_request(struct cc_run *run, const struct cc_imds *imds, const char *path);

/* GET of a path below /latest/, for example "meta-data/iam/info". Any status is an answer. */
CC_MUST_USE bool cc_imds_get(struct cc_run *run, const struct cc_imds *imds, const char *path,
                             struct cc_response *response, struct cc_error *err);

/* [\w+=,.@-]{1,64}: checked before a name from outside becomes part of a URL. */
bool cc_role_name_valid(const char *name);

#endif
