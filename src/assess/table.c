#include "credctl/assess/findings.h"
#include "credctl/assess/inventory.h"
#include "credctl/assess/posture.h"
#include "credctl/assess/services.h"

const struct cc_assessment *const cc_assessments[] = {
    &cc_assess_services, &cc_assess_findings,  &cc_assess_storage,
    &cc_assess_network,  &cc_assess_inventory, NULL,
};
