#ifndef CREDCTL_ASSESS_SITE_H
#define CREDCTL_ASSESS_SITE_H

/* What is known of the account and region whose resources are judged. */

#include "credctl/assess/resource.h"
#include "credctl/world/run.h"

#include "key.h"

struct cc_site {
    struct cc_run *run;    /* texts and resources are made in its memory */
    const char *account;   /* NULL: not known */
    const char *partition; /* "aws" */
    const char *region;
    struct cc_key_book keys;
};

/* arn:aws:SERVICE:REGION:ACCOUNT:RESOURCE; NULL when the account is not known. */
const char *cc_site_arn(const struct cc_site *site, const char *service, const char *resource);

/* The key of something encrypted, as checks show it. */
struct cc_key_checks {
    const char *kms_key_id;
    struct cc_maybe_flag using_cmk;
    const char *manager; /* one of cc_key_manager_words; NULL: there is no key */
};

/* `key` as cc_key_manager takes it. Notes on the resource when AWS manages the key. */
struct cc_key_checks cc_site_key(const struct cc_site *site, struct cc_resource *resource,
                                 const char *key);

/* The rows of struct cc_key_checks in the shape of a struct `s` that has one, as member `key`. */
// clang-format off
#define CC_KEY_ROWS(s) \
    CC_ROW_AS("kms_key_id", TEXT, s, key.kms_key_id, NULL, "the KMS key; null when none is named", .rules = CC_NULL), \
    CC_ROW_AS("using_cmk", MAYBE_FLAG, s, key.using_cmk, NULL, "the key is customer managed"), \
    CC_ROW_AS("key_manager", TEXT, s, key.manager, NULL, "who manages the key", .words = cc_key_manager_words, .rules = CC_NULL)
// clang-format on

#endif
