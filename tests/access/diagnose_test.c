#include "diagnose_support.h"

/* Which causes remain, and how sure that is. */

#define UNREAD                                                                                \
    " boundary.no_allow scp.no_allow rcp.explicit_deny session_policy.no_allow vpce.no_allow" \
    " identity.explicit_deny trust.explicit_deny boundary.explicit_deny scp.explicit_deny"    \
    " session_policy.explicit_deny vpce.explicit_deny"

static void of_a_bare_denial_everything_that_cannot_be_read_is_possible(void **state)
{
    struct given given;

    give_nothing(&given, *state);
    expect(
        &given, CC_POSSIBLE,
        "identity.no_allow trust.no_allow trust.external_id_missing role.missing trust.condition "
        "trust.deleted_principal trust.mfa trust.source_identity" UNREAD);
    expect_statement(&given, NULL);
    given.hop.external_id = "credctl-7f3a9c";
    expect(&given, CC_POSSIBLE,
           "identity.no_allow trust.external_id_wrong trust.no_allow role.missing trust.condition "
           "trust.deleted_principal trust.mfa trust.source_identity" UNREAD);
}

static void what_aws_names_is_certain(void **state)
{
    static const struct {
        const char *words;
        const char *cause;
    } rows[] = {
        {" because no identity-based policy allows the sts:AssumeRole action", "identity.no_allow"},
        {" with an explicit deny in an identity-based policy", "identity.explicit_deny"},
        {" because no permissions boundary allows the sts:AssumeRole action", "boundary.no_allow"},
        {" with an explicit deny in a permissions boundary", "boundary.explicit_deny"},
        {" because no session policy allows the sts:AssumeRole action", "session_policy.no_allow"},
        {" with an explicit deny in a session policy", "session_policy.explicit_deny"},
        {" because no service control policy allows the sts:AssumeRole action", "scp.no_allow"},
        {" with an explicit deny in a service control policy", "scp.explicit_deny"},
        {" with an explicit deny in a resource control policy", "rcp.explicit_deny"},
        {" because no VPC endpoint policy allows the sts:AssumeRole action", "vpce.no_allow"},
        {" with an explicit deny in a VPC endpoint policy", "vpce.explicit_deny"},
        {" with an explicit deny in the role trust policy", "trust.explicit_deny"},
    };

    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        struct fake *fake = *state;
        struct given given;

        give_nothing(&given, fake);
        say(&given, cc_textf(&fake->mem, BARE "%s", rows[i].words));
        expect(&given, CC_CERTAIN, rows[i].cause);
        assert_non_null(strstr(given.diagnosis.why, rows[i].words));
    }
}

static void one_document_that_does_not_allow_it_is_certain(void **state)
{
    struct given given;

    give(&given, *state);
    identity(&given, DOC(ALLOW("sts:AssumeRole", TARGET "or")));
    expect(&given, CC_CERTAIN, "identity.no_allow");
    identity(&given, DOC(ALLOW("sts:*", "*") "," DENY("sts:AssumeRole", "*")));
    expect(&given, CC_CERTAIN, "identity.explicit_deny");

    give(&given, *state);
    boundary(&given, DOC(ALLOW("s3:*", "*")));
    expect(&given, CC_CERTAIN, "boundary.no_allow");
    boundary(&given, DOC(FULL "," DENY("sts:*", "*")));
    expect(&given, CC_CERTAIN, "boundary.explicit_deny");

    give(&given, *state);
    given.source.scps = levels_of(given.fake, DOC(ALLOW("s3:*", "*")));
    expect(&given, CC_CERTAIN, "scp.no_allow");
    given.source.scps = levels_of(given.fake, DOC(FULL "," DENY("sts:AssumeRole", "*")));
    expect(&given, CC_CERTAIN, "scp.explicit_deny");

    give(&given, *state);
    given.evidence.rcps = levels_of(given.fake, DOC("{\"Effect\":\"Deny\",\"Principal\":\"*\","
                                                    "\"Action\":\"*\",\"Resource\":\"*\"}"));
    expect(&given, CC_CERTAIN, "rcp.explicit_deny");
    given.evidence.rcps = levels_of(given.fake, DOC(ALLOW("s3:*", "*"))); /* an RCP lacks nothing */
    diagnose(&given);
    assert_false(has(&given, CC_CAUSE_RCP_DENY));
}

static void a_simulation_proves_a_denial_where_nothing_can_be_read(void **state)
{
    struct given given;
    struct cc_simulated *simulated = &given.evidence.simulated[CC_ACTION_ASSUME];

    give_nothing(&given, *state);
    *simulated = (struct cc_simulated){.done = true, .allowed = CC_NO, .complete = true};
    expect(&given, CC_CERTAIN, "identity.no_allow");
    simulated->explicit_deny = true;
    expect(&given, CC_CERTAIN, "identity.explicit_deny");
    simulated->by_boundary = (struct cc_maybe_flag){true, false};
    expect(&given, CC_LIKELY, "identity.explicit_deny boundary.explicit_deny");
    simulated->explicit_deny = false;
    simulated->matched = true;
    expect(&given, CC_CERTAIN, "boundary.no_allow");
    *simulated = (struct cc_simulated){.done = true,
                                       .allowed = CC_NO,
                                       .complete = true,
                                       .matched = true,
                                       .by_organization = {true, false}};
    expect(&given, CC_LIKELY, "scp.explicit_deny scp.no_allow");
}

static void a_simulation_that_lacks_a_key_proves_nothing(void **state)
{
    struct given given;

    give_nothing(&given, *state);
    given.evidence.simulated[CC_ACTION_ASSUME] =
        (struct cc_simulated){.done = true, .allowed = CC_NO};
    diagnose(&given);
    assert_int_equal(given.diagnosis.certainty, CC_POSSIBLE);
    assert_true(has(&given, CC_CAUSE_IDENTITY_NO_ALLOW) && has(&given, CC_CAUSE_BOUNDARY_DENY));
    assert_true(has(&given, CC_CAUSE_TRUST_NO_ALLOW));
}

static void what_the_simulation_allows_is_excluded(void **state)
{
    struct given given;

    give_nothing(&given, *state);
    given.evidence.simulated[CC_ACTION_ASSUME] =
        (struct cc_simulated){.done = true, .allowed = CC_YES, .complete = true};
    diagnose(&given);
    assert_false(has(&given, CC_CAUSE_IDENTITY_NO_ALLOW) || has(&given, CC_CAUSE_IDENTITY_DENY));
    assert_false(has(&given, CC_CAUSE_BOUNDARY_NO_ALLOW) || has(&given, CC_CAUSE_BOUNDARY_DENY));
    assert_true(has(&given, CC_CAUSE_SCP_DENY) && has(&given, CC_CAUSE_TRUST_NO_ALLOW));
    assert_int_equal(given.diagnosis.candidates[0], CC_CAUSE_TRUST_NO_ALLOW);
}

static void when_every_document_allows_it_only_what_nobody_can_read_is_left(void **state)
{
    struct given given;

    give(&given, *state);
    given.evidence.role_known = true;
    expect(&given, CC_POSSIBLE,
           "session_policy.no_allow vpce.no_allow session_policy.explicit_deny vpce.explicit_deny");
    set_user(&given); /* whose keys have no session policy */
    expect(&given, CC_LIKELY, "vpce.no_allow vpce.explicit_deny");
}

static void several_layers_that_deny_are_all_named(void **state)
{
    struct given given;

    give(&given, *state);
    identity(&given, DOC(ALLOW("s3:*", "*")));
    trust(&given, DOC(TRUST(OTHER, "")));
    expect(&given, CC_LIKELY, "identity.no_allow trust.no_allow");
    given.source.scps = levels_of(given.fake, DOC(FULL "," DENY("sts:AssumeRole", "*")));
    expect(&given, CC_LIKELY, "scp.explicit_deny identity.no_allow trust.no_allow");
}

/* --- within one account --- */

static void in_one_account_a_trust_that_names_the_caller_is_enough(void **state)
{
    struct given given;

    give(&given, *state);
    use_neighbour(&given);
    given.evidence.role_known = true;
    identity(&given, DOC(ALLOW("s3:*", "*")));
    expect(&given, CC_CERTAIN,
           "identity.no_allow"); /* the root leaves it to the caller's policies */
    trust(&given, DOC(TRUST(HUB, "")));
    expect(&given, CC_POSSIBLE,
           "session_policy.no_allow vpce.no_allow session_policy.explicit_deny vpce.explicit_deny");
    boundary(&given, DOC(ALLOW("s3:*", "*")));
    expect(&given, CC_CERTAIN, "boundary.no_allow");
    trust(&given, DOC(TRUST(SESSION, "")));
    expect(&given, CC_POSSIBLE, "vpce.no_allow session_policy.explicit_deny vpce.explicit_deny");
    identity(&given, DOC(DENY("sts:AssumeRole", "*")));
    expect(&given, CC_CERTAIN, "identity.explicit_deny");
}

static void in_one_account_what_is_not_needed_can_still_deny(void **state)
{
    struct given given;

    give_nothing(&given, *state);
    set_user(&given);
    use_neighbour(&given);
    trust(&given, DOC(TRUST(ALICE, "")));
    diagnose(&given);
    assert_true(has(&given, CC_CAUSE_IDENTITY_DENY) && has(&given, CC_CAUSE_BOUNDARY_DENY));
    assert_false(has(&given, CC_CAUSE_IDENTITY_NO_ALLOW) ||
                 has(&given, CC_CAUSE_BOUNDARY_NO_ALLOW));
}

static void in_one_account_a_simulated_boundary_counts(void **state)
{
    struct given given;

    give_nothing(&given, *state);
    use_neighbour(&given);
    given.evidence.simulated[CC_ACTION_ASSUME] =
        (struct cc_simulated){.done = true,
                              .allowed = CC_NO,
                              .complete = true,
                              .matched = true,
                              .by_boundary = {true, false}};
    diagnose(&given);
    assert_true(has(&given, CC_CAUSE_BOUNDARY_NO_ALLOW)); /* or the trust names the session */
    assert_int_equal(given.diagnosis.certainty, CC_POSSIBLE);
    trust(&given, DOC(TRUST(ROOT, "")));
    expect(&given, CC_CERTAIN, "boundary.no_allow");
}

/* --- the role --- */

static void a_role_that_iam_does_not_know_is_missing(void **state)
{
    struct given given;

    give_nothing(&given, *state);
    use_neighbour(&given);
    given.evidence.role_missing = true;
    expect(&given, CC_CERTAIN, "role.missing");
    given.evidence.role_is = "arn:aws:iam::111111111111:role/audit/Audit";
    expect(&given, CC_CERTAIN, "role.missing");
    assert_non_null(strstr(given.diagnosis.fix, "use arn:aws:iam::111111111111:role/audit/Audit"));
    expect_statement(&given, NULL);
}

static void an_account_that_is_not_in_the_organization_can_be_another_ones(void **state)
{
    struct given given;

    give_nothing(&given, *state);
    given.evidence.account_unknown = true;
    diagnose(&given);
    assert_int_equal(given.diagnosis.candidates[0], CC_CAUSE_ROLE_MISSING);
    assert_int_equal(given.diagnosis.certainty, CC_LIKELY);
    assert_true(has(&given, CC_CAUSE_TRUST_NO_ALLOW) && has(&given, CC_CAUSE_IDENTITY_NO_ALLOW));
}

static void a_role_that_was_read_is_not_missing(void **state)
{
    struct given given;

    give_nothing(&given, *state);
    use_neighbour(&given);
    given.evidence.role_known = true;
    diagnose(&given);
    assert_false(has(&given, CC_CAUSE_ROLE_MISSING));
}

/* --- what is no policy --- */

static void the_root_user_is_told_as_such(void **state)
{
    struct given given;

    give_nothing(&given, *state);
    say(&given, "Roles may not be assumed by root accounts.");
    expect(&given, CC_CERTAIN, "unknown");
    assert_non_null(strstr(given.diagnosis.why, "root user"));
}

static void a_code_that_was_not_accepted_is_mfa(void **state)
{
    struct given given;

    give_nothing(&given, *state);
    say(&given, "MultiFactorAuthentication failed with invalid MFA one time pass code. ");
    expect(&given, CC_CERTAIN, "trust.mfa");
}

static void an_scp_of_an_older_service_is_read_to_know_its_kind(void **state)
{
    struct given given;

    give(&given, *state);
    say(&given, BARE " with an explicit deny in a service control policy");
    given.source.scps = levels_of(given.fake, DOC(ALLOW("s3:*", "*")));
    expect(&given, CC_CERTAIN, "scp.no_allow");
}

static void without_a_known_caller_the_message_alone_counts(void **state)
{
    struct given given;

    give_nothing(&given, *state);
    given.source = (struct cc_access_source){0};
    diagnose(&given);
    assert_int_equal(given.diagnosis.certainty, CC_POSSIBLE);
    assert_non_null(strstr(given.diagnosis.why, "the caller"));
    trust(&given, DOC(TRUST(ROOT, "")));
    diagnose(&given);
    say(&given, BARE " because no identity-based policy allows the sts:AssumeRole action");
    expect(&given, CC_CERTAIN, "identity.no_allow");
    say(&given, BARE " because no VPC endpoint policy allows the sts:AssumeRole action");
    expect(&given, CC_CERTAIN, "vpce.no_allow");
    expect_statement(&given, NULL);
}

static void what_is_proved_needs_no_probe(void **state)
{
    struct given given;

    give_nothing(&given, *state);
    assert_false(cc_diagnosis_settled(&given.fake->run.mem, &given.evidence));
    say(&given, BARE " with an explicit deny in a session policy");
    assert_true(cc_diagnosis_settled(&given.fake->run.mem, &given.evidence));
    say(&given, BARE);
    identity(&given, DOC(ALLOW("s3:*", "*")));
    assert_true(cc_diagnosis_settled(&given.fake->run.mem, &given.evidence));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FAKE_WORLD(of_a_bare_denial_everything_that_cannot_be_read_is_possible),
        IN_FAKE_WORLD(what_aws_names_is_certain),
        IN_FAKE_WORLD(one_document_that_does_not_allow_it_is_certain),
        IN_FAKE_WORLD(a_simulation_proves_a_denial_where_nothing_can_be_read),
        IN_FAKE_WORLD(a_simulation_that_lacks_a_key_proves_nothing),
        IN_FAKE_WORLD(what_the_simulation_allows_is_excluded),
        IN_FAKE_WORLD(when_every_document_allows_it_only_what_nobody_can_read_is_left),
        IN_FAKE_WORLD(several_layers_that_deny_are_all_named),
        IN_FAKE_WORLD(in_one_account_a_trust_that_names_the_caller_is_enough),
        IN_FAKE_WORLD(in_one_account_what_is_not_needed_can_still_deny),
        IN_FAKE_WORLD(in_one_account_a_simulated_boundary_counts),
        IN_FAKE_WORLD(a_role_that_iam_does_not_know_is_missing),
        IN_FAKE_WORLD(an_account_that_is_not_in_the_organization_can_be_another_ones),
        IN_FAKE_WORLD(a_role_that_was_read_is_not_missing),
        IN_FAKE_WORLD(the_root_user_is_told_as_such),
        IN_FAKE_WORLD(a_code_that_was_not_accepted_is_mfa),
        IN_FAKE_WORLD(an_scp_of_an_older_service_is_read_to_know_its_kind),
        IN_FAKE_WORLD(without_a_known_caller_the_message_alone_counts),
        IN_FAKE_WORLD(what_is_proved_needs_no_probe),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
