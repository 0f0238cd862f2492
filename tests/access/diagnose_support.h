#ifndef TESTS_ACCESS_DIAGNOSE_SUPPORT_H
#define TESTS_ACCESS_DIAGNOSE_SUPPORT_H

/* Evidence made by hand. A test begins with a call that every document allows, and changes what it
 * is about. */

#include "credctl/access/evidence.h"
#include "credctl/base/buf.h"
#include "credctl/base/text.h"

#include "../support/test.h"

#define HUB       "arn:aws:iam::111111111111:role/team/Hub"
#define HUB_ID    "AROAHUB00000000000001"
#define SESSION   "arn:aws:sts::111111111111:assumed-role/Hub/i-0123456789abcdef0"
#define ALICE     "arn:aws:iam::111111111111:user/alice"
#define TARGET    "arn:aws:iam::222222222222:role/Audit"
#define NEIGHBOUR "arn:aws:iam::111111111111:role/Audit" /* in the caller's own account */
#define GUARD \
    "arn:aws:organizations::999999999999:policy/o-a1b2c3d4e5/service_control_policy/p-guard001"

#define DOC(statements) "{\"Version\":\"2012-10-17\",\"Statement\":[" statements "]}"
#define ALLOW(action, resource) \
    "{\"Effect\":\"Allow\",\"Action\":\"" action "\",\"Resource\":\"" resource "\"}"
#define DENY(action, resource) \
    "{\"Effect\":\"Deny\",\"Action\":\"" action "\",\"Resource\":\"" resource "\"}"
#define TRUST(principal, more)                                  \
    "{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"" principal \
    "\"},\"Action\":\"sts:AssumeRole\"" more "}"
#define WHEN(condition) ",\"Condition\":{" condition "}"
#define ROOT            "arn:aws:iam::111111111111:root"
#define OTHER           "arn:aws:iam::333333333333:root"
#define FULL            ALLOW("*", "*")

#define NOT_AUTHORIZED(action) \
    "User: " SESSION " is not authorized to perform: " action " on resource: " TARGET
#define BARE NOT_AUTHORIZED("sts:AssumeRole")

struct given {
    struct fake *fake;
    struct cc_access_source source;
    struct cc_assume hop;
    struct cc_evidence evidence;
    struct cc_diagnosis diagnosis;
};

static inline struct cc_policies policies_of(struct fake *fake, const char *text, const char *name)
{
    struct cc_policy *policy = cc_alloc(&fake->run.mem, sizeof(*policy));
    struct cc_error err;

    assert_true(cc_policy_parse(&fake->run.mem, text, strlen(text), name, policy, &err));
    return (struct cc_policies){policy, 1};
}

static inline struct cc_documents documents_of(struct fake *fake, const char *text,
                                               const char *name)
{
    return (struct cc_documents){.known = CC_KNOWN, .policies = policies_of(fake, text, name)};
}

/* Root, unit and account, of which the unit has this policy. */
static inline struct cc_org_levels levels_of(struct fake *fake, const char *text)
{
    static const char *const ids[] = {"r-ab12", "ou-ab12-hub00000", "111111111111"};
    struct cc_org_level *rows = cc_alloc(&fake->run.mem, CC_COUNT(ids) * sizeof(*rows));

    for (size_t i = 0; i < CC_COUNT(ids); i++) {
        rows[i] =
            (struct cc_org_level){ids[i], policies_of(fake, i == 1 ? text : DOC(FULL), GUARD)};
    }
    return (struct cc_org_levels){CC_KNOWN, rows, CC_COUNT(ids)};
}

static inline void say(struct given *given, const char *message)
{
    given->evidence.denial = cc_denial_read(&given->fake->run.mem, message);
}

static inline void trust(struct given *given, const char *text)
{
    given->evidence.trust = documents_of(given->fake, text, "trust.json");
}

static inline void identity(struct given *given, const char *text)
{
    given->source.identity_policies =
        documents_of(given->fake, text, "arn:aws:iam::111111111111:policy/P");
}

static inline void boundary(struct given *given, const char *text)
{
    given->source.boundary = documents_of(given->fake, text, "arn:aws:iam::111111111111:policy/B");
    given->source.boundary.at = "arn:aws:iam::111111111111:policy/B";
}

static inline void set_user(struct given *given)
{
    given->source.identity = (struct cc_identity){"111111111111", ALICE, "AIDAALICE0000000000001"};
    given->source.caller = cc_caller_of(&given->fake->run.mem, ALICE, NULL);
    given->source.caller.unique_id = given->source.identity.user_id;
    given->source.is_role = false;
    given->source.long_term = true;
    given->source.role_name = "alice";
}

/* Every document allows the call of a role's session; nothing says why it was denied. */
static inline void give(struct given *given, struct fake *fake)
{
    *given = (struct given){.fake = fake};
    given->source = (struct cc_access_source){
        .identity = {"111111111111", SESSION, HUB_ID ":i-0123456789abcdef0"},
        .caller = cc_caller_of(&fake->run.mem, SESSION, HUB),
        .is_role = true,
        .path_known = true,
        .role_name = "Hub",
        .boundary = {.known = CC_NOT_THERE},
        .scps = {.known = CC_NOT_THERE},
    };
    given->source.caller.unique_id = HUB_ID;
    given->hop = (struct cc_assume){.role_arn = TARGET, .session_name = "credctl-test"};
    given->evidence = (struct cc_evidence){.source = &given->source,
                                           .hop = &given->hop,
                                           .region = "us-east-1",
                                           .account = "222222222222",
                                           .now = fake->now,
                                           .rcps = {.known = CC_NOT_THERE}};
    identity(given, DOC(ALLOW("sts:*", "*")));
    trust(given, DOC(TRUST(ROOT, "")));
    say(given, BARE);
}

/* Nothing can be read. */
static inline void give_nothing(struct given *given, struct fake *fake)
{
    give(given, fake);
    given->source.identity_policies = (struct cc_documents){0};
    given->source.boundary = (struct cc_documents){0};
    given->source.scps = (struct cc_org_levels){0};
    given->source.path_known = false;
    given->source.caller = cc_caller_of(&fake->run.mem, SESSION, NULL);
    given->source.caller.unique_id = HUB_ID;
    given->evidence.trust = (struct cc_documents){0};
    given->evidence.rcps = (struct cc_org_levels){0};
}

static inline void use_neighbour(struct given *given)
{
    given->hop.role_arn = NEIGHBOUR;
    given->evidence.account = "111111111111";
}

static inline void diagnose(struct given *given)
{
    const struct cc_diagnosis *found = &given->diagnosis;

    cc_diagnose(&given->fake->run.mem, &given->evidence, &given->diagnosis);
    assert_true(found->count > 0);
    assert_true(found->certainty != CC_CERTAIN || found->count == 1);
    assert_true(found->why && found->why[0] && found->fix && found->fix[0]);
    assert_null(strchr(found->why, '{'));
    assert_null(strchr(found->fix, '{'));
}

static inline bool has(const struct given *given, enum cc_cause cause)
{
    for (size_t i = 0; i < given->diagnosis.count; i++) {
        if (given->diagnosis.candidates[i] == cause) {
            return true;
        }
    }
    return false;
}

/* `causes`: names, separated by blanks: all candidates, in their order. */
static inline void expect(struct given *given, enum cc_certainty certainty, const char *causes)
{
    struct cc_buf names = cc_buf_new(&given->fake->mem, 4096);

    diagnose(given);
    for (size_t i = 0; i < given->diagnosis.count; i++) {
        cc_buf_addf(&names, "%s%s", i > 0 ? " " : "",
                    cc_cause_name(given->diagnosis.candidates[i]));
    }
    assert_string_equal(names.text, causes);
    assert_int_equal(given->diagnosis.certainty, certainty);
}

/* The statement as JSON with single quotes; NULL: none. */
static inline void expect_statement(const struct given *given, const char *statement)
{
    const cJSON *found = given->diagnosis.statement;

    if (!statement || !found) {
        assert_true(!statement && !found);
        return;
    }
    char *text = cJSON_PrintUnformatted(found);
    for (char *at = text; *at; at++) {
        *at = *at == '"' ? '\'' : *at;
    }
    assert_string_equal(text, statement);
    cJSON_free(text);
}

#endif
