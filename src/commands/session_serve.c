#include "credctl/commands/shared.h"
#include "credctl/serve/serve.h"

// clang-format off
#define ROW(kind, member, ...) CC_ROW(kind, struct cc_serve_options, member, __VA_ARGS__)

static const struct cc_shape_field fields[] = {
    ROW(TEXT, address, "ADDR:PORT", "listen there (default: 127.0.0.1:0, a free port)"),
    CC_ROW_AS("unix", TEXT, struct cc_serve_options, unix_path, "PATH",
        "listen on a Unix socket instead"),
    ROW(FLAG, imds, NULL, "answer like EC2 instance metadata (IMDSv2), not like the ECS agent"),
    CC_ROW_AS("role", PAIRS, struct cc_serve_options, roles, "NAME=ARN",
        "hand out this role too, at /role/NAME; may be repeated"),
    ROW(TEXT, token_file, "PATH",
        "write the token there, mode 0600 (default: a temporary file)"),
    ROW(FLAG, print_token, NULL, "print the exports, token included, to stdout and write no file"),
    ROW(FLAG, once, NULL, "end after credentials were handed out once"),
    ROW(NUMBER, hop_limit, "N", "IP time to live of the answers", .least = 1, .most = 255,
        .usual = "1"),
    ROW(FLAG, i_know, NULL, "allow an address that other hosts can reach"),
    CC_ROW_GROUP(struct cc_serve_options, chain, struct cc_chain_options, &cc_chain_shape),
    {0},
};
// clang-format on
static const struct cc_shape options_shape = {"session serve", fields,
                                              sizeof(struct cc_serve_options)};

static bool run(struct cc_run *run, const void *options, void *answer, struct cc_error *err)
{
    (void)answer;
    return cc_serve(run, options, err);
}

const struct cc_command cc_command_session_serve = {
    .name = "session serve",
    .summary = "hand out credentials that stay fresh, on a local endpoint",
    .options = &options_shape,
    .details =
        "Every SDK reads AWS_CONTAINER_CREDENTIALS_FULL_URI (or, with --imds,\n"
        "AWS_EC2_METADATA_SERVICE_ENDPOINT) and asks again before its credentials expire. What\n"
        "to export is printed on stderr when the endpoint is ready. Programs of other users,\n"
        "browsers and requests without the token are refused. Ends on SIGINT or SIGTERM, with status\n"
        "0; knows socket activation and readiness of systemd. GET /metrics is for Prometheus.",
    .flags = CC_RAW,
    .run = run,
};
