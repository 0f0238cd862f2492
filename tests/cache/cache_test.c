#include "credctl/base/text.h"

#include "support/scripted.h"

#define SSO                                                                 \
    "[default]\nsso_session = dev\nsso_account_id = 1\nsso_role_name = r\n" \
    "[sso-session dev]\nsso_region = us-east-1\nsso_start_url = https://x.example\n"
#define LOGIN                   \
    "/home/u/.aws/login/cache/" \
    "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881.json"
#define TOKEN_OF(person) "{\"accessToken\":\"" person "\",\"expiresAt\":\"2027-01-15T09:00:00Z\"}"
#define TOKEN            "/home/u/.aws/sso/cache/34c6fceca75e456f25e7e99531e2425c6c1de443.json"

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
    fake->host = "other";
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

static void an_entry_that_is_too_large_is_said_and_no_failure(void **state)
{
    struct fake *fake = *state;
    struct asked hopped = ONE_HOP;

    chain.token_size = CC_FOLDER_FILE_MAX;
    assert_string_equal(ask(fake, &hopped), "ASIA1");
    assert_non_null(strstr(hopped.got.search.warnings[0], "more than 64 KiB"));
    assert_null(entry_of(fake));
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

static int times_read(const struct fake *fake, char kind, const char *name)
{
    for (size_t i = 0; i < fake->read_count; i++) {
        if (fake->reads[i].kind == kind && strcmp(fake->reads[i].name, name) == 0) {
            return fake->reads[i].times;
        }
    }
    return 0;
}

static void a_hit_reads_its_entry_once_and_lists_no_folder(void **state)
{
    struct fake *fake = *state;
    struct asked hopped = ONE_HOP;

    ask(fake, &hopped);
    fake->read_count = 0;
    assert_string_equal(ask(fake, &hopped), "ASIA1");
    assert_int_equal(times_read(fake, 'f', entry_of(fake)), 1);
    assert_int_equal(times_read(fake, 'l', FOLDER), 0);
}

static void a_hit_sweeps_the_leftover_of_its_own_entry(void **state)
{
    struct fake *fake = *state;
    struct asked hopped = ONE_HOP;

    ask(fake, &hopped);
    const char *leftover = cc_textf(&fake->mem, "%s.tmp", entry_of(fake));
    fake_file(fake, leftover, "{");
    assert_string_equal(ask(fake, &hopped), "ASIA1");
    assert_null(fake_file_text(fake, leftover));
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

static const char *const *(*all_names)(void *self, struct cc_arena *mem, struct cc_folder *folder,
                                       bool *more);

/* As a folder with more files than a list of them has room for. */
static const char *const *one_name(void *self, struct cc_arena *mem, struct cc_folder *folder,
                                   bool *more)
{
    const char **one = cc_alloc(mem, 2 * sizeof(*one));

    one[0] = all_names(self, mem, folder, more)[0];
    *more = one[0] != NULL;
    return (const char *const *)one;
}

static void clearing_all_leaves_none_however_many_there_are(void **state)
{
    struct fake *fake = *state;
    struct cc_world *world = &fake->world;
    static const struct cc_assume other_hop = {.role_arn = ROLE "2", .session_name = "s"};
    struct asked hopped = ONE_HOP;
    struct asked other = {.hops = &other_hop, .hop_count = 1};
    const struct cc_cache_row *gone = NULL;
    struct cc_error err;

    ask(fake, &hopped);
    ask(fake, &other);
    all_names = world->folder_names;
    world->folder_names = one_name;
    assert_true(cc_cache_clear(&hopped.got.search, NULL, &gone, &err));
    assert_null(entry_of(fake));
}

static void after_a_log_out_clearing_takes_what_was_kept_for_the_profile(void **state)
{
    struct fake *fake = *state;
    struct asked plain = {0};
    struct asked other = {.profile = "other"};
    const struct cc_cache_row *gone = NULL;
    struct cc_error err;

    use_profile(fake, "sso", SSO "[profile other]\ncredential_process = x\n");
    fake_file(fake, TOKEN, TOKEN_OF("a"));
    ask(fake, &plain);
    chain.provider = "process";
    ask(fake, &other);
    fake_file(fake, TOKEN, NULL);
    const struct cc_demand demand = demand_of(&plain);
    load(fake, &plain);
    assert_true(cc_cache_clear(&plain.got.search, &demand, &gone, &err));
    assert_non_null(gone);
    assert_null(gone->next);
    assert_string_equal(gone->profile, "default");
    assert_non_null(entry_of(fake)); /* the other's */
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
        IN_CACHE(a_change_of_any_byte_is_a_miss),
        IN_CACHE(nothing_secret_is_in_the_name_and_nothing_needless_in_the_entry),
        IN_CACHE(a_folder_that_is_not_ours_is_said_once_and_not_used),
        IN_CACHE(a_full_disk_is_said_and_no_failure),
        IN_CACHE(an_entry_that_is_too_large_is_said_and_no_failure),
        IN_CACHE(without_a_place_or_with_no_cache_the_chain_is_asked),
        IN_CACHE(only_our_leftovers_are_swept),
        IN_CACHE(a_hit_reads_its_entry_once_and_lists_no_folder),
        IN_CACHE(a_hit_sweeps_the_leftover_of_its_own_entry),
        IN_CACHE(what_the_cli_s_cache_gave_is_not_for_runs_without_it),
        IN_CACHE(clearing_all_leaves_none_however_many_there_are),
        IN_CACHE(after_a_log_out_clearing_takes_what_was_kept_for_the_profile),
        IN_CACHE(the_list_tells_all_but_secrets_and_clearing_takes_what_is_meant),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
