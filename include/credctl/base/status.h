#ifndef CREDCTL_BASE_STATUS_H
#define CREDCTL_BASE_STATUS_H

/* The exit statuses that credctl itself may end with, for help, man page and docs. Which error has
 * which is a column of CC_CODES. */

struct cc_status {
    int number;
    const char *says; /* one line, lower case, no full stop; NULL ends the list */
};

extern const struct cc_status cc_statuses[];

#endif
