#include "credctl/serve/serve.h"

#include "credctl/serve/endpoint.h"

#include <string.h>

#define LINES_MAX 16384

static bool plan_from(const struct cc_serve_options *options, struct cc_server_plan *plan,
                      struct cc_error *err)
{
    if (options->address && options->unix_path) {
        cc_fail(err, CC_E_USAGE, "--address and --unix exclude each other");
        return cc_fix(err, "give one of them");
    }
    *plan = (struct cc_server_plan){
        .address = options->address ? options->address : "127.0.0.1:0",
        .unix_path = options->unix_path,
        .anywhere = options->i_know,
        /* For an IMDS token the user of the client must be known; the ECS shape requires the token
         * anyway. */
        .strangers = options->i_know && !options->imds,
        .hop_limit = options->hop_limit,
    };
    return true;
}

/* The default token file: in a private folder, and removed at the end. */
static const char *own_token_file(struct cc_run *run)
{
    const char *folder = cc_env(run, "XDG_RUNTIME_DIR");
    const char *home = cc_home(run);

    if (!folder) {
        folder = cc_textf(&run->mem, "%s/.cache", home ? home : "/tmp");
    }
    return cc_textf(&run->mem, "%s/credctl/serve-%lld.token", folder,
                    (long long)cc_process_id(run));
}

static void say(struct cc_run *run, int fd, const char *text)
{
    (void)run->world->emit(run->world->self, fd, text, strlen(text));
}

/* The exports for a shell, as text for people; only --print-token shows the token itself. */
static void tell_where(struct cc_run *run, const struct cc_endpoint *endpoint, const char *file)
{
    const char *url = cc_endpoint_url(&run->mem, endpoint);
    struct cc_buf lines = cc_buf_new(&run->mem, LINES_MAX);

    cc_buf_addf(&lines, "credctl: serving credentials on %s\n", endpoint->server->address);
    if (endpoint->manner->instance) {
        cc_buf_addf(&lines, "  export AWS_EC2_METADATA_SERVICE_ENDPOINT=%s\n", url);
    } else if (file) {
        cc_buf_addf(&lines,
                    "  export AWS_CONTAINER_CREDENTIALS_FULL_URI=%s\n"
                    "  export AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE=%s\n"
                    "SDKs from before 2023, such as the AWS SDK for Go in Debian 12, read no token "
                    "file: for them also\n"
                    "  export AWS_CONTAINER_AUTHORIZATION_TOKEN=\"$(cat %s)\"\n"
                    "or start this with --print-token.\n",
                    url, file, file);
    }
    say(run, 2, lines.text);
}

static bool announce(struct cc_run *run, const struct cc_serve_options *options,
                     const struct cc_endpoint *endpoint, const char *file, struct cc_error *err)
{
    tell_where(run, endpoint, file);
    if (!options->print_token) {
        return true;
    }
    const char *text =
        cc_textf(&run->mem,
                 "export AWS_CONTAINER_CREDENTIALS_FULL_URI=%s\n"
                 "export AWS_CONTAINER_AUTHORIZATION_TOKEN=%s\n",
                 cc_endpoint_url(&run->mem, endpoint), cc_secret_reveal(endpoint->token));
    if (!run->world->emit(run->world->self, 1, text, strlen(text))) {
        return cc_fail(err, CC_E_OUTPUT, "the token could not be written to standard output");
    }
    return true;
}

static bool leave_token(struct cc_run *run, const struct cc_serve_options *options,
                        const struct cc_endpoint *endpoint, const char **file, struct cc_error *err)
{
    const char *given = options->token_file;

    *file = given;
    if (!given && (endpoint->manner->instance || options->print_token)) {
        return true;
    }
    if (!given) {
        *file = own_token_file(run);
    }
    const char *token = cc_secret_reveal(endpoint->token);
    /* Without a newline: SDKs refuse a token that ends with one. */
    return cc_write_file(run, *file, token, strlen(token), err);
}

/* Until a signal, or until --once is done: both are success. */
static bool serve(struct cc_run *run, const struct cc_serve_options *options,
                  struct cc_endpoint *endpoint, struct cc_error *err)
{
    const char *file = NULL;
    struct cc_error ignored;
    bool ready = leave_token(run, options, endpoint, &file, err) &&
                 announce(run, options, endpoint, file, err);

    if (ready) {
        cc_tell_supervisor(run, "READY=1\nSTATUS=serving credentials");
        (void)cc_server_run(endpoint->server);
        cc_tell_supervisor(run, "STOPPING=1");
    }
    if (file) {
        (void)run->world->remove_file(run->world->self, file, &ignored);
    }
    if (!cc_endpoint_close(endpoint)) {
        cc_leave(run, ready ? 0 : cc_code_exit_status(err->code));
    }
    return ready;
}

bool cc_serve(struct cc_run *run, const struct cc_serve_options *options, struct cc_error *err)
{
    struct cc_endpoint *endpoint = cc_alloc(&run->mem, sizeof(*endpoint));
    struct cc_server_plan plan;
    struct cc_fetched first;

    cc_log_from(run, CC_INFO);
    if (!plan_from(options, &plan, err) ||
        !cc_endpoint_prepare(run, &options->chain, options->roles, endpoint, err)) {
        return false;
    }
    endpoint->manner = options->imds ? &cc_manner_imds : &cc_manner_ecs;
    endpoint->once = options->once;
    return cc_endpoint_first(endpoint, &first, err) && cc_endpoint_open(endpoint, &plan, err) &&
           serve(run, options, endpoint, err);
}
