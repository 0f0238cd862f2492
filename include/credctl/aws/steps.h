#ifndef CREDCTL_AWS_STEPS_H
#define CREDCTL_AWS_STEPS_H

/*
 * An errand made of other errands, one after the other: what is asked next depends on what was
 * answered. It can also wait for something that another errand finds out.
 */

#include "credctl/aws/drive.h"

struct cc_steps {
    /*
     * The next errand, after `ended` (NULL: the first), which has its ok and err: this function
     * judges whether a failed one matters. NULL: the whole has ended. NULL and *wait_ms above 0:
     * not yet, it is called again after that time, with the same `ended`.
     */
    struct cc_errand *(*next)(void *about, struct cc_errand *ended, int *wait_ms);
    void *about;
};

/*
 * `steps` and its errands must live until it has ended; the rest is in the run's arena. It
 * succeeds, whatever its errands do, and fails only with CC_E_DEADLINE when the deadline of the run
 * passes while it waits: `next` is then not called again.
 */
struct cc_errand *cc_steps_errand(struct cc_run *run, const struct cc_steps *steps);
/* steps->about of such an errand. */
void *cc_steps_about(const struct cc_errand *errand);
/* The number of requests that such an errand has made so far. */
int cc_steps_sent(const struct cc_errand *errand);

#endif
