#ifndef TARGETS_ROW_H
#define TARGETS_ROW_H

/* A row of a list of targets, in whatever format. Pure. */

#include "credctl/targets/targets.h"

/* As the list has it. Texts are NULL when they are empty or not there. */
struct cc_target_row {
    const char *name;
    const char *role_arn;
    const char *account_id; /* or a role ARN */
    const char *role_name;  /* or a role ARN, as the second column of a line can be one */
    const char *external_id;
    struct cc_target_more more;
};

/* Its fields: the columns of CSV and the members of JSON. A field with a `wire` is a parameter of
 * AssumeRole. */
extern const struct cc_shape cc_target_row_shape;

/* The field with this name, or with another name for it; only letters and digits are compared,
 * without regard to case. NULL when there is none. */
const struct cc_shape_field *cc_target_field(const char *called);
/* "name, role_arn, ..." */
const char *cc_target_fields(struct cc_arena *mem);

/* Where a row is, for messages. */
struct cc_target_place {
    const char *list;
    const char *unit; /* "line", "element" */
    size_t number;    /* from 1 */
    bool named;       /* its fields have names */
    bool json;
};

/* Fails with CC_E_USAGE: the row is not a valid target. */
bool cc_target_refuse(const struct cc_target_place *place, struct cc_error *err, const char *why);

/*
 * Finds the role of a row: `target` gets account, role ARN and external ID, and for its label the
 * name of the role. It points into `mem` and to the row.
 */
CC_MUST_USE bool cc_target_resolve(struct cc_arena *mem, const struct cc_target_place *place,
                                   const struct cc_target_row *row,
                                   const struct cc_target_defaults *defaults,
                                   struct cc_target *target, struct cc_error *err);
/* Checks the parameters of AssumeRole, each as the option that sets the same one. */
CC_MUST_USE bool cc_target_judge(struct cc_arena *mem, const struct cc_target_place *place,
                                 const struct cc_target_row *row, struct cc_error *err);

/* A copy in `mem`; NULL when nothing is set. */
const struct cc_target_more *cc_target_keep_more(struct cc_arena *mem,
                                                 const struct cc_target_more *more);
/* Equal for equal ones; "" for NULL. */
const char *cc_target_more_text(struct cc_arena *mem, const struct cc_target_more *more);

/* Gives every target its label, and leaves out those that repeat an earlier one. Fails when two
 * rows differ only in what does not identify a target, unless lenient. */
CC_MUST_USE bool cc_targets_label(struct cc_arena *mem, const struct cc_target_defaults *defaults,
                                  struct cc_targets *targets, struct cc_error *err);

#endif
