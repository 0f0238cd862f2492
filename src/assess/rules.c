#include "credctl/assess/rules.h"

const struct cc_rule_row cc_rule_rows[CC_RULE_COUNT] = {
#define X(symbol, code, severity, says, fix, advice) \
    {code, CC_SEVERITY_##severity, says, fix, advice},
    CC_RULES(X)
#undef X
};
