#ifndef PROVIDERS_HOPS_H
#define PROVIDERS_HOPS_H

/* Roles that profiles and variables ask for. */

#include "credctl/providers/provider.h"

/* The variable that tells a credential_process the AWS_ASSUME_ROLE_ARN of this process. */
#define CC_HOP_TAKEN "_CREDCTL_ASSUME_ROLE_ARN"

/* The role settings of a profile; without a session name when none is configured. Fails when its
 * region is malformed. */
CC_MUST_USE bool cc_hop_of_profile(struct cc_search *search, const struct cc_section *section,
                                   struct cc_assume *role, struct cc_error *why);

/* AssumeRole: `keys` are those of the previous hop, then those of the role. Without a region, and
 * with keys of an EC2 instance, the region of the instance is used. */
CC_MUST_USE bool cc_hop_take(struct cc_search *search, const struct cc_assume *role,
                             struct cc_keys *keys, struct cc_error *why);

/* duration_seconds; 0 when it is not given, or not a number, which causes a warning. */
int cc_duration_of(struct cc_search *search, const struct cc_section *section);

#endif
