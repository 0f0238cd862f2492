#include "site.h"

const char *cc_site_arn(const struct cc_site *site, const char *service, const char *resource)
{
    return site->account ? cc_textf(&site->run->mem, "arn:%s:%s:%s:%s:%s", site->partition, service,
                                    site->region, site->account, resource)
                         : NULL;
}

struct cc_key_checks cc_site_key(const struct cc_site *site, struct cc_resource *resource,
                                 const char *key)
{
    struct cc_arena *mem = &site->run->mem;
    const enum cc_key_manager manager = cc_key_manager(mem, &site->keys, site->account, key);

    if (manager == CC_KEY_AWS_MANAGED) {
        cc_resource_note(mem, resource,
                         "its KMS key is managed by AWS; a customer managed key has a policy, "
                         "rotation and audit of its own");
    }
    if (manager == CC_KEY_UNKNOWN) {
        cc_resource_note(mem, resource,
                         "who manages its KMS key is not known: the aliases of the region were "
                         "not read (kms:ListAliases)");
    }
    return (struct cc_key_checks){key, cc_key_is_customers(manager), cc_key_manager_words[manager]};
}
