#ifndef CREDCTL_CLI_ARGV_H
#define CREDCTL_CLI_ARGV_H

#include "credctl/commands/command.h"

/*
 * Finds the command and its arguments. `*command` is NULL when only options were given (--help,
 * --version). Options of every command may also stand before it. Fails with CC_E_USAGE.
 */
CC_MUST_USE bool cc_argv_parse(struct cc_arena *mem, int argc, char **argv,
                               const struct cc_command **command, struct cc_args **args,
                               struct cc_error *err);

#endif
