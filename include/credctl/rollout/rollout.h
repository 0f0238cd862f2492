#ifndef CREDCTL_ROLLOUT_ROLLOUT_H
#define CREDCTL_ROLLOUT_ROLLOUT_H

/* `gen-template`: templates for one account or many, their external IDs, files, and what to do with
 * them. */

#include "credctl/base/shape.h"
#include "credctl/templates/generate.h"
#include "credctl/world/run.h"

/* Texts and lists may be NULL; lists end with NULL. */
struct cc_rollout_options {
    const char *const *words;    /* the kind of template */
    const char *source_role_arn; /* or "auto" */
    const char *const *target_accounts;
    const char *targets;     /* a file, or "-" */
    const char *target_role; /* in those accounts, with its path */
    const char *external_id; /* or "auto", or "none" */
    const char *org_id;
    const char *role_name;
    const char *role_path;
    const char *boundary;
    const char *const *managed_policies;
    const char *policy; /* a file */
    const char *tools;  /* separated by commas */
    const char *const *tags;
    const char *oidc_issuer;
    const char *name_space;
    const char *service_account;
    const char *cluster;
    const char *partition;
    const char *region;
    const char *const *settings; /* "PARAMETER=VALUE" */
    const char *output_file;
    const char *output_dir;
    enum cc_trust trust;
    int revision;
    int max_session_duration;
    int format; /* enum cc_rollout_format */
    bool list;
    bool show_params;
    bool session_tags;
    bool vpc;
    bool existing_provider;
    bool instructions;
    bool force;
};

enum cc_rollout_format { CC_ROLLOUT_YAML, CC_ROLLOUT_JSON };

/* --- the answer --- */

struct cc_rollout_kind {
    const char *kind;
    const char *about;
};

struct cc_rollout_parameter {
    const char *name;
    const char *type;
    const char *usual;
    bool needed;
    const char *about;
};

struct cc_rollout_template {
    const char *name;        /* the label of its target; NULL: none */
    const char *account_id;  /* that it is for; NULL: any */
    const char *role_arn;    /* that it makes; NULL: not known yet */
    const char *external_id; /* NULL: none, or a parameter */
    const char *file;        /* NULL: not written */
    const char *body;
    size_t len;
    const struct cc_rollout_parameter *parameters; /* that are left */
    size_t parameter_count;
    const struct cc_grant *grants;
};

struct cc_rollout_answer {
    const char *kind;
    const char *partition;
    const char *region;
    const char *capability;
    const struct cc_rollout_kind *kinds;
    size_t kind_count;
    const struct cc_rollout_parameter *parameters;
    size_t parameter_count;
    const struct cc_rollout_template *templates;
    size_t template_count;
    const char *index;        /* the file that lists the targets; or NULL */
    const char *instructions; /* Markdown; or NULL */
    const char *instructions_file;
    const char *const *warnings;
};

extern const struct cc_shape cc_rollout_options_shape;
extern const struct cc_shape cc_rollout_answer_shape;

CC_MUST_USE bool cc_rollout(struct cc_run *run, const struct cc_rollout_options *options,
                            struct cc_rollout_answer *answer, struct cc_error *err);

/* --- a hosting role that changes --- */

struct cc_trust_update_options {
    const char *role_arn; /* the trusted one: an ARN, or the unique ID that a trust policy shows */
    const char *replacement; /* its ARN from now on, or "auto" */
    const char *targets;     /* the list of the target roles, for the commands; or NULL */
};

enum cc_trust_change { CC_HOST_CHANGED, CC_HOST_RECREATED, CC_HOST_DELETED };

struct cc_trust_step {
    const char *when; /* which stacks it is for */
    const char *why;
    const char *command;
};

struct cc_trust_update_answer {
    int change; /* enum cc_trust_change */
    const char *old_role;
    const char *new_role;
    const char *why;
    const struct cc_trust_step *steps;
    size_t step_count;
};

extern const struct cc_shape cc_trust_update_options_shape;
extern const struct cc_shape cc_trust_update_answer_shape;

CC_MUST_USE bool cc_trust_update(struct cc_run *run, const struct cc_trust_update_options *options,
                                 struct cc_trust_update_answer *answer, struct cc_error *err);

#endif
