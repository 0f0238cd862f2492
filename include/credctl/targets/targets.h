#ifndef CREDCTL_TARGETS_TARGETS_H
#define CREDCTL_TARGETS_TARGETS_H

/*
 * A list of targets: roles to assume, one in each row. It has one of three formats:
 * - lines: an account (12 digits) or a role ARN, then optionally a role name and an external ID,
 *   separated by commas (columns.h). A first line with column names makes it CSV, with the fields
 *   of row.h in any order.
 * - JSON: an array of objects with these fields; a text stands for its account or role ARN.
 * - JSON lines: such an object or text on each line.
 * A name that ends with .csv, .json, .jsonl or .ndjson says which; for any other name the first
 * byte that is not blank does: '[' for JSON, '{' for JSON lines. A byte order mark is ignored.
 */

#include "credctl/aws/sts.h"
#include "credctl/world/run.h"

#define CC_TARGETS_MAX       100000
#define CC_TARGETS_MAX_BYTES ((size_t)16 << 20)
#define CC_TARGET_MAX_BYTES  ((size_t)256 << 10) /* a line, or an element of a JSON array */

/* What most targets do not have. Texts and lists may be NULL. */
struct cc_target_more {
    const char *session_name;
    int64_t duration_seconds; /* 0: none; otherwise at least 1 */
    const char *source_identity;
    const char *const *tags; /* "key=value", ends with NULL */
    const char *region;
    const char *trust_policy;   /* path of a file */
    const char *const *actions; /* ends with NULL */
};

struct cc_target {
    const char *name; /* in the list; or NULL */
    /*
     * The name, when it has at most 100 letters, digits and characters of _+=,.@- and no other row
     * has it, and does not begin with a '.' or '-' or with 12 digits. Otherwise the account; when
     * that occurs more than once, with the role name, and with a number where that is not enough;
     * of a row that is `wrong`, line~N or element~N. All labels are different, and can be names of
     * files.
     */
    const char *label;
    const char *account;               /* NULL: not known; only with `wrong` */
    const char *role_arn;              /* with `wrong`: as the list has it, NULL: not there */
    const char *external_id;           /* NULL: that of the command line */
    const struct cc_target_more *more; /* NULL: none of it */
    const struct cc_error *wrong;      /* why it cannot be used; NULL: it can */
};

struct cc_targets {
    struct cc_target *rows;
    size_t count;
    size_t repeated; /* rows left out because an earlier one says the same */
};

struct cc_target_list {
    const char *name; /* in messages */
    const char *text;
    size_t len;
};

/* A file, or standard input for "-". */
CC_MUST_USE bool cc_target_list_read(struct cc_run *run, const char *from,
                                     struct cc_target_list *list, struct cc_error *err);

/* Values for what a row does not set. */
struct cc_target_defaults {
    const char *partition;   /* of accounts, in rows without a region */
    const char *role_name;   /* can have a path; NULL: each row must have a role */
    const char *external_id; /* or NULL */
    const char *from;        /* the name of the list; NULL: "the list of targets" */
    /*
     * False: the first row that cannot be used fails the list, and so does a parameter that the
     * option of the same name would not accept. True: such a row is a target with `wrong`, and
     * external ID, region and parameters of AssumeRole are passed on as they are.
     */
    bool lenient;
};

/*
 * Pure. Fails with CC_E_USAGE and the line or the element, or with CC_E_TOO_BIG when there are more
 * than CC_TARGETS_MAX; also when lenient: for a list that is not JSON, not UTF-8, or has a column
 * that is not known.
 */
CC_MUST_USE bool cc_targets_parse(struct cc_arena *mem, const char *text, size_t len,
                                  const struct cc_target_defaults *defaults,
                                  struct cc_targets *targets, struct cc_error *err);

/* Puts the role of a target into a hop, and the parameters that the target has. */
void cc_target_apply(const struct cc_target *target, struct cc_assume *hop);

#endif
