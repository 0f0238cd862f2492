#ifndef CREDCTL_AWS_ORGANIZATIONS_H
#define CREDCTL_AWS_ORGANIZATIONS_H

#include "credctl/aws/call.h"

/*
 * AWS Organizations API Reference, ListAccounts: the active accounts, one a line, as a list of
 * targets. Needs the management account's or a delegated administrator's credentials. `region`
 * tells the partition, in which there is one endpoint; NULL is taken for "aws". Fails with
 * CC_E_TOO_BIG past 100,000 accounts.
 */
CC_MUST_USE bool cc_org_accounts(struct cc_run *run, const struct cc_settings *settings,
                                 const struct cc_keys *by, const char *region, const char **text,
                                 struct cc_error *err);

#endif
