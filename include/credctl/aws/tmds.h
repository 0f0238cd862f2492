#ifndef CREDCTL_AWS_TMDS_H
#define CREDCTL_AWS_TMDS_H

/*
 * ECS task metadata, versions 4, 3 and 2 (ECS Developer Guide, "Task metadata endpoint"), and the
 * one fact of a credentials answer that is no secret: whose role it is. Keys are never kept.
 */

#include "credctl/world/world.h"

struct cc_task {
    const char *arn; /* valid; its parts below */
    const char *partition;
    const char *region;
    const char *account;
    const char *cluster; /* a bare name or an ARN, as the agent has it; NULL when not told */
    const char *family;
    const char *revision;
    const char *launch_type; /* FARGATE, EC2, EXTERNAL, MANAGED_INSTANCES; NULL before agent 1.45 */
    const char *zone;
    const char *service;
    const char *container_id; /* of the first container that is not the pause container */
};

/* Fails with CC_E_BAD_ANSWER when it is no task of ECS. Also reads ECS_CONTAINER_METADATA_FILE. */
CC_MUST_USE bool cc_task_parse(struct cc_arena *mem, const char *text, size_t len,
                               const char *source, struct cc_task *task, struct cc_error *err);

struct cc_owner {
    const char *role_arn; /* a valid role ARN, or NULL */
    const char *account;  /* AccountId of EKS Pod Identity; NULL elsewhere */
};

/* Of a container credentials answer. Nothing else of it outlives the call's own arena. */
CC_MUST_USE bool cc_owner_parse(struct cc_arena *mem, const char *text, size_t len,
                                const char *source, struct cc_owner *owner, struct cc_error *err);

/* A GET of a container endpoint at an address that was judged (aws/host.h). */
struct cc_request cc_tmds_request(const char *url, const struct cc_header *headers);

/* http://169.254.170.2 + the variable's path; NULL when it is unset or no plain path. */
const char *cc_relative_url(struct cc_run *run);

#endif
