#include "diagnose_support.h"

/* The smallest statement, and where it goes. */

#define ALLOWS_ROLE(action) "{'Effect':'Allow','Action':" action ",'Resource':'" TARGET "'}"

static const char *const tags[] = {"team=sec", NULL};

static void expect_place(const struct given *given, const char *kind, const char *attach_to)
{
    assert_string_equal(given->diagnosis.policy_kind, kind);
    assert_string_equal(given->diagnosis.attach_to, attach_to);
}

static void what_the_caller_lacks_is_allowed_on_this_role_alone(void **state)
{
    struct given given;

    give(&given, *state);
    identity(&given, DOC(ALLOW("s3:*", "*")));
    diagnose(&given);
    expect_statement(&given, ALLOWS_ROLE("'sts:AssumeRole'"));
    expect_place(&given, "identity", HUB);
    assert_string_equal(given.diagnosis.fix, "add the statement to a policy of " HUB);
    assert_false(given.diagnosis.replace);

    give(&given, *state);
    boundary(&given, DOC(ALLOW("s3:*", "*")));
    diagnose(&given);
    expect_statement(&given, ALLOWS_ROLE("'sts:AssumeRole'"));
    expect_place(&given, "boundary", "arn:aws:iam::111111111111:policy/B");

    give(&given, *state);
    say(&given, BARE " because no session policy allows the sts:AssumeRole action");
    diagnose(&given);
    expect_statement(&given, ALLOWS_ROLE("'sts:AssumeRole'"));
    expect_place(&given, "session", SESSION);
}

static void every_action_that_is_lacking_is_in_the_statement_and_no_other(void **state)
{
    struct given given;

    give(&given, *state);
    given.hop.tags = tags;
    given.hop.source_identity = "alice";
    identity(&given, DOC(ALLOW("sts:SetSourceIdentity", "*")));
    diagnose(&given);
    expect_statement(&given, ALLOWS_ROLE("['sts:AssumeRole','sts:TagSession']"));
    identity(&given, DOC(ALLOW("sts:AssumeRole", "*")));
    say(&given, NOT_AUTHORIZED("sts:TagSession"));
    diagnose(&given);
    expect_statement(&given, ALLOWS_ROLE("['sts:TagSession','sts:SetSourceIdentity']"));
    given.hop.tags = NULL;
    given.hop.source_identity = NULL; /* transitive: of the caller's session */
    diagnose(&given);
    expect_statement(&given, ALLOWS_ROLE("'sts:TagSession'"));
}

static void where_nothing_was_read_all_actions_of_the_call_are_lacking(void **state)
{
    struct given given;

    give_nothing(&given, *state);
    given.hop.tags = tags;
    say(&given, BARE " because no identity-based policy allows the sts:AssumeRole action");
    diagnose(&given);
    expect_statement(&given, ALLOWS_ROLE("['sts:AssumeRole','sts:TagSession']"));
    say(&given, NOT_AUTHORIZED("sts:TagSession") " because no identity-based policy allows the "
                                                 "sts:TagSession action");
    diagnose(&given);
    expect_statement(&given, ALLOWS_ROLE("'sts:TagSession'"));
}

static void what_the_simulation_knows_of_other_actions_counts(void **state)
{
    struct given given;
    struct cc_simulated *simulated = given.evidence.simulated;

    give_nothing(&given, *state);
    given.hop.tags = tags;
    simulated[CC_ACTION_ASSUME] =
        (struct cc_simulated){.done = true, .allowed = CC_NO, .complete = true};
    simulated[CC_ACTION_TAG] =
        (struct cc_simulated){.done = true, .allowed = CC_YES, .complete = true};
    diagnose(&given);
    expect_statement(&given, ALLOWS_ROLE("'sts:AssumeRole'"));
    simulated[CC_ACTION_TAG].allowed = CC_NO;
    diagnose(&given);
    expect_statement(&given, ALLOWS_ROLE("['sts:AssumeRole','sts:TagSession']"));
}

static void an_scp_is_added_where_the_level_lacks_it(void **state)
{
    struct given given;

    give(&given, *state);
    given.source.scps = levels_of(given.fake, DOC(ALLOW("s3:*", "*")));
    diagnose(&given);
    expect_statement(&given, ALLOWS_ROLE("'sts:AssumeRole'"));
    expect_place(&given, "scp", "ou-ab12-hub00000");
    struct cc_org_level *rows = (struct cc_org_level *)given.source.scps.rows;
    rows[2].policies = rows[1].policies; /* two levels: one statement would not be enough */
    diagnose(&given);
    expect_statement(&given, NULL);
    assert_null(given.diagnosis.attach_to);
}

static void an_endpoint_is_given_the_caller_too(void **state)
{
    struct given given;

    give(&given, *state);
    say(&given, BARE " because no VPC endpoint policy allows the sts:AssumeRole action");
    diagnose(&given);
    expect_statement(&given, "{'Effect':'Allow','Action':'sts:AssumeRole','Resource':'" TARGET
                             "','Principal':{'AWS':'" HUB "'}}");
    assert_string_equal(given.diagnosis.policy_kind, "vpce");
    give_nothing(&given, *state); /* without its path */
    say(&given, BARE " because no VPC endpoint policy allows the sts:AssumeRole action");
    diagnose(&given);
    expect_statement(&given, "{'Effect':'Allow','Action':'sts:AssumeRole','Resource':'" TARGET
                             "','Principal':{'AWS':'" ROOT "'}}");
}

/* --- the trust policy --- */

static void a_trust_is_given_the_role_and_never_its_session(void **state)
{
    struct given given;

    give(&given, *state);
    trust(&given, DOC(TRUST(OTHER, "")));
    diagnose(&given);
    expect_statement(&given,
                     "{'Effect':'Allow','Principal':{'AWS':'" HUB "'},'Action':'sts:AssumeRole'}");
    expect_place(&given, "trust", TARGET);
    trust(&given, DOC(TRUST("AROAOLDHUB00000000001", "")));
    diagnose(&given);
    expect_statement(&given,
                     "{'Effect':'Allow','Principal':{'AWS':'" HUB "'},'Action':'sts:AssumeRole'}");
    set_user(&given);
    diagnose(&given);
    expect_statement(&given, "{'Effect':'Allow','Principal':{'AWS':'" ALICE
                             "'},'Action':'sts:AssumeRole'}");
}

static void a_role_without_its_path_is_known_by_its_unique_id(void **state)
{
    struct given given;

    give_nothing(&given, *state);
    trust(&given, DOC(TRUST(OTHER, "")));
    say(&given, BARE " because no role trust policy allows the sts:AssumeRole action");
    diagnose(&given);
    expect_statement(&given, "{'Effect':'Allow','Principal':{'AWS':'" ROOT
                             "'},'Action':'sts:AssumeRole','Condition':{'StringLike':{'aws:userid':"
                             "'" HUB_ID ":*'}}}");
    trust(&given, DOC("{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"" HUB
                      "\"},\"Action\":\"sts:TagSession\"}")); /* names are unique in an account */
    diagnose(&given);
    expect_statement(&given,
                     "{'Effect':'Allow','Principal':{'AWS':'" HUB "'},'Action':'sts:AssumeRole'}");
}

static void the_external_id_of_the_list_stays_a_condition(void **state)
{
    struct given given;

    give(&given, *state);
    given.hop.external_id = "credctl-7f3a9c";
    trust(&given, DOC(TRUST(OTHER, "")));
    diagnose(&given);
    expect_statement(&given,
                     "{'Effect':'Allow','Principal':{'AWS':'" HUB
                     "'},'Action':'sts:AssumeRole','Condition':{'StringEquals':{'sts:ExternalId':"
                     "'credctl-7f3a9c'}}}");
    given.hop.tags = tags; /* sts:TagSession has no external ID: one statement is not enough */
    diagnose(&given);
    expect_statement(&given, NULL);
    assert_non_null(strstr(given.diagnosis.fix, "sts:AssumeRole with this external ID"));
    assert_non_null(strstr(given.diagnosis.fix, "in a second statement sts:TagSession"));
}

static void without_an_external_id_the_trust_gets_all_actions_at_once(void **state)
{
    struct given given;

    give(&given, *state);
    given.hop.tags = tags;
    trust(&given, DOC(TRUST(OTHER, "")));
    diagnose(&given);
    expect_statement(&given, "{'Effect':'Allow','Principal':{'AWS':'" HUB
                             "'},'Action':['sts:AssumeRole','sts:TagSession']}");
}

static void tags_and_source_identity_stand_alone_without_the_external_id(void **state)
{
    struct given given;

    give(&given, *state);
    given.hop.external_id = "credctl-7f3a9c";
    given.hop.tags = tags;
    trust(&given,
          DOC(TRUST(ROOT, WHEN("\"StringEquals\":{\"sts:ExternalId\":\"credctl-7f3a9c\"}"))));
    say(&given, NOT_AUTHORIZED("sts:TagSession"));
    expect(&given, CC_CERTAIN, "trust.tags");
    expect_statement(&given,
                     "{'Effect':'Allow','Principal':{'AWS':'" HUB "'},'Action':'sts:TagSession'}");
    given.hop.tags = NULL;
    given.hop.source_identity = "alice";
    say(&given, NOT_AUTHORIZED("sts:SetSourceIdentity"));
    expect(&given, CC_CERTAIN, "trust.source_identity");
    expect_statement(&given, "{'Effect':'Allow','Principal':{'AWS':'" HUB
                             "'},'Action':'sts:SetSourceIdentity'}");
}

static void a_condition_on_another_caller_is_mended_by_a_statement(void **state)
{
    struct given given;

    give(&given, *state);
    trust(&given, DOC(TRUST(ROOT, WHEN("\"ArnEquals\":{\"aws:PrincipalArn\":"
                                       "\"arn:aws:iam::111111111111:role/Other\"}"))));
    expect(&given, CC_CERTAIN, "trust.condition");
    expect_statement(&given,
                     "{'Effect':'Allow','Principal':{'AWS':'" HUB "'},'Action':'sts:AssumeRole'}");
    trust(&given, DOC(TRUST(ROOT, WHEN("\"StringLike\":{\"sts:RoleSessionName\":\"ops-*\"}"))));
    expect(&given, CC_CERTAIN, "trust.condition");
    expect_statement(&given, NULL); /* pass another name */
}

/* --- exceptions in an explicit deny --- */

static void an_exception_replaces_the_statement_that_denies(void **state)
{
    static const struct {
        const char *deny;
        const char *statement;
        const char *replaces;
    } rows[] = {
        {DENY("sts:AssumeRole", "*"),
         "{'Effect':'Deny','Action':'sts:AssumeRole','NotResource':'" TARGET "'}", "#1"},
        {"{\"Sid\":\"NoHop\",\"Effect\":\"Deny\",\"Action\":\"sts:AssumeRole\",\"Resource\":"
         "\"arn:aws:iam::*:role/*\"}",
         "{'Sid':'NoHop','Effect':'Deny','Action':'sts:AssumeRole','NotResource':'" TARGET "'}",
         "NoHop"},
        {"{\"Effect\":\"Deny\",\"Action\":\"sts:AssumeRole\",\"Resource\":[\"" TARGET
         "\",\"arn:aws:iam::333333333333:role/X\"]}",
         "{'Effect':'Deny','Action':'sts:AssumeRole','Resource':['arn:aws:iam::333333333333:role/"
         "X']}",
         "#1"},
        {"{\"Effect\":\"Deny\",\"Action\":\"sts:AssumeRole\",\"NotResource\":\"arn:aws:iam::1:role/"
         "X\"}",
         "{'Effect':'Deny','Action':'sts:AssumeRole','NotResource':['arn:aws:iam::1:role/X','" TARGET
         "']}",
         "#1"},
    };

    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        struct fake *fake = *state;
        struct given given;

        give(&given, fake);
        identity(&given, cc_textf(&fake->mem, DOC(ALLOW("sts:*", "*") ",%s"), rows[i].deny));
        expect(&given, CC_CERTAIN, "identity.explicit_deny");
        expect_statement(&given, rows[i].statement);
        assert_true(given.diagnosis.replace);
        assert_string_equal(given.diagnosis.replaces, rows[i].replaces);
        expect_place(&given, "identity", "arn:aws:iam::111111111111:policy/P");
    }
}

static void a_trust_gets_an_exception_for_the_caller(void **state)
{
    static const char deny[] =
        DOC(TRUST(ROOT, "") ",{\"Effect\":\"Deny\",\"Principal\":\"*\",\"Action\":"
                            "\"sts:AssumeRole\",\"Condition\":{\"StringNotEquals\":"
                            "{\"aws:RequestedRegion\":\"eu-west-1\"}}}");
    struct given given;

    give(&given, *state);
    trust(&given, deny);
    expect(&given, CC_CERTAIN, "trust.explicit_deny");
    expect_statement(&given, "{'Effect':'Deny','Principal':'*','Action':'sts:AssumeRole',"
                             "'Condition':{'StringNotEquals':{'aws:RequestedRegion':'eu-west-1'},"
                             "'ArnNotEquals':{'aws:PrincipalArn':'" HUB "'}}}");
    expect_place(&given, "trust", TARGET);
    given.hop.external_id = "credctl-7f3a9c"; /* the exception would need a second condition */
    diagnose(&given);
    expect_statement(&given, NULL);
}

static void an_exception_that_would_open_more_or_not_be_enough_is_not_given(void **state)
{
    static const char *const denies[] = {
        DENY("sts:*", "*"),
        DENY("*", TARGET),
        DENY("sts:AssumeRole", "arn:aws:iam::222222222222:role/*"),
        DENY("sts:AssumeRole", TARGET), /* nothing would be left of it */
        "{\"Effect\":\"Deny\",\"NotAction\":\"s3:*\",\"Resource\":\"*\"}",
        DENY("sts:AssumeRole", "*") "," DENY("sts:AssumeRole", "*"),
        DENY("sts:AssumeRole", "*") ",{\"Effect\":\"Deny\",\"Action\":\"sts:AssumeRole\","
                                    "\"Resource\":\"*\",\"Condition\":{\"IpAddress\":"
                                    "{\"aws:SourceIp\":\"10.0.0.0/8\"}}}",
    };

    for (size_t i = 0; i < CC_COUNT(denies); i++) {
        struct fake *fake = *state;
        struct given given;

        give(&given, fake);
        identity(&given, cc_textf(&fake->mem, DOC(ALLOW("sts:*", "*") ",%s"), denies[i]));
        expect(&given, CC_CERTAIN, "identity.explicit_deny");
        expect_statement(&given, NULL);
        assert_string_equal(given.diagnosis.attach_to, "arn:aws:iam::111111111111:policy/P");
    }
}

static void without_an_allow_an_exception_is_not_enough(void **state)
{
    struct given given;

    give(&given, *state);
    identity(&given, DOC(DENY("sts:AssumeRole", "*")));
    diagnose(&given);
    expect_statement(&given, NULL);

    give(&given, *state); /* nor where the Allow depends on what is not known here */
    trust(
        &given,
        DOC(TRUST(
            ROOT,
            WHEN(
                "\"StringEquals\":{\"aws:PrincipalTag/team\":\"blue\"}")) ","
                                                                          "{\"Effect\":\"Deny\",\"Principal\":\"*\",\"Action\":\"sts:AssumeRole\"}"));
    diagnose(&given);
    assert_int_equal(given.diagnosis.candidates[0], CC_CAUSE_TRUST_DENY);
    expect_statement(&given, NULL);

    give(&given, *state); /* but it is where no Allow is needed */
    use_neighbour(&given);
    trust(&given, DOC(TRUST(HUB, "")));
    identity(&given, DOC(DENY("sts:AssumeRole", "*")));
    diagnose(&given);
    expect_statement(&given,
                     "{'Effect':'Deny','Action':'sts:AssumeRole','NotResource':'" NEIGHBOUR "'}");
}

static void an_exception_must_be_enough_for_every_action_of_the_call(void **state)
{
    struct given given;

    give(&given, *state);
    given.hop.tags = tags;
    identity(&given, DOC(ALLOW("sts:*", "*") "," DENY("sts:AssumeRole",
                                                      "*") "," DENY("sts:TagSession", "*")));
    expect(&given, CC_CERTAIN, "identity.explicit_deny");
    expect_statement(&given, NULL);
    identity(&given, DOC(ALLOW("sts:*", "*") ",{\"Effect\":\"Deny\",\"Action\":[\"sts:AssumeRole\","
                                             "\"sts:TagSession\"],\"Resource\":\"*\"}"));
    diagnose(&given);
    expect_statement(&given, "{'Effect':'Deny','Action':['sts:AssumeRole','sts:TagSession'],"
                             "'NotResource':'" TARGET "'}");
    given.hop.tags = NULL; /* then it would open what the call does not need */
    diagnose(&given);
    expect_statement(&given, NULL);
}

static void a_deny_whose_document_was_not_read_is_told_by_its_arn(void **state)
{
    struct given given;

    give_nothing(&given, *state);
    say(&given, BARE " with an explicit deny in a service control policy: " GUARD);
    expect(&given, CC_CERTAIN, "scp.explicit_deny");
    expect_statement(&given, NULL);
    expect_place(&given, "scp", GUARD);
    assert_non_null(strstr(given.diagnosis.fix, GUARD));
}

static void a_guess_has_no_statement(void **state)
{
    struct given given;

    give_nothing(&given, *state);
    diagnose(&given);
    assert_int_equal(given.diagnosis.certainty, CC_POSSIBLE);
    expect_statement(&given, NULL);
    assert_null(given.diagnosis.policy_kind);
    assert_string_equal(given.diagnosis.fix, "allow sts:AssumeRole on " TARGET
                                             " in a policy of arn:aws:iam::111111111111:role/Hub");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FAKE_WORLD(what_the_caller_lacks_is_allowed_on_this_role_alone),
        IN_FAKE_WORLD(every_action_that_is_lacking_is_in_the_statement_and_no_other),
        IN_FAKE_WORLD(where_nothing_was_read_all_actions_of_the_call_are_lacking),
        IN_FAKE_WORLD(what_the_simulation_knows_of_other_actions_counts),
        IN_FAKE_WORLD(an_scp_is_added_where_the_level_lacks_it),
        IN_FAKE_WORLD(an_endpoint_is_given_the_caller_too),
        IN_FAKE_WORLD(a_trust_is_given_the_role_and_never_its_session),
        IN_FAKE_WORLD(a_role_without_its_path_is_known_by_its_unique_id),
        IN_FAKE_WORLD(the_external_id_of_the_list_stays_a_condition),
        IN_FAKE_WORLD(without_an_external_id_the_trust_gets_all_actions_at_once),
        IN_FAKE_WORLD(tags_and_source_identity_stand_alone_without_the_external_id),
        IN_FAKE_WORLD(a_condition_on_another_caller_is_mended_by_a_statement),
        IN_FAKE_WORLD(an_exception_replaces_the_statement_that_denies),
        IN_FAKE_WORLD(a_trust_gets_an_exception_for_the_caller),
        IN_FAKE_WORLD(an_exception_that_would_open_more_or_not_be_enough_is_not_given),
        IN_FAKE_WORLD(without_an_allow_an_exception_is_not_enough),
        IN_FAKE_WORLD(an_exception_must_be_enough_for_every_action_of_the_call),
        IN_FAKE_WORLD(a_deny_whose_document_was_not_read_is_told_by_its_arn),
        IN_FAKE_WORLD(a_guess_has_no_statement),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
