#ifndef SRC_CHECKS_PARTS_H
#define SRC_CHECKS_PARTS_H

/* Shared by the checks. */

#include "credctl/checks/check.h"

/* As it is set, "" when it is set and empty; NULL when it is not set. */
const char *cc_raw_variable(const struct cc_checkup *checkup, const char *name);
/* Trimmed; NULL when nothing is left. */
const char *cc_variable(const struct cc_checkup *checkup, const char *name);
/* What is around the value of a variable and does not belong to it: "blanks", "a line break",
 * CC_QUOTES; NULL when nothing is. */
const char *cc_variable_wrapping(const struct cc_checkup *checkup, const char *name);
#define CC_QUOTES "quotation marks"

/* What a provider says about its variables, without network; `name` is one of a row. */
enum cc_outcome cc_plan_provider(struct cc_checkup *checkup, const char *name,
                                 struct cc_error *why);

/* True when there are credentials, and they are from this provider. */
bool cc_keys_are_from(struct cc_checkup *checkup, const char *provider);

/* True when STS can accept the hop of AWS_ASSUME_ROLE_ARN; emulators of STS accept more. */
CC_MUST_USE bool cc_judge_hop(struct cc_arena *mem, const struct cc_assume *hop,
                              struct cc_error *err);

/* The first that detection says about the role of the host; NULL when there is nothing to say. */
const struct cc_caution *cc_caution_about_role(const struct cc_scene *scene);
const struct cc_error *cc_error_about_role(const struct cc_scene *scene);

/* The title of a check that has told something with this code; NULL when none has. */
const char *cc_found_code(const struct cc_checkup *checkup, enum cc_code code);

#endif
