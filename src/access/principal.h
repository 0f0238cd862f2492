#ifndef ACCESS_PRINCIPAL_H
#define ACCESS_PRINCIPAL_H

/* Reads the policies of a role or user: its own, those of its groups, and its boundary. */

#include "credctl/access/evidence.h"
#include "credctl/aws/iam.h"

struct cc_principal {
    struct cc_documents identity; /* known when all of them were read */
    struct cc_documents boundary;
    bool entity_known;
    struct cc_iam_entity entity; /* from GetRole or GetUser */
    const char *unread;          /* the first thing that could not be read, and why; or NULL */
    bool silent;                 /* IAM does not answer */
};

/*
 * As an errand that always succeeds. `who` has settings, keys and region; it, the owner and `to`
 * live until the errand has ended. Everything that is read is in the memory of `run`.
 */
struct cc_errand *cc_principal_errand(struct cc_run *run, const struct cc_ask *who,
                                      const struct cc_iam_owner *owner, struct cc_principal *to);

#endif
