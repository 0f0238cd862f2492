#include "credctl/checks/check.h"

// clang-format off
#define ROWS(X)       \
    X(environment)    \
    X(files)          \
    X(permissions)    \
    X(profile)        \
    X(keys)           \
    X(precedence)     \
    X(web_identity)   \
    X(container)      \
    X(metadata)       \
    X(proxy)          \
    X(certificates)   \
    X(region)         \
    X(endpoints)      \
    X(settings)       \
    X(leftovers)      \
    X(assume_role)    \
    X(credentials)    \
    X(identity)       \
    X(clock)          \
    X(host_role)
// clang-format on

#define X(name) extern const struct cc_check cc_check_##name;
ROWS(X)
#undef X

const struct cc_check *const cc_checks[] = {
#define X(name) &cc_check_##name,
    ROWS(X)
#undef X
        NULL,
};
