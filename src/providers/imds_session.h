#ifndef PROVIDERS_IMDS_SESSION_H
#define PROVIDERS_IMDS_SESSION_H

/*
 * Conversation with the EC2 metadata service: version 2 first, version 1 where the token cannot be
 * had, a new token on 401, another try on 5xx. Rules and what the SDKs do: docs/providers.md.
 */

#include "credctl/aws/imds.h"
#include "credctl/providers/provider.h"

struct cc_imds_session {
    struct cc_run *run;
    struct cc_imds imds;
    int attempts;
    bool patient; /* the number of attempts was asked for: dead addresses are tried so often too */
    bool only_version_2; /* IMDSv1 is forbidden */
    bool version_1;      /* without a token */
    bool silent;    /* the PUT was taken, and no answer came: the hop limit, or a busy service */
    int put_status; /* what the PUT was answered with; 0: nothing */
};

/* What the settings say. Fails with CC_E_CONFIG for one that is malformed. */
CC_MUST_USE bool cc_imds_session_plan(struct cc_search *search, struct cc_imds_session *session,
                                      struct cc_error *why);

/* CC_ABSENT when nothing answers there: this is not an EC2 instance. */
enum cc_outcome cc_imds_session_open(struct cc_imds_session *session, struct cc_error *why);

/* GET of a path below /latest/. 401 has been dealt with; any other status is the caller's. */
CC_MUST_USE bool cc_imds_session_get(struct cc_imds_session *session, const char *path,
                                     struct cc_response *response, struct cc_error *why);

#endif
