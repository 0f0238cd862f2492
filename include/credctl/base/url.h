#ifndef CREDCTL_BASE_URL_H
#define CREDCTL_BASE_URL_H

/*
 * The parts of an absolute http or https URL (RFC 3986), strictly: no user information, no control
 * characters or blanks, no backslash, a host of letters, digits, '-', '.', '_' or a bracketed IPv6
 * address, a port of digits. An IPv4 address must be four decimal numbers: 0x7f.1, 017700000001 and
 * 2130706433 would connect to 127.0.0.1 too, and are refused. The host that is checked here is
 * exactly the one that is connected to.
 */

#include "credctl/base/arena.h"
#include "credctl/base/error.h"

struct cc_url {
    bool https;
    const char *host; /* lower case, without brackets; an IPv6 address in its shortest form */
    bool ipv4;        /* the host is an address, not a name that starts like one */
    bool ipv6;        /* the host was in brackets */
    int port;         /* given, or 80/443 */
    bool port_given;
    const char *path;   /* begins with '/', without the query */
    const char *query;  /* without '?'; NULL when there is none */
    const char *origin; /* scheme://host[:port], as it would be written */
};

/* Fails with CC_E_CONFIG; `what` says where the URL comes from, for example a variable. At most
 * 4096 bytes. */
CC_MUST_USE bool cc_url_parse(struct cc_arena *mem, const char *text, const char *source,
                              struct cc_url *url, struct cc_error *err);

#endif
