#include "credctl/commands/chain_args.h"
#include "credctl/serve/serve.h"

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

static const char *const *roles_from(struct cc_run *run, const struct cc_args *args)
{
    size_t count = 0;

    while (cc_value_at(args, "role", count)) {
        count++;
    }
    const char **roles = cc_alloc(&run->mem, (count + 1) * sizeof(*roles));
    for (size_t i = 0; i < count; i++) {
        roles[i] = cc_value_at(args, "role", i);
    }
    return roles;
}

static bool run(struct cc_run *run, const struct cc_args *args, cJSON *result, struct cc_error *err)
{
    struct cc_serve_options serve = {
        .address = cc_value(args, "address"),
        .unix_path = cc_value(args, "unix"),
        .imds = cc_flag(args, "imds"),
        .roles = roles_from(run, args),
        .token_file = cc_value(args, "token-file"),
        .print_token = cc_flag(args, "print-token"),
        .once = cc_flag(args, "once"),
        .i_know = cc_flag(args, "i-know"),
    };
    int64_t hop_limit = 1;

    cJSON_AddStringToObject(result, "text", "");
    if (!cc_value_number(args, "hop-limit", 1, 255, &hop_limit, err) ||
        !cc_chain_from(run, args, &serve.chain, err)) {
        return false;
    }
    serve.hop_limit = (int)hop_limit;
    return cc_serve(run, &serve, err);
}

const struct cc_command cc_command_session_serve = {
    .name = "session serve",
    .summary = "hand out credentials that stay fresh, on a local endpoint",
    .details =
        "Every SDK reads AWS_CONTAINER_CREDENTIALS_FULL_URI (or, with --imds,\n"
        "AWS_EC2_METADATA_SERVICE_ENDPOINT) and asks again before its credentials end. What to\n"
        "export is said on stderr when the endpoint is ready. Programs of other users, browsers\n"
        "and requests without the token are refused. Ends on SIGINT or SIGTERM, with 0; understands\n"
        "systemd's socket activation and readiness. GET /metrics is for Prometheus.",
    .options = options,
    .flags = CC_RAW,
    .run = run,
};
