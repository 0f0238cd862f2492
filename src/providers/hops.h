#ifndef PROVIDERS_HOPS_H
#define PROVIDERS_HOPS_H

/* Roles that profiles and variables ask for. */

#include "credctl/providers/provider.h"

/* The value that AWS_ASSUME_ROLE_ARN has for us, as a credential_process of ours is told. */
#define CC_HOP_TAKEN "_CREDCTL_ASSUME_ROLE_ARN"

/* What a profile says about its role; no session name when none is configured. Fails when its
 * region is malformed. */
CC_MUST_USE bool cc_hop_of_profile(struct cc_search *search, const struct cc_section *section,
                                   struct cc_assume *role, struct cc_error *why);

/* AssumeRole: `keys` are those of the one before, then those of the role. Where nothing names a
 * region and the keys are an EC2 instance's, the instance's own is asked. */
CC_MUST_USE bool cc_hop_take(struct cc_search *search, const struct cc_assume *role,
                             struct cc_keys *keys, struct cc_error *why);

/* duration_seconds; 0 when it is not given or not a number, which is worth a warning. */
int cc_duration_of(struct cc_search *search, const struct cc_section *section);

#endif
