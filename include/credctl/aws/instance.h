#ifndef CREDCTL_AWS_INSTANCE_H
#define CREDCTL_AWS_INSTANCE_H

/*
 * One visit to the metadata service that asks who we are and never for credentials: token, then
 * identity document, iam/info and the list of roles. It tells EC2 from what looks like it.
 */

#include "credctl/aws/imds.h"

enum cc_imds_state {
    CC_IMDS_NOT_ASKED,
    CC_IMDS_FORBIDDEN,      /* AWS_EC2_METADATA_DISABLED */
    CC_IMDS_UNREACHABLE,    /* no connection */
    CC_IMDS_HOP_LIMIT,      /* the token's answer does not come back to this container */
    CC_IMDS_SILENT,         /* a connection and no answer */
    CC_IMDS_DISABLED,       /* 403 to everything */
    CC_IMDS_LOOK_ALIKE,     /* something else answers at that address */
    CC_IMDS_TOKEN_REJECTED, /* a token was given and is then refused */
    CC_IMDS_FAILING,        /* 5xx, resets, answers too big: it may be IMDS, it does not work */
    CC_IMDS_MMDS,           /* Firecracker's: the one role is "execution_role" */
    CC_IMDS_PARTIAL,        /* answers as IMDS does, without a valid identity document */
    CC_IMDS_AVAILABLE,      /* a valid identity document */
};

struct cc_instance_note {
    const char *source; /* "PUT /latest/api/token" */
    const char *seen;   /* "a token" */
    const char *says;   /* "it speaks version 2" */
    int ms;
};

struct cc_instance {
    enum cc_imds_state state;
    const char *base;        /* where it was asked */
    bool version1;           /* answered without a token */
    bool custom;             /* the endpoint is a variable's choice */
    const char *instance_id; /* valid, else NULL; so are the following */
    const char *account;
    const char *region;
    const char *zone;
    const char *instance_type;
    const char *role_name;
    const char *profile_arn;
    const char *profile_code; /* iam/info's Code, when it is not Success */
    bool role_known;          /* the question which role there is was answered: maybe "none" */
    bool accounts_differ;     /* the document's and the instance profile's */
    struct cc_instance_note notes[12];
    size_t note_count;
    struct cc_error why; /* for every state but AVAILABLE and MMDS: what stands in the way */
};

/* `connect_ms` bounds the first connection. Never fails: not being there is an answer. */
void cc_instance_visit(struct cc_run *run, int connect_ms, struct cc_instance *instance);

/* The word for each state, by its number; ends with NULL. */
extern const char *const cc_imds_state_words[];

/* Fills instance_id, account, region, zone and type with what is valid in it. */
CC_MUST_USE bool cc_instance_document(struct cc_run *run, const char *text, size_t len,
                                      struct cc_instance *instance, struct cc_error *err);

#endif
