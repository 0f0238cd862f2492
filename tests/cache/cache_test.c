#include "credctl/cache/cache.h"

#include "credctl/base/text.h"

#include "support/search.h"

#include <stdlib.h>

#define FOLDER "/home/u/.cache/credctl"
#define SSO                                                                 \
    "[default]\nsso_session = dev\nsso_account_id = 1\nsso_role_name = r\n" \
    "[sso-session dev]\nsso_region = us-east-1\nsso_start_url = https://x.example\n"
#define LOGIN                   \
    "/home/u/.aws/login/cache/" \
    "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881.json"
#define TOKEN_OF(person) "{\"accessToken\":\"" person "\",\"expiresAt\":\"2027-01-15T09:00:00Z\"}"
#define TOKEN            "/home/u/.aws/sso/cache/34c6fceca75e456f25e7e99531e2425c6c1de443.json"

/* The chain, by a script: how often it was asked, and what it says. */
static struct {
    int asked;
    const char *provider; /* by whom it was found */
    size_t hops_done;
    int64_t lifetime;
    enum cc_code fails;
    bool passes;
    void (*meanwhile)(struct fake *fake);
} chain;

static const struct cc_provider *provider_named(const char *name)
{
    size_t i = 0;

    while (!cc_text_equal(cc_providers[i]->name, name)) {
        i++;
    }
    return cc_providers[i];
}

static bool fetch(struct cc_search *search, const struct cc_chain *plan, struct cc_keys *keys,
                  struct cc_story *story, struct cc_error *err)
{
    struct cc_run *run = search->run;

    chain.asked++;
    if (chain.meanwhile) {
        chain.meanwhile(run->world->self);
    }
    if (chain.fails != CC_E_OK) {
        cc_fail(err, chain.fails, "the source says no");
        err->passes = chain.passes;
        return cc_why(err, "it was told to");
    }
    *keys = (struct cc_keys){
        .access_key_id = cc_textf(&run->mem, "ASIA%d", chain.asked),
        .secret_key = cc_secret_keep(&run->mem, CANARY),
        .session_token = cc_secret_keep(&run->mem, CANARY "2"),
        .expires = chain.lifetime < 0 ? CC_NEVER_EXPIRES : cc_now_aws(run) + chain.lifetime,
        .account_id = "123456789012",
        .role_arn = ROLE,
    };
    *story = (struct cc_story){
        .attempts = {{.provider = provider_named(chain.provider), .detail = "as scripted"}},
        .count = 1,
        .hops_done = chain.hops_done,
        .of_command = plan->calls == 0 && plan->question.base->command,
    };
    story->ended_by = &story->attempts[0];
    return true;
}

/* One process: its own search, in a world that stays. */
struct asked {
    struct searched got;
    const struct cc_assume *hops;
    size_t hop_count;
    const char *profile;
    struct cc_cache_policy policy;
    bool ok;
};

static void load(struct fake *fake, struct asked *asked)
{
    const struct cc_given given = {.profile = asked->profile};
    struct cc_error err = {0};
    struct cc_secret code = asked->got.search.token_code;

    if (!cc_settings_load(&fake->run, &given, &asked->got.settings, &err)) {
        fail_msg("%s: %s", err.what, err.why);
    }
    asked->got.search =
        (struct cc_search){.run = &fake->run, .settings = &asked->got.settings, .token_code = code};
}

static struct cc_demand demand_of(struct asked *asked)
{
    asked->policy.fetch = fetch;
    return (struct cc_demand){asked->hops, asked->hop_count, asked->policy};
}

static const char *ask(struct fake *fake, struct asked *asked)
{
    const struct cc_demand demand = demand_of(asked);

    load(fake, asked);
    asked->ok = cc_credentials_get(&asked->got.search, &demand, &asked->got.keys, &asked->got.story,
                                   &asked->got.why);
    return asked->ok ? asked->got.keys.access_key_id : NULL;
}

static const struct cc_assume hop = {.role_arn = ROLE, .session_name = "s"};
#define ONE_HOP                      \
    {                                \
        .hops = &hop, .hop_count = 1 \
    }

static int setup(void **state)
{
    chain = (__typeof__(chain)){.provider = "environment", .hops_done = 1, .lifetime = 3600};
    int status = fake_setup(state);
    fake_env(*state, "HOME", "/home/u");
    fake_env(*state, "AWS_REGION", "us-east-1");
    fake_env(*state, "AWS_ACCESS_KEY_ID", "AKIABASE");
    fake_env(*state, "AWS_SECRET_ACCESS_KEY", CANARY);
    fake_file(*state, "/proc/sys/kernel/hostname", "host\n");
    return status;
}

#define IN_CACHE(test) cmocka_unit_test_setup_teardown(test, setup, fake_teardown)

static void use_profile(struct fake *fake, const char *provider, const char *config)
{
    fake_env(fake, "AWS_ACCESS_KEY_ID", "");
    fake_env(fake, "AWS_SECRET_ACCESS_KEY", "");
    fake_file(fake, CONFIG, config);
    chain.provider = provider;
    chain.hops_done = 0;
}

/* The path of the only entry; NULL when there is none. */
static const char *entry_of(struct fake *fake)
{
    const char *found = NULL;

    for (const struct fake_pair *row = fake->files; row->name; row++) {
        if (row->value && cc_text_starts(row->name, FOLDER "/")) {
            assert_null(found);
            found = row->name;
        }
    }
    return found;
}

static void the_second_to_ask_is_served_from_the_cache(void **state)
{
    struct asked first = ONE_HOP;
    struct asked second = ONE_HOP;

    assert_string_equal(ask(*state, &first), "ASIA1");
    assert_null(first.got.story.from_cache.cache);
    assert_string_equal(ask(*state, &second), "ASIA1");
    assert_int_equal(chain.asked, 1);
    const struct cc_story *story = &second.got.story;
    assert_string_equal(story->from_cache.cache, "credctl");
    assert_int_equal(story->from_cache.fetched, 1800000000);
    assert_string_equal(story->ended_by->provider->name, "environment");
    assert_string_equal(story->ended_by->detail, "as scripted");
    assert_int_equal(story->hops_done, 1);
    assert_string_equal(cc_secret_reveal(second.got.keys.session_token), CANARY "2");
    assert_string_equal(second.got.keys.role_arn, ROLE);
}

static void what_is_near_static_or_endless_is_not_kept(void **state)
{
    struct fake *fake = *state;
    struct asked plain = {0};

    ask(fake, &plain); /* environment keys */
    use_profile(fake, "profile", "[default]\naws_access_key_id = A\naws_secret_access_key = B\n");
    ask(fake, &plain);
    use_profile(fake, "imds", "[default]\nregion = us-east-1\n");
    ask(fake, &plain);
    use_profile(fake, "process", "[default]\ncredential_process = x\n");
    chain.lifetime = -1;
    ask(fake, &plain);
    assert_null(entry_of(fake));
    assert_int_equal(chain.asked, 4);
}

static void what_took_a_call_or_a_process_is_kept(void **state)
{
    static const struct {
        const char *provider;
        const char *config;
    } rows[] = {
        {"profile", "[default]\nrole_arn = " ROLE "\nsource_profile = b\n[profile b]\n"
                    "aws_access_key_id = A\naws_secret_access_key = B\n"},
        {"profile", "[default]\nrole_arn = " ROLE "\nweb_identity_token_file = /t\n"},
        {"sso", SSO},
        {"login", "[default]\nlogin_session = x\n"},
        {"process", "[default]\ncredential_process = x\n"},
    };

    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        struct fake *fake = *state;
        struct asked plain = {0};

        use_profile(fake, rows[i].provider, rows[i].config);
        fake_file(fake, "/t", "token");
        fake_file(fake, TOKEN, TOKEN_OF("a"));
        fake_file(fake, LOGIN,
                  "{\"accessToken\":{\"accessKeyId\":\"A\",\"secretAccessKey\":\"" CANARY
                  "\",\"sessionToken\":\"t\",\"accountId\":\"1\",\"expiresAt\":"
                  "\"2027-01-15T09:00:00Z\"},\"clientId\":\"c\",\"refreshToken\":\"r\","
                  "\"dpopKey\":\"k\"}");
        chain.asked = 0;
        ask(fake, &plain);
        ask(fake, &plain);
        assert_int_equal(chain.asked, 1);
    }
}

static void web_identity_variables_are_kept_by_what_the_token_is_about(void **state)
{
    struct fake *fake = *state;
    struct asked plain = {0};

    use_profile(fake, "web-identity", "");
    fake_env(fake, "AWS_WEB_IDENTITY_TOKEN_FILE", "/t");
    fake_env(fake, "AWS_ROLE_ARN", ROLE);
    fake_file(fake, "/t", "x.eyJpc3MiOiJpIiwic3ViIjoicyIsImV4cCI6MX0.x"); /* exp 1 */
    ask(fake, &plain);
    fake_file(fake, "/t", "x.eyJpc3MiOiJpIiwic3ViIjoicyIsImV4cCI6Mn0.y"); /* exp 2 */
    ask(fake, &plain);
    assert_int_equal(chain.asked, 1);
    fake_file(fake, "/t", "x.eyJpc3MiOiJpIiwic3ViIjoidCIsImV4cCI6Mn0.y"); /* another subject */
    ask(fake, &plain);
    assert_int_equal(chain.asked, 2);
    fake_file(fake, "/t", "no jwt");
    ask(fake, &plain);
    fake_file(fake, "/t", "no jwt either");
    ask(fake, &plain);
    assert_int_equal(chain.asked, 4);
}

static void another_login_is_seen_at_once(void **state)
{
    struct fake *fake = *state;
    struct asked plain = {0};

    use_profile(fake, "sso", SSO);
    fake_file(fake, TOKEN, TOKEN_OF("a"));
    ask(fake, &plain);
    ask(fake, &plain);
    assert_int_equal(chain.asked, 1);
    fake_file(fake, TOKEN, TOKEN_OF("b"));
    ask(fake, &plain);
    assert_int_equal(chain.asked, 2);
    fake_file(fake, TOKEN, NULL); /* logged out */
    assert_null(ask(fake, &plain));
    assert_int_equal(plain.got.why.code, CC_E_SSO_LOGIN);
    fake_file(fake, TOKEN, TOKEN_OF("a"));
    assert_string_equal(ask(fake, &plain), "ASIA1");
    assert_int_equal(chain.asked, 2);
}

static void log_in(struct fake *fake)
{
    fake_file(fake, TOKEN, TOKEN_OF("another"));
}

static void keys_got_with_a_token_stay_its_own_when_another_logs_in(void **state)
{
    struct fake *fake = *state;
    struct asked plain = {0};

    use_profile(fake, "sso", SSO);
    fake_file(fake, TOKEN, TOKEN_OF("a"));
    chain.meanwhile = log_in;
    assert_string_equal(ask(fake, &plain), "ASIA1");
    assert_string_equal(ask(fake, &plain), "ASIA2");
    fake_file(fake, TOKEN, TOKEN_OF("a"));
    assert_string_equal(ask(fake, &plain), "ASIA1");
}

static void other_variables_belong_to_the_key_only_with_a_process(void **state)
{
    struct fake *fake = *state;
    struct asked plain = {0};
    struct asked hopped = ONE_HOP;

    ask(fake, &hopped);
    fake_env(fake, "VAULT_ADDR", "elsewhere");
    ask(fake, &hopped);
    assert_int_equal(chain.asked, 1);
    use_profile(fake, "process", "[default]\ncredential_process = x\n");
    ask(fake, &plain);
    fake_env(fake, "OLDPWD", "/tmp");
    ask(fake, &plain);
    assert_int_equal(chain.asked, 2);
    fake_env(fake, "VAULT_ADDR", "here");
    ask(fake, &plain);
    assert_int_equal(chain.asked, 3);
}

static void another_host_or_user_has_another_key(void **state)
{
    struct fake *fake = *state;
    struct asked hopped = ONE_HOP;

    ask(fake, &hopped);
    fake_file(fake, "/proc/sys/kernel/hostname", "other\n");
    ask(fake, &hopped);
    assert_int_equal(chain.asked, 2);
}

static void a_role_of_this_machine_is_not_taken_for_that_of_its_namesake(void **state)
{
    struct fake *fake = *state;
    struct asked hopped = ONE_HOP;

    use_profile(fake, "imds", "");
    chain.hops_done = 1;
    fake_file(fake, "/proc/sys/kernel/random/boot_id", "a");
    ask(fake, &hopped);
    ask(fake, &hopped);
    assert_int_equal(chain.asked, 1);
    fake_file(fake, "/proc/sys/kernel/random/boot_id", "b");
    ask(fake, &hopped);
    assert_int_equal(chain.asked, 2);
}

static void in_the_advisory_window_one_refreshes_and_nobody_waits(void **state)
{
    struct fake *fake = *state;
    struct asked hopped = ONE_HOP;

    ask(fake, &hopped);
    fake->now += 3600 - 900;
    fake->locked_until = fake->ticks + 100000;
    assert_string_equal(ask(fake, &hopped), "ASIA1");
    assert_int_equal(fake->slept, 0);
    fake->locked_until = 0;
    assert_string_equal(ask(fake, &hopped), "ASIA2");
    assert_null(hopped.got.story.from_cache.cache);
}

static void the_last_minute_is_no_time_to_hand_out(void **state)
{
    struct fake *fake = *state;
    struct asked hopped = ONE_HOP;

    ask(fake, &hopped);
    fake->now += 3600 - 60;
    assert_string_equal(ask(fake, &hopped), "ASIA2");
}

static void a_caller_may_want_more_time(void **state)
{
    struct fake *fake = *state;
    struct asked hopped = ONE_HOP;

    ask(fake, &hopped);
    fake->now += 1800;
    hopped.policy.least = 1800;
    assert_string_equal(ask(fake, &hopped), "ASIA1");
    hopped.policy.least = 1801;
    assert_string_equal(ask(fake, &hopped), "ASIA2");
}

static const char *kept; /* what another process wrote while we waited */

static void another_wrote(struct fake *fake)
{
    fake_file(fake, kept, fake_file_text(fake, "/elsewhere"));
}

static void who_waited_uses_what_the_other_fetched(void **state)
{
    struct fake *fake = *state;
    struct asked hopped = ONE_HOP;

    ask(fake, &hopped);
    kept = entry_of(fake);
    fake_file(fake, "/elsewhere", fake_file_text(fake, kept));
    fake_file(fake, kept, NULL);
    fake->locked_until = fake->ticks + 500;
    fake->on_lock = another_wrote;
    assert_string_equal(ask(fake, &hopped), "ASIA1");
    assert_in_range(fake->slept, 400, 800);
    assert_int_equal(chain.asked, 1);
}

static void waiting_has_an_end_and_then_nothing_is_written(void **state)
{
    struct fake *fake = *state;
    struct asked hopped = ONE_HOP;

    fake->locked_until = INT64_MAX;
    assert_string_equal(ask(fake, &hopped), "ASIA1");
    assert_in_range(fake->slept, 29000, 31000);
    assert_null(entry_of(fake));
}

static void waiting_ends_with_the_time_of_the_run(void **state)
{
    struct fake *fake = *state;
    struct asked hopped = ONE_HOP;

    fake->locked_until = INT64_MAX;
    fake->run.deadline_ms = fake->ticks + 1000;
    ask(fake, &hopped);
    assert_in_range(fake->slept, 900, 1100);
}

static void without_locks_the_chain_is_asked_and_nothing_written(void **state)
{
    struct fake *fake = *state;
    struct asked hopped = ONE_HOP;

    fake->lock_never = true;
    assert_string_equal(ask(fake, &hopped), "ASIA1");
    assert_null(entry_of(fake));
    assert_int_equal(hopped.got.search.warning_count, 0);
}

static void valid_keys_serve_when_their_refresh_fails(void **state)
{
    struct fake *fake = *state;
    struct asked hopped = ONE_HOP;

    ask(fake, &hopped);
    fake->now += 3600 - 900;
    chain.fails = CC_E_UNREACHABLE;
    assert_string_equal(ask(fake, &hopped), "ASIA1");
    assert_int_equal(hopped.got.search.warning_count, 1);
    assert_non_null(strstr(hopped.got.search.warnings[0], "the source says no"));
    assert_string_equal(ask(fake, &hopped), "ASIA1");
    assert_int_equal(chain.asked, 2); /* the failure is remembered */
    assert_int_equal(hopped.got.search.warning_count, 0);
    fake->now += 601;
    chain.fails = CC_E_OK;
    assert_string_equal(ask(fake, &hopped), "ASIA3");
}

static void expired_keys_serve_for_an_hour_and_then_no_more(void **state)
{
    struct fake *fake = *state;
    struct asked hopped = ONE_HOP;

    ask(fake, &hopped);
    chain.fails = CC_E_TIMEOUT;
    fake->now += 7200;
    assert_string_equal(ask(fake, &hopped), "ASIA1");
    assert_non_null(strstr(hopped.got.search.warnings[1], "expired"));
    assert_string_equal(ask(fake, &hopped), "ASIA1");
    assert_int_equal(chain.asked, 2);
    fake->now += 31; /* the back-off past the expiry is short */
    assert_null(ask(fake, &hopped));
    assert_int_equal(hopped.got.why.code, CC_E_TIMEOUT);
}

static void an_ended_login_serves_what_is_valid_and_nothing_else(void **state)
{
    struct fake *fake = *state;
    struct asked hopped = ONE_HOP;

    ask(fake, &hopped);
    chain.fails = CC_E_SSO_LOGIN;
    fake->now += 3600 - 600;
    assert_string_equal(ask(fake, &hopped), "ASIA1");
    fake->now += 600;
    assert_null(ask(fake, &hopped));
    assert_int_equal(hopped.got.why.code, CC_E_SSO_LOGIN);
}

static void a_denial_is_remembered_for_seconds(void **state)
{
    struct fake *fake = *state;
    struct asked hopped = ONE_HOP;

    chain.fails = CC_E_DENIED;
    assert_null(ask(fake, &hopped));
    assert_null(ask(fake, &hopped));
    assert_int_equal(chain.asked, 1);
    assert_int_equal(hopped.got.why.code, CC_E_DENIED);
    assert_string_equal(hopped.got.why.what, "the source says no");
    assert_string_equal(hopped.got.why.why, "it was told to");
    fake->now += 6;
    chain.fails = CC_E_OK;
    assert_string_equal(ask(fake, &hopped), "ASIA2");
}

static void what_may_pass_is_not_remembered(void **state)
{
    static const enum cc_code codes[] = {CC_E_UNREACHABLE, CC_E_TIMEOUT, CC_E_THROTTLED,
                                         CC_E_AWS,         CC_E_TLS,     CC_E_MFA};

    for (size_t i = 0; i < CC_COUNT(codes); i++) {
        struct asked hopped = ONE_HOP;

        chain.fails = codes[i];
        assert_null(ask(*state, &hopped));
        assert_int_equal(chain.asked, i + 1);
        assert_null(entry_of(*state));
    }
}

static void a_wrong_code_can_be_corrected_at_once(void **state)
{
    struct fake *fake = *state;
    struct asked plain = {0};

    use_profile(fake, "profile",
                "[default]\nrole_arn = " ROLE "\nsource_profile = b\nmfa_serial = m\n"
                "[profile b]\naws_access_key_id = A\naws_secret_access_key = B\n");
    chain.fails = CC_E_DENIED;
    plain.got.search.token_code = (struct cc_secret){"111111"};
    assert_null(ask(fake, &plain));
    chain.fails = CC_E_OK;
    plain.got.search.token_code = (struct cc_secret){"222222"};
    assert_string_equal(ask(fake, &plain), "ASIA2");
    plain.got.search.token_code = (struct cc_secret){0};
    assert_string_equal(ask(fake, &plain), "ASIA2"); /* and nobody is asked twice */
}

static void hang(struct fake *fake)
{
    assert_in_range(fake->run.deadline_ms, fake->ticks + 1, fake->ticks + 5000);
    fake->ticks = fake->run.deadline_ms;
}

static void a_source_that_hangs_costs_one_process_five_seconds(void **state)
{
    struct fake *fake = *state;
    struct asked hopped = ONE_HOP;

    ask(fake, &hopped);
    fake->now += 3600 - 900;
    chain.fails = CC_E_DEADLINE;
    chain.meanwhile = hang;
    assert_string_equal(ask(fake, &hopped), "ASIA1");
    assert_int_equal(fake->run.deadline_ms, 0);
    assert_string_equal(ask(fake, &hopped), "ASIA1");
    assert_int_equal(chain.asked, 2);
}

static void nobody_is_asked_for_a_code_before_he_must(void **state)
{
    struct fake *fake = *state;
    struct asked plain = {0};

    use_profile(fake, "profile",
                "[default]\nrole_arn = " ROLE "\nsource_profile = b\nmfa_serial = m\n"
                "[profile b]\naws_access_key_id = A\naws_secret_access_key = B\n");
    ask(fake, &plain);
    fake->now += 3600 - 61;
    assert_string_equal(ask(fake, &plain), "ASIA1");
    fake->now += 1;
    assert_string_equal(ask(fake, &plain), "ASIA2");
}

static void a_limit_of_ones_own_is_nobody_elses(void **state)
{
    struct fake *fake = *state;
    struct asked hopped = ONE_HOP;

    ask(fake, &hopped);
    fake->now += 3600 - 900;
    chain.fails = CC_E_UNREACHABLE;
    fake->run.offline = true;
    assert_string_equal(ask(fake, &hopped), "ASIA1");
    fake->run.offline = false;
    chain.fails = CC_E_OK;
    assert_string_equal(ask(fake, &hopped), "ASIA3");
}

static void a_clock_that_was_set_back_does_not_prolong_keys(void **state)
{
    struct fake *fake = *state;
    struct asked hopped = ONE_HOP;

    ask(fake, &hopped);
    fake->now -= 61;
    assert_string_equal(ask(fake, &hopped), "ASIA2");
}

static void a_change_of_any_byte_is_a_miss(void **state)
{
    struct fake *fake = *state;
    struct asked hopped = ONE_HOP;

    ask(fake, &hopped);
    const char *path = entry_of(fake);
    const char *whole = fake_file_text(fake, path);
    for (size_t i = 0; whole[i]; i++) {
        char *changed = cc_text_dup(&fake->mem, whole, strlen(whole));

        changed[i] = (char)(changed[i] ^ (1 << i % 7));
        fake_file(fake, path, changed);
        int before = chain.asked;
        assert_true(ask(fake, &hopped) != NULL);
        assert_int_equal(chain.asked, before + 1);
    }
}

static void nothing_secret_is_in_the_name_and_nothing_needless_in_the_entry(void **state)
{
    struct fake *fake = *state;
    struct asked hopped = ONE_HOP;

    ask(fake, &hopped);
    const char *path = entry_of(fake);
    assert_int_equal(strlen(path), strlen(FOLDER "/") + 64 + strlen(".json"));
    assert_int_equal(strspn(path + strlen(FOLDER "/"), "0123456789abcdef"), 64);
    assert_null(strstr(fake_file_text(fake, path), "AKIABASE"));
}

static void a_folder_that_is_not_ours_is_said_once_and_not_used(void **state)
{
    struct fake *fake = *state;
    struct asked hopped = ONE_HOP;

    fake->folder_fails = CC_E_UNSAFE_FILE;
    assert_string_equal(ask(fake, &hopped), "ASIA1");
    assert_int_equal(hopped.got.search.warning_count, 1);
    fake->folder_fails = CC_E_NOT_HERE;
    assert_string_equal(ask(fake, &hopped), "ASIA2");
    assert_int_equal(hopped.got.search.warning_count, 0);
}

static void a_full_disk_is_said_and_no_failure(void **state)
{
    struct fake *fake = *state;
    struct asked hopped = ONE_HOP;

    fake->disk_full = true;
    assert_string_equal(ask(fake, &hopped), "ASIA1");
    assert_int_equal(hopped.got.search.warning_count, 1);
}

static void without_a_place_or_with_no_cache_the_chain_is_asked(void **state)
{
    struct fake *fake = *state;
    struct asked hopped = ONE_HOP;

    hopped.policy.off = true;
    assert_string_equal(ask(fake, &hopped), "ASIA1");
    assert_false(hopped.got.search.aws_cli_cache);
    hopped.policy.off = false;
    fake_env(fake, "HOME", "relative");
    assert_string_equal(ask(fake, &hopped), "ASIA2");
    fake_env(fake, "XDG_CACHE_HOME", "relative");
    assert_string_equal(ask(fake, &hopped), "ASIA3");
    assert_null(entry_of(fake));
}

static void only_our_leftovers_are_swept(void **state)
{
    struct fake *fake = *state;
    struct asked hopped = ONE_HOP;
    const char *ours = FOLDER "/0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
                              ".json.tmp";

    fake_file(fake, ours, "{");
    fake_file(fake, FOLDER "/notes.json.tmp", "mine");
    ask(fake, &hopped);
    assert_null(fake_file_text(fake, ours));
    assert_non_null(fake_file_text(fake, FOLDER "/notes.json.tmp"));
}

static void the_list_tells_all_but_secrets_and_clearing_takes_what_is_meant(void **state)
{
    struct fake *fake = *state;
    static const struct cc_assume other_hop = {.role_arn = ROLE "2", .session_name = "s"};
    struct asked hopped = ONE_HOP;
    struct asked other = {.hops = &other_hop, .hop_count = 1};
    const struct cc_cache_row *rows = NULL;
    struct cc_error err;

    ask(fake, &hopped);
    ask(fake, &other);
    fake_file(fake, FOLDER "/0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef.json",
              "garbage");
    assert_true(cc_cache_list(&fake->run, &rows, &err));
    int readable = 0;
    for (const struct cc_cache_row *row = rows; row; row = row->next) {
        readable += row->readable && row->present && cc_text_equal(row->role_arn, ROLE);
    }
    assert_int_equal(readable, 2);
    const struct cc_demand demand = demand_of(&hopped);
    load(fake, &hopped);
    assert_true(cc_cache_clear(&hopped.got.search, &demand, &rows, &err));
    assert_non_null(rows);
    assert_null(rows->next);
    ask(fake, &other);
    assert_int_equal(chain.asked, 2);
    assert_true(cc_cache_clear(&hopped.got.search, NULL, &rows, &err));
    assert_non_null(rows->next);
    assert_null(entry_of(fake));
}

static void short_lived_keys_are_kept_and_serve_when_their_source_fails(void **state)
{
    static const int64_t ages[] = {50, 160}; /* of 100: 50 s left; ended a minute ago */
    struct fake *fake = *state;

    for (size_t i = 0; i < CC_COUNT(ages); i++) {
        struct asked hopped = ONE_HOP;
        char *name = cc_textf(&fake->mem, "%d", (int)i);

        fake_env(fake, "AWS_ACCESS_KEY_ID", name);
        chain.asked = 0;
        chain.lifetime = 100;
        chain.fails = CC_E_OK;
        assert_string_equal(ask(fake, &hopped), "ASIA1");
        fake->now += ages[i];
        chain.fails = CC_E_AWS; /* HTTP 503 */
        chain.passes = true;
        assert_string_equal(ask(fake, &hopped), "ASIA1");
        assert_true(hopped.got.search.warning_count > 0);
        assert_string_equal(ask(fake, &hopped), "ASIA1");
        assert_int_equal(chain.asked, 2); /* it is left alone */
    }
}

static void what_does_not_pass_is_an_error_once_the_old_ones_have_ended(void **state)
{
    static const enum cc_code codes[] = {CC_E_EXPIRED,    CC_E_DENIED,    CC_E_AWS,
                                         CC_E_BAD_ANSWER, CC_E_SSO_LOGIN, CC_E_BAD_KEYS,
                                         CC_E_PROCESS};
    struct fake *fake = *state;

    for (size_t i = 0; i < CC_COUNT(codes); i++) {
        struct asked hopped = ONE_HOP;

        fake_env(fake, "AWS_ACCESS_KEY_ID", cc_textf(&fake->mem, "%d", (int)i));
        chain.fails = CC_E_OK;
        assert_non_null(ask(fake, &hopped));
        fake->now += 3590;
        chain.fails = codes[i];
        assert_non_null(ask(fake, &hopped));
        fake->now += 11;
        assert_null(ask(fake, &hopped));
        assert_int_equal(hopped.got.why.code, codes[i]);
        chain.fails = CC_E_UNREACHABLE; /* which does not make them good again */
        fake->now += 6;
        assert_null(ask(fake, &hopped));
    }
}

static void an_expired_answer_is_a_failed_refresh(void **state)
{
    struct fake *fake = *state;
    struct asked hopped = ONE_HOP;

    ask(fake, &hopped);
    fake->now += 3600 - 900;
    chain.fails = CC_E_EXPIRED;
    chain.passes = true; /* as the chain has it */
    assert_string_equal(ask(fake, &hopped), "ASIA1");
    fake->now += 1000;
    assert_string_equal(ask(fake, &hopped), "ASIA1");
}

static void where_asking_costs_a_person_something_what_is_usable_will_do(void **state)
{
    struct fake *fake = *state;
    struct asked plain = {0};

    use_profile(fake, "process", "[default]\ncredential_process = x\n");
    plain.policy.least = 900;
    assert_string_equal(ask(fake, &plain), "ASIA1");
    fake->now += 3600 - 60;
    assert_string_equal(ask(fake, &plain), "ASIA1");
    fake->now += 1;
    assert_string_equal(ask(fake, &plain), "ASIA2");
}

static void another_fetched(struct fake *fake)
{
    fake->on_lock = NULL;
    chain.lifetime = 900;
    struct asked other = ONE_HOP;
    fake->locked_until = 0;
    ask(fake, &other);
}

static void who_waited_takes_what_was_fetched_meanwhile_however_short(void **state)
{
    struct fake *fake = *state;
    struct asked hopped = ONE_HOP;

    hopped.policy.least = 900;
    fake->locked_until = fake->ticks + 100;
    fake->on_lock = another_fetched;
    assert_string_equal(ask(fake, &hopped), "ASIA1");
    assert_int_equal(chain.asked, 1);
    fake->now += 1;
    assert_string_equal(ask(fake, &hopped), "ASIA2");
}

static void a_source_that_gives_less_is_not_asked_for_more(void **state)
{
    struct fake *fake = *state;
    struct asked hopped = ONE_HOP;

    chain.lifetime = 899;
    hopped.policy.least = 900;
    assert_string_equal(ask(fake, &hopped), "ASIA1");
    assert_string_equal(ask(fake, &hopped), "ASIA1");
}

static void lifetimes_are_judged_on_the_clock_of_aws(void **state)
{
    struct fake *fake = *state;
    struct asked hopped = ONE_HOP;

    fake->run.skew = -7200; /* ours is two hours ahead */
    assert_string_equal(ask(fake, &hopped), "ASIA1");
    fake->run.skew = 0; /* another process: the entry tells it */
    assert_string_equal(ask(fake, &hopped), "ASIA1");
    assert_int_equal(fake->run.skew, -7200);
    fake->run.skew = 0;
    fake->now -= 7200; /* the clock was set right */
    assert_string_equal(ask(fake, &hopped), "ASIA2");
}

static void a_clock_that_was_set_right_long_ago_is_not_believed_to_be_wrong(void **state)
{
    struct fake *fake = *state;
    struct asked hopped = ONE_HOP;

    fake->run.skew = -7200;
    assert_string_equal(ask(fake, &hopped), "ASIA1");
    fake->run.skew = 0;
    fake->now += 3700; /* 10900 s later, of which 7200 were taken back */
    fake->ticks += 10900 * 1000;
    assert_string_equal(ask(fake, &hopped), "ASIA2");
}

static void what_the_cli_s_cache_gave_is_not_for_runs_without_it(void **state)
{
    struct asked with = ONE_HOP;
    struct asked without = ONE_HOP;

    with.policy.aws_cli = true;
    assert_string_equal(ask(*state, &with), "ASIA1");
    assert_string_equal(ask(*state, &without), "ASIA2");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_CACHE(the_second_to_ask_is_served_from_the_cache),
        IN_CACHE(what_is_near_static_or_endless_is_not_kept),
        IN_CACHE(what_took_a_call_or_a_process_is_kept),
        IN_CACHE(web_identity_variables_are_kept_by_what_the_token_is_about),
        IN_CACHE(another_login_is_seen_at_once),
        IN_CACHE(keys_got_with_a_token_stay_its_own_when_another_logs_in),
        IN_CACHE(other_variables_belong_to_the_key_only_with_a_process),
        IN_CACHE(another_host_or_user_has_another_key),
        IN_CACHE(a_role_of_this_machine_is_not_taken_for_that_of_its_namesake),
        IN_CACHE(in_the_advisory_window_one_refreshes_and_nobody_waits),
        IN_CACHE(the_last_minute_is_no_time_to_hand_out),
        IN_CACHE(a_caller_may_want_more_time),
        IN_CACHE(who_waited_uses_what_the_other_fetched),
        IN_CACHE(waiting_has_an_end_and_then_nothing_is_written),
        IN_CACHE(waiting_ends_with_the_time_of_the_run),
        IN_CACHE(without_locks_the_chain_is_asked_and_nothing_written),
        IN_CACHE(valid_keys_serve_when_their_refresh_fails),
        IN_CACHE(expired_keys_serve_for_an_hour_and_then_no_more),
        IN_CACHE(an_ended_login_serves_what_is_valid_and_nothing_else),
        IN_CACHE(a_denial_is_remembered_for_seconds),
        IN_CACHE(what_may_pass_is_not_remembered),
        IN_CACHE(a_wrong_code_can_be_corrected_at_once),
        IN_CACHE(a_source_that_hangs_costs_one_process_five_seconds),
        IN_CACHE(nobody_is_asked_for_a_code_before_he_must),
        IN_CACHE(a_limit_of_ones_own_is_nobody_elses),
        IN_CACHE(a_clock_that_was_set_back_does_not_prolong_keys),
        IN_CACHE(a_change_of_any_byte_is_a_miss),
        IN_CACHE(nothing_secret_is_in_the_name_and_nothing_needless_in_the_entry),
        IN_CACHE(a_folder_that_is_not_ours_is_said_once_and_not_used),
        IN_CACHE(a_full_disk_is_said_and_no_failure),
        IN_CACHE(without_a_place_or_with_no_cache_the_chain_is_asked),
        IN_CACHE(only_our_leftovers_are_swept),
        IN_CACHE(short_lived_keys_are_kept_and_serve_when_their_source_fails),
        IN_CACHE(what_does_not_pass_is_an_error_once_the_old_ones_have_ended),
        IN_CACHE(an_expired_answer_is_a_failed_refresh),
        IN_CACHE(where_asking_costs_a_person_something_what_is_usable_will_do),
        IN_CACHE(who_waited_takes_what_was_fetched_meanwhile_however_short),
        IN_CACHE(a_source_that_gives_less_is_not_asked_for_more),
        IN_CACHE(lifetimes_are_judged_on_the_clock_of_aws),
        IN_CACHE(a_clock_that_was_set_right_long_ago_is_not_believed_to_be_wrong),
        IN_CACHE(what_the_cli_s_cache_gave_is_not_for_runs_without_it),
        IN_CACHE(the_list_tells_all_but_secrets_and_clearing_takes_what_is_meant),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
