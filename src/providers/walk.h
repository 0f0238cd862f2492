#ifndef PROVIDERS_WALK_H
#define PROVIDERS_WALK_H

/*
 * The way from a profile through its source_profile entries to the keys it all begins with. Planned
 * before anything is asked, so that a circle or a gap costs no call.
 */

#include "credctl/providers/provider.h"

#define CC_WALK_MAX 32

struct cc_walk {
    const struct cc_section *roles[CC_WALK_MAX]; /* the selected profile first */
    size_t role_count;
    const struct cc_section *base;      /* the profile at the end, unless ... */
    const struct cc_provider *provider; /* ... credential_source names a provider instead */
};

CC_MUST_USE bool cc_walk_plan(struct cc_search *search, const struct cc_section *from,
                              struct cc_walk *walk, struct cc_error *why);

/* The keys at the end of a walk that has roles; a profile there that has none is broken. */
CC_MUST_USE bool cc_walk_base(struct cc_search *search, const struct cc_walk *walk,
                              struct cc_keys *keys, struct cc_error *why);

/* aws_access_key_id and its companions. Half a pair is broken. */
enum cc_outcome cc_static_keys(struct cc_search *search, const struct cc_section *section,
                               struct cc_keys *keys, struct cc_error *why);

/* What a profile says about its role; no session name when none is configured. */
struct cc_assume cc_role_of_profile(struct cc_search *search, const struct cc_section *section);

/* A profile's AssumeRole: `keys` are those of the one before, then those of the role. */
CC_MUST_USE bool cc_hop_of_profile(struct cc_search *search, const struct cc_assume *role,
                                   struct cc_keys *keys, struct cc_error *why);

/* The region for a call that a profile makes: option and variables, then that profile, then the
 * selected one. Fails with CC_E_CONFIG when what it names is no region; NULL is "none". */
CC_MUST_USE bool cc_region_for(struct cc_search *search, const struct cc_section *section,
                               const char **region, struct cc_error *why);

/* Trimmed. White space is no value: a variable that holds nothing else counts as not set. */
const char *cc_variable(struct cc_run *run, const char *name);

/* duration_seconds; 0 when it is not given or not a number, which is worth a warning. */
int cc_duration_of(struct cc_search *search, const struct cc_section *section);

/* find_in for the selected profile, and absent without one. */
enum cc_outcome cc_find_selected(struct cc_search *search, const struct cc_provider *provider,
                                 struct cc_keys *keys, struct cc_error *why);

/* Fails with CC_E_CONFIG, naming the profile and where it stands. */
CC_PRINTF(3, 4)
bool cc_fail_profile(struct cc_error *why, const struct cc_section *section, const char *cause,
                     ...);

#endif
