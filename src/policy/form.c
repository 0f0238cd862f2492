#include "credctl/base/text.h"
#include "credctl/policy/decide.h"

/* What the statements of a layer must have, and must not have. */

enum wish { MAY, MUST, MUST_NOT };

// clang-format off
static const struct {
    const char *title;
    enum wish principal;
    enum wish resource;
} forms[CC_LAYERS] = {
    [CC_LAYER_IDENTITY] = {"an identity-based policy", MUST_NOT, MUST},
    [CC_LAYER_BOUNDARY] = {"a permissions boundary", MUST_NOT, MUST},
    [CC_LAYER_SESSION] = {"a session policy", MUST_NOT, MUST},
    [CC_LAYER_SCP] = {"an SCP", MUST_NOT, MUST},
    [CC_LAYER_RCP] = {"an RCP", MAY, MUST},
    [CC_LAYER_ENDPOINT] = {"a VPC endpoint policy", MAY, MAY},
    [CC_LAYER_RESOURCE] = {"a resource-based policy", MUST, MAY},
};
// clang-format on

static bool fits(const struct cc_element *element, enum wish wish)
{
    return wish == MAY || element->present == (wish == MUST);
}

static bool statement_fits(struct cc_arena *mem, const struct cc_policy *policy,
                           const struct cc_statement *statement, enum cc_layer_kind kind,
                           struct cc_error *err)
{
    const char *name = cc_statement_name(mem, statement);
    const char *title = forms[kind].title;
    const bool has = statement->principal.present;

    if (fits(&statement->principal, forms[kind].principal) &&
        fits(&statement->resource, forms[kind].resource)) {
        return true;
    }
    cc_fail(err, CC_E_POLICY, "%s is not a valid policy", policy->name);
    if (fits(&statement->principal, forms[kind].principal)) {
        return cc_why(err, "%s: it has neither Resource nor NotResource, and %s needs one", name,
                      title);
    }
    cc_why(err, "%s: it has %s Principal, and %s %s", name, has ? "a" : "no", title,
           has ? "cannot have one" : "needs one");
    return cc_fix(err, "%s",
                  has ? "remove the Principal: only policies of resources have one"
                      : "add a Principal: only identity-based policies have none");
}

static bool policy_fits(struct cc_arena *mem, const struct cc_policy *policy,
                        enum cc_layer_kind kind, struct cc_error *err)
{
    for (size_t i = 0; i < policy->count; i++) {
        if (!statement_fits(mem, policy, &policy->statements[i], kind, err)) {
            return false;
        }
    }
    return true;
}

bool cc_policies_fit(struct cc_arena *mem, const struct cc_policies *policies,
                     enum cc_layer_kind kind, struct cc_error *err)
{
    for (size_t i = 0; i < policies->count; i++) {
        if (!policy_fits(mem, &policies->rows[i], kind, err)) {
            return false;
        }
    }
    return true;
}
