#include "diagnose_support.h"

/* Causes in the trust policy of the role. */

#define EXTERNAL(id) "\"StringEquals\":{\"sts:ExternalId\":\"" id "\"}"
#define MFA          "\"Bool\":{\"aws:MultiFactorAuthPresent\":\"true\"}"

static void a_trust_that_names_somebody_else_is_certain_from_its_document(void **state)
{
    struct given given;

    give(&given, *state);
    trust(&given, DOC(TRUST(OTHER, "")));
    expect(&given, CC_CERTAIN, "trust.no_allow");
    assert_string_equal(given.diagnosis.policy_kind, "trust");
    assert_string_equal(given.diagnosis.attach_to, TARGET);
    trust(&given, DOC("{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"" HUB
                      "\"},\"Action\":\"sts:TagSession\"}"));
    expect(&given, CC_CERTAIN, "trust.no_allow");
}

static void a_trust_that_is_only_named_is_likely(void **state)
{
    struct given given;

    give_nothing(&given, *state);
    say(&given, BARE " because no role trust policy allows the sts:AssumeRole action");
    expect(&given, CC_LIKELY,
           "trust.no_allow trust.external_id_missing role.missing trust.condition "
           "trust.deleted_principal trust.mfa trust.source_identity");
    given.hop.external_id = "credctl-7f3a9c"; /* it can be the wrong one as well */
    diagnose(&given);
    assert_int_equal(given.diagnosis.certainty, CC_POSSIBLE);
    assert_int_equal(given.diagnosis.candidates[0], CC_CAUSE_EXTERNAL_ID_WRONG);
    assert_false(has(&given, CC_CAUSE_EXTERNAL_ID_MISSING));
}

static void an_explicit_deny_in_the_trust_is_certain_from_text_or_document(void **state)
{
    static const char deny[] = DOC(TRUST(ROOT, "") ",{\"Sid\":\"Nobody\",\"Effect\":\"Deny\","
                                                   "\"Principal\":\"*\",\"Action\":\"sts:*\"}");
    struct given given;

    give(&given, *state);
    trust(&given, deny);
    expect(&given, CC_CERTAIN, "trust.explicit_deny");
    assert_non_null(strstr(given.diagnosis.why, "Nobody"));
    say(&given, BARE " with an explicit deny in the role trust policy");
    expect(&given, CC_CERTAIN, "trust.explicit_deny");
}

static void an_external_id_that_is_missing_or_wrong_is_certain_from_the_document(void **state)
{
    struct given given;

    give(&given, *state);
    trust(&given, DOC(TRUST(ROOT, WHEN(EXTERNAL("credctl-7f3a9c")))));
    expect(&given, CC_CERTAIN, "trust.external_id_missing");
    expect_statement(&given, NULL);
    assert_non_null(strstr(given.diagnosis.fix, "--external-id"));
    given.hop.external_id = "Credctl-7f3a9c";
    expect(&given, CC_CERTAIN, "trust.external_id_wrong");
    expect_statement(&given, NULL);
    assert_non_null(strstr(given.diagnosis.why, "Credctl-7f3a9c"));
    given.hop.external_id = "credctl-7f3a9c";
    diagnose(&given);
    assert_false(has(&given, CC_CAUSE_EXTERNAL_ID_WRONG));
}

static void a_call_that_succeeds_without_the_external_id_makes_it_likely(void **state)
{
    struct given given;

    give_nothing(&given, *state);
    given.hop.external_id = "credctl-7f3a9c";
    given.evidence.without_external_id = CC_PROBE_ALLOWED;
    expect(&given, CC_LIKELY, "trust.external_id_wrong trust.condition");
    given.evidence.without_external_id = CC_PROBE_DENIED;
    diagnose(&given);
    assert_int_equal(given.diagnosis.certainty, CC_POSSIBLE);
}

static void mfa_is_certain_from_the_document(void **state)
{
    struct given given;

    give(&given, *state);
    trust(&given, DOC(TRUST(ROOT, WHEN(MFA))));
    expect(&given, CC_CERTAIN, "trust.mfa");
    expect_statement(&given, NULL);
    trust(&given,
          DOC(TRUST(ROOT, WHEN("\"NumericLessThan\":{\"aws:MultiFactorAuthAge\":\"3600\"}"))));
    expect(&given, CC_CERTAIN, "trust.mfa");
    set_user(&given); /* with keys alone there is no MFA either */
    expect(&given, CC_CERTAIN, "trust.mfa");
    trust(&given, DOC(TRUST(ROOT, WHEN(MFA "," EXTERNAL("credctl-7f3a9c")))));
    expect(&given, CC_LIKELY, "trust.mfa trust.external_id_missing");
}

static void another_condition_is_certain_when_its_key_is_known(void **state)
{
    static const char *const conditions[] = {
        "\"StringLike\":{\"sts:RoleSessionName\":\"ops-*\"}",
        "\"StringEquals\":{\"aws:RequestedRegion\":\"eu-west-1\"}",
        "\"ArnEquals\":{\"aws:PrincipalArn\":\"arn:aws:iam::111111111111:role/Other\"}",
        "\"StringEquals\":{\"aws:PrincipalAccount\":\"333333333333\"}",
        "\"DateLessThan\":{\"aws:CurrentTime\":\"2020-01-01T00:00:00Z\"}",
        "\"Bool\":{\"aws:ViaAWSService\":\"true\"}",
    };

    for (size_t i = 0; i < CC_COUNT(conditions); i++) {
        struct fake *fake = *state;
        struct given given;

        give(&given, fake);
        trust(&given, cc_textf(&fake->mem, DOC(TRUST(ROOT, WHEN("%s"))), conditions[i]));
        expect(&given, CC_CERTAIN, "trust.condition");
    }
}

static void a_condition_on_what_only_aws_sees_is_likely(void **state)
{
    static const char *const conditions[] = {
        "\"IpAddress\":{\"aws:SourceIp\":\"198.51.100.0/24\"}",
        "\"StringEquals\":{\"aws:PrincipalTag/team\":\"blue\"}",
        "\"StringEquals\":{\"aws:SourceVpce\":\"vpce-0123\"}",
    };

    for (size_t i = 0; i < CC_COUNT(conditions); i++) {
        struct fake *fake = *state;
        struct given given;

        give(&given, fake);
        trust(&given, cc_textf(&fake->mem, DOC(TRUST(ROOT, WHEN("%s"))), conditions[i]));
        diagnose(&given);
        assert_int_equal(given.diagnosis.candidates[0], CC_CAUSE_TRUST_CONDITION);
        assert_int_equal(given.diagnosis.certainty, CC_LIKELY);
        assert_true(has(&given, CC_CAUSE_SESSION_NO_ALLOW)); /* nobody can read it */
        expect_statement(&given, NULL);
        say(&given, BARE " because no role trust policy allows the sts:AssumeRole action");
        expect(&given, CC_LIKELY, "trust.condition");
    }
}

static void a_probe_with_another_name_shows_a_condition(void **state)
{
    struct given given;

    give_nothing(&given, *state);
    given.hop.session_name = "nightly";
    given.evidence.other_session_name = CC_PROBE_ALLOWED;
    expect(&given, CC_LIKELY, "trust.condition");
}

static void the_statement_that_is_closest_to_applying_counts(void **state)
{
    struct given given;

    give(&given, *state);
    given.hop.external_id = "wrong";
    trust(&given, DOC(TRUST(ROOT, WHEN(MFA "," EXTERNAL("one"))) "," TRUST(
                      ROOT, WHEN(EXTERNAL("two"))) "," TRUST(OTHER, "")));
    expect(&given, CC_CERTAIN, "trust.external_id_wrong");
    assert_non_null(strstr(given.diagnosis.why, "\"two\""));
    assert_null(strstr(given.diagnosis.why, "\"one\""));
}

static void a_unique_id_that_is_not_the_callers_is_a_deleted_principal(void **state)
{
    struct given given;

    give(&given, *state);
    trust(&given, DOC(TRUST("AROAOLDHUB00000000001", "")));
    expect(&given, CC_CERTAIN, "trust.deleted_principal");
    assert_non_null(strstr(given.diagnosis.why, "AROAOLDHUB00000000001"));
    trust(&given, DOC(TRUST(HUB_ID, ""))); /* its own */
    diagnose(&given);
    assert_false(has(&given, CC_CAUSE_DELETED_PRINCIPAL) || has(&given, CC_CAUSE_TRUST_NO_ALLOW));
    trust(&given, DOC(TRUST("AROAOLDHUB00000000001", "") "," TRUST(ROOT, WHEN(MFA))));
    expect(&given, CC_CERTAIN, "trust.mfa");
}

/* --- the other actions of the call --- */

static void the_named_action_is_lacking_on_the_side_that_is_not_fine(void **state)
{
    static const struct {
        const char *action;
        const char *cause;
    } rows[] = {{"sts:TagSession", "trust.tags"},
                {"sts:SetSourceIdentity", "trust.source_identity"}};

    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        struct fake *fake = *state;
        struct given given;
        const char *bare = cc_textf(
            &fake->mem, "User: " SESSION " is not authorized to perform: %s on resource: " TARGET,
            rows[i].action);

        give_nothing(&given, fake);
        say(&given, bare);
        diagnose(&given);
        assert_string_equal(cc_cause_name(given.diagnosis.candidates[0]), rows[i].cause);
        assert_int_equal(given.diagnosis.certainty, CC_LIKELY);
        assert_true(has(&given, CC_CAUSE_IDENTITY_NO_ALLOW));
        assert_false(has(&given, CC_CAUSE_ROLE_MISSING)); /* sts:AssumeRole itself has passed */

        say(&given, cc_textf(&fake->mem, "%s because no role trust policy allows the %s action",
                             bare, rows[i].action));
        expect(&given, CC_CERTAIN, rows[i].cause);

        say(&given, cc_textf(&fake->mem, "%s because no identity-based policy allows the %s action",
                             bare, rows[i].action));
        expect(&given, CC_CERTAIN, "identity.no_allow");

        give(&given, fake);
        given.evidence.trust = (struct cc_documents){0};
        say(&given, bare);
        expect(&given, CC_CERTAIN, rows[i].cause); /* the caller's side allows it */
        give(&given, fake);
        say(&given, bare);
        expect(&given, CC_CERTAIN, rows[i].cause); /* the document lacks it */
        identity(&given, DOC(ALLOW("sts:AssumeRole", "*")));
        expect(&given, CC_LIKELY, cc_textf(&fake->mem, "identity.no_allow %s", rows[i].cause));
    }
}

static void a_call_that_succeeds_without_tags_or_source_identity_shows_them(void **state)
{
    static const char *const tags[] = {"team=sec", NULL};
    struct given given;

    give_nothing(&given, *state);
    given.hop.tags = tags;
    given.evidence.without_tags = CC_PROBE_ALLOWED;
    expect(&given, CC_LIKELY, "trust.tags");
    given.evidence.without_tags = CC_NOT_PROBED;
    given.hop.source_identity = "alice";
    given.evidence.without_source_identity = CC_PROBE_ALLOWED;
    expect(&given, CC_LIKELY, "trust.source_identity");
}

static void a_trust_that_asks_for_a_source_identity_is_certain_from_its_document(void **state)
{
    struct given given;

    give(&given, *state);
    set_user(&given); /* a session can have one that sticks to it */
    trust(&given,
          DOC(TRUST(ROOT, WHEN("\"StringLike\":{\"sts:SourceIdentity\":\"*@example.com\"}"))));
    expect(&given, CC_CERTAIN, "trust.source_identity");
    assert_true(cc_text_starts(given.diagnosis.fix, "pass the source identity that"));
    expect_statement(&given, NULL);
    given.hop.source_identity = "alice@example.com";
    diagnose(&given);
    assert_false(has(&given, CC_CAUSE_TRUST_SOURCE_IDENTITY));
}

static void keys_of_another_action_are_not_expected_of_it(void **state)
{
    struct given given;
    struct cc_context context;

    give(&given, *state);
    given.hop.external_id = "credctl-7f3a9c";
    given.hop.tags = (const char *const[]){"team=sec", "empty", NULL};
    given.hop.source_identity = "alice";
    context = cc_evidence_context(&given.fake->run.mem, &given.evidence, CC_ACTION_ASSUME);
    assert_string_equal(cc_context_key(&context, "sts:ExternalId").values[0], "credctl-7f3a9c");
    assert_string_equal(cc_context_key(&context, "aws:RequestTag/team").values[0], "sec");
    assert_string_equal(cc_context_key(&context, "aws:RequestTag/empty").values[0], "");
    assert_string_equal(cc_context_key(&context, "aws:TagKeys").values[1], "empty");
    assert_string_equal(cc_context_key(&context, "sts:SourceIdentity").values[0], "alice");
    context = cc_evidence_context(&given.fake->run.mem, &given.evidence, CC_ACTION_TAG);
    assert_null(cc_context_key(&context, "sts:ExternalId").values);
    assert_null(cc_context_key(&context, "sts:RoleSessionName").values);
    assert_non_null(cc_context_key(&context, "aws:RequestTag/team").values);
    context = cc_evidence_context(&given.fake->run.mem, &given.evidence, CC_ACTION_SOURCE_IDENTITY);
    assert_null(cc_context_key(&context, "aws:RequestTag/team").values);
    assert_non_null(cc_context_key(&context, "sts:SourceIdentity").values);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FAKE_WORLD(a_trust_that_names_somebody_else_is_certain_from_its_document),
        IN_FAKE_WORLD(a_trust_that_is_only_named_is_likely),
        IN_FAKE_WORLD(an_explicit_deny_in_the_trust_is_certain_from_text_or_document),
        IN_FAKE_WORLD(an_external_id_that_is_missing_or_wrong_is_certain_from_the_document),
        IN_FAKE_WORLD(a_call_that_succeeds_without_the_external_id_makes_it_likely),
        IN_FAKE_WORLD(mfa_is_certain_from_the_document),
        IN_FAKE_WORLD(another_condition_is_certain_when_its_key_is_known),
        IN_FAKE_WORLD(a_condition_on_what_only_aws_sees_is_likely),
        IN_FAKE_WORLD(a_probe_with_another_name_shows_a_condition),
        IN_FAKE_WORLD(the_statement_that_is_closest_to_applying_counts),
        IN_FAKE_WORLD(a_unique_id_that_is_not_the_callers_is_a_deleted_principal),
        IN_FAKE_WORLD(the_named_action_is_lacking_on_the_side_that_is_not_fine),
        IN_FAKE_WORLD(a_call_that_succeeds_without_tags_or_source_identity_shows_them),
        IN_FAKE_WORLD(a_trust_that_asks_for_a_source_identity_is_certain_from_its_document),
        IN_FAKE_WORLD(keys_of_another_action_are_not_expected_of_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
