#ifndef CREDCTL_AWS_ORGANIZATIONS_H
#define CREDCTL_AWS_ORGANIZATIONS_H

/*
 * What can be read of an organization (AWS Organizations API Reference). Each function completes an
 * ask whose settings, keys and region are set; cc_ask_now or the errand of cc_ask_errand then fills
 * in `to`. Arguments and `to` must live as long as the ask. All but cc_org need the management
 * account's credentials or those of a delegated administrator.
 */

#include "credctl/aws/wanted.h"

struct cc_org {
    const char *id; /* o-... */
    const char *arn;
    const char *management; /* the ID of the management account */
};

struct cc_org_account {
    const char *id;
    const char *arn; /* NULL: not told; also the others below */
    const char *name;
    const char *state;  /* ACTIVE, SUSPENDED, ... */
    const char *status; /* what the state was called until 2025 */
};

struct cc_org_accounts {
    const struct cc_org_account *rows;
    size_t count;
};

/* A root, a unit or a policy. */
struct cc_org_item {
    const char *id;
    const char *arn; /* NULL: not told; also the others below */
    const char *name;
    const char *type; /* of a parent: ROOT, ORGANIZATIONAL_UNIT; of a policy: as `filter` below */
};

struct cc_org_items {
    const struct cc_org_item *rows;
    size_t count;
};

struct cc_org_policy {
    struct cc_org_item item;
    const char *content;
};

/* The ID of a root or of a unit. */
extern const struct cc_form cc_org_unit_form;

bool cc_org_account_active(const struct cc_org_account *account);

/* DescribeOrganization. */
void cc_org(struct cc_run *run, struct cc_ask *ask, struct cc_org *to);
/* DescribeAccount. */
void cc_org_account(struct cc_run *run, struct cc_ask *ask, const char *account,
                    struct cc_org_account *to);
/* ListAccountsForParent; ListAccounts when `unit` is NULL. */
void cc_org_accounts(struct cc_run *run, struct cc_ask *ask, const char *unit,
                     struct cc_org_accounts *to);
/* ListRoots. */
void cc_org_roots(struct cc_run *run, struct cc_ask *ask, struct cc_org_items *to);
/* ListOrganizationalUnitsForParent: the units directly below. */
void cc_org_units(struct cc_run *run, struct cc_ask *ask, const char *unit,
                  struct cc_org_items *to);
/* ListParents, of an account or a unit: there is one. */
void cc_org_parents(struct cc_run *run, struct cc_ask *ask, const char *child,
                    struct cc_org_items *to);
/* ListPoliciesForTarget: those attached to a root, a unit or an account itself. `filter` is
 * SERVICE_CONTROL_POLICY, RESOURCE_CONTROL_POLICY, ... */
void cc_org_policies(struct cc_run *run, struct cc_ask *ask, const char *target, const char *filter,
                     struct cc_org_items *to);
/* DescribePolicy. */
void cc_org_policy(struct cc_run *run, struct cc_ask *ask, const char *policy,
                   struct cc_org_policy *to);

#endif
