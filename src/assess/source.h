#ifndef CREDCTL_ASSESS_SOURCE_H
#define CREDCTL_ASSESS_SOURCE_H

/* How much of the internet an address range covers. */

enum cc_reach {
    CC_REACH_BAD,     /* it is not an address range */
    CC_REACH_LIMITED, /* private, or small enough to be somebody's */
    CC_REACH_WIDE,    /* an IPv4 range of /8 or wider, an IPv6 range of /16 or wider, and public */
    CC_REACH_ANY,     /* 0.0.0.0/0, ::/0 */
};

enum cc_reach cc_source_reach(const char *cidr);

#endif
