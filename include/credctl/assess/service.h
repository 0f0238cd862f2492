#ifndef CREDCTL_ASSESS_SERVICE_H
#define CREDCTL_ASSESS_SERVICE_H

/* The security services of AWS: whether each is on, and what it has found. */

#include "credctl/assess/inquiry.h"
#include "credctl/assess/severity.h"

#include <cjson/cJSON.h>

enum cc_service_state { CC_SERVICE_ENABLED, CC_SERVICE_DISABLED, CC_SERVICE_UNKNOWN };

/* "enabled", "disabled", "unknown"; ends with NULL. */
extern const char *const cc_service_states[];

/* The names of all services, in the order of answers; ends with NULL. */
const char *const *cc_service_names(struct cc_arena *mem);

/* Which findings are wanted. */
struct cc_findings_wish {
    unsigned severities;    /* a bit for each enum cc_severity; 0: those of the service's default */
    int most;               /* of each service */
    bool check_enabled;     /* ask first whether it is on */
    const char *next_token; /* continue there; or NULL */
};

/* What was found out about a service in one account and region. */
struct cc_service_told {
    const char *service;
    const char *title; /* for people */
    enum cc_service_state status;
    struct cc_maybe_flag enabled; /* the same; null when it is unknown */
    const char *message;
    const char *const *setup_instructions; /* when it is disabled; else NULL */
    enum cc_severity when_off;             /* how bad it is that it is disabled */
    const cJSON *details;                  /* what the service says of itself */
    const struct cc_unread *error; /* the first of what could not be read; NULL: all was read */
    size_t error_count;
    const cJSON *findings; /* objects of AWS, the worst first; a list */
    size_t findings_count;
    const cJSON *summary; /* of findings: counts */
    int64_t by_severity[CC_SEVERITY_COUNT];
    enum cc_severity worst;
    bool truncated;         /* there are more findings ... */
    const char *next_token; /* ... from here on, when the service can continue; or NULL */
    double seconds;
};

/* A finding, whatever the service. Texts are in the memory given, or in the finding; NULL: not
 * told. */
struct cc_finding_view {
    enum cc_severity severity;
    const char *id;
    const char *title;
    const char *type;
    const char *resource;
    const char *resource_type;
    const char *updated;
    const char *about;
    const char *url;
};

/* Something of a service that could not be read. */
struct cc_service_error {
    const char *service;
    struct cc_unread unread;
};

extern const struct cc_shape cc_service_error_shape;

struct cc_finding_view cc_finding_view(struct cc_arena *mem, const char *service,
                                       const cJSON *finding);

#endif
