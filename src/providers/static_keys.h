#ifndef PROVIDERS_STATIC_KEYS_H
#define PROVIDERS_STATIC_KEYS_H

#include "credctl/providers/provider.h"

/* aws_access_key_id and its companions in a profile. Half a pair is broken. `about` is a struct
 * cc_keys. */
enum cc_outcome cc_static_keys_plan(struct cc_search *search, const struct cc_section *section,
                                    struct cc_question *question, struct cc_error *why);
bool cc_static_keys_there(struct cc_search *search, const struct cc_section *section);

/* For keys that `plan` has found already. */
enum cc_outcome cc_fetch_ready(struct cc_search *search, void *about, struct cc_keys *keys,
                               struct cc_error *why);

struct cc_ready {
    struct cc_keys keys;
    const char *detail;
};

#endif
