#include "credctl/aws/retry.h"

#include "credctl/base/text.h"

#define QUOTA              500
#define COST_TRANSIENT     14
#define COST_THROTTLED     5
#define BASE_TRANSIENT_MS  50
#define BASE_THROTTLED_MS  1000
#define DELAY_MAX_MS       20000
#define AFTER_MAX_EXTRA_MS 5000

static const char *const throttling[] = {
    "BandwidthLimitExceeded",
    "EC2ThrottledException",
    "LimitExceededException",
    "PriorRequestNotComplete",
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
    "RequestThrottled",
    "RequestThrottledException",
    "SlowDown",
    "ThrottledException",
    "Throttling",
    "ThrottlingException",
    "TooManyRequestsException",
    "TransactionInProgressException",
};

static const char *const transient[] = {
    "IDPCommunicationError", "InternalError",  "InternalFailure",         "InternalServerException",
    "RequestTimeout",        "ServiceFailure", "RequestTimeoutException", "ServiceUnavailable",
};

static bool among(const char *const *codes, size_t count, const char *code)
{
    for (size_t i = 0; i < count; i++) {
        if (cc_text_equal(codes[i], code)) {
            return true;
        }
    }
    return false;
}

static bool listed(const char *const *codes, const char *code)
{
    for (; codes && *codes; codes++) {
        if (cc_text_equal(*codes, code)) {
            return true;
        }
    }
    return false;
}

static enum cc_retry of_failure(enum cc_failure failure)
{
    switch (failure) {
    case CC_NET_CUT:
    case CC_NET_TLS_CUT:
    case CC_NET_NAME: /* resolvers fail temporarily, above all in containers that have just started
                       */
    case CC_NET_SILENT:
    case CC_NET_CONNECT_TIMEOUT:
    case CC_NET_REFUSED: return CC_RETRY_TRANSIENT;
    default: return CC_RETRY_NOT;
    }
}

static enum cc_retry of_status(int status)
{
    switch (status) {
    case 429: return CC_RETRY_THROTTLED;
    case 500:
    case 502:
    case 503:
    case 504: return CC_RETRY_TRANSIENT;
    default: return CC_RETRY_NOT;
    }
}

enum cc_retry cc_retry_of(const struct cc_response *response, const char *aws_code,
                          const char *const *more)
{
    if (response->failure != CC_NET_ANSWERED) {
        return of_failure(response->failure);
    }
    if (among(throttling, CC_COUNT(throttling), aws_code)) {
        return CC_RETRY_THROTTLED;
    }
    if (among(transient, CC_COUNT(transient), aws_code) || listed(more, aws_code)) {
        return CC_RETRY_TRANSIENT;
    }
    return of_status(response->status);
}

/* Full jitter below the doubling, limited delay; then the wait that the service requests, within
 * limits. */
static int delay_ms(const struct cc_run *run, int made, int base, int64_t after_ms)
{
    int ceiling = base;

    for (int i = 1; i < made && ceiling < DELAY_MAX_MS; i++) {
        ceiling *= 2;
    }
    ceiling = ceiling < DELAY_MAX_MS ? ceiling : DELAY_MAX_MS;
    int delay = (int)cc_random_below(run, (uint32_t)ceiling + 1);
    if (after_ms <= delay) {
        return delay;
    }
    return after_ms < delay + AFTER_MAX_EXTRA_MS ? (int)after_ms : delay + AFTER_MAX_EXTRA_MS;
}

/* The answer of the last attempt says more than a passed deadline. */
static bool time_for(const struct cc_run *run, int wait_ms)
{
    return cc_time_left_ms(run, wait_ms + 1) > wait_ms;
}

bool cc_retry_later(struct cc_run *run, struct cc_retries *retries, enum cc_retry kind,
                    int64_t after_ms, int *wait_ms)
{
    struct cc_run *whole = cc_run_whole(run);
    bool throttled = kind == CC_RETRY_THROTTLED;
    int cost = throttled ? COST_THROTTLED : COST_TRANSIENT;

    if (kind == CC_RETRY_NOT || retries->made >= retries->most ||
        whole->retry_spent + cost > QUOTA) {
        return false;
    }
    int delay =
        delay_ms(run, retries->made, throttled ? BASE_THROTTLED_MS : BASE_TRANSIENT_MS, after_ms);
    if (!time_for(run, delay)) {
        return false;
    }
    whole->retry_spent += cost;
    retries->cost = cost;
    cc_log(run, CC_DEBUG, "retry", CC_S("kind", throttled ? "throttled" : "transient"),
           CC_N("attempt", retries->made), CC_N("wait_ms", delay));
    *wait_ms = delay;
    return true;
}

void cc_retry_succeeded(struct cc_run *run, const struct cc_retries *retries)
{
    struct cc_run *whole = cc_run_whole(run);

    whole->retry_spent -= retries->cost ? retries->cost : 1;
    whole->retry_spent = whole->retry_spent > 0 ? whole->retry_spent : 0;
}

bool cc_retry_soon(const struct cc_run *run, const struct cc_retries *retries, int pause_ms,
                   int *wait_ms)
{
    int wait = pause_ms * retries->made + (int)cc_random_below(run, (uint32_t)pause_ms);

    if (retries->made >= retries->most || !time_for(run, wait)) {
        return false;
    }
    *wait_ms = wait;
    return true;
}
