#ifndef CREDCTL_SERVE_SERVE_H
#define CREDCTL_SERVE_SERVE_H

/* `session serve`: credentials on a local endpoint, kept fresh until a signal. */

#include "credctl/cache/resolve.h"

struct cc_serve_options {
    struct cc_chain_options chain;
    const char *address;      /* ADDR:PORT; NULL: 127.0.0.1, a free port */
    const char *unix_path;    /* or NULL */
    bool imds;                /* answers like IMDSv2, not like the ECS agent */
    const char *const *roles; /* "NAME=ARN", ends with NULL; or NULL */
    const char *token_file;   /* NULL: a temporary file */
    bool print_token;
    bool once;
    int hop_limit; /* IP time to live of the answers, 1 to 255 */
    bool i_know;   /* an address that other hosts can reach is allowed */
};

/* Sets run->exit_status. */
CC_MUST_USE bool cc_serve(struct cc_run *run, const struct cc_serve_options *options,
                          struct cc_error *err);

#endif
