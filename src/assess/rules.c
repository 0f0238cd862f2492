#include "credctl/assess/rules.h"

#include "credctl/base/text.h"

const struct cc_rule_row cc_rule_rows[CC_RULE_COUNT] = {
#define X(symbol, code, severity, says, fix, advice) \
    {code, CC_SEVERITY_##severity, says, fix, advice},
    CC_RULES(X)
#undef X
};

const struct cc_rule_row *cc_rule_named(const char *code)
{
    for (int i = 0; i < CC_RULE_COUNT; i++) {
        if (cc_text_equal(cc_rule_rows[i].code, code)) {
            return &cc_rule_rows[i];
        }
    }
    return NULL;
}
