#include "key.h"

#include "credctl/aws/arn.h"
#include "credctl/base/text.h"

#include <string.h>

const char *const cc_key_manager_words[] = {"unknown", "aws_owned", "aws_managed", "customer",
                                            NULL};

static bool is_aws_alias(const char *name)
{
    return cc_text_starts(name, "alias/aws/");
}

enum cc_key_manager cc_key_manager(struct cc_arena *mem, const struct cc_key_book *book,
                                   const char *account, const char *key)
{
    struct cc_arn arn = {.resource = key};

    if (!key) {
        return CC_KEY_AWS_MANAGED;
    }
    if (cc_text_starts(key, "arn:") && !cc_arn_parse(mem, key, &arn)) {
        return CC_KEY_UNKNOWN;
    }
    const char *id =
        cc_text_starts(arn.resource, "key/") ? arn.resource + strlen("key/") : arn.resource;
    if (cc_text_starts(id, "alias/")) {
        return is_aws_alias(id) ? CC_KEY_AWS_MANAGED : CC_KEY_CUSTOMER;
    }
    /* AWS managed keys can be used in their own account only, and are in one region only. */
    if ((arn.account && account && strcmp(arn.account, account) != 0) ||
        cc_text_starts(id, "mrk-")) {
        return CC_KEY_CUSTOMER;
    }
    for (size_t i = 0; i < book->count; i++) {
        if (is_aws_alias(book->rows[i].name) && cc_text_equal(book->rows[i].target, id)) {
            return CC_KEY_AWS_MANAGED;
        }
    }
    return book->known ? CC_KEY_CUSTOMER : CC_KEY_UNKNOWN;
}

struct cc_maybe_flag cc_key_is_customers(enum cc_key_manager manager)
{
    return (struct cc_maybe_flag){manager != CC_KEY_UNKNOWN, manager == CC_KEY_CUSTOMER};
}
