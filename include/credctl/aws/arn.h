#ifndef CREDCTL_AWS_ARN_H
#define CREDCTL_AWS_ARN_H

/* Names of AWS things (IAM User Guide, "Amazon Resource Names"), and what can be told from them. */

#include "credctl/base/arena.h"
#include "credctl/base/shape.h"

#include <stdbool.h>

struct cc_arn {
    const char *partition; /* "aws", "aws-cn", ... */
    const char *service;
    const char *region;   /* NULL when empty */
    const char *account;  /* 12 digits; NULL when empty */
    const char *resource; /* all that follows, colons included */
};

/* False for anything that is no whole ARN of at most 2048 printable bytes. */
CC_MUST_USE bool cc_arn_parse(struct cc_arena *mem, const char *text, struct cc_arn *arn);

/* An IAM role's ARN. *name is what follows the last slash, whatever path stands before it. */
CC_MUST_USE bool cc_arn_role(struct cc_arena *mem, const char *text, struct cc_arn *arn,
                             const char **name);

/* The name of the role in an assumed-role or role ARN; NULL when it is of something else. */
const char *cc_role_of_arn(struct cc_arena *mem, const char *arn);

bool cc_account_valid(const char *account); /* 12 digits */
extern const struct cc_form cc_account_form;
bool cc_region_shaped(const char *region); /* as us-east-1 or eusc-de-east-1 are */

/*
 * The account a modern access key id encodes. AWS does not document the encoding, so this is a
 * hint to be labelled as one. NULL for the older keys (AKIAI..., ASIAJ...) and what is no key id.
 */
const char *cc_account_of_key_id(struct cc_arena *mem, const char *key_id);

#endif
