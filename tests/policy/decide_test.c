#include "policy_support.h"

/* A case that is put together layer by layer; every key that is not set is unknown. */
static struct cc_case open_case(struct cc_arena *mem, const char *principal, const char *resource)
{
    struct cc_case one = {
        .action = "sts:AssumeRole",
        .resource = resource,
        .context = {.mem = mem, .open = true},
    };
    struct cc_error err;

    if (!cc_case_begin(mem, principal, &one, &err)) {
        fail_msg("%s: %s", principal, err.why);
    }
    one.layers[CC_LAYER_IDENTITY] = level_of(mem, DOC(ALLOW(ANYTHING)));
    return one;
}

static enum cc_tri allowed(struct cc_arena *mem, const struct cc_case *one)
{
    const struct cc_decision decision = cc_decide(mem, one);

    assert_false(decision.too_large);
    assert_true(decision.denied != CC_YES || decision.allowed == CC_NO);
    return decision.allowed;
}

#define MAYBE_KEY IF("StringEquals", "k:unknown", "\"a\"")
#define MAYBE     DOC(ALLOW(ANYTHING MAYBE_KEY))
#define NO        DOC(DENY(ANYTHING IF("StringEquals", "k:no", "\"a\"")))
#define MAYBE_NOT DOC(ALLOW(ANYTHING) "," DENY(ANYTHING MAYBE_KEY))

static void what_is_not_known_of_a_layer_is_not_known_of_the_decision(void **state)
{
    static const enum cc_layer_kind limits[] = {CC_LAYER_IDENTITY, CC_LAYER_BOUNDARY,
                                                CC_LAYER_SESSION, CC_LAYER_SCP, CC_LAYER_ENDPOINT};
    struct cc_arena mem = {0};

    (void)state;
    for (size_t i = 0; i < CC_COUNT(limits); i++) {
        struct cc_case one = open_case(&mem, SESSION, TARGET);

        cc_context_set(&one.context, "k:no", NULL);
        assert_int_equal(allowed(&mem, &one), CC_YES);
        one.layers[limits[i]] = level_of(&mem, MAYBE);
        assert_int_equal(allowed(&mem, &one), CC_MAYBE);
        one.layers[limits[i]] = level_of(&mem, MAYBE_NOT);
        assert_int_equal(allowed(&mem, &one), CC_MAYBE);
        assert_int_equal(cc_decide(&mem, &one).denied, CC_MAYBE);
        one.layers[limits[i]] = level_of(&mem, NO);
        assert_int_equal(allowed(&mem, &one), CC_NO);
        cc_context_set(&one.context, "k:unknown", "b");
        one.layers[limits[i]] = level_of(&mem, MAYBE);
        assert_int_equal(allowed(&mem, &one), CC_NO);
        one.layers[limits[i]] = level_of(&mem, MAYBE_NOT);
        assert_int_equal(allowed(&mem, &one), CC_YES);
    }
    cc_arena_wipe(&mem);
}

static void an_explicit_deny_decides_whatever_else_is_unknown(void **state)
{
    struct cc_arena mem = {0};
    struct cc_case one = open_case(&mem, SESSION, TARGET);

    (void)state;
    one.layers[CC_LAYER_IDENTITY] = level_of(&mem, MAYBE);
    one.layers[CC_LAYER_BOUNDARY] = level_of(&mem, DOC(DENY(ANYTHING)));
    assert_int_equal(allowed(&mem, &one), CC_NO);
    assert_int_equal(cc_decide(&mem, &one).denied, CC_YES);
    /* An RCP that may deny leaves it open, and one that may allow does nothing. */
    one = open_case(&mem, SESSION, TARGET);
    one.layers[CC_LAYER_RCP] = level_of(&mem, DOC(DENY(ANYTHING MAYBE_KEY)));
    assert_int_equal(allowed(&mem, &one), CC_MAYBE);
    one.layers[CC_LAYER_RCP] = level_of(&mem, MAYBE);
    assert_int_equal(allowed(&mem, &one), CC_YES);
    cc_arena_wipe(&mem);
}

/* What each kind of name grants: within the account without an identity policy, with a boundary
 * that does not allow it, and in another account with and without an identity policy. */
static const struct {
    const char *name;
    const char *caller;
    const char *principal;
    bool here;
    bool here_bounded;
    bool here_with_identity;
    bool there;
    bool there_with_identity;
} grants[] = {
    {"a session", SESSION, "{\"AWS\":\"" SESSION "\"}", true, true, true, false, true},
    {"a role", SESSION, "{\"AWS\":\"" ROLE "\"}", true, false, true, false, true},
    {"a user", USER, "{\"AWS\":\"" USER "\"}", true, true, true, false, true},
    {"everybody", SESSION, "\"*\"", true, true, true, false, true},
    {"everybody, a user", USER, "{\"AWS\":\"*\"}", true, true, true, false, true},
    {"the account", SESSION, "{\"AWS\":\"" ACCOUNT "\"}", false, false, true, false, true},
    {"another account", SESSION, "{\"AWS\":\"" FAR "\"}", false, false, false, false, false},
    {"a service", "ec2.amazonaws.com", "{\"Service\":\"ec2.amazonaws.com\"}", true, true, true,
     true, true},
    {"another service", "ec2.amazonaws.com", "{\"Service\":\"ecs.amazonaws.com\"}", false, false,
     false, false, false},
};

static void expect(struct cc_arena *mem, const struct cc_case *one, const char *name, bool yes)
{
    const enum cc_tri got = allowed(mem, one);

    if (got != (yes ? CC_YES : CC_NO)) {
        fail_msg("%s: %d", name, got);
    }
}

static void a_trust_policy_grants_by_how_it_names_the_caller(void **state)
{
    struct cc_arena mem = {0};
    const struct cc_levels none = level_of(&mem, DOC(ALLOW(ANYTHING MAYBE_KEY)));
    const struct cc_levels all = level_of(&mem, DOC(ALLOW(ANYTHING)));

    (void)state;
    for (size_t i = 0; i < CC_COUNT(grants); i++) {
        const struct cc_levels trust =
            level_of(&mem, cc_textf(&mem, DOC(ALLOW(BY("%s"))), grants[i].principal));

        for (int far = 0; far < 2; far++) {
            struct cc_case one = open_case(&mem, grants[i].caller, far ? THERE : TARGET);

            cc_context_set(&one.context, "k:unknown", NULL);
            one.layers[CC_LAYER_RESOURCE] = trust;
            one.layers[CC_LAYER_IDENTITY] = none;
            expect(&mem, &one, grants[i].name, far ? grants[i].there : grants[i].here);
            one.layers[CC_LAYER_BOUNDARY] = none;
            expect(&mem, &one, grants[i].name, far ? grants[i].there : grants[i].here_bounded);
            one.layers[CC_LAYER_BOUNDARY] = all;
            one.layers[CC_LAYER_IDENTITY] = all;
            expect(&mem, &one, grants[i].name,
                   far ? grants[i].there_with_identity : grants[i].here_with_identity);
        }
    }
    cc_arena_wipe(&mem);
}

static void a_statement_of_a_resource_without_a_principal_names_nobody(void **state)
{
    static const struct {
        const char *statement;
        enum cc_tri allows;
        enum cc_tri denies;
    } rows[] = {
        {ALLOW(""), CC_NO, CC_NO},
        {DENY(ANYTHING), CC_NO, CC_NO},
        {ALLOW(BY("\"*\"")), CC_YES, CC_NO},
    };
    struct cc_arena mem = {0};

    (void)state;
    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        struct cc_case one = open_case(&mem, SESSION, TARGET);

        one.layers[CC_LAYER_RESOURCE] =
            level_of(&mem, cc_textf(&mem, DOC("%s"), rows[i].statement));
        const struct cc_layer_decision layer = cc_decide_layer(&mem, &one, CC_LAYER_RESOURCE);
        assert_int_equal(layer.allows, rows[i].allows);
        assert_int_equal(layer.denies, rows[i].denies);
    }
    cc_arena_wipe(&mem);
}

static void only_trust_and_key_policies_must_allow_within_the_account(void **state)
{
    static const struct {
        const char *action;
        const char *resource;
        bool must;
    } rows[] = {
        {"sts:AssumeRole", TARGET, true},
        {"STS:assumerole", TARGET, true},
        {"sts:AssumeRoleWithSAML", TARGET, true},
        {"sts:TagSession", TARGET, true},
        {"sts:SetSourceIdentity", TARGET, true},
        {"sts:AssumeRole", "*", false},
        {"iam:GetRole", TARGET, false},
        {"kms:Decrypt", "arn:aws:kms:r:" ACCOUNT ":key/1", true},
        {"kms:CreateAlias", "arn:aws:kms:r:" ACCOUNT ":alias/1", false},
        {"s3:GetObject", "arn:aws:s3:::a/b", false},
    };
    struct cc_arena mem = {0};

    (void)state;
    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        struct cc_case one = open_case(&mem, SESSION, rows[i].resource);

        one.action = rows[i].action;
        one.resource_account = ACCOUNT;
        expect(&mem, &one, rows[i].action, true);
        one.layers[CC_LAYER_RESOURCE] = level_of(&mem, DOC(ALLOW(BY("{\"AWS\":\"" FAR "\"}"))));
        expect(&mem, &one, rows[i].action, !rows[i].must);
        assert_int_equal(cc_decide(&mem, &one).explicitly_only, rows[i].must);
    }
    cc_arena_wipe(&mem);
}

static void every_level_of_scps_must_allow(void **state)
{
    struct cc_arena mem = {0};
    struct cc_case one = open_case(&mem, SESSION, TARGET);
    const struct cc_levels all = level_of(&mem, DOC(ALLOW(ANYTHING)));
    const struct cc_levels none = level_of(&mem, DOC(ALLOW(ANYTHING MAYBE_KEY)));
    struct cc_policies rows[] = {all.rows[0], all.rows[0], all.rows[0]};

    (void)state;
    cc_context_set(&one.context, "k:unknown", NULL);
    one.layers[CC_LAYER_SCP] = (struct cc_levels){true, rows, CC_COUNT(rows)};
    expect(&mem, &one, "all levels", true);
    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        rows[i] = none.rows[0];
        expect(&mem, &one, "one level does not", false);
        rows[i] = (struct cc_policies){NULL, 0};
        expect(&mem, &one, "a level without policies", false);
        rows[i] = all.rows[0];
    }
    one.layers[CC_LAYER_SCP].count = 0;
    expect(&mem, &one, "no level at all", false);
    cc_arena_wipe(&mem);
}

static void layers_that_a_caller_cannot_have_do_not_count(void **state)
{
    static const char linked[] = "arn:aws:iam::" ACCOUNT ":role/aws-service-role/x/AWSServiceRole";
    static const struct {
        const char *caller;
        unsigned ignored; /* bits of layers */
    } rows[] = {
        {SESSION, 0},
        {"ec2.amazonaws.com", 1U << CC_LAYER_IDENTITY | 1U << CC_LAYER_BOUNDARY |
                                  1U << CC_LAYER_SESSION | 1U << CC_LAYER_SCP},
        {"*", 1U << CC_LAYER_IDENTITY | 1U << CC_LAYER_BOUNDARY | 1U << CC_LAYER_SESSION |
                  1U << CC_LAYER_SCP},
        {linked, 1U << CC_LAYER_SCP | 1U << CC_LAYER_RCP},
        {"arn:aws:iam::" ACCOUNT ":root",
         1U << CC_LAYER_IDENTITY | 1U << CC_LAYER_BOUNDARY | 1U << CC_LAYER_SESSION},
    };
    struct cc_arena mem = {0};

    (void)state;
    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        for (unsigned kind = 0; kind < CC_LAYERS; kind++) {
            struct cc_case one = open_case(&mem, rows[i].caller, "arn:aws:s3:::x");
            const bool ignored = rows[i].ignored & 1U << kind;

            one.action = "s3:GetObject";
            one.layers[CC_LAYER_RESOURCE] = level_of(&mem, DOC(ALLOW(BY("\"*\""))));
            expect(&mem, &one, rows[i].caller, true);
            one.layers[kind] = level_of(&mem, kind == CC_LAYER_RESOURCE ? DOC(DENY(BY("\"*\"")))
                                                                        : DOC(DENY(ANYTHING)));
            expect(&mem, &one, rows[i].caller, ignored);
            assert_int_equal(cc_decide(&mem, &one).layers[kind].present, !ignored);
        }
    }
    cc_arena_wipe(&mem);
}

static void the_root_user_cannot_assume_a_role(void **state)
{
    struct cc_arena mem = {0};
    struct cc_case one = open_case(&mem, "arn:aws:iam::" ACCOUNT ":root", TARGET);

    (void)state;
    one.layers[CC_LAYER_RESOURCE] = level_of(&mem, DOC(ALLOW(BY("{\"AWS\":\"" ACCOUNT "\"}"))));
    expect(&mem, &one, "the root user", false);
    assert_true(cc_is_root_assuming(&one));
    one.action = "sts:TagSession";
    assert_false(cc_is_root_assuming(&one));
    cc_arena_wipe(&mem);
}

static void nothing_can_deny_get_caller_identity(void **state)
{
    struct cc_arena mem = {0};
    struct cc_case one = open_case(&mem, USER, "*");

    (void)state;
    one.action = "STS:getcalleridentity";
    for (unsigned kind = 0; kind < CC_LAYERS; kind++) {
        one.layers[kind] = level_of(&mem, DOC(DENY(ANYTHING)));
    }
    expect(&mem, &one, "a user", true);
    assert_int_equal(cc_decide(&mem, &one).denied, CC_NO);
    cc_arena_wipe(&mem);
}

static void a_layer_alone_and_a_decision_again_say_the_same(void **state)
{
    struct cc_arena mem = {0};
    struct cc_case one = open_case(&mem, SESSION, THERE);

    (void)state;
    one.layers[CC_LAYER_RESOURCE] = level_of(&mem, DOC(ALLOW(BY("\"*\"") MAYBE_KEY)));
    struct cc_decision decision = cc_decide(&mem, &one);
    const struct cc_layer_decision layer = cc_decide_layer(&mem, &one, CC_LAYER_RESOURCE);
    assert_int_equal(decision.allowed, CC_MAYBE);
    assert_int_equal(layer.allows, decision.layers[CC_LAYER_RESOURCE].allows);
    cc_context_set(&one.context, "k:unknown", "a");
    decision.layers[CC_LAYER_RESOURCE] = cc_decide_layer(&mem, &one, CC_LAYER_RESOURCE);
    cc_decide_again(&one, &decision);
    assert_int_equal(decision.allowed, CC_YES);
    assert_false(decision.same_account);
    cc_arena_wipe(&mem);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_not_known_of_a_layer_is_not_known_of_the_decision),
        cmocka_unit_test(an_explicit_deny_decides_whatever_else_is_unknown),
        cmocka_unit_test(a_trust_policy_grants_by_how_it_names_the_caller),
        cmocka_unit_test(a_statement_of_a_resource_without_a_principal_names_nobody),
        cmocka_unit_test(only_trust_and_key_policies_must_allow_within_the_account),
        cmocka_unit_test(every_level_of_scps_must_allow),
        cmocka_unit_test(layers_that_a_caller_cannot_have_do_not_count),
        cmocka_unit_test(the_root_user_cannot_assume_a_role),
        cmocka_unit_test(nothing_can_deny_get_caller_identity),
        cmocka_unit_test(a_layer_alone_and_a_decision_again_say_the_same),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
