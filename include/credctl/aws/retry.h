#ifndef CREDCTL_AWS_RETRY_H
#define CREDCTL_AWS_RETRY_H

/*
 * When to try a call again and how long to wait: the standard mode of the AWS SDKs with the
 * constants of 2026. All calls of a run share one quota, so that in an outage each of them makes
 * one attempt instead of three.
 */

#include "credctl/world/world.h"

enum cc_retry { CC_RETRY_NOT, CC_RETRY_TRANSIENT, CC_RETRY_THROTTLED };

/* `aws_code` may be NULL; `more` are further codes that count as transient (ends with NULL), or
 * NULL. A response without an answer is classified by its failure. */
enum cc_retry cc_retry_of(const struct cc_response *response, const char *aws_code,
                          const char *const *more);

struct cc_retries {
    int most; /* attempts in all */
    int made;
    int cost; /* the cost of the last retry */
};

/*
 * For AWS services: sets the wait before the next attempt, and takes its cost from the quota.
 * False: no attempt, quota or time is left. `after_ms` is the x-amz-retry-after of the service, or
 * -1.
 */
bool cc_retry_later(struct cc_run *run, struct cc_retries *retries, enum cc_retry kind,
                    int64_t after_ms, int *wait_ms);
/* An attempt succeeded: returns its cost to the quota. */
void cc_retry_succeeded(struct cc_run *run, const struct cc_retries *retries);

/*
 * For agents and metadata services on this host, which answer at once or not at all and have no
 * quota: the wait grows by one to two pauses with each attempt. False: no attempt or time is left.
 */
bool cc_retry_soon(const struct cc_run *run, const struct cc_retries *retries, int pause_ms,
                   int *wait_ms);

#endif
