#ifndef ACCESS_TROUBLE_H
#define ACCESS_TROUBLE_H

/* Errors that are not a denial by a policy. */

#include "credctl/access/access.h"
#include "credctl/aws/call.h"

struct cc_access_trouble {
    enum cc_cause cause;
    enum cc_certainty certainty;
    const enum cc_cause *candidates; /* more than one; or NULL for the cause alone */
    size_t candidate_count;
    const char *fix; /* NULL: that of the error */
};

/* True when AWS denied the call because of a policy. */
bool cc_access_is_denial(const struct cc_answer *answer, const struct cc_error *err);

/* `answer` NULL: the request was not made. */
struct cc_access_trouble cc_access_trouble_of(const struct cc_answer *answer,
                                              const struct cc_error *err, const char *region);

/* A parameter that STS would refuse; false, and *trouble and *err: it need not be asked. */
bool cc_access_call_valid(const struct cc_assume *hop, struct cc_access_trouble *trouble,
                          struct cc_error *err);

/* A region that an account has to enable first (AWS Account Management Reference Guide, "Specify
 * which Regions your account can use"). */
bool cc_access_opt_in_region(const char *region);

#endif
