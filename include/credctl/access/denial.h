#ifndef CREDCTL_ACCESS_DENIAL_H
#define CREDCTL_ACCESS_DENIAL_H

/*
 * What the message of an AccessDenied says (IAM User Guide, "Troubleshoot access denied error
 * messages"). Older and unknown sentences say nothing: `family` is CC_FAMILY_NONE then. The absence
 * of a type of policy never proves anything.
 */

#include "credctl/access/cause.h"
#include "credctl/base/arena.h"

#include <stdbool.h>

struct cc_denial {
    const char *action;     /* "sts:AssumeRole"; NULL: the message names none */
    enum cc_family family;  /* the type of policy that denies */
    bool explicit_deny;     /* by a Deny; else because none of that type allows it */
    const char *policy_arn; /* of the policy that denies; or NULL */
    bool root_caller;       /* "Roles may not be assumed by root accounts." */
    bool mfa_failed;        /* a code was sent, and was not accepted */
    const char *message;    /* as AWS sent it, printable */
};

/* Never fails. `message` NULL: an empty message. */
struct cc_denial cc_denial_read(struct cc_arena *mem, const char *message);

/* The cause that it proves. Only for a family other than NONE. */
enum cc_cause cc_denial_cause(const struct cc_denial *denial);

/* The implicit and the explicit cause of a family. */
enum cc_cause cc_cause_implicit(enum cc_family family);
enum cc_cause cc_cause_explicit(enum cc_family family);

#endif
