#ifndef CREDCTL_ASSESS_SEVERITY_H
#define CREDCTL_ASSESS_SEVERITY_H

/* How bad something is, in the words that AWS Security Hub has for it. */

enum cc_severity {
    CC_SEVERITY_NONE,
    CC_SEVERITY_LOW,
    CC_SEVERITY_MEDIUM,
    CC_SEVERITY_HIGH,
    CC_SEVERITY_CRITICAL,
};

#define CC_SEVERITY_COUNT (CC_SEVERITY_CRITICAL + 1)

/* "none", "low", ...; ends with NULL. */
extern const char *const cc_severity_words[];

#endif
