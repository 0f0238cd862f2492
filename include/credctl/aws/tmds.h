#ifndef CREDCTL_AWS_TMDS_H
#define CREDCTL_AWS_TMDS_H

/*
 * ECS task metadata, versions 4, 3 and 2 (ECS Developer Guide, "Task metadata endpoint"), and the
 * part of a credentials answer that is not secret: the role. Keys are never kept.
 */

#include "credctl/world/world.h"

struct cc_task {
    const char *arn; /* valid; its parts follow */
    const char *partition;
    const char *region;
    const char *account;
    const char *cluster; /* a name or an ARN, as the agent returns it; NULL when not known */
    const char *family;
    const char *revision;
    const char *launch_type; /* FARGATE, EC2, EXTERNAL, MANAGED_INSTANCES; NULL before agent 1.45 */
    const char *zone;
    const char *service;
    const char *container_id; /* of the first container that is not the pause container */
};

/* Fails with CC_E_BAD_ANSWER when it does not describe an ECS task. Also reads the content of
 * ECS_CONTAINER_METADATA_FILE. */
CC_MUST_USE bool cc_task_parse(struct cc_arena *mem, const char *text, size_t len,
                               const char *source, struct cc_task *task, struct cc_error *err);

struct cc_owner {
    const char *role_arn; /* a valid role ARN, or NULL */
    const char *account;  /* AccountId of EKS Pod Identity; NULL elsewhere */
};

/* Reads a container credentials answer. Nothing else of it is kept. */
CC_MUST_USE bool cc_owner_parse(struct cc_arena *mem, const char *text, size_t len,
                                const char *source, struct cc_owner *owner, struct cc_error *err);

/* A GET of a container endpoint at an address that was checked (aws/host.h). */
struct cc_request cc_tmds_request(const char *url, const struct cc_header *headers);

/*
 * http://169.254.170.2 and the path of the variable; NULL when it is not set or not a plain path.
 */
const char *cc_relative_url(struct cc_run *run);

#endif
