#ifndef SRC_DETECTORS_SCENE_H
#define SRC_DETECTORS_SCENE_H

/* What the detectors share. */

#include "credctl/detectors/detector.h"

/* A variable without the blanks around it; NULL when nothing is left. Printable. */
const char *cc_scene_env(struct cc_scene *scene, const char *name);

/* `source`: what was looked at. Texts are made printable and cut to a sensible length. */
void cc_saw(struct cc_scene *scene, const char *source, const char *seen, const char *says);
void cc_saw_in(struct cc_scene *scene, struct cc_evidence evidence);
CC_PRINTF(2, 3) void cc_warn(struct cc_scene *scene, const char *fmt, ...);
void cc_soft_error(struct cc_scene *scene, const struct cc_error *err);

void cc_is(struct cc_scene *scene, const char *environment, enum cc_confidence confidence);

const struct cc_dmi *cc_scene_dmi(struct cc_scene *scene);
/* Firmware of something that is not AWS: a laptop's vendor or another cloud. */
bool cc_scene_foreign(struct cc_scene *scene);
/*
 * The same, when what was told so far cannot be true on such firmware: it is low, and not AWS.
 * `what` was copied here, or something plays its part.
 */
bool cc_doubt_on_foreign(struct cc_scene *scene, const char *what);
/*
 * The firmware or the metadata service says that this is an instance of EC2: variables that
 * anybody can set do not make something else of it. `source` is such a variable.
 */
bool cc_instance_speaks_against(struct cc_scene *scene, const char *source);
/* Visits the metadata service (once), and notes what was seen. */
const struct cc_instance *cc_scene_instance(struct cc_scene *scene);
/* The instance role is what an SDK here would use: take role, profile and account from it. */
void cc_take_instance_role(struct cc_scene *scene);

/* Sets region and partition when it is shaped as a region; the first one stays. */
void cc_take_region(struct cc_scene *scene, const char *region);
/* AWS_REGION, else AWS_DEFAULT_REGION. */
void cc_take_region_variable(struct cc_scene *scene);
void cc_take_account(struct cc_scene *scene, const char *account);
/* Sets role, name, account and partition; false and nothing when it is no role's ARN. */
bool cc_take_role_arn(struct cc_scene *scene, const char *arn, const char *source);
/* The account an access key id in the environment encodes, labelled as what it is. */
void cc_take_account_of_key(struct cc_scene *scene);
/* AWS_ROLE_ARN with a token file that is there. */
bool cc_take_web_identity(struct cc_scene *scene);

/* Asks RELATIVE_URI whose role it is; true when a role was told. */
bool cc_ask_container_role(struct cc_scene *scene);
struct cc_exchange;
bool cc_take_container_role(struct cc_scene *scene, const struct cc_exchange *one);

/* The service-account tokens at hand, read once. */
void cc_scene_tokens(struct cc_scene *scene);
/* A token of an EKS cluster that has not expired; NULL when there is none. */
const struct cc_pod_token *cc_scene_cluster_token(struct cc_scene *scene);
/* Whether this process is in a pod, as something other than a token's own claims says. */
bool cc_scene_in_pod(struct cc_scene *scene);
/* Pod, namespace, service account, node of the token that tells most. */
void cc_take_pod(struct cc_scene *scene);

/* What is around this process, looked at once. */
const struct cc_container *cc_scene_container(struct cc_scene *scene);
void cc_take_container(struct cc_scene *scene);

/* JSON from a small file; NULL when it is not there or not usable. */
const cJSON *cc_scene_json(struct cc_scene *scene, const char *path);

#endif
