#include "credctl/commands/command.h"

extern const struct cc_command cc_command_completion;
extern const struct cc_command cc_command_detect;
extern const struct cc_command cc_command_help;
extern const struct cc_command cc_command_schema;
extern const struct cc_command cc_command_session;
extern const struct cc_command cc_command_session_clear;
extern const struct cc_command cc_command_session_exec;
extern const struct cc_command cc_command_session_export;
extern const struct cc_command cc_command_session_serve;
extern const struct cc_command cc_command_session_show;
extern const struct cc_command cc_command_version;

/* The order is that of the help page. */
// clang-format off
const struct cc_command *const cc_commands[] = {
    &cc_command_detect,
    &cc_command_session,
    &cc_command_session_export,
    &cc_command_session_exec,
    &cc_command_session_serve,
    &cc_command_session_show,
    &cc_command_session_clear,
    &cc_command_completion,
    &cc_command_schema,
    &cc_command_help,
    &cc_command_version,
    NULL,
};
// clang-format on
