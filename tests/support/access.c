#include "access.h"

#include "credctl/base/json.h"
#include "credctl/base/text.h"

static const struct cc_access_caller caller = {
    "111122223333", "arn:aws:sts::111122223333:assumed-role/Hub/s", "AROA:s"};

static const cJSON *json(struct cc_arena *mem, const char *text)
{
    const cJSON *doc = NULL;
    struct cc_error err;

    assert_true(cc_json_parse(mem, text, strlen(text), "test", &doc, &err));
    return doc;
}

struct cc_access_result access_target(struct cc_arena *mem, const char *name, const char *account,
                                      const char *role)
{
    return (struct cc_access_result){
        .target = name,
        .account_id = account,
        .role_arn = cc_textf(mem, "arn:aws:iam::%s:role/%s", account, role),
        .outcome = CC_ACCESS_ALLOWED,
        .assumed_role_arn =
            cc_textf(mem, "arn:aws:sts::%s:assumed-role/%s/credctl-test", account, role),
        .expires = 1796000000,
        .attempts = 1,
        .seconds = 0.25};
}

struct cc_access_result access_ended(struct cc_arena *mem, struct cc_access_result result,
                                     enum cc_access_outcome outcome, const char *cause)
{
    static const char *const candidates[] = {"trust.mfa", "trust.condition", NULL};

    result.outcome = outcome;
    result.assumed_role_arn = NULL;
    result.expires = 0;
    result.cause = cause;
    result.certainty = "likely";
    result.side = "target";
    result.candidates = candidates;
    result.why = cc_textf(mem, "the evidence of %s" CC_AWS_SAID "not authorized", result.target);
    result.fix = cc_textf(mem, "the remedy of %s", result.target);
    return result;
}

struct cc_access_result access_trust(struct cc_arena *mem, const char *name, const char *account)
{
    struct cc_access_result result = access_ended(mem, access_target(mem, name, account, "Audit"),
                                                  CC_ACCESS_DENIED, "trust.no_allow");

    result.fix = cc_textf(mem, "let the owner of account %s add the statement", account);
    result.statement = json(mem, "{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"" HUB
                                 "\"},\"Action\":\"sts:AssumeRole\"}");
    result.attach_to = result.role_arn;
    result.policy_kind = "trust";
    result.change = "add";
    return result;
}

struct cc_access_result access_with_id_check(struct cc_access_result result, const char *check)
{
    result.external_id_check = check;
    return result;
}

static struct cc_access_result with_actions(struct cc_access_result result)
{
    static const struct cc_access_action actions[] = {
        {"s3:PutObject", "denied"}, {"s3:GetObject", "allowed"}, {"s3:Odd", "unknown"}};

    result.actions = actions;
    result.action_count = CC_COUNT(actions);
    return result;
}

const struct cc_access_answer *access_answered(struct cc_arena *mem,
                                               struct cc_access_result *results, size_t count)
{
    struct cc_access_answer *answer = cc_alloc(mem, sizeof(*answer));

    *answer = (struct cc_access_answer){.caller = &caller, .started = 1795996800, .seconds = 12.5};
    answer->total = (int64_t)count;
    for (size_t i = 0; i < count; i++) {
        answer->allowed += results[i].outcome == CC_ACCESS_ALLOWED;
        answer->denied += results[i].outcome == CC_ACCESS_DENIED;
        answer->errors += results[i].outcome == CC_ACCESS_ERROR;
        answer->not_run += results[i].outcome == CC_ACCESS_NOT_RUN;
    }
    cc_access_share(mem, results, count, answer);
    return answer;
}

const struct cc_access_answer *access_all_kinds(struct cc_arena *mem)
{
    const struct cc_access_result rows[] = {
        access_target(mem, "fine", "222222222222", "Audit"),
        access_trust(mem, "first", "333333333333"),
        access_trust(mem, "second", "444444444444"),
        access_ended(mem, access_target(mem, "alone", "555555555555", "Audit"), CC_ACCESS_DENIED,
                     "trust.mfa"),
        access_ended(mem, access_target(mem, "broken", "666666666666", "Audit"), CC_ACCESS_ERROR,
                     "network.timeout"),
        {.target = "late", .outcome = CC_ACCESS_NOT_RUN},
        access_with_id_check(access_target(mem, "open", "222222222222", "Deploy"), "not_enforced"),
        access_with_id_check(access_target(mem, "closed", "333333333333", "Deploy"), "refused"),
        with_actions(access_target(mem, "lacking", "444444444444", "Deploy")),
        access_with_id_check(with_actions(access_target(mem, "both", "555555555555", "Deploy")),
                             "not_enforced"),
    };
    struct cc_access_result *copy = cc_alloc(mem, sizeof(rows));

    memcpy(copy, rows, sizeof(rows));
    return access_answered(mem, copy, CC_COUNT(rows));
}

const struct cc_access_answer *access_many(struct cc_arena *mem, size_t count)
{
    struct cc_access_result *results = cc_alloc(mem, (count + 1) * sizeof(*results));

    for (size_t i = 0; i < count; i++) {
        const char *account = cc_textf(mem, "%012zu", 400000000000 + i);
        const char *name = cc_textf(mem, "account-%zu", i);

        results[i] = access_target(mem, name, account, "Audit");
        if (i % 10 == 3) {
            results[i] = access_trust(mem, name, account);
        } else if (i % 50 == 9) {
            results[i] = access_ended(mem, results[i], CC_ACCESS_DENIED, "trust.mfa");
        }
    }
    return access_answered(mem, results, count);
}

static struct cc_access_result hostile(struct cc_arena *mem, enum cc_access_outcome outcome)
{
    static const char *const candidates[] = {HOSTILE, HOSTILE, NULL};
    static const struct cc_access_action actions[] = {{HOSTILE, "denied"}};

    return (struct cc_access_result){.target = HOSTILE,
                                     .account_id = HOSTILE,
                                     .role_arn = HOSTILE "-role",
                                     .outcome = outcome,
                                     .assumed_role_arn = HOSTILE,
                                     .cause = HOSTILE,
                                     .side = HOSTILE,
                                     .certainty = HOSTILE,
                                     .candidates = candidates,
                                     .why = HOSTILE CC_AWS_SAID HOSTILE "\nline",
                                     .fix = HOSTILE,
                                     .statement =
                                         json(mem, "{\"</pre><script>\":\"</script>]]>&\"}"),
                                     .attach_to = HOSTILE,
                                     .policy_kind = HOSTILE,
                                     .replaces = HOSTILE,
                                     .external_id_check = "not_enforced",
                                     .actions = actions,
                                     .action_count = 1};
}

const struct cc_access_answer *access_hostile(struct cc_arena *mem)
{
    static const struct cc_access_caller evil = {HOSTILE, HOSTILE, HOSTILE};
    struct cc_access_result *results = cc_alloc(mem, 6 * sizeof(*results));
    struct cc_access_answer *answer = cc_alloc(mem, sizeof(*answer));

    for (int i = 0; i < 6; i++) {
        results[i] = hostile(mem, (enum cc_access_outcome)(i % 4));
        results[i].why = i < 4 ? results[i].why : "its own";
    }
    results[5].cause = NULL; /* an answer that no program would give */
    *answer = *access_answered(mem, results, 6);
    answer->caller = &evil;
    return answer;
}

const char *access_written(struct cc_arena *mem,
                           void (*print)(const void *answer, struct cc_buf *out),
                           const struct cc_access_answer *answer)
{
    struct cc_buf out = cc_buf_new(mem, (size_t)32 << 20);

    print(answer, &out);
    assert_false(out.too_big);
    return out.text;
}

void has(const char *text, const char *part)
{
    if (!strstr(text, part)) {
        fail_msg("there is no \"%s\" in:\n%s", part, text);
    }
}

size_t times(const char *text, const char *part)
{
    size_t count = 0;

    for (const char *at = strstr(text, part); at; at = strstr(at + 1, part)) {
        count++;
    }
    return count;
}
