#include "credctl/commands/shared.h"
#include "credctl/serve/serve.h"

// clang-format off
#define ROW(kind, member, ...) CC_ROW(kind, struct cc_serve_options, member, __VA_ARGS__)

static const struct cc_shape_field fields[] = {
    ROW(TEXT, address, "ADDR:PORT", "address to listen on (default: 127.0.0.1:0, a free port)"),
    CC_ROW_AS("unix", TEXT, struct cc_serve_options, unix_path, "PATH",
        "listen on a Unix socket instead of a TCP port"),
    ROW(FLAG, imds, NULL, "answer like EC2 instance metadata (IMDSv2), not like the ECS agent"),
    CC_ROW_AS("role", PAIRS, struct cc_serve_options, roles, "NAME=ARN",
        "also hand out this role, at /role/NAME; may be repeated"),
    ROW(TEXT, token_file, "PATH",
        "write the token to PATH, mode 0600 (default: a temporary file)"),
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
    .summary = "hand out credentials on a local endpoint, and keep them fresh",
    .options = &options_shape,
    .details =
        "SDKs find the endpoint by AWS_CONTAINER_CREDENTIALS_FULL_URI (with --imds, by\n"
        "AWS_EC2_METADATA_SERVICE_ENDPOINT) and ask again before their credentials expire. The\n"
        "variables to export are printed on stderr when the endpoint is ready. Requests of other\n"
        "users, of browsers and without the token are refused. SIGINT and SIGTERM end it with\n"
        "status 0. It supports systemd's socket activation and readiness notification. GET\n"
        "/metrics is for Prometheus.",
    .flags = CC_RAW,
    .run = run,
};
