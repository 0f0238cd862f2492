#ifndef CREDCTL_AWS_HIDE_H
#define CREDCTL_AWS_HIDE_H

/*
 * Services, agents and their substitutes can repeat what they were sent, in messages and in error
 * codes. Every part of an answer that is shown goes through this function first.
 */

#include "credctl/base/arena.h"
#include "credctl/base/secret.h"

/*
 * Returns `text`, or a sentence in its place when it contains one of the secrets (absent ones are
 * ignored), a later word of one ("Bearer TOKEN"), 23 consecutive bytes of one, or one in
 * percent-encoding, in hex or in base64. A secret of fewer than six bytes counts only as a separate
 * word, because such texts occur by chance. NULL stays NULL.
 */
const char *cc_hide(struct cc_arena *mem, const char *text, const struct cc_secret *secrets,
                    size_t count);

#endif
