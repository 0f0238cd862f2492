#ifndef TESTS_TARGETS_SUPPORT_H
#define TESTS_TARGETS_SUPPORT_H

#include "credctl/base/buf.h"
#include "credctl/base/text.h"
#include "credctl/targets/targets.h"

#include "support/test.h"

#define ONE "arn:aws:iam::000000000001:role/A"
#define TWO "arn:aws:iam::000000000002:role/B"

static struct cc_targets targets;
static struct cc_error err;

static bool parse_named(void **state, const char *from, const char *text, bool lenient)
{
    const struct cc_target_defaults defaults = {
        .partition = "aws", .role_name = "Audit", .from = from, .lenient = lenient};
    struct fake *fake = *state;

    targets = (struct cc_targets){0};
    err = (struct cc_error){0};
    return cc_targets_parse(&fake->run.mem, text, strlen(text), &defaults, &targets, &err);
}

/* A list without a name. */
static inline bool parse(void **state, const char *text)
{
    return parse_named(state, NULL, text, false);
}

static inline bool parse_lenient(void **state, const char *text)
{
    return parse_named(state, NULL, text, true);
}

#endif
