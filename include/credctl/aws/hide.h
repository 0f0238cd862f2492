#ifndef CREDCTL_AWS_HIDE_H
#define CREDCTL_AWS_HIDE_H

/*
 * Services, agents and what stands in for them repeat what they were sent, in messages and in error
 * codes alike. Whatever of an answer is shown goes through here first.
 */

#include "credctl/base/arena.h"
#include "credctl/base/secret.h"

/*
 * `text`, or a sentence in its place when it holds one of the secrets (absent ones do not count), a
 * later word of one ("Bearer TOKEN"), a piece of 23 bytes of one, or one with %XX in it, in hex or
 * in base64. A secret of fewer than six bytes counts only where it stands alone: such texts occur
 * by chance. NULL stays NULL.
 */
const char *cc_hide(struct cc_arena *mem, const char *text, const struct cc_secret *secrets,
                    size_t count);

#endif
