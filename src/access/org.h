#ifndef ACCESS_ORG_H
#define ACCESS_ORG_H

/*
 * What can be read of the organization: its ID, and the policies on the way from the root to an
 * account. Read once for all targets; everything is in the memory of the whole run.
 */

#include "credctl/access/evidence.h"
#include "credctl/aws/organizations.h"

struct cc_org_node;

struct cc_org_facts {
    struct cc_run *run;       /* the whole run */
    const struct cc_ask *who; /* the caller */
    enum cc_known known;      /* NOT_THERE: the caller's account is in no organization */
    struct cc_org org;
    bool closed;                     /* this caller may not read units and policies */
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
struct cc_org_levels cc_org_facts_levels(const struct cc_org_facts *facts, const char *account,
                                         enum cc_org_filter filter);
/* The organization has no such account. */
bool cc_org_facts_lacks(const struct cc_org_facts *facts, const char *account);

#endif
