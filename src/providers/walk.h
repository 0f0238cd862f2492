#ifndef PROVIDERS_WALK_H
#define PROVIDERS_WALK_H

/*
 * The walk from a profile through its source_profile entries to the first keys, and the order
 * inside one profile. It is planned first, so that a circle or a missing profile is found before
 * any call.
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

/* A question, and the provider to ask. */
struct cc_walk_end {
    const struct cc_provider *provider;
    struct cc_question question;
    const char *source; /* "credential_source Environment"; NULL: that of the provider */
};

/* The source of a walk with roles; a profile without credentials there is an error. */
CC_MUST_USE bool cc_walk_base(struct cc_search *search, const struct cc_walk *walk,
                              struct cc_walk_end *end, struct cc_error *why);
CC_MUST_USE bool cc_walk_fetch(struct cc_search *search, const struct cc_walk *walk,
                               const struct cc_walk_end *end, struct cc_keys *keys,
                               struct cc_error *why);

/* The credentials of one profile itself: keys, then web identity. */
enum cc_outcome cc_walk_own(struct cc_search *search, const struct cc_section *section,
                            struct cc_walk_end *end, struct cc_error *why);

#endif
