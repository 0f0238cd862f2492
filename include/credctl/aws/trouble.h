#ifndef CREDCTL_AWS_TROUBLE_H
#define CREDCTL_AWS_TROUBLE_H

/* The meaning of AWS error codes, and what a person can do about them. */

#include "credctl/base/error.h"

struct cc_trouble {
    const char *aws_code;
    enum cc_code code;
    const char *fix; /* NULL: the default remedy of the code */
};

/* NULL for an unknown code. */
const struct cc_trouble *cc_trouble_of(const char *aws_code);

/*
 * AccessDenied has a dozen causes; the message of the service often says which policy denied.
 * Returns the remedy; NULL when the message does not say.
 */
const char *cc_trouble_denied(const char *message);

#endif
