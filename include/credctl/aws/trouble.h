#ifndef CREDCTL_AWS_TROUBLE_H
#define CREDCTL_AWS_TROUBLE_H

/* What an error code of AWS means for us, and what a person can do about it. */

#include "credctl/base/error.h"

struct cc_trouble {
    const char *aws_code;
    enum cc_code code;
    const char *fix; /* NULL: the default remedy of the code */
};

/* NULL for a code nobody has written down. */
const struct cc_trouble *cc_trouble_of(const char *aws_code);

/*
 * AccessDenied is one code for a dozen causes; the service's sentence, when it says more, tells
 * which side refused. NULL when it does not.
 */
const char *cc_trouble_denied(const char *message);

#endif
