#include "credctl/assess/severity.h"

#include <stddef.h>

const char *const cc_severity_words[] = {
    [CC_SEVERITY_NONE] = "none",         [CC_SEVERITY_LOW] = "low",
    [CC_SEVERITY_MEDIUM] = "medium",     [CC_SEVERITY_HIGH] = "high",
    [CC_SEVERITY_CRITICAL] = "critical", NULL,
};
