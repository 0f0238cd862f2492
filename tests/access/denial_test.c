#include "credctl/access/denial.h"

#include "credctl/base/text.h"

#include "support/test.h"

#define USER "User: arn:aws:sts::111111111111:assumed-role/Hub/i-0123456789abcdef0 "
#define ROLE "arn:aws:iam::222222222222:role/Audit"
#define NOT  USER "is not authorized to perform: sts:AssumeRole on resource: " ROLE
#define SCP \
    "arn:aws:organizations::999999999999:policy/o-a1b2c3d4e5/service_control_policy/p-guard001"

static struct cc_denial read_one(struct fake *fake, const char *message)
{
    return cc_denial_read(&fake->run.mem, message);
}

static void assert_read(struct fake *fake, const char *message, enum cc_family family,
                        bool explicit_deny)
{
    const struct cc_denial denial = read_one(fake, message);

    if (denial.family != family || denial.explicit_deny != explicit_deny) {
        fail_msg("family %d, explicit %d: %s", (int)denial.family, denial.explicit_deny, message);
    }
    assert_null(denial.policy_arn);
    assert_string_equal(denial.action, "sts:AssumeRole");
}

static void a_missing_allow_names_its_type_of_policy(void **state)
{
    static const struct {
        const char *words;
        enum cc_family family;
    } rows[] = {
        {"no identity-based policy allows", CC_FAMILY_IDENTITY},
        {"no permissions boundary allows", CC_FAMILY_BOUNDARY},
        {"no session policy allows", CC_FAMILY_SESSION},
        {"no service control policy allows", CC_FAMILY_SCP},
        {"no VPC endpoint policy allows", CC_FAMILY_ENDPOINT},
        {"no resource-based policy allows", CC_FAMILY_TRUST},
        {"no role trust policy allows", CC_FAMILY_TRUST},
        {"the role trust policy allows", CC_FAMILY_TRUST}, /* the guide of 2023 lacks the "no" */
    };

    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        struct fake *fake = *state;

        assert_read(
            fake, cc_textf(&fake->mem, NOT " because %s the sts:AssumeRole action", rows[i].words),
            rows[i].family, false);
    }
}

static void an_explicit_deny_names_its_type_of_policy(void **state)
{
    static const struct {
        const char *words;
        enum cc_family family;
    } rows[] = {
        {"an identity-based policy", CC_FAMILY_IDENTITY},
        {"a permissions boundary", CC_FAMILY_BOUNDARY},
        {"a session policy", CC_FAMILY_SESSION},
        {"a sessions policy", CC_FAMILY_SESSION},
        {"a service control policy", CC_FAMILY_SCP},
        {"a resource control policy", CC_FAMILY_RCP},
        {"a VPC endpoint policy", CC_FAMILY_ENDPOINT},
        {"a resource-based policy", CC_FAMILY_TRUST},
        {"the role trust policy", CC_FAMILY_TRUST},
        {"a VPC endpoint policy transitively through a service control policy", CC_FAMILY_SCP},
        {"a VPC endpoint policy transitively through a resource control policy", CC_FAMILY_RCP},
    };

    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        struct fake *fake = *state;
        const char *text = cc_textf(&fake->mem, NOT " with an explicit deny in %s", rows[i].words);

        assert_read(fake, text, rows[i].family, true);
        assert_read(fake, cc_textf(&fake->mem, "%s.", text), rows[i].family, true);
    }
}

static void the_arn_of_the_policy_is_read_without_what_stands_around_it(void **state)
{
    static const struct {
        const char *words;
        const char *arn;
    } rows[] = {
        {"a service control policy: " SCP, SCP},
        {"a service control policy: " SCP ".", SCP},
        {"an identity-based policy: arn:aws:iam::aws:policy/Guard (Guard).",
         "arn:aws:iam::aws:policy/Guard"},
        {"an identity-based policy: arn:aws:iam::111111111111:policy/a/Guard (name of it)",
         "arn:aws:iam::111111111111:policy/a/Guard"},
        {"a permissions boundary: arn:aws:iam::111111111111:policy/B",
         "arn:aws:iam::111111111111:policy/B"},
        {"a VPC endpoint policy transitively through a service control policy: " SCP, SCP},
        {"a service control policy: p-guard001", NULL},
        {"a service control policy:", NULL},
        {"a session policy", NULL},
    };

    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        struct fake *fake = *state;
        const struct cc_denial denial =
            read_one(fake, cc_textf(&fake->mem, NOT " with an explicit deny in %s", rows[i].words));

        assert_true(denial.explicit_deny);
        if (rows[i].arn) {
            assert_string_equal(denial.policy_arn, rows[i].arn);
        } else {
            assert_null(denial.policy_arn);
        }
    }
}

static void a_bare_sentence_and_older_ones_name_no_policy(void **state)
{
    static const char *const rows[] = {
        NOT,
        USER "is not authorized to perform: sts:AssumeRole",
        "Not authorized to perform sts:AssumeRole",
        NOT " because of something that nobody has seen before",
        NOT " because no gravity allows the sts:AssumeRole action",
    };

    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        assert_read(*state, rows[i], CC_FAMILY_NONE, false);
    }
}

static void the_action_that_failed_is_the_one_that_is_named(void **state)
{
    static const struct {
        const char *text;
        const char *action;
    } rows[] = {
        {USER "is not authorized to perform: sts:TagSession on resource: " ROLE, "sts:TagSession"},
        {USER "is not authorized to perform: sts:SetSourceIdentity.", "sts:SetSourceIdentity"},
        {"You are not authorized to perform this operation. " USER
         "is not authorized to perform: sts:TagSession on resource: " ROLE
         " Encoded authorization failure message: 4vTmFyhzZWdeX-QT",
         "sts:TagSession"},
        {"You are not authorized to perform this operation.", NULL},
        {"AccessDenied", NULL},
        {"", NULL},
    };

    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        const struct cc_denial denial = read_one(*state, rows[i].text);

        assert_int_equal(denial.family, CC_FAMILY_NONE);
        if (rows[i].action) {
            assert_string_equal(denial.action, rows[i].action);
        } else {
            assert_null(denial.action);
        }
    }
}

static void a_wrapped_sentence_is_read_like_any_other(void **state)
{
    static const char text[] =
        "You are not authorized to perform this operation. " NOT
        " because no session policy allows the sts:AssumeRole action. Encoded authorization failure "
        "message: 4vTmFyhzZWdeX-QT";

    assert_read(*state, text, CC_FAMILY_SESSION, false);
}

static void what_is_not_a_policy_is_told_apart(void **state)
{
    const struct cc_denial root = read_one(*state, "Roles may not be assumed by root accounts.");
    const struct cc_denial code =
        read_one(*state, "MultiFactorAuthentication failed with invalid MFA one time pass code. ");
    const struct cc_denial serial =
        read_one(*state, "MultiFactorAuthentication failed, unable to validate MFA code. Please "
                         "verify your MFA serial number is valid and associated with this user.");

    assert_true(root.root_caller && !root.mfa_failed);
    assert_true(code.mfa_failed && !code.root_caller);
    assert_true(serial.mfa_failed);
    assert_false(read_one(*state, NOT).mfa_failed);
}

static void names_of_policies_and_sessions_cannot_speak_for_aws(void **state)
{
    static const char text[] =
        "User: arn:aws:sts::111111111111:assumed-role/session-policy/explicit-deny-in is not "
        "authorized to perform: sts:AssumeRole on resource: "
        "arn:aws:iam::222222222222:role/identity-based-policy";

    assert_read(*state, text, CC_FAMILY_NONE, false);
}

static void a_hostile_message_is_printable_and_has_an_end(void **state)
{
    struct fake *fake = *state;
    struct cc_denial denial = read_one(fake, "\x1b[2Jperform: sts:Ass\xff\x01: \xe2\x80\xae");

    assert_null(strchr(denial.message, '\x1b'));
    assert_null(strchr(denial.message, '\xff'));
    char *huge = cc_alloc(&fake->mem, 1000001);
    memset(huge, 'a', 1000000);
    memcpy(huge, NOT " because ", strlen(NOT " because "));
    denial = read_one(fake, huge);
    assert_int_equal(denial.family, CC_FAMILY_NONE);
    assert_true(strlen(denial.message) <= 4096);
    denial = read_one(fake, NULL);
    assert_string_equal(denial.message, "");
    assert_null(denial.action);
}

static void each_family_has_a_cause_of_either_kind(void **state)
{
    static const struct {
        enum cc_family family;
        enum cc_cause without;
        enum cc_cause denies;
    } rows[] = {
        {CC_FAMILY_IDENTITY, CC_CAUSE_IDENTITY_NO_ALLOW, CC_CAUSE_IDENTITY_DENY},
        {CC_FAMILY_BOUNDARY, CC_CAUSE_BOUNDARY_NO_ALLOW, CC_CAUSE_BOUNDARY_DENY},
        {CC_FAMILY_SESSION, CC_CAUSE_SESSION_NO_ALLOW, CC_CAUSE_SESSION_DENY},
        {CC_FAMILY_SCP, CC_CAUSE_SCP_NO_ALLOW, CC_CAUSE_SCP_DENY},
        {CC_FAMILY_RCP, CC_CAUSE_RCP_DENY, CC_CAUSE_RCP_DENY}, /* RCPs cannot lack an Allow */
        {CC_FAMILY_ENDPOINT, CC_CAUSE_ENDPOINT_NO_ALLOW, CC_CAUSE_ENDPOINT_DENY},
        {CC_FAMILY_TRUST, CC_CAUSE_TRUST_NO_ALLOW, CC_CAUSE_TRUST_DENY},
    };

    (void)state;
    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        struct cc_denial denial = {.family = rows[i].family};

        assert_int_equal(cc_denial_cause(&denial), rows[i].without);
        denial.explicit_deny = true;
        assert_int_equal(cc_denial_cause(&denial), rows[i].denies);
    }
}

static void a_cause_has_the_side_of_its_policy(void **state)
{
    static const struct {
        enum cc_cause cause;
        const char *name;
        const char *side;
        const char *policy;
    } rows[] = {
        {CC_CAUSE_IDENTITY_NO_ALLOW, "identity.no_allow", "source", "identity"},
        {CC_CAUSE_BOUNDARY_DENY, "boundary.explicit_deny", "source", "boundary"},
        {CC_CAUSE_SESSION_NO_ALLOW, "session_policy.no_allow", "session", "session"},
        {CC_CAUSE_SCP_DENY, "scp.explicit_deny", "organization", "scp"},
        {CC_CAUSE_RCP_DENY, "rcp.explicit_deny", "organization", "rcp"},
        {CC_CAUSE_ENDPOINT_NO_ALLOW, "vpce.no_allow", "network", "vpce"},
        {CC_CAUSE_TRUST_MFA, "trust.mfa", "target", "trust"},
        {CC_CAUSE_ROLE_MISSING, "role.missing", "target", NULL},
        {CC_CAUSE_CHAINED_DURATION, "role.chained_duration", "source", NULL},
        {CC_CAUSE_SESSION_NAME, "role.session_name", "source", NULL},
        {CC_CAUSE_EXPIRED, "credentials.expired", "host", NULL},
        {CC_CAUSE_CLOCK, "clock.skew", "host", NULL},
        {CC_CAUSE_REGION_DISABLED, "region.disabled", "source", NULL},
        {CC_CAUSE_THROTTLED, "aws.throttled", NULL, NULL},
        {CC_CAUSE_NET_TLS, "network.tls", "network", NULL},
        {CC_CAUSE_UNKNOWN, "unknown", NULL, NULL},
    };

    (void)state;
    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        const char *side = cc_side_names[cc_cause_side(rows[i].cause)];
        const char *policy = cc_family_policy(cc_cause_family(rows[i].cause));

        assert_string_equal(cc_cause_name(rows[i].cause), rows[i].name);
        assert_true(side ? cc_text_equal(side, rows[i].side) : !rows[i].side);
        assert_true(policy ? cc_text_equal(policy, rows[i].policy) : !rows[i].policy);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FAKE_WORLD(a_missing_allow_names_its_type_of_policy),
        IN_FAKE_WORLD(an_explicit_deny_names_its_type_of_policy),
        IN_FAKE_WORLD(the_arn_of_the_policy_is_read_without_what_stands_around_it),
        IN_FAKE_WORLD(a_bare_sentence_and_older_ones_name_no_policy),
        IN_FAKE_WORLD(the_action_that_failed_is_the_one_that_is_named),
        IN_FAKE_WORLD(a_wrapped_sentence_is_read_like_any_other),
        IN_FAKE_WORLD(what_is_not_a_policy_is_told_apart),
        IN_FAKE_WORLD(names_of_policies_and_sessions_cannot_speak_for_aws),
        IN_FAKE_WORLD(a_hostile_message_is_printable_and_has_an_end),
        IN_FAKE_WORLD(each_family_has_a_cause_of_either_kind),
        cmocka_unit_test(a_cause_has_the_side_of_its_policy),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
