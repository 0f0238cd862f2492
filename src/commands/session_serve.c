#include "credctl/base/text.h"

#include "serve/endpoint.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct cc_option options[] = {
    {"address", "ADDR:PORT", "listen there (default: 127.0.0.1:0, a free port)"},
    {"unix", "PATH", "listen on a Unix socket instead"},
    {"imds", NULL, "answer like EC2 instance metadata (IMDSv2) instead of like the ECS agent"},
    {"role", "NAME=ARN", "hand out this role too, at /role/NAME", NULL, CC_MANY},
    {"token-file", "PATH", "write the token there, mode 0600 (default: a file of this run's own)"},
    {"print-token", NULL, "print the exports, token included, to stdout and write no file"},
    {"once", NULL, "end after credentials were handed out once"},
    {"hop-limit", "N", "IP time to live of the answers (default: 1)"},
    {"i-know", NULL, "allow an address that other hosts can reach"},
    {0},
};

static bool plan_from(const struct cc_args *args, struct cc_server_plan *plan, struct cc_error *err)
{
    const char *address = cc_value(args, "address");
    int64_t hops = 1;

    if (address && cc_value(args, "unix")) {
        cc_fail(err, CC_E_USAGE, "--address and --unix exclude each other");
        return cc_fix(err, "give one of them");
    }
    if (!cc_value_number(args, "hop-limit", 1, 255, &hops, err)) {
        return false;
    }
    *plan = (struct cc_server_plan){
        .address = address ? address : "127.0.0.1:0",
        .unix_path = cc_value(args, "unix"),
        .anywhere = cc_flag(args, "i-know"),
        /* Whoever may ask for an IMDS token must be known; the other shape has a token already. */
        .strangers = cc_flag(args, "i-know") && !cc_flag(args, "imds"),
        .hop_limit = (int)hops,
    };
    return true;
}

/* Where nobody named a file: out of the way, and gone at the end. */
static const char *own_token_file(struct cc_run *run)
{
    const char *folder = cc_env(run, "XDG_RUNTIME_DIR");
    const char *home = cc_home(run);

    if (!folder) {
        folder = cc_textf(&run->mem, "%s/.cache", home ? home : "/tmp");
    }
    return cc_textf(&run->mem, "%s/credctl/serve-%ld.token", folder, (long)getpid());
}

static void say(struct cc_run *run, int fd, const char *text)
{
    (void)run->world->emit(run->world->self, fd, text, strlen(text));
}

/* What a shell has to export; only --print-token shows the token itself. */
static bool announce(struct cc_run *run, const struct cc_endpoint *endpoint, const char *file,
                     struct cc_error *err)
{
    const char *url = cc_endpoint_url(&run->mem, endpoint);
    struct cc_buf lines = cc_buf_new(&run->mem, 8192);
    const char *where = cc_server_address(endpoint->server);

    cc_buf_addf(&lines, "credctl: serving credentials on %s\n", where);
    if (endpoint->imds) {
        cc_buf_addf(&lines, "  export AWS_EC2_METADATA_SERVICE_ENDPOINT=%s\n", url);
    } else if (file) {
        cc_buf_addf(&lines,
                    "  export AWS_CONTAINER_CREDENTIALS_FULL_URI=%s\n"
                    "  export AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE=%s\n",
                    url, file);
    }
    say(run, 2, lines.text);
    if (!cc_flag(endpoint->args, "print-token")) {
        return true;
    }
    const char *text = cc_textf(&run->mem,
                                "export AWS_CONTAINER_CREDENTIALS_FULL_URI=%s\n"
                                "export AWS_CONTAINER_AUTHORIZATION_TOKEN=%s\n",
                                url, cc_secret_reveal(endpoint->token));
    if (!run->world->emit(run->world->self, 1, text, strlen(text))) {
        return cc_fail(err, CC_E_OUTPUT, "the token could not be written to standard output");
    }
    return true;
}

static bool leave_token(struct cc_run *run, const struct cc_endpoint *endpoint, const char **file,
                        struct cc_error *err)
{
    const char *given = cc_value(endpoint->args, "token-file");

    *file = given;
    if (!given && (endpoint->imds || cc_flag(endpoint->args, "print-token"))) {
        return true;
    }
    if (!given) {
        *file = own_token_file(run);
    }
    const char *token = cc_secret_reveal(endpoint->token);
    /* Without a newline: SDKs refuse a token that ends with one. */
    return cc_write_file(run, *file, token, strlen(token), err);
}

/* Until a signal, or until --once is done. */
static bool serve(struct cc_run *run, struct cc_endpoint *endpoint, struct cc_error *err)
{
    const char *file = NULL;
    struct cc_error ignored;
    bool ready = leave_token(run, endpoint, &file, err) && announce(run, endpoint, file, err);

    if (ready) {
        cc_tell_supervisor(run, "READY=1\nSTATUS=serving credentials");
        int signal = cc_server_run(endpoint->server);
        cc_tell_supervisor(run, "STOPPING=1");
        run->exit_status = signal ? 128 + signal : 0;
    }
    if (file) {
        (void)run->world->remove_file(run->world->self, file, &ignored);
    }
    if (!cc_endpoint_close(endpoint)) {
        _exit(ready ? run->exit_status : cc_code_exit_status(err->code));
    }
    return ready;
}

static bool run(struct cc_run *run, const struct cc_args *args, cJSON *result, struct cc_error *err)
{
    struct cc_endpoint *endpoint = cc_alloc(&run->mem, sizeof(*endpoint));
    struct cc_server_plan plan;
    struct cc_fetched first;

    run->level = run->level < CC_INFO ? CC_INFO : run->level;
    cJSON_AddStringToObject(result, "text", "");
    if (!plan_from(args, &plan, err) || !cc_endpoint_prepare(run, args, endpoint, err)) {
        return false;
    }
    endpoint->imds = cc_flag(args, "imds");
    endpoint->once = cc_flag(args, "once");
    return cc_endpoint_first(endpoint, &first, err) && cc_endpoint_open(endpoint, &plan, err) &&
           serve(run, endpoint, err);
}

const struct cc_command cc_command_session_serve = {
    .name = "session serve",
    .summary = "hand out credentials that stay fresh, on a local endpoint",
    .details =
        "Every SDK reads AWS_CONTAINER_CREDENTIALS_FULL_URI (or, with --imds,\n"
        "AWS_EC2_METADATA_SERVICE_ENDPOINT) and asks again before its credentials end. What to\n"
        "export is said on stderr when the endpoint is ready. Programs of other users, browsers\n"
        "and requests without the token are refused. Ends on SIGINT or SIGTERM; understands\n"
        "systemd's socket activation and readiness. GET /metrics is for Prometheus.",
    .options = options,
    .flags = CC_RAW,
    .run = run,
};
