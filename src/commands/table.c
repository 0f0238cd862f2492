#include "credctl/commands/command.h"

/* The order is that of the help page. */
// clang-format off
#define ROWS(X)          \
    X(detect)            \
    X(session)           \
    X(session_export)    \
    X(session_exec)      \
    X(session_serve)     \
    X(session_show)      \
    X(session_clear)     \
    X(validate)          \
    X(validate_policy)   \
    X(validate_role)     \
    X(validate_trust)    \
    X(test_access)       \
    X(assess_services)   \
    X(assess_findings)   \
    X(assess_storage)    \
    X(assess_network)    \
    X(assess_inventory)  \
    X(completion)        \
    X(schema)            \
    X(help)              \
    X(version)
// clang-format on

#define X(name) extern const struct cc_command cc_command_##name;
ROWS(X)
#undef X

const struct cc_command *const cc_commands[] = {
#define X(name) &cc_command_##name,
    ROWS(X)
#undef X
        NULL,
};
