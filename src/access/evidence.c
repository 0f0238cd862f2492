#include "credctl/access/evidence.h"

#include "credctl/base/text.h"
#include "credctl/base/time.h"

#include "findings.h"

#include <string.h>

const char *const cc_needed_actions[] = {[CC_ACTION_ASSUME] = "sts:AssumeRole",
                                         [CC_ACTION_TAG] = "sts:TagSession",
                                         [CC_ACTION_SOURCE_IDENTITY] = "sts:SetSourceIdentity",
                                         NULL};

bool cc_action_needed(const struct cc_evidence *evidence, enum cc_needed_action action)
{
    const struct cc_assume *hop = evidence->hop;

    switch (action) {
    case CC_ACTION_TAG: return hop->tags && hop->tags[0];
    case CC_ACTION_SOURCE_IDENTITY: return hop->source_identity != NULL;
    default: return true;
    }
}

/* Keys that STS never has in a request of this kind (IAM User Guide, "AWS global condition context
 * keys"). */
static const char *const never[] = {
    "aws:CalledVia",
    "aws:CalledViaFirst",
    "aws:CalledViaLast",
    "aws:SourceAccount",
    "aws:SourceArn",
    "aws:SourceOrgID",
    "aws:SourceOrgPaths",
    "aws:PrincipalServiceName",
    "aws:PrincipalIsAWSService",
};

static void set_caller(struct cc_context *context, const struct cc_access_source *source)
{
    const char *id = source->identity.user_id;

    cc_context_set(context, "aws:PrincipalAccount", source->identity.account_id);
    cc_context_set(context, "aws:PrincipalType", source->is_role ? "AssumedRole" : "User");
    cc_context_set(context, "aws:userid", id);
    if (source->path_known) {
        cc_context_set(context, "aws:PrincipalArn", source->caller.arn);
    }
    if (source->is_role) {
        cc_context_set(context, "aws:username", NULL);
        cc_context_set(context, "aws:MultiFactorAuthPresent", "false");
        cc_context_set(context, "aws:MultiFactorAuthAge", NULL);
    } else {
        cc_context_set(context, "aws:username", source->role_name);
    }
    if (source->long_term) {
        cc_context_set(context, "aws:MultiFactorAuthPresent", NULL);
        cc_context_set(context, "aws:MultiFactorAuthAge", NULL);
        cc_context_set(context, "aws:TokenIssueTime", NULL);
        cc_context_set(context, "aws:SourceIdentity", NULL);
    }
    if (source->organization) {
        cc_context_set(context, "aws:PrincipalOrgID", source->organization);
    }
}

/* The tags of the call. A session can have others, which pass to the next one unseen. */
static void set_tags(struct cc_context *context, const struct cc_evidence *evidence)
{
    const char *const *tags = evidence->hop->tags;
    struct cc_arena *mem = context->mem;
    size_t count = 0;

    while (tags && tags[count]) {
        count++;
    }
    const char **keys = cc_alloc(mem, (count + 1) * sizeof(*keys));
    for (size_t i = 0; i < count; i++) {
        const size_t len = strcspn(tags[i], "=");

        keys[i] = cc_text_dup(mem, tags[i], len);
        cc_context_set(context, cc_textf(mem, "aws:RequestTag/%s", keys[i]),
                       tags[i][len] ? tags[i] + len + 1 : "");
    }
    if (count > 0 || evidence->source->long_term) {
        cc_context_set_list(context, "aws:TagKeys", (const char *const *)keys);
    }
}

static void set_time(struct cc_context *context, int64_t now)
{
    cc_context_set(context, "aws:CurrentTime", cc_time_iso(context->mem, now));
    cc_context_set(context, "aws:EpochTime", cc_textf(context->mem, "%lld", (long long)now));
}

struct cc_context cc_evidence_context(struct cc_arena *mem, const struct cc_evidence *evidence,
                                      enum cc_needed_action action)
{
    struct cc_context context = {.mem = mem, .open = true};
    const struct cc_assume *hop = evidence->hop;
    const bool assume = action == CC_ACTION_ASSUME;

    for (size_t i = 0; i < CC_COUNT(never); i++) {
        cc_context_set(&context, never[i], NULL);
    }
    set_caller(&context, evidence->source);
    set_time(&context, evidence->now);
    cc_context_set(&context, "aws:SecureTransport", "true");
    cc_context_set(&context, "aws:ViaAWSService", "false");
    cc_context_set(&context, "aws:ResourceAccount", evidence->account);
    cc_context_set(&context, "aws:RequestedRegion", evidence->region);
    cc_context_set(&context, "sts:ExternalId", assume ? hop->external_id : NULL);
    cc_context_set(&context, "sts:RoleSessionName", assume ? hop->session_name : NULL);
    if (action != CC_ACTION_TAG && (assume || hop->source_identity)) {
        cc_context_set(&context, "sts:SourceIdentity", hop->source_identity);
    }
    if (action != CC_ACTION_SOURCE_IDENTITY) {
        set_tags(&context, evidence);
    }
    return context;
}

struct cc_levels cc_documents_level(struct cc_arena *mem, const struct cc_documents *documents)
{
    struct cc_policies *row = cc_alloc(mem, sizeof(*row));

    *row = documents->policies;
    return documents->known == CC_KNOWN
               ? (struct cc_levels){.present = true, .rows = row, .count = 1}
               : (struct cc_levels){0};
}

static struct cc_levels org_levels(struct cc_arena *mem, const struct cc_org_levels *levels)
{
    struct cc_policies *rows = cc_alloc(mem, (levels->count + 1) * sizeof(*rows));

    for (size_t i = 0; i < levels->count; i++) {
        rows[i] = levels->rows[i].policies;
    }
    return levels->known == CC_KNOWN
               ? (struct cc_levels){.present = true, .rows = rows, .count = levels->count}
               : (struct cc_levels){0};
}

static const char *after_last_slash(const char *text)
{
    const char *slash = strrchr(text, '/');

    return slash ? slash + 1 : text;
}

/*
 * The names of roles are unique in an account, whatever their paths. So a trust policy that has the
 * role's name has its path too.
 */
static const char *arn_in_statement(const struct cc_statement *statement, const char *begin,
                                    const char *name)
{
    for (size_t i = 0; i < statement->principal_count; i++) {
        const char *value = statement->principals[i].value;

        if (cc_text_starts(value, begin) && cc_text_equal(after_last_slash(value), name)) {
            return value;
        }
    }
    return NULL;
}

static const char *arn_in_trust(struct cc_arena *mem, const struct cc_evidence *evidence)
{
    const struct cc_access_source *source = evidence->source;
    const struct cc_policies *trust = &evidence->trust.policies;
    const char *begin =
        cc_textf(mem, "arn:%s:iam::%s:role/", source->caller.partition, source->caller.account);
    const char *found = NULL;

    for (size_t i = 0; i < trust->count; i++) {
        for (size_t k = 0; !found && k < trust->rows[i].count; k++) {
            found = arn_in_statement(&trust->rows[i].statements[k], begin, source->role_name);
        }
    }
    return found;
}

struct cc_case cc_evidence_case(struct cc_arena *mem, const struct cc_evidence *evidence,
                                enum cc_needed_action action)
{
    const struct cc_access_source *source = evidence->source;
    const char *in_trust =
        source->is_role && !source->path_known ? arn_in_trust(mem, evidence) : NULL;
    struct cc_case one = {
        .caller = source->caller,
        .action = cc_needed_actions[action],
        .resource = evidence->hop->role_arn,
        .resource_account = evidence->account,
        .context = cc_evidence_context(mem, evidence, action),
    };

    one.caller.arn = in_trust ? in_trust : one.caller.arn;
    one.layers[CC_LAYER_IDENTITY] = cc_documents_level(mem, &source->identity_policies);
    one.layers[CC_LAYER_BOUNDARY] = cc_documents_level(mem, &source->boundary);
    one.layers[CC_LAYER_RESOURCE] = cc_documents_level(mem, &evidence->trust);
    one.layers[CC_LAYER_SCP] = org_levels(mem, &source->scps);
    one.layers[CC_LAYER_RCP] = org_levels(mem, &evidence->rcps);
    return one;
}
