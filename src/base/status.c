#include "credctl/base/status.h"

#include <stddef.h>

const struct cc_status cc_statuses[] = {
    {0, "yes, or done"},
    {1, "the answer is no: a check failed, or access was denied"},
    {3, "some of many failed"},
    {124, "the deadline passed"},
    {130, "interrupted (SIGINT)"},
    {143, "terminated (SIGTERM)"},
    {252, "wrong usage"},
    {253, "configuration or credentials are missing or broken"},
    {254, "AWS answered with an error"},
    {255, "anything else"},
    {0, NULL},
};
