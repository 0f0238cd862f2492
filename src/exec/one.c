#include "credctl/base/text.h"
#include "credctl/cache/resolve.h"
#include "credctl/exec/exec.h"
#include "credctl/serve/endpoint.h"

#include "child_env.h"
#include "copies.h"

/* One command, with an endpoint of this process as long as it runs. */
struct session {
    struct cc_run *run;
    struct cc_copies copies;
    struct cc_child_end end;
};

bool cc_exec_not_nested(struct cc_run *run, const struct cc_exec_options *options,
                        struct cc_error *err)
{
    if (!cc_env(run, "CREDCTL_SESSION") || options->nested) {
        return true;
    }
    cc_fail(err, CC_E_USAGE, "`credctl session exec` cannot run inside another one");
    cc_why(err, "CREDCTL_SESSION is set; the inner one would start from the role of the outer "
                "one");
    return cc_fix(err, "leave the outer one first, or add --nested");
}

static const char *const *rows_of(struct cc_run *run, const struct cc_child_env *env)
{
    return cc_child_env_rows(env, run->world->env_all(run->world->self), true);
}

/* As a shell: shows the reason, and ends with 126 or 127. */
static bool not_started(struct cc_run *run, const struct cc_error *err, int status)
{
    cc_log(run, CC_ERROR, "exec.failed", CC_S("what", err->what), CC_S("why", err->why));
    run->exit_status = status;
    return true;
}

static struct session *session_of(void *about)
{
    return ((struct cc_endpoint *)about)->about;
}

/* Signals of the terminal reach the child directly: it is in the same process group. */
static void signalled(void *about, struct cc_server *server, const struct cc_signal *signal)
{
    (void)about;
    if (signal->from_process) {
        cc_server_pass_on(server, 0, signal);
    }
    if (signal->stops) {
        cc_server_pause(server);
    }
}

static void ended(void *about, struct cc_server *server, size_t id, const struct cc_child_end *end)
{
    (void)id;
    session_of(about)->end = *end;
    cc_server_stop(server);
}

static bool with_variables(struct cc_run *run, const struct cc_exec_options *options,
                           const struct cc_fetched *first, struct cc_error *err)
{
    struct cc_child_env env = {.mem = &run->mem};
    int status = 0;

    cc_child_env_region(&env, options, first->settings);
    cc_child_env_keys(&env, &first->keys);
    const struct cc_child child = {.argv = options->words, .env = rows_of(run, &env)};
    return cc_become(run, &child, &status, err) || not_started(run, err, status);
}

/* False when the preparation for the command fails. */
static bool run_command(struct cc_run *run, const struct cc_exec_options *options,
                        struct cc_endpoint *endpoint, const struct cc_fetched *first,
                        struct cc_error *err)
{
    struct session *session = endpoint->about;
    struct cc_child_env env = {.mem = &run->mem};
    int status = 0;

    cc_child_env_region(&env, options, first->settings);
    cc_child_env_endpoint(&env, cc_endpoint_url(env.mem, endpoint), endpoint->token);
    if (!cc_copies_make(run, first->settings, &env, &session->copies, err)) {
        return false;
    }
    const struct cc_child child = {.argv = options->words, .env = rows_of(run, &env)};
    if (!cc_server_start(endpoint->server, &child, &status, err)) {
        return not_started(run, err, status);
    }
    (void)cc_server_run(endpoint->server);
    run->exit_status = session->end.status;
    if (session->end.signal != 0) {
        cc_die_of(run, session->end.signal);
    }
    return true;
}

static bool with_endpoint(struct cc_run *run, const struct cc_exec_options *options,
                          struct cc_endpoint *endpoint, const struct cc_fetched *first,
                          struct cc_error *err)
{
    struct cc_server_plan plan = {.address = "127.0.0.1:0",
                                  .hop_limit = 1,
                                  .own_socket = true,
                                  .signals = CC_SIGNALS_ALL,
                                  .signalled = signalled,
                                  .ended = ended};
    struct session session = {.run = run};

    endpoint->about = &session;
    if (!cc_endpoint_open(endpoint, &plan, err)) {
        return false;
    }
    bool ran = run_command(run, options, endpoint, first, err);
    cc_copies_drop(run, &session.copies);
    if (!cc_endpoint_close(endpoint)) {
        cc_leave(run, ran ? run->exit_status : cc_code_exit_status(err->code));
    }
    return ran;
}

bool cc_exec_one(struct cc_run *run, const struct cc_exec_options *options, struct cc_error *err)
{
    struct cc_endpoint *endpoint = cc_alloc(&run->mem, sizeof(*endpoint));
    struct cc_fetched first;

    if (!cc_exec_not_nested(run, options, err) ||
        !cc_endpoint_prepare(run, &options->chain, NULL, endpoint, err) ||
        !cc_endpoint_first(endpoint, &first, err) ||
        !cc_exec_as_expected(run, &options->expect, first.settings, &first.keys,
                             cc_region_for_call(first.search), err)) {
        return false;
    }
    return options->env ? with_variables(run, options, &first, err)
                        : with_endpoint(run, options, endpoint, &first, err);
}
