#ifndef CREDCTL_AWS_IMDS_H
#define CREDCTL_AWS_IMDS_H

/*
 * EC2 instance metadata (and what answers in its place: Firecracker's MMDS on AgentCore and Lambda
 * MicroVM). One client for all who ask: version 2 first, version 1 where the token cannot be had
 * and nobody forbids it, a new token on 401, another try on what may pass. Rules: EC2 User Guide,
 * "Use IMDS"; what the SDKs do: docs/providers.md; look-alikes: docs/environments.md.
 */

#include "credctl/aws/drive.h"
#include "credctl/aws/settings.h"

struct cc_imds {
    struct cc_run *run;
    const char *base; /* http://169.254.169.254, without a slash at the end */
    int connect_ms;
    int timeout_ms;
    int attempts;      /* of each request; 0 counts as 1 */
    bool patient;      /* their number was asked for: dead addresses are tried so often too */
    bool v1_forbidden; /* AWS_EC2_METADATA_V1_DISABLED, ec2_metadata_v1_disabled */
    bool keeps_token;  /* a 401 is an answer, not a reason for a new token */

    /* What has been learnt. */
    struct cc_secret token; /* absent: version 1 */
    bool silent;    /* the PUT was taken, and no answer came: hop limit, or a busy service */
    int put_status; /* what the PUT was answered with; 0: nothing */
    enum cc_failure put_failure;
};

/* What the variables and the profile say about the endpoint. Any text may be NULL. */
struct cc_imds_settings {
    const char *endpoint; /* AWS_EC2_METADATA_SERVICE_ENDPOINT / ec2_metadata_service_endpoint */
    const char *mode;     /* ..._ENDPOINT_MODE: IPv4 or IPv6, in any case */
};

/* Fails with CC_E_CONFIG for a bad mode or URL; no request is made. */
CC_MUST_USE bool cc_imds_base(struct cc_run *run, const struct cc_imds_settings *settings,
                              const char **base, struct cc_error *err);

/* AWS_EC2_METADATA_DISABLED / disable_ec2_metadata: nobody may ask. */
bool cc_imds_off(const struct cc_run *run, const struct cc_settings *settings);
/* False, with CC_E_CONFIG, when a property about the service has more than one line: an indented
 * comment below "disable_ec2_metadata = true" is a part of it. */
CC_MUST_USE bool cc_imds_whole(const struct cc_run *run, const struct cc_settings *settings,
                               struct cc_error *err);
bool cc_imds_v1_forbidden(const struct cc_run *run, const struct cc_settings *settings);

/*
 * A client as variables and profile want it: endpoint, time and attempts
 * (AWS_METADATA_SERVICE_TIMEOUT, _NUM_ATTEMPTS), version 1. Fails with CC_E_CONFIG when one of them
 * is malformed; no request is made.
 */
CC_MUST_USE bool cc_imds_configure(struct cc_run *run, const struct cc_settings *settings,
                                   struct cc_imds *imds, struct cc_error *err);

/*
 * PUT /latest/api/token. True when there is an answer of any status: 200 with a usable token fills
 * imds->token; a 200 whose body no token could be (a captive portal's page) fails with
 * CC_E_BAD_ANSWER. The TTL header may be missing (Firecracker before 1.13).
 */
CC_MUST_USE bool cc_imds_token(struct cc_imds *imds, struct cc_error *err);

enum cc_imds_end {
    CC_IMDS_READY,  /* with a token, or for version 1 */
    CC_IMDS_NOBODY, /* nothing answers there: this is no EC2 instance */
    CC_IMDS_REFUSES,
};

/* The token, or the decision to go on without. `err` says why when it is not READY. */
enum cc_imds_end cc_imds_open(struct cc_imds *imds, struct cc_error *err);

/* One of the questions asked together. */
struct cc_imds_question {
    const char *path; /* below /latest/, for example "meta-data/iam/info" */
    struct cc_response response;
    bool ok; /* it was answered, with whatever status */
    struct cc_error err;
};

/* All at once. A 401 has been dealt with unless keeps_token; any other status is the caller's. */
void cc_imds_ask(struct cc_imds *imds, struct cc_imds_question *questions, size_t count);

CC_MUST_USE bool cc_imds_get(struct cc_imds *imds, const char *path, struct cc_response *response,
                             struct cc_error *err);

/* [\w+=,.@-]{1,64}: checked before a name from outside becomes part of a URL. */
bool cc_role_name_valid(const char *name);

#endif
