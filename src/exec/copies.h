#ifndef EXEC_COPIES_H
#define EXEC_COPIES_H

#include "credctl/aws/settings.h"

#include "environment.h"

/*
 * When the shared files contain credentials that would win over the endpoint, a command gets
 * private copies of them without these (default_profile.h).
 */

struct cc_copies {
    const char *folder; /* NULL: none were needed */
};

/* Sets AWS_CONFIG_FILE and the like for the files that were copied. */
CC_MUST_USE bool cc_copies_make(struct cc_run *run, const struct cc_settings *settings,
                                struct cc_child_env *env, struct cc_copies *copies,
                                struct cc_error *err);
void cc_copies_drop(struct cc_run *run, struct cc_copies *copies);

#endif
