#ifndef EXEC_ENVIRONMENT_H
#define EXEC_ENVIRONMENT_H

#include "credctl/world/world.h"

/*
 * The environment of a command: that of this process, without variables that could give an SDK
 * another identity, and with the variables that are set here.
 */

struct cc_child_env_row {
    const char *text; /* "NAME=value" */
    const struct cc_child_env_row *next;
};

struct cc_child_env {
    struct cc_arena *mem;
    const struct cc_child_env_row *set; /* the newest first */
    size_t count;
};

/* Does nothing without a value. */
void cc_child_env_set(struct cc_child_env *env, const char *name, const char *value);
/* Ends with NULL; `rows` is the environment of the process. Without `clear`, nothing is removed. */
const char *const *cc_child_env_rows(const struct cc_child_env *env, const char *const *rows,
                                     bool clear);

#endif
