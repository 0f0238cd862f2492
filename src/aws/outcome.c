#include "credctl/aws/outcome.h"

#include "credctl/base/text.h"

#include <string.h>

const char *const cc_ask_outcome_words[] = {
    [CC_OUT_DENIED] = "denied",
    [CC_OUT_OFF] = "not_enabled",
    [CC_OUT_NOT_OFFERED] = "not_offered",
    [CC_OUT_THROTTLED] = "throttled",
    [CC_OUT_NETWORK] = "network",
    [CC_OUT_DEADLINE] = "deadline",
    [CC_OUT_OTHER] = "other",
    NULL,
};

static const char *const denials[] = {
    "AccessDenied",          /* query, rest-xml */
    "AccessDeniedException", /* JSON */
    "UnauthorizedOperation", /* EC2 */
    "UnauthorizedException", /* Resource Explorer, for a view */
    "AuthorizationError",    "NotAuthorized", NULL,
};
static const char *const absences[] = {
    "NoSuchEntity",
    "AccountNotFoundException",
    "ChildNotFoundException",
    "ParentNotFoundException",
    "PolicyNotFoundException",
    "TargetNotFoundException",
    NULL,
};

static bool is_one_of(const struct cc_answer *answer, const char *const *codes)
{
    while (*codes && !cc_text_equal(*codes, answer->error_code)) {
        codes++;
    }
    return *codes != NULL;
}

bool cc_answer_denied(const struct cc_answer *answer)
{
    return is_one_of(answer, denials);
}

bool cc_answer_none(const struct cc_answer *answer)
{
    return is_one_of(answer, absences);
}

/* Whatever the service. */
static const struct cc_off_sign off_everywhere[] = {
    {"OptInRequired", NULL}, {"SubscriptionRequiredException", NULL}, {"NotSignedUp", NULL}, {0}};

static bool shows(const struct cc_off_sign *signs, const struct cc_answer *answer)
{
    for (; signs && signs->code; signs++) {
        if (cc_text_equal(signs->code, answer->error_code) &&
            (!signs->part ||
             (answer->error_message && strstr(answer->error_message, signs->part)))) {
            return true;
        }
    }
    return false;
}

/* A name that AWS does not have, while its other names resolve. */
static bool has_no_host(struct cc_run *run, const struct cc_ask *ask, const struct cc_error *err)
{
    return err->code == CC_E_DNS && cc_run_whole(run)->clock_seen &&
           !cc_settings_endpoint(run, ask->settings, NULL, ask->operation->service->id);
}

/* An exchange that was under way then ends like one that nobody answers. */
static bool past_deadline(const struct cc_run *run)
{
    return run->deadline_ms != 0 && cc_time_left_ms(run, 1) == 0;
}

static enum cc_ask_outcome outcome_of(struct cc_run *run, const struct cc_ask *ask,
                                      const struct cc_answer *answer, const struct cc_error *err)
{
    if (shows(ask->operation->service->off, answer) || shows(off_everywhere, answer)) {
        return CC_OUT_OFF;
    }
    if (cc_answer_denied(answer)) {
        return CC_OUT_DENIED;
    }
    if (err->code == CC_E_NOT_OFFERED || has_no_host(run, ask, err)) {
        return CC_OUT_NOT_OFFERED;
    }
    switch (err->code) {
    case CC_E_THROTTLED: return CC_OUT_THROTTLED;
    case CC_E_DEADLINE: return CC_OUT_DEADLINE;
    case CC_E_TIMEOUT: return past_deadline(run) ? CC_OUT_DEADLINE : CC_OUT_NETWORK;
    case CC_E_UNREACHABLE:
    case CC_E_DNS:
    case CC_E_TLS: return CC_OUT_NETWORK;
    default: return CC_OUT_OTHER;
    }
}

/* The word of the message after `mark`, without what ends a sentence; NULL: there is none. */
static const char *word_after(struct cc_run *run, const char *message, const char *mark)
{
    const char *at = message ? strstr(message, mark) : NULL;

    if (!at) {
        return NULL;
    }
    at += strlen(mark);
    size_t len = strcspn(at, " \t\"'");
    while (len > 0 && strchr(".,;", at[len - 1])) {
        len--;
    }
    return len > 0 ? cc_text_dup(&run->mem, at, len) : NULL;
}

/* AWS can name another action than the one that was asked for: one that it needs too. */
static const char *action_of(struct cc_run *run, const struct cc_ask *ask,
                             const struct cc_answer *answer)
{
    const char *named = word_after(run, answer->error_message, "not authorized to perform: ");
    const char *colon = named ? strchr(named, ':') : NULL;

    if (colon && cc_text_consists(colon + 1, "", 128) &&
        cc_text_consists(cc_text_dup(&run->mem, named, (size_t)(colon - named)), "-", 64)) {
        return named;
    }
    return ask->operation->action;
}

struct cc_ask_failure cc_ask_failed(struct cc_run *run, const struct cc_ask *ask,
                                    const struct cc_answer *answer, const struct cc_error *err)
{
    struct cc_ask_failure failure = {.outcome = outcome_of(run, ask, answer, err)};

    if (failure.outcome == CC_OUT_DENIED) {
        const char *resource = word_after(run, answer->error_message, "on resource: ");

        failure.action = action_of(run, ask, answer);
        failure.resource = resource && cc_text_starts(resource, "arn:") ? resource : NULL;
    }
    return failure;
}
