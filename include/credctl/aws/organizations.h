#ifndef CREDCTL_AWS_ORGANIZATIONS_H
#define CREDCTL_AWS_ORGANIZATIONS_H

#include "credctl/aws/call.h"

struct cc_org_choice {
    const char *const *units;
    const char *const *include;
    const char *const *exclude;
};

/*
 * AWS Organizations API Reference, ListAccounts: the active accounts, one per line, as a list of
 * targets. Needs the management account's or a delegated administrator's credentials. `region`
 * selects the partition, which has one endpoint; NULL means "aws". Fails with CC_E_TOO_BIG past
 * 100,000 accounts.
 */
CC_MUST_USE bool cc_org_accounts(struct cc_run *run, const struct cc_settings *settings,
                                 const struct cc_keys *by, const char *region, const char **text,
                                 struct cc_error *err);

#endif
