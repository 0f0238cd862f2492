#include "credctl/base/text.h"

#include "visit.h"

#include <string.h>

#define WRONG_ID_SIZE 8

/* After a success: are the credentials usable, is the external ID enforced, what may the role do?
 */

static struct cc_errand *begin_verify(struct cc_visit *visit)
{
    return cc_visit_allowed(visit) && visit->tour->verify
               ? cc_sts_caller_errand(visit->run, &visit->tour->resolve->settings, &visit->keys,
                                      visit->region, &visit->who, &visit->err)
               : NULL;
}

/* Credentials that AWS refuses are not access. An answer that failed to come says nothing, and a
 * denial says only that something on the way does not let this question pass. */
static void end_verify(struct cc_visit *visit, struct cc_errand *errand)
{
    const struct cc_answer *answer = cc_call_answer(errand);

    if (errand->ok) {
        visit->result.verified = (struct cc_maybe_flag){true, true};
        visit->result.assumed_role_arn = visit->who.arn;
    } else if (!cc_error_passes(&errand->err) && answer->error_code &&
               !cc_access_is_denial(answer, &errand->err)) {
        visit->result.verified = (struct cc_maybe_flag){true, false};
        cc_visit_fail(visit, answer, &errand->err);
    }
}

static bool checks_id(const struct cc_visit *visit)
{
    return cc_visit_allowed(visit) && visit->tour->options->check_external_id && !visit->id_open;
}

static struct cc_errand *begin_wrong_id(struct cc_visit *visit)
{
    unsigned char bytes[WRONG_ID_SIZE] = {0};
    char hex[2 * WRONG_ID_SIZE + 1];

    if (!checks_id(visit)) {
        return NULL;
    }
    if (!visit->hop.external_id) {
        visit->id_open = true; /* it has just succeeded without one */
        return NULL;
    }
    if (!cc_random(visit->run, bytes, sizeof(bytes), &visit->err)) {
        return NULL;
    }
    cc_text_hex(hex, bytes, sizeof(bytes));
    visit->probe = visit->hop;
    visit->probe.external_id = cc_textf(&visit->run->mem, "credctl-check-%s", hex);
    return cc_visit_assume(visit, &visit->probe, &visit->unused);
}

static void end_id(struct cc_visit *visit, struct cc_errand *errand)
{
    visit->id_open = visit->id_open || errand->ok;
    visit->id_refused +=
        !errand->ok && cc_access_is_denial(cc_call_answer(errand), &errand->err) ? 1 : 0;
}

static struct cc_errand *begin_no_id(struct cc_visit *visit)
{
    if (!checks_id(visit)) {
        return NULL;
    }
    visit->probe = visit->hop;
    visit->probe.external_id = NULL;
    return cc_visit_assume(visit, &visit->probe, &visit->unused);
}

/* --- actions of the assumed role --- */

static const char *const *actions_of(const struct cc_visit *visit)
{
    const struct cc_target_more *more = visit->target->more;

    return more && more->actions && more->actions[0] ? more->actions
                                                     : visit->tour->options->actions;
}

static struct cc_errand *begin_actions(struct cc_visit *visit)
{
    const char *const *actions = actions_of(visit);

    if (!cc_visit_allowed(visit) || !actions || !actions[0]) {
        return NULL;
    }
    size_t count = 0;
    while (actions[count]) {
        count++;
    }
    struct cc_access_action *rows = cc_alloc(&visit->run->mem, count * sizeof(*rows));
    for (size_t i = 0; i < count; i++) {
        rows[i] = (struct cc_access_action){actions[i], "unknown"};
    }
    visit->result.actions = rows;
    visit->result.action_count = count;
    visit->question = (struct cc_iam_question){.source = visit->hop.role_arn, .actions = actions};
    cc_visit_prepare_ask(visit);
    cc_iam_simulate(visit->run, &visit->ask, &visit->question, &visit->verdicts);
    return cc_visit_ask(visit, &visit->keys);
}

static void decide_action(struct cc_visit *visit, const char *action, const char *decision)
{
    struct cc_access_action *rows = (struct cc_access_action *)visit->result.actions;

    for (size_t i = 0; i < visit->result.action_count; i++) {
        if (cc_text_equal_nocase(rows[i].action, action)) {
            rows[i].decision = decision;
        }
    }
}

/* Without a key that a policy asks for, the simulation may err; a denial by the organization does
 * not depend on the role's policies. */
static const char *simulated(const struct cc_iam_verdict *row)
{
    const bool by_organization = row->organization.known && !row->organization.value;

    if (by_organization || row->decision != CC_IAM_ALLOWED) {
        return by_organization || !row->missing || !row->missing[0] ? "denied" : "unknown";
    }
    return row->missing && row->missing[0] ? "unknown" : "allowed";
}

static void end_actions(struct cc_visit *visit, struct cc_errand *errand)
{
    for (size_t i = 0; errand->ok && i < visit->verdicts.count; i++) {
        decide_action(visit, visit->verdicts.rows[i].action, simulated(&visit->verdicts.rows[i]));
    }
}

static bool all_decided(const struct cc_visit *visit)
{
    for (size_t i = 0; i < visit->result.action_count; i++) {
        if (cc_text_equal(visit->result.actions[i].decision, "unknown")) {
            return false;
        }
    }
    return true;
}

/* What could not be simulated, the role may read: its own policies. */
static struct cc_errand *begin_role_policies(struct cc_visit *visit)
{
    const char *slash = strrchr(visit->hop.role_arn, '/');

    if (!cc_visit_allowed(visit) || all_decided(visit)) {
        return NULL;
    }
    cc_visit_prepare_ask(visit);
    visit->ask.by = &visit->keys;
    visit->owner = (struct cc_iam_owner){CC_IAM_ROLE, slash + 1};
    return cc_principal_errand(visit->run, &visit->ask, &visit->owner, &visit->principal);
}

static void end_role_policies(struct cc_visit *visit, struct cc_errand *errand)
{
    const struct cc_principal *principal = &visit->principal;
    struct cc_arena *mem = &visit->run->mem;

    (void)errand;
    if (principal->identity.known != CC_KNOWN || principal->boundary.known == CC_NOT_KNOWN) {
        return;
    }
    struct cc_case one = {.caller = cc_caller_of(mem, visit->hop.role_arn, NULL),
                          .resource = "*",
                          .context = {.mem = mem, .open = true}};
    one.layers[CC_LAYER_IDENTITY] = cc_documents_level(mem, &principal->identity);
    one.layers[CC_LAYER_BOUNDARY] = cc_documents_level(mem, &principal->boundary);
    for (size_t i = 0; i < visit->result.action_count; i++) {
        if (!cc_text_equal(visit->result.actions[i].decision, "unknown")) {
            continue;
        }
        one.action = visit->result.actions[i].action;
        const enum cc_tri allows = cc_decide(mem, &one).allowed;

        decide_action(visit, one.action,
                      allows == CC_YES  ? "allowed"
                      : allows == CC_NO ? "denied"
                                        : "unknown");
    }
}

const struct cc_stage cc_stages_allowed[] = {
    {begin_verify, end_verify, true},
    {begin_wrong_id, end_id, true},
    {begin_no_id, end_id, true},
    {begin_actions, end_actions, false},
    {begin_role_policies, end_role_policies, false},
    {0},
};
