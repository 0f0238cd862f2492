#ifndef CREDCTL_CLI_ARGV_H
#define CREDCTL_CLI_ARGV_H

#include "credctl/commands/command.h"

struct cc_parsed {
    const struct cc_command *command; /* NULL: only options were given, such as --help */
    void *options;                    /* the options of the command; NULL when it has none */
    struct cc_common_options common;
};

/*
 * Finds the command and fills its options. Options of every command can also come before it. Values
 * of secrets are erased from argv; other values are not copied. Fails with CC_E_USAGE; `parsed`
 * then has what was read before the error.
 */
CC_MUST_USE bool cc_argv_parse(struct cc_arena *mem, int argc, char **argv,
                               struct cc_parsed *parsed, struct cc_error *err);

/* Checks the value of --output for the command. Fails with CC_E_USAGE; `source` is where it was
 * set. */
CC_MUST_USE bool cc_output_known(struct cc_arena *mem, const struct cc_command *command,
                                 const char *source, const char *output, struct cc_error *err);

#endif
