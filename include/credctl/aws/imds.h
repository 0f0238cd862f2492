#ifndef CREDCTL_AWS_IMDS_H
#define CREDCTL_AWS_IMDS_H

/*
 * EC2 instance metadata (and Firecracker's MMDS on AgentCore and Lambda MicroVM). One client for
 * all callers: IMDSv2 first, IMDSv1 when there is no token and it is not forbidden, a new token on
 * 401, and retries on failures that can pass. Rules: EC2 User Guide, "Use IMDS"; what the SDKs do:
 * docs/providers.md; look-alikes: docs/environments.md.
 */

#include "credctl/aws/drive.h"
#include "credctl/aws/settings.h"

struct cc_imds {
    struct cc_run *run;
    const char *base; /* http://169.254.169.254, without a slash at the end */
    int connect_ms;
    int timeout_ms;
    int attempts; /* attempts per request; 0 means 1 */
    bool patient; /* the number was configured: it applies to addresses without an answer too */
    bool v1_forbidden; /* AWS_EC2_METADATA_V1_DISABLED, ec2_metadata_v1_disabled */
    bool keeps_token;  /* a 401 is an answer, not a reason for a new token */

    /* What has been learnt. */
    struct cc_secret token; /* absent: IMDSv1 */
    bool silent;            /* the PUT was sent and not answered: hop limit, or a busy service */
    int put_status;         /* the status of the PUT; 0: no answer */
    enum cc_failure put_failure;
};

/* The settings of the endpoint, from variables and profile. Any text may be NULL. */
struct cc_imds_settings {
    const char *endpoint; /* AWS_EC2_METADATA_SERVICE_ENDPOINT / ec2_metadata_service_endpoint */
    const char *mode;     /* ..._ENDPOINT_MODE: IPv4 or IPv6, in any case */
};

/* Fails with CC_E_CONFIG for a bad mode or URL; no request is made. */
CC_MUST_USE bool cc_imds_base(struct cc_run *run, const struct cc_imds_settings *settings,
                              const char **base, struct cc_error *err);

/* True when AWS_EC2_METADATA_DISABLED or disable_ec2_metadata turns the service off. */
bool cc_imds_off(const struct cc_run *run, const struct cc_settings *settings);
/* False, with CC_E_CONFIG, when a property for the service has more than one line: an indented
 * comment below "disable_ec2_metadata = true" is part of its value. */
CC_MUST_USE bool cc_imds_whole(const struct cc_run *run, const struct cc_settings *settings,
                               struct cc_error *err);
bool cc_imds_v1_forbidden(const struct cc_run *run, const struct cc_settings *settings);

/*
 * A client with the settings of variables and profile: endpoint, time-out and attempts
 * (AWS_METADATA_SERVICE_TIMEOUT, _NUM_ATTEMPTS), IMDSv1. Fails with CC_E_CONFIG when one of them is
 * malformed; no request is made.
 */
CC_MUST_USE bool cc_imds_configure(struct cc_run *run, const struct cc_settings *settings,
                                   struct cc_imds *imds, struct cc_error *err);

/*
 * PUT /latest/api/token. True when there is an answer of any status: 200 with a usable token fills
 * imds->token; a 200 with a body that cannot be a token (the page of a captive portal) fails with
 * CC_E_BAD_ANSWER. The TTL header may be missing (Firecracker before 1.13).
 */
CC_MUST_USE bool cc_imds_token(struct cc_imds *imds, struct cc_error *err);

enum cc_imds_end {
    CC_IMDS_READY,  /* with a token, or for IMDSv1 */
    CC_IMDS_NOBODY, /* nothing answers: this is not an EC2 instance */
    CC_IMDS_REFUSES,
};

/*
 * Gets the token, or decides to continue without one. `err` says why when the result is not READY.
 */
enum cc_imds_end cc_imds_open(struct cc_imds *imds, struct cc_error *err);

/* One of the questions asked together. */
struct cc_imds_question {
    const char *path; /* below /latest/, for example "meta-data/iam/info" */
    struct cc_response response;
    bool ok; /* it was answered, with any status */
    struct cc_error err;
};

/* Asks all of them at once. A 401 is handled unless keeps_token; other statuses are left to the
 * caller. */
void cc_imds_ask(struct cc_imds *imds, struct cc_imds_question *questions, size_t count);

CC_MUST_USE bool cc_imds_get(struct cc_imds *imds, const char *path, struct cc_response *response,
                             struct cc_error *err);

/* [\w+=,.@-]{1,64}: checked before a name from outside is used in a URL. */
bool cc_role_name_valid(const char *name);

#endif
