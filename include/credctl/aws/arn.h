#ifndef CREDCTL_AWS_ARN_H
#define CREDCTL_AWS_ARN_H

/* ARNs and other AWS names (IAM User Guide, "Amazon Resource Names"), and what they contain. */

#include "credctl/base/arena.h"
#include "credctl/base/shape.h"

#include <stdbool.h>

struct cc_arn {
    const char *partition; /* "aws", "aws-cn", ... */
    const char *service;
    const char *region;   /* NULL when empty */
    const char *account;  /* 12 digits; NULL when empty */
    const char *resource; /* the rest, including colons */
};

/* False for anything that is not a complete ARN of at most 2048 printable bytes. */
CC_MUST_USE bool cc_arn_parse(struct cc_arena *mem, const char *text, struct cc_arn *arn);

/* The ARN of an IAM role. *name is the part after the last slash, without the path. */
CC_MUST_USE bool cc_arn_role(struct cc_arena *mem, const char *text, struct cc_arn *arn,
                             const char **name);

/* The name of the role in an assumed-role or role ARN; NULL when it is of something else. */
const char *cc_role_of_arn(struct cc_arena *mem, const char *arn);

bool cc_account_valid(const char *account); /* 12 digits */
extern const struct cc_form cc_account_form;
bool cc_region_shaped(const char *region); /* as us-east-1 or eusc-de-east-1 are */

/*
 * The account that is encoded in a modern access key ID. AWS does not document the encoding, so it
 * must be shown as a hint. NULL for older keys (AKIAI..., ASIAJ...) and for text that is not a key
 * ID.
 */
const char *cc_account_of_key_id(struct cc_arena *mem, const char *key_id);

#endif
