#ifndef CREDCTL_DETECTORS_DETECTOR_H
#define CREDCTL_DETECTORS_DETECTOR_H

/*
 * A detector checks whether this is one particular environment. The order of the rows in table.c is
 * the precedence: the first that answers yes names the environment, and later ones are not asked.
 * Overlays are all asked afterwards: they name a service on the environment.
 *
 * Reasons for the order and for what counts as evidence: docs/environments.md.
 */

#include "credctl/aws/dmi.h"
#include "credctl/aws/instance.h"
#include "credctl/base/json.h"

enum cc_confidence { CC_CONFIDENCE_NONE, CC_LOW, CC_MEDIUM, CC_HIGH };

/* The word for each, by its number; ends with NULL. */
extern const char *const cc_confidence_words[];

struct cc_evidence {
    const char *source; /* what was looked at; printable, and never the value of a secret */
    const char *seen;
    const char *says;
    int ms;
};

/* The findings so far. Any text may be NULL: not known. All texts are printable. */
struct cc_place {
    const char *environment;
    enum cc_confidence confidence;
    bool aws;
    const char *partition;
    const char *account_id;
    const char *region;
    const char *availability_zone;
    const char *role_arn; /* only when it is known with its path */
    const char *role_name;
    const char *role_source; /* where the role was found: "imds", "container-credentials", ... */
    const char *instance_profile_arn;
    const char *identity_mechanism; /* how an SDK here gets its credentials */
    const char *compute;
    const char *service;
    const char *resource_id; /* the service's ID of this build, job flow, thing, ... */
    const char *instance_id;
    const char *instance_type;
    const char *host_instance_id;
    const char *task_arn;
    const char *task_family;
    const char *launch_type;
    const char *cluster;
    const char *pod;
    const char *namespace_name;
    const char *service_account;
    const char *node;
    const char *issuer;
    const char *function_name;
    const char *function_version;
    const char *runtime_id;
    const char *runtime_arn;
    const char *job_id;
    const char *container;
    const char *container_id;
    const char *metadata_endpoint;
};

/* One service-account token, and whether its issuer is an EKS cluster. */
struct cc_pod_token {
    const char *path;
    const char *issuer;
    const char *eks_region; /* NULL: not EKS */
    const char *pod;
    const char *namespace_name;
    const char *service_account;
    const char *node;
    bool kubernetes; /* it has the claims of Kubernetes */
    bool for_sts;
    bool for_agent; /* audience pods.eks.amazonaws.com */
    bool expired;
    bool mounted; /* it is where a cluster mounts it, not only where a variable points */
};

/* The container of this process, from its control group and mounts. */
struct cc_container {
    const char *engine; /* "kubernetes", "ecs", "docker", ...; NULL: none */
    const char *sign;   /* the file that shows it */
    const char *id;
    const char *ecs_task; /* the ID of the task, from a path of the ECS agent */
};

/* What a warning or an error is about. */
enum cc_topic {
    CC_ABOUT_PLACE, /* which environment this is, and how certain that is */
    CC_ABOUT_ROLE,  /* the environment gives no credentials, or those of another role */
    CC_ABOUT_INPUT, /* a variable that has another effect than it seems */
    CC_ABOUT_LIMIT, /* what cannot be found out here, although nothing is wrong */
};

struct cc_caution {
    enum cc_topic topic;
    const char *says; /* printable */
    const char *fix;  /* NULL: none beside the text */
};

#define CC_NOTES_MAX     64
#define CC_ERRORS_MAX    16
#define CC_LEFT_OVER_MAX 16

struct cc_scene {
    struct cc_run *run;
    struct cc_place place;
    struct cc_evidence evidence[CC_NOTES_MAX];
    size_t evidence_count;
    struct cc_caution warnings[CC_NOTES_MAX];
    size_t warning_count;
    struct cc_error errors[CC_ERRORS_MAX];
    enum cc_topic error_topics[CC_ERRORS_MAX];
    size_t error_count;
    /* Read once, when first needed: use the functions below. */
    struct cc_dmi dmi;
    bool dmi_read;
    struct cc_instance instance;
    bool instance_visited;
    struct cc_pod_token tokens[6];
    size_t token_count;
    bool tokens_read;
    struct cc_container container;
    bool container_looked_for;
    bool container_asked; /* the container credentials endpoint, for the role's ARN */
    bool keys_are_own;    /* the platform itself gives its role as keys in the environment */
    /* Variables of platforms that this is not; set only outside AWS. */
    const char *left_over[CC_LEFT_OVER_MAX];
    size_t left_over_count;
};

#define CC_NAMES_MAX 4

/*
 * One row. It has all names that it can answer with; the list of environments in the schema, the
 * help and --expect is made from the rows.
 */
struct cc_detector {
    const char *name;
    const char *environments[CC_NAMES_MAX]; /* possible values of `environment` */
    const char *
        services[CC_NAMES_MAX]; /* possible values of `service`, except the names of ECS services */
    bool overlay;               /* asked after the environment is known, each of them */
    bool (*look)(struct cc_scene *scene); /* true: this is the environment */
};

extern const struct cc_detector *const cc_detectors[]; /* ends with NULL */

/* All possible values of `environment`, or with `services` also those of `service`, each once, in
 * the order of the rows; ends with NULL. */
const char *const *cc_environment_names(struct cc_arena *mem, bool services);

void cc_detect(struct cc_run *run, struct cc_scene *scene);

/* The answer on one line: "ec2, role app, account 111122223333, us-west-2 [confidence: high]". */
const char *cc_place_line(struct cc_arena *mem, const struct cc_place *place);

#endif
