#ifndef ACCESS_ORG_H
#define ACCESS_ORG_H

/*
 * What can be read of the organization: its ID, and the policies on the way from the root to an
 * account. Each place and policy is read once for all targets. Requests are made in the memory of a
 * part of the run; only what was found is kept for longer.
 */

#include "credctl/access/evidence.h"
#include "credctl/aws/organizations.h"

struct cc_org_node;

struct cc_org_facts {
    struct cc_arena *mem;     /* of what is kept */
    const struct cc_ask *who; /* the caller ... */
    const char *account;      /* ... and its account */
    enum cc_known known;      /* NOT_THERE: that account is in no organization */
    struct cc_org org;
    bool closed; /* this caller may not read units and policies, or nothing answers */
    const struct cc_org_node *nodes; /* roots, units and accounts */
    const struct cc_org_policy_row *policies;
};

enum cc_org_filter { CC_ORG_SCP, CC_ORG_RCP, CC_ORG_FILTERS };

/* DescribeOrganization. */
struct cc_errand *cc_org_facts_errand(struct cc_run *part, struct cc_org_facts *facts);

/* The policies of an account, from the root on. The errand always succeeds; NULL: they were read
 * before, or cannot be read. Afterwards cc_org_facts_levels has them. */
struct cc_errand *cc_org_levels_errand(struct cc_run *part, struct cc_org_facts *facts,
                                       const char *account, enum cc_org_filter filter);
/* Of an account that is not in this organization, nothing is known: it can be in another one. */
struct cc_org_levels cc_org_facts_levels(struct cc_arena *mem, const struct cc_org_facts *facts,
                                         const char *account, enum cc_org_filter filter);
/* The organization has no such account. */
bool cc_org_facts_lacks(const struct cc_org_facts *facts, const char *account);

#endif
