#include "credctl/access/access.h"

#include "../access/tour_support.h"
#include "support/command.h"

/* The command: its options, and the answer for people. */

static struct asked got;

static void assert_usage(struct fake *fake, const char *const *words, const char *what)
{
    assert_false(asked(fake, words, &got, &err));
    assert_int_equal(err.code, CC_E_USAGE);
    assert_non_null(strstr(err.what, what));
    assert_true(err.fix[0] != '\0');
}

static void targets_are_given_in_one_way(void **state)
{
    static const char *const rows[][8] = {
        {"test-access", NULL},
        {"test-access", "--role-arn", A, "--targets", "/list", NULL},
        {"test-access", "--organization", NULL},
        {"test-access", "--organization", "--role-name", "Audit", "--targets", "/list", NULL},
        {"test-access", "--role-arn", A, "--ou", "ou-ab12-hub00000", NULL},
        {"test-access", "--role-arn", A, "--resume", NULL},
        {"test-access", "--role-arn", A, "--verify", "--no-verify", NULL},
        {"test-access", "--role-arn", A, "--concurrency", "0", NULL},
        {"test-access", "--role-arn", A, "--duration-seconds", "60", NULL},
    };
    static const char *const whats[] = {"nothing to test",
                                        "more than one way",
                                        "needs a role",
                                        "more than one way",
                                        "",
                                        "needs a journal",
                                        "exclude each other",
                                        "",
                                        ""};

    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        assert_usage(*state, rows[i], whats[i]);
    }
}

static void values_of_the_options_are_sent_for_targets_without_their_own(void **state)
{
    struct fake *fake = *state;

    fake_file(fake, "/l.json",
              "[\"" A "\",{\"role_arn\":\"" B "\",\"external_id\":\"own-id\",\"session_name\":"
              "\"own-name\",\"duration_seconds\":1800}]");
    the_rest_is_fine(fake);
    assert_true(ASK(fake, &got, &err, "test-access", "--targets", "/l.json", "--external-id",
                    "common-id", "--role-session-name", "common-name", "--duration-seconds", "900",
                    "--source-identity", "alice", "--tags", "team=sec", "--no-verify"));
    assert_int_equal(asked_for(fake, "ExternalId=common-id"), 1);
    assert_int_equal(asked_for(fake, "RoleSessionName=common-name"), 1);
    assert_int_equal(asked_for(fake, "DurationSeconds=900"), 1);
    assert_int_equal(asked_for(fake, "ExternalId=own-id"), 1);
    assert_int_equal(asked_for(fake, "RoleSessionName=own-name"), 1);
    assert_int_equal(asked_for(fake, "DurationSeconds=1800"), 1);
    assert_int_equal(asked_for(fake, "SourceIdentity=alice"), 2);
    assert_int_equal(asked_for(fake, "Tags.member.1.Key=team"), 2);
    asked_as_in_schema(fake, &got);
}

static void people_read_who_has_to_do_what(void **state)
{
    struct fake *fake = *state;

    answers(fake, STS, "000000000002", 403,
            XML_ERROR("AccessDenied",
                      "User: " CALLER " is not authorized to perform: sts:AssumeRole"
                      " because no identity-based policy allows the "
                      "sts:AssumeRole action"));
    the_rest_is_fine(fake);
    assert_true(ASK(fake, &got, &err, "test-access", "--role-arn", A, "--role-arn", B));
    const char *text = asked_text(fake, &got);
    assert_non_null(strstr(text, "Caller: " CALLER "\n"));
    assert_non_null(strstr(text, "  allowed  " A));
    assert_non_null(strstr(text, "  denied   " B));
    assert_non_null(strstr(text, "identity.no_allow (certain)"));
    assert_non_null(strstr(text, "    why:  the policies of"));
    assert_non_null(strstr(text, "    do:   add the statement to a policy of"));
    assert_non_null(strstr(text, "      \"Resource\": \"" B "\""));
    assert_non_null(strstr(text, "\n2 targets: 1 allowed, 1 denied\n"));
    asked_as_in_schema(fake, &got);
    assert_int_equal(fake->run.exit_status, 3);
}

static void what_many_have_in_common_is_said_once(void **state)
{
    struct fake *fake = *state;

    answers(fake, STS, ASKED_ASSUME, 403,
            XML_ERROR("AccessDenied",
                      "User: " CALLER " is not authorized to perform: sts:AssumeRole"
                      " with an explicit deny in a service control policy: "
                      "arn:aws:organizations::9:policy/o-1/x/p-guard001"));
    the_rest_is_fine(fake);
    assert_true(ASK(fake, &got, &err, "test-access", "--role-arn", A, "--role-arn", B));
    const char *text = asked_text(fake, &got);
    assert_non_null(strstr(text, "[1] scp.explicit_deny: 2 targets\n"));
    const char *first = strstr(text, "    why:  ");
    assert_non_null(first);
    assert_null(strstr(first + 1, "    why:  "));
    assert_non_null(strstr(first, "p-guard001"));
    asked_as_in_schema(fake, &got);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TOURS(targets_are_given_in_one_way),
        TOURS(values_of_the_options_are_sent_for_targets_without_their_own),
        TOURS(people_read_who_has_to_do_what),
        TOURS(what_many_have_in_common_is_said_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
