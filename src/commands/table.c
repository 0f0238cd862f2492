#include "credctl/commands/command.h"

/* The order is that of the help page. `mcp` is defined in its own room, which knows this one. */
// clang-format off
#define ROWS(X)                  \
    X(detect)                    \
    X(session)                   \
    X(session_export)            \
    X(session_exec)              \
    X(session_serve)             \
    X(session_show)              \
    X(session_clear)             \
    X(validate)                  \
    X(validate_policy)           \
    X(validate_role)             \
    X(validate_trust)            \
    X(validate_template)         \
    X(test_access)               \
    X(gen_template)              \
    X(gen_template_trust_update) \
    X(assess_services)           \
    X(assess_findings)           \
    X(assess_storage)            \
    X(assess_network)            \
    X(assess_inventory)          \
    X(mcp)                       \
    X(completion)                \
    X(schema)                    \
    X(help)                      \
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
