#include "credctl/aws/outcome.h"
#include "credctl/base/text.h"

#include "visit.h"

#include <string.h>

/* After a denial: what can be read, simulated and probed. */

static struct cc_errand *begin_source(struct cc_visit *visit)
{
    return cc_source_errand(visit->tour, visit->run, &visit->wait_ms);
}

static void end_source(struct cc_visit *visit, struct cc_errand *errand)
{
    visit->shared += cc_steps_sent(errand);
}

static bool same_account(const struct cc_visit *visit)
{
    return visit->tour->caller &&
           cc_text_equal(visit->target->account, visit->tour->caller->account_id);
}

/* IAM answers for the caller's own account only. */
static struct cc_errand *begin_role(struct cc_visit *visit)
{
    const char *slash = strrchr(visit->hop.role_arn, '/');

    if (!same_account(visit) || !slash || visit->tour->self.principal.silent) {
        return NULL;
    }
    cc_visit_prepare_ask(visit);
    visit->owner = (struct cc_iam_owner){CC_IAM_ROLE, slash + 1};
    cc_iam_entity(visit->run, &visit->ask, &visit->owner, &visit->entity);
    return cc_visit_ask(visit, &visit->tour->resolve->keys);
}

static void trust_unread(struct cc_visit *visit, const struct cc_error *err)
{
    visit->evidence.trust_unread =
        cc_textf(&visit->run->mem, "%s%s%s", err->what, err->why[0] ? ": " : "", err->why);
    cc_log(visit->run, CC_WARN, "access.trust", CC_S("what", err->what), CC_S("why", err->why));
}

static void take_trust(struct cc_visit *visit, const char *text, size_t len, const char *name)
{
    struct cc_arena *mem = &visit->run->mem;
    struct cc_policy *policy = cc_alloc(mem, sizeof(*policy));
    struct cc_error err;

    if (cc_policy_parse(mem, text, len, name, policy, &err)) {
        visit->evidence.trust = (struct cc_documents){
            .known = CC_KNOWN, .policies = {policy, 1}, .at = visit->hop.role_arn};
    } else {
        trust_unread(visit, &err);
    }
}

static void end_role(struct cc_visit *visit, struct cc_errand *errand)
{
    struct cc_evidence *evidence = &visit->evidence;

    if (!errand->ok) {
        evidence->role_missing = cc_answer_none(&visit->answer);
        return;
    }
    if (!cc_text_equal(visit->entity.arn, visit->hop.role_arn)) {
        evidence->role_missing = true;
        evidence->role_is = visit->entity.arn;
        return;
    }
    evidence->role_known = true;
    if (visit->entity.trust) {
        take_trust(visit, visit->entity.trust, strlen(visit->entity.trust),
                   cc_textf(&visit->run->mem, "the trust policy of %s", visit->hop.role_arn));
    }
}

/* The file that the owner of the role gave is evidence too. */
static void read_trust_file(struct cc_visit *visit)
{
    const char *path = visit->target->more ? visit->target->more->trust_policy : NULL;
    const char *text = NULL;
    size_t len = 0;
    struct cc_error err;

    if (!path || visit->evidence.trust.known == CC_KNOWN || visit->file_read) {
        return;
    }
    visit->file_read = true;
    if (cc_read_file(visit->run, path, CC_POLICY_MAX, &text, &len, &err)) {
        take_trust(visit, text, len, path);
    } else {
        trust_unread(visit, &err);
    }
}

/* --- the organization of the role's account --- */

static struct cc_errand *begin_rcps(struct cc_visit *visit)
{
    return visit->tour->caller ? cc_org_levels_errand(visit->run, &visit->tour->self.org,
                                                      visit->target->account, CC_ORG_RCP)
                               : NULL;
}

static void end_rcps(struct cc_visit *visit, struct cc_errand *errand)
{
    (void)visit;
    (void)errand; /* what was read is taken at the end: others may have read it before */
}

/* --- simulation, where the policies cannot be read --- */

/* The keys of the call whose values are known. */
static const struct cc_iam_context *known_keys(const struct cc_visit *visit)
{
    struct cc_arena *mem = &visit->run->mem;
    const struct cc_context context = cc_evidence_context(mem, &visit->evidence, CC_ACTION_ASSUME);
    struct cc_iam_context *rows = cc_alloc(mem, (context.count + 1) * sizeof(*rows));
    size_t count = 0;

    for (size_t i = 0; i < context.count; i++) {
        const struct cc_key *key = &context.keys[i];

        if (key->values && key->values[0]) {
            rows[count++] = (struct cc_iam_context){.key = key->name, .values = key->values};
        }
    }
    return rows;
}

/* The actions of the call, and the one that was denied. */
static const char *const *simulated_actions(const struct cc_visit *visit)
{
    const char **list = cc_alloc(&visit->run->mem, (CC_NEEDED_ACTIONS + 1) * sizeof(*list));
    size_t count = 0;

    for (int i = 0; i < CC_NEEDED_ACTIONS; i++) {
        if (cc_text_equal(visit->evidence.denial.action, cc_needed_actions[i]) ||
            cc_action_needed(&visit->evidence, (enum cc_needed_action)i)) {
            list[count++] = cc_needed_actions[i];
        }
    }
    return (const char *const *)list;
}

static struct cc_errand *begin_simulation(struct cc_visit *visit)
{
    const struct cc_self *self = &visit->tour->self;

    if (!visit->tour->caller || self->no_simulation || self->principal.silent ||
        self->source.identity_policies.known == CC_KNOWN) {
        return NULL;
    }
    const char **resources = cc_alloc(&visit->run->mem, 2 * sizeof(*resources));
    resources[0] = visit->hop.role_arn;
    visit->question = (struct cc_iam_question){
        .source = self->source.caller.arn,
        .actions = simulated_actions(visit),
        .resources = (const char *const *)resources,
        .context = known_keys(visit),
    };
    cc_visit_prepare_ask(visit);
    cc_iam_simulate(visit->run, &visit->ask, &visit->question, &visit->verdicts);
    return cc_visit_ask(visit, &visit->tour->resolve->keys);
}

/* Keys that the simulation lacked, and whose value is not known here either. */
static bool is_complete(const struct cc_visit *visit, enum cc_needed_action action,
                        const struct cc_iam_verdict *row)
{
    const struct cc_context context =
        cc_evidence_context(&visit->run->mem, &visit->evidence, action);

    for (size_t i = 0; row->missing && row->missing[i]; i++) {
        if (cc_context_key(&context, row->missing[i]).unknown) {
            return false;
        }
    }
    return true;
}

static void take_verdict(struct cc_visit *visit, const struct cc_iam_verdict *row)
{
    for (int i = 0; i < CC_NEEDED_ACTIONS; i++) {
        if (cc_text_equal_nocase(row->action, cc_needed_actions[i])) {
            visit->evidence.simulated[i] = (struct cc_simulated){
                .done = true,
                .allowed = row->decision == CC_IAM_ALLOWED ? CC_YES : CC_NO,
                .explicit_deny = row->decision == CC_IAM_EXPLICIT_DENY,
                .complete = is_complete(visit, (enum cc_needed_action)i, row),
                .matched = row->match_count > 0,
                .by_boundary = row->boundary,
                .by_organization = row->organization,
            };
        }
    }
}

static void end_simulation(struct cc_visit *visit, struct cc_errand *errand)
{
    struct cc_self *self = &visit->tour->self;

    if (!errand->ok) {
        self->no_simulation = self->no_simulation || cc_answer_denied(&visit->answer) ||
                              cc_access_unanswered(&errand->err);
    }
    for (size_t i = 0; errand->ok && i < visit->verdicts.count; i++) {
        take_verdict(visit, &visit->verdicts.rows[i]);
    }
}

static void take_rcps(struct cc_visit *visit)
{
    const struct cc_org_facts *org = &visit->tour->self.org;

    if (visit->tour->caller) {
        visit->evidence.rcps =
            cc_org_facts_levels(&visit->run->mem, org, visit->target->account, CC_ORG_RCP);
        visit->evidence.account_unknown =
            org->known == CC_KNOWN && cc_org_facts_lacks(org, visit->target->account);
    }
}

/* --- probes: the call with one thing changed; what succeeds is proof --- */

/* Nothing is left to find out, or no probe can tell. */
static bool probes(struct cc_visit *visit)
{
    const struct cc_denial *denial = &visit->evidence.denial;
    const bool other_action =
        denial->action && !cc_text_equal_nocase(denial->action, "sts:AssumeRole");

    read_trust_file(visit);
    take_rcps(visit);
    return !other_action && visit->evidence.trust.known != CC_KNOWN &&
           !cc_diagnosis_settled(&visit->run->mem, &visit->evidence);
}

static struct cc_errand *begin_without_id(struct cc_visit *visit)
{
    if (!visit->hop.external_id || !probes(visit)) {
        return NULL;
    }
    visit->probe = visit->hop;
    visit->probe.external_id = NULL;
    return cc_visit_assume(visit, &visit->probe, &visit->unused);
}

static enum cc_probed probed(const struct cc_errand *errand)
{
    if (errand->ok) {
        return CC_PROBE_ALLOWED;
    }
    return cc_access_is_denial(cc_call_answer(errand), &errand->err) ? CC_PROBE_DENIED
                                                                     : CC_NOT_PROBED;
}

static void end_without_id(struct cc_visit *visit, struct cc_errand *errand)
{
    visit->evidence.without_external_id = probed(errand);
}

static bool found(const struct cc_visit *visit)
{
    return visit->evidence.without_external_id == CC_PROBE_ALLOWED ||
           visit->evidence.without_tags == CC_PROBE_ALLOWED ||
           visit->evidence.without_source_identity == CC_PROBE_ALLOWED;
}

static struct cc_errand *begin_without_tags(struct cc_visit *visit)
{
    if (!cc_action_needed(&visit->evidence, CC_ACTION_TAG) || found(visit) || !probes(visit)) {
        return NULL;
    }
    visit->probe = visit->hop;
    visit->probe.tags = NULL;
    visit->probe.transitive_tag_keys = NULL;
    return cc_visit_assume(visit, &visit->probe, &visit->unused);
}

static void end_without_tags(struct cc_visit *visit, struct cc_errand *errand)
{
    visit->evidence.without_tags = probed(errand);
}

static struct cc_errand *begin_without_source(struct cc_visit *visit)
{
    if (!visit->hop.source_identity || found(visit) || !probes(visit)) {
        return NULL;
    }
    visit->probe = visit->hop;
    visit->probe.source_identity = NULL;
    return cc_visit_assume(visit, &visit->probe, &visit->unused);
}

static void end_without_source(struct cc_visit *visit, struct cc_errand *errand)
{
    visit->evidence.without_source_identity = probed(errand);
}

static struct cc_errand *begin_other_name(struct cc_visit *visit)
{
    if (cc_text_equal(visit->hop.session_name, CC_TEST_SESSION_NAME) || found(visit) ||
        !probes(visit)) {
        return NULL;
    }
    visit->probe = visit->hop;
    visit->probe.session_name = CC_TEST_SESSION_NAME;
    return cc_visit_assume(visit, &visit->probe, &visit->unused);
}

static void end_other_name(struct cc_visit *visit, struct cc_errand *errand)
{
    visit->evidence.other_session_name = probed(errand);
}

const struct cc_stage cc_stages_denied[] = {
    {begin_source, end_source, false},
    {begin_role, end_role, false},
    {begin_rcps, end_rcps, false},
    {begin_simulation, end_simulation, false},
    {begin_without_id, end_without_id, true},
    {begin_without_tags, end_without_tags, true},
    {begin_without_source, end_without_source, true},
    {begin_other_name, end_other_name, true},
    {0},
};

void cc_visit_diagnose(struct cc_visit *visit)
{
    struct cc_diagnosis diagnosis;

    read_trust_file(visit);
    take_rcps(visit);
    visit->evidence.now = cc_now_aws(visit->run);
    cc_diagnose(&visit->run->mem, &visit->evidence, &diagnosis);
    cc_result_diagnosis(&visit->run->mem, &diagnosis, &visit->result);
}
