#ifndef PROVIDERS_WALK_H
#define PROVIDERS_WALK_H

/*
 * The way from a profile through its source_profile entries to the keys it all begins with, and the
 * order inside one profile. Planned before anything is asked, so that a circle or a gap costs no
 * call.
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

/* One question, and whom to ask it. */
struct cc_walk_end {
    const struct cc_provider *provider;
    struct cc_question question;
    const char *source; /* "credential_source Environment"; NULL: the provider tells */
};

/* What a walk that has roles begins with; a profile there that has nothing is broken. */
CC_MUST_USE bool cc_walk_base(struct cc_search *search, const struct cc_walk *walk,
                              struct cc_walk_end *end, struct cc_error *why);
CC_MUST_USE bool cc_walk_fetch(struct cc_search *search, const struct cc_walk *walk,
                               const struct cc_walk_end *end, struct cc_keys *keys,
                               struct cc_error *why);

/* What one profile has itself: keys, then web identity. */
enum cc_outcome cc_walk_own(struct cc_search *search, const struct cc_section *section,
                            struct cc_walk_end *end, struct cc_error *why);

#endif
