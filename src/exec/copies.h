#ifndef EXEC_COPIES_H
#define EXEC_COPIES_H

#include "credctl/aws/settings.h"

#include "environment.h"

/*
 * Where the shared files hold credentials that would win over the endpoint, a command is given
 * private copies of them without those (default_profile.h).
 */

struct cc_copies {
    const char *folder; /* NULL: none were needed */
};

/* Sets AWS_CONFIG_FILE and the like for those files that had to be copied. */
CC_MUST_USE bool cc_copies_make(struct cc_run *run, const struct cc_settings *settings,
                                struct cc_child_env *env, struct cc_copies *copies,
                                struct cc_error *err);
void cc_copies_drop(struct cc_run *run, struct cc_copies *copies);

#endif
