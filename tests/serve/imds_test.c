#include "serve_support.h"

#define LIST "/latest/meta-data/iam/security-credentials/"

static const char *session(struct fake_machine *at)
{
    struct fake_answer got =
        fake_ask(at, "PUT", "/latest/api/token", "X-aws-ec2-metadata-token-ttl-seconds: 60\r\n");

    assert_int_equal(got.status, 200);
    return cc_textf(&at->fake->mem, "X-aws-ec2-metadata-token: %s\r\n", got.body);
}

static void as_ec2_does(struct fake_machine *at)
{
    const char *with = session(at);

    assert_string_equal(get(at, LIST, with).body, "r");
    assert_non_null(strstr(get(at, LIST "r", with).body, "\"Code\":\"Success\""));
    assert_int_equal(get(at, LIST "r/", with).status, 200);
    assert_int_equal(get(at, "/" LIST, with).status, 200);
    assert_int_equal(get(at, "//" LIST "r", with).status, 200);
    assert_int_equal(get(at, LIST "r//", with).status, 404);
    assert_int_equal(get(at, LIST "rr", with).status, 404);
    assert_string_equal(get(at, "/latest/meta-data/placement/region", with).body, "us-east-1");
    assert_non_null(strstr(get(at, "/latest/meta-data/iam/info", with).body,
                           "arn:aws:iam::123456789012:instance-profile/r\""));
    assert_null(strstr(get(at, "/latest/meta-data/iam/info/", with).body, "AIPA"));
    assert_non_null(strstr(get(at, "/latest/dynamic/instance-identity/document", with).body,
                           "\"accountId\":\"210987654321\""));
    assert_int_equal(fake_ask(at, "PUT", "//latest/api/token",
                              "X-aws-ec2-metadata-token-ttl-seconds: 60\r\n"
                              "Content-Length: 0\r\nExpect: 100-continue\r\n")
                         .status,
                     200);
    assert_int_equal(get(at, LIST "%72", with).status, 200);
    assert_int_equal(get(at, "/2021-03-23/meta-data/placement/region", with).status, 200);
    assert_int_equal(get(at, "/1.0/meta-data/placement/region/", with).status, 200);
    assert_int_equal(get(at, "/later/meta-data/placement/region", with).status, 404);
    assert_int_equal(get(at, LIST "r?x=y", with).status, 200);
    assert_int_equal(fake_ask(at, "HEAD", LIST, with).status, 200);
    end(at);
}

static void two_names(struct fake_machine *at)
{
    const char *with = session(at);

    assert_string_equal(get(at, LIST, with).body, "credctl-default\ncredctl");
    assert_non_null(strstr(get(at, LIST "credctl", with).body, "ASIAROLE"));
    assert_null(strstr(get(at, LIST "credctl-default", with).body, "ASIAROLE"));
    end(at);
}

static void a_role_that_is_called_like_the_chain_is_not_mistaken_for_it(void **state)
{
    static const char *const roles[] = {"credctl=" ROLE, NULL};

    options.chain.no_cache = true;
    fake_env(*state, "AWS_REGION", "us-east-1");
    fake_http(*state, STS, 200, sts_answer(*state, "AssumeRole"));
    options.imds = true;
    options.roles = roles;
    assert_true(serve(state, two_names));
}

static void listings(struct fake_machine *at)
{
    const char *with = session(at);

    assert_string_equal(get(at, "/", with).body, "latest");
    assert_string_equal(get(at, "/latest/", with).body, "dynamic/\nmeta-data/");
    assert_string_equal(get(at, "/latest/meta-data", with).body, "iam/\nplacement/");
    assert_string_equal(get(at, "/latest/meta-data/iam/", with).body,
                        "info\nsecurity-credentials/");
    assert_string_equal(get(at, "/latest/dynamic/instance-identity/", with).body, "document");
    assert_int_equal(get(at, "/latest/meta", with).status, 404);
    assert_int_equal(get(at, "/latest/user-data", with).status, 404);
    assert_int_equal(get(at, "/latest/", "").status, 401);
    end(at);
}

static void the_instance_shape_lists_what_there_is(void **state)
{
    options.imds = true;
    assert_true(serve_role(state, listings));
}

static void the_instance_shape_takes_what_ec2_takes(void **state)
{
    options.imds = true;
    assert_true(serve_role(state, as_ec2_does));
    assert_non_null(
        strstr(((struct fake *)*state)->shown, "EC2_METADATA_SERVICE_ENDPOINT=http://127.0.0.1"));
}

static void unknown(struct fake_machine *at)
{
    const char *with = session(at);

    assert_string_equal(get(at, LIST, with).body, "credctl");
    assert_int_equal(get(at, "/latest/meta-data/iam/info", with).status, 404);
    assert_int_equal(get(at, "/latest/meta-data/placement/region", with).status, 404);
    assert_int_equal(get(at, "/latest/dynamic/instance-identity/document", with).status, 404);
    assert_int_equal(get(at, "/latest/meta-data/instance-id", with).status, 404);
    assert_string_equal(get(at, "/latest/meta-data/", with).body, "iam/");
    assert_string_equal(get(at, "/latest/meta-data/iam/", with).body, "security-credentials/");
    end(at);
}

static void what_is_not_known_is_not_invented(void **state)
{
    options.imds = true;
    assert_true(serve(state, unknown));
}

static void no_session(struct fake_machine *at)
{
    static const char *const lifetimes[] = {"0", "21601", "x", ""};

    for (size_t i = 0; i < CC_COUNT(lifetimes); i++) {
        const char *row =
            cc_textf(&at->fake->mem, "X-aws-ec2-metadata-token-ttl-seconds: %s\r\n", lifetimes[i]);
        assert_int_equal(fake_ask(at, "PUT", "/latest/api/token", row).status, 400);
    }
    assert_int_equal(get(at, LIST, "").status, 401);
    assert_int_equal(fake_ask(at, "DELETE", LIST, session(at)).status, 405);
    const char *with = session(at);
    at->fake->ticks += 61000;
    assert_int_equal(get(at, LIST, with).status, 401);
    assert_int_equal(get(at, "/metrics", own_token(at)).status, 200);
    end(at);
}

static void a_session_is_needed_and_ends(void **state)
{
    options.imds = true;
    assert_true(serve(state, no_session));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SERVES(a_role_that_is_called_like_the_chain_is_not_mistaken_for_it),
        SERVES(the_instance_shape_lists_what_there_is),
        SERVES(the_instance_shape_takes_what_ec2_takes),
        SERVES(what_is_not_known_is_not_invented),
        SERVES(a_session_is_needed_and_ends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
