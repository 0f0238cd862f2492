#include "credctl/assess/inquiry.h"

#include "credctl/base/text.h"

#include <string.h>

struct cc_inquiry *cc_inquiry_new(struct cc_run *run, const struct cc_settings *settings,
                                  const struct cc_keys *keys, const char *region)
{
    struct cc_inquiry *inquiry = cc_alloc(&run->mem, sizeof(*inquiry));

    *inquiry =
        (struct cc_inquiry){.run = run, .settings = settings, .keys = keys, .region = region};
    inquiry->last = &inquiry->waiting;
    return inquiry;
}

struct cc_asked *cc_inquire(struct cc_inquiry *inquiry, const struct cc_operation *operation,
                            const struct cc_param *params)
{
    static const struct cc_param none[] = {{0}};
    struct cc_asked *asked = cc_alloc(&inquiry->run->mem, sizeof(*asked));

    *asked = (struct cc_asked){
        .inquiry = inquiry,
        .ask = {.settings = inquiry->settings, .by = inquiry->keys, .region = inquiry->region}};
    asked->ask.end = &asked->end;
    cc_ask_for(inquiry->run, &asked->ask, operation, params ? params : none);
    *inquiry->last = asked;
    inquiry->last = &asked->next;
    return asked;
}

static struct cc_asked *take_waiting(struct cc_inquiry *inquiry)
{
    struct cc_asked *asked = inquiry->waiting;

    if (asked) {
        inquiry->waiting = asked->next;
        inquiry->last = inquiry->waiting ? inquiry->last : &inquiry->waiting;
        asked->next = NULL;
    }
    return asked;
}

static void end(struct cc_asked *asked, bool ok)
{
    asked->ok = ok;
    if (!ok) {
        asked->failure =
            cc_ask_failed(asked->inquiry->run, &asked->ask, &asked->answer, &asked->err);
    }
    if (asked->done) {
        asked->done(asked);
    }
}

struct cc_errand *cc_inquiry_next(struct cc_inquiry *inquiry)
{
    struct cc_asked *asked = take_waiting(inquiry);

    while (asked) {
        asked->errand = cc_ask_errand(inquiry->run, &asked->ask, &asked->answer, &asked->err);
        if (asked->errand) {
            asked->next = inquiry->under_way;
            inquiry->under_way = asked;
            return asked->errand;
        }
        end(asked, false); /* it cannot be asked here */
        asked = take_waiting(inquiry);
    }
    return NULL;
}

void cc_inquiry_done(struct cc_inquiry *inquiry, struct cc_errand *errand)
{
    struct cc_asked **at = &inquiry->under_way;

    while ((*at)->errand != errand) {
        at = &(*at)->next;
    }
    struct cc_asked *asked = *at;
    *at = asked->next;
    asked->err = errand->err;
    end(asked, errand->ok);
}

/* --- what could not be read --- */

// clang-format off
#define ROW(kind, member, ...) CC_ROW(kind, struct cc_unread, member, NULL, __VA_ARGS__)
static const struct cc_shape_field unread_fields[] = {
    ROW(TEXT, code, "what kind of failure it is", .words = cc_ask_outcome_words),
    ROW(TEXT, operation, "the operation of AWS that failed", .rules = CC_NULL),
    ROW(TEXT, why, "what AWS, or the network, says"),
    ROW(TEXT, fix, "what to do about it"),
    ROW(TEXT, missing_permission, "denied: the IAM action that a policy must allow", .rules = CC_NULL),
    ROW(TEXT, resource, "denied: on this resource, when AWS says so", .rules = CC_NULL),
    {0},
};
// clang-format on
const struct cc_shape cc_unread_shape = {"unread", unread_fields, sizeof(struct cc_unread)};

const struct cc_unread *cc_asked_unread(const struct cc_asked *asked)
{
    struct cc_arena *mem = &asked->inquiry->run->mem;
    struct cc_unread *unread = cc_alloc(mem, sizeof(*unread));
    const struct cc_error *err = &asked->err;

    *unread = (struct cc_unread){
        .code = cc_ask_outcome_words[asked->failure.outcome],
        .operation = asked->ask.operation->name,
        .why = cc_textf(mem, "%s%s%s", err->what, err->why[0] ? ": " : "", err->why),
        .fix = asked->failure.outcome == CC_OUT_DEADLINE
                   ? CC_ASSESS_MORE_TIME
                   : cc_text_dup(mem, err->fix, strlen(err->fix)),
        .missing_permission = asked->failure.action,
        .resource = asked->failure.resource,
    };
    return unread;
}
