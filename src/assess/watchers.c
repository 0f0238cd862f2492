#include "watch.h"

/* The order is that of answers. */
// clang-format off
#define WATCHERS(X)    \
    X(guardduty)       \
    X(inspector)       \
    X(access_analyzer) \
    X(securityhub)     \
    X(trusted_advisor) \
    X(macie)
// clang-format on

#define X(name) extern const struct cc_watcher cc_watcher_##name;
WATCHERS(X)
#undef X

const struct cc_watcher *const cc_watchers[] = {
#define X(name) &cc_watcher_##name,
    WATCHERS(X)
#undef X
        NULL,
};
