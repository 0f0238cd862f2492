#include "credctl/base/text.h"
#include "credctl/commands/shared.h"

static const char *const outcomes[] = {
    [CC_FOUND] = "found", [CC_ABSENT] = "absent", [CC_BROKEN] = "broken", NULL};

// clang-format off
#define ATTEMPT(kind, member, ...) CC_ROW(kind, struct cc_told_attempt, member, __VA_ARGS__)

static const struct cc_shape_field attempt_fields[] = {
    ATTEMPT(TEXT, provider, "provider", "the provider that was asked"),
    ATTEMPT(WORD, outcome, "outcome", "what it answered", .words = outcomes),
    ATTEMPT(TEXT, detail, "detail", "what was found, or what was looked for", .rules = CC_NULL),
    ATTEMPT(TEXT, why, "cause", "why it found none", .rules = CC_NULL),
    ATTEMPT(TEXT, fix, "try", "what to try next, when it is broken", .rules = CC_NULL),
    ATTEMPT(NUMBER, ms, "time", "milliseconds it took"),
    {0},
};
static const struct cc_shape attempt_shape = {"attempt", attempt_fields,
                                              sizeof(struct cc_told_attempt)};

static const struct cc_shape_field hop_fields[] = {
    CC_ROW(TEXT, struct cc_told_hop, role_arn, "role", "the role that is assumed"),
    CC_ROW(FLAG, struct cc_told_hop, done, "done", "it was assumed"),
    {0},
};
static const struct cc_shape hop_shape = {"hop", hop_fields, sizeof(struct cc_told_hop)};

static const struct cc_shape_field fields[] = {
    CC_ROW_LIST(struct cc_story_told, chain, chain_count, struct cc_told_attempt, &attempt_shape,
                "chain", "every provider that was asked, in order"),
    CC_ROW_LIST(struct cc_story_told, hops, hop_count, struct cc_told_hop, &hop_shape,
                "hops", "every role assumed on top, in order"),
    CC_ROW(TEXTS, struct cc_story_told, warnings, "warnings", "what to know even though it "
                                                              "worked"),
    {0},
};
// clang-format on

const struct cc_shape cc_story_shape = {"story", fields, sizeof(struct cc_story_told)};

static struct cc_told_attempt told_attempt(struct cc_arena *mem, const struct cc_attempt *attempt)
{
    const bool found = attempt->outcome == CC_FOUND;
    const struct cc_error *why = attempt->why;
    const char *detail = attempt->detail ? cc_text_printable(mem, attempt->detail) : NULL;

    return (struct cc_told_attempt){
        .provider = attempt->provider->name,
        .outcome = (int)attempt->outcome,
        .detail = found ? detail : why->what,
        .why = found || !why->why[0] ? NULL : why->why,
        .fix = attempt->outcome == CC_BROKEN ? why->fix : NULL,
        .ms = attempt->took_ms,
    };
}

void cc_story_tell(struct cc_arena *mem, const struct cc_resolve *resolve,
                   struct cc_story_told *told)
{
    const struct cc_story *story = &resolve->story;
    struct cc_told_attempt *chain = cc_alloc(mem, (story->count + 1) * sizeof(*chain));
    struct cc_told_hop *hops = cc_alloc(mem, (resolve->hop_count + 1) * sizeof(*hops));
    const char **warnings = cc_alloc(mem, (resolve->search.warning_count + 1) * sizeof(*warnings));

    for (size_t i = 0; i < story->count; i++) {
        chain[i] = told_attempt(mem, &story->attempts[i]);
    }
    for (size_t i = 0; i < resolve->hop_count; i++) {
        hops[i] = (struct cc_told_hop){resolve->hops[i].role_arn, i < story->hops_done};
    }
    for (size_t i = 0; i < resolve->search.warning_count; i++) {
        warnings[i] = resolve->search.warnings[i];
    }
    *told = (struct cc_story_told){chain, story->count, hops, resolve->hop_count, warnings};
}

void cc_story_print(const struct cc_story_told *told, struct cc_buf *out)
{
    cc_buf_text(out, "\nProviders, in the order in which they are asked\n");
    for (size_t i = 0; i < told->chain_count; i++) {
        const struct cc_told_attempt *row = &told->chain[i];

        cc_buf_addf(out, "  %-7s %-13s %s (%d ms)\n", outcomes[row->outcome], row->provider,
                    row->detail ? row->detail : "", row->ms);
    }
    for (size_t i = 0; i < told->hop_count; i++) {
        cc_buf_addf(out, "  %-7s %-13s %s\n", told->hops[i].done ? "assumed" : "not yet", "hop",
                    told->hops[i].role_arn);
    }
    if (told->warnings && told->warnings[0]) {
        cc_buf_text(out, "\nWarnings\n");
    }
    for (size_t i = 0; told->warnings && told->warnings[i]; i++) {
        cc_buf_addf(out, "  - %s\n", told->warnings[i]);
    }
}

static const struct cc_shape_field failure_fields[] = {
    CC_ROW_OBJECT(struct cc_failure_told, error, struct cc_error, &cc_error_shape, NULL,
                  "why the command failed"),
    {0},
};
const struct cc_shape cc_failure_shape = {"error", failure_fields, sizeof(struct cc_failure_told)};

void cc_error_print(const struct cc_error *err, const char *indent, struct cc_buf *out)
{
    cc_buf_addf(out, "%s [%s]\n", err->what, cc_code_name(err->code));
    if (err->why[0]) {
        cc_buf_addf(out, "%scause: %s\n", indent, err->why);
    }
    cc_buf_addf(out, "%stry:   %s\n", indent, err->fix);
}
