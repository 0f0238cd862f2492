#include "plan.h"

const char *cc_plan_instructions(struct cc_plan *plan)
{
    return cc_textf(&plan->run->mem, "# %s\n", plan->template->name);
}
