#include "credctl/access/evidence.h"
#include "credctl/base/text.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

#define HUB     "arn:aws:iam::111111111111:role/team/Hub"
#define SESSION "arn:aws:sts::111111111111:assumed-role/Hub/i-0123456789abcdef0"
#define ALICE   "arn:aws:iam::111111111111:user/alice"

/* Bits of the first two bytes. */
enum {
    AS_USER = 1,
    WITHOUT_PATH = 2,
    WITHOUT_CALLER = 4,
    SAME_ACCOUNT = 8,
    WITH_ID = 16,
    WITH_TAGS = 32,
    WITH_SOURCE_IDENTITY = 64,
    ROLE_MISSING = 128,
};
enum {
    AS_TRUST = 1, /* what the document is */
    AS_IDENTITY = 2,
    AS_BOUNDARY = 4,
    AS_SCP = 8,
    AS_RCP = 16,
    SIMULATED = 32,
    SIMULATED_MORE = 64,
    PROBED = 128,
};

static void must(bool so)
{
    if (!so) {
        abort();
    }
}

static void set_source(struct cc_arena *mem, unsigned flags, struct cc_access_source *source)
{
    const bool user = flags & AS_USER;
    const bool path = !(flags & WITHOUT_PATH);

    if (flags & WITHOUT_CALLER) {
        return;
    }
    source->identity =
        (struct cc_identity){"111111111111", user ? ALICE : SESSION, "AROAHUB00000000000001:s"};
    source->caller = cc_caller_of(mem, source->identity.arn, path ? HUB : NULL);
    source->caller.unique_id = "AROAHUB00000000000001";
    source->is_role = !user;
    source->long_term = user;
    source->path_known = user || path;
    source->role_name = user ? "alice" : "Hub";
}

static void set_documents(const struct cc_policies *policies, unsigned flags,
                          struct cc_access_source *source, struct cc_evidence *evidence)
{
    static struct cc_org_level levels[2] = {{.id = "r-ab12"}, {.id = "111111111111"}};
    const struct cc_documents documents = {.known = CC_KNOWN, .policies = *policies};

    levels[0].policies = levels[1].policies = *policies;
    evidence->trust = flags & AS_TRUST ? documents : (struct cc_documents){0};
    source->identity_policies = flags & AS_IDENTITY ? documents : (struct cc_documents){0};
    source->boundary = flags & AS_BOUNDARY ? documents : (struct cc_documents){0};
    if (flags & AS_SCP) {
        source->scps = (struct cc_org_levels){CC_KNOWN, levels, 2};
    }
    if (flags & AS_RCP) {
        evidence->rcps = (struct cc_org_levels){CC_KNOWN, levels, 2};
    }
}

static void set_findings(unsigned flags, struct cc_evidence *evidence)
{
    for (int i = 0; i < CC_NEEDED_ACTIONS && (flags & SIMULATED); i++) {
        evidence->simulated[i] = (struct cc_simulated){
            .done = true,
            .allowed = flags & SIMULATED_MORE && i == 0 ? CC_YES : CC_NO,
            .complete = !(flags & AS_SCP),
            .explicit_deny = flags & SIMULATED_MORE && flags & AS_RCP,
            .matched = flags & AS_IDENTITY,
            .by_boundary = {flags & AS_BOUNDARY, flags & SIMULATED_MORE},
            .by_organization = {flags & AS_RCP, flags & SIMULATED_MORE},
        };
    }
    if (flags & PROBED) {
        evidence->without_external_id = flags & SIMULATED_MORE ? CC_PROBE_ALLOWED : CC_PROBE_DENIED;
        evidence->without_tags = flags & SIMULATED ? CC_PROBE_ALLOWED : CC_NOT_PROBED;
        evidence->other_session_name = flags & AS_TRUST ? CC_PROBE_ALLOWED : CC_PROBE_DENIED;
    }
}

static void check(const struct cc_diagnosis *found)
{
    bool seen[CC_CAUSE_COUNT] = {false};

    must(found->count > 0 && found->count <= CC_CAUSE_COUNT);
    for (size_t i = 0; i < found->count; i++) {
        must(found->candidates[i] < CC_CAUSE_COUNT && !seen[found->candidates[i]]);
        seen[found->candidates[i]] = true;
    }
    must(found->certainty != CC_CERTAIN || found->count == 1);
    must(found->why && found->why[0] && found->fix && found->fix[0]);
    must(cc_text_is_utf8(found->why) && cc_text_is_utf8(found->fix));
    if (found->statement) {
        char *text = cJSON_PrintUnformatted(found->statement);

        must(text && found->policy_kind && found->certainty != CC_POSSIBLE);
        must(found->replace == (found->replaces != NULL));
        must(cJSON_GetObjectItemCaseSensitive(found->statement, "Effect") != NULL);
        cJSON_free(text);
    }
}

/* Two bytes of flags, a line with the message of AWS, and a document. */
int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    static const char *const tags[] = {"team=sec", "=", "", NULL};
    struct cc_arena mem = {0};
    struct cc_access_source source = {0};
    struct cc_policy policy;
    struct cc_diagnosis found;
    struct cc_error err;

    if (size < 2) {
        return 0;
    }
    const unsigned call = data[0];
    const unsigned read = data[1];
    const char *text = cc_text_dup(&mem, (const char *)data + 2, size - 2);
    const size_t line = strcspn(text, "\n");
    const bool same = call & SAME_ACCOUNT;
    const struct cc_assume hop = {
        .role_arn =
            same ? "arn:aws:iam::111111111111:role/Audit" : "arn:aws:iam::222222222222:role/Audit",
        .session_name = "credctl-test",
        .external_id = call & WITH_ID ? "credctl-7f3a9c" : NULL,
        .tags = call & WITH_TAGS ? tags : NULL,
        .source_identity = call & WITH_SOURCE_IDENTITY ? "alice" : NULL,
    };
    struct cc_evidence evidence = {.source = &source,
                                   .hop = &hop,
                                   .region = "us-east-1",
                                   .account = same ? "111111111111" : "222222222222",
                                   .now = 1800000000,
                                   .role_missing = call & ROLE_MISSING};

    set_source(&mem, call, &source);
    evidence.denial = cc_denial_read(&mem, cc_text_dup(&mem, text, line));
    text += line + (text[line] == '\n');
    if (cc_policy_parse(&mem, text, strlen(text), "arn:aws:iam::1:policy/p", &policy, &err)) {
        set_documents(&(struct cc_policies){&policy, 1}, read, &source, &evidence);
    }
    set_findings(read, &evidence);
    cc_diagnose(&mem, &evidence, &found);
    check(&found);
    must(!cc_diagnosis_settled(&mem, &evidence) || found.certainty >= CC_LIKELY);
    cc_arena_wipe(&mem);
    return 0;
}
