#ifndef EXEC_CHILD_ENV_H
#define EXEC_CHILD_ENV_H

/* Common to one command and many: the variables that they get, and the expected identity. */

#include "credctl/exec/exec.h"

#include "environment.h"

void cc_child_env_region(struct cc_child_env *env, const struct cc_exec_options *options,
                         const struct cc_settings *settings);
void cc_child_env_keys(struct cc_child_env *env, const struct cc_keys *keys);
void cc_child_env_endpoint(struct cc_child_env *env, const char *url, struct cc_secret token);

/*
 * Checks the --expect options with STS in `region` (NULL: that of the settings), when any is given.
 */
CC_MUST_USE bool cc_exec_as_expected(struct cc_run *run, const struct cc_expect *expect,
                                     const struct cc_settings *settings, const struct cc_keys *keys,
                                     const char *region, struct cc_error *err);

#endif
