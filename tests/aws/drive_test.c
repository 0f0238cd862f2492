#include "credctl/aws/sts.h"

#include "drive_support.h"

static void one_call_is_tried_again_until_it_is_done(void **state)
{
    struct fake *fake = *state;
    struct trial trial;
    struct cc_error err;

    begin(&trial, &fake->run, "a");
    add(fake, "a", 503, 10, false);
    add(fake, "a", 503, 10, false);
    add(fake, "a", 200, 10, false);
    assert_true(cc_drive_one(&trial.errand, &err));
    assert_int_equal(fake->slept, 2000);
    assert_int_equal(trial.tries, 3);
}

static void one_call_tells_why_it_failed(void **state)
{
    struct fake *fake = *state;
    struct trial trial;
    struct cc_error err;

    begin(&trial, &fake->run, "a");
    add(fake, "a", 404, 0, false);
    assert_false(cc_drive_one(&trial.errand, &err));
    assert_string_equal(err.what, "it answered 404");
    begin(&trial, &fake->run, "a");
    trial.refuses = true;
    assert_false(cc_drive_one(&trial.errand, &err));
    assert_int_equal(err.code, CC_E_CONFIG);
    begin(&trial, &fake->run, "a");
    fake->run.offline = true;
    assert_false(cc_drive_one(&trial.errand, &err));
    assert_int_equal(err.code, CC_E_UNREACHABLE);
}

static void while_one_waits_for_another_try_others_go_on(void **state)
{
    struct fake *fake = *state;
    struct trial trials[3];
    struct cc_errand *errands[3];
    int64_t begun = fake->ticks;

    for (size_t i = 0; i < 3; i++) {
        begin(&trials[i], &fake->run, i == 0 ? "a" : "b");
        errands[i] = &trials[i].errand;
    }
    add(fake, "a", 503, 10, false);
    add(fake, "a", 200, 10, false);
    add(fake, "b", 200, 400, true);
    cc_drive_all(&fake->run, errands, 3, 1);
    assert_true(trials[0].errand.ok && trials[1].errand.ok && trials[2].errand.ok);
    assert_int_equal(fake->ticks - begun, 10 + 1000 + 10); /* both others fit into the pause */
    assert_int_equal(fake->most_at_once, 1);
}

static void each_failure_stays_with_its_call(void **state)
{
    struct fake *fake = *state;
    static const char *const paths[] = {"good", "bad", "good", "worse"};
    struct trial trials[4];
    struct cc_errand *errands[4];

    for (size_t i = 0; i < 4; i++) {
        begin(&trials[i], &fake->run, paths[i]);
        errands[i] = &trials[i].errand;
    }
    trials[3].refuses = true;
    add(fake, "good", 200, 5, true);
    add(fake, "bad", 400, 5, true);
    cc_drive_all(&fake->run, errands, 4, 0);
    assert_true(trials[0].errand.ok && trials[2].errand.ok);
    assert_false(trials[1].errand.ok || trials[3].errand.ok);
    assert_int_equal(trials[1].errand.err.code, CC_E_AWS);
    assert_int_equal(trials[3].errand.err.code, CC_E_CONFIG);
    cc_drive_all(&fake->run, NULL, 0, 4);
}

/* A list that is made as it is wanted. */
struct list {
    struct fake *fake;
    int count;
    int made;
    int good;
    int bad;
    int open;
    int most_open;
    const char *path;
    int64_t deadline_in;
};

static struct cc_errand *next(void *about, struct cc_run *part)
{
    struct list *list = about;

    if (list->made == list->count) {
        return NULL;
    }
    list->made++;
    list->open++;
    list->most_open = list->open > list->most_open ? list->open : list->most_open;
    part->deadline_ms = list->deadline_in ? cc_ticks_ms(part) + list->deadline_in : 0;
    struct trial *trial = cc_alloc(&part->mem, sizeof(*trial));
    (void)cc_alloc(&part->mem, 100000); /* what a call needs while it is open */
    begin(trial, part, list->path);
    list->fake->forgets = true;
    return &trial->errand;
}

static void done(void *about, struct cc_errand *errand)
{
    struct list *list = about;

    assert_true(errand->run != &list->fake->run);
    list->open--;
    list->good += errand->ok;
    list->bad += !errand->ok;
}

static void a_list_of_any_length_has_few_calls_open(void **state)
{
    struct fake *fake = *state;
    struct list list = {.fake = fake, .count = 5000, .path = "a"};
    const struct cc_source source = {50, next, done, &list};

    add(fake, "a", 200, 20, true);
    cc_drive_source(&fake->run, &source);
    assert_int_equal(list.good, 5000);
    assert_int_equal(list.open, 0);
    assert_true(list.most_open <= 50);
    assert_int_equal(fake->most_at_once, 50);
}

static void calls_that_wait_hold_new_ones_back(void **state)
{
    struct fake *fake = *state;
    struct list list = {.fake = fake, .count = 200, .path = "a"};
    const struct cc_source source = {10, next, done, &list};

    add(fake, "a", 503, 1, true);
    cc_drive_source(&fake->run, &source);
    assert_int_equal(list.bad, 200);
    assert_true(list.most_open <= 30);
}

static void throttling_makes_fewer_at_once_and_success_more_again(void **state)
{
    struct fake *fake = *state;
    struct list list = {.fake = fake, .count = 400, .path = "a"};
    const struct cc_source source = {16, next, done, &list};
    int64_t begun = fake->ticks;

    for (int i = 0; i < 16; i++) {
        add(fake, "a", 429, 100, false);
    }
    add(fake, "a", 200, 100, true);
    cc_drive_source(&fake->run, &source);
    assert_int_equal(list.good, 400);
    /* At full width it would take 2.6 s; at half width for ever 5.1 s. */
    assert_in_range(fake->ticks - begun, 2800, 4900);
}

static void after_throttling_a_call_that_hangs_holds_up_no_other(void **state)
{
    struct fake *fake = *state;
    struct list list = {.fake = fake, .count = 200, .path = "a"};
    const struct cc_source source = {4, next, done, &list};
    int64_t begun = fake->ticks;

    for (int i = 0; i < 8; i++) { /* four, two, and two at once: from now on one */
        add(fake, "a", 429, 10, false);
    }
    add(fake, "a", 200, 9000, false);
    add(fake, "a", 200, 20, true);
    cc_drive_source(&fake->run, &source);
    assert_int_equal(list.good, 200);
    assert_true(fake->most_at_once <= 4);
    assert_in_range(fake->ticks - begun, 10000, 10100); /* it ends last */
}

static void a_call_has_a_deadline_of_its_own(void **state)
{
    struct fake *fake = *state;
    struct list list = {.fake = fake, .count = 4, .path = "a", .deadline_in = 50};
    const struct cc_source source = {2, next, done, &list};

    add(fake, "a", 200, 60, true);
    cc_drive_source(&fake->run, &source);
    assert_int_equal(list.bad, 4);
    assert_int_equal(fake->ticks, 5000 + 2 * 50);
}

#define STS_URL "https://sts.us-east-1.amazonaws.com/"

/* The roles of a list, each assumed by a call of its own; only what is to be kept is copied. */
struct roles {
    struct cc_settings settings;
    struct cc_keys by;
    int made;
    int got;
    enum cc_code failed;
};

struct role {
    struct cc_assume assume;
    struct cc_keys keys;
};

static struct cc_errand *next_role(void *about, struct cc_run *part)
{
    struct roles *roles = about;
    struct cc_error err;

    if (roles->made == 3) {
        return NULL;
    }
    struct role *role = cc_alloc(&part->mem, sizeof(*role));
    role->assume = (struct cc_assume){
        .role_arn = cc_textf(&part->mem, "arn:aws:iam::12345678901%d:role/r", roles->made++),
        .session_name = "many"};
    return cc_sts_assume_errand(part, &roles->settings, &roles->by, &role->assume, &role->keys,
                                &err);
}

static void role_done(void *about, struct cc_errand *errand)
{
    struct roles *roles = about;

    if (errand->ok) {
        roles->got++;
    } else {
        roles->failed = errand->err.code;
    }
}

static void many_roles_are_assumed_through_one_source(void **state)
{
    struct fake *fake = *state;
    struct roles roles = {
        .settings = {.region = "us-east-1", .max_attempts = 3},
        .by = {.access_key_id = "AKID", .secret_key = {CANARY}, .expires = CC_NEVER_EXPIRES}};
    const struct cc_source source = {2, next_role, role_done, &roles};
    static const char answer[] =
        "<AssumeRoleResponse><AssumeRoleResult><AssumedRoleUser><Arn>arn:aws:sts::123456789010:"
        "assumed-role/r/s</Arn></AssumedRoleUser><Credentials><AccessKeyId>ASIA</AccessKeyId>"
        "<SecretAccessKey>" CANARY "</SecretAccessKey><SessionToken>t</SessionToken><Expiration>"
        "2027-01-15T09:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>";

    fake_http(fake, STS_URL, 200, answer);
    fake_http(fake, STS_URL, 403,
              "<ErrorResponse><Error><Code>AccessDenied</Code></Error></ErrorResponse>");
    fake_http(fake, STS_URL, 200, answer);
    cc_drive_source(&fake->run, &source);
    assert_int_equal(roles.got, 2);
    assert_int_equal(roles.failed, CC_E_DENIED);
    assert_int_equal(fake->most_at_once, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FAKE_WORLD(one_call_is_tried_again_until_it_is_done),
        IN_FAKE_WORLD(one_call_tells_why_it_failed),
        IN_FAKE_WORLD(while_one_waits_for_another_try_others_go_on),
        IN_FAKE_WORLD(each_failure_stays_with_its_call),
        IN_FAKE_WORLD(a_list_of_any_length_has_few_calls_open),
        IN_FAKE_WORLD(calls_that_wait_hold_new_ones_back),
        IN_FAKE_WORLD(throttling_makes_fewer_at_once_and_success_more_again),
        IN_FAKE_WORLD(after_throttling_a_call_that_hangs_holds_up_no_other),
        IN_FAKE_WORLD(a_call_has_a_deadline_of_its_own),
        IN_FAKE_WORLD(many_roles_are_assumed_through_one_source),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
