#ifndef CREDCTL_AWS_INSTANCE_H
#define CREDCTL_AWS_INSTANCE_H

/*
 * Asks the metadata service for the identity of the instance, never for credentials: token, then
 * identity document, iam/info and the list of roles. It distinguishes EC2 from services that look
 * like it.
 */

#include "credctl/aws/imds.h"

enum cc_imds_state {
    CC_IMDS_NOT_ASKED,
    CC_IMDS_FORBIDDEN,      /* AWS_EC2_METADATA_DISABLED */
    CC_IMDS_UNREACHABLE,    /* no connection */
    CC_IMDS_HOP_LIMIT,      /* the answer to the token request does not reach this container */
    CC_IMDS_SILENT,         /* a connection, but no answer */
    CC_IMDS_DISABLED,       /* 403 to everything */
    CC_IMDS_LOOK_ALIKE,     /* something else answers at that address */
    CC_IMDS_TOKEN_REJECTED, /* a token was given and is then refused */
    CC_IMDS_FAILING,   /* 5xx, resets, answers that are too large: IMDS may be there, but does not
                          work */
    CC_IMDS_MMDS,      /* Firecracker's: the one role is "execution_role" */
    CC_IMDS_PARTIAL,   /* answers like IMDS, without a valid identity document */
    CC_IMDS_AVAILABLE, /* a valid identity document */
};

struct cc_instance_note {
    const char *source; /* "PUT /latest/api/token" */
    const char *seen;   /* "a token" */
    const char *says;   /* "IMDSv2 is available" */
    int ms;
};

struct cc_instance {
    enum cc_imds_state state;
    const char *base;        /* the URL of the service */
    bool version1;           /* answered without a token */
    bool custom;             /* the endpoint is set by a variable */
    const char *instance_id; /* valid, else NULL; so are the following */
    const char *account;
    const char *region;
    const char *zone;
    const char *instance_type;
    const char *role_name;
    const char *profile_arn;
    const char *profile_code; /* iam/info's Code, when it is not Success */
    bool role_known;          /* the list of roles was answered, possibly with "none" */
    bool accounts_differ;     /* of the document and of the instance profile */
    struct cc_instance_note notes[12];
    size_t note_count;
    struct cc_error why; /* for all states but AVAILABLE and MMDS: the reason */
};

/* `connect_ms` limits the first connection. Never fails: the absence of the service is a result
 * too. */
void cc_instance_visit(struct cc_run *run, int connect_ms, struct cc_instance *instance);

/* The word for each state, by its number; ends with NULL. */
extern const char *const cc_imds_state_words[];

/* Fills instance_id, account, region, zone and type with the valid values in it. */
CC_MUST_USE bool cc_instance_document(struct cc_run *run, const char *text, size_t len,
                                      struct cc_instance *instance, struct cc_error *err);

#endif
