#ifndef CREDCTL_ASSESS_KEY_H
#define CREDCTL_ASSESS_KEY_H

/*
 * Who manages the KMS key of a resource. Nothing in the ID of a key tells it: the AWS managed keys
 * of an account are those that its aliases alias/aws/... refer to.
 */

#include "credctl/base/shape.h"

enum cc_key_manager {
    CC_KEY_UNKNOWN,     /* a key of KMS; which one could not be found out */
    CC_KEY_AWS_OWNED,   /* in an account of AWS, without a trace in this one */
    CC_KEY_AWS_MANAGED, /* in this account, managed by AWS: alias/aws/... */
    CC_KEY_CUSTOMER,    /* customer managed */
};

extern const char *const cc_key_manager_words[];

struct cc_key_alias {
    const char *name;   /* "alias/aws/ebs" */
    const char *target; /* the ID of its key; NULL: the key does not exist yet */
};

/* The aliases of one account and region. */
struct cc_key_book {
    const struct cc_key_alias *rows;
    size_t count;
    bool known; /* all of them were read */
};

/* Who manages the key: its ID, ARN, alias, or the ARN of an alias; NULL: an AWS managed key that
 * the service chose by itself. `account`: whose book it is. */
enum cc_key_manager cc_key_manager(struct cc_arena *mem, const struct cc_key_book *book,
                                   const char *account, const char *key);
/* using_cmk: null when it is not known. */
struct cc_maybe_flag cc_key_is_customers(enum cc_key_manager manager);

#endif
