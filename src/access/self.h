#ifndef ACCESS_SELF_H
#define ACCESS_SELF_H

/* The caller's side: who calls, and what its policies and its organization say. Read once. */

#include "credctl/access/evidence.h"
#include "credctl/aws/steps.h"
#include "credctl/cache/resolve.h"

#include "org.h"
#include "principal.h"

enum cc_reading_state { CC_UNREAD, CC_BEING_READ, CC_READ };

struct cc_self {
    struct cc_run *run; /* everything is in its memory */
    enum cc_reading_state state;
    int step; /* of the reading */
    struct cc_access_source source;
    struct cc_ask who; /* the caller, for asks */
    struct cc_iam_owner owner;
    struct cc_principal principal;
    bool no_simulation; /* SimulatePrincipalPolicy is not allowed, or does not answer */
    struct cc_org_facts org;
    struct cc_steps steps;
};

/* What is known from GetCallerIdentity. `resolve` must live as long as `self`. */
void cc_self_begin(struct cc_run *run, const struct cc_resolve *resolve, const char *region,
                   const struct cc_identity *identity, struct cc_self *self);
/* Reads the rest. *wait_ms: another errand is reading it. NULL: it is read. */
struct cc_errand *cc_self_errand(struct cc_self *self, int *wait_ms);

/* The credentials of the chain, who they belong to, and all that can be read of them; for commands
 * with one caller and no targets. */
struct cc_own {
    struct cc_resolve *resolve;
    const char *region;
    struct cc_identity identity;
    struct cc_self self;
};

CC_MUST_USE bool cc_own_read(struct cc_run *run, const struct cc_chain_options *options,
                             struct cc_own *own, struct cc_error *err);

#endif
