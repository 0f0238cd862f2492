#ifndef ACCESS_PATIENCE_H
#define ACCESS_PATIENCE_H

/*
 * With many targets AWS throttles, and the retries of a single call are soon used up: a call that
 * failed for a cause that passes is made again as long as the run has time.
 */

#include "credctl/world/run.h"

struct cc_patience {
    int tries;
};

/*
 * Milliseconds until another try; 0: it is not worth one. Throttling always is, while there is
 * time; another cause a few times, and only when the service is known to answer.
 */
int cc_patience_ms(const struct cc_run *run, struct cc_patience *patience,
                   const struct cc_error *err, bool answers);

/* Nothing answered: another question to the same service would only take more time. */
bool cc_access_unanswered(const struct cc_error *err);

#endif
