#include "policy_support.h"

/* How a statement with this principal names the caller: the bit of the layer. */
static enum cc_named named(const char *principal, const struct cc_caller *caller)
{
    struct cc_arena mem = {0};
    const struct cc_policy policy =
        policy_of(&mem, cc_textf(&mem, DOC(ALLOW(BY("%s"))), principal));
    const struct cc_context context = {.mem = &mem};
    const struct cc_access_request request = {caller, "s3:x", "arn:aws:s3:::x", &context};
    const struct cc_layer layer = cc_evaluate(&mem, (struct cc_policies){&policy, 1}, &request);
    enum cc_named named = CC_NAMED_NOT;

    assert_int_equal(layer.named, layer.may_name);
    assert_int_equal(layer.named != 0, layer.allows == CC_YES);
    while (named < CC_NAMED_COUNT && layer.named && !(layer.named & 1U << named)) {
        named++;
    }
    cc_arena_wipe(&mem);
    return named;
}

struct row {
    const char *principal;
    enum cc_named named;
};

static void expect(const struct cc_caller *caller, const struct row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const enum cc_named got = named(rows[i].principal, caller);

        if (got != rows[i].named) {
            fail_msg("%s names %s: %d, not %d", rows[i].principal,
                     caller->session_arn ? caller->session_arn : caller->arn, got, rows[i].named);
        }
    }
}

#define EXPECT(caller, rows) expect(caller, rows, CC_COUNT(rows))

static void a_session_is_named_by_itself_its_role_its_account_or_all(void **state)
{
    static const struct row rows[] = {
        {"{\"AWS\":\"" SESSION "\"}", CC_NAMED_SESSION},
        {"{\"AWS\":\"" ROLE "\"}", CC_NAMED_ROLE},
        {"{\"AWS\":\"arn:aws:iam::" ACCOUNT ":role/a/b/host\"}", CC_NAMED_ROLE},
        {"{\"AWS\":\"arn:aws:iam::" ACCOUNT ":role/hosts\"}", CC_NAMED_NOT},
        {"{\"AWS\":\"arn:aws:iam::" FAR ":role/host\"}", CC_NAMED_NOT},
        {"{\"AWS\":\"arn:aws-cn:iam::" ACCOUNT ":role/host\"}", CC_NAMED_NOT},
        {"{\"AWS\":\"arn:aws:iam::" ACCOUNT ":user/host\"}", CC_NAMED_NOT},
        {"{\"AWS\":\"arn:aws:sts::" ACCOUNT ":assumed-role/host/s2\"}", CC_NAMED_NOT},
        {"{\"AWS\":\"arn:aws:sts::" ACCOUNT ":assumed-role/host/*\"}", CC_NAMED_NOT},
        {"{\"AWS\":\"arn:aws:iam::" ACCOUNT ":role/*\"}", CC_NAMED_NOT},
        {"{\"AWS\":\"" ACCOUNT "\"}", CC_NAMED_ACCOUNT},
        {"{\"AWS\":\"arn:aws:iam::" ACCOUNT ":root\"}", CC_NAMED_ACCOUNT},
        {"{\"AWS\":\"arn:aws-cn:iam::" ACCOUNT ":root\"}", CC_NAMED_NOT},
        {"{\"AWS\":\"arn:aws:iam::" FAR ":root\"}", CC_NAMED_NOT},
        {"{\"AWS\":\"" FAR "\"}", CC_NAMED_NOT},
        {"{\"AWS\":\"11112222333\"}", CC_NAMED_NOT},
        {"\"*\"", CC_NAMED_ANYONE},
        {"{\"AWS\":\"*\"}", CC_NAMED_ANYONE},
        {"{\"*\":\"*\"}", CC_NAMED_ANYONE},
        {"{\"AWS\":[\"" FAR "\",\"" ROLE "\"]}", CC_NAMED_ROLE},
        {"{\"AWS\":[\"*\",\"" SESSION "\"]}", CC_NAMED_SESSION},
        {"{\"AWS\":[\"" ROLE "\",\"*\"]}", CC_NAMED_ANYONE},
        {"{\"AWS\":[\"" ACCOUNT "\",\"" ROLE "\"]}", CC_NAMED_ROLE},
        {"{\"AWS\":\"AROAEXAMPLE\"}", CC_NAMED_NOT},
        {"{\"Service\":\"" SESSION "\"}", CC_NAMED_NOT},
        {"{\"Federated\":\"" SESSION "\"}", CC_NAMED_NOT},
        {"{\"CanonicalUser\":\"" SESSION "\"}", CC_NAMED_NOT},
        {"{}", CC_NAMED_NOT},
        {"{\"AWS\":[]}", CC_NAMED_NOT},
    };
    struct cc_arena mem = {0};
    const struct cc_caller caller = cc_caller_of(&mem, SESSION, NULL);

    (void)state;
    EXPECT(&caller, rows);
    cc_arena_wipe(&mem);
}

static void the_path_of_a_role_counts_where_it_is_known(void **state)
{
    static const char with_path[] = "arn:aws:iam::" ACCOUNT ":role/a/host";
    static const struct row rows[] = {
        {"{\"AWS\":\"arn:aws:iam::" ACCOUNT ":role/a/host\"}", CC_NAMED_ROLE},
        {"{\"AWS\":\"arn:aws:iam::" ACCOUNT ":role/b/host\"}", CC_NAMED_NOT},
        {"{\"AWS\":\"" ROLE "\"}", CC_NAMED_NOT},
    };
    struct cc_arena mem = {0};
    struct cc_caller caller = cc_caller_of(&mem, SESSION, with_path);

    (void)state;
    assert_false(caller.any_path);
    assert_string_equal(caller.arn, with_path);
    EXPECT(&caller, rows);
    /* aws:PrincipalArn of another role says nothing about this one. */
    caller = cc_caller_of(&mem, SESSION, "arn:aws:iam::" ACCOUNT ":role/a/other");
    assert_true(caller.any_path);
    assert_string_equal(caller.arn, ROLE);
    caller = cc_caller_of(&mem, SESSION, "arn:aws:iam::" FAR ":role/a/host");
    assert_string_equal(caller.arn, ROLE);
    /* A role that is given as such has its path. */
    caller = cc_caller_of(&mem, with_path, NULL);
    EXPECT(&caller, rows);
    cc_arena_wipe(&mem);
}

static void a_user_is_named_by_its_arn_and_unique_id(void **state)
{
    static const struct row rows[] = {
        {"{\"AWS\":\"" USER "\"}", CC_NAMED_USER},
        {"{\"AWS\":\"arn:aws:iam::" ACCOUNT ":user/Alice\"}", CC_NAMED_NOT},
        {"{\"AWS\":\"arn:aws:iam::" ACCOUNT ":user/x/alice\"}", CC_NAMED_NOT},
        {"{\"AWS\":\"AIDAEXAMPLE\"}", CC_NAMED_USER},
        {"{\"AWS\":\"AIDAOTHER\"}", CC_NAMED_NOT},
        {"{\"AWS\":\"" ACCOUNT "\"}", CC_NAMED_ACCOUNT},
    };
    struct cc_arena mem = {0};
    struct cc_caller caller = cc_caller_of(&mem, USER, NULL);

    (void)state;
    caller.unique_id = "AIDAEXAMPLE";
    EXPECT(&caller, rows);
    cc_arena_wipe(&mem);
}

static void a_role_is_named_by_its_unique_id(void **state)
{
    static const struct row rows[] = {
        {"{\"AWS\":\"AROAEXAMPLE\"}", CC_NAMED_ROLE},
        {"{\"AWS\":\"AROAOTHER\"}", CC_NAMED_NOT},
    };
    struct cc_arena mem = {0};
    struct cc_caller caller = cc_caller_of(&mem, SESSION, NULL);

    (void)state;
    caller.unique_id = "AROAEXAMPLE";
    EXPECT(&caller, rows);
    cc_arena_wipe(&mem);
}

static void a_federated_user_is_a_session(void **state)
{
    static const char fred[] = "arn:aws:sts::" ACCOUNT ":federated-user/fred";
    static const struct row rows[] = {
        {"{\"AWS\":\"arn:aws:sts::" ACCOUNT ":federated-user/fred\"}", CC_NAMED_SESSION},
        {"{\"AWS\":\"arn:aws:iam::" ACCOUNT ":user/fred\"}", CC_NAMED_NOT},
        {"{\"AWS\":\"" ACCOUNT "\"}", CC_NAMED_ACCOUNT},
    };
    struct cc_arena mem = {0};
    const struct cc_caller caller = cc_caller_of(&mem, fred, NULL);

    (void)state;
    EXPECT(&caller, rows);
    cc_arena_wipe(&mem);
}

static void the_root_user_is_its_account(void **state)
{
    static const struct row rows[] = {
        {"{\"AWS\":\"arn:aws:iam::" ACCOUNT ":root\"}", CC_NAMED_ACCOUNT},
        {"{\"AWS\":\"" ACCOUNT "\"}", CC_NAMED_ACCOUNT},
        {"{\"AWS\":\"" ROLE "\"}", CC_NAMED_NOT},
    };
    struct cc_arena mem = {0};
    const struct cc_caller caller = cc_caller_of(&mem, "arn:aws:iam::" ACCOUNT ":root", NULL);

    (void)state;
    assert_true(caller.root);
    EXPECT(&caller, rows);
    cc_arena_wipe(&mem);
}

static void services_providers_and_nobody_have_no_account(void **state)
{
    static const struct row service[] = {
        {"{\"Service\":\"ecs-tasks.amazonaws.com\"}", CC_NAMED_SERVICE},
        {"{\"Service\":[\"ec2.amazonaws.com\",\"ecs-tasks.amazonaws.com\"]}", CC_NAMED_SERVICE},
        {"{\"Service\":\"ec2.amazonaws.com\"}", CC_NAMED_NOT},
        {"{\"Service\":\"*\"}", CC_NAMED_NOT},
        {"{\"AWS\":\"ecs-tasks.amazonaws.com\"}", CC_NAMED_NOT},
        {"\"*\"", CC_NAMED_ANYONE},
    };
    static const struct row provider[] = {
        {"{\"Federated\":\"arn:aws:iam::" ACCOUNT ":oidc-provider/o.example/x\"}",
         CC_NAMED_FEDERATED},
        {"{\"Federated\":\"arn:aws:iam::" ACCOUNT ":oidc-provider/o.example\"}", CC_NAMED_NOT},
        {"{\"AWS\":\"arn:aws:iam::" ACCOUNT ":oidc-provider/o.example/x\"}", CC_NAMED_NOT},
        {"{\"AWS\":\"" ACCOUNT "\"}", CC_NAMED_NOT},
        {"\"*\"", CC_NAMED_ANYONE},
    };
    static const struct row nobody[] = {
        {"\"*\"", CC_NAMED_ANYONE},
        {"{\"AWS\":\"*\"}", CC_NAMED_ANYONE},
        {"{\"Service\":\"*\"}", CC_NAMED_NOT},
        {"{\"Federated\":\"*\"}", CC_NAMED_NOT},
        {"{\"AWS\":\"" ACCOUNT "\"}", CC_NAMED_NOT},
    };
    struct cc_arena mem = {0};
    const struct cc_caller callers[] = {
        cc_caller_of(&mem, "ecs-tasks.amazonaws.com", NULL),
        cc_caller_of(&mem, "arn:aws:iam::" ACCOUNT ":oidc-provider/o.example/x", NULL),
        cc_caller_of(&mem, "*", NULL),
    };

    (void)state;
    for (size_t i = 0; i < CC_COUNT(callers); i++) {
        assert_null(callers[i].account);
    }
    EXPECT(&callers[0], service);
    EXPECT(&callers[1], provider);
    EXPECT(&callers[2], nobody);
    cc_arena_wipe(&mem);
}

/* --- NotPrincipal --- */

static enum cc_tri denied(const char *principal, const struct cc_caller *caller)
{
    struct cc_arena mem = {0};
    const struct cc_policy policy =
        policy_of(&mem, cc_textf(&mem, DOC(DENY(",\"NotPrincipal\":%s")), principal));
    const struct cc_context context = {.mem = &mem};
    const struct cc_access_request request = {caller, "s3:x", "arn:aws:s3:::x", &context};
    const enum cc_tri denies = cc_evaluate(&mem, (struct cc_policies){&policy, 1}, &request).denies;

    cc_arena_wipe(&mem);
    return denies;
}

static void not_principal_excepts_whom_it_names_but_not_with_a_boundary(void **state)
{
    static const char all[] = "{\"AWS\":[\"" SESSION "\",\"" ROLE "\",\"" ACCOUNT "\"]}";
    struct cc_arena mem = {0};
    struct cc_caller caller = cc_caller_of(&mem, SESSION, NULL);

    (void)state;
    assert_int_equal(denied(all, &caller), CC_NO);
    assert_int_equal(denied("{\"AWS\":\"" ROLE "\"}", &caller), CC_NO);
    assert_int_equal(denied("{\"AWS\":\"" FAR "\"}", &caller), CC_YES);
    assert_int_equal(denied("\"*\"", &caller), CC_NO);
    assert_int_equal(denied("{\"Service\":\"s3.amazonaws.com\"}", &caller), CC_YES);
    caller.bounded = true;
    assert_int_equal(denied(all, &caller), CC_YES);
    cc_arena_wipe(&mem);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_session_is_named_by_itself_its_role_its_account_or_all),
        cmocka_unit_test(the_path_of_a_role_counts_where_it_is_known),
        cmocka_unit_test(a_user_is_named_by_its_arn_and_unique_id),
        cmocka_unit_test(a_role_is_named_by_its_unique_id),
        cmocka_unit_test(a_federated_user_is_a_session),
        cmocka_unit_test(the_root_user_is_its_account),
        cmocka_unit_test(services_providers_and_nobody_have_no_account),
        cmocka_unit_test(not_principal_excepts_whom_it_names_but_not_with_a_boundary),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
