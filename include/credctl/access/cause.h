#ifndef CREDCTL_ACCESS_CAUSE_H
#define CREDCTL_ACCESS_CAUSE_H

/* Causes of a denial, and the side that has to act. Their names are stable. */

enum cc_side {
    CC_SIDE_NONE,
    CC_SIDE_SOURCE,       /* the caller's policies */
    CC_SIDE_TARGET,       /* the role */
    CC_SIDE_ORGANIZATION, /* SCPs and RCPs */
    CC_SIDE_SESSION,      /* the session policy of the caller */
    CC_SIDE_HOST,         /* credentials and clock */
    CC_SIDE_NETWORK,
};

/* Causes of one family look alike; to exclude a family is to exclude all of them. */
enum cc_family {
    CC_FAMILY_NONE,
    CC_FAMILY_IDENTITY,
    CC_FAMILY_BOUNDARY,
    CC_FAMILY_SESSION,
    CC_FAMILY_SCP,
    CC_FAMILY_RCP,
    CC_FAMILY_ENDPOINT,
    CC_FAMILY_TRUST,
    CC_FAMILY_ROLE,
    CC_FAMILY_HOST,
    CC_FAMILY_NETWORK,
    CC_FAMILIES,
};

// clang-format off
/*       symbol               name                         side          family    */
#define CC_CAUSES(X)                                                                \
    X(IDENTITY_NO_ALLOW,      "identity.no_allow",         SOURCE,       IDENTITY)  \
    X(IDENTITY_DENY,          "identity.explicit_deny",    SOURCE,       IDENTITY)  \
    X(BOUNDARY_NO_ALLOW,      "boundary.no_allow",         SOURCE,       BOUNDARY)  \
    X(BOUNDARY_DENY,          "boundary.explicit_deny",    SOURCE,       BOUNDARY)  \
    X(SESSION_NO_ALLOW,       "session_policy.no_allow",   SESSION,      SESSION)   \
    X(SESSION_DENY,           "session_policy.explicit_deny", SESSION,   SESSION)   \
    X(SCP_NO_ALLOW,           "scp.no_allow",              ORGANIZATION, SCP)       \
    X(SCP_DENY,               "scp.explicit_deny",         ORGANIZATION, SCP)       \
    X(RCP_DENY,               "rcp.explicit_deny",         ORGANIZATION, RCP)       \
    X(ENDPOINT_NO_ALLOW,      "vpce.no_allow",             NETWORK,      ENDPOINT)  \
    X(ENDPOINT_DENY,          "vpce.explicit_deny",        NETWORK,      ENDPOINT)  \
    X(TRUST_NO_ALLOW,         "trust.no_allow",            TARGET,       TRUST)     \
    X(TRUST_DENY,             "trust.explicit_deny",       TARGET,       TRUST)     \
    X(EXTERNAL_ID_MISSING,    "trust.external_id_missing", TARGET,       TRUST)     \
    X(EXTERNAL_ID_WRONG,      "trust.external_id_wrong",   TARGET,       TRUST)     \
    X(TRUST_MFA,              "trust.mfa",                 TARGET,       TRUST)     \
    X(TRUST_TAGS,             "trust.tags",                TARGET,       TRUST)     \
    X(TRUST_SOURCE_IDENTITY,  "trust.source_identity",     TARGET,       TRUST)     \
    X(TRUST_CONDITION,        "trust.condition",           TARGET,       TRUST)     \
    X(DELETED_PRINCIPAL,      "trust.deleted_principal",   TARGET,       TRUST)     \
    X(ROLE_MISSING,           "role.missing",              TARGET,       ROLE)      \
    X(ROLE_DURATION,          "role.duration",             TARGET,       ROLE)      \
    X(CHAINED_DURATION,       "role.chained_duration",     SOURCE,       ROLE)      \
    X(SESSION_NAME,           "role.session_name",         SOURCE,       ROLE)      \
    X(EXPIRED,                "credentials.expired",       HOST,         HOST)      \
    X(INVALID,                "credentials.invalid",       HOST,         HOST)      \
    X(CLOCK,                  "clock.skew",                HOST,         HOST)      \
    X(REGION_DISABLED,        "region.disabled",           SOURCE,       HOST)      \
    X(THROTTLED,              "aws.throttled",             NONE,         NONE)      \
    X(NET_DNS,                "network.dns",               NETWORK,      NETWORK)   \
    X(NET_REFUSED,            "network.refused",           NETWORK,      NETWORK)   \
    X(NET_TIMEOUT,            "network.timeout",           NETWORK,      NETWORK)   \
    X(NET_TLS,                "network.tls",               NETWORK,      NETWORK)   \
    X(UNKNOWN,                "unknown",                   NONE,         NONE)
// clang-format on

enum cc_cause {
#define X(symbol, name, side, family) CC_CAUSE_##symbol,
    CC_CAUSES(X)
#undef X
        CC_CAUSE_COUNT,
};

enum cc_certainty { CC_POSSIBLE, CC_LIKELY, CC_CERTAIN };

const char *cc_cause_name(enum cc_cause cause);
enum cc_side cc_cause_side(enum cc_cause cause);
enum cc_family cc_cause_family(enum cc_cause cause);
extern const char *const cc_cause_names[]; /* ends with NULL */
extern const char *const cc_side_names[];  /* NULL for CC_SIDE_NONE */
extern const char *const cc_certainties[]; /* ends with NULL */
/* "identity", "trust", ...: the type of policy that a statement is for; NULL: none. */
const char *cc_family_policy(enum cc_family family);
extern const char *const cc_policy_kinds[]; /* all of them; ends with NULL */
extern const char *const cc_sides[];        /* all of them; ends with NULL */

#endif
