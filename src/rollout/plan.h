#ifndef ROLLOUT_PLAN_H
#define ROLLOUT_PLAN_H

/* What is known before a template is made. */

#include "credctl/rollout/rollout.h"
#include "credctl/targets/targets.h"

#define CC_WARNINGS_MAX 8

struct cc_plan {
    struct cc_run *run;
    const struct cc_rollout_options *options;
    const struct cc_template *template;
    struct cc_rollout_answer *answer;
    const char *partition;
    const char *region;
    const char *source_option; /* that gives the hosting role */
    const char *source;        /* ARN of the hosting role; or NULL */
    const char *role;          /* of accounts that are listed without one: [PATH/]NAME */
    struct cc_targets targets;
    const struct cc_policy *policy;
    const char *const *tools;
    struct cc_generation generation; /* the last one */
    const char *warnings[CC_WARNINGS_MAX + 1];
    size_t warning_count;
};

/* Finds out all of it. Fails with CC_E_USAGE, or as reading a file or detecting does. */
CC_MUST_USE bool cc_plan_make(struct cc_plan *plan, struct cc_error *err);
/* The hosting role of --source-role-arn. */
CC_MUST_USE bool cc_plan_source(struct cc_plan *plan, struct cc_error *err);
void cc_plan_warn(struct cc_plan *plan, const char *warning);

/* What to generate for a target, or for no particular one (NULL). *external_id is that of the role,
 * NULL when it has none or a parameter for it. */
CC_MUST_USE bool cc_plan_generation(struct cc_plan *plan, const struct cc_target *target,
                                    struct cc_generation *generation, const char **external_id,
                                    struct cc_error *err);

/* The templates are for the roles of targets, one each. */
bool cc_plan_per_target(const struct cc_plan *plan);

/* Writes templates, list of targets and instructions into files, if that was asked for. */
CC_MUST_USE bool cc_plan_write(struct cc_plan *plan, struct cc_rollout_template *templates,
                               struct cc_error *err);
/* The path of each template, before any is written; NULL: standard output. */
void cc_plan_paths(struct cc_plan *plan, struct cc_rollout_template *templates);

/* How to deploy, check and remove the templates, in Markdown. */
CC_MUST_USE bool cc_plan_instructions(struct cc_plan *plan, const char **text,
                                      struct cc_error *err);

#endif
