#ifndef CREDCTL_CLI_ARGV_H
#define CREDCTL_CLI_ARGV_H

#include "credctl/commands/command.h"

struct cc_parsed {
    const struct cc_command *command; /* NULL: only options were given, --help say */
    void *options;                    /* the command's own; NULL when it has none */
    struct cc_common_options common;
};

/*
 * Finds the command and fills its options. Options of every command may also stand before it.
 * Values of secrets are blanked out of argv; other values stay where they are. Fails with
 * CC_E_USAGE; what was read up to then is in `parsed`.
 */
CC_MUST_USE bool cc_argv_parse(struct cc_arena *mem, int argc, char **argv,
                               struct cc_parsed *parsed, struct cc_error *err);

/* Is this one of what --output may be for the command? Fails with CC_E_USAGE; `source` is where it
 * was said. */
CC_MUST_USE bool cc_output_known(struct cc_arena *mem, const struct cc_command *command,
                                 const char *source, const char *output, struct cc_error *err);

#endif
