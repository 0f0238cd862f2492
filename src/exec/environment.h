#ifndef EXEC_ENVIRONMENT_H
#define EXEC_ENVIRONMENT_H

#include "credctl/world/world.h"

/*
 * The environment a command is given: ours, without every variable that could lead an SDK to
 * another identity, and with what is set here.
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

/* Nothing when there is no value. */
void cc_child_env_set(struct cc_child_env *env, const char *name, const char *value);
/* Ends with NULL; `rows` are those of the process. Without `clear` what is there stays. */
const char *const *cc_child_env_rows(const struct cc_child_env *env, const char *const *rows,
                                     bool clear);

#endif
