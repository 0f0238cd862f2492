#include "credctl/base/text.h"
#include "credctl/base/time.h"
#include "credctl/cache/resolve.h"
#include "credctl/exec/exec.h"
#include "credctl/serve/endpoint.h"
#include "credctl/world/child.h"

#include "environment.h"

#include <signal.h>
#include <unistd.h>

/* One command, for which this process keeps an endpoint as long as it runs. */
struct session {
    struct cc_run *run;
    int64_t child;
    int status;
};

bool cc_exec_not_nested(struct cc_run *run, const struct cc_exec_options *options,
                        struct cc_error *err)
{
    if (!cc_env(run, "CREDCTL_SESSION") || options->nested) {
        return true;
    }
    cc_fail(err, CC_E_USAGE, "this is a `credctl session exec` already");
    cc_why(err, "CREDCTL_SESSION is set; the inner one would build on the outer one's role");
    return cc_fix(err, "leave the outer one first, or say --nested when it is meant");
}

static bool as_expected(struct cc_run *run, const struct cc_expect *expect,
                        const struct cc_fetched *first, struct cc_error *err)
{
    struct cc_identity identity = {0};

    if (!cc_expect_given(expect)) {
        return true;
    }
    if (!cc_sts_caller(run, first->settings, &first->keys, &identity, err)) {
        return false;
    }
    const struct cc_expect_of of = {.account = identity.account_id, .arn = identity.arn};
    return cc_expect_met(&run->mem, expect, &of, err);
}

/* In SDKs, keys of the default profile beat a container endpoint. */
static bool default_profile_shadows(const struct cc_settings *settings)
{
    static const char *const sources[] = {
        "aws_access_key_id", "role_arn",       "credential_process",      "sso_session",
        "sso_start_url",     "sso_account_id", "web_identity_token_file", "login_session"};
    const struct cc_section *section =
        cc_profiles_section(&settings->profiles, CC_SECTION_PROFILE, "default");

    for (size_t i = 0; section && i < CC_COUNT(sources); i++) {
        if (cc_section_property(section, sources[i])) {
            return true;
        }
    }
    return false;
}

static void set_region(const struct cc_exec_options *options, const struct cc_fetched *first,
                       struct cc_child_env *env)
{
    const char *region = options->set_region ? options->set_region : first->settings->region;

    cc_child_env_set(env, "AWS_REGION", region);
    cc_child_env_set(env, "AWS_DEFAULT_REGION", region);
    cc_child_env_set(env, "CREDCTL_SESSION", "exec");
}

static void set_keys(const struct cc_keys *keys, struct cc_child_env *env)
{
    cc_child_env_set(env, "AWS_ACCESS_KEY_ID", keys->access_key_id);
    cc_child_env_set(env, "AWS_SECRET_ACCESS_KEY", cc_secret_reveal(keys->secret_key));
    if (cc_secret_present(keys->session_token)) {
        cc_child_env_set(env, "AWS_SESSION_TOKEN", cc_secret_reveal(keys->session_token));
    }
    if (keys->expires != CC_NEVER_EXPIRES) {
        cc_child_env_set(env, "AWS_CREDENTIAL_EXPIRATION", cc_time_iso(env->mem, keys->expires));
    }
}

static void set_endpoint(const struct cc_endpoint *endpoint, const struct cc_fetched *first,
                         struct cc_child_env *env)
{
    cc_child_env_set(env, "AWS_CONTAINER_CREDENTIALS_FULL_URI",
                     cc_endpoint_url(env->mem, endpoint));
    cc_child_env_set(env, "AWS_CONTAINER_AUTHORIZATION_TOKEN", cc_secret_reveal(endpoint->token));
    if (default_profile_shadows(first->settings)) {
        cc_log(endpoint->run, CC_INFO, "exec.files_hidden",
               CC_S("why", "the default profile has credentials of its own"));
        cc_child_env_set(env, "AWS_CONFIG_FILE", "/dev/null");
        cc_child_env_set(env, "AWS_SHARED_CREDENTIALS_FILE", "/dev/null");
    }
}

static const char *const *rows_of(struct cc_run *run, const struct cc_child_env *env)
{
    return cc_child_env_rows(env, run->world->env_all(run->world->self), true);
}

/* What a shell does: says why, and ends with 126 or 127. */
static bool not_started(struct cc_run *run, const struct cc_error *err, int status)
{
    cc_log(run, CC_ERROR, "exec.failed", CC_S("what", err->what), CC_S("why", err->why));
    run->exit_status = status;
    return true;
}

/* The terminal's own signals reach the child without us: it is in the same process group. */
static void signalled(void *about, struct cc_server *server, const struct cc_signal *signal)
{
    struct session *session = ((struct cc_endpoint *)about)->about;

    if (signal->number == SIGCHLD) {
        if (cc_child_ended(session->child, &session->status)) {
            cc_server_stop(server);
        }
        return;
    }
    if (signal->from_process) {
        cc_child_signal(session->child, signal->number);
    }
    if (signal->number == SIGTSTP) {
        cc_stop_self();
    }
}

static bool with_variables(struct cc_run *run, const struct cc_exec_options *options,
                           const struct cc_fetched *first, struct cc_error *err)
{
    struct cc_child_env env = {.mem = &run->mem};
    int status = 0;

    set_region(options, first, &env);
    set_keys(&first->keys, &env);
    const struct cc_child child = {options->words, rows_of(run, &env)};
    cc_status_line(run, "started\n");
    return cc_child_become(run, &child, &status, err) || not_started(run, err, status);
}

static bool with_endpoint(struct cc_run *run, const struct cc_exec_options *options,
                          struct cc_endpoint *endpoint, const struct cc_fetched *first,
                          struct cc_error *err)
{
    static const int signals[] = {SIGCHLD, SIGINT,  SIGTERM,  SIGHUP,  SIGQUIT, SIGUSR1,
                                  SIGUSR2, SIGCONT, SIGWINCH, SIGTSTP, 0};
    struct cc_server_plan plan = {.address = "127.0.0.1:0",
                                  .hop_limit = 1,
                                  .own_socket = true,
                                  .signals = signals,
                                  .signalled = signalled};
    struct cc_child_env env = {.mem = &run->mem};
    struct session session = {.run = run};

    endpoint->about = &session;
    if (!cc_endpoint_open(endpoint, &plan, err)) {
        return false;
    }
    set_region(options, first, &env);
    set_endpoint(endpoint, first, &env);
    const struct cc_child child = {options->words, rows_of(run, &env)};
    cc_status_line(run, "started\n");
    if (cc_child_start(run, &child, &session.child, &session.status, err)) {
        (void)cc_server_run(endpoint->server);
        run->exit_status = session.status;
    } else {
        not_started(run, err, session.status);
    }
    if (!cc_endpoint_close(endpoint)) {
        _exit(run->exit_status);
    }
    return true;
}

bool cc_exec_one(struct cc_run *run, const struct cc_exec_options *options, struct cc_error *err)
{
    struct cc_endpoint *endpoint = cc_alloc(&run->mem, sizeof(*endpoint));
    struct cc_fetched first;

    if (!cc_exec_not_nested(run, options, err) ||
        !cc_endpoint_prepare(run, &options->chain, NULL, endpoint, err) ||
        !cc_endpoint_first(endpoint, &first, err) ||
        !as_expected(run, &options->expect, &first, err)) {
        cc_status_line(run, cc_textf(&run->mem, "failed %s\n", cc_code_name(err->code)));
        return false;
    }
    return options->env ? with_variables(run, options, &first, err)
                        : with_endpoint(run, options, endpoint, &first, err);
}
