#include "table.h"

const struct cc_provider *const cc_providers[] = {
#define X(name) &cc_provider_##name,
    CC_PROVIDERS(X)
#undef X
        NULL,
};
