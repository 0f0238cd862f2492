#include "findings.h"

struct cc_finding *cc_finding_add(struct cc_findings *findings, enum cc_cause cause,
                                  enum cc_finding_state state, const char *note)
{
    for (size_t i = 0; i < findings->count; i++) {
        struct cc_finding *row = &findings->rows[i];

        if (row->cause == cause) {
            row->note = state > row->state ? note : row->note;
            row->state = state > row->state ? state : row->state;
            return row;
        }
    }
    struct cc_finding *row = &findings->rows[findings->count];
    findings->count += findings->count < CC_FINDINGS_MAX - 1;
    *row = (struct cc_finding){.cause = cause, .state = state, .note = note};
    return row;
}
