#ifndef CREDCTL_COMMANDS_EXEC_EXEC_H
#define CREDCTL_COMMANDS_EXEC_EXEC_H

#include "credctl/commands/command.h"

/* `session exec` for one identity, and for many targets. Both set run->exit_status. */
CC_MUST_USE bool cc_exec_one(struct cc_run *run, const struct cc_args *args, struct cc_error *err);
CC_MUST_USE bool cc_exec_many(struct cc_run *run, const struct cc_args *args, cJSON *result,
                              struct cc_error *err);

/* Fails inside another `session exec`, unless --nested. */
CC_MUST_USE bool cc_exec_not_nested(struct cc_run *run, const struct cc_args *args,
                                    struct cc_error *err);

#endif
