#ifndef CREDCTL_AWS_ORG_CHOICE_H
#define CREDCTL_AWS_ORG_CHOICE_H

/* --ou, --include and --exclude: which accounts of an organization are targets. */

#include "credctl/aws/organizations.h"

/* Each list ends with NULL; it may be NULL or empty. */
struct cc_org_choice {
    const char *const *units;   /* of roots too */
    const char *const *include; /* accounts */
    const char *const *exclude;
};

/* As options. */
extern const struct cc_shape cc_org_choice_shape;

/* Fails with CC_E_USAGE when an option is given but `targets` is not "org". */
CC_MUST_USE bool cc_org_choice_fits(const struct cc_org_choice *choice, const char *targets,
                                    struct cc_error *err);

/*
 * The chosen accounts in ascending order, one per line, as a list of targets. With units, these are
 * the accounts in them and in the units below them; without units but with `include`, none; without
 * both, all accounts of the organization. Then those of `include` are added and those of `exclude`
 * removed. All are active; the management account is only there when `include` names it. `as` has
 * the settings, keys and region; nothing else of it is read.
 *
 * Fails with CC_E_USAGE when an account of `include` is not an active member, and with CC_E_TOO_BIG
 * past 100,000 accounts or 10,000 units.
 */
CC_MUST_USE bool cc_org_chosen(struct cc_run *run, const struct cc_ask *as,
                               const struct cc_org_choice *choice, const char **text,
                               struct cc_error *err);

#endif
