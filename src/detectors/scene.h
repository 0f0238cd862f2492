#ifndef SRC_DETECTORS_SCENE_H
#define SRC_DETECTORS_SCENE_H

/* Shared by the detectors. */

#include "credctl/detectors/detector.h"

/* A variable without the blanks around it; NULL when nothing is left. Printable. */
const char *cc_scene_env(struct cc_scene *scene, const char *name);

/* `source`: what was looked at. Texts are made printable and shortened. */
void cc_saw(struct cc_scene *scene, const char *source, const char *seen, const char *says);
void cc_saw_in(struct cc_scene *scene, struct cc_evidence evidence);
/* `fix` begins with a verb, or is a command; NULL when there is none beside the text. */
CC_PRINTF(4, 5)
void cc_warn(struct cc_scene *scene, enum cc_topic topic, const char *fix, const char *fmt, ...);
void cc_soft_error(struct cc_scene *scene, enum cc_topic topic, const struct cc_error *err);

/* The remedy where detection does not find out a role. */
#define CC_ASK_STS "run `credctl session` to ask STS"

void cc_is(struct cc_scene *scene, const char *environment, enum cc_confidence confidence);

const struct cc_dmi *cc_scene_dmi(struct cc_scene *scene);
/* True when the firmware is not that of AWS, but of another vendor or cloud. */
bool cc_scene_foreign(struct cc_scene *scene);
/*
 * The same, for findings that cannot be true on such firmware: sets confidence low and aws false,
 * and warns that `what` was copied here, or that this is an emulator.
 */
bool cc_doubt_on_foreign(struct cc_scene *scene, const char *what);
/*
 * True when the firmware or the metadata service shows an EC2 instance, which wins over variables
 * that anybody can set. `source` is such a variable.
 */
bool cc_instance_speaks_against(struct cc_scene *scene, const char *source);
/* Asks the metadata service (once), and notes the evidence. */
const struct cc_instance *cc_scene_instance(struct cc_scene *scene);
/*
 * Takes role, instance profile and account of the instance, when an SDK here would use that role.
 */
void cc_take_instance_role(struct cc_scene *scene);

/* Sets region and partition when it has the form of a region; the first one stays. */
void cc_take_region(struct cc_scene *scene, const char *region);
/* AWS_REGION, else AWS_DEFAULT_REGION. */
void cc_take_region_variable(struct cc_scene *scene);
void cc_take_account(struct cc_scene *scene, const char *account);
/* Sets role, name, account and partition; false without changes when it is not a role ARN. */
bool cc_take_role_arn(struct cc_scene *scene, const char *arn, const char *source);
/* Takes the account that is encoded in the access key ID of the environment, labelled as such. */
void cc_take_account_of_key(struct cc_scene *scene);
/* Takes AWS_ROLE_ARN when its token file exists. */
bool cc_take_web_identity(struct cc_scene *scene);

/* Asks RELATIVE_URI for the role; true when it returned one. */
bool cc_ask_container_role(struct cc_scene *scene);
struct cc_exchange;
bool cc_take_container_role(struct cc_scene *scene, const struct cc_exchange *one);

/* The service-account tokens, read once. */
void cc_scene_tokens(struct cc_scene *scene);
/* A token of an EKS cluster that has not expired; NULL when there is none. */
const struct cc_pod_token *cc_scene_cluster_token(struct cc_scene *scene);
/* True when this process is in a pod, by other evidence than the claims of a token. */
bool cc_scene_in_pod(struct cc_scene *scene);
/* Takes pod, namespace, service account and node from the token with the most claims. */
void cc_take_pod(struct cc_scene *scene);

/* The container of this process, read once. */
const struct cc_container *cc_scene_container(struct cc_scene *scene);
void cc_take_container(struct cc_scene *scene);

/* JSON from a small file; NULL when it is missing or not usable. */
const cJSON *cc_scene_json(struct cc_scene *scene, const char *path);

#endif
