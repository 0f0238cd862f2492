#include "credctl/base/shape_read.h"

static const char *const names[] = {
#define X(symbol, name, exit_status, remedy) name,
    CC_CODES(X)
#undef X
        NULL,
};

static const struct cc_shape_field fields[] = {
    CC_ROW(WORD, struct cc_error, code, "code", "stable code: docs/errors.md", .words = names,
           .rules = CC_ANY_WORD),
    CC_ROW(CHARS, struct cc_error, what, "what", "what could not be done"),
    CC_ROW(CHARS, struct cc_error, why, "cause", "the cause", .rules = CC_NULL),
    CC_ROW(CHARS, struct cc_error, fix, "try", "what to try next"),
    {0},
};

const struct cc_shape cc_error_shape = {"error", fields, sizeof(struct cc_error)};
