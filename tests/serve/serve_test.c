#include "serve_support.h"

static void hand_out(struct fake_machine *at)
{
    struct fake_answer got = get(at, "/", own_token(at));

    assert_int_equal(got.status, 200);
    assert_non_null(strstr(got.body, "\"AccessKeyId\":\"AKIDEXAMPLE\""));
    assert_non_null(strstr(got.body, CANARY));
    assert_non_null(fake_file_text(at->fake, "/home/u/.cache/credctl/serve-4711.token"));
    end(at);
}

static void a_signal_ends_it_in_order_which_is_no_failure(void **state)
{
    struct fake *fake = *state;

    assert_true(serve(state, hand_out));
    assert_int_equal(fake->run.exit_status, 0);
    assert_int_equal(machine.died_of, 0);
    assert_null(fake_file_text(fake, "/home/u/.cache/credctl/serve-4711.token"));
    assert_non_null(strstr(machine.told, "READY=1"));
    assert_non_null(strstr(machine.told, "|STOPPING=1"));
}

static void it_says_what_to_export_and_for_whom_the_plain_token_is(void **state)
{
    struct fake *fake = *state;

    assert_true(serve(state, end));
    assert_non_null(strstr(fake->shown, "CREDENTIALS_FULL_URI=http://127.0.0.1:4711/\n"));
    assert_non_null(strstr(fake->shown, "AUTHORIZATION_TOKEN_FILE=/home/u/.cache/credctl/"));
    assert_non_null(strstr(fake->shown, "AWS_CONTAINER_AUTHORIZATION_TOKEN=\"$(cat "));
    assert_non_null(strstr(fake->shown, "--print-token"));
}

static void print_token_prints_both_exports_and_leaves_no_file(void **state)
{
    struct fake *fake = *state;

    options.print_token = true;
    assert_true(serve(state, end));
    assert_non_null(strstr(fake->out, "export AWS_CONTAINER_AUTHORIZATION_TOKEN="));
    assert_null(fake_file_text(fake, "/home/u/.cache/credctl/serve-4711.token"));
}

static void refuse_strangers(struct fake_machine *at)
{
    const char *auth = own_token(at);

    assert_int_equal(get(at, "/", "").status, 401);
    assert_int_equal(get(at, "/", "Authorization: x\r\n").status, 401);
    assert_int_equal(get(at, "/role/x", auth).status, 404);
    assert_int_equal(get(at, "/target/0", auth).status, 404);
    assert_int_equal(fake_ask(at, "POST", "/", auth).status, 405);
    assert_int_equal(get(at, "/", cc_textf(&at->fake->mem, "%sOrigin: x\r\n", auth)).status, 403);
    assert_int_equal(get(at, "/", cc_textf(&at->fake->mem, "Host: evil\r\n%s", auth)).status, 403);
    at->plan.refused(at->plan.about, 431);
    struct fake_answer metrics = get(at, "/metrics", auth);
    assert_non_null(strstr(metrics.body, "requests_total{status=\"401\"} 2"));
    assert_non_null(strstr(metrics.body, "requests_total{status=\"431\"} 1"));
    assert_non_null(strstr(metrics.body, "expiry_seconds{role=\"default\"} +Inf"));
    end(at);
}

static void whoever_is_not_meant_is_refused_and_counted(void **state)
{
    assert_true(serve(state, refuse_strangers));
}

static void take_once(struct fake_machine *at)
{
    const char *auth = cc_textf(&at->fake->mem, "Authorization: Bearer %s",
                                own_token(at) + strlen("Authorization: "));

    assert_int_equal(get(at, "/", auth).status, 200);
}

static void once_is_once(void **state)
{
    options.once = true;
    assert_true(serve(state, take_once));
}

static void address_and_unix_exclude_each_other(void **state)
{
    options.address = "127.0.0.1:1";
    options.unix_path = "/socket";
    assert_false(serve(state, end));
    assert_int_equal(err.code, CC_E_USAGE);
}

static void without_credentials_nothing_is_opened(void **state)
{
    struct fake *fake = *state;

    fake_env(fake, "AWS_EC2_METADATA_DISABLED", "true");
    machine.script = end;
    assert_false(cc_serve(&fake->run, &options, &err));
    assert_int_equal(err.code, CC_E_NO_KEYS);
    assert_null(machine.plan.visit);
}

static void a_place_that_is_taken_is_told(void **state)
{
    machine.cannot_open = true;
    assert_false(serve(state, end));
    assert_int_equal(err.code, CC_E_CONFIG);
}

static void work_that_does_not_end_ends_the_process(void **state)
{
    machine.stuck = true;
    assert_true(serve(state, end));
    assert_int_equal(machine.left_with, 0);
}

static void a_role_must_be_name_and_arn_and_have_its_name_alone(void **state)
{
    static const char *const wrong[] = {"x", NULL};
    static const char *const twice[] = {"a=" ROLE, "a=" ROLE, NULL};

    options.roles = wrong;
    assert_false(serve(state, end));
    assert_non_null(strstr(err.what, "NAME=ARN"));
    options.roles = twice;
    assert_false(serve(state, end));
    assert_non_null(strstr(err.what, "twice"));
}

static void take_role(struct fake_machine *at)
{
    const char *auth = own_token(at);
    struct fake_answer got = get(at, "/role/audit", auth);

    assert_int_equal(got.status, 200);
    assert_non_null(strstr(got.body, "ASIAROLE"));
    assert_int_equal(get(at, "/role/audit", auth).status, 200); /* nobody is asked twice */
    assert_int_equal(get(at, "//role/audit/", auth).status, 200);
    assert_int_equal(get(at, "/role/", auth).status, 404);
    assert_int_equal(get(at, "/roles/audit", auth).status, 404);
    assert_non_null(strstr(get(at, "/metrics", auth).body, "refreshes_total{role=\"audit\"} 1"));
    end(at);
}

static void another_role_is_assumed_when_it_is_asked_for(void **state)
{
    static const char *const roles[] = {"audit=" ROLE, NULL};

    options.roles = roles;
    options.chain.no_cache = true;
    fake_env(*state, "AWS_REGION", "us-east-1");
    fake_http(*state, STS, 200, sts_answer(*state, "AssumeRole"));
    assert_true(serve(state, take_role));
}

static void refused_role(struct fake_machine *at)
{
    const char *auth = own_token(at);
    struct fake_answer got = get(at, "/role/audit", auth);

    assert_int_equal(got.status, 403);
    assert_non_null(strstr(got.body, "AccessDenied"));
    assert_int_equal(get(at, "/role/audit", auth).status, 403); /* it stands for a moment */
    end(at);
}

static void a_refusal_of_sts_is_the_answer(void **state)
{
    static const char *const roles[] = {"audit=" ROLE, NULL};

    options.roles = roles;
    options.chain.no_cache = true;
    fake_env(*state, "AWS_REGION", "us-east-1");
    fake_http(*state, STS, 403,
              "<ErrorResponse><Error><Code>AccessDenied</Code><Message>no</Message></Error>"
              "</ErrorResponse>");
    assert_true(serve(state, refused_role));
    assert_non_null(strstr(((struct fake *)*state)->shown, "credentials.refresh_failed"));
}

static void no_room(struct fake_machine *at)
{
    at->hold_jobs = true;
    at->job_room = 1;
    const char *auth = own_token(at);
    uint32_t first = fake_ask_only(at, "GET", "/role/a", auth);
    assert_int_equal(get(at, "/role/b", auth).status, 503);
    fake_jobs(at);
    assert_int_equal(fake_answer_of(at, first).status, 200);
    end(at);
}

static void when_too_many_wait_the_next_is_sent_away(void **state)
{
    static const char *const roles[] = {"a=" ROLE, "b=" ROLE, NULL};

    options.roles = roles;
    options.chain.no_cache = true;
    fake_env(*state, "AWS_REGION", "us-east-1");
    fake_http(*state, STS, 200, sts_answer(*state, "AssumeRole"));
    assert_true(serve(state, no_room));
}

static const char *later(struct fake *fake, const char *key, const char *expiry)
{
    return cc_textf(&fake->mem,
                    "<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>%s"
                    "</AccessKeyId><SecretAccessKey>" CANARY "</SecretAccessKey><SessionToken>t"
                    "</SessionToken><Expiration>%s</Expiration></Credentials></AssumeRoleResult>"
                    "</AssumeRoleResponse>",
                    key, expiry);
}

static void live_on(struct fake_machine *at)
{
    struct fake *fake = at->fake;
    const char *auth = own_token(at);

    fake->now += 50 * 60;
    fake_http(fake, STS, 200, later(fake, "ASIASECOND", "2027-01-15T10:00:00Z"));
    assert_non_null(strstr(get(at, "/", auth).body, "ASIAROLE")); /* and in the background ... */
    assert_non_null(strstr(get(at, "/", auth).body, "ASIASECOND"));
    fake->now += 69 * 60 + 30;
    fake_http(fake, STS, 200, later(fake, "ASIATHIRD", "2027-01-15T11:00:00Z"));
    assert_non_null(strstr(get(at, "/", auth).body, "ASIATHIRD")); /* in the last minute all wait */
    end(at);
}

static void credentials_are_refreshed_before_they_end(void **state)
{
    assert_true(serve_role(state, live_on));
}

static void outage(struct fake_machine *at)
{
    struct fake *fake = at->fake;
    const char *auth = own_token(at);

    fake->now += 59 * 60 + 30;
    fake_env(fake, "AWS_MAX_ATTEMPTS", "1");
    fake_http_row(fake,
                  (struct fake_exchange){.url = STS, .status = 503, .body = "", .forever = true});
    assert_non_null(strstr(get(at, "/", auth).body, "ASIAROLE"));
    fake->now += 60;
    struct fake_answer got = get(at, "/", auth);
    assert_int_equal(got.status, 200); /* past their end */
    assert_null(strstr(got.body, "2027-01-15T09:00:00Z"));
    assert_non_null(strstr(get(at, "/metrics", auth).body, "refresh_failures_total"));
    end(at);
}

static void while_sts_fails_the_old_ones_serve(void **state)
{
    assert_true(serve_role(state, outage));
}

static void expired_answer(struct fake_machine *at)
{
    struct fake *fake = at->fake;

    fake->now += 50 * 60;
    fake_http(fake, STS, 200, later(fake, "ASIAOLD", "2027-01-15T08:30:00Z"));
    assert_non_null(strstr(get(at, "/", own_token(at)).body, "ASIAROLE"));
    assert_non_null(strstr(get(at, "/", own_token(at)).body, "ASIAROLE"));
    fake->now += 15 * 60; /* five minutes after their expiry */
    fake_http(fake, STS, 200, later(fake, "ASIAOLD", "2027-01-15T08:30:00Z"));
    assert_non_null(strstr(get(at, "/", own_token(at)).body, "ASIAROLE"));
    fake->now += 56 * 60;
    fake_http(fake, STS, 200, later(fake, "ASIAOLD", "2027-01-15T08:30:00Z"));
    assert_int_equal(get(at, "/", own_token(at)).status, 403);
    end(at);
}

static void a_refresh_that_brings_expired_ones_is_a_failed_one(void **state)
{
    assert_true(serve_role(state, expired_answer));
}

static void same_answer(struct fake_machine *at)
{
    struct fake *fake = at->fake;

    fake->now += 50 * 60;
    fake_http(fake, STS, 200, sts_answer(fake, "AssumeRole"));
    assert_non_null(strstr(get(at, "/", own_token(at)).body, "ASIAROLE"));
    assert_non_null(strstr(get(at, "/", own_token(at)).body, "ASIAROLE")); /* not asked again yet */
    end(at);
}

static void a_source_without_newer_ones_is_left_alone_for_a_while(void **state)
{
    assert_true(serve_role(state, same_answer));
}

static void end_on_our_clock(struct fake_machine *at)
{
    assert_non_null(strstr(get(at, "/", own_token(at)).body, "\"2027-01-15T11:00:00Z\""));
    end(at);
}

static void with_a_clock_two_hours_ahead_keys_good_for_an_hour_are_served_with_our_time(
    void **state)
{
    struct fake *fake = *state;

    fake->now += 2 * 3600;
    fake->run.skew = -2 * 3600;
    assert_true(serve_role(state, end_on_our_clock));
}

static void over_unix(struct fake_machine *at)
{
    struct fake_answer got =
        get(at, "/", cc_textf(&at->fake->mem, "Host: localhost\r\n%s", own_token(at)));

    assert_int_equal(got.status, 200);
    end(at);
}

static void a_unix_socket_answers_to_localhost(void **state)
{
    options.unix_path = "/run/credctl.sock";
    options.token_file = "/token";
    assert_true(serve(state, over_unix));
    assert_null(fake_file_text(*state, "/token"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SERVES(a_signal_ends_it_in_order_which_is_no_failure),
        SERVES(it_says_what_to_export_and_for_whom_the_plain_token_is),
        SERVES(print_token_prints_both_exports_and_leaves_no_file),
        SERVES(whoever_is_not_meant_is_refused_and_counted),
        SERVES(once_is_once),
        SERVES(address_and_unix_exclude_each_other),
        SERVES(without_credentials_nothing_is_opened),
        SERVES(a_place_that_is_taken_is_told),
        SERVES(work_that_does_not_end_ends_the_process),
        SERVES(a_role_must_be_name_and_arn_and_have_its_name_alone),
        SERVES(another_role_is_assumed_when_it_is_asked_for),
        SERVES(a_refusal_of_sts_is_the_answer),
        SERVES(when_too_many_wait_the_next_is_sent_away),
        SERVES(credentials_are_refreshed_before_they_end),
        SERVES(while_sts_fails_the_old_ones_serve),
        SERVES(a_refresh_that_brings_expired_ones_is_a_failed_one),
        SERVES(a_source_without_newer_ones_is_left_alone_for_a_while),
        SERVES(with_a_clock_two_hours_ahead_keys_good_for_an_hour_are_served_with_our_time),
        SERVES(a_unix_socket_answers_to_localhost),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
